"""An answer that did not arrive: who wrote it is called, and no clock is begun in vain."""

import pytest

from bot.core.conversation import WRITTEN_MOST
from bot.core.distress_words import DistressNoticed
from bot.core.events import Erased
from bot.core.intents import Members, Ring, Say
from bot.core.reply_words import NoteUndelivered, ReplyUndelivered, Why
from bot.core.report_words import ReplyToCustomer
from bot.workflows.undelivered import WHY
from tests.workflows.kit import ANA, ANA_ACTS, BEN_ACTS, INCIDENT, REPORT, Story
from tests.workflows.reports import SUBJECT, TAKEN, sent

ANSWER = ReplyToCustomer(report=REPORT, words="Yes, I am.")


def lost(number: int = 1, why: Why = "blocked") -> NoteUndelivered:
    return NoteUndelivered(number=number, channel="telegram", title="Telegram", why=why)


def said(story: Story) -> list[tuple[str, str]]:
    """Whom the last step tells: the audience and its scope."""
    whom = [one.to for one in (*story.wants(Say), *story.beneath())]
    assert all(isinstance(one, Members) for one in whom)
    return [(one.of, one.scope) for one in whom if isinstance(one, Members)]


@pytest.mark.parametrize("why", list(WHY))
def test_practice_4_4_its_author_is_called_and_it_stands_beneath_the_card(why: Why) -> None:
    story = sent(*TAKEN)
    story.do(ANSWER, ANA_ACTS)
    story.do(ANSWER, BEN_ACTS)
    story.do(lost(1, why))
    event = story.events[-1]
    assert isinstance(event, ReplyUndelivered)
    assert (event.number, event.why, event.author) == (1, why, ANA)
    # No customer is told, and none waits for what could not reach them.
    assert said(story) == [("staff", f"person:{ANA}"), ("beneath", "")]
    assert Ring(person=ANA, why="undelivered") in story.wants(Ring)
    assert story.state.conversation.unanswered_since is None


def test_practice_7_3_in_distress_it_stands_in_no_place_of_many() -> None:
    story = sent(*TAKEN, DistressNoticed())
    story.do(ANSWER, ANA_ACTS)
    story.do(lost())
    assert said(story) == [("staff", f"alone,person:{ANA}")]


def test_of_an_answer_long_ago_whoever_has_the_report_is_called() -> None:
    story = sent(*TAKEN)
    for _ in range(WRITTEN_MOST + 1):
        story.do(ANSWER, BEN_ACTS)
    assert len(story.state.conversation.written) == WRITTEN_MOST
    story.do(lost(1))
    assert ("staff", f"person:{ANA}") in said(story)


def test_nothing_follows_for_somebody_who_was_erased() -> None:
    story = sent(*TAKEN, Erased(subject=SUBJECT, classes=(), through=9))
    assert story.ask(lost()) == []
    assert story.state.incident == INCIDENT
