"""The conversation: every message counts, nobody waits unseen, notes never leave the house."""

from collections.abc import Sequence
from typing import Any

import pytest

from bot.core import report_words as w
from bot.core.commands import Actor
from bot.core.events import Erased, Event
from bot.core.intents import Find, Ring, Say
from bot.core.report import Report
from tests.workflows.kit import (
    ADMIN_ACTS,
    ANA,
    ANA_ACTS,
    AT,
    BEN_ACTS,
    CHIEF_ACTS,
    CUSTOMER_ACTS,
    DAY,
    REPORT,
    Story,
    actor,
    names,
)
from tests.workflows.reports import (
    CONFIRMED,
    SUBJECT,
    TAKEN,
    closed,
    confirming,
    personal,
    press,
    report,
    sent,
    started,
)

HELLO = w.WriteMessage(words="Is anybody there?")
ANSWER = w.ReplyToCustomer(report=REPORT, words="Yes, I am.")
NOTE = w.WriteNote(report=REPORT, words="Sounds upset.")
WITHDRAWN = w.ReportWithdrawn(why="cancelled")
GONE = Erased(subject=SUBJECT, classes=(), through=9)
MESSAGE = w.MessageReceived(number=1, words=personal("Hello"))
LATE = 3 * DAY


def asked(story: Story, command: w.ReportCommand, by: Actor) -> Any:
    return names(story.ask(command, by))


# --- the customer ----------------------------------------------------------------------------

WRITTEN: list[tuple[Sequence[Event], list[str]]] = [
    ((), ["MessageReceived", "WaitBegan"]),
    ((MESSAGE,), ["MessageReceived", "WaitBegan"]),
    ((MESSAGE, w.WaitBegan(why="wrote")), ["MessageReceived"]),
    ((w.WaitBegan(why="asked"),), ["MessageReceived"]),
    ((w.WaitBegan(why="wrote"), *TAKEN), ["MessageReceived"]),
]


@pytest.mark.parametrize(("events", "expected"), WRITTEN)
def test_the_wait_begins_unless_somebody_has_it_or_it_runs(
    events: Sequence[Event], expected: list[str]
) -> None:
    assert asked(report(*events), HELLO, CUSTOMER_ACTS) == expected


def test_messages_of_both_sides_are_numbered_without_gaps() -> None:
    story = press(started(), HELLO, HELLO)
    story.do(ANSWER, ANA_ACTS)
    press(story, HELLO)
    said = [e for e in story.events if isinstance(e, w.MessageReceived | w.MessageSent)]
    assert [one.number for one in said] == [1, 2, 3, 4]
    assert story.state.conversation.count == 4


UNWRITABLE: list[tuple[Story, str, str]] = [
    (report(), "", "empty"),
    (report(), " \x00\n ", "empty"),
    (report(), "\u200b\u2060\ufeff", "empty"),
    (report(), "x" * 8001, "too_long"),
    (report(WITHDRAWN), "hello", "ended"),
    (closed().later(LATE), "hello", "ended"),
    (report(GONE), "hello", "erased"),
]


@pytest.mark.parametrize(("story", "words", "code"), UNWRITABLE)
def test_what_cannot_be_taken_is_refused_with_a_sentence(
    story: Story, words: str, code: str
) -> None:
    assert asked(story, w.WriteMessage(words=words), CUSTOMER_ACTS) == code


def test_an_answer_or_a_note_of_which_nothing_shows_is_refused() -> None:
    nothing = "\u200b\u00ad\u200f"
    assert asked(report(), w.ReplyToCustomer(report=REPORT, words=nothing), ANA_ACTS) == "empty"
    assert asked(report(), w.WriteNote(report=REPORT, words=nothing), ANA_ACTS) == "empty"


def test_a_message_of_8000_characters_is_taken() -> None:
    assert isinstance(report().ask(w.WriteMessage(words="x" * 8000), CUSTOMER_ACTS), list)


def test_own_words_stand_in_the_mailbox_and_are_sent_to_nobody() -> None:
    story = press(report(), HELLO)
    (said,) = story.wants(Say)
    assert (said.own, said.to, said.words) == (True, story.state.seat, personal(HELLO.words))
    assert story.wants(Find) == [Find(field="message:1", words=personal(HELLO.words))]


def test_a_message_rings_whoever_has_the_report_else_the_agents() -> None:
    assert press(report(), HELLO).wants(Ring) == [Ring(role="agent", why="message")]
    assert press(sent(*TAKEN), HELLO).wants(Ring) == [Ring(person=ANA, why="message")]


@pytest.mark.parametrize("story", [confirming(), confirming(CONFIRMED), closed()])
def test_a_thanks_asks_and_does_not_reopen(story: Story) -> None:
    stage = story.state.stage
    press(story, w.WriteMessage(words="thanks!"))
    assert story.state.stage == stage
    assert ["not fixed" in one.text.key for one in story.wants(Say)] == [False, True]
    press(story.later(1), w.WriteMessage(words="and bye"))
    assert len(story.wants(Say)) == 1


def test_within_its_window_a_closed_report_still_takes_messages() -> None:
    story = closed()
    assert asked(story, HELLO, CUSTOMER_ACTS) == ["MessageReceived"]
    assert press(story, HELLO).wants(Ring)


# --- the desk --------------------------------------------------------------------------------


