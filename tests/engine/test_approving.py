"""An update that waits for a second person, through the real door, store, delivery and front."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from bot.core.approval_words import ApproveUpdate, BreakGlass, SendBackDraft
from bot.core.cards import plain
from bot.core.commands import Command, Envelope, Identity
from bot.core.incident_commands import AssessIncident, PublishUpdate
from bot.core.person_words import Subscribe
from bot.core.priority import Level
from bot.core.report_words import AnswerQuestion
from bot.engine.read import Staff
from bot.engine.read_preview import Preview
from bot.engine.reader import Reader
from tests.engine.front_kit import MINUTE, Room, room, token_of
from tests.engine.kit import SPEECH

WORDS = "Half of the lifts go again. We mend the others. Please take the stairs."
WAITS = "Not sent yet: this needs a second person. Those who may approve it are being called."


async def pressing(one: Room) -> str:
    """A P1 of Carol's, with Ana, Sue the supervisor and a subscriber."""
    await one.joins("ana", "agent")
    await one.joins("sue", "supervisor")
    stream = await one.incident("carol")
    await one.office.press(Subscribe(scope="all"), "eve")
    worst = AssessIncident(incident=stream, impact=Level.HIGH, urgency=Level.HIGH)
    await one.office.press(worst, "ana")
    await one.office.advance(MINUTE)
    return stream


def update(one: Room, stream: str, **more: Any) -> PublishUpdate:
    by = one.office.clock.now() + 15 * MINUTE
    said = {"incident": stream, "words": WORDS, "audience": "public", "next_by": by}
    return PublishUpdate.model_validate({**said, **more})


def told(one: Room, *who: str) -> list[int]:
    return [sum(WORDS in said for said in one.office.channel.texts(each)) for each in who]


async def called(one: Room, whom: str) -> int:
    """How often somebody of the staff was called about it."""
    rows = await one.office.store.select("outbox", {"kind": "say"}, limit=1000)
    pages = [row for row in rows if re.fullmatch(f"staff:(but:[^,]+,)*{whom}", str(row["target"]))]
    assert {row["state"] for row in pages} <= {"delivered"}
    return len(pages)


async def drafted(one: Room) -> str:
    stream = await pressing(one)
    answer = await one.office.press(update(one, stream), "ana")
    assert (answer.outcome, answer.data["happened"]) == ("done", "update_drafted")
    await one.office.advance(MINUTE)
    return stream


async def test_practice_4_2_nobody_hears_a_draft_and_everybody_once_it_is_approved(
    tmp_path: Path,
) -> None:
    """Draft, approve by a press on its card, send: the approver is in the log and on the page."""
    async with room(tmp_path) as one:
        stream = await drafted(one)
        assert told(one, "carol", "eve", "ana") == [0, 0, 0]
        assert any(WORDS in plain(card) for card in one.hung()), "it hangs in the team's place"
        assert await called(one, f"role:supervisor:{stream}") == 1
        own = await one.press("ana", one.button("Approve"))
        assert own.text == "You wrote this, so somebody else must approve it."
        reply = await one.press("sue", one.button("Approve"))
        assert reply.text == "Approved. It goes out now, word for word."
        await one.office.advance(MINUTE)
        assert told(one, "eve") == [1]
        state = await one.office.desk.incident(stream)
        sue = await one.office.desk.machine.engine.person_behind("test", "sue")
        assert (state.updates, state.latest[-1].approved_by) == (1, sue)
        reader = Reader(one.office.desk.machine.engine)
        staff = Staff(sue or "", "Sue", ("supervisor",), "en", available=True)
        page = await reader.incident_page(staff, stream)
        assert page is not None
        speaker = SPEECH.speaker("en", "UTC", one.office.clock.now(), page.names.get)
        assert "Update to everyone, approved by Sue" in [speaker(x.text) for x in page.timeline]
        again = await one.press("sue", one.button("Update"))
        assert again.form is not None
        card = next(card for card in one.hung() if "draft of an update" in plain(card))
        assert "approved it at" in plain(card)
        assert not card.buttons, "it waits for nothing more"


