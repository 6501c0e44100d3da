"""Files out and in, the list of commands, and what the bot says of itself."""

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
    InputMediaDocument,
    InputMediaPhoto,
    MessageEntity,
)
from telegram.error import BadRequest, InvalidToken, NetworkError

from tests.clock import VirtualClock
from tests.telegram.conftest import ANA, TEAM
from tests.telegram.fake import FakeTelegram
from tests.telegram.listen import keys, said

HOUR = 3_600_000


async def test_files_go_out_with_words_and_buttons(fake: FakeTelegram, bot: Bot) -> None:
    bold = [MessageEntity("bold", 0, 4)]
    sent = await bot.send_photo(
        ANA, b"jpeg", caption="Look", caption_entities=bold, reply_markup=keys(("Yes", "m1"))
    )
    assert (sent.caption, sent.caption_entities) == ("Look", tuple(bold))
    plan = await bot.send_document(ANA, b"pdf", filename="plan.pdf")
    assert plan.document is not None
    assert plan.document.file_name == "plan.pdf"
    assert (await bot.send_document(ANA, plan.document.file_id)).document == plan.document
    assert (await bot.send_voice(ANA, b"ogg")).voice is not None
    await bot.edit_message_caption(ANA, sent.id, caption="Seen")
    assert [one.text for one in fake.messages(ANA)] == ["Seen", "", "", ""]
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await bot.edit_message_text("x", ANA, sent.id)
    with pytest.raises(BadRequest, match="Message caption is too long"):
        await bot.send_photo(ANA, b"jpeg", caption="x" * 1_025)
    with pytest.raises(BadRequest, match="Wrong file identifier"):
        await bot.send_photo(ANA, "unknown")


async def test_an_album_is_two_to_ten(fake: FakeTelegram, bot: Bot) -> None:
    two = [InputMediaPhoto(b"a", caption="First"), InputMediaPhoto(b"b")]
    sent = await bot.send_media_group(ANA, two)
    assert len({one.media_group_id for one in sent}) == 1
    assert [one.text for one in fake.messages(ANA)] == ["First", ""]
    with pytest.raises(BadRequest):
        await bot.send_media_group(ANA, [InputMediaPhoto(b"a")])
    with pytest.raises(BadRequest):
        await bot.send_media_group(ANA, [InputMediaPhoto(b"a"), InputMediaDocument(b"b")])


async def test_files_can_be_too_large(fake: FakeTelegram, bot: Bot) -> None:
    fake.world.upload_most, fake.world.photo_most = 100, 10
    with pytest.raises(NetworkError, match="Request Entity Too Large"):
        await bot.send_document(ANA, b"x" * 101)
    with pytest.raises(BadRequest, match="File is too big"):
        await bot.send_photo(ANA, b"x" * 11)
    await fake.sends(ANA, ANA, "document", 20_000_001)
    document = (await said(bot)).document
    assert document is not None
    assert document.file_size == 20_000_001
    with pytest.raises(BadRequest, match="File is too big"):
        await document.get_file()


async def test_a_file_can_be_fetched_for_an_hour(
    fake: FakeTelegram, bot: Bot, clock: VirtualClock
) -> None:
    await fake.sends(ANA, ANA, "voice", b"ogg bytes")
    voice = (await said(bot)).voice
    assert voice is not None
    file = await voice.get_file()
    assert bytes(await file.download_as_bytearray()) == b"ogg bytes"
    await clock.advance(HOUR)
    with pytest.raises(InvalidToken, match="Not Found"):
        await file.download_as_bytearray()
    with pytest.raises(BadRequest, match="Wrong file_id"):
        await bot.get_file("unknown")


# --- the list of commands ---


async def test_commands_are_listed_by_place_and_language(fake: FakeTelegram, bot: Bot) -> None:
    status = BotCommand("status", "How it stands")
    groups = BotCommandScopeAllGroupChats()
    assert await bot.set_my_commands([status])
    assert await bot.set_my_commands([BotCommand("help", "x")], groups, "ru")
    assert await bot.get_my_commands() == (status,)
    assert [one.command for one in await bot.get_my_commands(groups, "ru")] == ["help"]
    assert await bot.get_my_commands(groups) == ()
    assert await bot.delete_my_commands(groups, "ru")
    assert await bot.get_my_commands(groups, "ru") == ()
    assert await bot.set_my_commands([status], BotCommandScopeChat(TEAM))


@pytest.mark.parametrize(
    "commands",
    [
        [("Status", "x")],
        [("in-cident", "x")],
        [("x" * 33, "x")],
        [("status", "")],
        [("status", "x" * 257)],
        [("status", "x"), ("status", "y")],
        [(f"c{at}", "x") for at in range(101)],
    ],
)
async def test_commands_must_be_good(bot: Bot, commands: list[tuple[str, str]]) -> None:
    with pytest.raises(BadRequest, match="Bot_command"):
        await bot.set_my_commands(commands)


async def test_what_the_bot_says_of_itself(fake: FakeTelegram, bot: Bot) -> None:
    assert await bot.set_my_description("Report an incident")
    assert await bot.set_my_short_description("Incidents", "ru")
    assert (await bot.get_my_description()).description == "Report an incident"
    assert (await bot.get_my_short_description("ru")).short_description == "Incidents"
    assert (await bot.get_my_short_description()).short_description == ""
    for call in (bot.set_my_description("x" * 513), bot.set_my_short_description("x" * 121)):
        with pytest.raises(BadRequest, match="too long"):
            await call
    with pytest.raises(BadRequest):
        await bot.set_my_commands([("a", "x")], language_code="rus")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.set_my_commands([("a", "x")], BotCommandScopeChat(-99))


async def test_a_bot_can_sign_off(fake: FakeTelegram, bot: Bot) -> None:
    assert await bot.close()
    assert await bot.log_out()
    with pytest.raises(InvalidToken):
        await bot.get_chat(TEAM)
