"""Visitors: a random token in the browser's own storage, sent as a header, never in an address.

The token carries a mark that only this house can make, so that nothing need be stored before
somebody says something; what is stored then is a keyed hash. Whoever has no valid token is
nobody yet.
"""

import base64
import hashlib
import hmac
from collections.abc import Callable

from bot.core.calendar import DAY
from bot.core.ids import Millis
from bot.engine.ports import Chance, Clock

HEADER = "x-muster-visitor"
RANDOM_BYTES = 24
TIME_BYTES = 6
MARK_SIGNS = 32
LASTS: Millis = 180 * DAY
IDLE: Millis = 45 * DAY


class Visitors:
    """Makes tokens and recognises them. `mark` is a keyed hash of the house."""

    def __init__(self, mark: Callable[[str], str], clock: Clock, chance: Chance) -> None:
        self._hash = mark
        self._clock = clock
        self._chance = chance

    def make(self) -> str:
        """A new token."""
        made_at = self._clock.now().to_bytes(TIME_BYTES, "big")
        body = base64.urlsafe_b64encode(made_at + self._chance(RANDOM_BYTES)).decode()
        return f"{body}.{self._mark(body)}"

    def opaque(self, token: str) -> str | None:
        """Whom the token stands for, as identities and places call them; None if it is not ours
        or too old.
        """
        body, _, mark = token.partition(".")
        if not token.isascii() or not hmac.compare_digest(mark, self._mark(body)):
            return None
        made_at = int.from_bytes(base64.urlsafe_b64decode(body)[:TIME_BYTES], "big")
        if self._clock.now() - made_at >= LASTS:
            return None
        return "visitor:" + hashlib.sha256(token.encode()).hexdigest()[:40]

    def _mark(self, body: str) -> str:
        return self._hash(f"visitor:{body}")[:MARK_SIGNS]
