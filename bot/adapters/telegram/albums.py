"""The pictures of an album come as messages of their own, and belong together."""

import asyncio
from dataclasses import replace

from bot.core.ids import Millis
from bot.engine.heard import Wrote
from bot.engine.ports import Clock
from bot.untrusted import Payload

QUIET: Millis = 600
"""After the last piece came; Telegram sends them one right after the other."""
LONGEST: Millis = 3_000
PIECES_MOST = 10


class Album:
    """Updates that are pieces of one album, in the order in which they came."""

    def __init__(self, first: Payload, clock: Clock) -> None:
        self._clock = clock
        self._began = self._last = clock.now()
        self.pieces = [first]
        self.full = asyncio.Event()
        self.outcome: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def add(self, piece: Payload) -> None:
        """One more."""
        self.pieces.append(piece)
        self._last = self._clock.now()
        if len(self.pieces) >= PIECES_MOST:
            self.full.set()

    @property
    def due(self) -> Millis:
        """When nothing more is waited for."""
        return self._last if self.full.is_set() else min(self._last + QUIET, self._began + LONGEST)

    @property
    def is_whole(self) -> bool:
        """No more pieces come, as far as anybody can know."""
        return self._clock.now() >= self.due

    def end(self, kept: bool) -> None:
        """Tell everybody who waits what became of it."""
        if not self.outcome.done():
            self.outcome.set_result(kept)


def together(pieces: list[Wrote]) -> Wrote:
    """All of it as one message: that of the words if there are any, under the first's source."""
    said = list(dict.fromkeys(one.words for one in pieces if one.words))
    # Each piece says whose it was, when they were forwarded; once is enough.
    words = [one for one in said if not any(x != one and x.startswith(one) for x in said)]
    named = next((one for one in pieces if one.words), pieces[0])
    files = tuple(file for one in pieces for file in one.files)
    return replace(pieces[0], words="\n".join(words), message=named.message, files=files)
