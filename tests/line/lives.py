"""A house whose time goes by hand, and how it comes to rest at each moment of it."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from bot.core.ids import StreamId
from bot.core.incident import Incident
from bot.store.connection import Connection
from bot.wiring import House
from tests.clock import VirtualClock
from tests.engine.kit import MINUTE, Desk

LONGEST = 30
QUIET = 12
"""So many turns of the loop in which nothing was ready: then nothing will be, until time goes by
or a thread comes back.
"""


@dataclass
class Threads:
    """What is on the threads of databases; everything else is on the loop."""

    open: int = 0
    back: asyncio.Event = field(default_factory=asyncio.Event)

    def counted(self, real: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        """The same call, counted while it is under way."""

        async def call(*args: Any, **more: Any) -> Any:
            self.open += 1
            try:
                return await real(*args, **more)
            finally:
                self.open -= 1
                self.back.set()

        return call

    async def quiet(self) -> None:
        """Everything that can happen at this moment has happened, over the network too."""
        ready, still = vars(asyncio.get_running_loop())["_ready"], 0
        async with asyncio.timeout(LONGEST):
            while still < QUIET:
                while self.open:
                    self.back.clear()
                    await self.back.wait()
                await asyncio.sleep(0)
                still = 0 if ready or self.open else still + 1


@contextmanager
def watched() -> Iterator[Threads]:
    """Databases that are opened inside are counted."""
    threads = Threads()
    with ExitStack() as both:
        for name in ("run", "all"):
            instead = threads.counted(getattr(Connection, name))
            both.enter_context(patch.object(Connection, name, _bound(instead)))
        yield threads


def _bound(call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def method(self: Connection, *args: Any, **more: Any) -> Any:
        return await call(self, *args, **more)

    return method


@dataclass
class Lived:
    """One house on a folder, and one clock."""

    house: House
    clock: VirtualClock
    desk: Desk

    async def rest(self) -> None:
        """Everything that can happen at this moment has happened, over the network too."""
        raise NotImplementedError

    async def advance(self, milliseconds: int = MINUTE) -> None:
        """Time goes by."""
        end = self.clock.now() + milliseconds
        await self.rest()
        while (due := self.clock.next_due) is not None and due <= end:
            await self.clock.advance(max(0, due - self.clock.now()))
            await self.rest()
        await self.clock.advance(end - self.clock.now())
        await self.rest()

    async def shown(self) -> None:
        """Wait until everything that was to be said or shown has arrived."""
        await self.advance(1_000)
        pause = 1_000
        while self.house.machine.deliveries.waiting:
            assert pause < 64 * MINUTE, await self.pauses()
            await self.advance(pause)
            pause *= 2

    async def state(self, stream: StreamId) -> Incident:
        """An incident as it is."""
        return await self.desk.incident(stream)

    async def pauses(self) -> list[str]:
        """What holds messages up, as operators read it."""
        return [str(one["detail"]) for one in await self.desk.store.select("pauses", limit=50)]
