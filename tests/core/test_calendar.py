"""Business time agrees with a clock that is watched minute by minute."""

import random
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from bot.core.calendar import (
    ALWAYS,
    DAY,
    HOUR,
    MINUTE,
    Calendar,
    Shift,
    add,
    between,
    is_open,
    next_open,
    weekly,
)

SEED = 20261122
CALENDARS = 80
QUESTIONS = 130
WATCHED_DAYS = 12

# Days on which clocks do odd things, and where: half-hour steps, jumps at midnight, a day left out.
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
)
OFFICE = Calendar(
    zone="Europe/London", week=(((9 * 60, 12 * 60), (13 * 60, 17 * 60)),) * 5 + ((),) * 2
)


def at(zone: str, year: int, month: int, day: int, hour: int, minute: int, fold: int = 0) -> int:
    moment = datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone), fold=fold)
    return int(moment.timestamp()) * 1000


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


def test_ten_thousand_random_questions_get_the_answer_of_a_minute_by_minute_watch() -> None:
    chance = random.Random(SEED)
    asked = 0
    for number in range(CALENDARS):
        zone, anchor = ANCHORS[number % len(ANCHORS)]
        calendar = _calendar(chance, zone, anchor)
        watch = Watch(calendar, anchor - timedelta(days=5))
        for _ in range(QUESTIONS):
            _compare(calendar, watch, chance)
            asked += 1
    assert asked >= 10_000


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


def test_four_hours_from_friday_afternoon_end_on_monday_after_lunch_is_left_out() -> None:
    start = at("Europe/London", 2026, 11, 20, 16, 0)
    assert add(OFFICE, start, 4 * HOUR) == at("Europe/London", 2026, 11, 23, 12, 0)
    assert add(OFFICE, start, 4 * HOUR + 1) == at("Europe/London", 2026, 11, 23, 13, 0) + 1


def test_a_holiday_takes_away_the_night_shift_that_begins_on_it_and_no_other() -> None:
    night = ((22 * 60, 30 * 60),)
    nights = Calendar(zone="UTC", week=(night,) * 7, special={date(2026, 12, 25): ()})
    assert is_open(nights, at("UTC", 2026, 12, 25, 5, 59))
    assert not is_open(nights, at("UTC", 2026, 12, 25, 23, 0))
    assert not is_open(nights, at("UTC", 2026, 12, 26, 5, 0))
    assert is_open(nights, at("UTC", 2026, 12, 26, 22, 0))


def test_the_hour_that_comes_twice_is_worked_twice_and_the_skipped_one_not_at_all() -> None:
    night = Calendar(zone="Europe/London", week=((((22 * 60), 30 * 60),),) * 7)
    autumn = at("Europe/London", 2026, 10, 24, 12, 0)
    spring = at("Europe/London", 2026, 3, 28, 12, 0)
    assert between(night, autumn, autumn + 25 * HOUR) == 9 * HOUR
    assert between(night, spring, spring + 23 * HOUR) == 7 * HOUR


def test_a_shift_that_begins_in_the_skipped_hour_begins_when_the_clock_jumps() -> None:
    early = Calendar(zone="Europe/London", week=(((90, 240),),) * 7)
    jump = at("UTC", 2026, 3, 29, 1, 0)
    assert not is_open(early, jump - 1)
    assert is_open(early, jump)
    assert between(early, jump - DAY // 2, jump + DAY // 2) == 2 * HOUR


def test_of_an_hour_that_comes_twice_the_first_ends_a_shift() -> None:
    late = Calendar(zone="Europe/London", week=((((20 * 60), 25 * 60 + 30),),) * 7)
    assert not is_open(late, at("Europe/London", 2026, 10, 25, 1, 30))
    assert not is_open(late, at("Europe/London", 2026, 10, 25, 1, 0, fold=1))


def test_a_calendar_of_all_hours_runs_like_any_clock() -> None:
    tiled = Calendar(zone="Europe/London", week=(((0, 720), (720, 1440)),) * 7)
    start = at("UTC", 2026, 10, 24, 7, 13) + 17
    for calendar in (ALWAYS, tiled):
        assert add(calendar, start, 100 * HOUR + 3) == start + 100 * HOUR + 3
        assert between(calendar, start, start + 90 * DAY) == 90 * DAY
        assert next_open(calendar, start) == start


def test_nothing_takes_no_time_and_the_past_counts_backwards() -> None:
    closed = at("Europe/London", 2026, 11, 21, 3, 0)
    assert add(OFFICE, closed, 0) == closed
    assert between(OFFICE, closed, closed) == 0
    assert between(OFFICE, closed, closed - 5 * DAY) == -between(OFFICE, closed - 5 * DAY, closed)


def test_shifts_that_overlap_count_once() -> None:
    doubled = Calendar(zone="UTC", week=(((540, 720), (600, 780)),) * 7)
    start = at("UTC", 2026, 11, 23, 0, 0)
    assert between(doubled, start, start + DAY) == 4 * HOUR
    assert weekly(doubled) == 28 * HOUR


def test_a_calendar_that_never_opens_says_so_instead_of_searching_for_ever() -> None:
    never = Calendar(zone="UTC", week=((),) * 7)
    assert weekly(never) == 0
    with pytest.raises(ValueError, match="does not open"):
        next_open(never, 0)
    with pytest.raises(ValueError, match="does not open"):
        add(never, 0, 1)


def test_an_unknown_time_zone_is_refused() -> None:
    for zone in ("Europe/Atlantis", "../../etc/passwd", "", "Europe"):
        with pytest.raises(ValidationError, match="unknown time zone"):
            Calendar(zone=zone, week=ALWAYS.week)
