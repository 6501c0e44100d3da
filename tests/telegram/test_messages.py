"""What the bot sends, edits and deletes, and what Telegram refuses of it."""

from collections.abc import Sequence
from typing import Any

import pytest
from telegram import (
    Bot,
    CopyTextButton,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    LinkPreviewOptions,
    MessageEntity,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
    User,
)
from telegram.error import BadRequest, Forbidden, InvalidToken

from tests.clock import VirtualClock
from tests.telegram.conftest import ANA, BO, TEAM, library
from tests.telegram.fake import FakeTelegram
from tests.telegram.keyboards import inline
from tests.telegram.listen import keys
from tests.telegram.state import BOT

HOUR = 3_600_000


async def test_a_message_arrives_as_it_was_sent(fake: FakeTelegram, bot: Bot) -> None:
    bold = MessageEntity(MessageEntity.BOLD, 2, 5)
    sent = await bot.send_message(
        ANA,
        "\U0001f6a8Hello",
        entities=[bold],
        link_preview_options=LinkPreviewOptions(is_disabled=True),
        disable_notification=True,
        reply_markup=keys(("Yes", "m1")),
    )
    assert (sent.text, sent.chat.id, sent.entities) == ("\U0001f6a8Hello", ANA, (bold,))
    assert (sent.link_preview_options or LinkPreviewOptions()).is_disabled
    stands = fake.last(ANA)
    assert (stands.id, stands.labels, stands.name) == (sent.message_id, ["Yes"], f"11/{sent.id}")
    assert fake.transcript(ANA) == "Muster: \U0001f6a8Hello [Yes]"


async def test_each_chat_counts_its_own_messages(fake: FakeTelegram, bot: Bot) -> None:
    numbers = [(await bot.send_message(chat, "x")).id for chat in (ANA, TEAM, ANA)]
    assert numbers == [1, 1, 2]


async def test_only_the_bot_with_the_token_is_let_in(fake: FakeTelegram, bot: Bot) -> None:
    stranger = library(fake, "5:other")
    with pytest.raises(InvalidToken):
        await stranger.get_me()
    await stranger.request.shutdown()
    fake.revokes()
    with pytest.raises(InvalidToken):
        await bot.get_me()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Message text is empty"),
        (" \n\u200b\u2060 ", "Text must be non-empty"),
        ("x" * 4_097, "Message is too long"),
        ("\U0001f6a8" * 2_049, "Message is too long"),
    ],
)
async def test_a_text_is_neither_empty_nor_too_long(bot: Bot, text: str, words: str) -> None:
    with pytest.raises(BadRequest, match=words):
        await bot.send_message(ANA, text)


async def test_length_is_counted_after_blanks_are_gone(fake: FakeTelegram, bot: Bot) -> None:
    await bot.send_message(ANA, "  " + "x" * 4_096 + "\r\n")
    assert fake.last(ANA).text == "x" * 4_096


@pytest.mark.parametrize(
    ("words", "entities"),
    [
        ("Entity begins after the end of the text", [MessageEntity("bold", 5, 1)]),
        ("ends after the end of the text at utf-16 offset 6", [MessageEntity("bold", 2, 4)]),
        ("in a middle of a utf-16 symbol", [MessageEntity("bold", 1, 2)]),
        (
            "beginning at utf-16 offset 2 ends after the end of the text at utf-16 offset 5",
            [MessageEntity("bold", 0, 3), MessageEntity("italic", 2, 3)],
        ),
        ("Can't parse entities", [MessageEntity("code", 0, 4), MessageEntity("bold", 0, 2)]),
        ("wrong http url", [MessageEntity("text_link", 0, 2, url="http://localhost/x")]),
        ("unsupported url protocol", [MessageEntity("text_link", 0, 2, url="javascript:x")]),
        ("can't find field", [MessageEntity("text_mention", 0, 2)]),
        ("User not found", [MessageEntity("text_mention", 0, 2, user=User(99, "X", False))]),
        ("unsupported type", [MessageEntity("sparkling", 0, 2)]),
        ("with incorrect offset -1", [MessageEntity("bold", -1, 2)]),
    ],
)
async def test_entities_must_fit_the_text(
    bot: Bot, words: str, entities: Sequence[MessageEntity]
) -> None:
    """The text is an emoji of two units and three letters: five units."""
    with pytest.raises(BadRequest, match=words):
        await bot.send_message(ANA, "\U0001f6a8abc", entities=entities)


