"""Small help for tests of the fake: buttons, and what waits for the bot."""

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update


def keys(*buttons: tuple[str, str]) -> InlineKeyboardMarkup:
    """A row of buttons: what stands on them and what they say."""
    row = [InlineKeyboardButton(text, callback_data=data) for text, data in buttons]
    return InlineKeyboardMarkup([row])


async def heard(bot: Bot) -> list[Update]:
    """Everything that waits, confirmed."""
    found = await bot.get_updates(timeout=0, allowed_updates=Update.ALL_TYPES)
    if found:
        await bot.get_updates(offset=max(one.update_id for one in found) + 1, timeout=0)
    return list(found)


async def messages(bot: Bot) -> list[Message]:
    """The messages among it."""
    return [one.effective_message for one in await heard(bot) if one.effective_message]


async def one(bot: Bot) -> Update:
    """The one thing that waits."""
    (found,) = await heard(bot)
    return found


async def said(bot: Bot) -> Message:
    """The one message that waits."""
    (found,) = await messages(bot)
    return found
