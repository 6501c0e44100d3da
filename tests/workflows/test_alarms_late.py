"""Calls after a sleep, to people who are not there, and of what few may see."""

import pytest

from bot.core import alarm_words as aw
from bot.core.alarms import found
from bot.core.incident_commands import (
    AssessIncident,
    OpenIncident,
    RestrictIncident,
)
from bot.core.intents import Do, Then
from bot.core.moving_words import TaskBrought
from bot.core.parties import Party
from bot.core.priority import Level
from bot.core.task import as_brought
from tests.workflows import kit
from tests.workflows.calling import (
    BOTH,
    TAKE,
    Called,
    House,
    coming,
    told,
    with_ladder,
)
from tests.workflows.desk import P1, P2, P4, RITA, staff
from tests.workflows.kit import (
    ANA,
    ANA_ACTS,
    AT,
    CHIEF,
    CHIEF_ACTS,
    DAY,
    HOUR,
    INCIDENT,
    MINUTE,
    PLAYBOOK,
)

# --- a server that slept ---------------------------------------------------------------------


def test_rungs_that_were_slept_through_are_logged_and_each_person_has_one_notice() -> None:
    """issue 7: a server that slept for three days; one notice each, of the highest rung."""
    house = told(answers=P1)
    house.called.clear()
    house.sleeps(AT + 3 * DAY)
    sounded = [one for one in house.events if isinstance(one, aw.AlarmSounded)][1:]
    unseen = [one for one in sounded if one.cause == "unacknowledged"]
    assert [(one.rung, one.skipped) for one in unseen] == [(3, (2,))]
    calls = [one for one in house.called if "Nobody has acknowledged" in one.said]
    assert len(calls) == 1
    assert calls[0].who == BOTH, "supervisors once, though two rungs of theirs went by"


def test_who_alone_concerned_it_is_called_too_when_their_turn_was_slept_through() -> None:
    house = coming()
    house.called.clear()
    house.sleeps(AT + 5 * HOUR)
    house.until(5 * 60 + 1)
    calls = [one for one in house.called if "was to be there" in one.said]
    assert [one.who for one in calls] == [f"role:supervisor,role:agent,person:{RITA},person:{ANA}"]
    last = [one for one in house.events if isinstance(one, aw.AlarmSounded)][-1]
    assert last.skipped == (-1, 0)


def test_a_new_priority_climbs_its_own_ladder_from_the_beginning_in_one_notice() -> None:
    """practice 2.3, issue 7: a priority that puts rungs into the past gives one notice."""
    house = told(answers=P4)
    house.until(40)
    house.do(AssessIncident(incident=INCIDENT, impact=Level.HIGH, urgency=Level.HIGH), ANA_ACTS)
    assert house.called == [
        Called(40, f"{BOTH},role:agent", house.called[0].said),
    ]
    (alarm,) = house.incident.alarms
    assert (alarm.ladder, alarm.rung, alarm.raised_at) == ("urgent", 3, AT)


def test_an_alarm_goes_over_to_the_ladder_of_the_new_priority() -> None:
    house = told(answers=P4)
    house.until(130)
    assert house.incident.alarms[0].ladder == "office"
    house.do(AssessIncident(incident=INCIDENT, impact=Level.HIGH, urgency=Level.HIGH), ANA_ACTS)
    assert [(one.cause, one.ladder) for one in house.incident.alarms] == [
        ("unacknowledged", "urgent")
    ]


def test_a_timer_that_is_late_for_what_was_acted_on_calls_nobody() -> None:
    house = told(answers=P1)
    late = house.timers["alarm:unacknowledged:"].command
    house.until(6)
    assert house.ask(late) == [], "it was sounded since"
    house.do(TAKE, ANA_ACTS)
    assert house.ask(late) == []


def test_who_is_late_is_late_where_their_task_moves_to() -> None:
    """practice 1.4: an alarm about an ETA is not lost by a merge."""
    house = coming().until(80)
    task = house.incident.tasks[0]
    other = told(answers=P2)
    other.do(TAKE, ANA_ACTS)
    came = TaskBrought(task=len(other.incident.tasks) + 1, brought=as_brought(task))
    other.happens(came)
    raised = [one.command for one in other.wants(Then)]
    about = f"{came.task}:{RITA}"
    assert aw.RaiseAlarm(incident=INCIDENT, cause="eta_passed", about=about) in raised


# --- people ----------------------------------------------------------------------------------


