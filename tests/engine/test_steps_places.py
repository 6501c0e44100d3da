"""Who is asked where: several people in one place, what was begun twice, and coming to us alone."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.cards import plain
from bot.core.commands import Answer, Envelope, Place
from bot.core.errors import StoreDown
from bot.core.report_words import BeginReport
from bot.engine.handle import Engine
from bot.engine.heard import Changed
from bot.engine.ports import Capabilities
from bot.engine.steps_walks import LASTS
from bot.store.base import Patch, number
from bot.store.sqlite.store import SqliteStore
from tests.engine.front_kit import MINUTE, has
from tests.engine.steps_kit import Steps, steps_room

HOUR = 60 * MINUTE
ANA, BEN, CAROL, TEAM = "ana", "ben", "carol", "team"


async def _two(one: Steps) -> str:
    await one.joins(ANA, "agent")
    await one.joins(BEN, "agent")
    return await one.incident()


def _token(one: Steps, place: str, label: str) -> tuple[str, str]:
    """A button that was answered there, and its message."""
    for message, card in reversed(one.shown[place].items()):
        for button in card.buttons:
            if button.label == label:
                return button.token, message
    raise AssertionError(label)


async def test_two_people_are_asked_side_by_side_and_each_answers_their_own(
    tmp_path: Path,
) -> None:
    async with steps_room(tmp_path) as one:
        stream = await _two(one)
        await one.presses(ANA, "Note", TEAM)
        first = one.message(TEAM)
        await one.presses(BEN, "Note", TEAM)
        second = one.message(TEAM)
        assert "Asked of Ana." in plain(one.shown[TEAM][first])
        assert "Asked of Ben." in plain(one.shown[TEAM][second])
        token = one.shown[TEAM][first].buttons[0].token
        other = await one.presses_token(BEN, token, first, TEAM)
        assert other.text == "This is asked of Ana."
        assert other.refused
        # Another's words beneath it are the team's own, and no answer.
        await one.writes(BEN, "Not mine", TEAM, beneath=first)
        assert len(one.shown[TEAM]) == 2
        # Words that stand beneath nothing are what people say among themselves.
        await one.writes(ANA, "Hello all", TEAM)
        assert len(one.shown[TEAM]) == 2
        assert (await one.writes(BEN, "From Ben", TEAM, beneath=second)).text
        assert list(one.shown[TEAM]) == [first]
        assert (await one.writes(ANA, "From Ana", TEAM, beneath=first)).text
        assert not one.shown[TEAM]
        assert (await one.office.desk.incident(stream)).last_event == "incident_note_written"


@pytest.mark.parametrize("part", ["team/9", "team/8"])
async def test_a_question_of_several_messages_is_known_by_each(tmp_path: Path, part: str) -> None:
    async with steps_room(tmp_path) as one:
        await _two(one)
        reply = await one.presses(ANA, "Note", TEAM, stands=False)
        await one.front.stood(reply.asks, one.heard(BEN), "team/9/8")
        for odd in ("", ":", "walk_x:1", f"{reply.asks}0"):
            await one.front.stood(odd, one.heard(ANA), "team/9/8")
        assert (await one.writes(ANA, "Called.", TEAM, beneath=part)).text == ""
        await one.front.stood(reply.asks, one.heard(ANA), "team/9/8")
        for other in ("team", "team/90", "other/8", "team/"):
            assert (await one.writes(ANA, "Called.", TEAM, beneath=other)).text == ""
        assert (await one.writes(ANA, "Called.", TEAM, beneath=part)).text


async def test_words_beneath_a_question_that_had_to_be_posted_anew_answer_it(
    tmp_path: Path,
) -> None:
    """Whoever deleted it pressed a moment before; the adapter says where it stands now."""
    async with steps_room(tmp_path) as one:
        await _two(one)
        await one.presses(ANA, "Update", TEAM)
        await one.writes(ANA, "We found it.", TEAM, beneath=one.message(TEAM))
        pressed = await one.presses(ANA, "Skip", TEAM)
        assert pressed.mends
        assert pressed.asks
        await one.front.stood(pressed.asks, one.heard(ANA), "anew")
        assert (await one.writes(ANA, "Staff only", TEAM, beneath="anew")).cards


async def test_the_newer_form_takes_over_and_the_older_goes_on_when_it_is_pressed(
    tmp_path: Path,
) -> None:
    async with steps_room(tmp_path) as one:
        stream = await _two(one)
        reference = (await one.office.desk.incident(stream)).reference
        await one.types(ANA, f"show {reference}")
        await one.presses(ANA, "Update")
        await one.writes(ANA, "We found it.")
        skip, older = _token(one, ANA, "Skip")
        await one.presses(ANA, "Note")
        newer = one.message(ANA)
        resumed = await one.presses_token(ANA, skip, older)
        assert resumed.text.startswith("You go on with this one.")
        assert "Who is told?" in plain(one.shown[ANA][older])
        await one.writes(ANA, "Staff only")
        assert "Now:" not in plain(one.newest(ANA))
        assert "When does the next update come?" in plain(one.newest(ANA))
        assert "What should colleagues know?" in plain(one.shown[ANA][newer])
        await one.writes(ANA, "Called.", beneath=newer)
        assert one.texts[-1] == "Noted, for colleagues only."


async def test_what_was_left_for_another_form_takes_no_words_by_itself(tmp_path: Path) -> None:
    async with steps_room(tmp_path) as one:
        stream = await _two(one)
        reference = (await one.office.desk.incident(stream)).reference
        await one.types(ANA, f"show {reference}")
        await one.presses(ANA, "Update")
        await one.presses(ANA, "Note")
        await one.writes(ANA, "Called.")
        assert one.texts[-1] == "Noted, for colleagues only."
        reply = await one.writes(ANA, "list")
        assert any(x.summary == "Yours" for x in reply.cards)


async def test_the_same_form_begun_again_keeps_what_was_said(tmp_path: Path) -> None:
    async with steps_room(tmp_path) as one:
        await _two(one)
        await one.presses(ANA, "Update", TEAM)
        await one.writes(ANA, "We found it.", TEAM, beneath=one.message(TEAM))
        old = one.message(TEAM)
        token, _ = _token(one, TEAM, "Skip")
        await one.presses(ANA, "Update", TEAM)
        assert old not in one.shown[TEAM]
        assert "Now: We found it." in plain(one.newest(TEAM))
        gone = await one.presses_token(ANA, token, old, TEAM)
        assert "no longer in use" in gone.text
        assert gone.refused


async def test_a_report_is_asked_for_in_the_conversation(tmp_path: Path) -> None:
    async with steps_room(tmp_path) as one:
        await one.types(CAROL, "report")
        await one.office.advance(MINUTE)
        asked = [x for x in one.office.channel.places[CAROL] if x.post.card is not None]
        card = asked[-1].post.card
        assert card is not None
        assert "Answer all at once" not in [x.label for x in card.buttons]
        assert not await one.office.store.count("walks")
        again = await one.types(CAROL, "report")
        assert again.text.startswith("Your report has begun already.")
        there = await one.types("dave", "report", TEAM)
        assert there.link
        await one.arrives("dave", there.link.partition("start=")[2])
        await one.office.advance(MINUTE)
        assert one.office.channel.places["dave"]


async def test_where_forms_open_on_a_sheet_nothing_is_asked_step_by_step(tmp_path: Path) -> None:
    async with steps_room(tmp_path) as one:
        one.office.channel.capabilities = Capabilities()
        await _two(one)
        reply = await one.press(ANA, one.button("Note"))
        assert reply.form is not None
        assert not reply.cards
        await one.office.press(BeginReport(), CAROL)
        await one.office.advance(MINUTE)
        card = one.office.channel.places[CAROL][-1].post.card
        assert card is not None
        assert has(card, "Answer all at once")


async def test_an_answer_that_is_edited_reads_otherwise_until_it_is_sent(tmp_path: Path) -> None:
    async with steps_room(tmp_path) as one:
        stream = await _two(one)
        await one.presses(ANA, "Update", TEAM)
        question = one.message(TEAM)
        await one.writes(ANA, "We fund it.", TEAM, beneath=question, message="theirs")
        for label in ("Skip", "Staff only", "This is the last one"):
            await one.presses(ANA, label, TEAM)
        mended: dict[str, Any] = {"message": "theirs", "beneath": question, "edited": True}
        await one.writes(ANA, "We found it.", TEAM, **mended)
        assert "How do things stand? We found it." in plain(one.newest(TEAM))
        wrong = await one.writes(ANA, "x" * 5_000, TEAM, **mended)
        assert "Please shorten this" in wrong.text
        await one.presses(ANA, "Send", TEAM)
        late = await one.writes(ANA, "Hm.", TEAM, **mended)
        assert "stays as it was" in late.text
        assert (await one.office.desk.incident(stream)).updates == 1


async def test_a_second_tap_does_nothing_more_than_the_first(tmp_path: Path) -> None:
    async with steps_room(tmp_path) as one:
        await _two(one)
        await one.presses(ANA, "Update", TEAM)
        await one.writes(ANA, "We found it.", TEAM, beneath=one.message(TEAM))
        await one.presses(ANA, "Skip", TEAM)
        back, message = _token(one, TEAM, "Back")
        for _ in range(2):
            await one.presses_token(ANA, back, message, TEAM)
            assert "another language" in plain(one.newest(TEAM))
        skip, message = _token(one, TEAM, "Skip")
        for _ in range(2):
            await one.presses_token(ANA, skip, message, TEAM)
            assert "Who is told?" in plain(one.newest(TEAM))


async def test_a_tap_of_which_nobody_tells_where_changes_the_question_in_its_place(
    tmp_path: Path,
) -> None:
    async with steps_room(tmp_path) as one:
        await _two(one)
        await one.presses(ANA, "Update", TEAM)
        await one.writes(ANA, "We found it.", TEAM, beneath=one.message(TEAM))
        skip, message = _token(one, TEAM, "Skip")
        reply = await one.presses_token(ANA, skip, "", TEAM)
        assert set(reply.mends) == {message}
        assert not reply.cards


async def test_what_the_house_could_not_keep_is_sent_when_it_comes_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process dies between what was said and what it brings, and after it."""
    async with steps_room(tmp_path) as one:
        stream = await _two(one)
        await one.presses(ANA, "Update", TEAM)
        await one.writes(ANA, "We found it.", TEAM, beneath=one.message(TEAM))
        for label in ("Skip", "Staff only", "This is the last one"):
            await one.presses(ANA, label, TEAM)
        handle, died = Engine.handle, ["before", "after"]

        async def dying(engine: Engine, envelope: Envelope) -> Answer:
            when = died.pop(0) if died else ""
            if when == "before":
                raise StoreDown
            answer = await handle(engine, envelope)
            if when:
                raise StoreDown
            return answer

        monkeypatch.setattr(Engine, "handle", dying)
        send, message = _token(one, TEAM, "Send")
        for _ in range(2):
            lost = await one.presses_token(ANA, send, message, TEAM, source="send")
            assert lost.again
        sent = await one.presses_token(ANA, send, message, TEAM, source="send")
        assert sent.text == "Published."
        assert (await one.office.desk.incident(stream)).updates == 1