async def test_good_entities_lie_in_each_other_and_move_with_the_text(
    fake: FakeTelegram, bot: Bot
) -> None:
    given = [
        MessageEntity("bold", 2, 5),
        MessageEntity("text_link", 2, 3, url="https://x.example/a"),
        MessageEntity("text_mention", 6, 1, user=User(ANA, "Ana", False)),
    ]
    sent = await bot.send_message(ANA, "\n\rabcde", entities=given)
    assert [(one.type, one.offset, one.length) for one in sent.entities] == [
        ("bold", 0, 5),
        ("text_link", 0, 3),
        ("text_mention", 4, 1),
    ]
    assert fake.violations == []


async def test_markup_in_strings_and_a_hundred_and_one_entities_are_noted(
    fake: FakeTelegram, bot: Bot
) -> None:
    with pytest.raises(BadRequest, match="Can't parse entities"):
        await bot.send_message(ANA, "<b>x</b>", parse_mode="HTML")
    many = [MessageEntity("bold", at, 1) for at in range(101)]
    sent = await bot.send_message(ANA, "x" * 101, entities=many)
    assert len(sent.entities) == 100
    assert len(fake.violations) == 2


@pytest.mark.parametrize(
    ("button", "words"),
    [
        (InlineKeyboardButton("x", callback_data="é" * 33), "(?i)button_data_invalid"),
        (InlineKeyboardButton("x", callback_data=""), "text buttons are unallowed"),
        (InlineKeyboardButton(" ", callback_data="m"), "text must be non-empty"),
        (InlineKeyboardButton("x"), "text buttons are unallowed"),
        (InlineKeyboardButton("x", url="ftp://x.example"), "unsupported url protocol"),
        (InlineKeyboardButton("x", url="http://localhost:8080/d"), "wrong http url"),
        (InlineKeyboardButton("x", url="muster"), "wrong http url"),
        (InlineKeyboardButton("x", copy_text=CopyTextButton("x" * 257)), "(?i)copy_text_invalid"),
    ],
)
async def test_a_button_must_be_good(bot: Bot, button: InlineKeyboardButton, words: str) -> None:
    with pytest.raises(BadRequest, match=words):
        await bot.send_message(ANA, "x", reply_markup=InlineKeyboardMarkup([[button]]))


def test_a_good_button_is_taken() -> None:
    """64 bytes are the most."""
    for more in ({"callback_data": "é" * 32}, {"url": "https://x.example"}, {"url": "tg://x"}):
        button = {"text": "x", **more}
        assert inline({"inline_keyboard": [[button]]}) == {"inline_keyboard": [[button]]}
    assert inline({"inline_keyboard": [[]]}) is None


@pytest.mark.parametrize(("rows", "each"), [(1, 9), (13, 8), (2, 8)])
async def test_a_keyboard_is_not_too_large(bot: Bot, rows: int, each: int) -> None:
    label = "x" * 600 if rows == 2 else "x"
    row = [InlineKeyboardButton(label, callback_data="m")] * each
    with pytest.raises(BadRequest, match="Reply markup is too long"):
        await bot.send_message(ANA, "x", reply_markup=InlineKeyboardMarkup([row] * rows))


async def test_keys_in_place_of_letters_ask_for_a_number_in_private_only(
    fake: FakeTelegram, bot: Bot
) -> None:
    asks = ReplyKeyboardMarkup([[KeyboardButton("My number", request_contact=True)]])
    await bot.send_message(ANA, "x", reply_markup=asks)
    assert fake.keyboard(ANA) == ["My number"]
    await bot.send_message(ANA, "x", reply_markup=ReplyKeyboardRemove())
    assert fake.keyboard(ANA) == []
    with pytest.raises(BadRequest, match="private chats only"):
        await bot.send_message(TEAM, "x", reply_markup=asks)


# --- where the bot may not ---


async def test_where_the_bot_may_not_write_it_is_told_why(fake: FakeTelegram, bot: Bot) -> None:
    refused: dict[int, tuple[type[Exception], str]] = {
        BO: (Forbidden, "Forbidden: bot can't initiate conversation with a user"),
        99: (BadRequest, "Chat not found"),
        -99: (BadRequest, "Chat not found"),
        21: (Forbidden, "Forbidden: bot was blocked by the user"),
        22: (Forbidden, "Forbidden: user is deactivated"),
        -31: (Forbidden, "Forbidden: bot was kicked from the supergroup chat"),
        -32: (Forbidden, "Forbidden: bot was kicked from the group chat"),
        -33: (Forbidden, "Forbidden: bot is not a member of the supergroup chat"),
        -34: (BadRequest, "Need administrator rights in the channel chat"),
        -35: (BadRequest, "Not enough rights to send text messages to the chat"),
    }
    fake.user(21, "Cy", started=True)
    await fake.blocks(21)
    fake.user(22, "Di", started=True)
    await fake.goes(22)
    fake.group(-31, bot="kicked")
    fake.group(-32, bot="kicked", supergroup=False)
    fake.group(-33, bot="left")
    fake.channel(-34, bot="member")
    fake.group(-35, bot="restricted")
    for chat, (kind, words) in refused.items():
        with pytest.raises(kind) as told:
            await bot.send_message(chat, "x")
        assert str(told.value) == words, chat


