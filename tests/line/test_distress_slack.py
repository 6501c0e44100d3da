"""A distress call in Slack from the first press to the break of whoever helped (practice 7)."""

from pathlib import Path

from bot.core.clocks import runs
from bot.core.distress_words import ClearDistress
from bot.core.ids import PersonId
from bot.core.incident import Incident
from bot.core.joining_words import ConfirmJoin, IssueLink
from bot.core.person import Person
from bot.engine.links import code
from tests.line.kit import ANA, CAT, CREW, LOBBY, NEWS, TEAM, Line, line

SAD = "I want to die tonight"


async def newest(one: Line) -> Incident:
    rows = await one.desk.store.select("incidents", limit=50)
    return await one.desk.incident(str(rows[-1]["incident"]))


def everywhere(one: Line) -> str:
    """All that stands in places of many, beneath cards, too."""
    found = []
    for place in (TEAM, CREW, NEWS, LOBBY):
        for card in one.cards(place):
            found += [one.reads(card), *one.beneath(card)]
    return "\n".join(found)


async def joined(one: Line, user: str, name: str) -> PersonId:
    """An agent of the desk, with their account in Slack."""
    person = await one.desk.join(name, "agent")
    made = code(one.desk.machine.parts)
    await one.desk.done(IssueLink(token=made.key, until=made.until), name)
    await one.writes(user, made.token)
    await one.presses(user, one.cards(user)[-1], "Yes, it is mine")
    await one.desk.done(ConfirmJoin(number=1), name)
    await one.advance()
    return person


async def test_practice_7_in_slack_from_the_call_to_the_break_of_who_helped(tmp_path: Path) -> None:
    """practice 7.1 to 7.3, golden: customer, agent and supervisor, each where they are."""
    async with line(tmp_path) as one:
        assert one.site is not None
        boss = await one.site.staff("Boss Lee", "supervisor")
        ana = await joined(one, ANA, "ana")
        # 7.1, 2.4: the numbers first, then one press.
        await one.writes(CAT, "SOS")
        (screen,) = one.cards(CAT, "You are not alone")
        for number in ("999", "116 123"):
            assert number in one.reads(screen)
        await one.presses(CAT, screen, "I cannot go on, I want to talk")
        await one.writes(CAT, SAD)
        await one.advance()
        # 7.2: paged at once, alone; 7.3: the lane of few, and no clock.
        incident = await newest(one)
        assert (incident.visibility, incident.priority) == ("restricted", "P1")
        assert not any(runs(incident, one_) for one_ in ("acknowledge", "update", "resolve"))
        called = one.cards(ANA, "you are needed now")[-1]
        assert SAD not in one.reads(called)
        assert "needs a person now" in (await boss.page("/desk")).text, "the supervisor is alerted"
        for words in (SAD, "distress", incident.reference):
            assert words not in everywhere(one)
        # Ana comes: she had seen nothing of it, and reads the prompts now.
        await one.presses(ANA, called, "Take")
        assert any("Breathe" in each and "116 123" in each for each in one.direct(ANA))
        # 7.3: welfare and a break, between them and us; supervisors hear that, and never why.
        report = (await newest(one)).shelter.reports[0]
        await one.desk.done(ClearDistress(report=report, why="helped"), "ana")
        await one.advance()
        (asked,) = one.cards(ANA, "How are you?")
        await one.presses(ANA, asked, "I need a break")
        helper = await one.desk.state(ana)
        assert isinstance(helper, Person)
        assert not helper.available
        page = (await boss.page("/desk")).text
        assert "takes a break until" in page
        for words in (SAD, "distress", incident.reference):
            assert words not in everywhere(one)
        # 7.2: nothing closed it meanwhile.
        assert (await newest(one)).working
