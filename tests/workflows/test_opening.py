"""An incident begins: from a report, from what an agent saw, and as more becomes known."""

from typing import Any

import pytest

from bot.core.commands import Refused
from bot.core.events import Erased
from bot.core.ids import read_reference
from bot.core.incident_commands import (
    AddFacts,
    AssessIncident,
    AttachReport,
    CancelIncident,
    CloseIncident,
    OpenIncident,
    OverridePriority,
)
from bot.core.incident_words import Fact
from bot.core.intents import Do, Ring, SetTimer
from bot.core.personal import Personal
from bot.core.priority import Level, Priority
from bot.core.report_words import NoteStage
from tests.workflows.desk import (
    OTHER_REPORT,
    P1,
    P2,
    P3,
    P4,
    RITA_ACTS,
    SUBJECT,
    Desk,
    facts,
    held,
    nothing_yet,
    opened,
    opening,
    resolved,
    taken,
)
from tests.workflows.kit import (
    ANA,
    ANA_ACTS,
    AT,
    CUSTOMER_ACTS,
    HOUR,
    INCIDENT,
    MINUTE,
    PLAYBOOK,
    REPORT,
    names,
)


def more(
    answers: dict[str, Any] | None = None, category: str = "power", danger: bool = False
) -> AddFacts:
    return AddFacts(
        incident=INCIDENT,
        report=REPORT,
        category=category,
        facts=facts(answers or {}),
        complete=True,
        danger=danger,
    )


# --- from a report ---------------------------------------------------------------------------


def test_a_report_opens_an_incident_and_hangs_under_it() -> None:
    desk = nothing_yet()
    decision = desk.do(opening(P2, where="12 Mill Lane"))
    assert names(decision) == ["IncidentOpened", "ReportAttached"]
    incident = desk.incident
    assert (incident.status, incident.owner, incident.acknowledged_at) == ("open", None, None)
    assert (incident.reports, incident.first_report) == (1, REPORT)
    assert incident.subject != SUBJECT
    assert getattr(desk.events[0], "from_report", None) is True
    assert read_reference(incident.reference) == incident.reference


def test_what_it_copies_from_a_report_stays_about_the_customer() -> None:
    where = next(one for one in opened(where="12 Mill Lane").incident.facts if one.field == "where")
    assert isinstance(where.value, Personal)
    assert where.value.subject == SUBJECT


def test_opening_the_same_incident_again_changes_nothing() -> None:
    assert opened().ask(opening(P1, danger=True)) == []


@pytest.mark.parametrize(
    ("answers", "category", "danger", "expected"),
    [
        (P1, "power", False, Priority.P1),
        (P2, "power", False, Priority.P2),
        (P3, "power", False, Priority.P3),
        (P4, "power", False, Priority.P4),
        (P4, "power", True, Priority.P1),
        ({"safety": "unsure"}, "power", False, Priority.P1),
        ({}, "", False, Priority.P3),
        ({}, "of_another_edition", False, Priority.P3),
    ],
)
def test_the_priority_follows_from_the_answers_and_danger_is_always_p1(
    answers: dict[str, Any], category: str, danger: bool, expected: Priority
) -> None:
    assert opened(answers, category=category, danger=danger).incident.priority is expected


def test_who_is_unsure_gets_the_higher_level() -> None:
    """A category without an impact of its own counts as high until somebody knows better."""
    vague = PLAYBOOK.categories["power"].model_copy(update={"impact": None})
    playbook = PLAYBOOK.model_copy(update={"categories": {"power": vague}})
    desk = nothing_yet()
    desk.do(opening(), playbook=playbook)
    incident = desk.incident
    assert (incident.impact, incident.urgency) == (Level.HIGH, Level.MEDIUM)
    assert incident.priority is Priority.P2


def test_what_was_promised_is_due_in_business_time_from_the_opening() -> None:
    by_the_clock = opened(P2).incident.targets
    assert by_the_clock.acknowledge == AT + HOUR
    assert by_the_clock.update == AT + HOUR
    in_office_hours = opened(P3).incident.targets
    assert in_office_hours.acknowledge == AT + 4 * HOUR + 30 * MINUTE, "half an hour is lunch"
    assert in_office_hours.update is None


def test_the_playbooks_urgent_tasks_are_asked_for_in_the_same_breath() -> None:
    tasks = opened().incident.tasks
    assert [(one.template, one.skill, one.needed) for one in tasks] == [
        ("inspect", "electrical", 1)
    ]


def test_a_pressing_one_calls_the_agents() -> None:
    called = Ring(role="agent", why="opened")
    assert called in opened(P1).intents
    assert called not in opened(P3).intents


# --- from an agent ---------------------------------------------------------------------------


