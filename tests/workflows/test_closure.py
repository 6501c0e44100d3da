"""Resolved, confirmed, closed, opened again, cancelled: and no race ever opens anything."""

from collections.abc import Callable
from typing import Literal

import pytest

from bot.core.commands import Actor, Command, Refused
from bot.core.incident_commands import (
    AcknowledgeIncident,
    Arrive,
    AskForResource,
    AttachReport,
    CancelIncident,
    ClaimTask,
    CloseIncident,
    NoteReporter,
    ReopenIncident,
    ResolveIncident,
    WriteIncidentNote,
)
from bot.core.incident_events import IncidentClosed, IncidentReopened, WrapUpBegan
from bot.core.intents import Do, DropTimer, Members, Ring, SetTimer
from bot.core.personal import Personal
from bot.core.texts import When, Who
from tests.workflows.desk import (
    ETA,
    OTHER_REPORT,
    RITA,
    RITA_ACTS,
    SAM_ACTS,
    Desk,
    asked,
    claimed,
    held,
    nothing_yet,
    opened,
    opening,
    resolved,
    taken,
)
from tests.workflows.kit import (
    ADMIN_ACTS,
    ANA,
    ANA_ACTS,
    AT,
    BEN_ACTS,
    CHIEF_ACTS,
    CUSTOMER_ACTS,
    DAY,
    HOUR,
    INCIDENT,
    MINUTE,
    REPORT,
    TASKS,
    names,
)

WINDOW = 3 * DAY
"""How long the default playbook lets customers say: not fixed."""
RESOLVED_AT = AT + HOUR
RESOLVE = ResolveIncident(incident=INCIDENT, note="Fuse changed", call_off=TASKS)
REOPEN = ReopenIncident(incident=INCIDENT, reason="The fuse blew again")
CLOSE = CloseIncident(incident=INCIDENT)
CANCEL = CancelIncident(incident=INCIDENT, reason="Not ours")
What = Literal["confirmed", "window_ended", "disputed", "withdrawn"]


def says(what: What, report: str = REPORT) -> NoteReporter:
    return NoteReporter(incident=INCIDENT, report=report, what=what)


def acknowledged() -> Desk:
    desk = opened()
    desk.do(AcknowledgeIncident(incident=INCIDENT), ANA_ACTS)
    return desk


def closed() -> Desk:
    desk = resolved()
    desk.do(CLOSE, ANA_ACTS)
    return desk


def cancelled() -> Desk:
    desk = opened()
    desk.do(CANCEL, ANA_ACTS)
    return desk


def reopened() -> Desk:
    desk = resolved()
    desk.do(REOPEN, ANA_ACTS)
    return desk


def of_two() -> Desk:
    """Resolved, with two reports that are asked."""
    desk = taken()
    desk.do(AttachReport(incident=INCIDENT, report=OTHER_REPORT))
    desk.later(50 * MINUTE).do(RESOLVE, ANA_ACTS)
    return desk


RESOLVED = ["IncidentResolved", "WrapUpBegan", "TaskCancelled"]
"""The playbook asked for an electrician, whom nobody needs now."""


