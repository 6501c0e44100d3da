"""How intake ends: danger at once, a human on request, taken back, or in silence."""

from collections.abc import Sequence
from typing import Any

import pytest

from bot.core import report_words as w
from bot.core.commands import SYSTEM, Actor
from bot.core.events import Event
from bot.core.incident_commands import AddFacts, NoteReporter, OpenIncident
from bot.core.intents import Do, DropTimer, Say, SetTimer
from tests.workflows.kit import (
    ANA,
    AT,
    CUSTOMER_ACTS,
    INCIDENT,
    PLAYBOOK,
    Story,
    names,
)
from tests.workflows.reports import (
    LINKED,
    POWER,
    REQUIRED,
    SAFE,
    SENT,
    TAKEN,
    WHAT,
    answered,
    closed,
    confirming,
    press,
    report,
    sent,
    started,
)

QUIET = PLAYBOOK.intake.quiet
DANGER = w.AnswerQuestion(field="safety", value="yes")


def decided(story: Story, command: w.ReportCommand, by: Actor = CUSTOMER_ACTS) -> Any:
    return names(story.ask(command, by))


# --- danger ----------------------------------------------------------------------------------


def test_danger_opens_an_incident_before_the_next_question() -> None:
    story = report()
    decision = story.do(DANGER, CUSTOMER_ACTS)
    assert names(decision) == ["QuestionAnswered", "DangerReported", "ReportLinked", "WaitBegan"]
    (do,) = story.wants(Do)
    assert isinstance(do.command, OpenIncident)
    assert (do.command.danger, do.command.complete) == (True, False)
    assert [one.field for one in do.command.facts] == ["safety"]
    assert story.state.asking


def test_danger_is_answered_with_the_emergency_advice_ahead_of_everything() -> None:
    story = press(report(), DANGER)
    said = [one for one in story.wants(Say) if one.lane == "safety"]
    assert PLAYBOOK.safety.emergency in [one.text.args.get("advice") for one in said]


def test_a_category_detail_can_mean_danger_too() -> None:
    story = press(report(SAFE, POWER), w.AnswerQuestion(field="power.hazards", value=["burning"]))
    assert story.state.danger
    assert story.state.incident is not None


def test_danger_is_reported_once_and_not_taken_back_by_an_answer() -> None:
    story = press(report(), DANGER, w.AnswerQuestion(field="safety", value="unsure"))
    press(story, w.AnswerQuestion(field="safety", value="no"))
    assert sum(isinstance(one, w.DangerReported) for one in story.events) == 1
    assert story.state.danger


def test_answers_after_danger_reach_the_incident_with_the_summary() -> None:
    story = press(report(), DANGER)
    for one in REQUIRED[1:]:
        story.happens(one)
        assert story.wants(Do) == []
    press(story, w.ConfirmSummary())
    (do,) = story.wants(Do)
    assert isinstance(do.command, AddFacts)
    assert (do.stream, do.command.incident) == (story.state.incident, story.state.incident)
    assert (do.command.category, do.command.complete) == ("power", True)
    assert not do.command.danger
    assert len(do.command.facts) == len(REQUIRED)
    assert "added this" in story.wants(Say)[0].text.key


def test_danger_in_a_report_that_has_its_incident_reaches_it_at_once() -> None:
    story = press(report(SAFE, LINKED), DANGER)
    assert names(story.events[-2:]) == ["DangerReported", "WaitBegan"]
    (do,) = story.wants(Do)
    assert isinstance(do.command, AddFacts)
    assert (do.stream, do.command.danger) == (INCIDENT, True)


