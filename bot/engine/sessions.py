"""Sign-ins of staff: a random token in the browser, its keyed hash in the store.

A sign-in says only who somebody is. What they may do is read anew from the person at every
action and on every frame of a stream, so a role that was taken away is gone at once.
"""

import base64
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.core.ids import Millis, PersonId
from bot.engine.hub import Hub, News, SignedOut
from bot.engine.ports import Chance, Clock
from bot.store.base import Drop, Op, Patch, Put, Range, Row, Scalar, Store, number, text
from bot.store.codec import Codec

IDLE: Millis = 7 * 24 * 3_600_000
ABSOLUTE: Millis = 30 * 24 * 3_600_000
TOUCH: Millis = 5 * 60_000
CACHED = 10_000
TOKEN_BYTES = 24


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in. `key` is the hash of its token, `account` the identity it stands for."""

    key: str
    person: PersonId
    account: str
    at: Millis
    seen_at: Millis
    until: Millis


class Sessions:
    """Begins, finds and ends sign-ins. One process has the store, so its memory is the truth."""

    def __init__(
        self,
        store: Store,
        codec: Codec,
        clock: Clock,
        chance: Chance,
        hub: Hub,
        idle: Millis = IDLE,
        absolute: Millis = ABSOLUTE,
    ) -> None:
        self._store = store
        self._codec = codec
        self._clock = clock
        self._chance = chance
        self._hub = hub
        self._idle = idle
        self._absolute = absolute
        self._cached: OrderedDict[str, Session] = OrderedDict()
        hub.listen(self._hear)

    @property
    def lasts(self) -> Millis:
        """The longest that a sign-in may serve."""
        return self._absolute

    async def begin(self, person: PersonId, account: str, instead: str = "") -> str:
        """A new sign-in; returns its token. `instead` is the token of one that ends with it."""
        token = base64.urlsafe_b64encode(self._chance(TOKEN_BYTES)).decode()
        now = self._clock.now()
        key = self._codec.token_hash(token)
        fresh = Session(key, person, account, now, now, now + self._absolute)
        ops: list[Op] = [Put("sessions", _row(fresh), new=True)]
        if instead:
            ops.append(Drop("sessions", {"token": self._codec.token_hash(instead)}))
        await self._store.write(ops)
        if instead:
            self._gone(self._codec.token_hash(instead))
        self._keep(fresh)
        return token

    async def find(self, token: str) -> Session | None:
        """The sign-in behind a token, if it still serves; it counts as used now."""
        found = await self._known(self._codec.token_hash(token))
        if found is None or not self.serves(found):
            return None
        now = self._clock.now()
        if now - found.seen_at >= TOUCH:
            found = replace(found, seen_at=now)
            await self._store.write([Patch("sessions", {"token": found.key}, {"seen_at": now})])
            self._keep(found)
        return found

    def serves(self, session: Session) -> bool:
        """Neither ended nor expired, as far as is known without asking the store."""
        now = self._clock.now()
        last = self._cached.get(session.key, session)
        return last.account != "" and now < last.until and now < last.seen_at + self._idle

    async def end(self, session: Session) -> None:
        """Sign out: the token serves no more, and open pages of it close."""
        await self._store.write([Drop("sessions", {"token": session.key})])
        self._gone(session.key)

    async def end_all(self, person: PersonId) -> None:
        """Sign somebody out everywhere."""
        for session in await self.of(person):
            await self.end(session)

    async def of(self, person: PersonId) -> list[Session]:
        """The sign-ins of somebody that still serve, newest first."""
        found = await serving(self._store, self._clock.now(), {"person": person}, self._idle)
        return [one for one in found if self.serves(one)]

    async def end_others(self, kept: Session) -> None:
        """Sign somebody out everywhere but here."""
        for session in await self.of(kept.person):
            if session.key != kept.key:
                await self.end(session)

    async def sweep(self) -> None:
        """Delete what can never serve again."""
        now = self._clock.now()
        for column, before in (("until", now), ("seen_at", now - self._idle)):
            within = Range(column, below=before)
            while rows := await self._store.select("sessions", within=within):
                await self._store.write([Drop("sessions", {"token": one["token"]}) for one in rows])

    async def _known(self, key: str) -> Session | None:
        if key not in self._cached:
            rows = await self._store.select("sessions", {"token": key}, limit=1)
            if not rows:
                return None
            self._keep(_session(rows[0]))
        return self._cached[key]

    def _keep(self, session: Session) -> None:
        self._cached[session.key] = session
        self._cached.move_to_end(session.key)
        if len(self._cached) > CACHED:
            self._cached.popitem(last=False)

    def _gone(self, key: str) -> None:
        self._hub.tell(SignedOut(key))

    def _hear(self, news: News) -> None:
        """Sign-ins also end elsewhere: with the person."""
        if isinstance(news, SignedOut):
            # It stays in memory as ended, for whoever still holds it in hand.
            self._keep(Session(news.session, "", "", 0, 0, 0))


async def serving(
    store: Store, now: Millis, where: Mapping[str, Scalar] | None = None, idle: Millis = IDLE
) -> list[Session]:
    """Sign-ins that are stored and in time, newest first."""
    rows = await store.select("sessions", where, order="at", descending=True, limit=CACHED)
    found = [_session(row) for row in rows]
    return [one for one in found if now < one.until and now < one.seen_at + idle]


def _row(session: Session) -> Row:
    return {
        "token": session.key,
        "person": session.person,
        "account": session.account,
        "at": session.at,
        "seen_at": session.seen_at,
        "until": session.until,
    }


def _session(row: Row) -> Session:
    return Session(
        key=text(row, "token"),
        person=text(row, "person"),
        account=text(row, "account"),
        at=number(row, "at"),
        seen_at=number(row, "seen_at"),
        until=number(row, "until"),
    )
