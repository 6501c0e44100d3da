"""An event loop in which nothing waits: when all have done what they can, time moves on.

Everything happens in one thread and in an order that depends on nothing but what is asked of it,
so that one seed gives one history. `steps` counts the pieces of code between two awaits; between
any two of them somebody may want to look, or to pull the plug (`before`).
"""

import asyncio
import selectors
from collections import deque
from collections.abc import Callable, Mapping
from contextvars import Context
from typing import Any, TypeVarTuple

from bot.core.ids import Millis
from tests.clock import VirtualClock

Ts = TypeVarTuple("Ts")
MINUTE: Millis = 60_000
NAP = 60.0
"""As long as the real clock of the house sleeps at most, since it may be set meanwhile."""


class Stuck(AssertionError):
    """Nobody can go on, and nobody waits for a time."""


class _Nothing(selectors.BaseSelector):
    """No file is ever ready; waiting for one makes time go by."""

    def __init__(self) -> None:
        self.waited: Callable[[float | None], None] = lambda seconds: None
        self._keys: dict[Any, selectors.SelectorKey] = {}

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        number = fileobj if isinstance(fileobj, int) else fileobj.fileno()
        key = selectors.SelectorKey(fileobj, number, events, data)
        self._keys[fileobj] = key
        return key

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._keys.pop(fileobj)

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.waited(timeout)
        return []

    def get_map(self) -> Mapping[Any, selectors.SelectorKey]:
        return self._keys

    def get_key(self, fileobj: Any) -> selectors.SelectorKey:
        return self._keys[fileobj]


class SimLoop(asyncio.SelectorEventLoop):
    """See the module."""

    def __init__(self) -> None:
        self._nothing = _Nothing()
        self._nothing.waited = self._waited
        self._seconds = 0.0
        self._line: deque[asyncio.Handle] = deque()
        self.steps = 0
        self.before: Callable[[int], None] = lambda step: None
        super().__init__(self._nothing)

    def time(self) -> float:
        """Seconds since the beginning of this world."""
        return self._seconds

    def call_soon(
        self,
        callback: Callable[[*Ts], object],
        *args: *Ts,
        context: Context | None = None,
    ) -> asyncio.Handle:
        """As ever, first come, first served; but one at a time, and counted."""
        handle = asyncio.Handle(callback, args, self, context)
        self._line.append(handle)
        super().call_soon(self._step)
        return handle

    def _step(self) -> None:
        self.steps += 1
        self.before(self.steps)
        handle = self._line.popleft()
        if not handle.cancelled():
            handle._run()

    def _waited(self, seconds: float | None) -> None:
        if seconds is None:
            raise Stuck
        self._seconds += seconds


class SimClock(VirtualClock):
    """A clock in such a loop, which moves it; `jump` sets the wall clock forward or back."""

    def __init__(self, loop: SimLoop) -> None:
        super().__init__()
        self._loop = loop

    def now(self) -> Millis:
        return self._now + round(self._loop.time() * 1_000)

    def ticks(self) -> float:
        return self._loop.time()

    async def wait_until(self, at: Millis) -> None:
        """Return at `at`, or earlier to be asked again: the clock may be set meanwhile."""
        await nap(max(0.0, min((at - self.now()) / 1_000, NAP)))


async def nap(seconds: float) -> None:
    """Let so much of this world's time go by."""
    loop = asyncio.get_running_loop()
    over = loop.create_future()
    loop.call_later(max(0.0, seconds), _end, over)
    await over


def _end(over: "asyncio.Future[None]") -> None:
    if not over.done():
        over.set_result(None)
