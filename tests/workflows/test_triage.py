"""Seen, taken, assessed, held, handed over, restricted, noted."""

from collections.abc import Callable

import pytest

from bot.core.commands import Actor, Command, Refused
from bot.core.incident_commands import (
    AcknowledgeIncident,
    AssessIncident,
    CancelIncident,
    CloseIncident,
    HandOverIncident,
    HoldIncident,
    OverridePriority,
    RestrictIncident,
    ResumeIncident,
    TakeIncident,
    WriteIncidentNote,
)
from bot.core.incident_events import PriorityChanged
from bot.core.intents import Do, Find, Members, Ring, Say
from bot.core.person_words import Role
from bot.core.personal import Personal
from bot.core.priority import Level, Priority
from bot.core.texts import When, Who
from tests.workflows.desk import (
    P2,
    P4,
    RITA,
    RITA_ACTS,
    Desk,
    held,
    nothing_yet,
    opened,
    opening,
    resolved,
    staff,
    taken,
)
from tests.workflows.kit import (
    ADMIN_ACTS,
    ANA,
    ANA_ACTS,
    AT,
    BEN,
    BEN_ACTS,
    CHIEF_ACTS,
    CUSTOMER_ACTS,
    DAY,
    HOUR,
    INCIDENT,
    MINUTE,
    actor,
    names,
)

ACKNOWLEDGE = AcknowledgeIncident(incident=INCIDENT)
TAKE = TakeIncident(incident=INCIDENT)
TO_BEN = HandOverIncident(incident=INCIDENT, to=BEN)
ASSESS = AssessIncident(incident=INCIDENT, impact=Level.HIGH, urgency=Level.HIGH)
OVERRIDE = OverridePriority(incident=INCIDENT, priority=Priority.P1, reason="A clinic")
HOLD = HoldIncident(incident=INCIDENT, reason="Waits for parts")
RESUME = ResumeIncident(incident=INCIDENT)
RESTRICT = RestrictIncident(incident=INCIDENT, visibility="restricted", reason="Distress")
NOTE = WriteIncidentNote(incident=INCIDENT, words="Asked the landlord")

STEPS = (ACKNOWLEDGE, TAKE, TO_BEN, ASSESS, OVERRIDE, HOLD, RESUME)


def acknowledged() -> Desk:
    desk = opened()
    desk.do(ACKNOWLEDGE, ANA_ACTS)
    return desk


def closed() -> Desk:
    desk = resolved()
    desk.do(CloseIncident(incident=INCIDENT), ANA_ACTS)
    return desk


def cancelled() -> Desk:
    desk = opened()
    desk.do(CancelIncident(incident=INCIDENT, reason="Not ours"), ANA_ACTS)
    return desk


BEN_IS_STAFF = {"reads": {BEN: staff(BEN, "agent")}}


@pytest.mark.parametrize(
    ("desk", "command", "by", "decided"),
    [
        (opened, ACKNOWLEDGE, ANA_ACTS, ["IncidentAcknowledged"]),
        (acknowledged, ACKNOWLEDGE, ANA_ACTS, []),
        (acknowledged, ACKNOWLEDGE, BEN_ACTS, "acknowledged"),
        (taken, ACKNOWLEDGE, ANA_ACTS, []),
        (taken, ACKNOWLEDGE, BEN_ACTS, "acknowledged"),
        (opened, TAKE, ANA_ACTS, ["IncidentAcknowledged", "IncidentTaken"]),
        (acknowledged, TAKE, BEN_ACTS, ["IncidentTaken"]),
        (taken, TAKE, ANA_ACTS, []),
        (held, TAKE, ANA_ACTS, []),
        (taken, TAKE, BEN_ACTS, "taken"),
        (held, TAKE, BEN_ACTS, "taken"),
        (opened, TO_BEN, ANA_ACTS, ["IncidentHandedOver"]),
        (taken, TO_BEN, ANA_ACTS, ["IncidentHandedOver"]),
        (taken, TO_BEN, CHIEF_ACTS, ["IncidentHandedOver"]),
        (held, TO_BEN, ANA_ACTS, ["IncidentHandedOver"]),
        (opened, HOLD, ANA_ACTS, "not_in_progress"),
        (acknowledged, HOLD, ANA_ACTS, "not_in_progress"),
        (taken, HOLD, ANA_ACTS, ["IncidentHeld"]),
        (held, HOLD, ANA_ACTS, []),
        (held, RESUME, ANA_ACTS, ["IncidentResumed"]),
        (taken, RESUME, ANA_ACTS, []),
        (opened, RESUME, ANA_ACTS, "not_held"),
        (opened, ASSESS, ANA_ACTS, ["PriorityChanged"]),
        (opened, OVERRIDE, ANA_ACTS, ["PriorityChanged"]),
        (opened, RESTRICT, ANA_ACTS, ["VisibilityChanged"]),
        (resolved, RESTRICT, ANA_ACTS, ["VisibilityChanged"]),
        (opened, NOTE, ANA_ACTS, ["IncidentNoteWritten"]),
        (closed, NOTE, ANA_ACTS, ["IncidentNoteWritten"]),
    ],
)
def test_each_step_from_each_state(
    desk: Callable[[], Desk], command: Command, by: Actor, decided: list[str] | str
) -> None:
    assert names(desk().ask(command, by, **BEN_IS_STAFF)) == decided


