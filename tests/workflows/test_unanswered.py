"""A customer who waits for an answer is a clock, and nobody's silence goes unnoticed."""

from collections.abc import Callable

import pytest

from bot.core import report_words as w
from bot.core.alarm_words import RaiseAlarm, StopAlarm
from bot.core.events import Event
from bot.core.intents import Do, DropTimer, Say, SetTimer
from bot.core.unanswered_words import AnswerOverdue, NoteUnanswered
from tests.workflows.kit import ANA, ANA_ACTS, AT, HOUR, INCIDENT, MINUTE, REPORT, Story, names
from tests.workflows.reports import SUBJECT, answered, personal, press, report, sent

HELLO = w.WriteMessage(words="Is anybody there?")
ANSWER = w.ReplyToCustomer(report=REPORT, words="Yes, I am.")
DUE = AT + 15 * MINUTE


def clocks(story: Story) -> list[SetTimer]:
    return [one for one in story.wants(SetTimer) if one.name == "unanswered"]


def waiting() -> Story:
    """A customer who wrote after their report was sent."""
    return press(sent(), HELLO)


def overdue() -> Story:
    """... a quarter of an hour ago, and nobody answered."""
    story = waiting().later(15 * MINUTE)
    story.do(NoteUnanswered(since=AT))
    return story


def test_who_writes_is_answered_in_the_playbooks_time_or_whoever_has_it_is_called() -> None:
    """issue 7.7: an unanswered customer is a clock."""
    (clock,) = clocks(waiting())
    assert clock == SetTimer(name="unanswered", due=DUE, command=NoteUnanswered(since=AT))
    story = overdue()
    assert story.events[-1] == AnswerOverdue(since=AT, due=DUE, time=1)
    (do,) = story.wants(Do)
    called = RaiseAlarm(incident=INCIDENT, cause="unanswered", about=REPORT, since=DUE)
    assert (do.stream, do.command) == (INCIDENT, called)


def test_it_is_said_again_ever_less_often_until_somebody_answers() -> None:
    story, waits = overdue(), []
    for _ in range(6):
        (clock,) = clocks(story)
        waits.append((clock.due - story.at) // MINUTE)
        story.at = clock.due
        assert names(story.do(clock.command)) == ["AnswerOverdue"]
    assert waits == [30, 60, 120, 240, 240, 240]


def test_an_answer_ends_it() -> None:
    story = overdue()
    story.do(ANSWER, ANA_ACTS)
    (do,) = story.wants(Do)
    assert do.command == StopAlarm(incident=INCIDENT, cause="unanswered", about=REPORT, by=ANA)
    assert DropTimer(name="unanswered") in story.wants(DropTimer)
    assert story.ask(NoteUnanswered(since=AT)) == []


def test_an_answer_in_time_calls_nobody() -> None:
    story = waiting().later(MINUTE)
    story.do(ANSWER, ANA_ACTS)
    assert story.wants(Do) == []
    assert story.later(HOUR).ask(NoteUnanswered(since=AT)) == []


def test_a_further_word_does_not_begin_the_clock_anew() -> None:
    story = waiting().later(10 * MINUTE)
    press(story, HELLO)
    assert {one.due for one in clocks(story)} == {DUE}


def test_at_night_it_waits_for_the_desk_to_open_but_not_for_who_is_in_danger() -> None:
    """practice 7.1: somebody in danger waits by no opening hours."""
    evening = AT + 9 * HOUR
    (clock,) = clocks(press(sent().later(9 * HOUR), HELLO))
    assert clock.due == AT + 21 * HOUR + 45 * MINUTE
    (clock,) = clocks(press(sent(w.DangerReported()).later(9 * HOUR), HELLO))
    assert clock.due == evening + 15 * MINUTE


def test_without_an_incident_the_agents_are_called_and_then_supervisors_too() -> None:
    story = press(report(answered("safety", "no")), HELLO)
    calls = []
    for _ in range(2):
        (clock,) = clocks(story)
        story.at = clock.due
        story.do(clock.command)
        calls += [getattr(one.to, "scope", "") for one in story.wants(Say)]
    assert calls == ["role:agent", "role:agent,role:supervisor"]


def test_who_takes_it_back_or_is_asked_whether_it_is_fixed_waits_for_no_answer() -> None:
    story = overdue()
    press(story, w.WithdrawReport(why="solved_itself"))
    stopped = [one for one in story.wants(Do) if isinstance(one.command, StopAlarm)]
    assert len(stopped) == 1
    done = waiting().happens(w.FixAsked(incident=INCIDENT, until=AT + HOUR)).later(HOUR)
    assert done.ask(NoteUnanswered(since=AT)) == []


@pytest.mark.parametrize(
    "event", [w.ReportReopened(), w.FixDisputed(incident=INCIDENT, words=None)]
)
@pytest.mark.parametrize("story", [waiting, overdue])
def test_what_nobody_answered_is_a_clock_again_when_it_was_not_fixed(
    story: Callable[[], Story], event: Event
) -> None:
    """issue 7.7: the clock that ran out while they were asked must not be the last."""
    asked = story().happens(w.FixAsked(incident=INCIDENT, until=AT + 9 * HOUR)).later(HOUR)
    assert asked.ask(NoteUnanswered(since=AT)) == []
    asked.happens(event)
    (clock,) = clocks(asked)
    assert clock.due == asked.at + 15 * MINUTE
    assert names(asked.ask(clock.command)) == ["AnswerOverdue"]


def test_a_report_that_moves_takes_it_along() -> None:
    story = overdue()
    other = "inc_" + "2" * 26
    story.happens(w.ReportLinked(incident=other, how="joined", before=INCIDENT))
    told = [one.command for one in story.wants(Do)]
    assert StopAlarm(incident=INCIDENT, cause="unanswered", about=REPORT) in told
    assert RaiseAlarm(incident=other, cause="unanswered", about=REPORT, since=DUE) in told


def test_what_is_asked_of_a_person_is_a_clock_as_well() -> None:
    story = report(answered("safety", "no"))
    press(story, w.AskForPerson())
    assert [one.due for one in clocks(story)] == [DUE]
    assert personal("x").subject == SUBJECT
