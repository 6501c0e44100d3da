"""Action tokens: what a button carries instead of what it means.

One random row per card, place and action, made before the card is hung and used again for
every edit, so that a press on an old card still counts. It says nothing to whoever sees it,
and gives no right: who presses must be allowed to do what it stands for.
"""

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.core.cards import Action
from bot.core.ids import Millis, StreamId
from bot.engine.ports import Chance, Clock
from bot.store.base import Drop, Op, Put, Range, Row, Scalar, Store, number, text

BYTES = 18
MARK = "m"
_TOKEN = re.compile(rf"{MARK}[A-Za-z0-9_-]{{{BYTES * 4 // 3}}}")
MOST = 100
PAGE = 500


@dataclass(frozen=True, slots=True)
class Hung:
    """A card in a place: kind and number of the card, the stream it shows, the seat's hash."""

    stream: StreamId
    card: str
    number: int
    seat: str

    @property
    def key(self) -> Row:
        """The columns that name it."""
        return {
            "stream": self.stream,
            "card": self.card,
            "number": self.number,
            "seat": self.seat,
        }


@dataclass(frozen=True, slots=True)
class Token:
    """What a token stands for."""

    hung: Hung
    action: Action


class Tokens:
    """Makes and finds tokens."""

    def __init__(self, store: Store, clock: Clock, chance: Chance) -> None:
        self._store = store
        self._clock = clock
        self._chance = chance

    async def find(self, token: str) -> Token | None:
        """What `token` stands for; None for one that was never made, or whose card is gone."""
        if not _TOKEN.fullmatch(token):
            return None
        rows = await self._store.select("tokens", {"token": token}, limit=1)
        return _token(rows[0]) if rows else None

    async def of(self, hung: Hung) -> dict[str, str]:
        """The tokens of a card by the text of their actions."""
        rows = await self._store.select("tokens", hung.key, limit=MOST)
        return {text(row, "action"): text(row, "token") for row in rows}

    def make(
        self, hung: Hung, actions: Iterable[Action], known: dict[str, str]
    ) -> tuple[dict[str, str], list[Op]]:
        """A token for each action, those in `known` used again, and what must be written first."""
        tokens: dict[str, str] = {}
        ops: list[Op] = []
        for action in actions:
            token = known.get(action.text) or tokens.get(action.text)
            if token is None:
                token = MARK + urlsafe_b64encode(self._chance(BYTES)).decode()
                row = {**hung.key, "token": token, "action": action.text, "at": self._clock.now()}
                ops.append(Put("tokens", row, new=True))
            tokens[action.text] = token
        return tokens, ops

    async def sweep(self, cards: Sequence[str], before: Millis) -> int:
        """Delete those of `cards` that were made before; how many there were."""
        gone = 0
        where: dict[str, Scalar | Sequence[Scalar]] = {"card": list(cards)}
        old = Range("at", below=before)
        while rows := await self._store.select("tokens", where, within=old, order="at", limit=PAGE):
            await self._store.write([Drop("tokens", {"token": row["token"]}) for row in rows])
            gone += len(rows)
        return gone

    def dropped(self, hung: Hung) -> Op:
        """The card is gone, and its tokens with it."""
        return Drop("tokens", hung.key)


def _token(row: Row) -> Token:
    hung = Hung(text(row, "stream"), text(row, "card"), number(row, "number"), text(row, "seat"))
    return Token(hung, Action.read(text(row, "action")))
