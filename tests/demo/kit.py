"""A shift in virtual time: played as far as it goes, the clock moved on whenever it rests."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from bot.demo.player import Plan, Player
from tests.engine.kit import Desk


class Playing:
    """A player at work on a desk."""

    def __init__(self, house: Desk, player: Player) -> None:
        self.house = house
        self.player = player
        self._task = asyncio.create_task(player.run())

    async def reach(self, minute: float = float("inf")) -> None:
        """Play on to that minute of the shift, or to the end."""
        shift, clock = self.player.shift, self.house.clock
        while not self._task.done():
            await asyncio.sleep(0)
            if not shift.resting:
                continue
            if shift.now >= minute:
                break
            await self.house.settle()
            due = clock.next_due
            if due is not None and self._rests():
                await clock.advance(max(0, due - clock.now()))
        await self.house.settle()

    def _rests(self) -> bool:
        return self.player.shift.resting

    async def stop(self) -> None:
        """Let go of it, wherever it is."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)


@asynccontextmanager
async def played(house: Desk, plan: Plan) -> AsyncIterator[Playing]:
    """A shift on that desk that has begun."""
    player = Player(house.machine, plan)
    await player.hire()
    playing = Playing(house, player)
    try:
        yield playing
    finally:
        await playing.stop()


async def tags(house: Desk) -> list[str]:
    """The tag of every event of the log, in order."""
    found: list[str] = []
    while page := await house.store.log(len(found), 500):
        found.extend(one.row.tag for one in page)
    return found