@pytest.mark.parametrize("command", STEPS)
@pytest.mark.parametrize(
    ("desk", "code"),
    [
        (resolved, "resolved"),
        (closed, "closed"),
        (cancelled, "cancelled"),
        (nothing_yet, "not_found"),
    ],
)
def test_nothing_is_worked_on_once_it_is_over_and_a_late_press_never_reopens(
    desk: Callable[[], Desk], code: str, command: Command
) -> None:
    assert names(desk().ask(command, ANA_ACTS, **BEN_IS_STAFF)) == code


@pytest.mark.parametrize("command", [*STEPS, RESTRICT, NOTE])
def test_only_agents_and_supervisors_triage(command: Command) -> None:
    for stranger in (CUSTOMER_ACTS, RITA_ACTS, ADMIN_ACTS, actor(ANA, "stakeholder")):
        assert names(taken().ask(command, stranger, **BEN_IS_STAFF)) == "not_allowed"


# --- hands -----------------------------------------------------------------------------------


def test_taking_sets_the_owner_and_counts_as_seen() -> None:
    incident = taken().incident
    assert (incident.status, incident.owner) == ("in_progress", ANA)
    assert incident.acknowledged_at == incident.taken_at == AT + 10 * MINUTE


def test_acknowledging_needs_no_owner() -> None:
    incident = acknowledged().incident
    assert (incident.status, incident.owner, incident.acknowledged_by) == (
        "acknowledged",
        None,
        ANA,
    )


def test_who_comes_second_learns_who_has_it_and_since_when() -> None:
    desk = taken()
    desk.later(HOUR).do(NOTE, ANA_ACTS)
    for command in (TAKE, ACKNOWLEDGE):
        refused = desk.ask(command, BEN_ACTS)
        assert isinstance(refused, Refused)
        assert refused.text.args == {"who": Who(person=ANA), "time": When(at=AT + 10 * MINUTE)}


def test_after_a_change_of_hands_the_new_owner_is_named() -> None:
    desk = taken()
    desk.later(HOUR).do(TO_BEN, ANA_ACTS, **BEN_IS_STAFF)
    refused = desk.ask(TAKE, ANA_ACTS)
    assert isinstance(refused, Refused)
    assert refused.text.args == {"who": Who(person=BEN), "time": When(at=desk.at)}
    assert desk.incident.taken_at == AT + 10 * MINUTE, "figures count from the first"


def test_whoever_is_given_an_incident_that_nobody_began_begins_it_by_taking_it() -> None:
    desk = opened()
    desk.do(TO_BEN, CHIEF_ACTS, **BEN_IS_STAFF)
    assert (desk.incident.status, desk.incident.owner) == ("open", BEN)
    assert names(desk.ask(TAKE, ANA_ACTS)) == "taken"
    assert names(desk.do(TAKE, BEN_ACTS)) == ["IncidentAcknowledged", "IncidentTaken"]
    assert desk.incident.status == "in_progress"


def test_handing_over_to_the_owner_changes_nothing() -> None:
    assert taken().ask(HandOverIncident(incident=INCIDENT, to=ANA), BEN_ACTS) == []


@pytest.mark.parametrize(
    ("roles", "disabled"), [(("resource",), False), ((), False), (("agent",), True)]
)
def test_only_staff_who_may_act_are_given_incidents(
    roles: tuple[Role, ...], disabled: bool
) -> None:
    reads = {BEN: staff(BEN, *roles, disabled=disabled)}
    assert names(taken().ask(TO_BEN, ANA_ACTS, reads=reads)) == "not_staff"


@pytest.mark.parametrize("to", ["", "nobody", INCIDENT, RITA])
def test_whom_nobody_knows_is_given_nothing(to: str) -> None:
    assert names(taken().ask(HandOverIncident(incident=INCIDENT, to=to), ANA_ACTS)) == "not_staff"


def test_customers_hear_that_it_was_taken_without_a_name() -> None:
    desk = opened()
    desk.do(TAKE, ANA_ACTS)
    assert desk.says() == [("reporters", "An agent has taken it.")]
    assert [one.until for one in desk.wants(Say)] == [AT + DAY]
    told = desk.wants(Do)
    assert [(one.stream, one.command.stage, one.command.person) for one in told] == [
        (Members(of="streams", stream=INCIDENT), "taken", ANA)
    ]


def test_without_a_report_nobody_is_told() -> None:
    desk = nothing_yet()
    desk.do(opening(report=None), ANA_ACTS)
    desk.do(TAKE, ANA_ACTS)
    assert desk.says() == []
    assert desk.wants(Do) == []


