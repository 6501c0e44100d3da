"""A problem is the cause of incidents: opened by the desk, linked to many, waited for by none."""

from typing import Any

import pytest

from bot.core import incident_commands as ic
from bot.core import problem_words as pw
from bot.core.commands import SYSTEM
from bot.core.ids import StreamId
from bot.core.incident import Incident
from bot.core.incident_words import Targets
from bot.core.intents import Do, DropTimer, Members, Say, SetTimer, Then
from bot.core.major_words import DeclareMajor
from bot.core.moving_words import MergeIncident, SetKind
from bot.core.personal import Personal
from bot.core.priority import Priority
from bot.core.program_words import OPEN
from bot.core.rules import Decision
from tests.workflows.desk import P2, Desk, asked, nothing_yet, opened, opening, resolved, taken
from tests.workflows.kit import (
    ANA,
    ANA_ACTS,
    BEN_ACTS,
    CHIEF_ACTS,
    CUSTOMER_ACTS,
    DAY,
    INCIDENT,
    REPORT,
    actor,
    names,
)
from tests.workflows.moves import other

FIRST, SECOND = "inc_" + "7" * 26, "inc_" + "8" * 26
PROBLEM = "inc_" + "9" * 26
WHAT = "The same switch fails again and again"
OPEN_IT = pw.OpenProblem(incident=FIRST, others=(SECOND,), what=WHAT)


def behind(**changes: Any) -> dict[StreamId, Incident]:
    """Two incidents that have something in common."""
    return {one: other(one, **changes) for one in (FIRST, SECOND)}


def problem(**changes: Any) -> Desk:
    """A problem that Ana opened from two incidents; its stream is `INCIDENT`."""
    desk = nothing_yet()
    decision = desk.do(OPEN_IT, ANA_ACTS, reads=behind(**changes))
    assert names(decision) == ["IncidentOpened", "IncidentGathered", "IncidentGathered"]
    return desk


def known_error() -> Desk:
    desk = problem()
    desk.do(pw.SetWorkaround(incident=INCIDENT, words="Switch it off and on"), ANA_ACTS)
    return desk


def elsewhere(desk: Desk, **changes: Any) -> dict[StreamId, Incident]:
    """The problem as an incident reads it."""
    found = desk.incident.model_copy(update={"stream": PROBLEM, **changes})
    return {PROBLEM: found}


LINK = pw.LinkProblem(incident=INCIDENT, problem=PROBLEM)


def linked(desk: Desk, by: Any = ANA_ACTS, to: Desk | None = None, **changes: Any) -> Decision:
    return desk.do(LINK, by, reads=elsewhere(to or known_error(), **changes))


# --- the problem -----------------------------------------------------------------------------


def test_practice_2_1_one_problem_links_many_incidents_each_of_which_learns_of_it() -> None:
    desk = problem()
    assert desk.incident.incident_kind == "problem"
    assert desk.incident.problem.incidents == (FIRST, SECOND)
    told = [(one.stream, one.command) for one in desk.wants(Do)]
    assert told == [
        (one, pw.LinkProblem(incident=one, problem=INCIDENT, by=ANA)) for one in (FIRST, SECOND)
    ]


def test_practice_2_1_nobody_is_promised_anything_of_a_problem_nor_called_about_it() -> None:
    """No clock begins, no ladder is climbed, no resource of the category is asked."""
    desk = problem(category="power")
    assert desk.incident.targets == Targets()
    assert (desk.wants(SetTimer), desk.wants(Then), desk.wants(Say)) == ([], [], [])
    desk.do(ic.AcknowledgeIncident(incident=INCIDENT), ANA_ACTS)
    assert desk.wants(SetTimer) == []


def test_a_problem_reaches_as_far_as_the_worst_of_its_incidents_and_is_not_urgent() -> None:
    found = behind()
    grave = opened().incident.impact
    desk = nothing_yet()
    desk.do(OPEN_IT, ANA_ACTS, reads=found)
    assert (desk.incident.impact, desk.incident.urgency.value) == (grave, "low")
    assert desk.incident.priority not in (Priority.P1, Priority.P2)


