"""Upkeep beside the work: forgetting a subject, old answers, a copy while running."""

import asyncio
import os
import sqlite3
from functools import partial
from pathlib import Path

from bot.core.ids import Millis
from bot.store import statements as sql
from bot.store.connection import Params, transaction
from bot.store.files import create_private, sync_folder
from bot.store.sqlite.reads import Reads
from bot.store.sqlite.setup import CHECKPOINT_PAGES, checkpoint
from bot.store.tables import TABLES

FORGET_SLICE = 100
EXPIRE_SLICE = 500
MERGE_PAGES = 64
# Below this a merge has only noted that there was nothing to do.
MERGED_SOMETHING = 2
COPY_BYTES = 1 << 20


class Upkeep(Reads):
    """Long work in short steps; whoever waits for the store goes in between."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._copying = asyncio.Lock()
        self._source: int | None = None

    async def forget(self, subject: str) -> None:
        """See `base.Store`."""
        for table in TABLES.values():
            if table.subject:
                while await self._step(sql.forget(table.name), (subject, FORGET_SLICE)):
                    pass
        await self._merge_words()
        async with self._copying, self._turn:
            await checkpoint(self._open)

    async def expire(self, before: Millis) -> int:
        """See `base.Store`."""
        gone = 0
        while step := await self._step(sql.EXPIRE, (before, EXPIRE_SLICE)):
            gone += step
        return gone

    async def backup(self, path: str) -> None:
        """See `base.Store`."""
        async with self._copying:
            # With the log emptied into the file and no checkpoint until the copy is done,
            # new commits go to the log only and the file stands still.
            async with self._turn:
                await self._open.all("PRAGMA wal_autocheckpoint = 0")
                await checkpoint(self._open)
                connection = self._open
            try:
                await asyncio.to_thread(self._copy, Path(path))
            finally:
                await connection.all(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")

    async def _step(self, statement: str, values: Params) -> int:
        """A small transaction of its own; how many rows it changed, those of indexes included."""
        async with self._turn:
            return await self._open.run(partial(_changes, statement, values))

    async def _merge_words(self) -> None:
        """Rewrite the index of words until nothing of a deleted one is left in it."""
        pages = -MERGE_PAGES
        while await self._step(sql.MERGE, (pages,)) >= MERGED_SOMETHING:
            pages = MERGE_PAGES

    def _drop_source(self) -> None:
        if self._source is not None:
            source, self._source = self._source, None
            os.close(source)

    def _copy(self, target: Path) -> None:
        if self._source is None:
            # Never closed while the database is open: closing any handle of a file gives up
            # every lock that this process has on it.
            self._source = os.open(self.path, os.O_RDONLY)
        unfinished = target.with_name(f"{target.name}.unfinished")
        unfinished.unlink(missing_ok=True)
        create_private(unfinished)
        with unfinished.open("r+b") as file:
            at = 0
            while block := os.pread(self._source, COPY_BYTES, at):
                at += file.write(block)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(target)
        sync_folder(target.parent)


def _changes(statement: str, values: Params, raw: sqlite3.Connection) -> int:
    before = raw.total_changes
    with transaction(raw):
        raw.execute(statement, values)
    return raw.total_changes - before
