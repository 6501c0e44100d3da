"""Pauses: destinations and whole channels that take nothing for a while, why, and until when.

A pause costs no message a try. When its time is over one message goes ahead to see; if that
arrives all others follow, else the pause goes on, longer each time. Pauses are rows, so that a
restart does not run into a platform that asked for time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import Literal

from bot.core.ids import Millis
from bot.engine.ports import Chance, Misconfigured, Outage, RateLimited
from bot.store.base import Drop, Op, Put, Row, number, text

SECOND: Millis = 1_000
NAMED_LEAST: Millis = SECOND
NAMED_MOST: Millis = 24 * 3600 * SECOND
"""However long a platform asks us to wait: after a day we ask again."""

Why = Literal["rate", "outage", "settings"]
_FIRST: dict[Why, Millis] = {"rate": 5 * SECOND, "outage": SECOND, "settings": 30 * SECOND}
_MOST: dict[Why, Millis] = {"rate": 600 * SECOND, "outage": 60 * SECOND, "settings": 600 * SECOND}
_BY_NAME: dict[str, Why] = {"rate": "rate", "outage": "outage", "settings": "settings"}


@dataclass(slots=True)
class Pause:
    """Nothing goes to `seat` of `channel` (all of the channel when empty) until `until`.

    `detail` is the platform's own sentence, for the operator; `step` counts how often the
    pause was prolonged. `trying`: one message is on its way to see whether it is over.
    """

    channel: str
    seat: str
    why: Why
    detail: str
    since: Millis
    until: Millis
    step: int = 0
    trying: bool = False

    @property
    def destination(self) -> str:
        """What is paused, as the row is called."""
        return f"{self.channel}/{self.seat}" if self.seat else self.channel


def backoff(step: int, first: Millis, most: Millis, chance: Chance) -> Millis:
    """Twice as long each time, at most `most`, and never in step with others."""
    whole = min(first << min(step, 30), most)
    share = int.from_bytes(chance(2), "big") / 0xFFFF
    return whole // 2 + round(whole / 2 * share)


def named_wait(raw: object, now: Millis) -> Millis | None:
    """How long a platform asks us to wait, in milliseconds; None when that makes no sense.

    It may say so in seconds, as a number or in words, or name a date.
    """
    seconds = _seconds(raw, now)
    if seconds is None or not isfinite(seconds) or seconds < 0:
        return None
    return max(NAMED_LEAST, round(min(seconds, NAMED_MOST / SECOND) * SECOND))


def _seconds(raw: object, now: Millis) -> float | None:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        return None
    try:
        return float(raw)
    except OverflowError:
        return NAMED_MOST / SECOND
    except ValueError:
        return _until(str(raw), now)


def _until(date: str, now: Millis) -> float | None:
    try:
        return parsedate_to_datetime(date).timestamp() - now / SECOND
    except (ValueError, OverflowError):
        return None


class Pauses:
    """The pauses of all channels, and what must be written of their changes."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._by: dict[tuple[str, str], Pause] = {}
        self._ops: list[Op] = []

    def load(self, row: Row, now: Millis) -> None:
        """A pause that was there before the start; with it settings may have been mended."""
        one = Pause(
            channel=text(row, "channel"),
            seat=text(row, "seat"),
            why=_BY_NAME.get(text(row, "why"), "outage"),
            detail=text(row, "detail"),
            since=number(row, "since"),
            until=now if row["why"] == "settings" else number(row, "until"),
            step=number(row, "step"),
        )
        self._by[one.channel, one.seat] = one

    def taken(self) -> list[Op]:
        """What must be written of the changes since the last time."""
        ops, self._ops = self._ops, []
        return ops

    @property
    def all(self) -> tuple[Pause, ...]:
        """Every pause there is, the oldest first."""
        return tuple(sorted(self._by.values(), key=lambda one: one.since))

    def _over(self, channel: str, seat: str) -> Iterator[Pause]:
        """The pauses that hold back a message to `seat`."""
        for key in ((channel, ""), (channel, seat)):
            if key in self._by:
                yield self._by[key]

    def free_at(self, channel: str, seat: str, now: Millis) -> Millis | None:
        """When a message may go to `seat`; None while another one is trying the way."""
        at = now
        for pause in self._over(channel, seat):
            if pause.trying:
                return None
            at = max(at, pause.until)
        return at

    def begin(self, channel: str, seat: str) -> None:
        """A message sets out; in a pause that is over it is the one that tries the way."""
        for pause in self._over(channel, seat):
            pause.trying = True

    def back(self, channel: str, seat: str) -> None:
        """A message came to an end that says nothing about the way."""
        for pause in self._over(channel, seat):
            pause.trying = False

    def arrived(self, channel: str, seat: str) -> list[Pause]:
        """The platform took something: the pauses that are over now."""
        over = list(self._over(channel, seat))
        for pause in over:
            del self._by[pause.channel, pause.seat]
            self._ops.append(Drop("pauses", {"destination": pause.destination}))
        return over

    def shift(self, by: Millis) -> None:
        """The clock was set by so much: everything ends that much earlier or later on it."""
        for one in self._by.values():
            one.since, one.until = one.since + by, one.until + by
            self._ops.append(Put("pauses", _row(one)))

    def mended(self, channel: str, seat: str) -> Pause | None:
        """Somebody mended what `seat` was paused for: the pause that is over now."""
        pause = self._by.get((channel, seat))
        if pause is None or pause.why != "settings":
            return None
        del self._by[channel, seat]
        self._ops.append(Drop("pauses", {"destination": pause.destination}))
        return pause

    def paused(
        self, channel: str, seat: str, fault: RateLimited | Outage | Misconfigured, now: Millis
    ) -> Pause:
        """Begin or prolong the pause that `fault` asks for."""
        self.back(channel, seat)
        why: Why = "settings"
        if isinstance(fault, RateLimited | Outage):
            why = "rate" if isinstance(fault, RateLimited) else "outage"
        where = "" if fault.whole else seat
        old = self._by.get((channel, where))
        if old is not None and old.until > now:
            # Others that were on their way already say the same once more.
            step = old.step
        else:
            step = old.step + 1 if old is not None and old.why == why else 0
        pause = Pause(
            channel=channel,
            seat=where,
            why=why,
            detail=str(fault),
            since=now if old is None else old.since,
            until=max(now + self._wait(why, step, fault, now), 0 if old is None else old.until),
            step=step,
        )
        self._by[channel, where] = pause
        self._ops.append(Put("pauses", _row(pause)))
        return pause

    def _wait(self, why: Why, step: int, fault: Exception, now: Millis) -> Millis:
        asked = fault.retry_after if isinstance(fault, RateLimited | Outage) else None
        named = named_wait(asked, now)
        if named is not None:
            return named
        return backoff(step, _FIRST[why], _MOST[why], self._chance)


def _row(pause: Pause) -> Row:
    return {
        "destination": pause.destination,
        "channel": pause.channel,
        "seat": pause.seat,
        "why": pause.why,
        "detail": pause.detail,
        "since": pause.since,
        "until": pause.until,
        "step": pause.step,
    }
