"""Forms asked question by question: conversations, with a start of the house at each step."""

from pathlib import Path
from typing import Any

import pytest

from bot.core.answers import FormError, validate
from bot.core.cards import plain
from bot.core.commands import Identity, Place
from bot.core.forms import Form, Location, QuestionType
from bot.core.incident_commands import (
    AskForResource,
    AssessIncident,
    CancelIncident,
    RestrictIncident,
)
from bot.core.priority import Level
from bot.core.steps import Walked
from bot.core.texts import t
from bot.engine.heard import Attached, Wrote
from bot.engine.steps_words import after, raw
from bot.views.steps import TICK
from tests.engine.front_kit import MINUTE
from tests.engine.steps_kit import Steps, steps_room
from tests.views.test_steps import SPEAK, _question

HOUR = 60 * MINUTE
ANA, ROB, CAROL = "ana", "rob", "carol"
UPDATE = "Publish an update"


async def _at_work(one: Steps) -> str:
    """Ana works here, and an incident hangs where the team is."""
    await one.joins(ANA, "agent")
    return await one.incident()


async def _alone(one: Steps, label: str = "Update") -> None:
    """Ana presses a button of the card that she was shown alone."""
    stream = await _at_work(one)
    reference = (await one.office.desk.incident(stream)).reference
    await one.types(ANA, f"show {reference}")
    await one.presses(ANA, label)


async def test_an_update_is_asked_for_question_by_question_and_published_once(
    tmp_path: Path,
) -> None:
    async with steps_room(tmp_path) as one:
        stream = await _at_work(one)
        reference = (await one.office.desk.incident(stream)).reference
        await one.types(ANA, f"show {reference}")
        card = one.message(ANA)
        await one.presses(ANA, "Update")
        one.shown[ANA].pop(card)
        assert one.reads(ANA) == (
            f"Publish an update\nP3 Not yet known, {reference}\nHow do things stand?\n"
            "What is affected, what we are doing about it, and what people should do.\n"
            "Write your answer here.\nQuestion 1 of 4"
        )
        await one.writes(ANA, "We found it.")
        assert one.reads(ANA) == (
            "How do things stand? We found it.\n---\nPublish an update\n"
            "The same in another language: ru\nWrite your answer here.\nQuestion 2 of 4"
        )
        assert one.labels(ANA) == ["Back", "Skip", "Cancel"]
        await one.presses(ANA, "Skip")
        assert one.labels(ANA) == ["Its customers", "Everyone", "Staff only", "Back", "Cancel"]
        await one.presses(ANA, "Staff only")
        await one.writes(ANA, "this is the last one")
        assert "Is this right?" in one.reads(ANA)
        assert one.labels(ANA) == ["Send", "Change an answer", "Cancel"]
        assert (await one.office.desk.incident(stream)).updates == 0
        await one.presses(ANA, "Send")
        assert one.reads(ANA).endswith("---\nPublished.")
        assert (await one.office.desk.incident(stream)).updates == 1


async def test_an_answer_is_changed_and_the_others_stay(tmp_path: Path) -> None:
    async with steps_room(tmp_path) as one:
        await _alone(one)
        await one.writes(ANA, "We found it.")
        for label in ("Skip", "Staff only", "in 1 hour", "Change an answer", "Who is told?"):
            await one.presses(ANA, label)
        assert "Now: Staff only" in one.reads(ANA)
        await one.presses(ANA, "Everyone")
        assert "Who is told? Everyone" in one.reads(ANA)
        assert "How do things stand? We found it." in one.reads(ANA)
        await one.presses(ANA, "Change an answer")
        await one.presses(ANA, "Back")
        assert "Is this right?" in one.reads(ANA)


