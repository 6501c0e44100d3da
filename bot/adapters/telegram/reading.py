"""What Telegram sends, read without trust: a part that is not there or not fit is empty."""

from dataclasses import dataclass
from typing import Any

from bot.adapters.telegram.payloads import CHANNEL, message_id
from bot.core.commands import Identity, Place
from bot.core.ids import Millis
from bot.untrusted import Payload, part, text

LARGEST = 1 << 52
"""Ids of users and chats have at most 52 bits."""
LONGEST: Millis = 1 << 48


@dataclass(frozen=True, slots=True)
class Me:
    """Who we are in Telegram; `username` is "" and `reads` None as long as it is not known.

    `reads`: we hear everything that is said in groups, because privacy mode is off.
    """

    number: int
    username: str = ""
    reads: bool | None = None

    @property
    def id(self) -> str:
        """Our number as text."""
        return str(self.number)


def number(payload: Any, *keys: str) -> int:
    """The whole number under `keys`, 0 when there is none that could be an id."""
    found = part(payload, *keys[:-1]).get(keys[-1])
    if isinstance(found, bool) or not isinstance(found, int):
        return 0
    return found if abs(found) < LARGEST else 0


def is_on(payload: Any, *keys: str) -> bool:
    """Whether there is a plain yes under `keys`."""
    return part(payload, *keys[:-1]).get(keys[-1]) is True


def degrees(payload: Any, key: str, most: float) -> float | None:
    """An angle, None when there is none between -`most` and `most`."""
    found = part(payload).get(key)
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    return float(found) if -most <= found <= most else None


def moment(payload: Any, key: str) -> Millis | None:
    """A time in Telegram (whole seconds) in milliseconds; none of them is before 1970."""
    at = number(payload, key) * 1000
    return at if 0 < at < LONGEST else None


def person(user: int) -> Identity:
    """Somebody in Telegram."""
    return Identity(CHANNEL, str(user))


def place(chat: int) -> Place:
    """A conversation in Telegram; with one person alone it has that person's number."""
    return Place(CHANNEL, str(chat))


def message_of(message: Payload) -> str:
    """How we call a message; "" when it cannot be told which."""
    return numbered(number(message, "chat", "id"), number(message, "message_id"))


def numbered(chat: int, message: int) -> str:
    """The same, by its numbers."""
    return message_id(chat, message) if chat and message > 0 else ""


def name_of(user: Payload) -> str:
    """How somebody calls themselves, in one line."""
    said = f"{text(user, 'first_name')} {text(user, 'last_name')}"
    return " ".join(said.split())[:128]
