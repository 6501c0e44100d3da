"""Whatever happens to a group, a topic or a card in Telegram: the incident is right, it is said,
and all goes on by itself.
"""

from pathlib import Path

import pytest

from tests.line.tg import ANN, BO, CREW, FORUM, phones
from tests.line.tg_story import Story, begun
from tests.telegram.places import Refused


async def test_a_group_that_threw_us_out_is_right_again_once_we_are_back(tmp_path: Path) -> None:
    async with phones(tmp_path, "webhook") as one:
        story = await begun(one)
        await one.taps(BO, story.task, "I am there in 15 minutes")
        await one.telegram.removes_bot(BO, CREW)
        await one.rest()
        tap = await one.telegram.taps(BO, BO, "On the way", wait=False)
        await one.advance()
        assert tap.toast
        assert (await story.look()).tasks[0].places[0].status == "claimed"
        await _called_off(story)
        await one.advance()
        assert "Called off" not in story.task.text
        assert "Called off" in story.card.text
        assert await one.pauses()
        await one.telegram.adds_bot(BO, CREW)
        await one.shown()
        assert "Called off" in story.task.text
        assert len(one.cards(CREW, story.now.reference)) == 1
        assert await one.pauses() == []


async def _called_off(story: Story) -> None:
    """Somebody on the web calls the task off."""
    assert story.line.site is not None
    ada = await story.line.site.staff("Ada")
    stream = story.now.stream
    await ada.done("cancel_task", incident=stream, task=1, reason="Not needed")


async def test_a_group_that_became_a_supergroup_goes_on_where_it_is_now(tmp_path: Path) -> None:
    async with phones(tmp_path) as one:
        telegram = one.telegram
        telegram.group(CREW, "Crew", [BO], supergroup=False)
        story = await begun(one)
        new = await telegram.upgrades(CREW)
        await one.advance()
        await one.shown()
        (task,) = one.cards(new.id, story.now.reference)
        await one.taps(BO, task, "I am there in 15 minutes")
        assert (await story.look()).tasks[0].places
        assert "Bo Lind" in one.card(new.id, story.now.reference).text
        assert await one.pauses() == []


async def test_a_topic_that_was_deleted_is_opened_anew(tmp_path: Path) -> None:
    async with phones(tmp_path) as one:
        story = await begun(one)
        await one.telegram.deletes_topic(ANN, FORUM, story.card.thread)
        await one.taps(BO, story.task, "I am there in 15 minutes")
        await one.advance()
        await one.shown()
        (topic,) = one.telegram.topics(FORUM)
        assert story.card.thread == topic.id
        assert "1 of 1" in story.card.text


async def test_a_card_that_was_deleted_is_hung_anew_when_it_changes(tmp_path: Path) -> None:
    async with phones(tmp_path) as one:
        story = await begun(one)
        first = story.task
        first.gone = True
        claims = one.telegram.taps(BO, one.telegram.as_seen(first), "I am there in 15 minutes")
        with pytest.raises(Refused):
            await claims
        await _called_off(story)
        await one.shown()
        assert not first.text.startswith("Called off")
        assert await one.pauses() == []
