"""Whatever somebody sends to whatever is asked: it answers, or is kept and the question stays."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.core.asking import open_question, questions
from bot.core.commands import Identity, Place
from bot.core.forms import QuestionType
from bot.core.playbook_parts import ChoicePart, QuestionPart
from bot.core.texts import Words
from bot.engine.heard import Attached, Wrote
from bot.engine.ports import Reply
from tests.engine.talking import CAROL, STORY, Chat, chat

POINT = (55.7512, 37.6184)
FILE = Attached(file="f", name="f.txt", size=9)
KINDS: Mapping[str, Mapping[str, Any]] = {
    "words": {"words": "Something quite different"},
    "figures": {"words": "12"},
    "e-mail": {"words": "kim@example.org"},
    "date": {"words": "2026-11-22"},
    "time": {"words": "14:05"},
    "yes": {"words": "yes"},
    "a choice": {"words": "Red"},
    "a paste": {"words": "long " * 2_000},
    "a file": {"files": (FILE,)},
    "a place": {"location": POINT},
    "a number": {"phone": "+7 495 123-45-67"},
    "a sticker": {},
}
WORDS = {"words", "figures", "e-mail", "date", "time", "yes", "a choice"}
ANSWERS: Mapping[QuestionType, set[str]] = {
    QuestionType.TEXT: WORDS,
    QuestionType.LONG_TEXT: WORDS,
    QuestionType.NUMBER: {"figures"},
    QuestionType.EMAIL: {"e-mail"},
    QuestionType.PHONE: {"date", "a number"},
    QuestionType.DATE: {"date"},
    QuestionType.TIME: {"time"},
    QuestionType.CHOICE: {"a choice"},
    QuestionType.MULTI_CHOICE: {"a choice"},
    QuestionType.YES_NO: {"yes"},
    QuestionType.FILE: {"a file"},
    QuestionType.LOCATION: WORDS | {"a place"},
}
KEPT = {"a file", "a place", "a number"}


async def sends(one: Chat, source: str = "", **what: Any) -> Reply:
    one.serial += 1
    name = one.office.channel.name
    wrote = Wrote(
        source=source or f"event{one.serial}",
        who=Identity(name, CAROL),
        place=Place(name, CAROL),
        private=True,
        language="en",
        message=f"m{one.serial}",
    )
    reply = await one.talk.write(replace(wrote, **what), ())
    await one.settled()
    return reply


def asks_only(one: Chat, kind: QuestionType) -> None:
    """From now on the playbook asks everybody a question of this type, then what it is about."""
    editions = one.office.desk.machine.engine.editions
    now = editions.current
    red = Words(by={"en": "Red"})
    choices = (ChoicePart(value="red", label=red), ChoicePart(value="blue", label=red))
    chosen = choices[:1] if kind in (QuestionType.CHOICE, QuestionType.MULTI_CHOICE) else ()
    asked = QuestionPart(key="q", type=kind, label=Words(by={"en": "Well?"}), choices=chosen)
    fresh = {"order": ("q", "category"), "questions": (asked,)}
    intake = now.intake.model_copy(update=fresh)
    editions.add("one", now.model_copy(update={"version": "one", "intake": intake}))
    editions.adopt("one")


async def asked(one: Chat) -> str:
    report = await one.report()
    current = one.office.desk.machine.engine.editions.current
    question = open_question(report, questions(report, current, current))
    return "" if question is None else question.key


@pytest.mark.parametrize("kind", list(ANSWERS))
async def test_it_answers_or_is_kept_and_the_question_stays(
    tmp_path: Path, kind: QuestionType
) -> None:
    async with chat(tmp_path) as one:
        one.contents["f"] = b"some text"
        asks_only(one, kind)
        await one.writes("Hi")
        for name, what in KINDS.items():
            assert await asked(one) == "q", name
            before = await one.report()
            reply = await sends(one, **what)
            after = await one.report()
            if name in ANSWERS[kind]:
                assert await asked(one) == "category", name
                assert reply.text == "", name
                await one.writes("back")
                continue
            assert await asked(one) == "q", name
            assert reply.text, name
            kept = after.conversation.count - before.conversation.count
            assert bool(kept) == (name in KEPT), name


async def test_a_place_answers_where_it_is_whatever_is_asked(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        reply = await sends(one, location=POINT)
        assert reply == Reply()
        assert (await one.report()).answer("where") is not None
        assert "anyone in danger" in one.shown()[-1].post.text
        reply = await sends(one, location=(0.0, 0.0))
        assert reply.text == "We have passed this on. Please choose one of the answers offered."
        assert (await one.report()).conversation.count == 1


async def test_a_place_while_another_is_asked_is_noted_and_the_question_stays(
    tmp_path: Path,
) -> None:
    async with chat(tmp_path) as one:
        await one.writes("Hi")
        reply = await sends(one, location=POINT, words="Main hospital")
        assert reply.text == (
            "Thank you, we have noted where it is. Please choose one of the answers offered."
        )
        report = await one.report()
        assert [given.field for given in report.answers] == ["where"]


async def test_somebody_who_moves_on_does_not_write_at_every_step(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        await sends(one, location=POINT)
        assert await sends(one, location=(1.0, 1.0), edited=True) == Reply()
        assert (await one.report()).conversation.count == 0


async def test_a_place_after_the_questions_is_a_message_with_a_map(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        await one.writes(STORY)
        await one.writes("person")
        assert await sends(one, location=POINT) == Reply()
        report = await one.report()
        assert report.conversation.count == 1
        assert report.answer("where") is None


async def test_of_an_album_that_comes_in_parts_and_again_no_file_is_lost_or_doubled(
    tmp_path: Path,
) -> None:
    async with chat(tmp_path) as one:
        files = [Attached(file=f"f{n}", name=f"f{n}.txt", size=9) for n in range(4)]
        one.contents.update({file.file: file.name.encode() for file in files})
        await sends(one, "update:1", words=STORY, files=tuple(files[:3]))
        await sends(one, "update:3", files=(files[2],))
        await sends(one, "update:4", files=(files[3],))
        await sends(one, "update:1", words=STORY, files=tuple(files))
        report = await one.report()
        assert len(report.files) == 4
        assert [given.field for given in report.answers] == ["what"]
        assert one.office.desk.machine.parts.store is not None
        assert not await one.office.store.count("arrivals")


async def test_the_photo_that_was_sent_before_answers_the_question_when_it_is_sent_again(
    tmp_path: Path,
) -> None:
    async with chat(tmp_path) as one:
        one.contents["f"] = b"some text"
        await sends(one, words=STORY, files=(FILE,))
        await one.answers(safety="no", category="unsure", where="Mill Lane", how_many="one")
        await sends(one, files=(FILE,))
        report = await one.report()
        assert report.answer("photo") is not None
        assert len(report.files) == 1
