"""How fast Telegram lets a bot go: per chat, per group and minute, in all; what follows haste."""

import math
from collections import deque
from dataclasses import dataclass, field

from telegram.constants import FloodLimit

from bot.core.ids import Millis

SECOND: Millis = 1_000
MINUTE: Millis = 60_000
BAN: Millis = 30_000
GRACE = 10
"""Requests to other chats that may have been under way when an overall 429 went out."""


@dataclass(slots=True)
class Window:
    """At most `most` in any `span` milliseconds."""

    most: int
    span: Millis
    at: deque[Millis] = field(default_factory=deque)

    def wait(self, now: Millis, many: int = 1) -> Millis:
        """Milliseconds until there is room for so many more."""
        while self.at and now - self.at[0] >= self.span:
            self.at.popleft()
        over = len(self.at) + min(many, self.most) - self.most
        return 0 if over <= 0 else self.at[over - 1] + self.span - now

    def take(self, now: Millis, many: int = 1) -> None:
        """So many more."""
        self.at.extend([now] * many)


@dataclass(slots=True)
class Pause:
    """Until when a key must be left alone, how often it was not, and how long a ban gets."""

    until: Millis
    hits: int = 0
    ban: Millis = BAN


@dataclass(slots=True)
class Pace:
    """Judges each message and each edit. `on` is false in tests that are not about it.

    `private` is (messages, milliseconds): the small burst that a private chat bears; a group
    bears one a second and twenty a minute, edits counted. `scale` makes all limits this many
    times as wide. `violations` says in a sentence each time somebody went on although a 429 had
    told to wait; each of them makes the wait longer.
    """

    violations: list[str]
    on: bool = True
    private: tuple[int, Millis] = (3, 3_000)
    scale: int = 1
    refused: int = 0
    windows: dict[str, Window] = field(default_factory=dict)
    pauses: dict[str, Pause] = field(default_factory=dict)
    passed: dict[int, list[Millis]] = field(default_factory=dict)
    """Per chat, when something went through."""

    def judge(self, chat: int, now: Millis, many: int = 1) -> int:
        """Seconds to wait, 0: go on."""
        if not self.on:
            self.passed.setdefault(chat, []).extend([now] * many)
            return 0
        if wait := self._impatient(chat, now):
            return wait
        wanted = self._windows(chat)
        for key, window in wanted:
            each = 1 if key.endswith("a second") else many
            if wait := window.wait(now, each):
                self.refused += 1
                seconds = math.ceil(wait / SECOND)
                self.pause(key, now, seconds)
                return seconds
        for key, window in wanted:
            window.take(now, 1 if key.endswith("a second") else many)
        self.passed.setdefault(chat, []).extend([now] * many)
        return 0

    def busiest(self, chat: int, span: Millis = MINUTE) -> int:
        """The most messages and edits that a chat had in any minute."""
        at = self.passed.get(chat, [])
        return max((sum(one <= other < one + span for other in at) for one in at), default=0)

    def pause(self, key: str, now: Millis, seconds: int) -> None:
        """A 429 has gone out for a chat ("chat 5 ...") or for all."""
        name = self._name(key)
        before = self.pauses.get(name)
        ban = before.ban if before and now < before.until + MINUTE else BAN
        self.pauses[name] = Pause(now + seconds * SECOND, ban=ban)

    def _name(self, key: str) -> str:
        return " ".join(key.split()[:2]) if key.startswith("chat") else "all"

    def _impatient(self, chat: int, now: Millis) -> int:
        for name, grace in ((f"chat {chat}", 0), ("all", GRACE)):
            pause = self.pauses.get(name)
            if pause is None or now >= pause.until:
                continue
            self.refused += 1
            pause.hits += 1
            if pause.hits > grace:
                early = (pause.until - now) / SECOND
                self.violations.append(f"{name}: {early:.1f} s before the end of a 429")
                pause.until, pause.ban = now + pause.ban, pause.ban * 2
            return math.ceil((pause.until - now) / SECOND)
        return 0

    def _windows(self, chat: int) -> list[tuple[str, Window]]:
        sizes = {"all messages": (int(FloodLimit.MESSAGES_PER_SECOND), SECOND)}
        if chat < 0:
            each = int(FloodLimit.MESSAGES_PER_SECOND_PER_CHAT)
            sizes[f"chat {chat} a second"] = (each, SECOND)
            sizes[f"chat {chat} a minute"] = (int(FloodLimit.MESSAGES_PER_MINUTE_PER_GROUP), MINUTE)
        else:
            sizes[f"chat {chat} a second"] = self.private
        for key, (most, span) in sizes.items():
            self.windows.setdefault(key, Window(most * self.scale, span))
        return [(key, self.windows[key]) for key in sizes]
