"""What a workspace holds: people, groups, channels, messages, views, files and tokens."""

import asyncio
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.core.ids import Millis
from bot.engine.ports import Clock

Json = dict[str, Any]
Kind = Literal["public", "private", "im"]
APP, BOT, BOT_USER, TEAM = "A0MUSTER", "B0MUSTER", "U0MUSTER", "T1"


class ApiError(Exception):
    """Slack answers `ok: false` with this word, and with `more` beside it."""

    def __init__(self, error: str, **more: object) -> None:
        super().__init__(error)
        self.error = error
        self.more = more


@dataclass(slots=True, eq=False)
class User:
    """Somebody. `guest`: "single" or "multi"; `team` other than ours: a Connect outsider."""

    id: str
    name: str
    team: str = TEAM
    guest: str = ""
    bot: bool = False
    deleted: bool = False
    email: str = ""
    locale: str = "en-US"
    zone: str = "Etc/UTC"

    @property
    def outside(self) -> bool:
        """Not a full member of this workspace."""
        return bool(self.guest) or self.team != TEAM


@dataclass(slots=True, eq=False)
class Message:
    """A message as stored. `to` is who alone sees an ephemeral one, `thread` its parent's ts."""

    channel: str
    ts: str
    body: Json
    thread: str = ""
    to: str = ""
    metadata: Json | None = None
    asked: Json = field(default_factory=dict)
    edits: int = 0
    deleted: bool = False

    @property
    def id(self) -> str:
        """Channel and ts, as Muster writes them."""
        return f"{self.channel}/{self.ts}"

    @property
    def text(self) -> str:
        """What notifications and screen readers say."""
        return str(self.body.get("text") or "")

    @property
    def blocks(self) -> list[Json]:
        """Its blocks, ids filled in as Slack does."""
        return list(self.body.get("blocks") or [])

    @property
    def user(self) -> str:
        """Who wrote it."""
        return str(self.body.get("user") or "")

    def shown(self, metadata: bool = False) -> Json:
        """As an API or an event shows it."""
        seen: Json = {"type": "message", **self.body, "ts": self.ts}
        if self.thread:
            seen["thread_ts"] = self.thread
        if metadata and self.metadata is not None:
            seen["metadata"] = self.metadata
        return seen


@dataclass(slots=True, eq=False)
class Channel:
    """A conversation. `im` is the person with whom the bot talks there alone."""

    id: str
    name: str
    kind: Kind = "public"
    members: dict[str, None] = field(default_factory=dict)
    archived: bool = False
    deleted: bool = False
    shared: bool = False
    im: str = ""
    creator: str = "U0CREATOR"
    messages: dict[str, Message] = field(default_factory=dict)

    @property
    def scope(self) -> str:
        """The word with which scopes about it begin."""
        return {"public": "channels", "private": "groups", "im": "im"}[self.kind]

    def threaded(self, ts: str) -> list[Message]:
        """The replies beneath a message, oldest first."""
        return [one for one in self.messages.values() if one.thread == ts and one.ts != ts]


@dataclass(slots=True, eq=False)
class View:
    """A modal or a Home tab that somebody has open; `filled` are their answers so far."""

    id: str
    user: str
    body: Json
    hash: str
    root: str
    previous: str = ""
    filled: dict[tuple[str, str], Json] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def blocks(self) -> list[Json]:
        """What it shows."""
        return list(self.body.get("blocks") or [])


@dataclass(slots=True, eq=False)
class Token:
    """A key to the API."""

    kind: Literal["bot", "app"]
    scopes: tuple[str, ...]
    state: Literal["", "token_revoked", "account_inactive", "invalid_auth"] = ""


@dataclass(slots=True, eq=False)
class Trigger:
    """The right to open one modal, for three seconds. `view` is where it was pressed."""

    user: str
    at: Millis
    view: str = ""
    used: bool = False