async def test_back_shows_what_was_said_and_it_can_be_kept_in_words(tmp_path: Path) -> None:
    async with steps_room(tmp_path) as one:
        await _alone(one)
        await one.writes(ANA, "We found it.")
        await one.presses(ANA, "Back")
        assert "Now: We found it." in one.reads(ANA)
        await one.writes(ANA, "keep")
        await one.writes(ANA, "Skip")
        await one.writes(ANA, "back.")
        assert "another language" in one.reads(ANA).split("---")[-1]
        await one.writes(ANA, "CANCEL")
        assert one.texts[-1] == "Cancelled. Nothing was sent."
        assert one.reads(ANA).endswith("another language: ru: left out")


async def test_one_question_is_sent_with_its_answer(tmp_path: Path) -> None:
    async with steps_room(tmp_path) as one:
        await _alone(one, "Note")
        reply = await one.writes(ANA, "The landlord was called.")
        assert reply.text == "Noted, for colleagues only."
        assert "What should colleagues know? The landlord was called." in one.reads(ANA)
        rows = await one.office.store.select("walks")
        assert "landlord" not in str(rows)


async def test_a_time_of_arrival_is_pressed_or_written(tmp_path: Path) -> None:
    async with steps_room(tmp_path) as one:
        await one.joins(ROB, "resource")
        stream = await _at_work(one)
        ask = AskForResource(incident=stream, what="Bring a ladder", skill="first_aid")
        await one.office.press(ask, ANA)
        await one.office.advance(MINUTE)
        await one.presses(ROB, "At another time", "crew")
        assert one.labels("crew")[0].startswith("in ")
        await one.presses(ROB, "Another time", "crew")
        question = one.message("crew")
        wrong = await one.writes(ROB, "soon", "crew", beneath=question)
        assert "such as 14:05" in wrong.text
        assert wrong.refused
        right = await one.writes(ROB, "14:05", "crew", beneath=question)
        assert right.text.startswith("It is yours. Thank you. Expected at 14:05")
        assert not one.shown["crew"]
        (place,) = (await one.office.desk.incident(stream)).tasks[0].places
        assert place.status == "claimed"


async def test_ten_thousand_characters_are_told_to_be_too_many_and_the_question_stays(
    tmp_path: Path,
) -> None:
    async with steps_room(tmp_path) as one:
        await _alone(one)
        before = one.reads(ANA)
        reply = await one.writes(ANA, "x" * 10_000)
        assert "it has 10,000 characters and there is room for 3,000" in reply.text
        assert one.reads(ANA) == before
        await one.writes(ANA, "x" * 3_000)
        assert "Question 2 of 4" in one.reads(ANA)


async def test_a_repeat_of_what_was_taken_takes_nothing_more(tmp_path: Path) -> None:
    async with steps_room(tmp_path) as one:
        stream = await _at_work(one)
        await one.presses(ANA, "Update", "team")
        question = one.message("team")
        for _ in range(3):
            await one.writes(ANA, "We found it.", "team", source="once", beneath=question)
        assert "Question 2 of 4" in one.reads("team")
        for label in ("Skip", "Staff only", "This is the last one"):
            for _ in range(2):
                token = next((x.token for x in one.newest("team").buttons if x.label == label), "")
                if token:
                    await one.presses_token(ANA, token, one.message("team"), "team", source=label)
        message = one.message("team")
        send = next(x.token for x in one.newest("team").buttons if x.label == "Send")
        first = await one.presses_token(ANA, send, message, "team", source="send")
        again = await one.presses_token(ANA, send, message, "team", source="send")
        assert first.text == again.text == "Published."
        closed = await one.presses_token(ANA, send, message, "team")
        assert closed.text == "This was dealt with already. Nothing more was changed."
        assert (await one.office.desk.incident(stream)).updates == 1


