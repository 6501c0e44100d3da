"""Passkeys: the public half is kept, sealed; questions are put once and answered once.

A question belongs to whom it was put to (a sign-in, or a browser that wants to come in) and to
what it was put for, and is forgotten after some minutes. Nothing of them stands in the log but
that one was added or taken away.
"""

import base64
import json
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import Any, Literal, TypeVar
from urllib.parse import urlsplit

import structlog
from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import options_to_json_dict
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from bot.core.calendar import MINUTE
from bot.core.ids import Millis, PersonId
from bot.core.person import Person
from bot.engine.accounts import Entry
from bot.engine.handle import Engine
from bot.store.base import Drop, Patch, Put, Row, number, text

log = structlog.get_logger(__name__)

SERVES: Millis = 5 * MINUTE
OPEN_MOST = 10_000
EACH_MOST = 20
NAME_MOST = 60
ANSWER_MOST = 16_384
WORST = (
    WebAuthnException,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    IndexError,
    RecursionError,
)
"""What the library makes of answers that are none."""

Why = Literal["add", "enter", "prove"]
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Passkey:
    """One of somebody's. `copied`: it counted backwards, so there may be two of it."""

    key: str
    person: PersonId
    account: str
    at: Millis
    used_at: Millis
    name: str
    id: bytes
    public: bytes
    count: int
    copied: bool = False


def party(origin: str) -> str:
    """The name that passkeys are bound to at `origin`; "" where browsers do not allow any."""
    parts = urlsplit(origin)
    name = parts.hostname or ""
    try:
        ip_address(name)
    except ValueError:
        return name if parts.scheme == "https" or name == "localhost" else ""
    return ""


