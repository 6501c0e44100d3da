"""Incidents of a category go by the steps that it names; each customer hears their words once."""

from typing import Any

import pytest

from bot.core import alarm_words as aw
from bot.core import incident_commands as ic
from bot.core import path_words as pw
from bot.core import report_words as w
from bot.core.calendar import add
from bot.core.fold import State
from bot.core.incident import Incident
from bot.core.intents import ONCE, Do, Members, Say, Then
from bot.core.moving_words import SetCategory
from bot.core.path_steps import ahead
from bot.core.personal import Personal
from bot.core.rules import Decision
from bot.workflows.paths import TIMER
from tests.workflows.desk import OTHER_REPORT, Desk, opened, staff
from tests.workflows.kit import (
    ANA_ACTS,
    AT,
    BEN,
    DAY,
    HOUR,
    INCIDENT,
    PLAYBOOK,
    REPORT,
    TASKS,
    names,
)
from tests.workflows.reports import SUBJECT, sent

PHASES = ("report", "assess", "respond", "learn")
UNTIL = AT + 9 * DAY


def step(key: str, **more: Any) -> pw.DoPathStep:
    known: dict[str, Any] = {"words": "What there is to say", **more}
    if key == "assess":
        known = {"decision": "It is an incident", **known}
    return pw.DoPathStep(incident=INCIDENT, step=key, **known)


LEARN = step("learn", owner=BEN, until=UNTIL)


def press(desk: Desk, command: Any, **reads: Any) -> Decision:
    return desk.do(command, ANA_ACTS, reads={BEN: staff(BEN, "agent"), **reads})


def breach(done: int = 0) -> Desk:
    desk = opened(category="security")
    for key in PHASES[:done]:
        assert "PathStepDone" in names(press(desk, step(key)))
    return desk


def resolved(done: int = 3) -> Desk:
    desk = breach(done)
    note = ic.ResolveIncident(incident=INCIDENT, note="Passwords changed", call_off=TASKS)
    assert "IncidentResolved" in names(press(desk, note))
    return desk


# --- the phases ------------------------------------------------------------------------------


def test_practice_5_3_a_security_incident_follows_the_phases_each_with_its_clock() -> None:
    """Detect and report, assess and decide, respond, learn; the plan is the playbook itself."""
    own = PLAYBOOK.paths.own["security"]
    assert tuple(one.key for one in own.steps) == PHASES
    desk = breach()
    for one in own.steps[:3]:
        following = ahead(desk.incident, PLAYBOOK, PLAYBOOK)
        due = add(PLAYBOOK.calendar(own.calendar), AT, one.within)
        assert following is not None
        assert (following.step, following.due) == (one.key, due)
        desk.later(60_000)
        press(desk, step(one.key))
    assert [one.step for one in desk.incident.path.done] == list(PHASES[:3])
    assert (desk.incident.status, desk.incident.incident_kind) == ("acknowledged", "incident")


def test_practice_5_3_what_is_decided_is_kept_with_its_reason_and_what_else_could_be() -> None:
    desk = breach(1)
    assert names(press(desk, step("assess", decision=" "))) == "empty"
    assert names(press(desk, step("assess", alternatives="Wait and see"))) == [
        "DecisionRecorded",
        "PathStepDone",
    ]
    (kept,) = desk.incident.major.decisions
    subject = desk.incident.subject
    assert kept.decision == Personal(subject, "It is an incident")
    assert kept.reason == Personal(subject, "What there is to say")
    assert kept.alternatives == Personal(subject, "Wait and see")


@pytest.mark.parametrize(
    ("done", "command", "code"),
    [
        (0, step("respond"), "too_early"),
        (0, LEARN, "too_early"),
        (2, ic.ResolveIncident(incident=INCIDENT, note="Fine now", call_off=TASKS), "steps_left"),
        (3, step("learn", owner=BEN), "half"),
        (3, step("learn", until=UNTIL), "half"),
        (3, step("learn", owner=BEN, until=AT), "past"),
        (3, step("learn", owner="per_" + "Z" * 26, until=UNTIL), "not_staff"),
        (3, step("learn", words=" "), "empty"),
        (0, step("acknowledge"), "other_kind"),
    ],
)
def test_phases_go_in_order_and_a_follow_up_is_whole(done: int, command: Any, code: str) -> None:
    assert names(press(breach(done), command)) == code


def test_practice_5_3_it_is_resolved_without_learning_from_it_and_not_closed() -> None:
    desk = resolved()
    assert names(press(desk, ic.CloseIncident(incident=INCIDENT))) == "steps_left"
    told = ic.NoteReporter(incident=INCIDENT, report=REPORT, what="confirmed")
    assert names(desk.do(told)) == ["ReporterAnswered"]
    assert names(desk.later(30 * DAY).ask(ic.CloseIncident(incident=INCIDENT))) == []


def test_practice_5_3_once_somebody_learns_from_it_by_a_date_it_closes_as_it_would_have() -> None:
    """Whoever does it is called; a customer who confirmed meanwhile is not asked again."""
    desk = resolved()
    desk.do(ic.NoteReporter(incident=INCIDENT, report=REPORT, what="confirmed"))
    press(desk, LEARN)
    done = desk.incident.path.done[-1]
    assert (done.step, done.owner, done.until) == ("learn", BEN, UNTIL)
    assert desk.incident.status == "closed"
    called = [one.to.scope for one in desk.wants(Say) if getattr(one.to, "of", "") == "staff"]
    assert called == [f"person:{BEN}"]


