"""The time of a shift: first as fast as it can be played, then at the pace of the clock.

Minutes of the shift count from the moment at which the visitor comes in. What happened before
(negative minutes) is played one thing after the other without waiting, so that the log has the
right order and true times: nothing pretends to be older than it is. From minute 0 on a minute
of the shift is a minute of the house's clock.
"""

import asyncio
import heapq
from collections.abc import Callable, Coroutine
from typing import Any

from bot.core.calendar import MINUTE
from bot.core.ids import Millis
from bot.engine.ports import Clock

Trouble = Callable[[BaseException], None]


class Shift:
    """Lets those who wait go on in the order of their minutes, one after the other.

    `trouble` hears of a part that failed; the others go on.
    """

    def __init__(self, clock: Clock, begins: float, trouble: Trouble) -> None:
        self.now = begins
        self.begins = begins
        self.began_at: Millis = 0
        self.resting = False
        self._clock = clock
        self._trouble = trouble
        self._serial = 0
        self._waiting: list[tuple[float, int, asyncio.Future[None]]] = []
        self._awake = 0
        self._asleep = asyncio.Event()
        self._parts: set[asyncio.Task[None]] = set()

    @property
    def played(self) -> float:
        """How much of the past has been played, from 0 to 1."""
        return min(1.0, (self.now - self.begins) / -self.begins) if self.begins < 0 else 1.0

    def begin(self, part: Coroutine[Any, Any, None], at: float) -> None:
        """Let `part` begin at minute `at`."""
        self._awake += 1
        task = asyncio.create_task(self._lived(part, at))
        self._parts.add(task)
        task.add_done_callback(self._parts.discard)

    async def _lived(self, part: Coroutine[Any, Any, None], at: float) -> None:
        try:
            await self.until(at)
            await part
        except asyncio.CancelledError:
            raise
        except Exception as trouble:
            self._trouble(trouble)
        finally:
            part.close()
            self._rests()

    async def pause(self, minutes: float) -> None:
        """Go on so many minutes later."""
        await self.until(self.now + minutes)

    async def until(self, minute: float) -> None:
        """Go on at `minute` of the shift."""
        self._serial += 1
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._waiting, (minute, self._serial, turn))
        self._rests()
        await turn

    def _rests(self) -> None:
        self._awake -= 1
        if not self._awake:
            self._asleep.set()

    async def run(self, on_moved: Callable[[], None] = lambda: None) -> None:
        """Play until nobody waits any more, or it is cancelled."""
        try:
            await self._quiet()
            while self._waiting:
                minute, _, turn = heapq.heappop(self._waiting)
                await self._reach(minute)
                on_moved()
                self._awake += 1
                turn.set_result(None)
                await self._quiet()
        finally:
            await self._end()

    async def _quiet(self) -> None:
        """Until everybody waits for a minute of the shift."""
        while self._awake:
            self._asleep.clear()
            await self._asleep.wait()

    async def _reach(self, minute: float) -> None:
        if minute >= 0:
            self.began_at = self.began_at or self._clock.now()
            due = self.began_at + round(minute * MINUTE)
            self.resting = True
            while self._clock.now() < due:
                await self._clock.wait_until(due)
            self.resting = False
        self.now = max(self.now, minute)

    async def _end(self) -> None:
        for part in self._parts:
            part.cancel()
        await asyncio.gather(*self._parts, return_exceptions=True)
