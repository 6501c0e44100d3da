"""What people see and do alone with the app: Home, direct messages; what they take back there."""

from pathlib import Path

from tests.line.kit import ANA, BEN, CAT, TEAM, line
from tests.line.story import begun


async def test_who_is_on_a_task_says_how_it_goes_in_the_direct_message_and_at_home(
    tmp_path: Path,
) -> None:
    async with line(tmp_path) as one:
        story = await begun(one)
        await one.presses(BEN, story.task, "I am there in 15 minutes")
        briefing = one.cards(BEN, "You took task 1")[-1]
        await one.presses(BEN, briefing, "On the way")
        (place,) = (await story.look()).tasks[0].places
        assert place.status == "en_route"
        await one.slack.opens_home(BEN)
        await one.rest()
        home = one.slack.home(BEN)
        assert home is not None
        await one.presses(BEN, home, "On site")
        (place,) = (await story.look()).tasks[0].places
        assert place.status == "on_site"


async def test_at_home_members_read_and_are_told_where_to_press(tmp_path: Path) -> None:
    async with line(tmp_path) as one:
        story = await begun(one)
        await one.presses(ANA, story.card, "Take")
        await one.slack.opens_home(ANA)
        await one.rest()
        home = one.slack.home(ANA)
        assert home is not None
        assert story.state.reference in one.slack.reads(home)
        await one.presses(ANA, home, f"Show {story.state.reference}")
        await one.presses(ANA, one.slack.modal(ANA), "Resolve")
        said = one.slack.reads(one.slack.modal(ANA))
        assert "as a member of “Triage desk”" in said
        assert (await story.look()).status == "in_progress"


async def test_what_a_customer_deletes_is_said_beneath_the_card(tmp_path: Path) -> None:
    async with line(tmp_path) as one:
        await one.writes(CAT, "The lights went out in the whole house.")
        await one.writes(CAT, "person")
        await one.writes(CAT, "My PIN is 4711")
        own = [x for x in one.slack.messages(CAT) if x.user == CAT]
        await one.slack.deletes(own[-1], CAT)
        await one.shown()
        card = one.cards(TEAM, ", N-")[-1]
        *_, words, back = one.beneath(card)
        assert "4711" in words
        assert "took a message back" in back
        assert not [x for x in one.direct(CAT) if "took a message back" in x]