async def test_a_form_goes_on_in_a_house_that_was_started_anew(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "muster.db")
    async with steps_room(tmp_path, store) as one:
        stream = await _two(one)
        await one.presses(ANA, "Update", TEAM)
        await one.writes(ANA, "We found it.", TEAM, beneath=one.message(TEAM))
        shown, keys, clock = one.shown, one.office.keys, one.office.clock
    async with steps_room(tmp_path, store, keys, clock) as one:
        one.shown, one.numbers, one.serial = shown, 100, 100
        await one.writes(ANA, "Skip", TEAM, beneath=one.message(TEAM))
        for label in ("Staff only", "This is the last one", "Send"):
            await one.presses(ANA, label, TEAM)
        assert one.texts[-1] == "Published."
        assert (await one.office.desk.incident(stream)).updates == 1


async def test_stopping_ends_what_is_asked_here(tmp_path: Path) -> None:
    async with steps_room(tmp_path) as one:
        await one.types(CAROL, "subscribe")
        asking = await one.front.askers.asking(one.heard(CAROL, CAROL))
        reply = await one.front.steps.stop(asking)
        assert reply is not None
        assert reply.text == "Cancelled. Nothing was sent."
        assert await one.front.steps.stop(asking) is None


async def test_a_walk_and_its_buttons_are_let_go_of_after_a_week(tmp_path: Path) -> None:
    async with steps_room(tmp_path) as one:
        await _two(one)
        await one.presses(ANA, "Note", TEAM)
        token, message = _token(one, TEAM, "Cancel")
        assert await one.front.steps.sweep() == 0
        (row,) = await one.office.store.select("walks")
        assert number(row, "until") == one.office.clock.now() + LASTS
        over = {"until": one.office.clock.now()}
        await one.office.store.write([Patch("walks", {"walk": row["walk"]}, over)])
        assert "no longer in use" in (await one.presses_token(ANA, token, message, TEAM)).text
        assert await one.front.steps.sweep() == 1
        assert not await one.office.store.count("walks")
        assert not await one.office.store.count("tokens", {"card": "step"})


