"""Business time agrees with a clock that is watched minute by minute."""

import random
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from bot.core.calendar import (
    ALWAYS,
    DAY,
    HOUR,
    MINUTE,
    Calendar,
    add,
    between,
    is_open,
    last_time,
    minute_of,
    next_open,
    weekly,
)
from tests.core.calendar_oracle import ANCHORS, questions
from tests.workflows.kit import PLAYBOOK

SEED = 20261122
OFFICE = Calendar(
    zone="Europe/London", week=(((9 * 60, 12 * 60), (13 * 60, 17 * 60)),) * 5 + ((),) * 2
)


def at(zone: str, year: int, month: int, day: int, hour: int, minute: int, fold: int = 0) -> int:
    moment = datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone), fold=fold)
    return int(moment.timestamp()) * 1000


def test_random_questions_get_the_answer_of_a_minute_by_minute_watch() -> None:
    """practice 2.3: clocks run on business hours and pause only in named states. A slice of the
    10,000 cases of `./dev prove calendar`: every odd clock of the list, twice.
    """
    chance = random.Random(SEED)
    assert sum(1 for _ in questions(chance, 2 * len(ANCHORS), 25, PLAYBOOK)) == 50 * len(ANCHORS)


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


def test_a_time_of_the_clock_was_last_reached_today_or_the_day_before() -> None:
    noon = at("Europe/London", 2026, 11, 23, 12, 0)
    assert last_time("Europe/London", minute_of("12:00"), noon) == noon
    assert last_time("Europe/London", minute_of("11:15"), noon) == noon - 45 * MINUTE
    assert last_time("Europe/London", minute_of("12:01"), noon) == noon - DAY + MINUTE
    after_spring = at("Europe/London", 2027, 3, 28, 3, 0)
    assert (
        last_time("Europe/London", minute_of("00:30"), after_spring) == after_spring - 90 * MINUTE
    )


def test_what_is_no_time_of_the_clock_is_refused() -> None:
    for clock in ("", "25:00", "12:60", "noon", "-1:00"):
        with pytest.raises(ValueError, match=r".*"):
            minute_of(clock)