def test_an_agent_opens_one_from_what_they_saw() -> None:
    desk = nothing_yet()
    seen_there = {"power.extent": "building", "where": "The old mill"}
    command = opening(seen_there, report=None)
    assert names(desk.do(command, ANA_ACTS)) == ["IncidentOpened"]
    incident = desk.incident
    assert (incident.reports, incident.priority) == (0, Priority.P2)
    seen = {one.field: one.value for one in incident.facts}
    where = seen["where"]
    assert isinstance(where, Personal), "a place is personal, whoever typed it"
    assert where.subject == incident.subject
    assert where.plain() == {"text": "The old mill", "lat": None, "lon": None}
    assert getattr(desk.events[0], "from_report", None) is False
    assert seen["power.extent"] == "building"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (opening(report=REPORT), "from_report"),
        (opening(report=None, category="flood"), "unknown_category"),
        (opening({"power.colour": "red"}, report=None), "unknown_question"),
        (opening({"power.extent": "galaxy"}, report=None), "answer"),
        (opening({"photo": ("f1",)}, report=None), "unknown_question"),
        (opening({"where": ""}, report=None), "answer"),
        (opening(report=None, what="sealed elsewhere"), "answer"),
    ],
)
def test_what_an_agent_says_is_checked_like_a_customers_answers(
    command: OpenIncident, code: str
) -> None:
    assert names(nothing_yet().ask(command, ANA_ACTS)) == code


def test_nobody_else_opens_an_incident() -> None:
    for who in (CUSTOMER_ACTS, RITA_ACTS):
        assert names(nothing_yet().ask(opening(report=None), who)) == "not_allowed"


# --- more reports ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("desk", "stage"), [(opened, None), (taken, "taken"), (held, "taken"), (resolved, "resolved")]
)
def test_a_report_that_comes_later_learns_how_far_things_are(desk: Any, stage: str | None) -> None:
    story: Desk = desk()
    assert names(story.do(AttachReport(incident=INCIDENT, report=OTHER_REPORT))) == [
        "ReportAttached"
    ]
    told = [(one.stream, one.command.stage) for one in story.wants(Do)]
    assert told == ([] if stage is None else [(OTHER_REPORT, stage)])
    assert story.incident.reports == 2


def test_the_first_report_is_not_counted_twice() -> None:
    assert opened().ask(AttachReport(incident=INCIDENT, report=REPORT)) == []


def test_a_report_under_what_has_ended_is_told_so() -> None:
    desk = resolved()
    desk.do(CloseIncident(incident=INCIDENT), ANA_ACTS)
    assert names(desk.do(AttachReport(incident=INCIDENT, report=OTHER_REPORT))) == [
        "ReportAttached"
    ]
    (note,) = [one.command for one in desk.wants(Do)]
    assert (note.stage, note.until) == ("closed", desk.incident.reopen_until)
    nobody = nothing_yet().ask(AttachReport(incident=INCIDENT, report=OTHER_REPORT))
    assert names(nobody) == "not_found"


# --- more facts ------------------------------------------------------------------------------


def test_later_answers_are_added_and_replace_the_old_ones() -> None:
    desk = opened({"power.extent": "part"})
    assert names(desk.do(more({"power.extent": "part", "power.fuse": True}))) == ["FactsAdded"]
    known = {one.field: one.value for one in desk.incident.facts}
    assert known == {"power.extent": "part", "power.fuse": True}
    assert desk.ask(more({"power.fuse": True})) == [], "nothing new"


def test_later_answers_raise_the_priority() -> None:
    desk = opened(P4)
    assert names(desk.do(more(P2))) == ["FactsAdded", "PriorityChanged"]
    assert desk.incident.priority is Priority.P2
    assert desk.incident.targets.acknowledge == AT + HOUR, "counted from the opening"
    assert (desk.incident.impact, desk.incident.urgency) == (Level.HIGH, Level.MEDIUM)


def test_later_answers_never_lower_it() -> None:
    desk = opened(P2)
    assert names(desk.do(more(P4))) == ["FactsAdded"]
    assert desk.incident.priority is Priority.P2


def test_answers_that_say_nothing_new_do_not_undo_what_a_person_judged() -> None:
    desk = opened(P2)
    judged = AssessIncident(incident=INCIDENT, impact=Level.LOW, urgency=Level.MEDIUM)
    desk.do(judged, ANA_ACTS)
    assert names(desk.do(more({"power.fuse": False}))) == ["FactsAdded"]
    assert desk.incident.priority is Priority.P4


def test_answers_that_bear_out_what_a_person_judged_change_nothing_more() -> None:
    desk = opened(P4)
    judged = AssessIncident(incident=INCIDENT, impact=Level.HIGH, urgency=Level.MEDIUM)
    desk.do(judged, ANA_ACTS)
    assert names(desk.do(more(P2))) == ["FactsAdded"]