def test_one_that_few_may_see_makes_a_problem_that_few_may_see() -> None:
    found = behind()
    found[SECOND] = other(SECOND, visibility="restricted")
    desk = nothing_yet()
    assert names(desk.do(OPEN_IT, ANA_ACTS, reads=found)) == "not_found"
    desk.do(OPEN_IT, CHIEF_ACTS, reads=found)
    assert desk.incident.visibility == "restricted"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"status": "merged"}, "merged"),
        ({"incident_kind": "problem"}, "problem"),
        ({"problem": known_error().incident.problem.model_copy(update={"of": PROBLEM})}, "linked"),
    ],
)
def test_a_problem_is_opened_from_incidents_that_have_none(changes: Any, code: str) -> None:
    found = {**behind(), SECOND: other(SECOND, **changes)}
    assert names(nothing_yet().ask(OPEN_IT, ANA_ACTS, reads=found)) == code


@pytest.mark.parametrize("by", [CUSTOMER_ACTS, actor("per_" + "X" * 26, OPEN), SYSTEM])
def test_practice_2_1_the_desk_alone_opens_a_problem(by: Any) -> None:
    assert names(nothing_yet().ask(OPEN_IT, by, reads=behind())) == "not_allowed"


def test_an_exercise_and_what_is_real_have_no_problem_in_common() -> None:
    found = {**behind(), SECOND: other(SECOND, mode="exercise")}
    assert names(nothing_yet().ask(OPEN_IT, ANA_ACTS, reads=found)) == "mode"
    assert names(linked(opened(), mode="exercise")) == "mode"


def test_the_cause_and_the_workaround_are_kept_and_all_incidents_hear_of_the_latter() -> None:
    desk = problem()
    desk.do(pw.DescribeCause(incident=INCIDENT, words="A worn contact"), ANA_ACTS)
    assert desk.incident.problem.cause == Personal(desk.incident.subject, "A worn contact")
    assert desk.wants(Do) == []
    desk.do(pw.SetWorkaround(incident=INCIDENT, words="Switch it off and on"), ANA_ACTS)
    told = [one.command for one in desk.wants(Do)]
    assert told == [pw.LearnOfProblem(incident=x, problem=INCIDENT) for x in (FIRST, SECOND)]
    desk.do(pw.SetWorkaround(incident=INCIDENT), ANA_ACTS)
    assert desk.incident.problem.workaround is None


def test_practice_2_1_nor_is_anything_promised_when_it_is_opened_again_or_goes_on() -> None:
    desk = problem()
    for command in (
        ic.TakeIncident(incident=INCIDENT),
        ic.HoldIncident(incident=INCIDENT, reason="Waits for parts"),
        ic.ResumeIncident(incident=INCIDENT),
        ic.ResolveIncident(incident=INCIDENT, note="New switch"),
        ic.ReopenIncident(incident=INCIDENT, reason="It failed once more"),
    ):
        assert names(desk.do(command, ANA_ACTS))
        assert desk.incident.targets == Targets()


def test_a_problem_has_an_owner_and_tasks_and_is_put_right_and_closed() -> None:
    desk = known_error()
    desk.do(ic.TakeIncident(incident=INCIDENT), ANA_ACTS)
    task = ic.AskForResource(incident=INCIDENT, what="Replace the switch", needed=1)
    assert "TaskOpened" in names(desk.do(task, ANA_ACTS))
    done = ic.ResolveIncident(incident=INCIDENT, note="New switch", call_off=(1,))
    ended = names(desk.do(done, ANA_ACTS))
    assert ("IncidentResolved" in ended, "WrapUpBegan" in ended) == (True, False)
    desk.do(ic.CloseIncident(incident=INCIDENT), ANA_ACTS)
    assert desk.incident.status == "closed"


