"""What the door did not keep comes again by the same source, and happens once however often."""

from pathlib import Path

import pytest

from bot.core.cards import Action
from bot.core.commands import Grant, Identity, Place
from bot.core.ids import StreamId
from bot.core.incident_commands import TakeIncident
from bot.engine.heard import Attached, Given, Wrote
from bot.engine.reader import Reader
from bot.engine.talk import Talk
from bot.store.base import text
from bot.views.look import OPEN_FORM
from tests.conftest import ExpectedErrors
from tests.engine.front_kit import Room, room
from tests.engine.kit import SPEECH
from tests.engine.talking import STORY, Chat, chat


def shut(one: Chat | Room, stopping: bool = True) -> None:
    """The door takes nothing, as when the house is going home."""
    one.office.desk.machine.engine._stopping = stopping


async def test_words_that_the_door_did_not_take_are_wanted_again_and_kept_once(
    tmp_path: Path,
) -> None:
    async with chat(tmp_path) as one:
        shut(one)
        reply = await one.writes(STORY, source="a", settle=False)
        assert reply.again
        assert "Nothing is lost" in reply.text
        shut(one, stopping=False)
        for _ in range(2):
            reply = await one.writes(STORY, source="a")
            assert (reply.again, reply.text) == (False, "")
        answers = {each.field for each in (await one.report()).answers}
        assert len(answers) == 1


async def test_words_that_come_twice_do_not_answer_the_next_question(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        await one.writes(STORY, source="a")
        before, shown = await one.report(), len(one.shown())
        reply = await one.writes(STORY, source="a")
        assert reply.text == ""
        assert (await one.report()).answers == before.answers
        assert len(one.shown()) == shown


async def test_whoever_stopped_is_not_taken_for_somebody_else_when_that_comes_twice(
    tmp_path: Path,
) -> None:
    async with chat(tmp_path) as one:
        grant = Grant("agent", "triage", one.office.clock.now())
        for _ in range(2):
            await one.writes("report", source="a", grants=(grant,))
        for _ in range(2):
            reply = await one.writes("stop", source="b", grants=(grant,))
            assert reply.text == ""


async def test_files_whose_words_were_kept_are_still_taken_when_they_come_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected_errors: ExpectedErrors
) -> None:
    async with chat(tmp_path) as one:
        file = Attached("F1", "note.txt", 5, "text/plain")
        one.contents["F1"] = b"hello"
        write = one.talk.arrivals.note

        async def fails(*given: object) -> None:
            raise OSError("the disk is full")

        monkeypatch.setattr(one.talk.arrivals, "note", fails)
        wrote = _wrote(one, STORY, "a", (file,))
        assert (await one.front.write(wrote)).again
        expected_errors.claim("what was heard cannot be answered")
        monkeypatch.setattr(one.talk.arrivals, "note", write)
        assert not (await one.front.write(wrote)).again
        await one.settled()
        report = await one.report()
        assert len(report.answers) == 1
        assert len(report.files) == 1


def _wrote(one: Chat, words: str, source: str, files: tuple[Attached, ...] = ()) -> Wrote:
    name = one.office.channel.name
    return Wrote(
        source=source,
        who=Identity(name, "carol"),
        place=Place(name, "carol"),
        private=True,
        words=words,
        message="m1",
        files=files,
        language="en",
    )


async def _card(one: Room, stream: StreamId) -> str:
    rows = await one.office.store.select("cards", {"stream": stream, "card": "incident"})
    return text(rows[0], "message")


async def test_a_note_beneath_a_card_that_was_not_kept_is_wanted_again(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        stream = await one.incident()
        talk = Talk(one.office.desk.machine, Reader(one.office.desk.machine.engine), SPEECH)
        heard = one.heard("ana", source="n")
        wrote = Wrote(
            source="n",
            who=heard.who,
            place=heard.place,
            words="It smells of gas",
            message="m9",
            beneath=await _card(one, stream),
        )
        shut(one)
        assert (await talk.write(wrote, ())).again
        shut(one, stopping=False)
        for _ in range(2):
            assert not (await talk.write(wrote, ())).again
        log = await one.office.store.events(stream, 0, 500)
        assert [each.row.tag for each in log].count("incident_note_written") == 1


async def test_a_press_and_a_line_say_so_too(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        await one.incident()
        shut(one)
        reply = await one.press("ana", one.button("Take"))
        assert reply.again
        shut(one, stopping=False)
        assert not (await one.press("ana", one.button("Take"))).again


async def test_trouble_of_our_own_is_wanted_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, expected_errors: ExpectedErrors
) -> None:
    async with room(tmp_path) as one:
        monkeypatch.setattr(one.front, "lines", None)
        assert (await one.type("ana", "list")).again
        expected_errors.claim("what was heard cannot be answered")


async def test_a_form_that_was_refused_is_judged_anew_when_it_is_sent_again_as_it_is(
    tmp_path: Path,
) -> None:
    """Nothing of a refusal is remembered, so a restart between them changes nothing."""
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        stream = await one.incident()
        action = Action(OPEN_FORM, {"form": "resolve", "incident": stream})
        asking = await one.front.askers.asking(one.heard("ana"))
        opened = await one.front.forms.opened(asking, action, stream)
        given: dict[str, Given] = {"note": "Mended"}
        assert "Nobody has seen" in (await one.send("ana", opened, given, source="f")).faults[""]
        await one.office.press(TakeIncident(incident=stream), "ana")
        for _ in range(2):
            assert not (await one.send("ana", opened, given, source="f")).faults
        log = await one.office.store.events(stream, 0, 500)
        assert [each.row.tag for each in log].count("incident_resolved") == 1
