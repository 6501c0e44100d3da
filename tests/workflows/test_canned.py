"""Relay: ready answers in the customer's language, and notes that can never be sent out."""

import pytest

from bot.core import incident_commands as ic
from bot.core import report_words as rw
from bot.core.canned import offered, ready
from bot.core.incident_commands import HandOverIncident
from bot.core.intents import Say
from bot.core.playbook_suggest import avoided
from bot.core.registry import EVENT_TYPES
from bot.views.forms import FORMS
from bot.views.look import Look
from bot.workflows.table import REACTORS
from tests.workflows.desk import staff, taken
from tests.workflows.kit import (
    ANA,
    ANA_ACTS,
    BEN,
    INCIDENT,
    PLAYBOOK,
    REPORT,
)
from tests.workflows.reports import sent as complete

SITUATIONS = {
    "heard",
    "sorry",
    "delay",
    "waiting",
    "on_the_way",
    "back",
    "complaint",
    "refusal",
    "hand_over",
    "closing",
}


def test_there_is_a_ready_answer_for_each_situation_in_every_language() -> None:
    """Acknowledge, sorry, delay, no news, on the way, resolved, complaint, refusal, hand-over,
    closing: calm, without blame and without a guess.
    """
    assert set(PLAYBOOK.canned) >= SITUATIONS
    for key, one in PLAYBOOK.canned.items():
        assert set(one.text.by) == set(PLAYBOOK.organisation.languages), key
        for words in one.text.by.values():
            assert avoided(PLAYBOOK, words) is None, key
            assert "{" not in words, key


def test_they_are_offered_by_category_and_read_in_the_customers_language() -> None:
    assert "fuse" in offered(PLAYBOOK, "power")
    assert "fuse" not in offered(PLAYBOOK, "it")
    assert set(offered(PLAYBOOK, "")) == set(PLAYBOOK.canned) - {"fuse"}
    assert ready(PLAYBOOK, "sorry", "ru") == PLAYBOOK.canned["sorry"].text.by["ru"]
    assert ready(PLAYBOOK, "sorry", "fr") == PLAYBOOK.canned["sorry"].text.by["en"]
    assert ready(PLAYBOOK, "gone", "en") == ""


@pytest.mark.parametrize(
    ("words", "canned", "said", "kept"),
    [
        ("", "sorry", PLAYBOOK.canned["sorry"].text.by["en"], "sorry"),
        ("Mine.", "sorry", "Mine.", "sorry"),
        ("Mine.", "", "Mine.", ""),
        ("Mine.", "gone", "Mine.", ""),
    ],
)
def test_a_ready_answer_goes_as_it_stands_or_changed_and_the_log_says_which(
    words: str, canned: str, said: str, kept: str
) -> None:
    story = complete()
    command = rw.ReplyToCustomer(report=REPORT, words=words, canned=canned)
    story.do(command, ANA_ACTS)
    event = next(one for one in story.events if isinstance(one, rw.MessageSent))
    assert (event.words.plain(), event.canned) == (said, kept)


def test_a_reply_without_words_and_without_a_ready_answer_is_none() -> None:
    story = complete()
    empty = rw.ReplyToCustomer(report=REPORT, words=" ", canned="gone")
    assert getattr(story.ask(empty, ANA_ACTS), "code", "") == "empty"


def test_on_a_sheet_the_chosen_answer_stands_in_the_box_to_be_changed() -> None:
    story = complete()
    look = Look(PLAYBOOK, lambda version: PLAYBOOK, {}, sheets=True)
    kind = FORMS["reply"]
    assert kind.again is not None
    before = kind.again(story.state, look, {})
    assert [one.key for one in before.questions] == ["canned", "words"]
    given = {"canned": "waiting"}
    after = kind.again(story.state, look, given)
    assert [one.key for one in after.questions] == ["canned", "words_waiting"]
    filled = kind.fills(story.state, look, given)
    assert filled == {"words_waiting": ready(PLAYBOOK, "waiting", "en")}
    step_by_step = kind.again(story.state, Look(PLAYBOOK, lambda version: PLAYBOOK, {}), given)
    assert [one.key for one in step_by_step.questions] == ["words"], "one question, one answer"


# --- notes -----------------------------------------------------------------------------------


@pytest.mark.parametrize("beneath", [True, False])
def test_whatever_is_typed_into_a_note_it_is_said_to_no_customer(beneath: bool) -> None:
    """A note is another type: nothing that follows from it says anything to anybody outside."""
    words = "To the customer: reply @customer he lies"
    talk, desk = complete(), taken()
    talk.do(rw.WriteNote(report=REPORT, words=words, beneath=beneath), ANA_ACTS)
    note = ic.WriteIncidentNote(incident=INCIDENT, words=words, beneath=beneath)
    desk.do(note, ANA_ACTS)
    for story in (talk, desk):
        assert story.wants(Say) == []
        assert all(one.beneath for one in story.beneath())
    assert talk.state.conversation.count == 0, "it is no message of the conversation"


def test_no_reaction_to_a_note_can_reach_a_customer() -> None:
    notes = [one for one in EVENT_TYPES if one.__name__.endswith("NoteWritten")]
    assert {"NoteWritten", "IncidentNoteWritten"} <= {one.__name__ for one in notes}
    for kind in notes:
        names = {react.__name__ for react in REACTORS.get(kind, ())}
        assert not {"on_sent", "on_published"} & names, kind


# --- handing over ----------------------------------------------------------------------------


def test_customers_hear_once_and_without_names_that_a_colleague_goes_on() -> None:
    desk = taken()
    reads = {BEN: staff(BEN, "agent")}
    desk.do(HandOverIncident(incident=INCIDENT, to=BEN), ANA_ACTS, reads=reads)
    (said,) = [one for one in desk.wants(Say) if one.to.of == "reporters"]
    assert said.text.key.startswith("A colleague goes on with this")
    assert not said.text.args
    assert said.supersedes, "of several in a row they hear once"
    assert ANA not in said.text.key
