"""Streams down to open pages: the newest view of what changed, and who it is for asked anew.

A view is made once for everybody who reads the same language and sent to each who may see it
at that moment. A page that was away comes back with what it has seen; what has changed
meanwhile it gets anew.
"""

from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import lru_cache
from typing import Protocol

from starlette.responses import Response, StreamingResponse

from bot.core.ids import Millis
from bot.engine.live import HEARTBEAT, Change, Feed, Feeds, frame

STREAM_HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}
VIEWS_KEPT = 4_000
DAY: Millis = 86_400_000


class Moved(Exception):
    """The sign-in goes on under another token: the page is to come back by itself."""


class Views:
    """Pieces of pages, kept for as long as what they show has not changed."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[object, ...], str] = OrderedDict()

    async def get(self, key: tuple[object, ...], make: Callable[[], Awaitable[str]]) -> str:
        """The piece under `key`, made if it is not at hand."""
        if key not in self._kept:
            self._kept[key] = await make()
            if len(self._kept) > VIEWS_KEPT:
                self._kept.popitem(last=False)
        return self._kept[key]


class Shown(Protocol):
    """What one open page follows."""

    async def topics(self) -> Iterable[str] | None:
        """What to follow at this moment; None when whoever has the page open may no longer."""

    async def first(self) -> list[bytes]:
        """Frames that bring a page up to date that has just come, or come back."""

    async def frames(self, changes: list[Change]) -> list[bytes]:
        """Frames for what changed."""


@lru_cache(maxsize=1_000)
def piece(event: str, **data: str) -> bytes:
    """A frame of pieces, encoded once for all pages that it goes to."""
    return frame(event, data)


NOTHING = nullcontext()


def streamed(feeds: Feeds, shown: Shown, held: AbstractContextManager[None] = NOTHING) -> Response:
    """An answer that goes on for as long as the page is open, and `held` with it."""
    return StreamingResponse(
        _frames(feeds, shown, held), media_type="text/event-stream", headers=STREAM_HEADERS
    )


async def _frames(
    feeds: Feeds, shown: Shown, held: AbstractContextManager[None]
) -> AsyncIterator[bytes]:
    with held, feeds.open() as feed, suppress(Moved):
        if not await _may(feeds, feed, shown):
            yield frame("gone", {})
            return
        yield HEARTBEAT
        for one in await shown.first():
            yield one
        while not feed.closed:
            changes = await feed.take()
            if not await _may(feeds, feed, shown):
                yield frame("gone", {})
                return
            # A beat is also how a connection that has silently gone is found out.
            frames = await shown.frames(changes) if changes else []
            for one in frames or [HEARTBEAT]:
                yield one


async def _may(feeds: Feeds, feed: Feed, shown: Shown) -> bool:
    topics = await shown.topics()
    if topics is None:
        return False
    feeds.follow(feed, topics)
    return True
