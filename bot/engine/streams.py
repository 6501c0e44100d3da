"""Streams at hand: the newest committed state of those that were used lately.

One process writes, so what is here is the truth until a commit replaces it; whenever a unit
is violated or a commit is in doubt the entry is dropped and read again from the store.
"""

from collections import OrderedDict
from dataclasses import dataclass

from bot.core.fold import State
from bot.core.ids import StreamId
from bot.core.rows import Listed
from bot.store.base import GENESIS


@dataclass(frozen=True, slots=True)
class Live:
    """A stream as it stands: version, hash of its last event, state, its rows in lists.

    `subjects` are those already noted as having values in this stream.
    """

    stream: StreamId
    version: int = 0
    head: bytes = GENESIS
    state: State | None = None
    rows: tuple[Listed, ...] = ()
    subjects: frozenset[str] = frozenset()


class Streams:
    """A bounded cache of `Live`, the least recently used going first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._live: OrderedDict[StreamId, Live] = OrderedDict()

    def get(self, stream: StreamId) -> Live | None:
        """The stream, if it is at hand."""
        live = self._live.get(stream)
        if live is not None:
            self._live.move_to_end(stream)
        return live

    def put(self, live: Live) -> None:
        """Remember `live`."""
        self._live[live.stream] = live
        self._live.move_to_end(live.stream)
        if len(self._live) > self._most:
            self._live.popitem(last=False)

    def drop(self, stream: StreamId) -> None:
        """Forget `stream`; the store knows it."""
        self._live.pop(stream, None)

    def clear(self) -> None:
        """Forget all."""
        self._live.clear()
