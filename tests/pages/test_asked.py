"""Fields of a form become a command, or a sentence that says what is missing."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.incident_commands import AskForResource, ClaimTask, PublishUpdate, ResolveIncident
from bot.pages.asked import command_of
from bot.pages.moment import Moment, Wrong

INCIDENT = "inc_" + "0" * 26
NOON = round(datetime(2026, 3, 28, 12, tzinfo=UTC).timestamp() * 1000)
MINUTE = 60_000
HERE = Moment(NOON, "Europe/London")


def eta(**given: object) -> int:
    command = command_of("claim_task", {"incident": INCIDENT, "task": "1", **given}, HERE)
    assert isinstance(command, ClaimTask)
    return command.eta


def test_minutes_are_counted_from_now() -> None:
    assert eta(minutes="30") == NOON + 30 * MINUTE
    assert eta(minutes=0) == NOON


def test_a_clock_time_is_the_next_one_here() -> None:
    assert eta(time="12:45") == NOON + 45 * MINUTE
    assert eta(time="12:00") == NOON
    assert eta(time="23:59") == NOON + (12 * 60 - 1) * MINUTE


def test_a_clock_time_wins_over_minutes() -> None:
    assert eta(time="13:00", minutes="5") == NOON + 60 * MINUTE


def test_a_clock_time_that_has_passed_is_of_tomorrow_only_when_that_is_meant() -> None:
    """The clocks go forward in that night: an hour is lost."""
    with pytest.raises(Wrong) as wrong:
        eta(time="11:00")
    assert wrong.value.refused.code == "time_passed"
    assert wrong.value.refused.text.args == {"time": "11:00"}
    assert eta(time="11:00", day="tomorrow") == NOON + 22 * 60 * MINUTE
    assert eta(time="12:45", day="tomorrow") == NOON + (24 * 60 - 15) * MINUTE


def test_over_midnight_the_next_hours_are_meant() -> None:
    late = Moment(NOON + 10 * 60 * MINUTE, "Europe/London")
    assert late.clock("00:30") == NOON + (12 * 60 + 30) * MINUTE
    assert late.clock("07:00") == NOON + 18 * 60 * MINUTE


@given(st.times(), st.booleans())
def test_every_clock_time_lies_within_two_days_or_is_asked_again(
    time: object, tomorrow: bool
) -> None:
    asked_again = None
    try:
        assert NOON - MINUTE < HERE.clock(str(time)[:5], tomorrow) <= NOON + 36 * 60 * MINUTE
    except Wrong as wrong:
        asked_again = wrong.refused.code
    assert asked_again in (None, "" if tomorrow else "time_passed")


@pytest.mark.parametrize("minutes", ["", "x", "-1", "1.5", None, "9" * 30, 10_081])
def test_minutes_that_are_none_are_asked_for(minutes: object) -> None:
    with pytest.raises(Wrong) as wrong:
        eta(minutes=minutes)
    assert wrong.value.refused.code == "no_time"


def test_the_next_update_is_by_then_or_there_is_none() -> None:
    fields = {"incident": INCIDENT, "words": "Soon", "audience": "public"}
    for given_in, by in (("30", NOON + 30 * MINUTE), ("", None)):
        command = command_of("publish_update", {**fields, "next_in": given_in}, HERE)
        assert isinstance(command, PublishUpdate)
        assert command.next_by == by


def test_an_empty_number_means_what_the_template_says() -> None:
    command = command_of("ask_for_resource", {"incident": INCIDENT, "needed": ""}, HERE)
    assert isinstance(command, AskForResource)
    assert command.needed == 0


def test_boxes_that_were_ticked_name_the_tasks_to_call_off() -> None:
    boxes = {f"call_off_{name}": "yes" for name in ("1", "12", "x", "-1", "9" * 6000, "")}
    command = command_of("resolve_incident", {"incident": INCIDENT, "note": "A", **boxes}, HERE)
    assert isinstance(command, ResolveIncident)
    assert command.call_off == (1, 12)


def test_what_is_not_a_field_is_left_out() -> None:
    fields = {"incident": INCIDENT, "next": "/x", "id": "y", "grants": ["administrator"]}
    assert command_of("take_incident", fields, HERE).model_dump() == {"incident": INCIDENT}


@pytest.mark.parametrize("tag", ["note_stage", "erase_person", "", "TakeIncident", "__class__"])
def test_what_is_not_listed_cannot_be_asked(tag: str) -> None:
    with pytest.raises(Wrong) as wrong:
        command_of(tag, {}, HERE)
    assert wrong.value.refused.code == "unknown"