@dataclass(slots=True, eq=False)
class ReplyUrl:
    """The right to answer a press or command; `message` is what can be replaced."""

    user: str
    channel: str
    at: Millis
    message: Message | None = None
    uses: int = 0


@dataclass(slots=True, eq=False)
class File:
    """Something uploaded; `secret` is what its upload address ends in."""

    id: str
    name: str
    media_type: str
    content: bytes | None
    user: str
    length: int = 0
    shared: bool = False


@dataclass(slots=True, eq=False)
class Group:
    """A user group; `off` is when it was disabled, 0: it works."""

    id: str
    handle: str
    users: dict[str, None] = field(default_factory=dict)
    off: Millis = 0


class World:
    """One workspace, as its server knows it."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.base = ""
        self.stirred = asyncio.Event()
        self.tells: Callable[[Json, Channel], None] = lambda body, channel: None
        self.domain = "muster-test"
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.groups: dict[str, Group] = {}
        self.tokens: dict[str, Token] = {}
        self.ephemerals: list[Message] = []
        self.views: dict[str, View] = {}
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.files: dict[str, File] = {}
        self.triggers: dict[str, Trigger] = {}
        self.replies: dict[str, ReplyUrl] = {}
        self.tickets: set[str] = set()
        self._serial = itertools.count(1)
        self._ts = ""
        self.users[BOT_USER] = User(BOT_USER, "muster", bot=True)

    def serial(self) -> int:
        """A number never given before."""
        return next(self._serial)

    def ts(self) -> str:
        """A message's name: the time, never the same twice."""
        now = self.clock.now()
        ts = f"{now // 1_000}.{now % 1_000 * 1_000:06d}"
        if self._ts and ts <= self._ts:
            seconds, micros = self._ts.split(".")
            ts = f"{int(seconds)}.{int(micros) + 1:06d}"
        self._ts = ts
        return ts

    def direct(self, user: str) -> Channel:
        """The conversation of the bot with this person alone."""
        name = f"D{user[1:]}"
        both = {user: None, BOT_USER: None}
        return self.channels.setdefault(name, Channel(name, "", "im", both, im=user))

    def find(self, name: str) -> Channel | None:
        """The conversation of this id, if it is there and the bot may know of it."""
        channel = self.channels.get(name)
        if channel is None or channel.deleted:
            return None
        return channel if channel.kind == "public" or BOT_USER in channel.members else None

    def posted(self, channel: Channel, message: Message) -> Message:
        """Keep a message."""
        channel.messages[message.ts] = message
        return message

    def named(self, blocks: list[Json]) -> list[Json]:
        """Blocks with every id that Slack would have given."""
        return [self._named(one) for one in blocks]

    def _named(self, block: Json) -> Json:
        done = {"block_id": f"b{self.serial()}", **block}
        for key in ("accessory", "element"):
            if isinstance(done.get(key), dict):
                done[key] = self._called(done[key])
        if block.get("type") == "actions":
            done["elements"] = [self._called(one) for one in block["elements"]]
        return done

    def _called(self, element: Json) -> Json:
        if element.get("type") in ("image", "plain_text", "mrkdwn"):
            return element
        return {"action_id": f"a{self.serial()}", **element}

    def trigger(self, user: str, view: str = "") -> str:
        """A fresh right to open a modal."""
        key = f"{self.serial()}.{TEAM}.{self.clock.now():x}"
        self.triggers[key] = Trigger(user, self.clock.now(), view)
        return key

    def reply_url(self, user: str, channel: str, message: Message | None = None) -> str:
        """A fresh address to answer to."""
        key = f"{TEAM}/{self.serial()}/{self.clock.now():x}"
        self.replies[key] = ReplyUrl(user, channel, self.clock.now(), message)
        return f"{self.base}/actions/{key}"

    def open_views(self) -> Iterator[View]:
        """Every modal that somebody has open, and every Home tab."""
        for stack in self.stacks.values():
            yield from stack
        yield from self.homes.values()