@pytest.mark.parametrize(
    ("desk", "command", "by", "decided"),
    [
        (opened, RESOLVE, ANA_ACTS, "not_acknowledged"),
        (acknowledged, RESOLVE, ANA_ACTS, RESOLVED),
        (taken, RESOLVE, ANA_ACTS, RESOLVED),
        (taken, RESOLVE, BEN_ACTS, RESOLVED),
        (held, RESOLVE, ANA_ACTS, RESOLVED),
        (resolved, RESOLVE, ANA_ACTS, []),
        (resolved, RESOLVE, BEN_ACTS, "resolved"),
        (closed, RESOLVE, ANA_ACTS, "closed"),
        (cancelled, RESOLVE, ANA_ACTS, "cancelled"),
        (nothing_yet, RESOLVE, ANA_ACTS, "not_found"),
        (opened, CLOSE, ANA_ACTS, "not_resolved"),
        (taken, CLOSE, ANA_ACTS, "not_resolved"),
        (held, CLOSE, ANA_ACTS, "not_resolved"),
        (resolved, CLOSE, BEN_ACTS, ["IncidentClosed"]),
        (closed, CLOSE, ANA_ACTS, []),
        (cancelled, CLOSE, ANA_ACTS, "cancelled"),
        (opened, CANCEL, ANA_ACTS, ["IncidentCancelled", "TaskCancelled"]),
        (acknowledged, CANCEL, ANA_ACTS, ["IncidentCancelled", "TaskCancelled"]),
        (taken, CANCEL, ANA_ACTS, ["IncidentCancelled", "TaskCancelled"]),
        (held, CANCEL, ANA_ACTS, ["IncidentCancelled", "TaskCancelled"]),
        (resolved, CANCEL, ANA_ACTS, ["IncidentCancelled"]),
        (cancelled, CANCEL, ANA_ACTS, []),
        (cancelled, CANCEL, BEN_ACTS, "cancelled"),
        (closed, CANCEL, ANA_ACTS, "closed"),
        (resolved, REOPEN, ANA_ACTS, ["IncidentReopened", "TaskReopened"]),
        (closed, REOPEN, CHIEF_ACTS, ["IncidentReopened", "TaskReopened"]),
        (reopened, REOPEN, ANA_ACTS, []),
        (opened, REOPEN, ANA_ACTS, "working"),
        (taken, REOPEN, ANA_ACTS, "working"),
        (held, REOPEN, ANA_ACTS, "working"),
        (cancelled, REOPEN, ANA_ACTS, "cancelled"),
        (nothing_yet, REOPEN, ANA_ACTS, "not_found"),
    ],
)
def test_each_step_from_each_state(
    desk: Callable[[], Desk], command: Command, by: Actor, decided: list[str] | str
) -> None:
    assert names(desk().ask(command, by)) == decided


@pytest.mark.parametrize("command", [RESOLVE, CLOSE, CANCEL, REOPEN])
def test_agents_and_supervisors_decide_and_nobody_else(command: Command) -> None:
    for stranger in (CUSTOMER_ACTS, RITA_ACTS, ADMIN_ACTS):
        assert names(resolved().ask(command, stranger)) == "not_allowed"
    assert isinstance(resolved().ask(says("disputed"), ANA_ACTS), Refused)


@pytest.mark.parametrize(
    ("desk", "command", "code"),
    [
        (taken, RESOLVE.model_copy(update={"note": " "}), "empty"),
        (taken, RESOLVE.model_copy(update={"note": "ok"}), "too_short"),
        (taken, RESOLVE.model_copy(update={"note": "x" * 2001}), "too_long"),
        (taken, CANCEL.model_copy(update={"reason": ""}), "empty"),
        (resolved, REOPEN.model_copy(update={"reason": "again"}), "too_short"),
        (resolved, REOPEN.model_copy(update={"reason": "not again "}), "too_short"),
    ],
)
def test_a_note_or_reason_is_asked_for(
    desk: Callable[[], Desk], command: Command, code: str
) -> None:
    assert names(desk().ask(command, ANA_ACTS)) == code


# --- resolving -------------------------------------------------------------------------------


def test_resolving_asks_every_report_and_sets_the_time_to_answer() -> None:
    desk = resolved()
    told = desk.wants(Do)
    assert [(one.stream, one.command.stage, one.command.until) for one in told] == [
        (Members(of="streams", stream=INCIDENT), "resolved", RESOLVED_AT + WINDOW)
    ]
    timer = next(one for one in desk.wants(SetTimer) if one.name == "close")
    assert timer.due == RESOLVED_AT + WINDOW + MINUTE, "the last answers are heard first"
    incident = desk.incident
    assert (incident.status, incident.resolved_by) == ("resolved", ANA)
    assert incident.resolution == Personal(incident.subject, "Fuse changed")


def test_after_work_begins_with_the_owner_whoever_resolves() -> None:
    desk = taken()
    desk.do(RESOLVE, BEN_ACTS)
    assert WrapUpBegan(by=ANA) in desk.events


def test_who_resolves_second_learns_who_was_first() -> None:
    desk = resolved()
    note = WriteIncidentNote(incident=INCIDENT, words="Called them back")
    desk.later(MINUTE).do(note, ANA_ACTS)
    refused = desk.ask(RESOLVE, BEN_ACTS)
    assert isinstance(refused, Refused)
    assert refused.text.args == {"who": Who(person=ANA), "time": When(at=RESOLVED_AT)}


