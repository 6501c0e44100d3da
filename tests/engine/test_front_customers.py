"""Customers in a chat: a card acts on its own report, and everything is said calmly."""

from pathlib import Path

from bot.core import incident_commands as ic
from bot.core.cards import Card, Section
from bot.core.ids import StreamId
from bot.core.report_words import AskForPerson, BeginReport, WriteMessage
from bot.core.texts import Phrase, Text, Who, t
from tests.engine.front_kit import MINUTE, Room, room, token_of

YES_OR_NO = ("Yes, it is fixed", "No, not fixed")


async def reported(one: Room, words: str, again: bool = False) -> StreamId:
    """Carol writes to us alone on the channel, and asks for a person."""
    if again:
        await one.office.press(BeginReport(again=True), "carol")
    await one.office.press(WriteMessage(words=words), "carol")
    answer = await one.office.press(AskForPerson(), "carol")
    await one.office.advance(MINUTE)
    return str(answer.data["stream"])


async def fixed(one: Room, report: StreamId) -> None:
    incident = str((await one.office.desk.report(report)).incident)
    await one.office.press(ic.TakeIncident(incident=incident), "ana")
    await one.office.press(ic.ResolveIncident(incident=incident, note="done"), "ana")
    await one.office.advance(MINUTE)


def asked(one: Room, label: str) -> str:
    """The newest button called so in the conversation with Carol."""
    cards = [x.post.card for x in one.office.channel.places["carol"] if x.post.card is not None]
    return next(
        token_of(card, label)
        for card in reversed(cards)
        if any(x.label == label for x in card.buttons)
    )


async def test_is_it_fixed_is_answered_by_a_press(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        report = await reported(one, "No light")
        await fixed(one, report)
        yes = asked(one, "Yes, it is fixed")
        reply = await one.press("carol", yes, place="carol")
        assert reply.text == ""  # The house says it, once.
        assert (await one.office.desk.report(report)).stage == "done"
        await one.office.advance(MINUTE)
        rated = await one.press("carol", asked(one, "5"), place="carol")
        assert rated.text == "Thank you. It helps us to do better."
        assert (await one.office.desk.report(report)).rating is not None


async def test_the_card_of_an_earlier_report_does_nothing_to_the_newest(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        first = await reported(one, "No light")
        await fixed(one, first)
        yes = asked(one, "Yes, it is fixed")
        await one.press("carol", yes, place="carol")
        second = await reported(one, "No water", again=True)
        assert second != first
        await fixed(one, second)
        reply = await one.press("carol", yes, place="carol", source="later")
        assert "an earlier report" in reply.text
        assert (await one.office.desk.report(second)).stage == "confirming"


async def test_the_question_whether_it_is_fixed_brings_its_answers(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        report = await reported(one, "No light")
        await fixed(one, report)

        def newest() -> Card[str]:
            card = one.office.channel.places["carol"][-1].post.card
            assert card is not None
            return card

        assert "We believe that your report" in newest().summary
        assert [x.label for x in newest().buttons] == [*YES_OR_NO, "I need help now"]
        token = newest().buttons[1].token
        assert token is not None
        await one.press("carol", token, place="carol")
        assert (await one.office.desk.report(report)).stage != "confirming"


async def test_another_customer_cannot_answer_for_them(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        report = await reported(one, "No light")
        await fixed(one, report)
        await one.press("mallory", asked(one, "Yes, it is fixed"), place="mallory")
        assert (await one.office.desk.report(report)).stage == "confirming"


async def test_a_customer_is_told_roles_and_no_names(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        report = await reported(one, "No light")
        await fixed(one, report)
        reply = await one.press("carol", asked(one, "No, not fixed"), place="carol")
        assert reply.text == ""  # The house says it, once.
        listed = await one.type("carol", "list", place="carol")
        assert "Ana" not in str(listed)
        reference = (await one.office.desk.report(report)).reference
        shown = await one.type("carol", f"show {reference}", place="carol")
        assert reference in str(shown.cards)
        other = await one.type("dave", f"show {reference}", place="dave")
        assert other.cards == ()
        staff = await one.type("ana", f"show {reference}")
        assert "Who has it" in str(staff.cards)


async def test_names_are_for_who_works_here(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        ana = await one.joins("ana", "agent")
        said: Text = t("{who} took it", who=Who(person=ana))
        card: Card[Phrase] = Card(said, (Section(said),))
        for who, name in (("carol", "someone took it"), ("ana", "Ana took it")):
            asking = await one.front.askers.asking(one.heard(who))
            assert await one.front.askers.said(asking, said) == name
            assert (await one.front.askers.shown(asking, card)).summary == name
