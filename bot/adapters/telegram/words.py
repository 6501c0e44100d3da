"""What Telegram is called, what it needs and what `muster telegram` can do; nothing is loaded."""

import re
from collections.abc import Sequence

from bot.declared import ChatAdapter, ChatWords, Found, Shape, Told
from bot.engine.ports import Clock, Speak
from bot.places import Where


def _open(told: Told, clock: Clock, say: Speak) -> ChatAdapter:
    from bot.adapters.telegram.house import Telegram, keys_in

    return Telegram(keys_in(told), clock, say)


async def _look(told: Told, where: Where) -> Sequence[Found]:
    from bot.adapters.telegram.doctor import looked
    from bot.adapters.telegram.house import keys_in

    return await looked(keys_in(told), where.places, where.groups)


TELEGRAM = ChatWords(
    name="telegram",
    title="Telegram",
    help="Telegram: see whether all is well there.",
    needs="telegram_bot_token",
    place=Shape(re.compile(r"-?[1-9][0-9]{0,15}"), "-1001234567890"),
    group=Shape(re.compile(r"-[1-9][0-9]{0,15}(?:/admins)?"), "-1001234567890/admins"),
    looks="Look at token, updates and groups; say what to do for each that is wrong.",
    unset=(
        "Telegram is not set up: TELEGRAM_BOT_TOKEN is not set. @BotFather in Telegram makes the "
        "bot that gives it."
    ),
    open=_open,
    look=_look,
)
