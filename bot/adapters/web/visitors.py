"""Visitors: a random token in the browser's own storage, sent as a header, never in an address.

The token carries a mark that only this house can make, so that nothing need be stored before
somebody says something; what is stored then is a keyed hash. Whoever has no valid token is
nobody yet.

A link to come back carries whom it stands for and a secret, under another mark of the house; what
serves of them is for their report to say. Whoever came by one gets a token of the longer kind,
which stands for the same visitor.
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
OPAQUE = "visitor:"
OPAQUE_BYTES = 20
MARK_SIGNS = 32
LASTS: Millis = 180 * DAY
IDLE: Millis = 45 * DAY


class Visitors:
    """Makes tokens and recognises them. `mark` is a keyed hash of the house."""

    def __init__(self, mark: Callable[[str], str], clock: Clock, chance: Chance) -> None:
        self._hash = mark
        self._clock = clock
        self._chance = chance

    def make(self, opaque: str = "") -> str:
        """A new token, for somebody new or for another browser of `opaque`."""
        made_at = self._clock.now().to_bytes(TIME_BYTES, "big")
        same = bytes.fromhex(opaque.removeprefix(OPAQUE))
        return self._marked("visitor", made_at + self._chance(RANDOM_BYTES) + same)

    def link(self, opaque: str) -> str:
        """The secret of a new link by which `opaque` can come back."""
        whom = bytes.fromhex(opaque.removeprefix(OPAQUE))
        return self._marked("back", whom + self._chance(RANDOM_BYTES))

    def behind(self, link: str) -> str | None:
        """Who has made a link; None if it is not ours. Whether it still serves is not said."""
        body = self._body("back", link)
        return None if body is None else OPAQUE + body[:OPAQUE_BYTES].hex()

    def opaque(self, token: str) -> str | None:
        """Whom the token stands for, as identities and places call them; None if it is not ours
        or too old.
        """
        body = self._body("visitor", token)
        if body is None:
            return None
        if self._clock.now() - int.from_bytes(body[:TIME_BYTES], "big") >= LASTS:
            return None
        if same := body[TIME_BYTES + RANDOM_BYTES :]:
            return OPAQUE + same.hex()
        return OPAQUE + hashlib.sha256(token.encode()).hexdigest()[: 2 * OPAQUE_BYTES]

    def _marked(self, kind: str, content: bytes) -> str:
        body = base64.urlsafe_b64encode(content).decode().rstrip("=")
        return f"{body}.{self._mark(kind, body)}"

    def _body(self, kind: str, token: str) -> bytes | None:
        body, _, mark = token.partition(".")
        if not token.isascii() or not hmac.compare_digest(mark, self._mark(kind, body)):
            return None
        return base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))

    def _mark(self, kind: str, body: str) -> str:
        return self._hash(f"{kind}:{body}")[:MARK_SIGNS]
