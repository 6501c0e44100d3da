"""Long polling: what waits stays until it is confirmed, and one at a time may ask."""

import asyncio

import pytest
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Conflict

from tests.clock import VirtualClock
from tests.conftest import ExpectedErrors
from tests.telegram.conftest import ANA, BO, FORUM, SMALL, TEAM, library
from tests.telegram.fake import FakeTelegram
from tests.telegram.listen import heard, keys
from tests.telegram.state import BOT

DAY = 86_400_000


async def test_an_update_stays_until_the_offset_is_above_it(fake: FakeTelegram, bot: Bot) -> None:
    for text in ("one", "two", "three"):
        await fake.says(ANA, ANA, text)
    first = await bot.get_updates(timeout=0)
    again = await bot.get_updates(timeout=0)
    numbers = [one.update_id for one in first]
    assert [one.update_id for one in again] == numbers
    assert numbers == list(range(numbers[0], numbers[0] + 3))
    assert len(await bot.get_updates(offset=numbers[1], timeout=0)) == 2
    assert len(await bot.get_updates(offset=numbers[1], limit=1, timeout=0)) == 1
    assert await bot.get_updates(offset=numbers[2] + 1, timeout=0) == ()
    await fake.settled()


async def test_a_negative_offset_forgets_all_but_the_last(fake: FakeTelegram, bot: Bot) -> None:
    for text in ("one", "two", "three"):
        await fake.says(ANA, ANA, text)
    (last,) = await bot.get_updates(offset=-1, timeout=0)
    assert last.message is not None
    assert last.message.text == "three"
    assert len(await bot.get_updates(timeout=0)) == 1


async def test_a_poll_wakes_when_something_comes(fake: FakeTelegram, bot: Bot) -> None:
    poll = asyncio.ensure_future(bot.get_updates(timeout=30))
    await fake.until(lambda: fake.updates.polls)
    assert not poll.done()
    await fake.says(ANA, ANA, "hello")
    assert len(await poll) == 1


async def test_a_poll_ends_with_nothing_when_its_time_is_over(
    fake: FakeTelegram, bot: Bot, clock: VirtualClock
) -> None:
    poll = asyncio.ensure_future(bot.get_updates(timeout=30))
    await fake.until(lambda: fake.updates.polls)
    await clock.settle()
    await clock.advance(29_999)
    assert not fake.called("getUpdates")
    await clock.advance(1)
    assert await poll == ()


async def test_a_second_poller_ends_the_first(fake: FakeTelegram, bot: Bot) -> None:
    async with library(fake) as other:
        first = asyncio.ensure_future(bot.get_updates(timeout=30))
        await fake.until(lambda: fake.updates.polls == 1)
        second = asyncio.ensure_future(other.get_updates(timeout=30))
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await first
        await fake.says(ANA, ANA, "hello")
        assert len(await second) == 1


async def test_a_poller_that_dies_while_it_waits_loses_nothing(
    fake: FakeTelegram, bot: Bot
) -> None:
    poll = asyncio.ensure_future(bot.get_updates(timeout=30))
    await fake.until(lambda: fake.updates.polls)
    poll.cancel()
    await asyncio.gather(poll, return_exceptions=True)
    await fake.says(ANA, ANA, "hello")
    await fake.until(lambda: fake.called("getUpdates"))
    assert len(await bot.get_updates(timeout=0)) == 1


async def test_what_is_asked_for_is_remembered(fake: FakeTelegram, bot: Bot) -> None:
    await fake.joins(BO, FORUM)
    assert [one.chat_member for one in await bot.get_updates(timeout=0)] == [None]
    assert len(await heard(bot)) == 1
    await fake.leaves(BO, FORUM)
    (member,) = [one.chat_member for one in await heard(bot) if one.chat_member]
    assert (member.old_chat_member.status, member.new_chat_member.status) == ("member", "left")
    await bot.get_updates(timeout=0, allowed_updates=["callback_query"])
    await fake.says(ANA, ANA, "not heard")
    assert await bot.get_updates(timeout=0) == ()
    await bot.get_updates(timeout=0, allowed_updates=[])
    await fake.says(ANA, ANA, "heard")
    assert len(await bot.get_updates(timeout=0)) == 1


async def test_after_a_day_an_update_is_gone_after_a_week_numbers_begin_elsewhere(
    fake: FakeTelegram, bot: Bot, clock: VirtualClock
) -> None:
    await fake.says(ANA, ANA, "one")
    await clock.advance(DAY)
    assert await bot.get_updates(timeout=0) == ()
    await fake.says(ANA, ANA, "two")
    await clock.advance(7 * DAY)
    await fake.says(ANA, ANA, "three")
    numbers = [one.id for one in fake.updates.all]
    assert numbers[1] == numbers[0] + 1
    assert numbers[2] != numbers[1] + 1


