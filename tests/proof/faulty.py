"""A store whose disk gives trouble when it is told to."""

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import TypeVar, cast

from bot.core.errors import CommitUnknown, StoreDown
from bot.store.base import Outcome, Unit
from tests.engine.kit import Desk
from tests.proof.inline import InlineStore

Thing = TypeVar("Thing")

FAULTS = ("down", "unknown, not written", "unknown, written")

STEP = 500


async def through(house: Desk, milliseconds: int) -> None:
    """Time goes by, whatever the store is doing."""
    end = house.clock.now() + milliseconds
    while house.clock.now() < end:
        due = house.clock.next_due
        # In steps, so that who meets trouble on the way is waited for, too.
        step = min(end, house.clock.now() + STEP)
        until = step if due is None else max(house.clock.now(), min(due, step))
        await house.clock.advance(until - house.clock.now())
        await house.clock.settle(100)


class FaultyStore(InlineStore):
    """Each transaction may end in a fault: commits in those of `next_faults`, all by chance.

    While `cannot_reopen` is above zero, so many tries to reopen fail.
    """

    def __init__(self, path: Path, chance: Random | None = None, share: float = 0.0) -> None:
        super().__init__(path)
        self.chance = chance or Random(0)
        self.share = share
        self.next_faults: list[str] = []
        self.coming = ""
        self.cannot_reopen = 0
        self.faults = 0

    async def _commit(self, units: Sequence[Unit]) -> list[Outcome]:
        self.coming = self.next_faults.pop(0) if self.next_faults else ""
        return await super()._commit(units)

    def _fault(self) -> str:
        coming, self.coming = self.coming, ""
        if coming:
            return coming
        return self.chance.choice(FAULTS) if self.chance.random() < self.share else ""

    async def _changed(self, work: Callable[[sqlite3.Connection], Thing]) -> Thing:
        fault = self._fault()
        self.faults += bool(fault)
        if fault == "down":
            raise StoreDown("The disk is full.")
        result = None if fault == "unknown, not written" else await super()._changed(work)
        if fault:
            self._in_doubt = True
            await self._let_go()
            raise CommitUnknown("disk I/O error")
        return cast(Thing, result)

    async def _begin_anew(self) -> None:
        if self.cannot_reopen > 0:
            self.cannot_reopen -= 1
            raise StoreDown("still no disk")
        await super()._begin_anew()
