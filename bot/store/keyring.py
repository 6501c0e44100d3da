"""Subject keys on disk: a small SQLite file of its own, which is backed up apart.

Nothing of a deleted key may stay in it or beside it: rows are overwritten with zeros, and the
journal, which holds what was there before, is emptied and synced by each commit.
"""

import asyncio
import contextlib
import hmac
import os
import sqlite3
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import partial
from pathlib import Path

from bot.core.errors import Damaged, MusterError, StoreDown, StoreRefused
from bot.core.ids import SubjectId
from bot.store import gaps
from bot.store.connection import Connection, Params, Record, transaction, trouble
from bot.store.files import create_private
from bot.store.keys import Chance, Keys, Master, Used
from bot.store.migrate import migrate, migrations

Facts = Mapping[str, str | int]

SLICE = 500
LOOK_PAGES = 256
# Seconds to wait for each other: reader and writer meet for less than a thousandth of one.
PATIENCE = 1.0

_SETTINGS = (
    ("journal_mode", "TRUNCATE", "truncate"),
    ("synchronous", "EXTRA", 3),
    ("secure_delete", "ON", 1),
)
_READ = "SELECT wrapped FROM keys WHERE subject = ?"
_WRITE = "INSERT INTO keys (subject, wrapped) VALUES (?, ?)"
_DELETE = "DELETE FROM keys WHERE subject = ?"
_BETWEEN = "SELECT subject FROM keys WHERE subject > ? AND subject <= ? ORDER BY subject LIMIT ?"
_NEWEST = "SELECT max(subject) FROM keys"
_GET = "SELECT value FROM facts WHERE name = ?"
_SET = (
    "INSERT INTO facts (name, value) VALUES (?, ?)"
    " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
)


class KeyFile(Keys):
    """Subject keys in the file `path`; one process at a time.

    A key that is not at hand is read on the spot through a second, reading connection, since
    sealing and opening cannot wait. That is safe here: the file is not in WAL mode.
    """

    def __init__(self, path: Path, master: Master, chance: Chance, cached: int = 20_000) -> None:
        super().__init__(master, chance, cached)
        self.path = path
        self._connection: Connection | None = None
        self._reader: sqlite3.Connection | None = None
        self._turn = asyncio.Lock()
        self._taken_before = ""
        self._newest_before = ""

    async def open(self) -> None:
        """Make ready. Raises StoreRefused with what to do."""
        if not self.path.exists():
            create_private(self.path)
        try:
            async with self._turn:
                connection = await self._ready()
            self._taken_before = self._taken
            self._newest_before = str(await connection.one(_NEWEST) or "")
            self._reader = sqlite3.connect(self.path, timeout=PATIENCE)
        except (StoreDown, Damaged) as why:
            await self._let_go()
            raise StoreRefused(str(why)) from why
        except BaseException:
            await self._let_go()
            raise

    async def _ready(self) -> Connection:
        """The writing connection, opened anew when it was given up."""
        if self._connection is None:
            self._connection = await Connection.open(self.path, PATIENCE)
            await self._prepare(self._connection)
        return self._connection

    async def close(self) -> None:
        """Let go of the file. May be called twice."""
        async with self._turn:
            if self._connection is not None:
                facts: Facts = {"taken": self._taken}
                with contextlib.suppress(MusterError):
                    await self._connection.run(partial(_changed, _SET, [], facts))
            await self._let_go()

    async def _let_go(self) -> None:
        if self._reader is not None:
            reader, self._reader = self._reader, None
            reader.close()
        await self._give_up()

    async def _give_up(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            await connection.close()

    async def sweep(self, used: Used) -> int:
        """See `Keys.sweep`. After a clean stop nothing but the unused rest needs a look."""
        dropped, after = 0, self._taken_before
        while rows := await self._all(_BETWEEN, (after, self._newest_before, SLICE)):
            subjects = [str(row[0]) for row in rows]
            known = await used(subjects)
            unused = [subject for subject in subjects if subject not in known]
            await self.destroy(unused)
            dropped, after = dropped + len(unused), subjects[-1]
        self._taken = max(self._taken, self._newest_before)
        return dropped

    async def _prepare(self, connection: Connection) -> None:
        for name, wanted, expected in _SETTINGS:
            await connection.all(f"PRAGMA {name} = {wanted}")
            if await connection.one(f"PRAGMA {name}") != expected:
                raise StoreRefused(f"{self.path} cannot be used safely on this disk ({name}).")
        await migrate(connection, self.path, migrations("keys"))
        await self._belongs(connection)
        self._minted = max(self._minted, int(await connection.one(_GET, ("minted",)) or 0))
        self._taken = self._taken or str(await connection.one(_GET, ("taken",)) or "")

    async def _belongs(self, connection: Connection) -> None:
        """The master key is the one that these keys are wrapped with."""
        expected = self.master.derive("check")
        known = await connection.one(_GET, ("check",))
        if known is None:
            await connection.run(partial(_changed, _SET, [("check", expected)], {}))
        elif not hmac.compare_digest(known, expected):
            raise StoreRefused(
                f"The master key does not belong to {self.path}. Put back the one that was in "
                "use when this data was written."
            )

    def _read(self, subject: SubjectId) -> bytes | None:
        if self._reader is None:
            raise StoreDown("The keys are closed.")
        try:
            row: tuple[bytes] | None = self._reader.execute(_READ, (subject,)).fetchone()
        except sqlite3.Error as error:
            raise trouble(error, self.path) from error
        return None if row is None else row[0]

    async def _write(self, wrapped: Sequence[tuple[SubjectId, bytes]]) -> None:
        facts: Facts = {"minted": self._minted, "taken": self._taken}
        await self._change(_WRITE, wrapped, facts)

    async def _delete(self, subjects: Collection[SubjectId]) -> None:
        if subjects:
            rows = [(subject,) for subject in subjects]
            await self._run(partial(_deleted, self.path, rows))

    async def _change(self, statement: str, rows: Sequence[Params], facts: Facts) -> None:
        await self._run(partial(_changed, statement, rows, facts))

    async def _run(self, work: Callable[[sqlite3.Connection], None]) -> None:
        async with self._turn:
            if self._reader is None:
                raise StoreDown("The keys are closed.")
            try:
                connection = await self._ready()
                await connection.run(work)
            except BaseException:
                # Whether it is on the disk is not known; what is will be read anew.
                await self._give_up()
                raise

    async def _all(self, statement: str, values: Params) -> list[Record]:
        async with self._turn:
            connection = await self._ready()
            return await connection.all(statement, values)


def _changed(statement: str, rows: Sequence[Params], facts: Facts, raw: sqlite3.Connection) -> None:
    with transaction(raw):
        raw.executemany(statement, rows)
        raw.executemany(_SET, list(facts.items()))


def _deleted(path: Path, rows: Sequence[Params], raw: sqlite3.Connection) -> None:
    _changed(_DELETE, rows, {}, raw)
    raw.execute("PRAGMA shrink_memory")
    file = os.open(path, os.O_RDWR)
    try:
        size = gaps.page_size(file)
        for first, count in gaps.blocks(file, size, LOOK_PAGES):
            if found := gaps.uncleared(file, size, first, count):
                gaps.clear(file, size, found)
    finally:
        os.close(file)