class Passkeys:
    """Adds, finds, checks and takes away."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._open: OrderedDict[bytes, tuple[str, Why, Millis]] = OrderedDict()

    # --- questions -----------------------------------------------------------------------------

    async def to_add(self, origin: str, bound: str, person: PersonId, name: str) -> dict[str, Any]:
        """What a browser needs to make a passkey for `person`, whom it shows as `name`."""
        options = generate_registration_options(
            rp_id=party(origin),
            rp_name="Muster",
            user_id=self._handle(person),
            user_name=name,
            challenge=self._question(bound, "add"),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.REQUIRED,
                user_verification=UserVerificationRequirement.REQUIRED,
            ),
            exclude_credentials=_described(await self.of(person)),
        )
        return options_to_json_dict(options)

    async def to_answer(
        self, origin: str, bound: str, why: Why, person: PersonId = ""
    ) -> dict[str, Any]:
        """What a browser needs to answer with a passkey: with one of `person`, or with any."""
        options = generate_authentication_options(
            rp_id=party(origin),
            challenge=self._question(bound, why),
            allow_credentials=_described(await self.of(person)) if person else None,
            user_verification=UserVerificationRequirement.REQUIRED,
        )
        return options_to_json_dict(options)

    def _question(self, bound: str, why: Why) -> bytes:
        made = self._engine.parts.chance(32)
        self._open[made] = (bound, why, self._engine.clock.now() + SERVES)
        if len(self._open) > OPEN_MOST:
            self._open.popitem(last=False)
        return made

    def _asked(self, answer: dict[str, Any], bound: str, why: Why) -> bytes | None:
        """The question that `answer` is for, if it was put here and for this; it is over now."""
        said = json.loads(_bytes(answer["response"]["clientDataJSON"]))
        question = _bytes(said["challenge"])
        put = self._open.pop(question, None)
        if put is None or put[:2] != (bound, why) or self._engine.clock.now() >= put[2]:
            return None
        return question

    # --- answers -------------------------------------------------------------------------------

    async def added(self, answer: str, origin: str, bound: str) -> tuple[bytes, bytes, int] | None:
        """Id, public half and count of the passkey that was made; None for what is none."""

        def check() -> tuple[bytes, bytes, int] | None:
            made = _read(answer)
            question = self._asked(made, bound, "add")
            if question is None:
                return None
            done = verify_registration_response(
                credential=made,
                expected_challenge=question,
                expected_rp_id=party(origin),
                expected_origin=origin,
                require_user_verification=True,
            )
            return done.credential_id, done.credential_public_key, done.sign_count

        return _tried(check)

    async def keep(
        self, person: PersonId, account: str, name: str, made: tuple[bytes, bytes, int]
    ) -> bool:
        """From now on this one, too; False when it is known already, or they have enough."""
        now = self._engine.clock.now()
        if len(await self.of(person)) >= EACH_MOST:
            return False
        key = self._key(made[0])
        one = Passkey(key, person, account, now, 0, name[:NAME_MOST].strip(), *made)
        try:
            await self._engine.store.write([Put("passkeys", self._row(one), new=True)])
        except ValueError:
            return False
        return True

    async def answered(self, answer: str, origin: str, bound: str, why: Why) -> Entry | None:
        """Who answered the question that was put here for this; None for whatever is not right."""
        said = _tried(lambda: _read(answer))
        question = _tried(lambda: self._asked(said, bound, why)) if said else None
        if said is None or question is None:
            return None
        one = await self._named(said)
        if one is None or one.copied or not await self._may(one):
            return None
        done = _tried(
            lambda: verify_authentication_response(
                credential=said,
                expected_challenge=question,
                expected_rp_id=party(origin),
                expected_origin=origin,
                credential_public_key=one.public,
                credential_current_sign_count=0,
                require_user_verification=True,
            )
        )
        if done is None or not self._is_theirs(said, one.person):
            return None
        copied = max(one.count, done.new_sign_count) > 0 and done.new_sign_count <= one.count
        if copied:
            log.warning("a passkey counted backwards: it may have been copied", person=one.person)
        now = self._engine.clock.now()
        used = replace(one, used_at=now, count=done.new_sign_count, copied=copied)
        row = self._row(used if not copied else replace(one, copied=True))
        await self._engine.store.write(
            [Patch("passkeys", {"passkey": one.key}, {n: row[n] for n in ("used_at", "body")})]
        )
        return None if copied else Entry(one.person, one.account)

    # --- what is kept --------------------------------------------------------------------------

    async def of(self, person: PersonId) -> list[Passkey]:
        """Those of somebody that serve, the oldest first."""
        rows = await self._engine.store.select(
            "passkeys", {"person": person}, order="at", limit=EACH_MOST
        )
        found = [one for row in rows if (one := self._passkey(row)) is not None]
        return [one for one in found if await self._may(one)]

    async def end(self, person: PersonId, key: str) -> None:
        """Take one away; only of this person."""
        await self._engine.store.write([Drop("passkeys", {"passkey": key, "person": person})])

    async def _named(self, answer: dict[str, Any]) -> Passkey | None:
        raw = _tried(lambda: _bytes(answer["rawId"]))
        if raw is None:
            return None
        rows = await self._engine.store.select("passkeys", {"passkey": self._key(raw)}, limit=1)
        return self._passkey(rows[0]) if rows else None

    async def _may(self, one: Passkey) -> bool:
        """Still one of us, and not reset since."""
        state = (await self._engine.live(one.person)).state
        if not isinstance(state, Person) or state.disabled or not state.roles:
            return False
        return state.reset is None and one.at >= state.reset_at

    def _is_theirs(self, answer: dict[str, Any], person: PersonId) -> bool:
        """Whom the authenticator itself says it is for."""
        said = answer["response"].get("userHandle")
        return said is not None and _tried(lambda: _bytes(said)) == self._handle(person)

    def _handle(self, person: PersonId) -> bytes:
        """What authenticators know a person by: always the same, and nothing of theirs."""
        return bytes.fromhex(self._engine.codec.identity_key("passkey-of", person))

    def _key(self, raw: bytes) -> str:
        return self._engine.codec.identity_key("passkey", raw.hex())

    def _row(self, one: Passkey) -> Row:
        note = {
            "of": one.person,
            "name": one.name,
            "id": one.id.hex(),
            "public": one.public.hex(),
            "count": one.count,
            "copied": one.copied,
        }
        return {
            "passkey": one.key,
            "person": one.person,
            "account": one.account,
            "at": one.at,
            "used_at": one.used_at,
            "body": self._engine.codec.seal_note(note, None),
        }

    def _passkey(self, row: Row) -> Passkey | None:
        """None for a row whose body is about somebody else: it was put there by no one of us."""
        note = self._engine.codec.open_note(text(row, "body"), None)
        if not isinstance(note, dict) or note.get("of") != row["person"]:
            return None
        return Passkey(
            key=text(row, "passkey"),
            person=text(row, "person"),
            account=text(row, "account"),
            at=number(row, "at"),
            used_at=number(row, "used_at"),
            name=str(note["name"]),
            id=bytes.fromhex(str(note["id"])),
            public=bytes.fromhex(str(note["public"])),
            count=int(str(note["count"])),
            copied=bool(note["copied"]),
        )


def _described(keys: list[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=one.id) for one in keys]


def _read(answer: str) -> dict[str, Any]:
    found = json.loads(answer[:ANSWER_MOST])
    if not isinstance(found, dict):
        raise ValueError("not an answer")
    return found


def _bytes(said: str) -> bytes:
    return base64.urlsafe_b64decode(said + "=" * (-len(said) % 4))


def _tried(check: Callable[[], Found]) -> Found | None:
    """None when it is not what it should be: whatever a stranger sends ends here."""
    try:
        return check()
    except WORST:
        return None
