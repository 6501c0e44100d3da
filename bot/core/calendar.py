"""Business time: how long the desk has been open between two moments, and when time is up.

A calendar is a week of shifts in a time zone, with special days (a holiday is a special day
without shifts). Several shifts a day are usual. A shift whose end is not after its start
crosses midnight and belongs to the day on which it starts, so a holiday takes away the whole
of it, and the shift that began the evening before a holiday runs to its end.

Daylight saving: a shift lasts from the first moment at which the local clock has reached its
start to the first moment at which it has reached its end. A time that the clock skips is
reached when it jumps; of a time that comes twice the first counts, so whoever is at work at
the repeated hour works through it. Shifts that touch leave no gap on any day.

All moments are milliseconds since the epoch UTC, all durations milliseconds of opening time.
"""

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field

from bot.core.frozen import Frozen

DAY_MINUTES = 24 * 60
MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_MIDNIGHT = time()
# Past this many days without enough opening time something is wrong with the numbers, not late.
_MOST_DAYS = 366 * 100

Shift = tuple[int, int]
"""Start and end in minutes from midnight of the day it starts on; the end may lie past 1440."""

OpenSpan = tuple[int, int]


def known_zone(zone: str) -> str:
    """`zone` itself. Raises ValueError when it is no IANA time zone."""
    try:
        ZoneInfo(zone)
    except (ValueError, KeyError, OSError):
        raise ValueError(f"unknown time zone {zone!r}") from None
    return zone


Zone = Annotated[str, AfterValidator(known_zone)]


class Calendar(Frozen):
    """When the desk is open: shifts of Monday to Sunday, and of days that differ."""

    zone: Zone
    week: tuple[tuple[Shift, ...], ...] = Field(min_length=7, max_length=7)
    special: Mapping[date, tuple[Shift, ...]] = Field(default_factory=dict)


ALWAYS = Calendar(zone="UTC", week=(((0, DAY_MINUTES),),) * 7)


def weekly(calendar: Calendar) -> int:
    """Opening time of an ordinary week, in milliseconds; 0 for a calendar that never opens."""
    minutes = [False] * (7 * DAY_MINUTES)
    for day, shifts in enumerate(calendar.week):
        for start, end in shifts:
            for minute in range(day * DAY_MINUTES + start, day * DAY_MINUTES + end):
                minutes[minute % len(minutes)] = True
    return sum(minutes) * MINUTE


def is_open(calendar: Calendar, at: int) -> bool:
    """Whether the desk is open at `at`."""
    return next_open(calendar, at) == at


def next_open(calendar: Calendar, at: int) -> int:
    """`at` itself when the desk is open, else the next moment at which it opens."""
    return next(_open_from(calendar, at))[0]


def add(calendar: Calendar, start: int, duration: int) -> int:
    """The earliest moment by which `duration` of opening time has passed since `start`.

    Raises ValueError for a calendar that does not open for a hundred years.
    """
    if duration <= 0:
        return start
    left = duration
    for opens, closes in _open_from(calendar, start):
        if opens + left <= closes:
            return opens + left
        left -= closes - opens
    raise AssertionError("the spans have no end")


def between(calendar: Calendar, a: int, b: int) -> int:
    """Opening time between two moments; negative when `b` lies before `a`."""
    if b < a:
        return -between(calendar, b, a)
    total = 0
    for opens, closes in _open_from(calendar, a):
        if opens >= b:
            break
        total += min(closes, b) - opens
    return total


def _open_from(calendar: Calendar, at: int) -> Iterator[OpenSpan]:
    """The spans that end after `at`, in order, without overlap and without end."""
    if calendar.week == ALWAYS.week and not calendar.special:
        yield at, 1 << 62
        return
    counted = at
    for opens, closes in _spans(calendar, at):
        if closes > counted:
            yield max(opens, counted), closes
            counted = closes
    raise ValueError("the calendar does not open for a hundred years")


def _spans(calendar: Calendar, at: int) -> Iterator[OpenSpan]:
    """Every shift from the day before `at` on, as moments, by start."""
    zone = ZoneInfo(calendar.zone)
    first = (_EPOCH + at * _MS).astimezone(zone).date() - timedelta(days=2)
    for offset in range(_MOST_DAYS):
        day = first + timedelta(days=offset)
        for start, end in sorted(calendar.special.get(day, calendar.week[day.weekday()])):
            opens, closes = _reached(zone, day, start), _reached(zone, day, end)
            if opens < closes:
                yield opens, closes


def next_time(zone: str, minute: int, at: int) -> int:
    """The next moment after `at` at which the local clock reaches `minute`, once on every day."""
    place = ZoneInfo(zone)
    day = (_EPOCH + at * _MS).astimezone(place).date() - timedelta(days=1)
    return next(
        moment
        for offset in range(_MOST_DAYS)
        if (moment := _reached(place, day + timedelta(days=offset), minute)) > at
    )


def time_on(zone: str, day: date, minute: int) -> int:
    """The moment of `day` at which the local clock reaches `minute`."""
    return _reached(ZoneInfo(zone), day, minute)


def last_time(zone: str, minute: int, at: int) -> int:
    """The last moment until `at` at which the local clock reached `minute`."""
    place = ZoneInfo(zone)
    day = (_EPOCH + at * _MS).astimezone(place).date() + timedelta(days=1)
    return next(
        moment
        for offset in range(_MOST_DAYS)
        if (moment := _reached(place, day - timedelta(days=offset), minute)) <= at
    )


def minute_of(clock: str) -> int:
    """Minutes from midnight of a local time such as 14:05. Raises ValueError for anything else."""
    hour, _, minute = clock.partition(":")
    read = time(int(hour), int(minute))
    return read.hour * 60 + read.minute


def end_of(zone: str, start: int, end: int, at: int) -> int:
    """`at` itself, or when it lies between `start` and `end` of a day the moment of that end."""
    place = ZoneInfo(zone)
    today = (_EPOCH + at * _MS).astimezone(place).date()
    closes = end if end > start else end + DAY_MINUTES
    for day in (today - timedelta(days=1), today):
        till = _reached(place, day, closes)
        if start != end and _reached(place, day, start) <= at < till:
            return till
    return at


# Every clock of the desk asks for the same few mornings and evenings.
@lru_cache(maxsize=4096)
def _reached(zone: ZoneInfo, day: date, minute: int) -> int:
    """The first moment at which the local clock has reached `minute` of `day`."""
    wall = datetime.combine(day, _MIDNIGHT, zone) + timedelta(minutes=minute)
    moment = _utc(wall)
    if (_EPOCH + moment * _MS).astimezone(zone).replace(fold=0) == wall:
        return moment
    return _jump(zone, _utc(wall.replace(fold=1)), moment)


def _jump(zone: ZoneInfo, before: int, after: int) -> int:
    """The moment between the two at which the clock jumps forward, to the second."""
    low, high = before // 1000, after // 1000
    offset = _offset(zone, high)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _offset(zone, middle) == offset else (middle, high)
    return high * 1000


def _offset(zone: ZoneInfo, second: int) -> timedelta | None:
    return (_EPOCH + timedelta(seconds=second)).astimezone(zone).utcoffset()


def _utc(moment: datetime) -> int:
    return (moment - _EPOCH) // _MS