NONSENSE = (
    ic.PublishUpdate(incident=INCIDENT, words="Soon", audience="reporters", next_by=None),
    ic.PublishUpdate(incident=INCIDENT, words="Soon", audience="public", next_by=None),
    DeclareMajor(incident=INCIDENT, criteria=("life",)),
    MergeIncident(incident=FIRST, into=INCIDENT),
)


@pytest.mark.parametrize("command", NONSENSE)
def test_what_is_for_customers_is_refused_at_a_problem(command: Any) -> None:
    assert names(problem().ask(command, ANA_ACTS, reads=behind())) == "problem"


def test_a_report_that_comes_to_a_problem_all_the_same_makes_it_an_incident() -> None:
    desk = problem()
    desk.do(ic.AttachReport(incident=INCIDENT, report=REPORT))
    assert (desk.incident.incident_kind, desk.incident.reports) == ("incident", 1)
    assert desk.incident.targets.resolve is not None


# --- the incident ----------------------------------------------------------------------------


def test_practice_2_1_an_incident_shows_its_problem_and_the_workaround_at_once() -> None:
    desk, to = opened(), known_error()
    assert names(linked(desk, to=to)) == ["ProblemLinked", "ProblemHeard"]
    known = desk.incident.problem
    assert (known.of, known.reference) == (PROBLEM, to.incident.reference)
    assert (known.standing, known.workaround) == ("known_error", to.incident.problem.workaround)
    (told,) = [one.command for one in desk.wants(Do) if isinstance(one.command, pw.GatherIncident)]
    assert told == pw.GatherIncident(incident=PROBLEM, other=INCIDENT, by=ANA)
    assert names(linked(desk, to=to)) == []


def test_practice_2_1_of_a_problem_that_few_may_see_its_incidents_show_nothing() -> None:
    desk = opened()
    assert names(linked(desk, visibility="restricted")) == "not_found"
    linked(desk, by=CHIEF_ACTS, visibility="restricted")
    known = desk.incident.problem
    assert (known.of, known.reference, known.workaround) == (PROBLEM, "", None)


@pytest.mark.parametrize(
    ("changes", "standing"),
    [
        ({}, "known_error"),
        ({"status": "resolved"}, "resolved"),
        ({"status": "closed"}, "ended"),
        ({"visibility": "restricted"}, ""),
        ({"incident_kind": "incident"}, ""),
    ],
)
def test_an_incident_looks_how_its_problem_stands_now(changes: Any, standing: str) -> None:
    desk = opened()
    linked(desk, to=problem())
    learn = pw.LearnOfProblem(incident=INCIDENT, problem=PROBLEM)
    now = elsewhere(known_error(), **changes)
    assert names(desk.do(learn, reads=now)) == ["ProblemHeard"]
    assert desk.incident.problem.standing == standing
    assert names(desk.later(3 * DAY).ask(learn, reads=now)) == []


def test_practice_2_1_an_incident_closes_on_restored_service_and_not_on_its_cause() -> None:
    """Neither waits for the other."""
    desk = resolved()
    linked(desk)
    assert names(desk.do(ic.CloseIncident(incident=INCIDENT), ANA_ACTS))[:1] == ["IncidentClosed"]
    closed = known_error()
    closed.do(ic.TakeIncident(incident=INCIDENT), ANA_ACTS)
    done = ic.ResolveIncident(incident=INCIDENT, note="New switch")
    assert "IncidentResolved" in names(closed.ask(done, ANA_ACTS))


def test_one_that_is_over_is_linked_all_the_same_and_unlinked_in_a_press() -> None:
    desk = resolved()
    linked(desk)
    unlink = pw.UnlinkProblem(incident=INCIDENT, problem=PROBLEM)
    assert names(desk.do(unlink, BEN_ACTS)) == ["ProblemUnlinked"]
    assert desk.incident.problem.of is None
    (told,) = desk.wants(Do)
    assert told.command == pw.LetIncidentGo(incident=PROBLEM, other=INCIDENT)
    assert names(desk.ask(unlink, BEN_ACTS)) == []


