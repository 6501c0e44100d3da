"""Sign-ins of staff: a random token in the browser, its keyed hash in the store.

A sign-in says only who somebody is. What they may do is read anew from the person at every
action and on every frame of a stream, so a role that was taken away is gone at once.
"""

import base64
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.core.access import is_proved
from bot.core.ids import Millis, PersonId
from bot.engine.hub import Hub, News, SignedOut
from bot.engine.ports import Chance, Clock
from bot.store.base import Drop, Op, Patch, Put, Range, Row, Scalar, Store, number, text
from bot.store.codec import Codec

IDLE: Millis = 7 * 24 * 3_600_000
ABSOLUTE: Millis = 30 * 24 * 3_600_000
TOUCH: Millis = 5 * 60_000
LED_TOUCH: Millis = 60_000
GRACE: Millis = 15_000
"""So long open pages go on under the old token, until the browser surely has the new one."""

CACHED = 10_000
TOKEN_BYTES = 24


@dataclass(frozen=True, slots=True)
class Session:
    """One sign-in. `key` is the hash of its token, `account` the identity it stands for.

    `proved_at` is when its person last proved that it is them, `led_at` when they last used the
    pages of those who lead. `moved`: it goes on under another key.
    """

    key: str
    person: PersonId
    account: str
    at: Millis
    seen_at: Millis
    until: Millis
    proved_at: Millis = 0
    led_at: Millis = 0
    moved: bool = False


GONE = Session("", "", "", 0, 0, 0)


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

    async def begin(
        self, person: PersonId, account: str, instead: str = "", proved: bool = True
    ) -> str:
        """A new sign-in; returns its token. `instead` is the token of one that ends with it.
        `proved`: coming in was itself a proof of who is there.
        """
        token = base64.urlsafe_b64encode(self._chance(TOKEN_BYTES)).decode()
        now = self._clock.now()
        key = self._codec.token_hash(token)
        proved_at = now if proved else 0
        fresh = Session(
            key, person, account, now, now, now + self._absolute, proved_at, led_at=proved_at
        )
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
        if found is None or found.moved or not self.serves(found):
            return None
        now = self._clock.now()
        if now - found.seen_at >= TOUCH:
            found = replace(found, seen_at=now)
            await self._store.write([Patch("sessions", {"token": found.key}, {"seen_at": now})])
            self._keep(found)
        return found

    async def prove(self, session: Session) -> tuple[Session, str]:
        """Whoever is signed in has just proved that it is them: the sign-in goes on under a new
        token, so that nobody who had the old one gains by it. Open pages come back by themselves.
        """
        token = base64.urlsafe_b64encode(self._chance(TOKEN_BYTES)).decode()
        now, key = self._clock.now(), self._codec.token_hash(token)
        fresh = replace(session, key=key, seen_at=now, proved_at=now, led_at=now)
        # Known before it is written, so that of two windows only one makes a new token.
        self._keep(replace(session, moved=True, until=min(session.until, now + GRACE)))
        old = Drop("sessions", {"token": session.key})
        try:
            await self._store.write([old, Put("sessions", _row(fresh), new=True)])
        except BaseException:
            self._keep(session)
            raise
        self._keep(fresh)
        return fresh, token

    def now_proved(self, session: Session) -> Session:
        """The same sign-in for the request in hand, its person having proved that it is them."""
        return replace(session, proved_at=self._clock.now())

    async def lead(self, session: Session) -> None:
        """The pages of those who lead were used now."""
        now = self._clock.now()
        last = self._cached.get(session.key, session)
        if self.serves(last) and not last.moved and now - last.led_at >= LED_TOUCH:
            self._keep(replace(last, led_at=now))
            await self._store.write([Patch("sessions", {"token": last.key}, {"led_at": now})])

    def leads(self, session: Session) -> bool:
        """Whether the pages of those who lead were used a moment ago, or a proof was given."""
        last = self._cached.get(session.key, session)
        return is_proved(max(last.led_at, last.proved_at), self._clock.now())

    def has_moved(self, session: Session) -> bool:
        """Whether it goes on under another token."""
        return self._cached.get(session.key, session).moved

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
            self._keep(replace(GONE, key=news.session))


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
        "proved_at": session.proved_at,
        "led_at": session.led_at,
    }


def _session(row: Row) -> Session:
    return Session(
        key=text(row, "token"),
        person=text(row, "person"),
        account=text(row, "account"),
        at=number(row, "at"),
        seen_at=number(row, "seen_at"),
        until=number(row, "until"),
        proved_at=_or_never(row, "proved_at"),
        led_at=_or_never(row, "led_at"),
    )


def _or_never(row: Row, column: str) -> Millis:
    """A moment that sign-ins from before it was kept do not have."""
    return number(row, column) if row[column] is not None else 0
