"""Help now, wherever somebody is in a chat: one press or one line, and the numbers are there."""

from pathlib import Path

from bot.core.cards import plain
from bot.core.report_words import WriteMessage
from bot.engine.ports import Reply
from tests.engine.front_kit import MINUTE, Room, has, room, token_of

LABEL = "I need help now"


def numbers(reply: Reply) -> bool:
    said = "\n".join(plain(card) for card in reply.cards)
    return "999" in said and "116 123" in said


async def screen(one: Room, who: str) -> Reply:
    return await one.type(who, "help now", who)


async def test_practice_7_1_somebody_new_has_it_on_their_page_and_by_a_line(tmp_path: Path) -> None:
    """practice 7.1: before the first word, on every page of their own."""
    async with room(tmp_path) as one:
        home = await one.front.home(one.heard("carol", "carol"))
        assert any(has(card, LABEL) for card in home.cards)
        token = next(token_of(card, LABEL) for card in home.cards if has(card, LABEL))
        assert numbers(await one.press("carol", token, place="carol"))
        for line in ("help now", "help_now", "SOS", "I want to die"):
            assert numbers(await one.type("carol", line, "carol")), line
        assert not await one.office.store.select("reports", limit=1), "nothing was asked for"


async def test_one_more_press_calls_a_person(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        shown = await screen(one, "carol")
        (card,) = shown.cards
        said = await one.press(
            "carol", token_of(card, "I cannot go on, I want to talk"), place="carol"
        )
        assert said.text == "A person is being called. You can write here at any time."
        await one.office.advance(MINUTE)
        (row,) = await one.office.store.select("reports", limit=5)
        report = await one.office.desk.report(str(row["report"]))
        assert report.care.since is not None
        assert report.care.asked


async def test_every_question_leads_there(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.office.press(WriteMessage(words="Hello"), "carol")
        await one.office.advance(MINUTE)
        hung = [x.post.card for x in one.office.channel.places["carol"] if x.post.card]
        token = next(token_of(card, LABEL) for card in reversed(hung) if has(card, LABEL))
        assert numbers(await one.press("carol", token, place="carol"))


async def test_who_works_here_is_not_offered_what_is_for_customers(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        home = await one.front.home(one.heard("ana", "ana"))
        assert not any(has(card, LABEL) for card in home.cards)


async def test_whoever_is_called_takes_it_from_what_few_may_see(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        await one.joins("ben", "agent")
        shown = await screen(one, "carol")
        token = token_of(shown.cards[0], "I cannot go on, I want to talk")
        await one.press("carol", token, place="carol")
        await one.office.advance(1_000)
        (row,) = await one.office.store.select("reports", limit=5)
        report = await one.office.desk.report(str(row["report"]))
        seen = await one.type("ana", f"show {report.reference}", "ana")
        (curtain,) = seen.cards
        assert "restricted" in plain(curtain)
        assert not has(curtain, "Reply")
        await one.press("ana", token_of(curtain, "I am coming"), place="ana")
        await one.office.advance(1_000)
        (card,) = (await one.type("ana", f"show {report.reference}", "ana")).cards
        assert has(card, "Reply")
        assert not (await one.type("ben", f"show {report.reference}", "ben")).cards
        (more,) = (await one.press("ana", token_of(card, "More"), place="ana")).cards
        for label in ("End with a summary", "They are being helped", "False alarm"):
            assert has(more, label)
