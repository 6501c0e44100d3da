"""How the house calls what is in Telegram: chats, people, messages and what buttons carry."""

from telegram import ReplyParameters

from bot.engine.ports import Misconfigured

CHANNEL = "telegram"
ASKS = "c"
"""Stands before the token of a button that asks before it counts."""
GENERAL = "1"
"""The topic that every forum has; it is written to without naming it."""
FILE = "f"
NO_NUMBER = "A place in Telegram is the number of a chat, such as -1001234567890."


def chat_of(address: str) -> int:
    """The number of a chat. Raises Misconfigured for what is none."""
    try:
        return int(address)
    except ValueError:
        raise Misconfigured(NO_NUMBER) from None


def is_group(address: str) -> bool:
    """Whether many people are there."""
    return address.startswith("-")


def message_id(chat: int | str, *numbers: int) -> str:
    """How we call a message: `-100123/456`; one in parts by the part with the buttons first,
    then the others from the top.
    """
    return "/".join([str(chat), *map(str, numbers)])


def parts(message: str) -> tuple[str, tuple[int, ...]]:
    """The chat and the numbers in what `message_id` made; no numbers where it made none of it."""
    chat, *numbers = message.split("/")
    if numbers and numbers[-1].startswith(FILE):
        numbers.pop()
    fit = all(one.isascii() and one.isdecimal() and len(one) < 16 for one in numbers)
    return chat, tuple(map(int, numbers)) if fit else ()


def with_file(message: str, file: int | None) -> str:
    """The message with the one before it that holds its file."""
    return message if file is None else f"{message}/{FILE}{file}"


def file_of(message: str) -> int | None:
    """The number of the message that holds the file of this one, None where none does."""
    last = message.rpartition("/")[2]
    number = last.removeprefix(FILE)
    found = last.startswith(FILE) and number.isascii() and number.isdecimal() and len(number) < 16
    return int(number) if found else None


def reply_to(address: str, beneath: str) -> ReplyParameters | None:
    """What a message to `address` hangs beneath, when that is in the same chat."""
    chat, numbers = parts(beneath)
    if chat != address or not numbers:
        return None
    return ReplyParameters(numbers[0], allow_sending_without_reply=True)


def topic(within: str) -> int | None:
    """What Telegram takes as the topic of a message; None for the chat itself."""
    known = within.isascii() and within.isdecimal() and within != GENERAL
    return int(within) if known else None


def carried(token: str, asks: bool) -> str:
    """What a button carries."""
    return f"{ASKS}{token}" if asks else token


def token_of(data: str) -> tuple[str, bool]:
    """The token that a button carried, and whether it asks before it counts."""
    return (data[1:], True) if data.startswith(ASKS) else (data, False)