def test_who_was_named_from_outside_is_counted_once_and_looks_again() -> None:
    """The problem may have moved between the press and its hearing of it."""
    desk = problem()
    third = "inc_" + "6" * 26
    desk.do(pw.GatherIncident(incident=INCIDENT, other=third, by=ANA))
    assert third in desk.incident.problem.incidents
    assert [x.command for x in desk.wants(Do)] == [
        pw.LearnOfProblem(incident=third, problem=INCIDENT)
    ]
    assert names(desk.ask(pw.GatherIncident(incident=INCIDENT, other=third, by=ANA))) == []
    desk.do(pw.LetIncidentGo(incident=INCIDENT, other=third))
    assert desk.incident.problem.incidents == (FIRST, SECOND)


def test_what_is_no_problem_gathers_nothing() -> None:
    desk = opened()
    assert names(desk.ask(pw.GatherIncident(incident=INCIDENT, other=FIRST, by=ANA))) == (
        "no_problem"
    )
    for command in (
        pw.DescribeCause(incident=INCIDENT, words="A worn contact"),
        pw.SetWorkaround(incident=INCIDENT, words="Off and on"),
    ):
        assert names(desk.ask(command, ANA_ACTS)) == "no_problem"
    assert names(linked(opened(), incident_kind="incident")) == "no_problem"


# --- the kind --------------------------------------------------------------------------------


def test_practice_2_1_an_incident_that_becomes_a_problem_and_again_one_keeps_its_history() -> None:
    desk = nothing_yet()
    desk.do(opening(P2, report=None))
    before = desk.incident
    assert before.targets.update is not None
    desk.do(SetKind(incident=INCIDENT, incident_kind="problem"), ANA_ACTS)
    assert desk.incident.targets == Targets()
    assert [x.name for x in desk.wants(DropTimer) if x.name.startswith("watch:")] == [
        "watch:acknowledged",
        "watch:unacknowledged",
    ]
    desk.do(pw.DescribeCause(incident=INCIDENT, words="A worn contact"), ANA_ACTS)
    desk.do(SetKind(incident=INCIDENT, incident_kind="incident"), ANA_ACTS)
    now = desk.incident
    assert (now.reference, now.facts, now.opened_at) == (
        before.reference,
        before.facts,
        before.opened_at,
    )
    assert now.targets.resolve == before.targets.resolve
    assert now.problem.cause is not None
    assert any(isinstance(x, SetTimer) for x in desk.intents)


@pytest.mark.parametrize(
    ("desk", "code"),
    [
        (opened(), "has_customers"),
        (opened(report=None, danger=True), "has_customers"),
        (problem(), "has_incidents"),
    ],
)
def test_what_people_wait_for_becomes_no_problem_and_what_has_incidents_stays_one(
    desk: Desk, code: str
) -> None:
    kind: Any = "incident" if code == "has_incidents" else "problem"
    assert names(desk.ask(SetKind(incident=INCIDENT, incident_kind=kind), ANA_ACTS)) == code


def test_nobody_hears_anything_of_a_problem() -> None:
    desk = known_error()
    for command in (
        ic.TakeIncident(incident=INCIDENT),
        ic.ResolveIncident(incident=INCIDENT, note="New switch"),
        ic.CloseIncident(incident=INCIDENT),
    ):
        desk.do(command, ANA_ACTS)
        heard = [one.to.of for one in desk.wants(Say) if isinstance(one.to, Members)]
        assert set(heard) <= {"beneath", "staff"}


def test_tasks_of_a_problem_are_asked_for_as_everywhere() -> None:
    assert asked().incident.tasks[0].number == 1
    assert taken().incident.owner == ANA