# --- edits ---


async def test_an_edit_changes_words_and_buttons(fake: FakeTelegram, bot: Bot) -> None:
    sent = await bot.send_message(ANA, "One", reply_markup=keys(("Yes", "m1")))
    await bot.edit_message_text("Two", ANA, sent.id)
    assert (fake.last(ANA).text, fake.last(ANA).labels) == ("Two", [])
    await bot.edit_message_reply_markup(ANA, sent.id, reply_markup=keys(("No", "m2")))
    assert fake.last(ANA).labels == ["No"]


SAME = (
    "Message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)


async def test_an_edit_that_changes_nothing_is_refused(bot: Bot) -> None:
    sent = await bot.send_message(ANA, "One", reply_markup=keys(("Yes", "m1")))
    with pytest.raises(BadRequest) as told:
        await bot.edit_message_text(" One ", ANA, sent.id, reply_markup=keys(("Yes", "m1")))
    assert str(told.value) == SAME
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text(
            "One", ANA, sent.id, reply_markup=keys(("Yes", "m1")), disable_web_page_preview=True
        )


async def test_what_is_not_the_bots_or_not_there_cannot_be_edited(
    fake: FakeTelegram, bot: Bot
) -> None:
    theirs = await fake.says(ANA, ANA, "mine")
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("x", ANA, theirs.id)
    sent = await bot.send_message(ANA, "One")
    await fake.deletes(ANA, fake.last(ANA))
    for number in (sent.id, 99):
        with pytest.raises(BadRequest, match="Message to edit not found"):
            await bot.edit_message_text("x", ANA, number)


# --- deleting, replying ---


async def test_deleting(fake: FakeTelegram, bot: Bot, clock: VirtualClock) -> None:
    first, second, third = [await bot.send_message(TEAM, "x") for _ in range(3)]
    theirs = await fake.says(ANA, TEAM, "mine")
    assert await bot.delete_message(TEAM, first.id)
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await bot.delete_message(TEAM, first.id)
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(TEAM, theirs.id)
    assert await bot.delete_messages(TEAM, [first.id, second.id, 99])
    await clock.advance(49 * HOUR)
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await bot.delete_message(TEAM, third.id)
    assert [one.id for one in fake.messages(TEAM)] == [third.id, theirs.id]


async def test_a_reply_needs_what_it_answers_unless_it_says_otherwise(bot: Bot) -> None:
    sent = await bot.send_message(TEAM, "x")
    answer = await bot.send_message(TEAM, "y", reply_parameters=ReplyParameters(sent.id))
    assert answer.reply_to_message is not None
    assert answer.reply_to_message.id == sent.id
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(TEAM, "y", reply_parameters=ReplyParameters(99))
    lenient = ReplyParameters(99, allow_sending_without_reply=True)
    assert (await bot.send_message(TEAM, "y", reply_parameters=lenient)).reply_to_message is None


# --- all else ---


@pytest.mark.parametrize("more", [{"colour": 1}, {"business_connection_id": "b"}])
async def test_what_telegram_does_not_take_is_refused(
    fake: FakeTelegram, bot: Bot, more: dict[str, Any]
) -> None:
    with pytest.raises(BadRequest, match="Unknown arguments"):
        await bot.send_message(ANA, "x", api_kwargs=more)
    assert fake.violations == [f"sendMessage does not take {next(iter(more))}"]


async def test_who_the_bot_is(fake: FakeTelegram, bot: Bot) -> None:
    me = await bot.get_me()
    assert (me.id, me.username, me.can_read_all_group_messages) == (BOT, fake.username, False)
    assert (await bot.send_location(ANA, 40.4, -3.7)).location is not None
    assert await bot.send_chat_action(ANA, "typing")
    with pytest.raises(BadRequest):
        await bot.send_chat_action(ANA, "dancing")