PRESSED: list[tuple[Story, list[str] | str]] = [
    (started(), ["ReportStarted", "DangerReported", "ReportLinked", "WaitBegan"]),
    (report(SAFE), ["DangerReported", "ReportLinked", "WaitBegan"]),
    (sent(), ["DangerReported"]),
    (sent(*TAKEN), ["DangerReported"]),
    # Pressed again while it is worked on it is the same danger; after that a new one.
    (report(w.DangerReported(), LINKED), []),
    (sent(w.DangerReported()), []),
    (confirming(w.DangerReported()), ["DangerReported"]),
    (closed(w.DangerReported()), ["DangerReported"]),
    (report(w.ReportWithdrawn(why="cancelled")), "ended"),
]


@pytest.mark.parametrize(("story", "expected"), PRESSED)
def test_help_can_be_called_at_any_time(story: Story, expected: list[str] | str) -> None:
    assert decided(story, w.ReportDanger()) == expected


def test_who_calls_for_help_is_told_what_to_do_and_the_incident_hears_it() -> None:
    story = press(sent(), w.ReportDanger())
    (said,) = story.wants(Say)
    assert (said.lane, said.text.args["advice"]) == ("safety", PLAYBOOK.safety.emergency)
    (do,) = story.wants(Do)
    assert isinstance(do.command, AddFacts)
    assert (do.stream, do.command.danger) == (INCIDENT, True)


# --- leaving ---------------------------------------------------------------------------------


def test_a_human_comes_whatever_is_known_so_far() -> None:
    story = press(report(), w.AskForPerson())
    (do,) = story.wants(Do)
    assert isinstance(do.command, OpenIncident)
    assert (do.command.category, do.command.facts, do.command.complete) == ("", (), False)
    assert (story.state.asking, story.state.left) == (False, "person_wanted")
    assert story.state.waiting_for == "asked"


def test_whoever_wants_a_human_may_still_answer_and_the_incident_hears_it() -> None:
    story = press(report(SAFE), w.AskForPerson(), w.AnswerQuestion(field="category", value="it"))
    (do,) = story.wants(Do)
    assert isinstance(do.command, AddFacts)
    assert (do.command.category, do.command.complete) == ("it", False)


WANTS_A_PERSON = [
    (report(w.WaitBegan(why="wrote")), ["IntakeLeft", "ReportLinked"]),
    (report(LINKED), ["IntakeLeft", "WaitBegan"]),
    (sent(), []),
    (sent(w.WaitEnded(began=AT, by=ANA)), ["WaitBegan"]),
    (confirming(), ["WaitBegan"]),
    (closed(), ["WaitBegan"]),
]


HEARD: list[tuple[Story, w.ReportCommand, str]] = [
    (report(), DANGER, "alerting a person"),
    (report(), w.AskForPerson(), "calling a person"),
    (report(POWER).later(QUIET), w.GiveUpWaiting(what="intake"), "what you told us so far"),
    (report(*REQUIRED), w.ConfirmSummary(), "we have your report"),
]


@pytest.mark.parametrize(("story", "command", "words"), HEARD)
def test_the_reference_comes_with_the_words_that_fit(
    story: Story, command: w.ReportCommand, words: str
) -> None:
    story.do(command, SYSTEM if isinstance(command, w.GiveUpWaiting) else CUSTOMER_ACTS)
    said = story.wants(Say)[-1]
    assert words in said.text.key
    assert said.text.args["ref"].ref == "R-222-2222"
    assert said.lane == ("safety" if story.state.danger else "reply")


@pytest.mark.parametrize(("story", "expected"), WANTS_A_PERSON)
def test_asking_for_a_person_begins_a_wait_unless_one_runs(
    story: Story, expected: list[str]
) -> None:
    assert decided(story, w.AskForPerson()) == expected


def test_taking_it_back_ends_the_wait_and_tells_the_incident() -> None:
    story = sent()
    decision = story.do(w.WithdrawReport(why="solved_itself"), CUSTOMER_ACTS)
    assert decision == [
        w.WaitEnded(began=AT, by=None),
        w.ReportWithdrawn(why="solved_itself"),
    ]
    (do,) = story.wants(Do)
    told = NoteReporter(incident=INCIDENT, report=story.stream, what="withdrawn")
    assert (do.stream, do.command) == (INCIDENT, told)
    dropped = {one.name for one in story.wants(DropTimer)}
    assert dropped == {"quiet", "confirmation", "unanswered"}
    (said,) = story.wants(Say)
    assert said.text.args["ref"].ref == "R-222-2222"


