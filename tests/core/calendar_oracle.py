"""A watch that looks at the local clock every minute, random calendars, and questions to both."""

import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.calendar import DAY, MINUTE, Calendar, Shift, add, between, is_open, next_open
from bot.core.playbook import Playbook
from bot.core.playbook_assess import after_hold, due
from bot.core.playbook_parts import Opening
from bot.core.priority import Priority

WATCHED_DAYS = 12
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

# Days on which clocks do odd things, and where: half-hour and two-hour steps, jumps at midnight,
# a day left out, a clock that goes back for a month and forward again, a zone that changed for
# good, year ends and leap days.
ANCHORS = (
    ("Europe/London", date(2026, 3, 29)),
    ("Europe/London", date(2026, 10, 25)),
    ("America/New_York", date(2026, 3, 8)),
    ("America/New_York", date(2026, 11, 1)),
    ("Australia/Lord_Howe", date(2026, 4, 5)),
    ("Australia/Lord_Howe", date(2026, 10, 4)),
    ("Asia/Beirut", date(2026, 3, 29)),
    ("America/Havana", date(2026, 11, 1)),
    ("Pacific/Apia", date(2011, 12, 30)),
    ("Europe/Moscow", date(2014, 10, 26)),
    ("Asia/Kathmandu", date(2024, 2, 29)),
    ("Europe/London", date(2026, 12, 31)),
    ("UTC", date(2000, 2, 28)),
    ("Antarctica/Troll", date(2026, 3, 29)),
    ("Antarctica/Troll", date(2026, 10, 25)),
    ("Africa/Casablanca", date(2026, 2, 15)),
    ("Africa/Casablanca", date(2026, 3, 22)),
    ("Asia/Tehran", date(2022, 3, 22)),
    ("Asia/Tehran", date(2022, 9, 22)),
    ("Asia/Gaza", date(2026, 10, 24)),
    ("America/Sao_Paulo", date(2018, 11, 4)),
    ("Asia/Pyongyang", date(2018, 5, 4)),
    ("Pacific/Kwajalein", date(1993, 8, 21)),
    ("America/St_Johns", date(2006, 10, 29)),
    ("Pacific/Auckland", date(2027, 12, 31)),
    ("Asia/Tokyo", date(2028, 2, 29)),
    ("America/Los_Angeles", date(2100, 2, 28)),
)


class Watch:
    """The oracle: looks at the local clock every minute and notes whether a shift is on.

    It never lets the clock go back: in an hour that comes twice it goes on reading the moment
    before the clock was turned back.
    """

    def __init__(self, calendar: Calendar, first: date) -> None:
        zone = ZoneInfo(calendar.zone)
        self.start = (
            int(datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp()) * 1000
        )
        self.open: list[bool] = []
        latest = datetime.fromtimestamp(0, zone).replace(tzinfo=None)
        for minute in range(-2 * 1440, WATCHED_DAYS * 1440):
            second = self.start // 1000 + minute * 60
            latest = max(latest, datetime.fromtimestamp(second, zone).replace(tzinfo=None))
            if minute >= 0:
                self.open.append(_on(calendar, latest))
        self.passed = [0, *accumulate(MINUTE * one for one in self.open)]

    def so_far(self, moment: int) -> int:
        minute, rest = divmod(moment - self.start, MINUTE)
        return self.passed[minute] + (rest if minute < len(self.open) and self.open[minute] else 0)

    def next_open(self, moment: int) -> int | None:
        minute = (moment - self.start) // MINUTE
        if self.open[minute]:
            return moment
        later = (i for i in range(minute, len(self.open)) if self.open[i])
        found = next(later, None)
        return None if found is None else self.start + found * MINUTE


def _on(calendar: Calendar, wall: datetime) -> bool:
    for back in (0, 1):
        day = wall.date() - timedelta(days=back)
        minute = wall.hour * 60 + wall.minute + back * 1440
        shifts = calendar.special.get(day, calendar.week[day.weekday()])
        if any(start <= minute < end for start, end in shifts):
            return True
    return False


