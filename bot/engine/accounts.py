"""Names and passwords: a name is kept as keyed hash, a password as sealed Argon2 hash.

Whether a name is known cannot be told from the answer, nor from how long it took. Only so
many passwords are worked on at once, since each takes 64 MiB of memory.
"""

import asyncio
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from argon2.profiles import RFC_9106_LOW_MEMORY

from bot.core.errors import MusterError
from bot.core.ids import PersonId
from bot.core.person import Person
from bot.engine.handle import Engine
from bot.store.base import Drop, Put, Row, number, text

LEAST = 12
MOST = 256
NAME_MOST = 80
AT_ONCE = 2
WAITING = 16

HASHER = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
CHANNEL = "sign-in"

Result = TypeVar("Result")


class Busy(MusterError):
    """Too many sign in at this moment. Try again in a minute."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Who proved to be themselves, and the identity that they act by."""

    person: PersonId
    account: str


def tidy_name(name: str) -> str:
    """A sign-in name as it is compared, "" when it cannot be one."""
    plain = " ".join(unicodedata.normalize("NFKC", name).casefold().split())
    return plain if len(plain) <= NAME_MOST and plain.isprintable() else ""


def tidy_password(password: str) -> str:
    """The same password, however a keyboard has put its letters together."""
    return unicodedata.normalize("NFKC", password)


class Accounts:
    """Keeps and checks them. All work on passwords is done in threads."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._places = asyncio.Semaphore(AT_ONCE)
        self._waiting = 0
        self._nobodys = ""

    def key(self, name: str) -> str:
        """By what a name is found, and limited, without being kept."""
        return self._engine.codec.identity_key(CHANNEL, tidy_name(name))

    async def enter(self, name: str, password: str) -> Entry | None:
        """Who comes by this name and password. Raises Busy."""
        row = next(iter(await self._named(name)), None)
        right = await self._right(row, password)
        if row is None or not right or not await self._may(row):
            return None
        return Entry(text(row, "person"), text(row, "account"))

    async def proves(self, person: PersonId, password: str) -> bool:
        """Whether this is the person's password. Raises Busy."""
        return await self._right(await self._row(person), password)

    async def kept(self, person: PersonId) -> str | None:
        """The identity for which the person has a password that serves; None without one."""
        row = await self._row(person)
        return text(row, "account") if row is not None and await self._may(row) else None

    async def free(self, person: PersonId, name: str) -> bool:
        """Whether nobody else who is still here goes by this name."""
        holder, closed = await self._holder(name)
        return closed or holder == person

    async def keep(self, person: PersonId, account: str, name: str, password: str) -> bool:
        """From now on this name and password; False when the name was taken. Raises Busy."""
        plain = tidy_password(password)
        secret = await self._work(lambda: HASHER.hash(plain))
        row: Row = {
            "person": person,
            "name": self.key(name),
            "secret": self._engine.codec.seal_note({"of": person, "hash": secret}, None),
            "account": account,
            "at": self._engine.clock.now(),
        }
        holder, closed = await self._holder(name)
        if not closed and holder != person:
            return False
        # The name of a closed account is free again.
        stale = [Drop("accounts", {"person": holder})] if closed and holder else []
        try:
            await self._engine.store.write([*stale, Put("accounts", row)])
        except ValueError:
            return False
        return True

    async def _holder(self, name: str) -> tuple[PersonId, bool]:
        """Who goes by this name ("" for nobody), and whether their account was closed."""
        for row in await self._named(name):
            person = text(row, "person")
            state = (await self._engine.live(person)).state
            return person, isinstance(state, Person) and state.disabled
        return "", True

    async def _named(self, name: str) -> list[Row]:
        return await self._engine.store.select("accounts", {"name": self.key(name)}, limit=1)

    async def _row(self, person: PersonId) -> Row | None:
        rows = await self._engine.store.select("accounts", {"person": person}, limit=1)
        return rows[0] if rows else None

    async def _may(self, row: Row) -> bool:
        """Still one of us, and not reset since."""
        state = (await self._engine.live(text(row, "person"))).state
        if not isinstance(state, Person) or state.disabled or not state.roles:
            return False
        return state.reset is None and number(row, "at") >= state.reset_at

    async def _right(self, row: Row | None, password: str) -> bool:
        """Compares with something that nobody knows when there is nothing to compare with."""
        if not self._nobodys:
            nobodys = self._engine.codec.seal_house(b"nobody").hex()
            self._nobodys = await self._work(lambda: HASHER.hash(nobodys))
        secret = self._nobodys if row is None else self._secret(row)
        plain = tidy_password(password[:MOST])
        return await self._work(lambda: _verified(secret, plain)) and row is not None

    def _secret(self, row: Row) -> str:
        note = self._engine.codec.open_note(text(row, "secret"), None)
        whole = isinstance(note, dict) and note.get("of") == row["person"]
        return str(note["hash"]) if whole and isinstance(note, dict) else self._nobodys

    async def _work(self, work: Callable[[], Result]) -> Result:
        if self._waiting >= WAITING:
            raise Busy
        self._waiting += 1
        try:
            async with self._places:
                return await asyncio.to_thread(work)
        finally:
            self._waiting -= 1


def _verified(secret: str, password: str) -> bool:
    try:
        return HASHER.verify(secret, password)
    except VerificationError:
        return False
