"""A complaint is answered step by step, a request fulfilled by a time, an enquiry answered."""

from typing import Any

import pytest

from bot.core import alarm_words as aw
from bot.core import path_words as pw
from bot.core import report_words as w
from bot.core.calendar import add
from bot.core.commands import SYSTEM
from bot.core.fold import State
from bot.core.ids import StreamId
from bot.core.incident_commands import (
    CancelIncident,
    ReopenIncident,
    ResolveIncident,
    TakeIncident,
)
from bot.core.intents import Do, DropTimer, Say, SetTimer, Then
from bot.core.moving_words import SetKind
from bot.core.parties import Party
from bot.core.path_steps import ahead
from bot.core.personal import Personal
from bot.core.rules import Decision
from bot.workflows.paths import TIMER
from tests.workflows.desk import Desk, asked, opened, staff
from tests.workflows.kit import (
    ANA,
    ANA_ACTS,
    AT,
    BEN,
    BEN_ACTS,
    CUSTOMER_ACTS,
    DAY,
    HOUR,
    INCIDENT,
    PLAYBOOK,
    REPORT,
    Story,
    context,
    names,
)
from tests.workflows.reports import SUBJECT, report, sent

STEPS = ("acknowledge", "apologise", "act", "assure")
SORRY = "We are sorry that you had to wait so long."


def their_report(incident: StreamId = INCIDENT) -> State:
    state = sent().state
    assert isinstance(state, State)
    return state.model_copy(update={"incident": incident})


def step(key: str, words: str = SORRY, to: StreamId | None = REPORT) -> pw.DoPathStep:
    return pw.DoPathStep(incident=INCIDENT, step=key, words=words, report=to)


def press(desk: Story, command: Any, by: Any = ANA_ACTS) -> Decision:
    """What an agent presses, with the report at hand."""
    return desk.do(command, by, reads={REPORT: their_report(), BEN: staff(BEN, "agent")})


def complaint(done: int = 0) -> Desk:
    desk = opened(category="complaint")
    for key in STEPS[:done]:
        press(desk, step(key))
    return desk


def timer(desk: Desk) -> SetTimer | None:
    """The timer of the path as the last step left it."""
    wanted = [one for one in desk.intents if getattr(one, "name", "") == TIMER]
    last = wanted[-1] if wanted else None
    return last if isinstance(last, SetTimer) else None


# --- a complaint -----------------------------------------------------------------------------


def test_practice_2_1_a_complaint_is_acknowledged_apologised_for_acted_on_and_assured() -> None:
    """Each is an event of the log with who and when; the last one resolves it."""
    desk = complaint()
    for key in STEPS:
        decision = press(desk, step(key))
        assert "PathStepDone" in names(decision)
    assert [one.step for one in desk.incident.path.done] == list(STEPS)
    assert {one.by for one in desk.incident.path.done} == {ANA}
    assert desk.incident.status == "resolved"
    assert desk.incident.acknowledged_at is not None


def test_each_step_has_its_own_clock_in_business_time_from_the_opening() -> None:
    own = PLAYBOOK.paths.complaint
    office = PLAYBOOK.calendar(own.calendar)
    desk = complaint()
    for one in own.steps:
        following = ahead(desk.incident, PLAYBOOK, PLAYBOOK)
        assert following is not None
        assert (following.step, following.due) == (one.key, add(office, AT, one.within))
        desk.later(HOUR)
        press(desk, step(one.key))


def test_the_apology_goes_to_the_customer_through_the_conversation() -> None:
    desk = complaint(1)
    press(desk, step("apologise"))
    (told,) = [x for x in desk.wants(Do) if isinstance(x.command, pw.WriteFromIncident)]
    assert told.stream == REPORT
    assert told.command.words == Personal(SUBJECT, SORRY)
    story = sent()
    story.do(told.command)
    assert names([story.events[-2], story.events[-1]])[0] in ("MessageSent", "WaitEnded")
    said = [x for x in story.intents if isinstance(x, Say) and x.words == Personal(SUBJECT, SORRY)]
    assert [one.beneath for one in said].count(False) == 1


def test_what_was_done_is_for_colleagues_and_no_word_of_it_goes_out() -> None:
    desk = complaint(2)
    press(desk, step("act", "Paid back"))
    assert [x for x in desk.wants(Do) if isinstance(x.command, pw.WriteFromIncident)] == []


