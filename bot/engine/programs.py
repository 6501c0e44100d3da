"""Programs that ask by a key: keys made, found and marked as used; and what the page lists.

A key is 192 random bits, shown once; its keyed hash is all that is kept. The hashes of all keys
are at hand, so that a wrong one costs neither a reading nor anybody else's time.
"""

from base64 import urlsafe_b64encode
from dataclasses import dataclass
from typing import NamedTuple

from bot.core import ids
from bot.core.ids import Millis, PersonId
from bot.core.person import Person
from bot.core.program_words import TOPICS, AdmitCaller, Scope, Topic
from bot.engine.handle import Engine
from bot.engine.hub import Changed, News
from bot.engine.read import Reads, Said, Staff
from bot.store.base import Put, number, text

CHANNEL = "api"
PREFIX = "muster_"
KEY_BYTES = 24
KEY_SIGNS = len(PREFIX) + KEY_BYTES * 4 // 3
TOUCH: Millis = 60_000
MOST = 1_000


class Made(NamedTuple):
    """A key in clear, to be shown once, and the command that makes it serve."""

    key: str
    command: AdmitCaller


@dataclass(frozen=True, slots=True)
class Caller:
    """A program that asked with a key that serves; `staff` is the same for queries."""

    person: PersonId
    token: str
    staff: Staff

    def may(self, scope: Scope) -> bool:
        """Whether its key has this scope."""
        return scope in self.staff.roles


@dataclass(frozen=True, slots=True)
class CallerView:
    """A key as the page lists it; `used_at` is None until it was used."""

    person: PersonId
    name: Said
    scopes: tuple[str, ...]
    made_at: Millis
    until: Millis
    used_at: Millis | None
    revoked: bool
    over: bool


@dataclass(frozen=True, slots=True)
class HookView:
    """A program that is told, as the page lists it."""

    person: PersonId
    url: Said
    topics: tuple[Topic, ...]
    beyond: tuple[str, ...]
    made_at: Millis
    removed: bool


class Programs:
    """Keys and hooks."""

    def __init__(self, engine: Engine, reads: Reads) -> None:
        self._engine = engine
        self._reads = reads
        self._known: dict[str, PersonId] | None = None
        self._used: dict[PersonId, Millis] = {}
        engine.hub.listen(self._hear)

    def _hear(self, news: News) -> None:
        if isinstance(news, Changed) and "programs" in news.tables:
            self._known = None

    # --- keys ------------------------------------------------------------------------------

    def make(self, name: str, scopes: tuple[Scope, ...], lasts: Millis) -> Made:
        """A new key for a new caller."""
        parts = self._engine.parts
        key = PREFIX + urlsafe_b64encode(parts.chance(KEY_BYTES)).decode()
        now = parts.clock.now()
        person = ids.stream_id("person", now, parts.chance(10))
        command = AdmitCaller(
            person=person,
            name=name,
            scopes=scopes,
            token=self._hash(key),
            identity=parts.codec.identity_key(CHANNEL, person),
            until=now + lasts,
        )
        return Made(key, command)

    def _hash(self, key: str) -> str:
        return self._engine.codec.token_hash(f"api:{key}")

    async def find(self, key: str) -> Caller | None:
        """Whose key it is, as they are at this moment; None for one that does not serve."""
        token = self._hash(key[: KEY_SIGNS + 1])
        person = (await self._keys()).get(token)
        return None if person is None else await self.again(person, token)

    async def again(self, person: PersonId, token: str) -> Caller | None:
        """The same caller as it stands now: not revoked, not over, and with what scopes."""
        state = await self._reads.person(person)
        program = None if state is None else state.program
        if program is None or program.token != token or self._reads.now >= program.until:
            return None
        staff = await self._reads.staff(person)
        return None if staff is None else Caller(person, token, staff)

    async def _keys(self) -> dict[str, PersonId]:
        if self._known is None:
            rows = await self._engine.store.select("programs", {"kind": "caller"}, limit=MOST)
            self._known = {text(row, "token"): text(row, "person") for row in rows}
        return self._known

    async def mark(self, caller: Caller) -> None:
        """It was used; written down once a minute."""
        now = self._reads.now
        if now - self._used.get(caller.person, 0) < TOUCH:
            return
        self._used[caller.person] = now
        await self._engine.store.write([Put("marks", {"name": _used(caller.person), "at": now})])

    # --- the page --------------------------------------------------------------------------

    async def callers(self) -> tuple[CallerView, ...]:
        """Every key there is, those that serve first, the newest first."""
        rows = await self._engine.store.select("programs", {"kind": "caller"}, limit=MOST)
        people = [text(row, "person") for row in rows]
        marks = await self._engine.store.select(
            "marks", {"name": [_used(one) for one in people]}, limit=MOST
        )
        used = {text(row, "name"): number(row, "at") for row in marks}
        found = [await self._caller(one, used.get(_used(one))) for one in people]
        shown = [one for one in found if one is not None]
        return tuple(sorted(shown, key=lambda one: (one.revoked or one.over, -one.made_at)))

    async def _caller(self, person: PersonId, used_at: Millis | None) -> CallerView | None:
        state = await self._reads.person(person)
        if state is None or state.program is None:
            return None
        program = state.program
        return CallerView(
            person=person,
            name=self._reads.said(state.name),
            scopes=state.roles,
            made_at=program.at,
            until=program.until,
            used_at=used_at,
            revoked=state.disabled,
            over=self._reads.now >= program.until,
        )

    async def hooks(self) -> tuple[HookView, ...]:
        """Every program that is told, those that still are first."""
        rows = await self._engine.store.select("programs", {"kind": "hook"}, limit=MOST)
        states = [await self._reads.person(text(row, "person")) for row in rows]
        views = [self._hook(one) for one in states if one is not None]
        return tuple(sorted(views, key=lambda one: (one.removed, -one.made_at)))

    def _hook(self, state: Person) -> HookView:
        program = state.program
        return HookView(
            person=state.stream,
            url=None if program is None else self._reads.said(program.url),
            topics=tuple(one for one in TOPICS if program and one in program.topics),
            beyond=() if program is None else program.beyond,
            made_at=0 if program is None else program.at,
            removed=state.disabled,
        )


def _used(person: PersonId) -> str:
    return f"used:{person}"