def test_the_first_answer_ends_the_wait() -> None:
    story = press(report(), HELLO).later(5000)
    assert story.do(ANSWER, ANA_ACTS) == [
        w.MessageSent(number=2, words=personal(ANSWER.words), author=ANA),
        w.WaitEnded(began=AT, by=ANA),
    ]
    assert (story.state.taken_by, story.state.waiting_since) == (ANA, None)
    assert names(story.do(ANSWER, BEN_ACTS)) == ["MessageSent"]


def test_the_customer_gets_the_answer_from_an_agent_without_a_name() -> None:
    story = report()
    story.do(ANSWER, ANA_ACTS)
    (said,) = story.wants(Say)
    assert (said.to, said.lane, said.own) == (story.state.seat, "reply", False)
    assert said.words == personal(ANSWER.words)
    assert ANA not in said.model_dump_json(exclude={"to", "words"})
    assert story.wants(Find) == [Find(field="message:1", words=personal(ANSWER.words))]


UNSENT: list[tuple[Story, str]] = [
    (started(), "not_found"),
    (report(WITHDRAWN), "ended"),
    (closed().later(LATE), "ended"),
    (report(GONE), "erased"),
]


@pytest.mark.parametrize(("story", "code"), UNSENT)
def test_nothing_is_sent_to_somebody_who_can_no_longer_be_reached(story: Story, code: str) -> None:
    assert asked(story, ANSWER, ANA_ACTS) == code


def test_a_reply_or_note_needs_words() -> None:
    empty = w.ReplyToCustomer(report=REPORT, words=" ")
    assert asked(report(), empty, ANA_ACTS) == "empty"
    assert asked(report(), w.WriteNote(report=REPORT, words=" "), ANA_ACTS) == "empty"
    assert asked(report(), w.WriteNote(report=REPORT, words="x" * 2001), ANA_ACTS) == "too_long"


@pytest.mark.parametrize("story", [report(), sent(), closed(), report(WITHDRAWN)])
def test_a_note_is_for_colleagues_and_never_said_to_anybody(story: Story) -> None:
    written = [w.NoteWritten(words=personal(NOTE.words), author=ANA)]
    assert story.do(NOTE, ANA_ACTS) == written
    assert story.wants(Say) == []
    assert [one.words for one in story.wants(Find)] == [personal(NOTE.words)]


def test_no_note_is_kept_about_somebody_who_was_erased_or_never_wrote() -> None:
    assert asked(report(GONE), NOTE, ANA_ACTS) == "erased"
    assert asked(started(), NOTE, ANA_ACTS) == "not_found"


STRANGERS = [CUSTOMER_ACTS, actor("per_" + "X" * 26), actor("per_" + "X" * 26, "resource")]


@pytest.mark.parametrize("by", [*STRANGERS, ADMIN_ACTS])
@pytest.mark.parametrize("command", [ANSWER, NOTE])
def test_only_the_desk_answers_and_notes(by: Actor, command: w.ReportCommand) -> None:
    assert asked(report(), command, by) == "not_allowed"
    assert isinstance(report().ask(command, CHIEF_ACTS), list)


# --- seen ------------------------------------------------------------------------------------

SEEN: list[tuple[int, int, list[str]]] = [
    (0, 1, ["MessagesSeen"]),
    (0, 99, ["MessagesSeen"]),
    (1, 1, []),
    (1, 0, []),
    (0, 0, []),
    (0, -5, []),
]


@pytest.mark.parametrize(("before", "through", "expected"), SEEN)
def test_reading_goes_forward_and_not_past_the_last_message(
    before: int, through: int, expected: list[str]
) -> None:
    seen = [w.MessagesSeen(by="customer", through=before)] if before else []
    story = report(MESSAGE, *seen)
    assert asked(story, w.MarkSeen(through=through), CUSTOMER_ACTS) == expected
    story.do(w.MarkSeen(through=through), CUSTOMER_ACTS)
    assert story.state.conversation.seen_by_customer <= 1


def test_the_desk_has_seen_what_the_desk_has_seen() -> None:
    story = report(MESSAGE).later(7000)
    by_desk = w.MarkSeen(through=1, report=REPORT)
    assert story.do(by_desk, ANA_ACTS) == [w.MessagesSeen(by="desk", through=1)]
    assert story.state.conversation.first_seen_by_desk_at == AT + 7000
    assert story.do(by_desk, BEN_ACTS) == []
    stranger = actor("per_" + "X" * 26)
    assert asked(story, by_desk, stranger) == "not_allowed"


def test_who_reports_and_is_staff_too_reads_on_either_side() -> None:
    """A press on the desk names the report; one in the own conversation does not."""
    both = actor(CUSTOMER_ACTS.person or "", "agent")
    story = report(MESSAGE)
    assert story.ask(w.MarkSeen(through=1), both) == [w.MessagesSeen(by="customer", through=1)]
    by_desk = w.MarkSeen(through=1, report=REPORT)
    assert story.ask(by_desk, both) == [w.MessagesSeen(by="desk", through=1)]


def test_the_state_stays_small_however_much_is_written() -> None:
    story = press(report(), *[HELLO] * 50)
    assert isinstance(story.state, Report)
    size = len(story.state.model_dump_json(exclude={"seat"}))
    assert size < len(press(report(), HELLO).state.model_dump_json(exclude={"seat"})) + 20
