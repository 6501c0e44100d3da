"""What a method gets: its arguments, read as Telegram reads them; and the table of methods."""

import inspect
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import telegram

from tests.telegram.deliveries import Deliveries
from tests.telegram.state import ApiError, Chat, World
from tests.telegram.updates import Updates

Json = dict[str, Any]
LOCAL = ("self", "read_timeout", "write_timeout", "connect_timeout", "pool_timeout", "api_kwargs")
NEVER_SENT = ("allow_sending_without_reply", "reply_to_message_id", "disable_web_page_preview")
UNKNOWN = (
    "allow_paid_broadcast",
    "business_connection_id",
    "direct_messages_topic_id",
    "inline_message_id",
    "message_effect_id",
    "suggested_post_parameters",
)
EXTRA = {"sendLocation": ("latitude", "longitude"), "setWebhook": ("certificate",)}
"""What the library takes apart before it sends it."""


@dataclass(frozen=True, slots=True)
class Part:
    """An uploaded file."""

    name: str
    content: bytes
    media_type: str = ""


@dataclass(slots=True)
class Ask:
    """One request."""

    world: World
    updates: Updates
    hooks: Deliveries
    args: Json
    parts: Mapping[str, Part] = field(default_factory=dict)

    def text(self, key: str, default: str = "") -> str:
        """Words."""
        value = self.args.get(key, default)
        return value if isinstance(value, str) else json.dumps(value)

    def number(self, key: str, default: int = 0) -> int:
        """A whole number."""
        try:
            return int(self.args.get(key, default))
        except (TypeError, ValueError):
            raise ApiError(f"invalid {key} specified") from None

    def decimal(self, key: str) -> float:
        """A number."""
        try:
            return float(self.args[key])
        except (KeyError, TypeError, ValueError):
            raise ApiError(f"invalid {key} specified") from None

    def flag(self, key: str) -> bool:
        """Yes or no."""
        return str(self.args.get(key, "")).lower() in ("true", "1", "yes")

    def has(self, key: str) -> bool:
        """It was said."""
        return key in self.args

    def data(self, key: str) -> Any:
        """Something written in JSON, None when it was not said."""
        value = self.args.get(key)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise ApiError(f"can't parse {key} JSON object") from None

    def thing(self, key: str) -> Json | None:
        """An object in JSON."""
        found = self.data(key)
        if found is not None and not isinstance(found, dict):
            raise ApiError(f"can't parse {key}: expected an Object")
        return found

    def many(self, key: str) -> list[Any]:
        """A list in JSON."""
        found = self.data(key)
        if found is not None and not isinstance(found, list):
            raise ApiError(f"can't parse {key}: expected an Array")
        return found or []

    def chat(self, key: str = "chat_id") -> Chat:
        """The chat that is meant; it need not be one where the bot may speak."""
        given = str(self.args.get(key, ""))
        if not given:
            raise ApiError("chat_id is empty")
        if given.isdigit() and int(given) in self.world.users:
            return self.world.private(int(given))
        chats = self.world.chats
        if given.removeprefix("-").isdigit():
            found = chats.get(int(given))
        else:
            found = next((one for one in chats.values() if f"@{one.username}" == given), None)
        if found is None or found.gone:
            raise ApiError("chat not found")
        return found


Run = Callable[[Ask], Any | Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Method:
    """`args` are the names that it takes; `paced`: it counts against the limits of sending."""

    name: str
    run: Run
    args: frozenset[str]
    paced: bool = False


METHODS: dict[str, Method] = {}
"""By name in small letters, since Telegram does not mind."""


def method(name: str, *, paced: bool = False) -> Callable[[Run], Run]:
    """A method of the Bot API. It takes what the library can send, and nothing else."""
    snake = re.sub(r"(?=[A-Z])", "_", name).lower()
    known = inspect.signature(getattr(telegram.Bot, snake)).parameters
    names = frozenset(known) - {*LOCAL, *NEVER_SENT, *UNKNOWN} | {*EXTRA.get(name, ())}

    def put(run: Run) -> Run:
        METHODS[name.lower()] = Method(name, run, names, paced)
        return run

    return put
