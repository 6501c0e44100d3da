"""How fast Slack lets an app go: per channel, per method, per workspace; and what follows haste."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from bot.core.ids import Millis

Scope = Literal["channel", "method", "workspace"]
MINUTE: Millis = 60_000
BAN: Millis = 60_000
GRACE: dict[Scope, int] = {"channel": 0, "method": 5, "workspace": 10}
"""Requests that may have been under way when the 429 went out; a channel has one sender."""

TIERS = {1: 1, 2: 20, 3: 50, 4: 100}


@dataclass(slots=True)
class Bucket:
    """`burst` at once, then one every `every` milliseconds."""

    burst: int
    every: float
    left: float = -1
    at: Millis = 0

    def wait(self, now: Millis) -> float:
        """Milliseconds until there is room for one more."""
        if self.left < 0:
            self.left, self.at = self.burst, now
        self.left = min(self.burst, self.left + (now - self.at) / self.every)
        self.at = now
        return max(0.0, (1 - self.left) * self.every)

    def take(self) -> None:
        """One more."""
        self.left -= 1


@dataclass(slots=True)
class Pause:
    """Until when a key must be left alone, and how often it was not."""

    until: Millis
    hits: int = 0


@dataclass(slots=True)
class Pace:
    """Judges each request. `on` is false in tests that are not about it.

    `channel` and `workspace` are (burst, milliseconds for one more) of posted messages.
    `violations` says in a sentence each time somebody went on although a 429 told to wait.
    """

    on: bool = True
    channel: tuple[int, float] = (3, 1_000)
    workspace: tuple[int, float] = (30, 200)
    ban: Millis = BAN
    violations: list[str] = field(default_factory=list)
    refused: int = 0
    buckets: dict[str, Bucket] = field(default_factory=dict)
    pauses: dict[str, Pause] = field(default_factory=dict)

    def judge(self, method: str, tier: int, channel: str, now: Millis) -> int:
        """Seconds to wait, 0: go on. `tier` 0 is the special one of posted messages."""
        if not self.on:
            return 0
        wanted = list(self._keys(method, tier, channel))
        for scope, key, _ in wanted:
            pause = self.pauses.get(key)
            if pause and now < pause.until:
                return self._impatient(scope, key, pause, now)
        for _, key, size in wanted:
            wait = self.buckets.setdefault(key, Bucket(*size)).wait(now)
            if wait > 0:
                self.refused += 1
                seconds = max(1, math.ceil(wait / 1_000))
                self.pauses[key] = Pause(now + seconds * 1_000)
                return seconds
        for _, key, _ in wanted:
            self.buckets[key].take()
        return 0

    def _keys(
        self, method: str, tier: int, channel: str
    ) -> Iterator[tuple[Scope, str, tuple[int, float]]]:
        if tier == 0:
            yield "channel", f"messages of {channel}", self.channel
            yield "workspace", "messages of the workspace", self.workspace
        elif tier in TIERS:
            most = TIERS[tier]
            yield "method", f"{method} (tier {tier})", (max(most, 10), MINUTE / most)

    def _impatient(self, scope: Scope, key: str, pause: Pause, now: Millis) -> int:
        self.refused += 1
        pause.hits += 1
        if pause.hits > GRACE[scope]:
            early = (pause.until - now) / 1_000
            self.violations.append(f"{key}: {early:.1f} s before the end of a 429")
            pause.until = now + self.ban
        return math.ceil((pause.until - now) / 1_000)