def test_who_has_left_is_not_called_which_the_event_says_and_the_next_rung_is_at_once() -> None:
    """issue 7: people who left."""
    house = coming()
    house.people = {ANA: staff(ANA, "agent", disabled=True), RITA: staff(RITA, disabled=True)}
    house.until(76)
    sounded = [one for one in house.events if isinstance(one, aw.AlarmSounded)]
    (one,) = [one for one in sounded if one.cause == "eta_passed"]
    assert (set(one.gone), one.rung, one.skipped) == ({RITA, ANA}, 0, (-1,))
    assert house.called[-1].who == "role:agent"


def test_when_everybody_on_the_ladder_has_left_it_goes_to_supervisors_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """issue 7: everyone unavailable; the last rung never falls silent."""
    rung = {"who": [Party(of="person", key=CHIEF)], "wait": 5 * MINUTE}
    monkeypatch.setattr(kit, "PLAYBOOK", with_ladder("urgent", rungs=[rung]))
    house = told(staff(CHIEF, "supervisor", disabled=True), answers=P1).until(12)
    sounded = [one for one in house.events if isinstance(one, aw.AlarmSounded)]
    unseen = [one for one in sounded if one.cause == "unacknowledged"]
    assert [one.gone for one in unseen] == [(CHIEF,)] * 3
    calls = [one for one in house.called if "Nobody has acknowledged" in one.said]
    assert [(one.at, one.who) for one in calls] == [(0, BOTH), (5, BOTH), (10, BOTH)]


def test_a_running_incident_keeps_its_ladder_and_todays_hours_count() -> None:
    """practice 1.5: a snapshot of the policy; the calendar is current."""
    house = told(answers=P4).until(121)
    rung = {"who": [Party(of="role", key="administrator")], "wait": MINUTE}
    always = {**PLAYBOOK.calendars, "office": PLAYBOOK.calendars["always"]}
    today = with_ladder("office", rungs=[rung]).model_copy(update={"calendars": always})
    house.today = {"playbook": today}
    house.until(13 * 60)
    calls = [one for one in house.called if "Nobody has acknowledged" in one.said]
    assert {one.who for one in calls} == {"role:agent", "role:supervisor"}
    assert [one.at for one in calls] == list(range(120, 13 * 60 + 1, 60)), "open all night now"


def test_of_what_few_may_see_only_they_are_called_alone_and_nothing_is_said_of_it() -> None:
    """practice 7.3: never to the team channel."""
    house = told(answers=P1)
    house.do(
        RestrictIncident(incident=INCIDENT, visibility="restricted", reason="A name"), CHIEF_ACTS
    )
    house.until(11)
    last = [one for one in house.called if one.at == 10][-1]
    assert last.who == "alone,role:supervisor"
    assert "Power" not in last.said
    assert house.incident.reference in last.said


def test_an_exercise_says_so() -> None:
    house = House()
    house.do(OpenIncident(report="rep_" + "1" * 26, category="power", danger=True, mode="exercise"))
    assert all(one.said.startswith("EXERCISE ") for one in house.called)
    assert house.called


# --- the house -------------------------------------------------------------------------------


def test_what_is_raised_already_stays_as_it_is_and_what_is_not_needed_is_not_raised() -> None:
    house = told(answers=P1)
    again = aw.RaiseAlarm(incident=INCIDENT, cause="unacknowledged")
    assert house.ask(again) == []
    nothing = (("promise", "resolve"), ("update_overdue", ""), ("eta_passed", f"1:{RITA}"))
    for cause, about in nothing:
        command = aw.RaiseAlarm.model_validate(
            {"incident": INCIDENT, "cause": cause, "about": about}
        )
        assert house.ask(command) == [], cause
    stop = aw.StopAlarm(incident=INCIDENT, cause="vacancy", about="scribe")
    assert house.ask(stop) == []


def test_a_flood_of_one_kind_calls_no_more_than_some_and_leaves_room_for_every_other() -> None:
    house = told(answers=P2)
    house.do(TAKE, ANA_ACTS)
    for number in range(20):
        house.do(aw.RaiseAlarm(incident=INCIDENT, cause="unanswered", about=f"rep_{number}"))
    assert len(house.incident.alarms) == 5
    house.do(aw.RaiseAlarm(incident=INCIDENT, cause="distress", about="rep_1", ladder="distress"))
    alarm = found(house.incident.alarms, "distress", "rep_1")
    assert alarm is not None
    assert alarm.ladder == "distress"


def test_a_ladder_that_the_edition_does_not_have_is_the_incidents_own() -> None:
    house = told(answers=P2)
    house.do(aw.RaiseAlarm(incident=INCIDENT, cause="vacancy", about="scribe", ladder="gone"))
    alarm = found(house.incident.alarms, "vacancy", "scribe")
    assert alarm is not None
    assert alarm.ladder == "standard"


def test_nobody_is_told_anything_outside_by_an_alarm() -> None:
    house = told(answers=P1).until(60)
    assert house.wants(Do) == []
