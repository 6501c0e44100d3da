"""What somebody follows, and until when it is held back for them."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.core.following import (
    Wish,
    clock_of,
    held_until,
    is_scope,
    minute_of,
    parts_of,
    scope_of,
    scopes_for,
    wish_in,
)

BERLIN = "Europe/Berlin"
NIGHT = Wish(quiet=(22 * 60, 7 * 60), zone=BERLIN)
DAILY = Wish(digest=8 * 60, zone=BERLIN)


def at(moment: str, zone: str = BERLIN, fold: int = 0) -> int:
    local = datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone), fold=fold)
    return int(local.timestamp() * 1000)


def told(wish: Wish, moment: int) -> str:
    """When it may be told, in UTC; "" at once."""
    due = held_until(wish, moment)
    return "" if due is None else datetime.fromtimestamp(due / 1000, UTC).isoformat()[:16]


@pytest.mark.parametrize(
    ("wish", "moment", "due"),
    [
        (Wish(), "2026-11-22T03:00", ""),
        (NIGHT, "2026-11-22T21:59", ""),
        (NIGHT, "2026-11-22T22:00", "2026-11-23T06:00"),
        (NIGHT, "2026-11-23T06:59", "2026-11-23T06:00"),
        (NIGHT, "2026-11-23T07:00", ""),
        (Wish(quiet=(60, 120), zone=BERLIN), "2026-11-23T01:30", "2026-11-23T01:00"),
        (Wish(quiet=(60, 60), zone=BERLIN), "2026-11-23T01:00", ""),
        (DAILY, "2026-11-23T07:59", "2026-11-23T07:00"),
        (DAILY, "2026-11-23T08:00", "2026-11-24T07:00"),
        (
            Wish(digest=23 * 60, quiet=(1320, 420), zone=BERLIN),
            "2026-11-23T12:00",
            "2026-11-24T06:00",
        ),
    ],
)
def test_it_is_told_at_once_after_the_quiet_hours_or_with_the_summary(
    wish: Wish, moment: str, due: str
) -> None:
    assert told(wish, at(moment)) == due


def test_quiet_hours_over_the_night_on_which_the_clock_jumps() -> None:
    """The last Sunday of March: 02:00 is 03:00. The night is an hour shorter, nothing is lost."""
    assert told(NIGHT, at("2026-03-28T23:00")) == "2026-03-29T05:00"
    ends_in_the_gap = Wish(quiet=(22 * 60, 150), zone=BERLIN)
    assert told(ends_in_the_gap, at("2026-03-28T23:00")) == "2026-03-29T01:00"


def test_quiet_hours_that_end_in_the_hour_that_comes_twice_end_at_the_first() -> None:
    wish = Wish(quiet=(22 * 60, 150), zone=BERLIN)
    assert told(wish, at("2026-10-25T01:00")) == "2026-10-25T00:30"
    assert told(wish, at("2026-10-25T02:10", fold=1)) == ""


def test_a_summary_at_a_time_that_is_skipped_comes_and_at_one_that_comes_twice_comes_once() -> None:
    wish = Wish(digest=150, zone=BERLIN)
    assert told(wish, at("2026-03-28T12:00")) == "2026-03-29T01:00"
    assert told(wish, at("2026-10-25T01:00")) == "2026-10-25T00:30"
    assert told(wish, at("2026-10-25T02:40")) == "2026-10-26T01:30"
    assert told(wish, at("2026-10-25T02:10", fold=1)) == "2026-10-26T01:30"


@pytest.mark.parametrize("zone", ["", "Mars/Base", "../etc/passwd", "Europe/Berlin\n", "x" * 300])
def test_a_zone_that_there_is_not_fits_nobody(zone: str) -> None:
    assert not Wish(quiet=(1, 2), zone=zone).fits
    assert not Wish(digest=5, zone=zone).fits


def test_a_wish_stands_in_one_column() -> None:
    for one in (Wish(), NIGHT, DAILY, Wish(quiet=(0, 5), digest=0, zone="UTC")):
        assert one.fits
        assert wish_in(one.column) == one
    assert not Wish(digest=24 * 60, zone="UTC").fits


@pytest.mark.parametrize("typed", ["", "7", "24:00", "7:5", "07:60", "-1:00", "٠٧:٠٠", "7:00pm"])
def test_what_is_no_time_of_a_day_is_none(typed: str) -> None:
    assert minute_of(typed) is None


def test_times_of_a_day() -> None:
    assert [clock_of(minute_of(one)) for one in ("7:05", "00:00", "23:59")] == [
        "07:05",
        "00:00",
        "23:59",
    ]
    assert clock_of(None) == ""


def test_an_incident_is_heard_under_each_scope_that_covers_it_the_closest_first() -> None:
    found = scopes_for("P2;power,water", ["inc_a"])
    assert found[0] == "incident:inc_a"
    assert found[-1] == "all"
    assert "category:water+priority:P3" in found
    assert "priority:P2" in found
    assert "priority:P1" not in found
    assert found.index("category:power+priority:P2") < found.index("category:power")
    assert all(scope_of(*parts_of(one)) == one for one in found[1:])


@pytest.mark.parametrize(
    "scope",
    ["", "everything", "category:gas", "priority:P5", "priority:P1+category:power", "incident:x"],
)
def test_what_cannot_be_followed_is_no_scope(scope: str) -> None:
    assert not is_scope(scope, ["power"])
    assert is_scope("category:power+priority:P1", ["power"])