@pytest.mark.parametrize(
    ("done", "command", "by", "code"),
    [
        (0, step("apologise"), ANA_ACTS, "too_early"),
        (1, step("acknowledge"), BEN_ACTS, "done"),
        (1, step("acknowledge"), ANA_ACTS, []),
        (0, step("bribe"), ANA_ACTS, "other_kind"),
        (0, step("acknowledge", " "), ANA_ACTS, "empty"),
        (0, step("acknowledge", to="rep_" + "9" * 26), ANA_ACTS, "moved"),
        (0, step("acknowledge"), CUSTOMER_ACTS, "not_allowed"),
        (4, step("act"), ANA_ACTS, "resolved"),
        (0, ResolveIncident(incident=INCIDENT, note="Fine now"), ANA_ACTS, "not_acknowledged"),
        (1, ResolveIncident(incident=INCIDENT, note="Fine now"), ANA_ACTS, "steps_left"),
        (0, pw.AnswerEnquiry(incident=INCIDENT, words="x"), ANA_ACTS, "other_kind"),
        (
            0,
            pw.SetFulfilment(incident=INCIDENT, by_whom="x", promised=AT + DAY),
            ANA_ACTS,
            "other_kind",
        ),
    ],
)
def test_steps_go_in_order_and_nobody_is_told_twice(
    done: int, command: Any, by: Any, code: str | list[str]
) -> None:
    assert names(press(complaint(done), command, by)) == code


def test_a_complaint_without_anybody_to_write_to_keeps_the_words() -> None:
    desk = opened(category="complaint", report=None)
    press(desk, step("acknowledge", to=None))
    assert desk.incident.path.done[0].step == "acknowledge"


def test_a_step_that_is_late_alarms_somebody_once_and_no_more_when_it_is_done() -> None:
    desk = complaint()
    press(desk, step("acknowledge"))
    due = timer(desk)
    assert due is not None
    assert due.command == pw.NotePathDue(incident=INCIDENT, step="apologise", due=due.due)
    desk.later(due.due - desk.at)
    desk.do(due.command)
    raised = [x.command for x in desk.wants(Then) if isinstance(x.command, aw.RaiseAlarm)]
    assert [(x.cause, x.about) for x in raised] == [("promise", "path:apologise")]
    assert names(desk.ask(due.command)) == []
    press(desk, step("apologise"))
    ended = [x.command for x in desk.wants(Then) if isinstance(x.command, aw.StopAlarm)]
    assert "path:apologise" in [x.about for x in ended]
    assert desk.incident.path.overdue == ()


def test_a_timer_that_slept_for_three_days_says_nothing_of_what_was_done_meanwhile() -> None:
    desk = complaint()
    stale = pw.NotePathDue(incident=INCIDENT, step="acknowledge", due=AT + HOUR)
    press(desk, step("acknowledge"))
    assert names(desk.later(3 * DAY).ask(stale)) == []


@pytest.mark.parametrize(
    "ending",
    [
        CancelIncident(incident=INCIDENT, reason="Withdrawn by phone"),
        SetKind(incident=INCIDENT, incident_kind="incident"),
    ],
)
def test_what_is_over_or_something_else_is_not_waited_for(ending: Any) -> None:
    desk = complaint(1)
    press(desk, ending)
    assert [x.name for x in desk.wants(DropTimer) if x.name == TIMER] == [TIMER]


def test_an_alarm_of_the_path_it_left_is_stopped() -> None:
    desk = complaint()
    press(desk, SetKind(incident=INCIDENT, incident_kind="enquiry"))
    stopped = {x.command.about for x in desk.wants(Then) if isinstance(x.command, aw.StopAlarm)}
    assert {f"path:{key}" for key in STEPS} <= stopped


def test_a_complaint_that_is_not_settled_begins_anew() -> None:
    desk = complaint(4)
    again = ReopenIncident(incident=INCIDENT, reason="They are still waiting for it")
    press(desk.later(HOUR), again)
    following = ahead(desk.incident, PLAYBOOK, PLAYBOOK)
    assert following is not None
    assert following.step == "acknowledge"
    assert following.due is not None
    assert following.due > AT + 4 * HOUR


# --- a service request -----------------------------------------------------------------------


def promise(at: int, before: int | None = None) -> pw.SetFulfilment:
    return pw.SetFulfilment(incident=INCIDENT, by_whom="The store", promised=at, before=before)


def test_a_request_says_who_fulfils_it_by_when_and_the_customer_hears_the_time_alone() -> None:
    desk = opened(category="equipment")
    press(desk, promise(AT + DAY))
    assert desk.incident.path.fulfil_by == AT + DAY
    ((to, text),) = [one for one in desk.says() if one[0] == "reporters"]
    assert (to, "{time}" in text) == ("reporters", True)
    assert "store" not in str(desk.wants(Say)[0].text)
    due = timer(desk)
    assert due is not None
    assert due.due == AT + DAY


@pytest.mark.parametrize(
    ("at", "said"), [(AT + 2 * DAY, "longer"), (AT + HOUR, "sooner"), (AT + DAY, "")]
)
def test_every_change_of_the_time_is_heard(at: int, said: str) -> None:
    desk = opened(category="equipment")
    press(desk, promise(AT + DAY))
    press(desk, promise(at, AT + DAY))
    texts = [text for to, text in desk.says() if to == "reporters"]
    assert [said in one for one in texts] == ([True] if said else [])