def test_resolving_on_hold_counts_the_hold() -> None:
    desk = held()
    desk.later(HOUR).do(RESOLVE, ANA_ACTS)
    assert (desk.incident.held_ms, desk.incident.held_since) == (HOUR, None)


def test_who_is_not_there_yet_is_stood_down_and_who_is_on_site_may_finish() -> None:
    desk = claimed()
    desk.do(AskForResource(incident=INCIDENT, what="Look at the roof"), ANA_ACTS)
    desk.do(ClaimTask(incident=INCIDENT, task=2, eta=ETA), SAM_ACTS)
    desk.do(Arrive(incident=INCIDENT, task=2), SAM_ACTS)
    desk.do(RESOLVE, ANA_ACTS)
    assert [one.status for one in desk.incident.tasks] == ["cancelled", "claimed"]
    assert Ring(person=RITA, why="task_cancelled") in desk.intents
    assert {to for to, _ in desk.says()} == {"staff"}, "customers are asked whether it is fixed"
    desk.do(CLOSE, ANA_ACTS)
    assert [one.status for one in desk.incident.tasks] == ["cancelled", "cancelled"]


# --- what those who reported it say ----------------------------------------------------------


def test_the_only_yes_closes() -> None:
    desk = resolved()
    assert names(desk.do(says("confirmed"))) == ["ReporterAnswered", "IncidentClosed"]
    incident = desk.incident
    assert (incident.status, incident.reopen_until) == ("closed", desk.at + WINDOW)
    assert [(one.command.stage, one.command.until) for one in desk.wants(Do)] == [
        ("closed", desk.at + WINDOW)
    ]
    assert DropTimer(name="close") in desk.intents


def test_the_last_of_several_closes() -> None:
    desk = of_two()
    assert names(desk.do(says("window_ended"))) == ["ReporterAnswered"]
    assert desk.incident.status == "resolved"
    decision = desk.do(says("confirmed", OTHER_REPORT))
    assert names(decision) == ["ReporterAnswered", "IncidentClosed"]


@pytest.mark.parametrize("what", ["confirmed", "window_ended"])
def test_it_is_told_whether_people_confirmed_or_their_time_ran_out(
    what: Literal["confirmed", "window_ended"],
) -> None:
    desk = resolved()
    desk.do(says(what))
    closing = desk.events[-1]
    assert isinstance(closing, IncidentClosed)
    assert closing.why == what


def test_any_no_opens_it_again() -> None:
    desk = of_two()
    desk.do(says("confirmed"))
    decision = desk.later(HOUR).do(says("disputed", OTHER_REPORT))
    assert names(decision) == ["ReporterAnswered", "IncidentReopened", "TaskReopened"]
    incident = desk.incident
    assert (incident.status, incident.owner, incident.acknowledged_at) == ("open", None, None)
    assert (incident.reopened, incident.reports_settled) == (1, 0)
    assert [one.command.stage for one in desk.wants(Do)] == ["reopened"]
    assert DropTimer(name="close") in desk.intents
    assert Ring(role="agent", why="reopened") in desk.intents


def test_a_no_opens_also_what_was_closed_meanwhile() -> None:
    desk = closed()
    assert names(desk.do(says("disputed"))) == [
        "ReporterAnswered",
        "IncidentReopened",
        "TaskReopened",
    ]
    assert desk.incident.closed_at is None


def test_a_second_no_opens_nothing_twice() -> None:
    desk = reopened()
    assert names(desk.do(says("disputed", OTHER_REPORT))) == ["ReporterAnswered"]
    assert desk.incident.reopened == 1
    assert Ring(role="supervisor", why="disputed") in desk.intents


def test_a_no_to_what_was_cancelled_is_kept_and_calls_a_supervisor() -> None:
    desk = cancelled()
    assert names(desk.do(says("disputed"))) == ["ReporterAnswered"]
    assert desk.incident.status == "cancelled"
    assert Ring(role="supervisor", why="disputed") in desk.intents


def test_everybody_is_asked_again_after_it_was_opened_again() -> None:
    desk = of_two()
    desk.do(says("confirmed"))
    desk.do(says("disputed", OTHER_REPORT))
    desk.do(AcknowledgeIncident(incident=INCIDENT), ANA_ACTS)
    desk.do(RESOLVE, ANA_ACTS)
    assert names(desk.do(says("confirmed"))) == ["ReporterAnswered"]
    decision = desk.do(says("confirmed", OTHER_REPORT))
    assert names(decision) == ["ReporterAnswered", "IncidentClosed"]


