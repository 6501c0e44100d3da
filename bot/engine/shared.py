"""Answers that are the same for everybody: asked for once, until something changes.

When a thousand open pages are told of one change, they all ask the same thing at once. Whether
somebody may know the answer is never shared; ask that first, and for each of them.
"""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, TypeVar

from bot.engine.hub import Changed, Hub, News

MOST = 4_000
T = TypeVar("T")


class Shared:
    """Answers since the last commit, those that are being made included."""

    def __init__(self, hub: Hub) -> None:
        self._kept: dict[Hashable, asyncio.Future[Any]] = {}
        hub.listen(self._hear)

    async def get(self, key: Hashable, make: Callable[[], Awaitable[T]]) -> T:
        """The answer under `key`. Raises what `make` raises, and then keeps nothing."""
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) >= MOST:
                self._kept.clear()
            found = self._kept[key] = asyncio.ensure_future(make())
            found.add_done_callback(lambda done: self._settled(key, done))
        # Whoever hangs up takes nothing from the others.
        answer: T = found.result() if found.done() else await asyncio.shield(found)
        return answer

    def _settled(self, key: Hashable, done: asyncio.Future[Any]) -> None:
        failed = done.cancelled() or done.exception() is not None
        if failed and self._kept.get(key) is done:
            del self._kept[key]

    def _hear(self, news: News) -> None:
        if isinstance(news, Changed):
            self._kept.clear()
