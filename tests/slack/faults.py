"""Faults in front of the fake, and the log of who called what."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.core.ids import Millis
from bot.engine.ports import Clock

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """One request of the app, as it came, and what it was told.

    `path` is the method of the Web API, or "response_url", "upload", "file", "socket". `error`
    is Slack's word for what was wrong, `fate` what a fault made of it ("" when nothing).
    """

    path: str
    args: Json
    token: str
    at: Millis
    status: int = 200
    error: str = ""
    answer: Json = field(default_factory=dict)
    fate: str = ""

    @property
    def ok(self) -> bool:
        """It did what it was asked for, whether or not anybody learnt of it."""
        return self.status == 200 and not self.error


@dataclass(slots=True, eq=False)
class Fault:
    """What befalls the next `times` requests to `path` ("*": any) after the first `skip`.

    `drop`: the connection closes before anything is done. `lose`: it is done, and then the
    connection closes without an answer. `garbage`: it is done, and the answer is no JSON.
    `status`, `headers`, `body` or `error`: nothing is done and this is the answer. `delay`
    and `until` keep the request waiting first.
    """

    path: str
    times: int | None = 1
    skip: int = 0
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None
    error: str = ""
    delay: Millis = 0
    until: asyncio.Event | None = None
    drop: bool = False
    lose: bool = False
    garbage: bool = False
    where: Callable[[Json], bool] | None = None
    hits: int = 0
    waiting: int = 0

    def meets(self, path: str, args: Json) -> bool:
        """Whether it befalls this request; counts it."""
        if self.path not in ("*", path) or self.times == 0:
            return False
        if self.where is not None and not self.where(args):
            return False
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.times is not None:
            self.times -= 1
        self.hits += 1
        return True

    @property
    def instead(self) -> bool:
        """It answers in place of the method."""
        return bool(self.status or self.error or self.body is not None)

    async def hold(self, clock: Clock) -> None:
        """Keep the request waiting."""
        self.waiting += 1
        end = clock.now() + self.delay
        while self.delay and clock.now() < end:
            await clock.wait_until(end)
        if self.until is not None:
            await self.until.wait()
        self.waiting -= 1


def first(faults: list[Fault], path: str, args: Json) -> Fault | None:
    """The fault that befalls this request, if any; the one added last goes first."""
    return next((one for one in reversed(faults) if one.meets(path, args)), None)