def test_who_took_their_report_back_is_not_waited_for() -> None:
    desk = taken()
    desk.do(AttachReport(incident=INCIDENT, report=OTHER_REPORT))
    assert names(desk.do(says("withdrawn", OTHER_REPORT))) == ["ReporterAnswered"]
    assert Ring(person=ANA, why="withdrawn") in desk.intents
    desk.do(RESOLVE, ANA_ACTS)
    assert names(desk.do(says("confirmed"))) == ["ReporterAnswered", "IncidentClosed"]


def test_the_last_one_waited_for_may_take_it_back_after_the_fix() -> None:
    desk = of_two()
    desk.do(says("confirmed"))
    decision = desk.do(says("withdrawn", OTHER_REPORT))
    assert names(decision) == ["ReporterAnswered", "IncidentClosed"]


def test_a_report_that_is_taken_back_never_ends_the_work() -> None:
    desk = taken()
    desk.do(says("withdrawn"))
    assert desk.incident.status == "in_progress"


def test_an_answer_about_nothing_is_not_found() -> None:
    assert names(nothing_yet().ask(says("confirmed"))) == "not_found"


# --- the end of the window -------------------------------------------------------------------


def test_when_the_time_to_answer_has_run_out_it_closes_by_itself() -> None:
    desk = resolved()
    timer = next(one for one in desk.wants(SetTimer) if one.name == "close")
    assert desk.ask(timer.command) == [], "not yet"
    desk.at = timer.due
    assert names(desk.do(timer.command)) == ["IncidentClosed"]
    assert desk.ask(timer.command) == []


def test_without_a_report_it_closes_after_the_same_time() -> None:
    desk = nothing_yet()
    desk.do(opening(report=None), ANA_ACTS)
    desk.do(AcknowledgeIncident(incident=INCIDENT), ANA_ACTS)
    desk.do(RESOLVE, ANA_ACTS)
    timer = next(one for one in desk.wants(SetTimer) if one.name == "close")
    assert timer.due == desk.at + WINDOW
    desk.at = timer.due
    assert names(desk.do(timer.command)) == ["IncidentClosed"]


def test_the_timer_of_an_earlier_fix_closes_nothing() -> None:
    desk = reopened()
    desk.later(10 * DAY)
    assert desk.ask(CLOSE) == []
    desk.do(AcknowledgeIncident(incident=INCIDENT), ANA_ACTS)
    desk.do(RESOLVE, ANA_ACTS)
    assert desk.ask(CLOSE) == [], "the new window has just begun"


# --- opening again ---------------------------------------------------------------------------


def test_an_agent_opens_it_again_with_a_reason_which_is_sealed() -> None:
    desk = reopened()
    (event,) = (one for one in desk.events if isinstance(one, IncidentReopened))
    assert event.why == "agent"
    assert event.reason == Personal(desk.incident.subject, "The fuse blew again")
    assert desk.incident.taken_at is not None, "figures remember the first time"


def test_the_way_back_ends() -> None:
    desk = closed()
    desk.at = desk.at + WINDOW
    assert names(desk.ask(REOPEN, ANA_ACTS)) == ["IncidentReopened", "TaskReopened"]
    desk.at += 1
    assert names(desk.ask(REOPEN, ANA_ACTS)) == "too_late"


def test_the_end_tells_every_report() -> None:
    desk = taken()
    desk.do(CANCEL, ANA_ACTS)
    assert [one.command.stage for one in desk.wants(Do)] == ["cancelled"]
    assert DropTimer(name="close") in desk.intents


def test_cancelling_stands_everybody_down() -> None:
    desk = asked(needed=2)
    desk.do(ClaimTask(incident=INCIDENT, task=1, eta=ETA), RITA_ACTS)
    desk.do(Arrive(incident=INCIDENT, task=1), RITA_ACTS)
    desk.do(CANCEL, ANA_ACTS)
    assert [one.status for one in desk.incident.tasks] == ["cancelled"]
    assert Ring(person=RITA, why="task_cancelled") in desk.intents
