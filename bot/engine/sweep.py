"""What is kept for a while only is let go of when its time is over."""

from collections.abc import Awaitable, Callable

from bot.core.calendar import DAY
from bot.core.ids import Millis
from bot.engine.loops import Loop
from bot.engine.ports import Clock
from bot.store.base import Store

ANSWERS_KEPT: Millis = 30 * DAY
EVERY: Millis = DAY


class Sweep(Loop):
    """Forgets answers that were given so long ago that nobody repeats their question.

    A press that is sent again after that is a new one.
    """

    name = "sweep"

    def __init__(self, store: Store, clock: Clock) -> None:
        super().__init__(clock)
        self._store = store
        self._others: list[Callable[[], Awaitable[object]]] = []

    def also(self, let_go: Callable[[], Awaitable[object]]) -> None:
        """Something else that is to be called every day."""
        self._others.append(let_go)

    async def turn(self) -> Millis | None:
        """Let go of what is old, and come again tomorrow."""
        await self._store.expire(self._clock.now() - ANSWERS_KEPT)
        for let_go in self._others:
            await let_go()
        return self._clock.now() + EVERY
