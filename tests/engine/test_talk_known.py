"""Is it this one? In a chat: a card beside the question, one press, and the words that follow."""

from pathlib import Path

from bot.core.incident_commands import OpenIncident, PublishUpdate, TakeIncident
from bot.core.incident_words import Fact
from tests.engine.talking import CAROL, STORY, Chat, chat

ANA = "ana"
PLACE = "12 Mill Lane"


async def known(one: Chat) -> str:
    """An incident that an agent saw, and that everybody was told of."""
    desk = one.office.desk
    await desk.join(ANA, "agent")
    facts = (Fact(field="what", value=STORY), Fact(field="where", value=PLACE))
    opened = OpenIncident(report=None, category="power", facts=facts)
    incident: str = (await desk.done(opened, ANA)).data["stream"]
    await desk.done(TakeIncident(incident=incident), ANA)
    said = PublishUpdate(incident=incident, words="A cable is being mended.", audience="public")
    await desk.done(said, ANA)
    await one.settled()
    return incident


async def asked(one: Chat) -> None:
    """Carol has said what happened, and where."""
    await one.writes(STORY)
    await one.answers(safety="no", kind="incident", category="power")
    await one.answers(where=PLACE)


def cards(one: Chat) -> list[str]:
    return [x.post.text for x in one.shown() if x.post.card is not None]


async def test_the_question_stands_beside_the_next_one_and_yes_joins(tmp_path: Path) -> None:
    """Issue 7.6: offered on every channel while the customer is still answering."""
    async with chat(tmp_path) as one:
        incident = await known(one)
        await asked(one)
        labels = [
            x.label for shown in one.shown() if shown.post.card for x in shown.post.card.buttons
        ]
        assert "Yes, that is it" in labels
        assert "I need help now" in labels
        text = "\n".join(str(x.post) for x in one.shown())
        assert "A cable is being mended." in text
        await one.presses("Yes, that is it")
        report = await one.report()
        assert (report.incident, report.stage) == (incident, "sent")
        said = [x.post.text for x in one.shown()]
        assert any("added you to it" in x for x in said)
        assert any("A cable is being mended." in str(x.post) for x in one.shown())
        after = [
            x.label for shown in one.shown() if shown.post.card for x in shown.post.card.buttons
        ]
        assert "Yes, that is it" not in after


async def test_no_leaves_the_question_that_was_open_and_the_card_says_so(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        await known(one)
        await asked(one)
        await one.presses("No, something else")
        report = await one.report()
        assert report.asking
        assert report.alike.declined
        assert any("something else" in x for x in cards(one))


async def test_whoever_just_goes_on_is_not_held_up(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        await known(one)
        await asked(one)
        before = len((await one.report()).answers)
        await one.writes("Two floors, I think")
        report = await one.report()
        assert len(report.answers) >= before
        assert report.alike.offered or report.stage != "answering"
        assert report.incident is None
        assert CAROL
