"""Topics of a forum: opened, closed, gone; and who may."""

import pytest
from telegram import Bot
from telegram.error import BadRequest

from tests.telegram.conftest import ANA, BO, FORUM, TEAM
from tests.telegram.fake import FakeTelegram
from tests.telegram.listen import messages
from tests.telegram.places import Refused


async def test_a_topic_holds_its_messages(fake: FakeTelegram, bot: Bot) -> None:
    topic = await bot.create_forum_topic(FORUM, "N-1 Fire")
    thread = topic.message_thread_id
    card = await bot.send_message(FORUM, "Card", message_thread_id=thread)
    assert (card.message_thread_id, card.is_topic_message) == (thread, True)
    await fake.says(ANA, FORUM, "On my way", thread=thread)
    await fake.says(ANA, FORUM, "Beneath", reply_to=card.id)
    await fake.says(ANA, FORUM, "In general")
    loose = await bot.send_message(FORUM, "Loose")
    await fake.says(ANA, FORUM, "Beneath it", reply_to=loose.id)
    got = await messages(bot)
    assert [one.message_thread_id for one in got] == [thread, thread, None, loose.id]
    assert [one.is_topic_message for one in got] == [True, True, None, None]
    assert [one.text for one in fake.ours(FORUM, thread)] == ["Card"]
    assert [one.text for one in fake.messages(FORUM, 0)] == ["In general", "Loose", "Beneath it"]
    assert [one.name for one in fake.topics(FORUM)] == ["N-1 Fire"]


async def test_a_closed_topic_takes_words_of_admins_only(fake: FakeTelegram, bot: Bot) -> None:
    thread = (await bot.create_forum_topic(FORUM, "x")).message_thread_id
    assert await bot.close_forum_topic(FORUM, thread)
    with pytest.raises(BadRequest, match="Topic_not_modified"):
        await bot.close_forum_topic(FORUM, thread)
    assert (await bot.send_message(FORUM, "x", message_thread_id=thread)).is_topic_message
    with pytest.raises(Refused, match="closed"):
        await fake.says(ANA, FORUM, "x", thread=thread)
    await fake.says(BO, FORUM, "x", thread=thread)
    await fake.adds_bot(BO, FORUM, "member")
    with pytest.raises(BadRequest, match="Topic_closed"):
        await bot.send_message(FORUM, "x", message_thread_id=thread)
    await fake.closes_topic(BO, FORUM, thread, closed=False)
    assert (await bot.send_message(FORUM, "x", message_thread_id=thread)).is_topic_message


async def test_a_topic_that_is_gone_takes_nothing(fake: FakeTelegram, bot: Bot) -> None:
    thread = (await bot.create_forum_topic(FORUM, "x")).message_thread_id
    card = await bot.send_message(FORUM, "Card", message_thread_id=thread)
    await fake.deletes_topic(BO, FORUM, thread)
    for words in ("Topic_deleted", "Message thread not found"):
        with pytest.raises(BadRequest, match=words):
            await bot.send_message(FORUM, "x", message_thread_id=thread)
    assert await bot.send_chat_action(FORUM, "typing", message_thread_id=thread)
    with pytest.raises(BadRequest, match="Topic_id_invalid"):
        await bot.edit_forum_topic(FORUM, thread, "y")
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("y", FORUM, card.id)
    for chat, number in ((FORUM, 999), (FORUM, 1), (TEAM, thread), (ANA, thread)):
        with pytest.raises(BadRequest, match="Message thread not found"):
            await bot.send_message(chat, "x", message_thread_id=number)
    assert fake.topics(FORUM) == []


async def test_topics_need_a_forum_and_the_right_to_them(fake: FakeTelegram, bot: Bot) -> None:
    with pytest.raises(BadRequest, match="The chat is not a forum"):
        await bot.create_forum_topic(TEAM, "x")
    thread = (await bot.create_forum_topic(FORUM, "x" * 128)).message_thread_id
    with pytest.raises(BadRequest, match="Topic_name_invalid"):
        await bot.create_forum_topic(FORUM, "x" * 129)
    assert await bot.edit_forum_topic(FORUM, thread, "y")
    assert [one.name for one in fake.topics(FORUM)] == ["y"]
    await fake.adds_bot(BO, FORUM, "administrator", rights=())
    with pytest.raises(BadRequest, match="Not enough rights to create a topic"):
        await bot.create_forum_topic(FORUM, "x")
    with pytest.raises(BadRequest, match="Not enough rights to close the topic"):
        await bot.close_forum_topic(FORUM, thread)
    with pytest.raises(BadRequest, match="Not enough rights to delete the topic"):
        await bot.delete_forum_topic(FORUM, thread)
    fake.becomes_forum(FORUM, forum=False)
    with pytest.raises(BadRequest, match="Message thread not found"):
        await bot.send_message(FORUM, "x", message_thread_id=thread)


async def test_people_open_rename_and_close_topics_too(fake: FakeTelegram, bot: Bot) -> None:
    topic = await fake.opens_topic(BO, FORUM, "theirs")
    await fake.renames_topic(BO, FORUM, topic.id, "ours")
    await fake.closes_topic(BO, FORUM, topic.id)
    opened, renamed, closed = await messages(bot)
    assert opened.forum_topic_created is not None
    assert opened.message_thread_id == topic.id
    assert renamed.forum_topic_edited is not None
    assert closed.forum_topic_closed is not None
    assert await bot.reopen_forum_topic(FORUM, topic.id)
    assert await bot.delete_forum_topic(FORUM, topic.id)
