"""A house for which time goes by faster, with the platform that it talks to in the same time.

`HASTE` is how many times as fast, `HASTE_SINCE` when both clocks stood at the computer's own.
"""

import os
import time
from unittest.mock import patch

from bot.core.ids import Millis
from bot.wiring import House, SystemClock
from tests.proof.http import server


class HastyClock:
    """The computer's clock, so many times as fast since a moment."""

    def __init__(self, haste: float, since: float) -> None:
        self._haste = haste
        self._since = since

    def now(self) -> Millis:
        """Milliseconds since the epoch."""
        return int((self._since + (time.time() - self._since) * self._haste) * 1_000)

    def ticks(self) -> float:
        """Seconds that never go back."""
        return time.monotonic() * self._haste

    async def wait_until(self, at: Millis) -> None:
        """Return at `at`, or earlier to be asked again."""
        real = SystemClock()
        await real.wait_until(real.now() + round((at - self.now()) / self._haste))


def run() -> None:
    """`muster` as the other proofs have it, in this time."""
    clock = HastyClock(float(os.environ["HASTE"]), float(os.environ["HASTE_SINCE"]))
    with patch.object(House, "clock", clock):
        server.run()
