"""One-time links and codes: a secret for whoever is to use it, of which only the hash is kept."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from bot.core import ids
from bot.core.calendar import DAY, MINUTE
from bot.core.commands import Answer, Command, Envelope, Identity
from bot.core.ids import Millis, PersonId
from bot.core.joining_words import JoinIdentity
from bot.core.person_words import InvitePerson, Role
from bot.core.texts import t
from bot.engine.handle import Engine
from bot.engine.limits import Limiter, Rate
from bot.engine.parts import Parts
from bot.store.base import text

INVITATION_LASTS: Millis = 7 * DAY
CODE_LASTS: Millis = 10 * MINUTE
TOKEN_BYTES = 16
CODE_SIGNS = 10
CODE_HALF = 5
SIGNS = "23456789ABCDEFGHJKMNPQRTVWXYZ"
"""Without those that people take for one another."""
TRIES = Rate(burst=10, per_minute=6)

NO_SUCH_CODE = Answer(
    outcome="refused",
    code="bad_link",
    text=t("This code does not work. Make a new one and send that."),
)
TOO_MANY_TRIES = Answer(
    outcome="refused",
    code="too_fast",
    text=t("Those were many tries. Please wait a minute, then send the code again."),
)


class Secret(NamedTuple):
    """`token` is shown once and kept nowhere, `key` is its hash, `until` when it ends."""

    token: str
    key: str
    until: Millis


def secret(parts: Parts, lasts: Millis) -> Secret:
    """A new one."""
    token = parts.chance(TOKEN_BYTES).hex()
    return Secret(token, parts.codec.token_hash(token), parts.clock.now() + lasts)


def invitation(parts: Parts, roles: Sequence[Role]) -> tuple[Secret, InvitePerson]:
    """A link for somebody new who is to have these roles, and the command that makes it serve."""
    made = secret(parts, INVITATION_LASTS)
    person: PersonId = ids.stream_id("person", parts.clock.now(), parts.chance(10))
    command = InvitePerson(person=person, roles=tuple(roles), token=made.key, until=made.until)
    return made, command


# --- codes that join accounts ----------------------------------------------------------------


def code(parts: Parts) -> Secret:
    """A code that can be said and typed; it serves for minutes."""
    drawn = parts.chance(CODE_SIGNS)
    plain = "".join(SIGNS[one % len(SIGNS)] for one in drawn)
    shown = f"{plain[:CODE_HALF]}-{plain[CODE_HALF:]}"
    return Secret(shown, code_hash(parts, shown), parts.clock.now() + CODE_LASTS)


def code_hash(parts: Parts, typed: str) -> str:
    """What is kept of a code, however it was typed."""
    plain = "".join(one for one in typed[:100].upper() if one.isalnum())
    return parts.codec.token_hash(f"code:{plain}")


class Codes:
    """What channels hand codes to that somebody sent them. Guessing is slowed by account."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._tries = Limiter(engine.clock, TRIES)

    async def bring(
        self,
        typed: str,
        name: str,
        sure: bool,
        who: Identity,
        envelope: Callable[[Command], Envelope],
    ) -> Answer:
        """Join the account `who`, called `name` where it is, to whose code it is.

        First with `sure` False: the answer `are_you_sure` says whose the account would become,
        and is shown with a button; upon its press again, with True.
        """
        if self._tries.wait(f"{who.channel}:{who.opaque}"):
            return TOO_MANY_TRIES
        key = code_hash(self._engine.parts, typed)
        rows = await self._engine.store.select("links", {"token": key}, limit=1)
        if not rows:
            return NO_SUCH_CODE
        person = text(rows[0], "person")
        command = JoinIdentity(person=person, token=key, name=name, sure=sure)
        return await self._engine.handle(envelope(command))