def _shift(chance: random.Random) -> Shift:
    start = chance.randrange(0, 1440, chance.choice((1, 15, 30, 60)))
    return start, start + chance.randrange(1, 1441)


def _day(chance: random.Random) -> tuple[Shift, ...]:
    return tuple(_shift(chance) for _ in range(chance.choice((0, 1, 1, 2, 3))))


def _calendar(chance: random.Random, zone: str, anchor: date) -> Calendar:
    days = [anchor + timedelta(days=chance.randint(-4, 4)) for _ in range(2)]
    week = tuple(_day(chance) for _ in range(6))
    return Calendar(
        zone=zone,
        week=(*week, (_shift(chance),)),
        special={day: _day(chance) if chance.random() < 0.5 else () for day in days},
    )


def questions(
    chance: random.Random, calendars: int, each: int, playbook: Playbook
) -> Iterator[None]:
    """Random questions, each answered as the watch answers it. Raises AssertionError otherwise."""
    for number in range(calendars):
        zone, anchor = ANCHORS[number % len(ANCHORS)]
        calendar = _calendar(chance, zone, anchor)
        watch = Watch(calendar, anchor - timedelta(days=5))
        current = _working_by(calendar, playbook)
        for _ in range(each):
            _compare(calendar, watch, chance)
            _clocks(current, calendar, watch, chance)
            yield


def _compare(calendar: Calendar, watch: Watch, chance: random.Random) -> None:
    length = WATCHED_DAYS * DAY
    a = watch.start + chance.randrange(length - 1)
    b = watch.start + chance.randrange(length - 1)
    case = (calendar, a, b)
    assert between(calendar, a, b) == watch.so_far(b) - watch.so_far(a), case
    opens = watch.next_open(a)
    assert opens is None or next_open(calendar, a) == opens, case
    assert is_open(calendar, a) == (opens == a), case
    left = watch.passed[-1] - watch.so_far(a)
    if left > 0:
        duration = chance.randint(1, left)
        due = add(calendar, a, duration)
        assert watch.so_far(due) - watch.so_far(a) == duration, (case, duration)
        assert watch.so_far(due - 1) - watch.so_far(a) < duration, (case, duration)


def _working_by(calendar: Calendar, playbook: Playbook) -> Playbook:
    """The playbook with its clocks run by `calendar`."""
    given: dict[str, Any] = dict(zip(DAYS, calendar.week, strict=True))
    given |= {"always": False, "time_zone": calendar.zone, "holidays": ()}
    opening = Opening.model_construct(special=calendar.special, **given)
    return playbook.model_copy(update={"calendars": dict.fromkeys(playbook.calendars, opening)})


def _clocks(current: Playbook, calendar: Calendar, watch: Watch, chance: random.Random) -> None:
    """Promises, and what a hold makes of them, through the clocks of an incident."""
    start, began, ended = sorted(
        watch.start + chance.randrange(WATCHED_DAYS * DAY - 1) for _ in range(3)
    )
    level = chance.choice(tuple(Priority))
    promise = current.promise(level, "incident")
    left = watch.passed[-1]
    targets = due(current, current, level, start)
    for name in ("acknowledge", "resolve"):
        at, duration = getattr(targets, name), getattr(promise, name)
        case = (calendar, start, name)
        if watch.so_far(start) + duration >= left:
            continue
        assert watch.so_far(at) - watch.so_far(start) == duration, case
        held = getattr(after_hold(current, current, level, targets, (began, ended)), name)
        paused = watch.so_far(ended) - watch.so_far(began)
        if at <= began:
            assert held == at, case
        elif watch.so_far(start) + duration + paused < left:
            assert watch.so_far(held) - watch.so_far(start) - paused == duration, (case, began)
