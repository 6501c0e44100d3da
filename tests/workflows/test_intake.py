"""Guided intake: heard at once, asked in order, never stuck, danger before everything."""

from collections.abc import Sequence
from typing import Any

import pytest

from bot.core import report_words as w
from bot.core.commands import SYSTEM, Actor, Refused
from bot.core.events import Event
from bot.core.incident_commands import OpenIncident
from bot.core.intents import Do, DropTimer, Say
from bot.core.person_words import MeetPerson
from bot.core.personal import Personal
from tests.workflows.kit import (
    ANA_ACTS,
    AT,
    CUSTOMER,
    CUSTOMER_ACTS,
    INCIDENT,
    PLAYBOOK,
    Story,
    names,
)
from tests.workflows.reports import (
    BROKEN,
    LINKED,
    POWER,
    REQUIRED,
    SAFE,
    SUBJECT,
    WHAT,
    answered,
    closed,
    confirming,
    personal,
    press,
    report,
    sent,
    started,
)

QUIET = PLAYBOOK.intake.quiet
DANGER = w.AnswerQuestion(field="safety", value="yes")


def decided(story: Story, command: w.ReportCommand, by: Actor = CUSTOMER_ACTS) -> Any:
    return names(story.ask(command, by))


# --- the first word --------------------------------------------------------------------------

FIRST_WORDS = [
    (w.BeginReport(), ["ReportStarted"]),
    (w.WriteMessage(words="hi"), ["ReportStarted", "MessageReceived", "WaitBegan"]),
    (w.AnswerQuestion(field="safety", value="no"), ["ReportStarted", "QuestionAnswered"]),
    (w.GoBack(), ["ReportStarted"]),
    (w.AskForPerson(), ["ReportStarted", "IntakeLeft", "ReportLinked", "WaitBegan"]),
    (
        DANGER,
        ["ReportStarted", "QuestionAnswered", "DangerReported", "ReportLinked", "WaitBegan"],
    ),
    (w.ConfirmSummary(), "nothing_yet"),
    (w.WithdrawReport(why="cancelled"), []),
    (w.AnswerFixed(fixed=True), "not_asked"),
    (w.RateService(score=5), "not_yet"),
    (w.MarkSeen(through=3), []),
    (w.SkipQuestion(field="safety"), "required"),
    (w.AnswerQuestion(field="safety", value="perhaps"), "invalid"),
]


@pytest.mark.parametrize(("command", "expected"), FIRST_WORDS)
def test_whatever_comes_first_begins_the_report_or_is_answered(
    command: w.ReportCommand, expected: list[str] | str
) -> None:
    assert decided(started(), command) == expected


def test_the_first_word_gives_a_reference_and_pins_the_questions() -> None:
    story = press(started(), w.BeginReport())
    assert story.state.reference.startswith("R-")
    assert story.state.playbook == PLAYBOOK.version
    assert (story.state.person, story.state.subject) == (CUSTOMER, SUBJECT)


def test_a_plain_hi_opens_no_incident() -> None:
    story = press(started(), w.WriteMessage(words="hi"))
    assert story.state.incident is None
    assert not [do for do in story.wants(Do) if isinstance(do.command, OpenIncident)]
    story.later(QUIET).do(w.GiveUpWaiting(what="intake"))
    assert story.state.incident is None


def test_somebody_new_becomes_a_person_and_somebody_known_stays_one() -> None:
    story = press(started(), w.BeginReport())
    (meet,) = story.wants(Do)
    assert meet.stream == CUSTOMER
    assert isinstance(meet.command, MeetPerson)
    assert (meet.command.subject, meet.command.channel) == (SUBJECT, "web")
    known = started()
    known.do(w.BeginReport(), CUSTOMER_ACTS, reads={CUSTOMER: story.state})
    assert known.wants(Do) == []


def test_without_a_place_to_answer_to_nothing_begins() -> None:
    """The command line has no conversation."""
    refused = started().ask(w.BeginReport(), SYSTEM)
    assert isinstance(refused, Refused)