async def test_whoever_publishes_in_a_chat_is_told_that_it_waits(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await pressing(one)
        form = (await one.press("ana", one.button("Update"))).form
        given = {"words": WORDS, "audience": "public", "next": str(30 * MINUTE)}
        assert (await one.send("ana", form, dict(given))).text == WAITS
        form = (await one.press("ana", one.button("Update"))).form
        staff = {**given, "audience": "staff"}
        assert (await one.send("ana", form, dict(staff))).text == "Published."


async def test_the_four_parts_become_one_text_and_blame_is_asked_about(tmp_path: Path) -> None:
    """Practice 4.2: impact, what we do, what you should do; no blame, no guess at the cause."""
    async with room(tmp_path) as one:
        stream = await pressing(one)
        form = (await one.press("ana", one.button("Update"))).form
        given: dict[str, Any] = {
            "words": "The lifts stand still. It is probably the fault of the builder.",
            "doing": "We mend them.",
            "advice": "Please take the stairs.",
            "audience": "staff",
            "next": "last",
        }
        asked = await one.send("ana", form, given)
        assert asked.form is not None
        assert "sure" in {one.key for one in asked.form.state.form.questions}
        assert asked.form.state.answers["doing"] == "We mend them.", "nothing typed is lost"
        no = await one.send("ana", asked.form, {**given, "sure": False})
        assert "may sound like blame" in no.faults[""]
        done = await one.send("ana", no.form, {**given, "sure": True})
        assert done.text == "Published."
        update = (await one.office.desk.incident(stream)).latest[-1]
        assert Reader(one.office.desk.machine.engine).said(update.words) == (
            "The lifts stand still. It is probably the fault of the builder."
            "\n\nWe mend them.\n\nPlease take the stairs."
        )


async def test_practice_4_2_a_draft_is_changed_in_a_chat_beginning_with_its_own_words(
    tmp_path: Path,
) -> None:
    """Each draft's own, in each language that it has, and only its own."""
    async with room(tmp_path) as one:
        stream = await pressing(one)
        await one.office.press(update(one, stream, also={"ru": "Лифты стоят."}), "ana")
        await one.office.press(update(one, stream, words="The stairs are lit."), "ana")
        await one.office.advance(MINUTE)
        second, first = (card for card in one.hung() if "draft of an update" in plain(card))
        if WORDS not in plain(first):
            first, second = second, first
        form = (await one.press("ana", token_of(first, "Change it"))).form
        assert form is not None
        assert form.state.answers == {"words": WORDS, "also_ru": "Лифты стоят."}
        faulty = await one.send("ana", form, {"words": "All of them go.", "next": "never"})
        assert faulty.faults
        other = (await one.press("ana", token_of(second, "Change it"))).form
        assert other is not None
        assert other.state.answers == {"words": "The stairs are lit."}
        given = {"words": "The stairs are dark.", "next": str(30 * MINUTE)}
        done = await one.send("ana", other, dict(given))
        assert done.text == "Changed. It waits for approval again."
        assert (await one.office.desk.incident(stream)).drafting.open[1].version == 2


async def test_what_a_customer_said_meanwhile_stops_the_words_of_a_draft(tmp_path: Path) -> None:
    """The sealed words are opened for the decision, and compared with what is known now."""
    async with room(tmp_path) as one:
        stream = await pressing(one)
        said = update(one, stream, words="It is the house at 12 in Mill Lane that is dark.")
        await one.office.press(said, "ana")
        where = AnswerQuestion(field="where", value="Flat 3, 12 Mill Lane")
        await one.office.press(where, "carol", "web")
        approve = ApproveUpdate(incident=stream, draft=1, version=1)
        assert (await one.office.desk.machine.engine.handle(_by("sue", approve))).code == "personal"
        assert (await one.office.desk.incident(stream)).updates == 0


def _by(who: str, command: Command) -> Envelope:
    return Envelope(
        entry="test", source=f"by {who}", command=command, identity=Identity("test", who)
    )


async def test_it_goes_back_with_the_reason_and_in_need_out_without_the_second_person(
    tmp_path: Path,
) -> None:
    async with room(tmp_path) as one:
        stream = await drafted(one)
        back = SendBackDraft(incident=stream, draft=1, version=1, reason="Say until when")
        assert (await one.office.press(back, "sue")).outcome == "done"
        await one.office.advance(MINUTE)
        ana = await one.office.desk.machine.engine.person_behind("test", "ana")
        assert await called(one, f"person:{ana}:{stream}") == 1
        await one.office.press(update(one, stream), "ana")
        glass = BreakGlass(incident=stream, draft=2, version=1, reason="Sue does not answer")
        desk = one.office.desk
        unproved = await desk.machine.engine.handle(_by("ana", glass))
        assert unproved.code == "prove", "whoever does that alone proves who they are"
        envelope = desk.envelope(glass, "ana", "glass")
        proved = replace(envelope, entry="test", identity=Identity("test", "ana"), place=None)
        answer = await desk.machine.engine.handle(proved)
        assert answer.outcome == "done", answer
        await one.office.advance(MINUTE)
        many = await called(one, f"role:supervisor:{stream}")
        assert many == 3, "two drafts, and that one went out without approval"
        assert told(one, "eve") == [1]
        assert (await desk.incident(stream)).latest[-1].unapproved


async def test_a_preview_says_who_must_approve_it_and_what_its_words_sound_like(
    tmp_path: Path,
) -> None:
    async with room(tmp_path) as one:
        stream = await pressing(one)
        ana = await one.office.desk.machine.engine.person_behind("test", "ana")
        staff = Staff(ana or "", "Ana", ("agent",), "en", available=True)
        reader = Reader(one.office.desk.machine.engine)

        async def look(**more: Any) -> Preview:
            return await reader.preview(staff, update(one, stream, **more), SPEECH)

        careful = await look(words="It is probably over.")
        assert (careful.refused, careful.approver) == (None, "supervisor")
        assert careful.careless is not None
        assert next(x.words for x in careful.readings) == "It is probably over."
        assert (await look(sure=True, words="It is probably over.")).careless is None
        assert (await look(audience="staff")).approver == ""
