"""Whatever is wrong in Slack: the incident is right, it is said, and all goes on by itself."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from tests.adapters.slack.ears import slack_in
from tests.engine.kit import MINUTE
from tests.line.kit import ANA, BEN, CREW, NEWS, SAM, TEAM, Line, line
from tests.line.story import Story, begun
from tests.slack.fake import FakeSlack
from tests.slack.state import BOT_USER

AGAIN = 15 * MINUTE
Change = Callable[[FakeSlack], Awaitable[object]]


async def _mended(one: Line, story: Story) -> None:
    """Once the cause is gone the card shows the truth, by itself and once."""
    await one.advance(AGAIN)
    await one.shown()
    assert "Ana" in one.reads(story.card)
    assert await one.pauses() == []


async def test_a_card_whose_message_was_deleted_is_posted_anew(tmp_path: Path) -> None:
    async with line(tmp_path) as one:
        story = await begun(one)
        first = story.card
        await one.slack.deletes(first)
        await one.shown()
        assert story.card.ts != first.ts
        await one.presses(ANA, story.card, "Take")
        assert "Ana" in one.reads(story.card)
        assert len(one.cards(CREW)) == 1


async def test_without_a_scope_it_is_said_which_and_all_goes_on_once_it_is_there(
    tmp_path: Path,
) -> None:
    async with line(tmp_path, "http") as one:
        story = await begun(one)
        scopes = one.slack.scopes
        one.slack.scopes = tuple(each for each in scopes if each != "chat:write")
        old = story.card
        await one.slack.presses(ANA, old, "Take")
        await one.advance()
        assert (await story.look()).owner
        (pause,) = await one.pauses()
        assert "chat:write" in pause
        one.slack.scopes = scopes
        await _mended(one, story)


async def test_a_token_that_was_revoked_is_named_and_all_goes_on_with_it(tmp_path: Path) -> None:
    async with line(tmp_path, "http") as one:
        story = await begun(one)
        await one.presses(ANA, story.card, "Take")
        await one.slack.revokes()
        carol = story.carol
        await carol.did("write_message", words="Hello?")
        await one.advance(6 * MINUTE)
        health = slack_in(one.house).health()
        assert not health.sound
        assert "SLACK_BOT_TOKEN" in health.detail
        assert any("SLACK_BOT_TOKEN" in each for each in await one.pauses())
        one.slack.restores()
        await _mended(one, story)
        assert "Hello?" in one.beneath(story.card)[0]
        assert slack_in(one.house).health().sound


CHANNELS: dict[str, tuple[Change, Change, str]] = {
    "archived": (
        lambda slack: slack.archives(TEAM),
        lambda slack: slack.archives(TEAM, back=True),
        "archived",
    ),
    "not a member": (
        lambda slack: slack.leaves(BOT_USER, TEAM),
        lambda slack: slack.joins(BOT_USER, TEAM),
        "Invite it",
    ),
}


@pytest.mark.parametrize("what", CHANNELS)
async def test_a_channel_that_is_shut_holds_up_itself_alone_until_it_is_open(
    tmp_path: Path, what: str
) -> None:
    shut, opened, said = CHANNELS[what]
    async with line(tmp_path, "http") as one:
        await shut(one.slack)
        carol = await one.customer()
        await carol.report()
        await one.advance()
        assert one.cards(CREW)
        (pause,) = await one.pauses()
        assert said in pause
        await opened(one.slack)
        await one.advance(AGAIN)
        one.card(TEAM, ", N-")
        assert await one.pauses() == []


async def test_a_channel_that_is_no_more_holds_up_nobody_else(tmp_path: Path) -> None:
    async with line(tmp_path) as one:
        await one.slack.removes(TEAM)
        carol = await one.customer()
        await carol.report()
        await one.advance()
        assert "id of the place" in " ".join(await one.pauses())
        task = one.card(CREW, "task 1")
        await one.slack.presses(BEN, task, "I am there in 15 minutes")
        await one.advance()
        assert "Ben" in one.reads(task)


async def test_who_is_gone_gets_nothing_and_holds_up_nobody(tmp_path: Path) -> None:
    async with line(tmp_path) as one:
        story = await begun(one)
        await story.followed()
        await story.taken()
        await one.slack.changes(SAM, deleted=True)
        await story.told()
        one.card(NEWS, story.state.reference)
        assert one.direct(SAM) == []
        assert await one.pauses() == []


@pytest.mark.parametrize("wait", ["0", "-1", "soon", "3600", None])
async def test_however_slack_asks_to_wait_the_card_ends_right(
    tmp_path: Path, wait: str | None
) -> None:
    async with line(tmp_path, "http") as one:
        story = await begun(one)
        headers = {} if wait is None else {"Retry-After": wait}
        fault = one.slack.fails("chat.update", status=429, error="ratelimited", headers=headers)
        await one.slack.presses(ANA, story.card, "Take")
        await one.advance(20_000)
        assert fault.hits == 1
        if wait == "3600":
            assert "Nobody yet" in one.reads(story.card)
            await one.advance(61 * MINUTE)
        await _mended(one, story)


async def test_events_late_twice_and_out_of_order_are_each_heard_once(tmp_path: Path) -> None:
    async with line(tmp_path) as one:
        story = await begun(one)
        await one.presses(ANA, story.card, "Take")
        one.slack.holds()
        for words in ("First", "Second"):
            await one.slack.says(ANA, TEAM, words, thread=story.card)
        await one.advance(2 * MINUTE)
        held = await one.slack.deliveries.release([1, 0])
        for each in held:
            await one.slack.deliveries.again(each)
        await one.shown()
        log = await one.desk.store.events(story.state.stream, 0, 500)
        assert [each.row.tag for each in log].count("incident_note_written") == 2


async def test_words_that_the_house_could_not_keep_are_brought_again_and_kept_once(
    tmp_path: Path,
) -> None:
    async with line(tmp_path, "http") as one:
        story = await begun(one)
        await one.presses(ANA, story.card, "Take")
        one.house.engine._stopping = True
        with one.told(ANA) as told:
            await one.slack.says(ANA, TEAM, "It smells of gas", thread=story.card)
            await one.rest()
            one.house.engine._stopping = False
            await one.advance(10 * MINUTE)
        assert told == []
        log = await one.desk.store.events(story.state.stream, 0, 500)
        assert [each.row.tag for each in log].count("incident_note_written") == 1


async def test_what_comes_from_another_workspace_is_left_alone(tmp_path: Path) -> None:
    async with line(tmp_path) as one:
        story = await begun(one)
        with one.slack.elsewhere():
            await one.slack.presses(ANA, story.card, "Take")
            await one.slack.says(ANA, TEAM, "Ours", thread=story.card)
            await one.shown()
        log = await one.desk.store.events(story.state.stream, 0, 500)
        assert (await story.look()).owner is None
        assert "incident_note_written" not in [each.row.tag for each in log]


@pytest.mark.parametrize("how", [{"secret": "another"}, {"age": 600}], ids=["forged", "old"])
async def test_what_slack_did_not_sign_just_now_is_refused(
    tmp_path: Path, how: dict[str, str | int]
) -> None:
    async with line(tmp_path, "http") as one:
        story = await begun(one)
        with one.slack.forging(str(how.get("secret", "")), int(how.get("age", 0))):
            told = await one.slack.presses(ANA, story.card, "Take")
        assert told is not None
        assert told.status == 401
        assert (await story.look()).owner is None
        await one.presses(ANA, story.card, "Take")
        assert (await story.look()).owner
