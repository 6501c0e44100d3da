"""Sign-in by the organisation's own provider: who came back from there, and whom we know by it.

A login is known by the provider and its own id of the person, and by nothing else: never by an
e-mail address or a name. Each journey there is a question that serves once, for some minutes, and
for whoever was sent.
"""

import base64
import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from typing import Literal, Protocol

from bot.core.calendar import MINUTE
from bot.core.errors import MusterError
from bot.core.ids import Millis, PersonId
from bot.core.person import Person
from bot.engine.accounts import Entry
from bot.engine.handle import Engine
from bot.store.base import Drop, Patch, Put, Row, number, text

SERVES: Millis = 10 * MINUTE
OPEN_MOST = 10_000
FRESH: Millis = 5 * MINUTE

Why = Literal["add", "enter", "prove"]


class NotReached(MusterError):
    """The provider does not answer, or not as one should."""


class NotProved(MusterError):
    """What came back proves nothing."""


@dataclass(frozen=True, slots=True)
class Journey:
    """One way there and back. `bound` is whom it is for: a sign-in or a marked browser."""

    why: Why
    bound: str
    state: str
    nonce: str
    verifier: str
    until: Millis

    @property
    def challenge(self) -> str:
        """What the provider is told of the verifier (PKCE, S256)."""
        digest = hashlib.sha256(self.verifier.encode()).digest()
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")


@dataclass(frozen=True, slots=True)
class Proved:
    """Whom the provider vouches for, and when they last proved it there (None: it does not say)."""

    issuer: str
    subject: str
    at: Millis | None


class Organisation(Protocol):
    """The provider."""

    async def address(self, journey: Journey, back: str) -> str:
        """Where to send a browser, to come back to `back`. Raises NotReached."""

    async def proved(self, journey: Journey, back: str, code: str) -> Proved:
        """Whom the code stands for. Raises NotReached and NotProved."""


@dataclass(frozen=True, slots=True)
class Login:
    """One that is kept."""

    key: str
    person: PersonId
    account: str
    at: Millis
    used_at: Millis


class Logins:
    """Journeys that are under way, and logins that are kept."""

    def __init__(self, engine: Engine, organisation: Organisation | None) -> None:
        self._engine = engine
        self.organisation = organisation
        self._open: OrderedDict[str, Journey] = OrderedDict()

    # --- journeys ------------------------------------------------------------------------------

    def begin(self, why: Why, bound: str) -> Journey:
        """A journey for whoever is `bound`."""
        until = self._engine.clock.now() + SERVES
        made = Journey(why, bound, self._word(), self._word(), self._word(), until)
        self._open[made.state] = made
        if len(self._open) > OPEN_MOST:
            self._open.popitem(last=False)
        return made

    def back(self, state: str, bound: tuple[str, ...]) -> Journey | None:
        """The journey that ends here, if it was made for one of `bound`; it is over now."""
        found = self._open.pop(state, None)
        if found is None or found.bound not in bound or not found.bound:
            return None
        return found if self._engine.clock.now() < found.until else None

    def _word(self) -> str:
        return base64.urlsafe_b64encode(self._engine.parts.chance(33)).decode()

    def is_fresh(self, proved: Proved) -> bool:
        """Whether they proved it there a moment ago, by what the provider says."""
        now = self._engine.clock.now()
        return proved.at is not None and -MINUTE <= now - proved.at < FRESH

    # --- logins --------------------------------------------------------------------------------

    async def who(self, proved: Proved) -> Entry | None:
        """Whom a login stands for, None for nobody who may come in by it."""
        rows = await self._engine.store.select("logins", {"login": self._key(proved)}, limit=1)
        one = _login(rows[0]) if rows else None
        if one is None or not await self._may(one):
            return None
        used = {"used_at": self._engine.clock.now()}
        await self._engine.store.write([Patch("logins", {"login": one.key}, used)])
        return Entry(one.person, one.account)

    async def keep(self, person: PersonId, account: str, proved: Proved) -> bool:
        """From now on this one stands for `person`; False when it stands for somebody."""
        key, now = self._key(proved), self._engine.clock.now()
        rows = await self._engine.store.select("logins", {"login": key}, limit=1)
        if rows and await self._may(_login(rows[0])):
            return False
        row: Row = {"login": key, "person": person, "account": account, "at": now, "used_at": 0}
        # One of somebody who is gone, or was reset, is free again.
        stale = [Drop("logins", {"login": key})] if rows else []
        try:
            await self._engine.store.write([*stale, Put("logins", row, new=True)])
        except ValueError:
            return False
        return True

    async def of(self, person: PersonId) -> list[Login]:
        """Those of somebody that serve, the oldest first."""
        rows = await self._engine.store.select("logins", {"person": person}, order="at", limit=100)
        return [one for one in map(_login, rows) if await self._may(one)]

    async def end(self, person: PersonId, key: str) -> None:
        """Take one away; only of this person."""
        await self._engine.store.write([Drop("logins", {"login": key, "person": person})])

    async def _may(self, one: Login) -> bool:
        """Still one of us, and not reset since."""
        state = (await self._engine.live(one.person)).state
        if not isinstance(state, Person) or state.disabled or not state.roles:
            return False
        return state.reset is None and one.at >= state.reset_at

    def _key(self, proved: Proved) -> str:
        return self._engine.codec.identity_key(f"login {proved.issuer}", proved.subject)


def _login(row: Row) -> Login:
    return Login(
        key=text(row, "login"),
        person=text(row, "person"),
        account=text(row, "account"),
        at=number(row, "at"),
        used_at=number(row, "used_at"),
    )
