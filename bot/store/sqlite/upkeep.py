"""Upkeep beside the work: forgetting a subject, old answers, a copy while running."""

import asyncio
import contextlib
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from bot.core.errors import CommitUnknown
from bot.core.ids import Millis
from bot.store import gaps
from bot.store import statements as sql
from bot.store.connection import Params, transaction
from bot.store.files import create_private, sync_folder
from bot.store.sqlite.reads import Reads
from bot.store.sqlite.setup import CHECKPOINT_PAGES, checkpoint
from bot.store.tables import FILE_PARTS, TABLES

Thing = TypeVar("Thing")

FORGET_SLICE = 100
FORGET_HEAVY = 8
EXPIRE_SLICE = 500
MERGE_PAGES = 64
# Below this a merge has only noted that there was nothing to do.
MERGED_SOMETHING = 2
COPY_BYTES = 1 << 20
LOOK_PAGES = 256
CLEAR_PAGES = 128
SHAPE_MOST = 1_000
"""Bytes; an empty level takes two of them."""


class Upkeep(Reads):
    """Long work in short steps; whoever waits for the store goes in between."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._copying = asyncio.Lock()
        self._file: int | None = None

    async def forget(self, subject: str) -> None:
        """See `base.Store`."""
        for table in TABLES.values():
            if table.subject:
                most = FORGET_HEAVY if table.name == FILE_PARTS.name else FORGET_SLICE
                while await self._step(sql.forget(table.name), (subject, most)):
                    pass
        await self._merge_words()
        async with self._standing_still() as file:
            size = gaps.page_size(file)
            for first, count in gaps.blocks(file, size, LOOK_PAGES):
                await self._clear(file, size, first, count)

    async def expire(self, before: Millis) -> int:
        """See `base.Store`."""
        gone = 0
        while step := await self._step(sql.EXPIRE, (before, EXPIRE_SLICE)):
            gone += step
        return gone

    async def backup(self, path: str) -> None:
        """See `base.Store`."""
        async with self._standing_still() as file:
            await asyncio.to_thread(_copy, file, Path(path))

    @contextlib.asynccontextmanager
    async def _standing_still(self) -> AsyncIterator[int]:
        """The database file, complete and unchanging: new commits go to the log beside it."""
        async with self._copying:
            async with self._turn:
                connection = await self._ready()
                await connection.all("PRAGMA wal_autocheckpoint = 0")
                await checkpoint(connection)
            if self._file is None:
                # Never closed while the database is open: closing any handle of a file gives
                # up every lock that this process has on it.
                self._file = os.open(self.path, os.O_RDWR)
            try:
                yield self._file
            finally:
                await connection.all(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")

    async def _clear(self, file: int, size: int, first: int, count: int) -> None:
        """Clear the gaps of some pages, if there is anything in them."""
        found = await asyncio.to_thread(gaps.uncleared, file, size, first, count)
        for at in range(0, len(found), CLEAR_PAGES):
            async with self._turn:
                some = found[at : at + CLEAR_PAGES]
                await self._open.run(partial(_cleared, file, size, some))

    async def _step(self, statement: str, values: Params) -> int:
        """A small transaction of its own; how many rows it changed, those of indexes included."""
        async with self._turn:
            return await self._changed(partial(_changes, statement, values))

    async def _changed(self, work: Callable[[sqlite3.Connection], Thing]) -> Thing:
        """Carry out a transaction; without knowing how it ended the connection goes."""
        connection = await self._ready()
        try:
            result = await connection.run(work)
        except CommitUnknown:
            self._in_doubt = True
            await self._let_go()
            raise
        self.commits += 1
        return result

    async def _let_go(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            await connection.close()
        self._drop_file()

    async def _merge_words(self) -> None:
        """Rewrite the index of words until nothing of a deleted one is left in it.

        Each rewriting leaves an empty level behind, which some versions of SQLite never drop;
        with 2,000 of them they take the index for damaged. So it is built anew long before.
        """
        connection = await self._ready()
        if await connection.one(sql.SHAPE_OF_WORDS) > SHAPE_MOST:
            await self._step(sql.REBUILD, ())
        pages = -MERGE_PAGES
        while await self._step(sql.MERGE, (pages,)) >= MERGED_SOMETHING:
            pages = MERGE_PAGES

    def _drop_file(self) -> None:
        if self._file is not None:
            file, self._file = self._file, None
            os.close(file)


def _copy(source: int, target: Path) -> None:
    unfinished = target.with_name(f"{target.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    create_private(unfinished)
    with unfinished.open("r+b") as file:
        at = 0
        while block := os.pread(source, COPY_BYTES, at):
            at += file.write(block)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(target)
    sync_folder(target.parent)


def _cleared(file: int, size: int, pages: Sequence[int], raw: sqlite3.Connection) -> None:
    # On the database's own thread, so nothing else can happen to the file meanwhile; with the
    # log moved into the file and no page in memory, what is written here is what will be read.
    ((busy, _, _),) = raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    if busy:
        raise sqlite3.OperationalError("the log could not be moved into the file")
    raw.execute("PRAGMA shrink_memory")
    gaps.clear(file, size, pages)


def _changes(statement: str, values: Params, raw: sqlite3.Connection) -> int:
    before = raw.total_changes
    with transaction(raw):
        raw.execute(statement, values)
    return raw.total_changes - before
