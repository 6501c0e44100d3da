"""The whole line: the customer on the web, team, resources and stakeholders in Slack."""

import asyncio
from pathlib import Path

import pytest

from tests.line.kit import AMY, ANA, BEN, CAT, CREW, LOBBY, NEWS, OUT, SAM, TEAM, By, line
from tests.line.story import Story, begun

WAYS = ("socket", "http")


@pytest.mark.parametrize("by", WAYS)
async def test_an_incident_goes_from_the_first_word_to_the_rating(tmp_path: Path, by: By) -> None:
    async with line(tmp_path, by) as one:
        story = await begun(one)
        assert "Nobody yet" in one.reads(story.card)
        await story.followed()
        await story.taken()
        assert "Ana" in one.reads(story.card)
        one.card(CREW, "task 2")
        await _worked_on(story)
        await _told(story)
        await _talked(story)
        await story.ended()
        await _closed(story)
        assert one.slack.troubles == []
        assert not [each.body for each in one.slack.everything() if one.slack.alive(each)]


async def _worked_on(story: Story) -> None:
    await story.worked_on()
    line, (briefing,) = story.line, story.line.direct(BEN)
    assert "Main street 5" in briefing
    assert "Ben, done" in line.reads(story.task)
    assert "Find and mend the fault: Done" in line.reads(story.card)


async def _told(story: Story) -> None:
    await story.told()
    news, (alone,) = story.line.card(NEWS), story.line.direct(SAM)
    for told in (story.line.reads(news), alone):
        assert "the next update comes by" in told
        assert "An electrician is there" in told


async def _talked(story: Story) -> None:
    await story.talked()
    hers, note, reply = story.line.beneath(story.card)
    assert hers.startswith("Customer")
    assert "It smells of smoke" in hers
    assert note == "She sounds worried"
    assert "Please wait outside" in reply
    read = str(await story.carol.state())
    assert "Please wait outside" in read
    assert "worried" not in read
    told = await story.line.presses(ANA, story.card, "Who is it?")
    assert told
    assert "Nobody" not in told[0]


async def _closed(story: Story) -> None:
    line, state = story.line, story.state
    assert state.status == "closed"
    assert "Closed" in line.reads(story.card)
    assert "Resolve" not in line.slack.labels(story.card)
    assert line.site is not None
    page = await (await line.site.staff("Ada")).page(f"/desk/incidents/{state.reference}")
    _, _, log = page.text.rpartition("Timeline")
    for said in (
        "Ana (Triage desk) Taken",
        "Ana (Triage desk) Resources asked: task 2",
        "Ben (Field engineers) Ben claimed task 1",
        "Ben (Field engineers) Ben is done",
        "Ana (Triage desk) Update to everyone",
        "Ana (Triage desk) Note She sounds worried",
        "Ana (Triage desk) Resolved",
        "The customer confirmed that it is fixed",
    ):
        assert said in log
    assert "Rated 5 of 5" in page.text
    assert len(line.cards(TEAM, state.reference)) == 1


async def test_of_two_at_once_one_has_it_and_the_other_is_told_who(tmp_path: Path) -> None:
    async with line(tmp_path) as one:
        story = await begun(one)
        old = one.slack.as_seen(story.card)
        with one.told(ANA) as ana, one.told(AMY) as amy:
            await asyncio.gather(
                one.slack.presses(ANA, old, "Take"), one.slack.presses(AMY, old, "Take")
            )
            await one.shown()
        owner = (await story.look()).owner
        assert owner is not None
        said = [*ana, *amy]
        assert sum("yours" in each for each in said) == 1
        (lost,) = (each for each in said if "yours" not in each)
        winner = "Ana" if "yours" in ana[0] else "Amy"
        assert winner in lost
        assert winner in one.reads(story.card)


async def test_a_press_on_an_old_card_is_judged_by_how_things_are_now(tmp_path: Path) -> None:
    async with line(tmp_path) as one:
        story = await begun(one)
        old = one.slack.as_seen(story.card)
        await one.presses(ANA, story.card, "Take")
        (told,) = await one.presses(AMY, old, "Take")
        assert "Ana" in told
        old = one.slack.as_seen(story.task)
        await one.presses(BEN, story.task, "I am there in 15 minutes")
        await one.presses(BEN, old, "I am there in 30 minutes")
        (task,) = (await story.look()).tasks
        assert len(task.places) == 1


async def test_an_outsider_who_presses_is_told_how_to_join_and_changes_nothing(
    tmp_path: Path,
) -> None:
    """Otto is a guest in the team's channel: being there gives him nothing."""
    async with line(tmp_path) as one:
        story = await begun(one)
        (told,) = await one.presses(OUT, story.card, "Take")
        assert "make a code on your own page" in told
        assert (await story.look()).owner is None
        assert one.slack.view(OUT) is None


async def test_home_and_lines_show_what_is_theirs_and_find_the_rest(tmp_path: Path) -> None:
    async with line(tmp_path) as one:
        story = await begun(one)
        reference = story.state.reference
        await story.taken()
        await one.presses(BEN, story.task, "I am there in 15 minutes")
        assert reference in "".join(await one.types(ANA, "list"))
        assert "Power outage" in "".join(await one.types(ANA, f"show {reference}"))
        assert reference in "".join(await one.types(ANA, "search lights"))
        assert "show REFERENCE" in "".join(await one.types(ANA, "help"))
        assert reference not in "".join(await one.types(CAT, f"show {reference}", LOBBY))
        assert reference not in "".join(await one.types(CAT, "search lights", LOBBY))
        await one.slack.opens_home(BEN)
        await one.rest()
        home = one.slack.home(BEN)
        assert home is not None
        assert reference in one.slack.reads(home)


async def test_an_update_is_replaced_by_the_next_one_and_ends_by_a_button(tmp_path: Path) -> None:
    async with line(tmp_path) as one:
        story = await begun(one)
        await story.followed()
        await story.taken()
        await story.told()
        first = one.card(NEWS, story.state.reference)
        await one.fills(
            ANA,
            story.card,
            "Update",
            words="Light again",
            audience="Everyone",
            next="in 30 minutes",
        )
        assert "Light again" in one.reads(one.cards(NEWS, story.state.reference)[-1])
        assert one.slack.labels(first) == ["I need help now"]
        last = one.cards(NEWS, "Light again")[-1]
        told = await one.presses(SAM, last, "Tell this place no more of this")
        assert told
        await story.told("All done")
        assert not one.cards(NEWS, "All done")
        assert "All done" in one.direct(SAM)[-1]
