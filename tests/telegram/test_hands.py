"""What people do, and what the bot hears of it."""

import asyncio

import pytest
from telegram import Bot, KeyboardButton, ReplyKeyboardMarkup
from telegram.error import BadRequest

from tests.clock import VirtualClock
from tests.telegram.conftest import ANA, BO, SMALL, TEAM
from tests.telegram.fake import FakeTelegram
from tests.telegram.listen import heard, keys, messages, one, said
from tests.telegram.places import Refused


async def test_what_somebody_writes_is_heard_as_they_wrote_it(fake: FakeTelegram, bot: Bot) -> None:
    await fake.says(ANA, ANA, "  See http://x.example, @bolind\x07 ")
    message = await said(bot)
    assert message.from_user is not None
    assert message.text == "See http://x.example, @bolind"
    assert (message.from_user.id, message.chat.type) == (ANA, "private")
    assert [entity.type for entity in message.entities] == ["url", "mention"]


async def test_a_long_paste_comes_in_several_messages(fake: FakeTelegram, bot: Bot) -> None:
    await fake.says(ANA, ANA, "x" * 10_000)
    assert [len(one.text or "") for one in await messages(bot)] == [4_096, 4_096, 1_808]


# --- presses ---


async def test_a_press_is_answered_with_a_toast(fake: FakeTelegram, bot: Bot) -> None:
    await bot.send_message(ANA, "Choose", reply_markup=keys(("Yes", "m1"), ("No", "m2")))
    press = asyncio.ensure_future(fake.taps(ANA, ANA, "No"))
    await fake.until(lambda: fake.updates.waiting)
    query = (await one(bot)).callback_query
    assert query is not None
    assert (query.data, query.from_user.id) == ("m2", ANA)
    await bot.answer_callback_query(query.id, "Noted", show_alert=True)
    tap = await press
    assert (tap.toast, tap.alert, fake.toasts(ANA)) == ("Noted", True, ["Noted"])


async def test_only_a_button_that_is_there_can_be_pressed(fake: FakeTelegram, bot: Bot) -> None:
    await bot.send_message(TEAM, "Choose", reply_markup=keys(("Yes", "m1")))
    old = fake.as_seen(fake.last(TEAM))
    with pytest.raises(Refused, match="no button 'No'"):
        await fake.taps(ANA, TEAM, "No", wait=False)
    await bot.edit_message_reply_markup(TEAM, old.id)
    with pytest.raises(Refused):
        await fake.taps(ANA, TEAM, "Yes", wait=False)
    assert (await fake.taps(ANA, old, "Yes", wait=False)).data == "m1"
    fake.user(99, "A stranger")
    await fake.leaves(BO, TEAM)
    for who in (99, BO):
        with pytest.raises(Refused, match="does not see"):
            await fake.taps(who, old, "Yes", wait=False)


async def test_a_press_must_be_answered_within_fifteen_seconds(
    fake: FakeTelegram, bot: Bot, clock: VirtualClock
) -> None:
    await bot.send_message(ANA, "Choose", reply_markup=keys(("Yes", "m1")))
    stale = await fake.taps(ANA, ANA, "Yes", age=16_000)
    fresh = await fake.taps(ANA, ANA, "Yes", wait=False)
    await clock.advance(15_000)
    assert await bot.answer_callback_query(fresh.id)
    words = "Query is too old and response timeout expired or query id is invalid"
    for number in (stale.id, "99"):
        with pytest.raises(BadRequest) as told:
            await bot.answer_callback_query(number)
        assert str(told.value) == words
    assert (fresh.took, stale.took) == (15_000, -1)


async def test_an_answer_to_a_press_leads_to_the_bot_and_nowhere_else(
    fake: FakeTelegram, bot: Bot
) -> None:
    await bot.send_message(TEAM, "Choose", reply_markup=keys(("Yes", "m1")))
    tap = await fake.taps(BO, TEAM, "Yes", wait=False)
    for url in ("https://x.example", fake.link("x" * 65), fake.link("a.b")):
        with pytest.raises(BadRequest, match="Url_invalid"):
            await bot.answer_callback_query(tap.id, url=url)
    with pytest.raises(BadRequest, match="Message_too_long"):
        await bot.answer_callback_query(tap.id, "x" * 201)
    await bot.answer_callback_query(tap.id, url=fake.link("p_m1"))
    await heard(bot)
    await fake.opens(BO, tap)
    message = await said(bot)
    assert (message.text, message.chat.id) == ("/start p_m1", BO)
    assert (await bot.send_message(BO, "now it may")).chat.id == BO


async def test_a_press_on_something_old_says_little_of_it(fake: FakeTelegram, bot: Bot) -> None:
    await bot.send_message(ANA, "Choose", reply_markup=keys(("Yes", "m1")))
    await fake.taps(ANA, ANA, "Yes", wait=False, inaccessible=True)
    forged = fake.forges(ANA, fake.last(ANA), "m" * 30)
    first, second = [one.callback_query for one in await heard(bot)]
    assert first is not None
    assert first.message is not None
    assert not first.message.is_accessible
    assert second is not None
    assert second.data == forged.data


# --- what else people send ---