async def test_a_press_that_comes_again_late_does_not_undo_what_came_after(tmp_path: Path) -> None:
    async with steps_room(tmp_path) as one:
        await _alone(one)
        await one.writes(ANA, "We found it.")
        skip = next(x.token for x in one.newest(ANA).buttons if x.label == "Skip")
        message = one.message(ANA)
        await one.presses_token(ANA, skip, message, source="skip")
        await one.presses(ANA, "Back")
        before = one.reads(ANA)
        await one.presses_token(ANA, skip, message, source="skip")
        assert one.reads(ANA) == before


async def test_an_answer_that_ends_a_form_and_comes_again_says_the_same(tmp_path: Path) -> None:
    async with steps_room(tmp_path) as one:
        await _alone(one, "Note")
        first = await one.writes(ANA, "Called.", source="once")
        again = await one.writes(ANA, "Called.", source="once")
        assert first.text == again.text == "Noted, for colleagues only."


async def test_what_somebody_else_changed_is_shown_with_both_values(tmp_path: Path) -> None:
    async with steps_room(tmp_path) as one:
        await one.joins("ben", "agent")
        stream = await _at_work(one)
        await one.presses(ANA, "Assess", "team")
        assert "Now: " in one.reads("team")
        change = AssessIncident(incident=stream, impact=Level.HIGH, urgency=Level.HIGH)
        await one.office.press(change, "ben")
        for label in ("Low", "Low", "Send"):
            await one.presses(ANA, label, "team")
        shown = one.reads("team")
        assert "Somebody changed this" in shown
        assert shown.count("It says meanwhile: High") == 2
        assert (await one.office.desk.incident(stream)).impact is Level.HIGH
        await one.presses(ANA, "Send", "team")
        assert "Assessed" in one.texts[-1]
        assert (await one.office.desk.incident(stream)).impact is Level.LOW


async def test_a_refusal_of_the_house_is_said_and_everything_stays(tmp_path: Path) -> None:
    """Personal data of the customer in a text for everybody."""
    async with steps_room(tmp_path) as one:
        await _alone(one)
        await one.writes(ANA, "Call carol@example.org")
        for label in ("Skip", "Everyone", "in 1 hour"):
            await one.presses(ANA, label)
        await one.presses(ANA, "Send")
        assert "Call carol@example.org" in one.reads(ANA)
        assert "Is this right?" not in one.reads(ANA)
        await one.presses(ANA, "Change an answer")
        await one.presses(ANA, "How do things stand?")
        await one.writes(ANA, "Call us.")
        await one.presses(ANA, "Send")
        assert one.reads(ANA).endswith("Published.")


async def test_a_refusal_of_a_short_form_asks_it_again(tmp_path: Path) -> None:
    async with steps_room(tmp_path) as one:
        stream = await _at_work(one)
        await one.presses(ANA, "Take", "team")
        await one.office.quiet()
        await one.presses(ANA, "Hold", "team")
        question = one.message("team")
        await one.office.press(CancelIncident(incident=stream, reason="a drill"), ANA)
        reply = await one.writes(ANA, "A drill", "team", beneath=question)
        assert "does not fit any more" in reply.text
        assert not one.shown["team"]


async def test_who_may_no_longer_see_it_is_told_so_and_brings_nothing(tmp_path: Path) -> None:
    async with steps_room(tmp_path) as one:
        await one.joins("sue", "supervisor")
        stream = await _at_work(one)
        await one.presses(ANA, "Note", "team")
        hide = RestrictIncident(incident=stream, visibility="restricted", reason="asked for")
        await one.office.press(hide, "sue")
        reply = await one.writes(ANA, "Hm", "team", beneath=one.message("team"))
        assert "may not see it" in reply.text


# --- when words are not for the form ---------------------------------------------------------


async def test_after_an_hour_words_are_not_taken_for_an_answer_and_the_buttons_go_on(
    tmp_path: Path,
) -> None:
    async with steps_room(tmp_path) as one:
        await _alone(one)
        await one.office.clock.advance(HOUR + MINUTE)
        reply = await one.writes(ANA, "list")
        assert any(x.summary == "Yours" for x in reply.cards)
        question = next(x for x, y in one.shown[ANA].items() if UPDATE in plain(y))
        answer = await one.writes(ANA, "We found it.", beneath=question)
        assert "another language" in str(answer.cards)


