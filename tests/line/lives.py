"""A house whose time goes by hand, and how it comes to rest at each moment of it."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from bot.core.ids import StreamId
from bot.core.incident import Incident
from bot.engine.pictures import Pictures
from bot.store.connection import Connection
from bot.wiring import House
from tests.clock import VirtualClock
from tests.engine.kit import MINUTE, Desk

LONGEST = 30
QUIET = 8
"""So many turns of the loop in which nothing was ready: then nothing will be, until time goes by
or a thread comes back.
"""


@dataclass
class Threads:
    """What is on other threads and in other processes, those of databases, files and pictures;
    everything else is on the loop.
    """

    wire: "Wire"
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
        async with asyncio.timeout(LONGEST):
            while await self._stirred():
                await self.wire.crossed()

    async def _stirred(self) -> bool:
        """Wait until nothing is ready any more; whether anything was."""
        ready, still, stirred = vars(asyncio.get_running_loop())["_ready"], 0, False
        while still < QUIET:
            while self.open:
                self.back.clear()
                await self.back.wait()
            await asyncio.sleep(0)
            busy = bool(ready or self.open)
            still, stirred = 0 if busy else still + 1, stirred or busy
        return stirred


class Wire:
    """A connection on which what was sent before arrives before.

    A computer with much to do may take its time with what goes from one socket to another.
    """

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as door:
            self._here = socket.create_connection(door.getsockname())
            self._there, _ = door.accept()
        self._here.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for one in (self._here, self._there):
            one.setblocking(False)

    async def crossed(self) -> None:
        """What was sent up to now has come to where it went."""
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(self._here, b".")
        await loop.sock_recv(self._there, 1)

    def close(self) -> None:
        """It is used no more."""
        self._here.close()
        self._there.close()


@contextmanager
def watched() -> Iterator[Threads]:
    """What databases, files and pictures do inside is counted."""
    with ExitStack() as all_:
        threads = Threads(wire := Wire())
        all_.callback(wire.close)
        for owner, name in ((Connection, "run"), (Connection, "all"), (Pictures, "__call__")):
            instead = threads.counted(getattr(owner, name))
            all_.enter_context(patch.object(owner, name, _bound(instead)))
        aside = threads.counted(asyncio.to_thread)
        all_.enter_context(patch.object(asyncio, "to_thread", aside))
        yield threads


def _bound(call: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    async def method(self: Any, *args: Any, **more: Any) -> Any:
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