async def test_files_albums_places_and_numbers(fake: FakeTelegram, bot: Bot) -> None:
    await fake.sends(ANA, ANA, "photo", caption="Look")
    await fake.sends(ANA, ANA, "voice", b"ogg")
    await fake.sends(ANA, ANA, "document", b"pdf", name="plan.pdf")
    await fake.album(ANA, ANA, 3, caption="All")
    await fake.location(ANA, ANA)
    await fake.contact(ANA, ANA)
    await fake.contact(ANA, ANA, of=BO, name="Bo")
    await fake.odd(ANA, ANA, "sticker")
    got = await messages(bot)
    assert (got[0].photo[-1].width, got[0].caption) == (1280, "Look")
    assert got[1].voice is not None
    assert got[2].document is not None
    assert (got[2].document.file_name, got[2].document.mime_type) == ("plan.pdf", "application/pdf")
    assert len({one.media_group_id for one in got[3:6]}) == 1
    assert [one.caption for one in got[3:6]] == ["All", None, None]
    assert got[6].location is not None
    assert [one.contact.user_id for one in got[7:9] if one.contact] == [ANA, BO]
    assert got[9].sticker is not None


async def test_forwards_say_whose_they_were(fake: FakeTelegram, bot: Bot) -> None:
    theirs = await fake.says(BO, TEAM, "/words of Bo's")
    fake.channel(-5, "News")
    for what, origin in ((theirs, None), ("hidden", "Cy"), ("news", -5)):
        await fake.forwards(ANA, ANA, what, origin=origin)
    got = [one.forward_origin for one in await messages(bot)][1:]
    assert [one.type for one in got if one] == ["user", "hidden_user", "channel"]


async def test_an_edit_is_heard_as_one(fake: FakeTelegram, bot: Bot) -> None:
    mine = await fake.says(ANA, ANA, "one")
    await fake.edits(ANA, mine, "two")
    first, second = await heard(bot)
    assert first.message is not None
    assert second.edited_message is not None
    assert second.edited_message.text == "two"
    assert second.edited_message.message_id == first.message.message_id


async def test_keys_say_what_stands_on_them_or_send_what_they_ask_for(
    fake: FakeTelegram, bot: Bot
) -> None:
    row = [
        KeyboardButton("Skip"),
        KeyboardButton("Number", request_contact=True),
        KeyboardButton("Here", request_location=True),
    ]
    await bot.send_message(ANA, "?", reply_markup=ReplyKeyboardMarkup([row]))
    for label in fake.keyboard(ANA):
        await fake.keys(ANA, label)
    first, second, third = await messages(bot)
    assert first.text == "Skip"
    assert second.contact is not None
    assert third.location is not None
    with pytest.raises(Refused):
        await fake.keys(ANA, "Back")


# --- the private chat ---


async def test_nobody_writes_before_start_or_while_blocking(fake: FakeTelegram, bot: Bot) -> None:
    with pytest.raises(Refused):
        await fake.says(BO, BO, "hello")
    await fake.starts(BO, "j_123")
    await fake.blocks(BO)
    with pytest.raises(Refused):
        await fake.says(BO, BO, "hello")
    await fake.starts(BO)
    got = await heard(bot)
    assert [one.message.text for one in got if one.message] == ["/start j_123", "/start"]
    changes = [one.my_chat_member for one in got if one.my_chat_member]
    assert [one.new_chat_member.status for one in changes] == ["kicked", "member"]


# --- groups without rights ---


@pytest.mark.parametrize("group", [TEAM, SMALL])
async def test_without_rights_the_bot_hears_commands_and_answers_to_it_only(
    fake: FakeTelegram, bot: Bot, group: int
) -> None:
    ours = await bot.send_message(group, "Hello")
    await fake.says(ANA, group, "not for it")
    await fake.says(ANA, group, f"@{fake.username} not even this")
    await fake.commands(ANA, group, "/status N-1")
    await fake.commands(ANA, group, "/status N-2", to="me")
    await fake.commands(ANA, group, "/status N-3", to="another_bot")
    await fake.says(ANA, group, "an answer", reply_to=ours.id)
    texts = [one.text for one in await messages(bot)]
    assert texts == ["/status N-1", f"/status@{fake.username} N-2", "an answer"]


async def test_bots_do_not_hear_each_other(fake: FakeTelegram, bot: Bot) -> None:
    fake.user(66, "Another bot", is_bot=True)
    await fake.joins(66, TEAM)
    await heard(bot)
    await fake.commands(66, TEAM, "/status")
    assert await heard(bot) == []


async def test_as_an_admin_or_without_privacy_it_hears_all(fake: FakeTelegram, bot: Bot) -> None:
    await fake.adds_bot(ANA, TEAM, "administrator")
    await fake.says(ANA, TEAM, "one")
    fake.world.me.reads_all = True
    await fake.says(ANA, SMALL, "two")
    assert [one.text for one in await messages(bot)] == ["one", "two"]


async def test_a_reply_in_a_supergroup_has_a_thread_that_is_no_topic(
    fake: FakeTelegram, bot: Bot
) -> None:
    ours = await bot.send_message(TEAM, "Hello")
    await fake.says(ANA, TEAM, "an answer", reply_to=ours.id)
    message = await said(bot)
    assert (message.message_thread_id, message.is_topic_message) == (ours.id, None)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(TEAM, "x", message_thread_id=ours.id)
