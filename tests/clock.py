"""The virtual clock: time stands still until it is moved, and whoever waits is woken in order."""

import asyncio
import heapq

from bot.core.ids import Millis


class VirtualClock:
    """A clock for tests and simulation; `advance` moves it and lets everyone due run."""

    def __init__(self, start: Millis = 1_767_225_600_000) -> None:
        self._now = start
        self._serial = 0
        self._waiting: list[tuple[Millis, int, asyncio.Future[None]]] = []

    def now(self) -> Millis:
        """Milliseconds since the epoch, UTC."""
        return self._now

    def ticks(self) -> float:
        """Seconds on the same clock."""
        return self._now / 1000

    async def wait_until(self, at: Millis) -> None:
        """Return when the clock has been moved to `at` or past it."""
        if at <= self._now:
            return
        self._serial += 1
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (at, self._serial, future))
        await future

    @property
    def next_due(self) -> Millis | None:
        """The next moment for which somebody waits."""
        while self._waiting and self._waiting[0][2].done():
            heapq.heappop(self._waiting)
        return self._waiting[0][0] if self._waiting else None

    async def advance(self, milliseconds: Millis) -> None:
        """Move on by `milliseconds`, stopping at each moment for which somebody waits."""
        end = self._now + milliseconds
        while self._waiting and self._waiting[0][0] <= end:
            at, _, future = heapq.heappop(self._waiting)
            self._now = max(self._now, at)
            if not future.done():
                future.set_result(None)
            await self.settle()
        self._now = end
        await self.settle()

    def jump(self, milliseconds: Millis) -> None:
        """The computer slept so long: nobody was woken on the way."""
        self._now += milliseconds

    async def settle(self, turns: int = 20) -> None:
        """Let the loop run what is ready."""
        for _ in range(turns):
            await asyncio.sleep(0)