def test_practice_5_3_or_a_reason_why_nobody_does() -> None:
    desk = resolved()
    press(desk, step("learn", words="A test of the fire brigade"))
    assert (desk.incident.path.done[-1].owner, desk.incident.status) == (None, "resolved")
    assert names(press(desk, ic.CloseIncident(incident=INCIDENT)))[0] == "IncidentClosed"


def test_practice_5_3_learning_that_is_late_calls_somebody_also_when_it_is_resolved() -> None:
    desk = resolved()
    following = ahead(desk.incident, PLAYBOOK, PLAYBOOK)
    assert following is not None
    assert following.due is not None
    note = pw.NotePathDue(incident=INCIDENT, step="learn", due=following.due)
    assert names(desk.ask(note)) == []
    desk.later(following.due - desk.at).do(note)
    assert [(one.cause, one.about) for one in desk.incident.alarms] == [("promise", "path:learn")]
    press(desk, LEARN)
    assert desk.incident.alarms == ()


def test_a_phase_that_is_late_calls_somebody_once_and_until_it_is_done() -> None:
    desk = breach()
    due = AT + PLAYBOOK.paths.own["security"].steps[0].within
    desk.later(due - AT).do(pw.NotePathDue(incident=INCIDENT, step="report", due=due))
    about = [one.about for one in desk.incident.alarms if one.cause == "promise"]
    assert about == ["path:report"]
    raised = [one.command for one in desk.wants(Then)]
    assert sum(isinstance(one, aw.RaiseAlarm) for one in raised) == 1
    press(desk, step("report"))
    assert [one.about for one in desk.incident.alarms if one.cause == "promise"] == []


def test_another_category_has_other_steps_or_none() -> None:
    desk = breach(1)
    due = AT + HOUR
    desk.later(HOUR).do(pw.NotePathDue(incident=INCIDENT, step="assess", due=due))
    moved = press(desk, SetCategory(incident=INCIDENT, category="building"))
    assert names(moved) == ["CategoryChanged"]
    assert ahead(desk.incident, PLAYBOOK, PLAYBOOK) is None
    assert [one.about for one in desk.incident.alarms if one.cause == "promise"] == []
    press(desk, SetCategory(incident=INCIDENT, category="security"))
    following = ahead(desk.incident, PLAYBOOK, PLAYBOOK)
    assert following is not None
    assert (following.step, following.overdue) == ("assess", False)
    assert TIMER in [getattr(one, "name", "") for one in desk.intents]


def test_what_waited_to_be_learned_from_closes_when_its_category_asks_for_nothing() -> None:
    desk = resolved()
    desk.do(ic.NoteReporter(incident=INCIDENT, report=REPORT, what="confirmed"))
    press(desk, SetCategory(incident=INCIDENT, category="power"))
    assert desk.incident.status == "closed"


# --- every customer --------------------------------------------------------------------------

SORRY = "We are sorry that you had to wait so long."


def report() -> State:
    state = sent().state
    assert isinstance(state, State)
    return state.model_copy(update={"incident": INCIDENT})


def complaint_of_two() -> Desk:
    desk = opened(category="complaint")
    desk.do(ic.AttachReport(incident=INCIDENT, report=OTHER_REPORT))
    return desk


def said(desk: Desk) -> list[Do]:
    return [x for x in desk.wants(Do) if isinstance(x.command, pw.WriteFromIncident)]


def test_practice_2_1_the_words_of_a_step_reach_every_customer_once() -> None:
    desk = complaint_of_two()
    command = pw.DoPathStep(incident=INCIDENT, step="acknowledge", words=SORRY, report=REPORT)
    press(desk, command, **{REPORT: report()})
    (told,) = said(desk)
    assert told.stream == Members(of="streams", stream=INCIDENT, scope=ONCE)
    incident = desk.incident
    assert told.command == pw.WriteFromIncident(
        incident=INCIDENT, words=Personal(incident.subject, SORRY), author=ANA_ACTS.person or ""
    )


def test_practice_2_1_one_customer_alone_hears_it_in_words_of_their_own_report() -> None:
    desk = opened(category="complaint")
    command = pw.DoPathStep(incident=INCIDENT, step="acknowledge", words=SORRY, report=REPORT)
    press(desk, command, **{REPORT: report()})
    (told,) = said(desk)
    written = told.command
    assert isinstance(written, pw.WriteFromIncident)
    assert (told.stream, written.words) == (REPORT, Personal(SUBJECT, SORRY))


def test_practice_2_1_an_answer_reaches_everybody_who_asked() -> None:
    desk = opened(category="enquiry")
    desk.do(ic.AttachReport(incident=INCIDENT, report=OTHER_REPORT))
    answer = pw.AnswerEnquiry(incident=INCIDENT, words="We open at eight.", report=REPORT)
    press(desk, answer, **{REPORT: report()})
    assert [getattr(one.stream, "scope", "") for one in said(desk)] == [ONCE]


def test_what_all_are_written_stands_once_beneath_the_card_and_not_for_each_of_them() -> None:
    story = sent()
    incident = opened().incident
    assert isinstance(incident, Incident)
    for subject, beneath in ((incident.subject, 0), (SUBJECT, 1)):
        story.happens(
            w.MessageSent(number=1, words=Personal(subject, SORRY), author=ANA_ACTS.person or "")
        )
        assert len(story.beneath()) == beneath