def test_beginning_again_changes_nothing() -> None:
    assert decided(report(), w.BeginReport()) == []


# --- questions -------------------------------------------------------------------------------

QUESTIONS: list[tuple[Sequence[Event], w.ReportCommand, list[str] | str]] = [
    # What is asked may be answered, in any order, and changed.
    ((), w.AnswerQuestion(field="safety", value="no"), ["QuestionAnswered"]),
    ((), w.AnswerQuestion(field="where", value="Mill Lane 3"), ["QuestionAnswered"]),
    ((SAFE,), w.AnswerQuestion(field="category", value="power"), ["QuestionAnswered"]),
    ((SAFE,), w.AnswerQuestion(field="category", value="unsure"), ["QuestionAnswered"]),
    ((POWER,), w.AnswerQuestion(field="category", value="it"), ["QuestionAnswered"]),
    # The same press again is done already.
    ((SAFE,), w.AnswerQuestion(field="safety", value="no"), []),
    (
        (answered("power.hazards", ("none",)), POWER),
        w.AnswerQuestion(field="power.hazards", value=["none"]),
        [],
    ),
    # Answered again after going back, it counts again.
    (
        (SAFE, w.QuestionReopened(field="safety")),
        w.AnswerQuestion(field="safety", value="no"),
        ["QuestionAnswered"],
    ),
    # What is not asked cannot be answered.
    ((), w.AnswerQuestion(field="power.extent", value="floor"), "no_longer_asked"),
    ((), w.AnswerQuestion(field="nonsense", value="x"), "no_longer_asked"),
    ((), w.AnswerQuestion(field="category", value="nonsense"), "invalid"),
    ((), w.AnswerQuestion(field="what", value="x" * 3001), "invalid"),
    ((), w.AnswerQuestion(field="what", value={"a": [1]}), "invalid"),
    ((), w.AnswerQuestion(field="what", value=""), "invalid"),
    # An empty answer to what need not be answered leaves it out.
    ((), w.AnswerQuestion(field="how_many", value=""), ["QuestionSkipped"]),
    ((), w.SkipQuestion(field="how_many"), ["QuestionSkipped"]),
    ((w.QuestionSkipped(field="how_many"),), w.SkipQuestion(field="how_many"), []),
    ((), w.SkipQuestion(field="what"), "required"),
    ((), w.SkipQuestion(field="power.since"), "no_longer_asked"),
    ((POWER,), w.SkipQuestion(field="power.since"), ["QuestionSkipped"]),
    # Back, and back again; before the first question there is nothing.
    ((), w.GoBack(), []),
    ((SAFE,), w.GoBack(), ["QuestionReopened"]),
    ((SAFE, w.QuestionReopened(field="safety")), w.GoBack(), []),
]


@pytest.mark.parametrize(("events", "command", "expected"), QUESTIONS)
def test_a_question_is_answered_skipped_or_asked_again(
    events: Sequence[Event], command: w.ReportCommand, expected: list[str] | str
) -> None:
    assert decided(report(*events), command) == expected


def test_going_back_reopens_one_question_after_the_other() -> None:
    story = press(report(SAFE, BROKEN, WHAT, POWER), w.GoBack(), w.GoBack())
    reopened = [one for one in story.events if isinstance(one, w.QuestionReopened)]
    assert [one.field for one in reopened] == ["category", "what"]
    assert list(story.state.known()) == ["safety", "kind"]


def test_going_back_leads_to_the_question_before_the_present_one() -> None:
    """Also when a later one was answered already."""
    story = press(report(SAFE, BROKEN, WHAT, answered("how_many", "one")), w.GoBack())
    assert story.events[-1] == w.QuestionReopened(field="what")


