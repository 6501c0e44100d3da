"""The real store on the thread of the loop: slow or in trouble at times, dead after a crash."""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from bot.core.errors import StoreDown
from bot.store.base import Committed, Outcome, Unit
from bot.store.connection import Connection, Params, Record
from bot.store.sqlite.setup import prepare
from tests.proof.faulty import FaultyStore
from tests.proof.inline import InlineConnection
from tests.sim.chance import Chance, Faults
from tests.sim.loop import nap

Thing = TypeVar("Thing")
After = Callable[[sqlite3.Connection], None]


class SimConnection(InlineConnection):
    """Calls wait in line as on the real thread; each takes its time before and after."""

    def __init__(self, path: Path, store: "SimStore") -> None:
        super().__init__(path)
        self._store = store
        self._line = asyncio.Lock()

    async def run(self, work: Callable[[sqlite3.Connection], Thing]) -> Thing:
        async with self._line:
            await self._store.waits()
            self._store.alive()
            result = await super().run(work)
            if not self._closed:
                self._store.after(self.raw)
            await self._store.waits()
            return result

    async def all(self, sql: str, params: Params = ()) -> list[Record]:
        async with self._line:
            await self._store.waits()
            self._store.alive()
            return await super().all(sql, params)


class SimStore(FaultyStore):
    """See the module. `after` looks at the file after each transaction."""

    def __init__(self, path: Path, chance: Chance, faults: Faults, after: After) -> None:
        super().__init__(path, chance.part("trouble"), faults.disk_down)
        self._slow = faults.disk_slow
        self._pace = chance.part("pace")
        self._dead = False
        self.after = after
        self.committed: Callable[[Unit], None] = lambda unit: None

    async def _commit(self, units: Sequence[Unit]) -> list[Outcome]:
        outcomes = await super()._commit(units)
        for unit, outcome in zip(units, outcomes, strict=True):
            if isinstance(outcome, Committed):
                self.committed(unit)
        return outcomes

    async def waits(self) -> None:
        """The disk takes its time."""
        if self._slow and self._pace.happens(0.1):
            await nap(self._pace.randrange(self._slow + 1) / 1_000)
        elif self._pace.happens(0.5):
            await asyncio.sleep(0)

    def alive(self) -> None:
        """Raises StoreDown when the process of this store is dead."""
        if self._dead:
            raise StoreDown("It is dead.")

    def die(self) -> None:
        """The process is gone; what was committed stays."""
        self._dead = True
        connection = self._connection
        if isinstance(connection, InlineConnection):
            connection.raw.close()

    async def _connect(self) -> Connection:
        self.alive()
        connection = SimConnection(self.path, self)
        try:
            await prepare(connection, self.path)
        except BaseException:
            await connection.close()
            raise
        return connection