def test_an_overridden_priority_is_raised_by_danger_only() -> None:
    desk = opened(P4)
    by_hand = OverridePriority(incident=INCIDENT, priority=Priority.P3, reason="A clinic")
    desk.do(by_hand, ANA_ACTS)
    assert names(desk.do(more(P2))) == ["FactsAdded"]
    assert names(desk.do(more(danger=True))) == ["FactsAdded", "PriorityChanged"]
    assert (desk.incident.priority, desk.incident.overridden) == (Priority.P1, False)


def test_danger_outranks_what_a_person_judged_before_it_was_known() -> None:
    desk = opened(P1)
    judged = AssessIncident(incident=INCIDENT, impact=Level.LOW, urgency=Level.LOW)
    desk.do(judged, ANA_ACTS)
    assert names(desk.do(more(danger=True))) == ["FactsAdded", "PriorityChanged"]
    assert desk.incident.priority is Priority.P1
    assert desk.ask(more(danger=True)) == [], "known already"


def test_danger_may_lie_in_an_answer() -> None:
    desk = opened(P4)
    smells = more({"power.hazards": ("burning",)})
    assert names(desk.do(smells)) == ["FactsAdded", "PriorityChanged"]
    assert (desk.incident.danger, desk.incident.priority) == (True, Priority.P1)


def templates(desk: Desk) -> list[str]:
    return [one.template for one in desk.incident.tasks]


def test_a_category_that_becomes_known_asks_for_its_tasks() -> None:
    desk = opened(category="", danger=True)
    assert templates(desk) == []
    desk.do(more(category="power"))
    assert templates(desk) == ["inspect"]
    desk.do(more({"power.fuse": True}))
    assert templates(desk) == ["inspect"], "asked once"


def test_nothing_is_asked_for_where_nothing_can_be_done_or_written() -> None:
    done = resolved(category="")
    assert names(done.do(more(category="power"))) == ["FactsAdded"]
    erased = opened(category="")
    erased.happens(Erased(subject=erased.incident.subject, classes=("notes",), through=1))
    assert names(erased.do(more(category="power"))) == ["FactsAdded"]
    assert templates(done) == templates(erased) == []


def test_danger_opens_again_what_was_resolved_or_closed() -> None:
    for closes in (False, True):
        desk = resolved(P4)
        if closes:
            desk.do(CloseIncident(incident=INCIDENT), ANA_ACTS)
        decision = desk.later(HOUR).do(more(danger=True))
        assert names(decision) == [
            "IncidentReopened",
            "PriorityChanged",
            "TaskReopened",
            "FactsAdded",
        ]
        incident = desk.incident
        assert (incident.status, incident.priority, incident.danger) == ("open", Priority.P1, True)
        assert incident.targets.acknowledge == desk.at + 15 * MINUTE
        assert "target:acknowledge" in [one.name for one in desk.wants(SetTimer)]


def test_nothing_else_opens_again_what_has_ended() -> None:
    assert names(resolved().ask(more(P1))) == ["FactsAdded"]
    desk = resolved()
    desk.do(CloseIncident(incident=INCIDENT), ANA_ACTS)
    assert desk.ask(more(P1)) == []


def test_danger_in_what_was_cancelled_is_refused_aloud_so_that_the_desk_lists_it() -> None:
    desk = opened()
    desk.do(CancelIncident(incident=INCIDENT, reason="Not ours"), ANA_ACTS)
    refused = desk.ask(more(danger=True))
    assert isinstance(refused, Refused)
    assert refused.code == "cancelled"
    assert desk.ask(more(P1)) == []


def test_only_the_house_attaches_and_adds() -> None:
    for command in (more(P1), AttachReport(incident=INCIDENT, report=OTHER_REPORT)):
        assert isinstance(opened().ask(command, ANA_ACTS), Refused)


def test_a_stage_is_told_with_the_time_to_answer() -> None:
    desk = resolved()
    desk.do(AttachReport(incident=INCIDENT, report=OTHER_REPORT))
    note = desk.wants(Do)[0].command
    assert isinstance(note, NoteStage)
    assert note.until == desk.incident.confirm_until


def test_a_fact_is_compared_with_what_is_known() -> None:
    desk = opened(where="12 Mill Lane")
    again = AddFacts(
        incident=INCIDENT,
        report=REPORT,
        category="power",
        facts=(Fact(field="where", value=Personal(SUBJECT, "12 Mill Lane")),),
        complete=True,
    )
    assert desk.ask(again) == []


def test_danger_that_is_said_later_calls_every_agent_while_nobody_has_it() -> None:
    desk = opened(P4)
    desk.do(more(danger=True))
    pressing = [Ring(role="supervisor", why="priority"), Ring(role="agent", why="priority")]
    called = [Ring(role="agent", why="alarm"), Ring(role="supervisor", why="alarm")]
    assert sorted(desk.wants(Ring), key=str) == sorted([*pressing, *called], key=str)
    mine = taken(P4)
    mine.do(more(danger=True))
    assert mine.wants(Ring) == [Ring(person=ANA, why="priority")]
