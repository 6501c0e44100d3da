"""Presses: whoever presses whatever, wherever it stands, gets one sentence and is judged once."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.core.report_words import AnswerQuestion
from bot.engine.heard import Changed, Pressed
from bot.engine.ports import Post
from bot.store.base import Patch, Row
from tests.channel import LOST, Step
from tests.engine.front_kit import MINUTE, TEAM, astuple, has, room, token_of
from tests.engine.kit import SPEECH


async def test_a_press_takes_the_incident_and_says_so_in_the_pressers_words(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        ana = await one.joins("ana", "agent")
        stream = await one.incident()
        reply = await one.press("ana", one.button("Take"))
        assert reply.text == "It is yours now."
        assert (await one.office.desk.incident(stream)).owner == ana
        await one.office.advance(MINUTE)
        assert "Who has it: Ana" in next(
            x.post.text for x in one.office.channel.places["team"] if "Who has it" in x.post.text
        )


async def test_practice_5_2_when_it_was_done_and_when_it_was_received_are_both_kept(
    tmp_path: Path,
) -> None:
    """practice 5.2: of what waited on the platform the log knows both times, in UTC."""
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        stream = await one.incident()
        pressed = one.heard("ana")
        assert pressed.at is not None
        await one.office.clock.advance(7 * MINUTE)
        await one.front.press(Pressed(*astuple(pressed), one.button("Take"), ""))
        rows = [x.row for x in await one.office.store.events(stream, 0, 500)]
        (taken,) = [x for x in rows if x.tag == "incident_taken"]
        assert (taken.source_at, taken.at) == (pressed.at, pressed.at + 7 * MINUTE)


async def test_the_second_of_two_hears_who_was_first(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        await one.joins("ben", "agent")
        await one.incident()
        token = one.button("Take")
        await one.press("ana", token)
        reply = await one.press("ben", token)
        assert "Ana" in reply.text
        assert not reply.form


async def test_a_press_that_comes_twice_counts_once_and_gets_the_same_answer(
    tmp_path: Path,
) -> None:
    async with room(tmp_path) as one:
        await one.joins("rob", "resource")
        await one.joins("ana", "agent")
        stream = await one.incident()
        await one.send(
            "ana",
            (await one.press("ana", one.button("Ask for resources"))).form,
            {"template": "other", "what": "A ladder", "skill": "first_aid"},
        )
        await one.office.advance(MINUTE)
        token = one.button("I am there in 15 minutes", "crew")
        first = await one.press("rob", token, place="crew", source="once")
        await one.office.clock.advance(MINUTE)
        again = await one.press("rob", token, place="crew", source="once")
        assert first.text.startswith("It is yours. Thank you.")
        assert again.text.startswith("It is yours. Thank you.")
        state = await one.office.desk.incident(stream)
        assert len(state.tasks[0].places) == 1


async def test_a_stranger_is_told_how_to_join_and_nothing_happens(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        stream = await one.incident()
        for label in ("Take", "Update", "Assess", "Reply"):
            reply = await one.press("mallory", one.button(label))
            assert "If you work here, make a code" in reply.text
            assert reply.link == "http://muster.test/me"
            assert reply.link_label
            assert reply.form is None
        assert (await one.office.desk.incident(stream)).owner is None


async def test_a_role_that_does_not_suffice_is_said(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("rob", "resource")
        await one.incident()
        reply = await one.press("rob", one.button("Take"))
        assert "another role" in reply.text


async def test_a_member_of_the_place_acts_by_its_grant_there_alone(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        stream = await one.incident()
        one.club.roles["pat", "team"] = "agent"
        one.club.now = one.office.clock.now()
        token = one.button("Take")
        assert "code" in (await one.press("pat", token, place="elsewhere")).text
        assert (await one.press("pat", token)).text == "It is yours now."
        assert (await one.office.desk.incident(stream)).owner is not None
        assert ("pat", False) in one.club.asked


@pytest.mark.parametrize("token", ["", "m", "x" * 30, "m" + "A" * 24, "'; DROP TABLE tokens", "м"])
async def test_a_token_that_nobody_gave_is_a_card_no_longer_in_use(
    tmp_path: Path, token: str
) -> None:
    async with room(tmp_path) as one:
        assert "no longer in use" in (await one.press("ana", token)).text


async def test_a_form_that_does_not_fit_any_more_is_not_opened(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        stream = await one.incident()
        await one.press("ana", one.button("Take"))
        await one.office.advance(MINUTE)
        old = one.button("Resolve")
        form = (await one.press("ana", old)).form
        assert "Resolved" in (await one.send("ana", form, {"note": "Freed."})).text
        reply = await one.press("ana", old)
        assert reply.form is None
        assert "does not fit any more" in reply.text
        assert reply.link.startswith("http://muster.test/desk/incidents/N-")
        assert (await one.office.desk.incident(stream)).status == "resolved"


async def test_a_link_button_asks_for_nothing(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        await one.incident()
        card = next(x for x in one.hung() if has(x, "Open on the desk"))
        (link,) = [x.link for x in card.buttons if x.link]
        assert link.startswith("http://muster.test/desk/incidents/N-")
        assert (await one.press("ana", token_of(card, "Open on the desk"))).text == ""


async def test_who_the_customer_is_begins_with_them_and_names_their_number_shortly(
    tmp_path: Path,
) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        number = AnswerQuestion(field="contact", value="+44 20 7946 0958")
        await one.office.press(number, "carol", "web")
        await one.incident()
        reply = await one.press("ana", one.button("Who is it?"))
        who, phone = reply.text.splitlines()
        assert who.startswith("R-")
        assert phone == "Phone – +44 20 7946 0958"


async def test_who_the_customer_is_is_told_to_the_presser_alone_and_logged(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        stream = await one.incident()
        assert "make a code" in (await one.press("mallory", one.button("Who is it?"))).text
        reply = await one.press("ana", one.button("Who is it?"))
        assert reply.text.startswith("We know of no name")
        assert (await one.office.desk.incident(stream)).last_event == "customer_revealed"


async def test_whoever_presses_without_end_is_asked_to_wait(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        await one.incident()
        token = one.button("Take")
        texts = [(await one.press("ana", token)).text for _ in range(70)]
        assert "wait a minute" in texts[-1]
        assert "wait a minute" not in texts[10]


async def test_a_store_that_is_down_is_a_calm_sentence(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        await one.incident()
        token = one.button("Take")
        await one.office.store.close()
        assert "try again" in (await one.press("ana", token)).text
        await one.office.store.open()
        assert (await one.press("ana", token)).text == "It is yours now."


async def test_everybody_is_answered_in_their_language(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        await one.incident()
        token = one.button("Take")
        one.language = "ru-RU"
        assert "Ничего не изменено" in (await one.press("ana", "mAAA")).text
        assert "создайте код" in (await one.press("mallory", token)).text
        form = (await one.press("ana", one.button("Update"))).form
        assert form is not None
        assert form.say(form.state.form.title) == "Опубликовать сообщение"
        assert (await one.press("ana", token)).text == SPEECH.text("It is yours now.", "ru")


async def test_a_second_copy_of_a_card_is_taken_away_by_a_press_on_it(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        one.office.channel.plan = _loses_the_first()
        await one.incident()
        copies = [x for x in one.office.channel.places["team"] if "Who has it" in x.post.text]
        assert len(copies) == 2
        copy = copies[0]
        assert copy.post.card is not None
        reply = await one.press("ana", token_of(copy.post.card, "Take"), copy.message)
        assert reply.text == "It is yours now."
        assert copy not in one.office.channel.places["team"]


async def test_a_press_on_any_part_of_a_long_card_takes_nothing_away(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        stream = await one.incident()
        key: Row = {"stream": stream, "card": "incident", "number": 0}
        where = {**key, "place": "team"}
        (row,) = await one.office.store.select("cards", where)
        known = {**key, "seat": row["seat"]}
        await one.office.store.write([Patch("cards", known, {"message": "team/7/6"})])
        reply = await one.press("ana", one.button("Take"), "team/7")
        assert reply.text == "It is yours now."
        assert "delete" not in [call.act for call in one.office.channel.calls]


def _loses_the_first() -> Callable[[str, str, Post | None], Step | None]:
    seen: list[str] = []

    def plan(act: str, address: str, post: Post | None) -> Step | None:
        if act != "send" or post is None or "Who has it" not in post.text:
            return None
        seen.append(address)
        return LOST if len(seen) == 1 else None

    return plan


async def test_no_token_raises(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        found: list[tuple[str, str]] = []

        @settings(max_examples=50, suppress_health_check=list(HealthCheck), database=None)
        @given(st.text(max_size=40), st.text(max_size=10))
        def draw(token: str, message: str) -> None:
            found.append((token, message))

        draw()
        for token, message in found:
            assert "no longer in use" in (await one.press("ana", token, message)).text
            await one.office.clock.advance(MINUTE)


async def test_what_changed_is_passed_on_and_never_raises(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        gone = Changed("gone", place=TEAM)
        await one.front.change(gone)
        assert one.club.changes == [gone]
        one.club.down = True
        await one.front.change(gone)
        assert one.club.changes == [gone]
