"""Help now on whatever goes to somebody who does not work here (practice 7.1), and never silent."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.core import distress_words as dw
from bot.core.cards import Card, plain
from bot.core.errors import StoreDown
from bot.core.incident_commands import RestrictIncident, TakeIncident
from bot.core.person_words import Subscribe
from bot.core.report_words import AskForPerson, ReplyToCustomer, WriteMessage
from bot.engine.front import PACE
from bot.engine.looks import Looks
from bot.engine.ports import Capabilities, Post, Reply
from bot.engine.read import Staff
from bot.engine.reader import Reader
from bot.views.help import EVERYWHERE, LINES
from tests.engine.delivery import office
from tests.engine.front_kit import MINUTE, Room, has, room, token_of
from tests.engine.talking import STORY, chat
from tests.engine.test_audience import incident, publish, told

LABEL = "I need help now"
SCREEN = "You are not alone with this."


def in_sight(card: Card[str]) -> bool:
    return has(card, LABEL) or card.summary == SCREEN


def helps(reply: Reply) -> bool:
    """Whether whatever it shows has the button."""
    beside = reply.help is not None and reply.help.label == LABEL
    cards = [*reply.cards, *reply.mends.values()]
    form = reply.form is None or reply.form.help is not None
    return form and all(map(in_sight, cards)) and (beside or bool(cards) or not reply.text)


async def test_practice_7_1_every_line_and_every_slip_is_answered_with_help(tmp_path: Path) -> None:
    """practice 7.1: every line there is, alone and among others, a reference, nonsense."""
    async with room(tmp_path) as one:
        lines = [*one.front.lines._by, "N-7K4-M2QX", "unsubscribe all", "xyzzy", "repot", "show"]
        for line in lines:
            for place in ("carol", "town"):
                reply = await one.type("carol", line, place)
                assert helps(reply), line
            await one.office.advance(MINUTE)
        assert helps(await one.press("carol", "m" + "x" * 24, place="carol")), "an old button"
        await one.joins("ana", "agent")
        said = await one.type("ana", "xyzzy", "ana")
        assert said.help is None, "who works here knows"


@pytest.mark.parametrize("line", LINES)
async def test_practice_7_1_a_call_is_answered_with_our_store_down(
    tmp_path: Path,
    line: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """practice 7.1 and 7.2: the numbers need nothing of ours."""
    async with room(tmp_path) as one:

        async def down(*_: object) -> None:
            raise StoreDown

        monkeypatch.setattr(one.front.askers, "asking", down)
        for reply in (
            await one.type("carol", line, "carol"),
            await one.press("carol", EVERYWHERE, place="carol"),
        ):
            assert "999" in reply.text
            assert "116 123" in reply.text
        other = await one.type("carol", "status", "carol")
        assert other.again
        assert other.help is not None


async def test_practice_7_2_a_flood_of_calls_is_bounded_and_each_has_the_numbers(
    tmp_path: Path,
) -> None:
    """practice 7.2: nothing is kept for each, and nobody who really calls is met by silence."""
    async with room(tmp_path) as one:
        every = [await one.press("carol", EVERYWHERE, place="carol") for _ in range(PACE.burst + 5)]
        assert "116 123" in every[-1].text, "beyond the pace the numbers alone, without a look"
        assert not await one.office.store.select("reports", limit=1)


def posts(one: Room, who: str) -> Iterator[Post]:
    return (shown.post for shown in one.office.channel.places[who])


async def test_practice_7_1_what_we_say_by_ourselves_has_it_beneath_the_words(
    tmp_path: Path,
) -> None:
    """practice 7.1: questions, thanks, what an agent writes; however long it is."""
    async with room(tmp_path) as one:
        desk = one.office.desk
        await desk.join("boss")
        await one.office.press(WriteMessage(words="The lift is stuck"), "carol")
        answer = await one.office.press(AskForPerson(), "carol")
        report = str(answer.data["stream"])
        for words in ("I am on my way.", "Long words. " * 220):
            await desk.done(ReplyToCustomer(report=report, words=words), "boss")
        await one.office.advance(MINUTE)
        said = list(posts(one, "carol"))
        assert len(said) > 3
        for post in said:
            if post.card is not None:
                assert in_sight(post.card), plain(post.card)
            else:
                assert "If you need help now, write to me: help now" in post.text
        assert [x for x in said if x.card is None], "what is too long for a card names the line"


async def test_practice_7_1_whoever_follows_has_it_on_every_update(tmp_path: Path) -> None:
    """practice 7.1: subscribers are customers, too; also once a newer update stands there."""
    async with office(tmp_path) as one:
        stream = await incident(one)
        await one.press(Subscribe(scope="all"), "cat")
        for words in ("We look at it.", "A technician is there.", "x" * 1_990):
            await publish(one, stream, "public", words)
            await one.quiet()
        assert told(one, "carol", "We look at it.") == 1
        for shown in (*one.channel.places["cat"], *one.channel.places["carol"]):
            assert shown.post.card is not None, shown.post.text
            assert in_sight(shown.post.card)


async def test_practice_2_4_mail_and_other_one_way_messages_name_the_numbers(
    tmp_path: Path,
) -> None:
    """practice 2.4 and 7.1: where nothing can be pressed the numbers stand beneath the words."""
    async with office(tmp_path) as one:
        one.channel.capabilities = Capabilities(hears=False, leaves=True)
        await one.press(WriteMessage(words="The lift is stuck"), "carol")
        answer = await one.press(AskForPerson(), "carol")
        await one.desk.join("boss")
        reply = ReplyToCustomer(report=str(answer.data["stream"]), words="I am on my way.")
        await one.desk.done(reply, "boss")
        await one.quiet()
        said = [x.post.text for x in one.channel.places["carol"] if x.post.card is None]
        assert any("I am on my way." in x for x in said)
        assert all("999" in x and "116 123" in x for x in said)


async def test_practice_7_2_stopping_in_distress_leads_to_help_and_not_to_an_end(
    tmp_path: Path,
) -> None:
    """practice 7.2: "It solved itself" is not offered to somebody in distress."""
    async with room(tmp_path) as one:
        await one.office.press(WriteMessage(words="The lift is stuck"), "carol")
        await one.office.press(AskForPerson(), "carol")
        (before,) = (await one.type("carol", "stop", "carol")).cards
        assert has(before, "It solved itself")
        await one.office.press(dw.AskForHelp(need="distress"), "carol")
        (card,) = (await one.type("carol", "stop", "carol")).cards
        assert card.summary == SCREEN
        late = await one.press("carol", token_of(before, "It solved itself"), place="carol")
        assert late.refused
        assert "You need not do anything" in late.text


async def test_practice_7_3_who_reads_it_in_a_chat_or_as_a_program_is_kept_too(
    tmp_path: Path,
) -> None:
    """practice 7.3: by every way, before they see it."""
    async with room(tmp_path) as one:
        sue = await one.joins("sue", "supervisor")
        stream = await one.incident()
        desk = one.office.desk
        await desk.join("boss")
        await desk.done(TakeIncident(incident=stream), "boss")
        hide = RestrictIncident(incident=stream, visibility="restricted", reason="A child")
        await desk.done(hide, "boss")
        state = await desk.incident(stream)
        await one.type("sue", f"show {state.reference}", "sue")
        looked = (await desk.incident(stream)).shelter.looked
        assert [by for by, _ in looked] == [sue]
        reader = Reader(desk.machine.engine)
        robot = Staff("per_robot", "Robot", ("supervisor",), "en", available=False)
        assert await reader.told_incident(robot, state.reference) is not None
        looked = (await desk.incident(stream)).shelter.looked
        assert [by for by, _ in looked] == [sue, "per_robot"]


async def test_practice_7_3_what_cannot_be_kept_is_not_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """practice 7.3: a look that leaves no trace does not happen."""
    async with room(tmp_path) as one:
        await one.joins("sue", "supervisor")
        stream = await one.incident()
        hide = RestrictIncident(incident=stream, visibility="restricted", reason="A child")
        await one.office.desk.join("boss")
        await one.office.desk.done(hide, "boss")
        state = await one.office.desk.incident(stream)

        async def down(*_: object) -> None:
            raise StoreDown

        monkeypatch.setattr(Looks, "note", down)
        reply = await one.type("sue", f"show {state.reference}", "sue")
        assert not reply.cards


@pytest.mark.parametrize("words", ["kill myself", "I want to die"])
async def test_practice_7_1_a_call_for_help_answers_no_question_and_is_heard(
    tmp_path: Path, words: str
) -> None:
    """practice 7.1: short words where a button is wanted are not turned away."""
    async with chat(tmp_path) as one:
        await one.writes(STORY)
        await one.writes(words)
        assert (await one.report()).care.since is not None


async def test_practice_7_1_what_was_changed_before_anything_ran_is_heard_too(
    tmp_path: Path,
) -> None:
    """practice 7.1: an edit begins no report, but a call for help does."""
    async with chat(tmp_path) as one:
        await one.writes("So it goes", edited=True)
        assert not await one.office.store.select("reports", limit=1)
        await one.writes("I want to die", edited=True)
        assert (await one.report()).care.since is not None
