"""What the fake Telegram knows: people, chats, topics, messages, files, presses."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.core.ids import Millis
from bot.engine.ports import Clock

Json = dict[str, Any]
Kind = Literal["private", "group", "supergroup", "channel"]
Status = Literal["creator", "administrator", "member", "restricted", "left", "kicked"]
BOT = 7_000_000_001
ANONYMOUS = 1_087_968_824
"""As whom Telegram shows an admin who hides."""
HERE: tuple[Status, ...] = ("creator", "administrator", "member")
ADMINS: tuple[Status, ...] = ("creator", "administrator")
PREFIX = {400: "Bad Request: ", 403: "Forbidden: ", 409: "Conflict: "}


class ApiError(Exception):
    """What a method refuses, in Telegram's words; `parameters` go out beside them."""

    def __init__(self, description: str, code: int = 400, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = PREFIX.get(code, "") + description
        self.parameters = parameters


@dataclass(slots=True, eq=False)
class User:
    """A person. `started`: has opened the private chat; `deleted`: the account is gone."""

    id: int
    name: str
    language: str = "en"
    username: str = ""
    last_name: str = ""
    started: bool = False
    blocks: bool = False
    deleted: bool = False
    is_bot: bool = False


@dataclass(slots=True, eq=False)
class Member:
    """What somebody is in a chat; `rights` are those of an administrator."""

    status: Status = "member"
    rights: frozenset[str] = frozenset()
    anonymous: bool = False


@dataclass(slots=True, eq=False)
class Topic:
    """A topic of a forum; its id is that of the message that opened it.

    `known`: Telegram's own server has found out that it is deleted, and says so in other words.
    """

    id: int
    name: str
    closed: bool = False
    deleted: bool = False
    known: bool = False


@dataclass(slots=True, eq=False)
class Message:
    """A message as it stands. `body` is its content in the shape of the Bot API.

    `by` is who wrote it (0: a channel), `sender_chat` for whom, `thread` the topic, `reply` the
    message beneath which it stands, `at` in milliseconds, `edited` in seconds.
    """

    chat: int
    id: int
    by: int
    at: Millis
    body: Json
    thread: int = 0
    reply: int = 0
    sender_chat: int = 0
    edited: int = 0
    markup: Json | None = None
    gone: bool = False
    extra: Json = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The words, of a file too."""
        return str(self.body.get("text") or self.body.get("caption") or "")

    @property
    def entities(self) -> list[Json]:
        """Those that the sender gave."""
        return list(self.body.get("entities") or self.body.get("caption_entities") or [])

    @property
    def ours(self) -> bool:
        """The bot wrote it."""
        return self.by == BOT

    @property
    def rows(self) -> list[list[Json]]:
        """The buttons beneath it, row by row."""
        return list((self.markup or {}).get("inline_keyboard") or [])

    @property
    def buttons(self) -> list[Json]:
        """The same, one after the other."""
        return [button for row in self.rows for button in row]

    @property
    def labels(self) -> list[str]:
        """What stands on them."""
        return [str(button["text"]) for button in self.buttons]

    @property
    def name(self) -> str:
        """As the house names it: chat/message."""
        return f"{self.chat}/{self.id}"


@dataclass(slots=True, eq=False)
class Chat:
    """A place. `moved` is the supergroup that it became."""

    id: int
    kind: Kind
    title: str = ""
    username: str = ""
    forum: bool = False
    members: dict[int, Member] = field(default_factory=dict)
    topics: dict[int, Topic] = field(default_factory=dict)
    messages: dict[int, Message] = field(default_factory=dict)
    keyboard: Json | None = None
    serial: int = 0
    moved: int = 0
    linked: int = 0
    gone: bool = False

    def status(self, user: int) -> Status:
        """What somebody is here."""
        found = self.members.get(user)
        return found.status if found else "left"

    def may(self, user: int, right: str) -> bool:
        """Whether an administrator of this kind is they."""
        found = self.members.get(user)
        if found is None:
            return False
        return found.status == "creator" or (
            found.status == "administrator" and right in found.rights
        )

    def standing(self) -> list[Message]:
        """What has not been deleted, oldest first."""
        return [one for one in self.messages.values() if not one.gone]


@dataclass(slots=True, eq=False)
class File:
    """Something sent; `size` is what Telegram says of it, `kind` how it was sent."""

    id: str
    kind: str
    name: str
    content: bytes
    media_type: str = "application/octet-stream"
    size: int = 0
    path: str = ""
    until: Millis = 0


@dataclass(slots=True, eq=False)
class Tap:
    """One press. `toast` is what the person was shown, `alert` whether it must be closed, `url`
    where it led; `answered` is set when the bot has answered in time.
    """

    id: str
    user: int
    message: Message
    data: str
    at: Millis
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    toast: str = ""
    alert: bool = False
    url: str = ""
    took: Millis = -1


@dataclass(slots=True, eq=False)
class Me:
    """The bot. `reads_all`: privacy mode is off."""

    token: str
    username: str = "muster_fake_bot"
    name: str = "Muster"
    reads_all: bool = False
    closed: bool = False
    words: dict[tuple[str, str], str] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class World:
    """All of it. `stirred` is set whenever something has happened."""

    clock: Clock
    me: Me
    users: dict[int, User] = field(default_factory=dict)
    chats: dict[int, Chat] = field(default_factory=dict)
    files: dict[str, File] = field(default_factory=dict)
    taps: dict[str, Tap] = field(default_factory=dict)
    violations: list[str] = field(default_factory=list)
    stirred: asyncio.Event = field(default_factory=asyncio.Event)
    base: str = ""
    download_most: int = 20_000_000
    upload_most: int = 50_000_000
    photo_most: int = 10_000_000
    number: int = 0

    def serial(self) -> int:
        """A number that nothing else has."""
        self.number += 1
        return self.number

    def seconds(self) -> int:
        """Now, as Telegram writes it."""
        return self.clock.now() // 1_000

    def add(self, chat: Chat, by: int, body: Json, **more: Any) -> Message:
        """A message comes to stand in a chat."""
        chat.serial += 1
        message = Message(chat.id, chat.serial, by, self.clock.now(), body, **more)
        chat.messages[message.id] = message
        self.stirred.set()
        return message

    def private(self, user: int) -> Chat:
        """Somebody's chat with the bot."""
        return self.chats.setdefault(user, Chat(user, "private"))