@pytest.mark.parametrize("words", ["suicide", "The lift is stuck and the light is out"])
async def test_what_matters_more_than_a_form_begins_a_report(tmp_path: Path, words: str) -> None:
    async with steps_room(tmp_path) as one:
        await one.types(CAROL, "subscribe")
        assert "Choose" in (await one.writes(CAROL, "hm")).text.title()
        before = one.reads(CAROL)
        await one.writes(CAROL, words)
        await one.office.advance(MINUTE)
        assert await one.office.store.count("reports") == 1
        assert one.reads(CAROL) == before
        await one.presses(CAROL, "Keep this")
        assert "Question 2 of 3" in one.reads(CAROL)


async def test_a_note_about_somebodys_distress_is_a_note(tmp_path: Path) -> None:
    async with steps_room(tmp_path) as one:
        await _alone(one, "Note")
        reply = await one.writes(ANA, "The caller says: I want to die")
        assert reply.text == "Noted, for colleagues only."


def test_a_second_tap_on_a_choice_does_not_take_it_back() -> None:
    question = _question(QuestionType.MULTI_CHOICE, "a", "b")
    form = Form(key="f", title=t("Form"), questions=(question,))
    walked: Walked | FormError = Walked()
    for _ in range(2):
        assert isinstance(walked, Walked)
        walked = after(form, walked, TICK, {"field": "q", "value": "a", "on": True})
        assert isinstance(walked, Walked)
        assert walked.ticked == ("a",)


async def test_a_line_is_never_an_answer(tmp_path: Path) -> None:
    async with steps_room(tmp_path) as one:
        await _alone(one, "Note")
        before = one.message(ANA)
        await one.types(ANA, "help")
        assert one.message(ANA) == before
        assert "You can write to me" in one.texts[-1]
        assert "\n/show REFERENCE" in one.texts[-1]
        assert "\n/who_am_i: " in one.texts[-1]


@pytest.mark.parametrize("kind", list(QuestionType))
def test_every_kind_of_question_is_given_every_kind_of_thing(kind: QuestionType) -> None:
    choices = ("a", "b") if "choice" in kind else ()
    question = _question(kind, *choices)
    base: dict[str, Any] = {"source": "s", "who": Identity("t", "x"), "place": Place("t", "x")}
    photo = Attached(file="f", name="a.jpg", size=1)
    sent = {
        "words": Wrote(**base, words="Some words"),
        "file": Wrote(**base, files=(photo,)),
        "place": Wrote(**base, location=(51.5, -0.1)),
        "nowhere": Wrote(**base, location=(999.0, 0.0)),
        "number": Wrote(**base, phone="+44 20 7946 0958"),
        "nothing": Wrote(**base),
        "a": Wrote(**base, words="A"),
        "1": Wrote(**base, words="2"),
    }
    right = {
        QuestionType.TEXT: {"words", "number", "a", "1"},
        QuestionType.LONG_TEXT: {"words", "number", "a", "1"},
        QuestionType.NUMBER: {"1"},
        QuestionType.PHONE: {"number"},
        QuestionType.CHOICE: {"a", "1"},
        QuestionType.MULTI_CHOICE: {"a", "1"},
        QuestionType.LOCATION: {"words", "place", "a", "1"},
        QuestionType.FILE: {"a", "1"},
        QuestionType.PERSON: {"a", "1"},
    }
    for name, wrote in sent.items():
        given = raw(question, wrote, SPEAK)
        value = given if isinstance(given, FormError) else validate(question, given)
        assert isinstance(value, FormError) == (name not in right.get(kind, set())), (name, value)
        if name == "place" and kind is QuestionType.LOCATION:
            assert value == Location(lat=51.5, lon=-0.1)
