"""Socket Mode with a watchdog: a socket of Slack's can go deaf and look well.

A connection that is closed, silent (not even answers to pings), or without a message for so long
that nobody can tell whether it still hears, is replaced; and so is one that Slack asks to go. The
new one is there before the old one goes, so that nothing is missed between them.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable
from typing import Protocol

import aiohttp
import structlog

from bot.adapters.slack.line import PING, Line, Take
from bot.adapters.slack.text import Json
from bot.core.calendar import MINUTE
from bot.core.ids import Millis
from bot.engine.loops import Loop
from bot.engine.ports import Clock, Health, RateLimited, SendFault
from bot.untrusted import Payload, text

log = structlog.get_logger(__name__)

LOOK: Millis = 5_000
SILENT: Millis = int(PING * 3_500)
"""Without any sign, not even an answer to a ping."""
QUIET: Millis = 10 * MINUTE
"""Without a message: most likely nobody says anything, and a new connection costs little."""
CONNECTING = 15.0
"""Seconds until Slack has greeted us."""
AT_FIRST: Millis = 1_000
AT_MOST: Millis = MINUTE
PATIENCE = 3.0
"""Seconds that what came over a connection has to be answered before that is closed."""
NO_ADDRESS = "Slack gave no address to connect to."
NOT_CONNECTED = "The socket to Slack cannot be opened. It is tried again."


class Calls(Protocol):
    """Slack's Web API with the app's own token. Raises a SendFault when it did not work."""

    async def call(self, method: str, body: Json) -> Payload:
        """Call a method; the answer."""


class SocketMode(Loop):
    """Keeps one connection that hears. `missed` is called when something may have been missed."""

    name = "slack: socket"

    def __init__(
        self,
        calls: Calls,
        take: Take,
        clock: Clock,
        missed: Callable[[], Awaitable[None]],
    ) -> None:
        super().__init__(clock)
        self._calls = calls
        self._take = take
        self._missed = missed
        self._line: Line | None = None
        self._signs: tuple[int, float | None] = (0, None)
        self._sign_at: Millis = 0
        self._message_at: Millis = 0
        self._pause = AT_FIRST
        self._not_before: Millis = 0
        self._trouble = "The socket to Slack is not open yet."
        self._opening: asyncio.Task[Line] | None = None
        self._retiring: set[asyncio.Task[None]] = set()
        self.renewed = 0

    async def turn(self) -> Millis:
        """Look after the connection once."""
        why = self._wrong()
        if why is None:
            return self._clock.now() + LOOK
        if self._clock.now() < self._not_before:
            return self._not_before
        self._opening = asyncio.create_task(self._opened())
        try:
            line = await self._opening
        except asyncio.CancelledError:
            if not self._stopping:
                raise
            return self._clock.now()
        except (SendFault, TimeoutError, aiohttp.ClientError, OSError) as trouble:
            self._not_before = self._clock.now() + self._failed(trouble)
            return self._not_before
        finally:
            self._opening = None
        await self._changed_to(line, why)
        return self._clock.now() + LOOK

    async def stop(self) -> None:
        """Finish what came, then hang up."""
        self._stopping = True
        if self._opening is not None:
            self._opening.cancel()
        await super().stop()
        if self._line is not None:
            self._retire(self._line)
            self._line = None
        if self._retiring:
            await asyncio.wait(self._retiring)

    def health(self) -> Health:
        """Whether we hear, and since when we know."""
        if self._line is None or self._trouble:
            return Health(False, self._trouble)
        age = (self._clock.now() - self._sign_at) // 1_000
        return Health(True, f"The socket to Slack is open; last sign {age} s ago.")

    # --- one connection ------------------------------------------------------------------------

    def _wrong(self) -> str | None:
        """Why another connection is wanted; None while this one does."""
        now, line = self._clock.now(), self._line
        if line is None:
            return "none"
        if line.signs != self._signs:
            self._sign_at = now
            if line.signs[0] != self._signs[0]:
                self._message_at = now
            self._signs = line.signs
        if line.asked_to_go:
            return "asked"
        if not line.open:
            return "closed"
        if now - self._sign_at > SILENT:
            return "silent"
        return "quiet" if now - self._message_at > QUIET else None

    async def _opened(self) -> Line:
        answer = await self._calls.call("apps.connections.open", {})
        if not (url := text(answer, "url")):
            raise SendFault(NO_ADDRESS)
        line = Line(url, self._take, self.wake)
        try:
            async with asyncio.timeout(CONNECTING):
                await line.connect()
        except BaseException:
            await line.close(0)
            raise
        return line

    async def _changed_to(self, line: Line, why: str) -> None:
        if self._line is not None:
            self._retire(self._line)
        if why not in ("none", "asked", "quiet") or self._trouble:
            log.info("the socket to Slack was opened", why=why)
        self.renewed += 1
        self._line, self._signs = line, line.signs
        self._sign_at = self._message_at = self._clock.now()
        self._trouble, self._pause = "", AT_FIRST
        if why != "asked":
            await self._missed()

    def _failed(self, trouble: Exception) -> Millis:
        """How long to wait before the next try."""
        known = str(trouble) if isinstance(trouble, SendFault) else NOT_CONNECTED
        if known != self._trouble:
            log.warning("no socket to Slack", reason=known)
        self._trouble = known
        pause, self._pause = self._pause, min(2 * self._pause, AT_MOST)
        if isinstance(trouble, RateLimited):
            pause = max(pause, _named(trouble.retry_after))
        return pause

    def _retire(self, line: Line) -> None:
        task = asyncio.create_task(line.close(PATIENCE))
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)


def _named(seconds: object) -> Millis:
    """How long Slack asked us to wait, within reason."""
    try:
        found = float(str(seconds))
    except ValueError:
        return AT_MOST
    return int(min(found, 600) * 1_000) if math.isfinite(found) and found > 0 else AT_MOST