def test_a_request_is_not_promised_into_the_past_nor_over_somebody_elses_word() -> None:
    desk = opened(category="equipment")
    assert names(press(desk, promise(AT))) == "past"
    press(desk, promise(AT + DAY))
    assert names(press(desk, promise(AT + 2 * DAY, 0), BEN_ACTS)) == "overtaken"


def test_a_request_that_was_not_fulfilled_in_time_alarms_somebody() -> None:
    desk = opened(category="equipment")
    press(desk, promise(AT + DAY))
    due = timer(desk)
    assert due is not None
    desk.later(DAY).do(due.command)
    about = [x.command.about for x in desk.wants(Then) if isinstance(x.command, aw.RaiseAlarm)]
    assert about == ["path:fulfil"]


def test_a_fulfilled_request_is_asked_whether_it_is_right() -> None:
    desk = opened(category="equipment")
    press(desk, promise(AT + DAY))
    press(desk, ResolveIncident(incident=INCIDENT, note="Delivered"))
    (note,) = [x.command for x in desk.wants(Do) if isinstance(x.command, w.NoteStage)]
    assert (note.stage, note.incident_kind) == ("resolved", "service_request")


# --- an enquiry ------------------------------------------------------------------------------

REPLY = pw.AnswerEnquiry(incident=INCIDENT, words="We open at eight.", report=REPORT)


def test_an_enquiry_that_is_answered_is_resolved_and_its_customer_has_the_answer() -> None:
    desk = opened(category="enquiry")
    found = names(press(desk, REPLY))
    assert found == ["IncidentAcknowledged", "EnquiryAnswered", "IncidentResolved", "WrapUpBegan"]
    assert [x.stream for x in desk.wants(Do) if isinstance(x.command, pw.WriteFromIncident)] == [
        REPORT
    ]


def hand(to: str, until: int = AT + DAY) -> pw.HandEnquiryOn:
    return pw.HandEnquiryOn(incident=INCIDENT, to=to, reason="They know", until=until)


@pytest.mark.parametrize(
    ("to", "party"),
    [
        ("team:it", Party(of="team", key="it")),
        (f"person:{BEN}", Party(of="person", key=BEN)),
        ("The bank, bank@example.org", None),
    ],
)
def test_an_enquiry_is_handed_on_to_a_team_a_person_or_somebody_outside(
    to: str, party: Party | None
) -> None:
    """The customer hears by when; whoever of the staff it is is called at once."""
    desk = opened(category="enquiry")
    press(desk, hand(to))
    assert desk.incident.path.handed_to == party
    assert desk.incident.path.answer_by == AT + DAY
    told = [to for to, _ in desk.says()]
    assert ("staff" in told) == (party is not None)
    assert "reporters" in told
    heard = [text for to, text in desk.says() if to == "reporters"]
    assert heard == [
        "Your question is with those who can answer it best. You will have an answer by {time}."
    ]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (hand("team:it", AT), "past"),
        (hand("person:per_" + "Z" * 26), "not_staff"),
        (hand(" "), "empty"),
        (step("acknowledge"), "other_kind"),
    ],
)
def test_an_enquiry_goes_to_nobody_who_is_not_there(command: Any, code: str) -> None:
    assert names(press(opened(category="enquiry"), command)) == code


def test_an_answer_that_others_promised_and_nobody_gave_alarms_somebody() -> None:
    desk = opened(category="enquiry")
    press(desk, hand("team:it"))
    due = timer(desk)
    assert due is not None
    desk.later(DAY).do(due.command)
    about = [x.command.about for x in desk.wants(Then) if isinstance(x.command, aw.RaiseAlarm)]
    assert about == ["path:answer"]


# --- all of them -----------------------------------------------------------------------------


def test_an_incident_has_no_path_and_goes_on_as_it_did() -> None:
    assert ahead(opened().incident, PLAYBOOK, PLAYBOOK) is None
    assert names(press(opened(), step("acknowledge"))) == "other_kind"


def test_resources_that_are_under_way_stand_in_the_way_of_the_end() -> None:
    desk = asked()
    press(desk, SetKind(incident=INCIDENT, incident_kind="enquiry"))
    assert names(press(desk, REPLY)) == "tasks_left"


def test_a_report_that_left_gets_no_words_of_what_it_left() -> None:
    elsewhere = "inc_" + "9" * 26
    command = pw.WriteFromIncident(incident=elsewhere, words=Personal(SUBJECT, "Hello"), author=ANA)
    assert names(sent().ask(command)) == []
    assert names(report().ask(command)) == []


def test_what_the_house_does_here_nobody_else_may() -> None:
    command = pw.NotePathDue(incident=INCIDENT, step="act", due=AT)
    assert names(complaint().ask(command, ANA_ACTS)) == "not_allowed"
    assert context(SYSTEM).actor.is_system
    desk = complaint()
    desk.do(TakeIncident(incident=INCIDENT), ANA_ACTS)
    assert desk.incident.owner == ANA