def test_an_answer_is_sealed_when_its_question_is_personal() -> None:
    story = press(report(), w.AnswerQuestion(field="what", value="  My boiler\x00 leaks "))
    assert story.events[-1] == answered("what", personal("My boiler leaks"))
    press(story, w.AnswerQuestion(field="where", value="Mill Lane 3"))
    kept = story.state.answer("where").value
    assert isinstance(kept, Personal)
    assert kept.plain() == {"text": "Mill Lane 3", "lat": None, "lon": None}


def test_advice_that_goes_with_an_answer_is_given_at_once() -> None:
    story = press(
        report(SAFE, POWER), w.AnswerQuestion(field="power.hazards", value=["wires", "water"])
    )
    advised = story.wants(Say)[0]
    assert advised.lane == "safety"
    assert "touch nothing electrical" in advised.text.args["advice"].pick("en")


OVER: list[tuple[Story, str]] = [
    (sent(), "sent"),
    (confirming(), "sent"),
    (closed(), "sent"),
    (report(w.ReportWithdrawn(why="cancelled")), "ended"),
]


@pytest.mark.parametrize(("story", "code"), OVER)
@pytest.mark.parametrize(
    "command",
    [
        w.AnswerQuestion(field="safety", value="no"),
        w.SkipQuestion(field="how_many"),
        w.GoBack(),
    ],
)
def test_after_the_report_was_sent_its_questions_rest(
    story: Story, code: str, command: w.ReportCommand
) -> None:
    assert decided(story, command) == code


def test_somebody_else_cannot_answer_for_the_person() -> None:
    assert decided(report(), w.AnswerQuestion(field="safety", value="no"), ANA_ACTS) == "not_found"


# --- sending ---------------------------------------------------------------------------------


def test_the_summary_is_sent_when_all_that_is_required_is_known() -> None:
    story = report(*REQUIRED)
    decision = story.do(w.ConfirmSummary(), CUSTOMER_ACTS)
    assert names(decision) == ["SummaryConfirmed", "ReportLinked", "WaitBegan"]
    assert (story.state.stage, story.state.complete, story.state.asking) == ("sent", True, False)
    assert story.state.waiting_for == "reported"


def test_the_incident_takes_over_every_answer_that_counts() -> None:
    story = press(report(*REQUIRED, answered("it.service", "mail")), w.ConfirmSummary())
    (do,) = story.wants(Do)
    assert do.stream == story.state.incident
    command = do.command
    assert isinstance(command, OpenIncident)
    assert (command.report, command.category) == (story.stream, "power")
    assert (command.danger, command.complete) == (False, True)
    assert [one.field for one in command.facts] == [one.field for one in REQUIRED]
    assert command.playbook == PLAYBOOK.version


def test_whoever_sends_a_report_hears_its_reference_and_is_asked_no_more() -> None:
    story = press(report(*REQUIRED), w.ConfirmSummary())
    (said,) = story.wants(Say)
    assert said.text.args["ref"].ref == "R-222-2222"
    assert said.to == story.state.seat
    assert DropTimer(name="quiet") in story.intents


UNSENT = [
    (report(), "incomplete"),
    (report(*REQUIRED[:-1]), "incomplete"),
    (report(*REQUIRED, w.QuestionReopened(field="where")), "incomplete"),
    (sent(), []),
    (closed(), []),
    (confirming(), []),
    (report(LINKED, w.FixAsked(incident=INCIDENT, until=AT)), "sent"),
]


@pytest.mark.parametrize(("story", "expected"), UNSENT)
def test_an_incomplete_report_is_not_sent_and_a_sent_one_is_not_sent_twice(
    story: Story, expected: list[str] | str
) -> None:
    assert decided(story, w.ConfirmSummary()) == expected


def test_the_refusal_names_the_question_that_is_missing() -> None:
    refused = report(*REQUIRED[:-1]).ask(w.ConfirmSummary(), CUSTOMER_ACTS)
    assert isinstance(refused, Refused)
    assert refused.text.args["question"] == PLAYBOOK.intake.questions[2].label
