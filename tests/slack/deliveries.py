"""What happens between people and the app: each delivery, its acknowledgement, its retries."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.core.ids import Millis
from tests.slack.carriers import Ack, Kind
from tests.slack.state import APP, TEAM, World

Json = dict[str, Any]
ACK: Millis = 3_000
RETRIES: tuple[Millis, ...] = (0, 60_000, 300_000)
HOUR: Millis = 3_600_000
TIMED_OUT = Ack(0, {}, "http_timeout")


class Carrier(Protocol):
    """A way to the app."""

    async def carry(self, kind: Kind, payload: Json, retry: int = 0, reason: str = "") -> Ack:
        """Bring it; what the app answered."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to deliver: its number, when, how many milliseconds it took, and the answer."""

    number: int
    at: Millis
    took: Millis
    ack: Ack


@dataclass(slots=True, eq=False)
class Delivered:
    """Something that was, or is to be, delivered to the app."""

    kind: Kind
    payload: Json
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """The app took it in time, at some try."""
        return any(not one.ack.reason for one in self.attempts)

    @property
    def status(self) -> int:
        """The HTTP status of the last answer, 0 when there was none."""
        return self.attempts[-1].ack.status if self.attempts else 0

    @property
    def answer(self) -> Json:
        """What the app said to it, at the last try."""
        return self.attempts[-1].ack.answer if self.attempts else {}


class Deliveries:
    """Delivers, waits three seconds for the acknowledgement on its own clock, and tries again.

    Only events are tried again: at once, after 1 minute and after 5. While `held` is a list,
    events go there instead. Over `most` events in an hour the rest is dropped, and said so.
    """

    def __init__(self, world: World, way: Callable[[], Carrier]) -> None:
        self.world = world
        self.way = way
        self.all: list[Delivered] = []
        self.held: list[Delivered] | None = None
        self.most = 30_000
        self._hour: list[Millis] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._busy = 0
        self._idle = asyncio.Event()

    async def send(self, kind: Kind, payload: Json) -> Delivered:
        """Deliver; comes back after the first try, the others follow by themselves."""
        one = Delivered(kind, payload)
        self.all.append(one)
        if kind == "event" and self.held is not None:
            self.held.append(one)
        elif kind != "event" or await self._room():
            await self._first(one)
        return one

    def later(self, payload: Json) -> None:
        """Deliver an event without anybody waiting for it."""
        self._busy += 1
        self._work(self._later(payload))

    async def _later(self, payload: Json) -> None:
        try:
            await self.send("event", payload)
        finally:
            self._rest()

    def _work(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def release(self, order: Sequence[int] | None = None) -> list[Delivered]:
        """Deliver what was held, in the order of these indices, and hold no longer."""
        held, self.held = self.held or [], None
        for one in held if order is None else [held[at] for at in order]:
            await self._first(one)
        return held

    async def again(self, one: Delivered, number: int = 1, reason: str = "http_timeout") -> Ack:
        """The same once more, as Slack does when it believes that nobody took it."""
        return await self._attempt(one, number, reason)

    async def _room(self) -> bool:
        now = self.world.clock.now()
        self._hour = [at for at in self._hour if now - at < HOUR]
        if len(self._hour) < self.most:
            self._hour.append(now)
            return True
        limited = {"type": "app_rate_limited", "team_id": TEAM, "api_app_id": APP}
        await self._attempt(Delivered("event", {**limited, "minute_rate_limited": now // 1_000}), 0)
        return False

    async def _first(self, one: Delivered) -> None:
        ack = await self._attempt(one, 0)
        if ack.reason and one.kind == "event" and not ack.last:
            self._busy += 1
            self._work(self._retry(one, ack.reason))

    async def _retry(self, one: Delivered, reason: str) -> None:
        try:
            for number, delay in enumerate(RETRIES, 1):
                await self._wait(delay)
                ack = await self._attempt(one, number, reason)
                if not ack.reason or ack.last:
                    return
                reason = ack.reason
        finally:
            self._rest()

    async def _wait(self, delay: Millis) -> None:
        end = self.world.clock.now() + delay
        if delay:
            self._rest()
            while self.world.clock.now() < end:
                await self.world.clock.wait_until(end)
            self._busy += 1

    async def _attempt(self, one: Delivered, number: int, reason: str = "") -> Ack:
        self._busy += 1
        at = self.world.clock.now()
        try:
            ack = await self._within(self.way().carry(one.kind, one.payload, number, reason), at)
        finally:
            self._rest()
        one.attempts.append(Attempt(number, at, self.world.clock.now() - at, ack))
        self.world.stirred.set()
        return ack

    async def _within(self, carrying: Awaitable[Ack], at: Millis) -> Ack:
        carry = asyncio.ensure_future(carrying)
        alarm = asyncio.ensure_future(self._alarm(at + ACK))
        try:
            await asyncio.wait({carry, alarm}, return_when=asyncio.FIRST_COMPLETED)
            late = self.world.clock.now() - at > ACK
            return carry.result() if carry.done() and not late else TIMED_OUT
        finally:
            for task in (carry, alarm):
                task.cancel()
            await asyncio.gather(carry, alarm, return_exceptions=True)

    async def _alarm(self, end: Millis) -> None:
        while self.world.clock.now() < end:
            await self.world.clock.wait_until(end)

    def _rest(self) -> None:
        self._busy -= 1
        if self._busy == 0:
            self._idle.set()

    async def settled(self) -> None:
        """Wait until nothing is being delivered; retries that wait for their time do not count."""
        while self._busy:
            self._idle.clear()
            await self._idle.wait()

    async def close(self) -> None:
        """Try nothing more."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
