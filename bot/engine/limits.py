"""How fast somebody may go on: token buckets, in memory, for strangers only.

A restart forgets them, which costs nothing: they bound how much a flood can do at once.
"""

import ipaddress
from collections import OrderedDict
from dataclasses import dataclass

from bot.engine.ports import Clock

KEYS_MOST = 50_000


@dataclass(frozen=True, slots=True)
class Rate:
    """`burst` at once, and then `per_minute`."""

    burst: int
    per_minute: float


class Limiter:
    """One bucket per key, all of the same rate; the longest unused are forgotten first."""

    def __init__(self, clock: Clock, rate: Rate, most: int = KEYS_MOST) -> None:
        self._clock = clock
        self._burst = rate.burst
        self._per_second = rate.per_minute / 60
        self._most = most
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait(self, key: str) -> float:
        """Take one; 0 when there was one, else the seconds until there will be."""
        now = self._clock.ticks()
        left, since = self._buckets.pop(key, (float(self._burst), now))
        left = min(self._burst, left + (now - since) * self._per_second)
        allowed = left >= 1
        self._buckets[key] = (left - 1 if allowed else left, now)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - left) / self._per_second


def household(address: str) -> str:
    """Who shares the limits of `address`: for the newer kind everybody behind the same line,
    since one line has more addresses than there are buckets.
    """
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    if found.version == 4:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False))