WITHDRAWALS = [
    (report(), ["ReportWithdrawn"]),
    (confirming(), ["ReportWithdrawn"]),
    (report(w.ReportWithdrawn(why="cancelled")), []),
    (closed(), "ended"),
]


@pytest.mark.parametrize(("story", "expected"), WITHDRAWALS)
def test_what_is_over_cannot_be_taken_back(story: Story, expected: list[str] | str) -> None:
    assert decided(story, w.WithdrawReport(why="cancelled")) == expected


# --- silence ---------------------------------------------------------------------------------


def test_the_quiet_time_counts_from_the_last_sign_of_life() -> None:
    story = press(started(), w.BeginReport())
    assert [(one.name, one.due) for one in story.wants(SetTimer)] == [("quiet", AT + QUIET)]
    press(story.later(1000), w.AnswerQuestion(field="safety", value="no"))
    assert [one.due for one in story.wants(SetTimer)] == [AT + 1000 + QUIET]
    press(story.later(1000), w.WriteMessage(words="wait a moment"))
    due = [one.due for one in story.wants(SetTimer) if one.name == "quiet"]
    assert due == [AT + 2000 + QUIET]


SILENCES: list[tuple[Sequence[Event], int, list[str]]] = [
    ((SAFE, WHAT), QUIET, ["IntakeLeft"]),
    ((SAFE, WHAT), QUIET - 1, []),
    ((SAFE, POWER), QUIET, ["IntakeLeft", "ReportLinked", "WaitBegan"]),
    (
        (SAFE, answered("category", "unsure")),
        QUIET,
        ["IntakeLeft", "ReportLinked", "WaitBegan"],
    ),
    ((POWER, w.QuestionReopened(field="category")), QUIET, ["IntakeLeft"]),
    ((POWER, w.WaitBegan(why="wrote")), QUIET, ["IntakeLeft", "ReportLinked"]),
    ((POWER, LINKED), QUIET, ["IntakeLeft", "WaitBegan"]),
    ((POWER, w.IntakeLeft(why="quiet")), QUIET, []),
    ((POWER, w.IntakeLeft(why="person_wanted")), QUIET, []),
    ((*REQUIRED, *SENT), QUIET, []),
    ((w.ReportWithdrawn(why="cancelled"),), QUIET, []),
]


@pytest.mark.parametrize(("events", "after", "expected"), SILENCES)
def test_silence_opens_an_incident_once_it_is_known_what_it_is_about(
    events: Sequence[Event], after: int, expected: list[str]
) -> None:
    story = report(*events).later(after)
    assert decided(story, w.GiveUpWaiting(what="intake"), SYSTEM) == expected


def test_whoever_was_quiet_goes_on_where_they_were() -> None:
    story = report(SAFE, POWER).later(QUIET)
    story.do(w.GiveUpWaiting(what="intake"))
    assert (story.state.asking, story.state.left) == (True, "quiet")
    press(story, w.AnswerQuestion(field="what", value="No light at all"))
    assert story.state.left == ""
    assert [one.name for one in story.wants(SetTimer)] == ["quiet"]
    story.later(QUIET).do(w.GiveUpWaiting(what="intake"))
    (do,) = story.wants(Do)
    assert isinstance(do.command, AddFacts)
    assert [one.field for one in do.command.facts] == ["safety", "what", "category"]


def test_a_timer_of_a_report_that_never_was_is_no_matter() -> None:
    assert decided(started(), w.GiveUpWaiting(what="intake"), SYSTEM) == []


def test_nobody_but_the_house_gives_up_waiting() -> None:
    assert decided(report(), w.GiveUpWaiting(what="intake")) == "not_allowed"
