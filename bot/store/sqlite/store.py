"""Life and writing: group commit in WAL mode, synced at each commit."""

import asyncio
from collections.abc import Coroutine, Sequence
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from bot.core.errors import Damaged, StoreDown, StoreRefused
from bot.store import statements as sql
from bot.store.base import Op, Outcome, Unit
from bot.store.batch import Lines, Run
from bot.store.connection import Connection
from bot.store.files import create_private
from bot.store.migrate import Migration, migrate, migrations
from bot.store.sqlite.setup import checkpoint, prepare
from bot.store.sqlite.transactions import commit, write
from bot.store.sqlite.upkeep import Upkeep

Thing = TypeVar("Thing")


class SqliteStore(Upkeep):
    """See `base.Store`. The file is `path`; only one process may have it open."""

    def __init__(self, path: Path, steps: Sequence[Migration] | None = None) -> None:
        super().__init__(path)
        self._steps = migrations("sqlite") if steps is None else steps
        self._under_way: set[asyncio.Task[Any]] = set()

    # --- life ------------------------------------------------------------------------------

    async def open(self) -> None:
        """Make ready: migrate, check, read the head. Raises StoreRefused with what to do."""
        if not self.path.exists():
            create_private(self.path)
        try:
            self._connection = await self._connect()
            await migrate(self._connection, self.path, self._steps)
            self._head = int(await self._connection.one(sql.NEWEST))
        except (StoreDown, Damaged) as why:
            await self._let_go()
            raise StoreRefused(str(why)) from why
        except BaseException:
            await self._let_go()
            raise

    async def close(self) -> None:
        """Finish what is under way and let go of the file. May be called twice."""
        while self._under_way:
            await asyncio.wait(self._under_way)
        async with self._turn:
            self._in_doubt = False
            await self._let_go()

    async def reopen(self) -> None:
        """After StoreDown or CommitUnknown: begin anew with what is really on the disk."""
        async with self._turn:
            await self._begin_anew()

    async def _begin_anew(self) -> None:
        await self._let_go()
        self._in_doubt = True
        try:
            self._connection = await self._connect()
            await self._sound(self._connection)
            self._head = int(await self._connection.one(sql.NEWEST))
        except BaseException:
            await self._let_go()
            raise
        self._in_doubt = False

    async def _connect(self) -> Connection:
        connection = await Connection.open(self.path)
        try:
            await prepare(connection, self.path)
        except BaseException:
            await connection.close()
            raise
        return connection

    async def _sound(self, connection: Connection) -> None:
        found = await connection.one("PRAGMA quick_check(1)")
        if found != "ok":
            raise Damaged(f"{self.path} is damaged ({found}). Restore it from a backup.")
        # What the log of changes holds may exist in memory only, when its sync had failed.
        # Written into the database file it is synced as a new write, not as a second try.
        await checkpoint(connection)

    # --- writing ---------------------------------------------------------------------------

    async def commit(self, units: Sequence[Unit]) -> list[Outcome]:
        """See `base.Store`."""
        return await self._through(self._commit(units)) if units else []

    async def write(self, ops: Sequence[Op]) -> None:
        """See `base.Store`."""
        lines = Lines()
        for op in ops:
            lines.add(op)
        if lines.runs:
            await self._through(self._write(lines.runs))

    async def _through(self, work: Coroutine[Any, Any, Thing]) -> Thing:
        """Carry `work` to its end even when whoever asked for it is cancelled."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            task.exception()

    async def _commit(self, units: Sequence[Unit]) -> list[Outcome]:
        async with self._turn:
            outcomes, self._head = await self._changed(partial(commit, units, self._head))
            return outcomes

    async def _write(self, runs: Sequence[Run]) -> None:
        async with self._turn:
            wrong = await self._changed(partial(write, runs))
        if wrong is not None:
            raise ValueError(f"a row was refused ({wrong.what})")
