"""A call of the Web API: its arguments, who asks, and the table of methods."""

import base64
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.slack.state import ApiError, Channel, Token, World

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Ask:
    """What was asked: arguments from body and query together, and the key that came with them."""

    world: World
    args: Json
    token: Token

    def word(self, key: str) -> str:
        """An argument as text, "" when it was left out."""
        given = self.args.get(key)
        return "" if given is None else str(given)

    def must(self, key: str) -> str:
        """An argument that is needed."""
        if not self.word(key):
            raise ApiError("invalid_arguments", response_metadata=missing(key))
        return self.word(key)

    def flag(self, key: str, usual: bool = False) -> bool:
        """A yes or no, however it is written."""
        given = self.args.get(key)
        return usual if given is None else str(given).lower() in ("true", "1")

    def number(self, key: str, usual: int) -> int:
        """A whole number."""
        try:
            return int(self.word(key) or usual)
        except ValueError:
            raise ApiError("invalid_arguments") from None

    def json(self, key: str) -> Any:
        """A part with structure: as JSON, or as JSON in a string; None when it was left out."""
        given = self.args.get(key)
        if not isinstance(given, str):
            return given
        try:
            return json.loads(given) if given else None
        except ValueError:
            raise ApiError(f"invalid_{key}_format") from None

    def need(self, scope: str) -> None:
        """Refuse a key without this scope."""
        if scope and scope not in self.token.scopes:
            provided = ",".join(self.token.scopes)
            raise ApiError("missing_scope", needed=scope, provided=provided)

    def channel(self, scope: str = "") -> Channel:
        """The conversation that is asked about, if the app may do with its kind what it wants.

        `scope` is the end of the scope's name, such as "read" of "channels:read".
        """
        found = self.world.find(self.must("channel"))
        if found is None:
            raise ApiError("channel_not_found")
        self.need(f"{found.scope}:{scope}" if scope else "")
        return found

    def page(self, key: str, items: Sequence[Any], most: int = 1_000) -> Json:
        """One page of `items` under `key`, with the way to the next."""
        limit = self.number("limit", 100)
        if not 1 <= limit <= most:
            raise ApiError("invalid_limit")
        start = self._cursor()
        rest = len(items) > start + limit
        return {
            key: list(items[start : start + limit]),
            "response_metadata": {"next_cursor": cursor(start + limit) if rest else ""},
        }

    def _cursor(self) -> int:
        given = self.word("cursor")
        if not given:
            return 0
        try:
            return int(base64.b64decode(given, validate=True).decode().removeprefix("next:"))
        except ValueError:
            raise ApiError("invalid_cursor") from None


def cursor(start: int) -> str:
    """The name of a page."""
    return base64.b64encode(f"next:{start}".encode()).decode()


def missing(key: str) -> Json:
    """What Slack says beside `invalid_arguments`."""
    return {"messages": [f"[ERROR] missing required field: {key}"]}


Run = Callable[[Ask], Json]


@dataclass(frozen=True, slots=True)
class Method:
    """One method: `scope` it needs ("" none or it looks itself), its tier, whose key it takes."""

    run: Run
    scope: str
    tier: int
    kind: str = "bot"


METHODS: dict[str, Method] = {}
FREE = 9
"""The tier of methods without a limit worth keeping."""


def method(name: str, tier: int, scope: str = "", kind: str = "bot") -> Callable[[Run], Run]:
    """Put a function into the table as what answers `name`."""

    def put(run: Run) -> Run:
        METHODS[name] = Method(run, scope, tier, kind)
        return run

    return put
