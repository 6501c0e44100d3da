"""The figures of the practice are those of the playbook that ships: nobody has to put them in."""

from bot.core.calendar import DAY, HOUR, MINUTE, is_open
from bot.core.priority import Priority
from tests.core.test_playbook_default import default


def test_practice_2_3_respond_and_resolve_are_promised_as_the_practice_says() -> None:
    targets = default().targets
    found = {one.value: (targets.of(one).acknowledge, targets.of(one).resolve) for one in Priority}
    assert found == {
        "P1": (15 * MINUTE, 4 * HOUR),
        "P2": (HOUR, 8 * HOUR),
        "P3": (4 * HOUR, 24 * HOUR),
        "P4": (8 * HOUR, 72 * HOUR),
    }
    assert targets.of(Priority.P1).warn_at == (50, 75, 90)
    assert targets.of(Priority.P2).warn_at == (50, 75, 90), "also where it does not say"


def test_practice_4_1_and_4_2_people_hear_as_often_as_the_practice_says() -> None:
    updates, major = default().updates, default().major
    assert (major.updates.first, major.updates.scope) == (5 * MINUTE, 5 * MINUTE)
    assert (major.updates.every, major.updates.relax_after) == (20 * MINUTE, 2 * HOUR)
    assert updates.of(Priority.P1).first == 5 * MINUTE
    assert updates.of(Priority.P2).every == HOUR
    assert [updates.of(one).when for one in Priority] == ["timed", "timed", "change", "close"]
    assert major.vacancy == 5 * MINUTE, "practice 3.4"


def test_practice_7_2_the_numbers_are_those_of_the_country_and_the_next_rung_is_a_minute_away() -> (
    None
):
    safety = default().safety
    assert (safety.emergency_number, safety.distress_number) == ("999", "116 123")
    ladder = default().ladders[safety.ladder or ""]
    assert {one.wait for one in ladder.rungs} == {MINUTE}
    said = [one.pick("en").split()[0].strip(".") for one in safety.guidance]
    assert said == ["Breathe", "Listen", "Ask", "Keep", "End"], "BLAKE"


def test_issue_7_on_bank_holidays_the_office_is_closed_also_where_they_fall_on_a_saturday() -> None:
    """Nobody waits for a promise on Christmas Day; a substitute day is one beside it."""
    office = default().calendar("office")
    christmas_2026, christmas_2027 = 1_798_200_000_000, 1_829_736_000_000
    for noon in (christmas_2026, christmas_2026 + DAY, christmas_2027, christmas_2027 + 2 * DAY):
        assert not is_open(office, noon - 2 * HOUR)
    assert is_open(office, christmas_2026 - 2 * DAY)
