"""A body of many bytes from a stranger, taken in piece by piece and within bounds.

Room is kept free for it before anything is read, so however many send at once, so much memory and
no more is used; whoever sends too slowly, or stops in the middle, is let go.
"""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from starlette.requests import Request

from bot.core.commands import Refused
from bot.core.files import FILE_MOST
from bot.core.texts import t
from bot.engine.files import BUSY, LARGE
from bot.engine.ports import Clock

ALL_MOST = 4 * FILE_MOST
"""Bytes that are taken in at once, from everybody together: they are held in memory."""
BY_VISITOR = 2
"""The page sends one after the other; a second window may do so too."""
BY_ADDRESS = 6
"""A whole office may share an address; it gets no more than a part of the room: so many bodies,
and half of the bytes."""
QUIET_SECONDS = 15
SECONDS_MOST = 600
"""The largest file on a poor line (about 40 kB a second)."""
PACE_FROM = 20
PACE_LEAST = 4_000
"""Bytes a second, from that second on: slower than any line that could end in time."""

NO_LENGTH = Refused(code="unreadable", text=t("That file did not arrive. Please send it again."))
TOO_SLOW = Refused(
    code="slow", text=t("This took too long to arrive. Please try again."), transient=True
)


class Stopped(Exception):
    """The body is not taken: with this status, for this reason. What is left of it is unread."""

    def __init__(self, status: int, refused: Refused) -> None:
        super().__init__(refused.code)
        self.status = status
        self.refused = refused


class Uploads:
    """Room for bodies, and reading them."""

    def __init__(self, clock: Clock, most: int = ALL_MOST) -> None:
        self._clock = clock
        self._most = most
        self._bytes: Counter[str] = Counter()
        self._of: Counter[str] = Counter()

    @contextmanager
    def room(self, request: Request, visitor: str, address: str) -> Iterator[int]:
        """Room for what the request says it brings, until it was dealt with. Raises Stopped."""
        size = _length(request)
        bounds = ((f"v:{visitor}", BY_VISITOR), (f"a:{address}", BY_ADDRESS))
        full = self._bytes.total() + size > self._most
        full = full or self._bytes[address] + size > self._most // 2
        if full or any(self._of[key] >= most for key, most in bounds):
            raise Stopped(503, BUSY)
        self._bytes[address] += size
        self._of.update(key for key, _ in bounds)
        try:
            yield size
        finally:
            self._bytes[address] -= size
            self._of.subtract(key for key, _ in bounds)
            self._of += Counter()  # Those who have none left are forgotten.
            self._bytes += Counter()

    async def read(self, request: Request, size: int) -> bytes:
        """The whole body, which must be as long as it said. Raises Stopped."""
        body = bytearray()
        try:
            async with asyncio.timeout(SECONDS_MOST):
                async for piece in self._pieces(request):
                    body += piece
                    if len(body) > size:
                        raise Stopped(413, LARGE)
        except TimeoutError:
            raise Stopped(408, TOO_SLOW) from None
        if len(body) != size:
            raise Stopped(400, NO_LENGTH)
        return bytes(body)

    async def _pieces(self, request: Request) -> AsyncIterator[bytes]:
        began, came = self._clock.ticks(), 0
        stream = request.stream()
        while True:
            async with asyncio.timeout(QUIET_SECONDS):
                piece = await anext(stream, None)
            if piece is None:
                return
            came += len(piece)
            if came < PACE_LEAST * (self._clock.ticks() - began - PACE_FROM):
                raise Stopped(408, TOO_SLOW)
            yield piece


def _length(request: Request) -> int:
    said = request.headers.get("content-length", "")
    if not (said.isascii() and said.isdecimal()):
        raise Stopped(411, NO_LENGTH)
    if len(said) > 12 or int(said) > FILE_MOST:
        raise Stopped(413, LARGE)
    return int(said)