async def test_updates_come_late_in_another_order_and_twice(fake: FakeTelegram, bot: Bot) -> None:
    fake.holds()
    for text in ("one", "two", "three"):
        await fake.says(ANA, ANA, text)
    assert await bot.get_updates(timeout=0) == ()
    fake.updates.release([2, 0])
    texts = [one.message.text for one in await heard(bot) if one.message]
    assert texts == ["three", "one"]
    fake.updates.again(fake.updates.all[0])
    assert [one.update_id for one in await heard(bot)] == [fake.updates.all[0].id]


async def test_one_malformed_update_keeps_the_library_from_reading_any(
    fake: FakeTelegram, bot: Bot, expected_errors: ExpectedErrors
) -> None:
    """It stands in the way of all that came with it until it is confirmed, or a day has passed."""
    await fake.says(ANA, ANA, "good")
    fake.malformed({"date": "yesterday"})
    with pytest.raises(TypeError):
        await bot.get_updates(timeout=0)
    expected_errors.claim("Error while parsing updates")
    assert len(await bot.get_updates(limit=1, timeout=0)) == 1
    assert len(fake.updates.waiting) == 2


# --- groups change ---


async def test_a_group_becomes_a_supergroup(fake: FakeTelegram, bot: Bot) -> None:
    new = await fake.upgrades(SMALL)
    with pytest.raises(ChatMigrated) as told:
        await bot.send_message(SMALL, "x")
    assert told.value.new_chat_id == new.id
    assert (await bot.send_message(new.id, "x")).chat.type == "supergroup"
    moved = [one.message for one in await heard(bot) if one.message]
    assert [one.migrate_to_chat_id for one in moved] == [new.id, None]
    assert [one.migrate_from_chat_id for one in moved] == [None, SMALL]


async def test_the_bot_comes_goes_and_is_given_rights(fake: FakeTelegram, bot: Bot) -> None:
    await fake.removes_bot(ANA, TEAM)
    await fake.says(ANA, TEAM, "/unheard")
    await fake.adds_bot(ANA, TEAM)
    await fake.adds_bot(ANA, TEAM, "administrator")
    got = await heard(bot)
    states = [one.my_chat_member.new_chat_member.status for one in got if one.my_chat_member]
    assert states == ["kicked", "member", "administrator"]
    assert [bool(one.message.new_chat_members) for one in got if one.message] == [True]


async def test_an_admin_who_hides_has_no_name(fake: FakeTelegram, bot: Bot) -> None:
    await fake.promotes(ANA, TEAM, anonymous=True)
    await fake.commands(ANA, TEAM, "/status")
    (message,) = [one.message for one in await heard(bot) if one.message]
    assert message.from_user is not None
    assert message.from_user.username == "GroupAnonymousBot"
    assert message.sender_chat is not None
    assert message.sender_chat.id == TEAM


async def test_an_admin_who_hides_presses_under_their_own_name(
    fake: FakeTelegram, bot: Bot
) -> None:
    """Telegram does so; and only an admin is told that they are one."""
    await bot.send_message(TEAM, "Choose", reply_markup=keys(("Yes", "m1")))
    await fake.promotes(ANA, TEAM, anonymous=True)
    await fake.taps(ANA, TEAM, "Yes", wait=False)
    (query,) = [one.callback_query for one in await heard(bot) if one.callback_query]
    assert query.from_user.id == ANA
    assert await bot.get_chat_administrators(TEAM) == ()
    await fake.adds_bot(BO, TEAM, "administrator")
    hidden = {one.user.id for one in await bot.get_chat_administrators(TEAM)}
    assert hidden == {ANA, BOT}


async def test_posts_in_a_channel_are_the_channels(fake: FakeTelegram, bot: Bot) -> None:
    fake.channel(-9, "News", "news_of_x", admins=[ANA])
    await fake.says(ANA, -9, "/subscribe")
    (post,) = [one.channel_post for one in await heard(bot)]
    assert post is not None
    assert (post.from_user, post.sender_chat and post.sender_chat.id) == (None, -9)
    sent = await bot.send_message("@news_of_x", "Hello")
    assert (await bot.edit_message_text("Hello!", -9, sent.id)) is not True


async def test_who_is_what_in_a_chat(fake: FakeTelegram, bot: Bot) -> None:
    fake.user(13, "Cy")
    await fake.leaves(ANA, TEAM, by=BO)
    await fake.promotes(BO, TEAM, "restricted")
    states = [(await bot.get_chat_member(TEAM, who)).status for who in (ANA, BO, 13)]
    assert states == ["kicked", "restricted", "left"]
    admins = await bot.get_chat_administrators(FORUM)
    assert {one.user.id for one in admins} == {BO, (await bot.get_me()).id}
    chat = await bot.get_chat(FORUM)
    assert (chat.title, chat.is_forum, chat.type) == ("Incidents", True, "supergroup")
    with pytest.raises(BadRequest):
        await bot.get_chat_member(TEAM, 99)
    assert await bot.leave_chat(TEAM)
    assert fake.chat(TEAM).status(BOT) == "left"