def test_a_new_owner_is_rung_and_the_reports_know_whom_to_call() -> None:
    desk = taken()
    desk.do(TO_BEN, ANA_ACTS, **BEN_IS_STAFF)
    assert Ring(person=BEN, why="handed_over") in desk.intents
    assert [one.command.person for one in desk.wants(Do)] == [BEN]
    assert [one for one, _ in desk.says()] == ["reporters"], "they need not say it all again"


# --- priority --------------------------------------------------------------------------------


def test_the_matrix_gives_the_priority_of_what_a_person_judged() -> None:
    desk = opened(P4)
    desk.do(ASSESS, ANA_ACTS)
    assert desk.incident.priority is Priority.P1
    assert desk.ask(ASSESS, BEN_ACTS) == []


def test_danger_stays_p1_whatever_is_judged() -> None:
    desk = opened(danger=True)
    desk.do(AssessIncident(incident=INCIDENT, impact=Level.LOW, urgency=Level.LOW), ANA_ACTS)
    assert desk.incident.priority is Priority.P1


def test_a_person_may_override_with_a_reason_which_is_sealed() -> None:
    desk = opened(P4)
    desk.do(OVERRIDE, ANA_ACTS)
    incident = desk.incident
    assert (incident.priority, incident.overridden, incident.impact) == (
        Priority.P1,
        True,
        Level.LOW,
    )
    (changed,) = [one for one in desk.events if isinstance(one, PriorityChanged)]
    assert changed.reason == Personal(incident.subject, "A clinic")
    assert desk.ask(OVERRIDE, BEN_ACTS) == []


def test_overriding_is_a_judgement_also_where_it_changes_nothing_or_changes_again() -> None:
    desk = opened(P4)
    for priority in (Priority.P4, Priority.P2, Priority.P1):
        command = OVERRIDE.model_copy(update={"priority": priority})
        assert names(desk.do(command, ANA_ACTS)) == ["PriorityChanged"]
        assert (desk.incident.priority, desk.incident.overridden) == (priority, True)


def test_judging_anew_ends_the_override() -> None:
    desk = opened(P4)
    desk.do(OVERRIDE, ANA_ACTS)
    same = AssessIncident(incident=INCIDENT, impact=Level.LOW, urgency=Level.MEDIUM)
    assert names(desk.do(same, ANA_ACTS)) == ["PriorityChanged"]
    assert (desk.incident.priority, desk.incident.overridden) == (Priority.P4, False)


def test_what_becomes_most_pressing_rings() -> None:
    desk = taken(P4)
    desk.do(ASSESS, BEN_ACTS)
    assert Ring(person=ANA, why="priority") in desk.intents


# --- holding ---------------------------------------------------------------------------------


def test_a_hold_moves_what_is_promised_by_as_much_business_time() -> None:
    desk = held(P2)
    promised = desk.incident.targets
    desk.later(2 * HOUR).do(RESUME, ANA_ACTS)
    incident = desk.incident
    assert promised.resolve is not None
    assert incident.targets.resolve == promised.resolve + 2 * HOUR
    assert incident.targets.update == promised.update, "people were told this time"
    assert (incident.status, incident.held_ms) == ("in_progress", 2 * HOUR)


def test_a_night_on_hold_costs_no_office_hours() -> None:
    """23 h 40 min were left on Monday at 10:50; they run again when the office opens."""
    desk = held()
    assert desk.incident.targets.resolve == AT + 2 * DAY + 5 * HOUR + 30 * MINUTE
    desk.at = AT + 21 * HOUR  # Tuesday, 07:30
    desk.do(RESUME, ANA_ACTS)
    assert desk.incident.targets.resolve == AT + 3 * DAY + 2 * HOUR + 10 * MINUTE


def test_several_holds_add_up() -> None:
    desk = held(P2)
    promised = desk.incident.targets.resolve
    desk.later(HOUR).do(RESUME, ANA_ACTS)
    desk.later(HOUR).do(HOLD, ANA_ACTS)
    desk.later(HOUR).do(RESUME, ANA_ACTS)
    assert promised is not None
    assert desk.incident.targets.resolve == promised + 2 * HOUR
    assert desk.incident.held_ms == 2 * HOUR


# --- restricting, noting ---------------------------------------------------------------------


def test_a_restricted_incident_is_hidden_from_other_agents() -> None:
    desk = taken()
    desk.do(RESTRICT, ANA_ACTS)
    assert names(desk.ask(NOTE, BEN_ACTS)) == "not_found"
    assert names(desk.ask(NOTE, CHIEF_ACTS)) == ["IncidentNoteWritten"]
    assert names(desk.ask(NOTE, ANA_ACTS)) == ["IncidentNoteWritten"], "its owner"
    assert desk.ask(RESTRICT, ANA_ACTS) == []


def test_a_note_is_about_the_incidents_own_subject_and_can_be_found() -> None:
    desk = opened()
    desk.do(NOTE, ANA_ACTS)
    words = Personal(desk.incident.subject, "Asked the landlord")
    assert [(one.field, one.words) for one in desk.wants(Find)] == [
        (f"note:{len(desk.events)}", words)
    ]