async def test_erasing_somebody_takes_what_they_had_begun_to_say(tmp_path: Path) -> None:
    async with steps_room(tmp_path) as one:
        await one.office.press(BeginReport(), CAROL)
        await one.types(CAROL, "subscribe")
        (row,) = await one.office.store.select("walks")
        assert row["subject"]
        await one.office.store.forget(str(row["subject"]))
        assert not await one.office.store.count("walks")


DO = st.one_of(
    st.tuples(st.just("press"), st.integers(0, 20), st.booleans()),
    st.tuples(
        st.just("write"),
        st.sampled_from(["", "back", "skip", "send", "x" * 10_000, "1", "\ud800", "14:05", "a, b"]),
        st.booleans(),
    ),
)


@pytest.mark.parametrize("place", [TEAM, ANA])
async def test_nothing_that_is_pressed_or_written_raises(tmp_path: Path, place: str) -> None:
    async with steps_room(tmp_path) as one:
        await _two(one)
        found: list[list[tuple[str, int | str, bool]]] = []

        @settings(max_examples=12, suppress_health_check=list(HealthCheck), database=None)
        @given(st.lists(DO, max_size=14))
        def draw(moves: list[tuple[str, int | str, bool]]) -> None:
            found.append(moves)

        draw()
        tokens = [one.button(x) for x in ("Update", "Assess", "Ask for resources")]
        for number, moves in enumerate(found):
            one.shown[place].clear()
            await one.presses_token(ANA, tokens[number % 3], "", place)
            for do, what, mine in moves:
                who = ANA if mine else BEN
                if not one.shown[place]:
                    break
                buttons, message = one.newest(place).buttons, one.message(place)
                if do == "press" and buttons:
                    button = buttons[int(what) % len(buttons)]
                    reply = await one.presses_token(who, button.token, message, place)
                else:
                    reply = await one.writes(who, str(what), place, beneath=message)
                assert not reply.again, reply.text
            await one.office.clock.advance(MINUTE)


async def test_what_was_said_is_there_again_after_the_place_moved(tmp_path: Path) -> None:
    """The question stays behind where nobody can answer it; the same button asks it anew."""
    async with steps_room(tmp_path) as one:
        await _two(one)
        await one.presses(ANA, "Assess", TEAM)
        await one.presses(ANA, "High", TEAM)
        moved = Changed("moved", Place("test", TEAM), to=Place("test", "new"))
        await one.front.change(moved)
        await one.office.advance(MINUTE)
        await one.presses(ANA, "Assess", TEAM)
        assert "Now: High" in plain(one.newest(TEAM))
        assert len(await one.office.store.select("walks")) == 1
