"""Between models and what is stored: canonical JSON, sealed personal values, keyed hashes.

A personal value is sealed once, under its subject's key; its token (salt, nonce, ciphertext)
stands in a column beside an event's body or inside a row, and what the body holds in its place
is a commitment: a hash over salt and value, from which nobody can tell the value once the salt
is gone, but which no other value fits as long as it is there.
"""

import binascii
import hmac
import json
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator, Mapping
from functools import partial
from hashlib import blake2b
from typing import Any, TypeVar

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import BaseModel
from pydantic_core import PydanticSerializationError

from bot.core.commands import Command
from bot.core.errors import Damaged, Fault, KeyGone
from bot.core.events import Event
from bot.core.fold import State
from bot.core.ids import Kind, SubjectId
from bot.core.personal import JsonValue, Personal, personals
from bot.core.registry import COMMANDS, EVENTS, FOLDS
from bot.store.base import EventRow
from bot.store.keys import NONCE, Chance, Keys

Model = TypeVar("Model", bound=BaseModel)

SALT = 16
_HEADER = SALT + NONCE
# A seal in canonical JSON. The quotes of any text inside a text are escaped, so only a real
# object can look like this.
_SEAL = re.compile(r'"seal":(?:null|"([0-9a-f]{64})"),"subject":"([^"\\]*)"')
MISSING = "a sealed value is missing and was not erased"
_PURPOSES = ("identity", "seat", "dedupe", "token", "checkpoint")

canonical = json.JSONEncoder(
    ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
).encode
"""The one JSON text of a value: keys sorted, no spaces."""


class Codec:
    """Everything that goes into the store in clear comes out sealed, and the other way round."""

    def __init__(self, keys: Keys, chance: Chance) -> None:
        self.keys = keys
        self._chance = chance
        self._house = AESGCM(keys.master.derive("house"))
        self._hashers = {purpose: keys.master.derive(purpose) for purpose in _PURPOSES}
        self._as_row = {"personal": self._row_of}

    # --- personal values -------------------------------------------------------------------

    def seal(self, one: Personal) -> str | None:
        """The token of `one`, made now if it has none; None when it is erased.

        Raises KeyGone when there is no key to seal it with.
        """
        if one.sealed is None and not one.erased:
            self._commit(one)
        return one.sealed

    def open(self, subject: SubjectId, sealed: str) -> JsonValue:
        """The value in a token; None when the key is gone. Raises Damaged."""
        opened = self._unseal(subject, sealed)
        value: JsonValue = None if opened is None else json.loads(opened[1])
        return value

    def _commit(self, one: Personal) -> str | None:
        """The commitment to `one`, which is sealed if it was not; None when it is erased."""
        if one.sealed is not None:
            opened = self._unseal(one.subject, one.sealed)
            if opened is None:
                raise KeyGone
            return _commitment(*opened)
        if one.erased:
            return None
        cipher = self.keys.cipher(one.subject)
        if cipher is None:
            raise KeyGone
        plain = canonical(one.plain()).encode()
        header = self._chance(_HEADER)
        hidden = cipher.encrypt(header[SALT:], plain, one.subject.encode())
        one.sealed = _text(header + hidden)
        return _commitment(header[:SALT], plain)

    def _unseal(self, subject: SubjectId, sealed: str) -> tuple[bytes, bytes] | None:
        """Salt and plain text of a token, None when the key is gone."""
        cipher = self.keys.cipher(subject)
        if cipher is None:
            return None
        try:
            raw = _raw(sealed)
            plain = cipher.decrypt(raw[SALT:_HEADER], raw[_HEADER:], subject.encode())
        except (InvalidTag, ValueError) as wrong:
            raise Damaged(f"A sealed value about {subject} is damaged.") from wrong
        return raw[:SALT], plain

    def _json(self, model: BaseModel, context: dict[str, Any]) -> str:
        try:
            return model.model_dump_json(context=context)
        except PydanticSerializationError:
            # It hides what was raised inside, so that is asked for again.
            for one in personals(model):
                self._commit(one)
            raise

    def _row_of(self, one: Personal) -> dict[str, str | None]:
        return {"subject": one.subject, "sealed": one.sealed or self.seal(one)}

    # --- events ----------------------------------------------------------------------------

    def encode_event(self, event: Event) -> tuple[str, str | None]:
        """Body and sealed column. Raises KeyGone, or Fault for what no event may hold."""
        tokens: dict[str | None, str | None] = {}

        def seal_of(one: Personal) -> dict[str, str | None]:
            commitment = self._commit(one)
            tokens[commitment] = one.sealed
            return {"seal": commitment, "subject": one.subject}

        # The fields stand in the order of their definition, which is as fixed as a sorted one.
        body = self._json(event, {"personal": seal_of})
        seals = _SEAL.findall(body) if '"seal":' in body else []
        if not tokens and not seals:
            return body, None
        try:
            return body, canonical([tokens[seal or None] for seal, _ in seals])
        except KeyError:
            raise Fault(f"{type(event).__name__} holds something that looks like a seal") from None

    def subjects_of(self, body: str) -> list[SubjectId]:
        """Whom the personal values of an event are about, by its encoded body."""
        return [about for _, about in _SEAL.findall(body)] if '"seal":' in body else []

    def decode_event(self, tag: str, revision: int, body: str, sealed: str | None) -> Event:
        """The event in today's shape. Raises UnknownEvent, or Damaged."""
        try:
            return EVENTS.read(tag, revision, _unpack(body, sealed))
        except (ValueError, TypeError, RecursionError) as wrong:
            raise Damaged(f"An event '{tag}' of the log cannot be read.") from wrong

    def blank(self, sealed: str | None, body: str, subject: SubjectId) -> str | None:
        """The sealed column once everything about `subject` is erased from it."""
        if sealed is None:
            return None
        subjects = [about for _, about in _SEAL.findall(body)]
        pairs = zip(subjects, json.loads(sealed), strict=True)
        return canonical([None if about == subject else token for about, token in pairs])

    def check(self, row: EventRow, erased_through: Mapping[SubjectId, int]) -> str | None:
        """What is wrong with the sealed column, in words; None when it is as it must be.

        `erased_through` says up to which version of this stream each subject was erased.
        """
        seals = _SEAL.findall(row.body)
        tokens = _tokens(row.sealed, len(seals))
        if tokens is None:
            return "the sealed column is damaged"
        for (seal, subject), token in zip(seals, tokens, strict=True):
            erased = erased_through.get(subject, 0) >= row.version
            fault = self._fault(seal, subject, token, erased)
            if fault is not None:
                return fault
        return None

    def _fault(self, seal: str, subject: SubjectId, token: object, erased: bool) -> str | None:
        if token is None:
            return None if erased or not seal else MISSING
        if erased:
            return "a sealed value is still there although it was erased"
        try:
            opened = self._unseal(subject, token) if isinstance(token, str) else None
        except Damaged:
            return "a sealed value is damaged"
        if opened is None:
            return "a sealed value cannot be opened: its key is gone"
        same = hmac.compare_digest(_commitment(*opened), seal)
        return None if same else "a sealed value is not the one that was written"

    # --- states, rows, commands ------------------------------------------------------------

    def encode_row(self, body: BaseModel) -> str:
        """A model as JSON, personal values sealed. Raises KeyGone."""
        return self._json(body, self._as_row)

    def decode_row(self, model: type[Model], text: str) -> Model:
        """The model back, personal values still sealed. Raises Damaged."""
        try:
            return model.model_validate_json(text)
        except ValueError as wrong:
            raise Damaged(f"A stored {model.__name__} cannot be read.") from wrong

    def encode_state(self, state: State) -> str:
        """A snapshot's text. Raises KeyGone."""
        return self._json(state, self._as_row)

    def decode_state(self, kind: Kind, text: str) -> State:
        """The state of a snapshot that was written with today's fold. Raises Damaged."""
        return self.decode_row(FOLDS[kind].model, text)

    def encode_command(self, command: Command) -> str:
        """A command with its tag, personal values sealed. Raises KeyGone."""
        return f'{{"tag":"{command.tag}","command":{self.encode_row(command)}}}'

    def decode_command(self, text: str) -> Command:
        """The command back, personal values still sealed. Raises Damaged."""
        try:
            kept = json.loads(text)
            return COMMANDS[kept["tag"]].model_validate(kept["command"])
        except (ValueError, KeyError, TypeError) as wrong:
            raise Damaged("A stored command cannot be read.") from wrong

    # --- what belongs to the house ---------------------------------------------------------

    def seal_house(self, plain: bytes) -> bytes:
        """Sealed under the house's own key: for answers, and for notes about nobody known."""
        nonce = self._chance(NONCE)
        return nonce + self._house.encrypt(nonce, plain, None)

    def open_house(self, sealed: bytes) -> bytes:
        """What `seal_house` was given. Raises Damaged."""
        try:
            return self._house.decrypt(sealed[:NONCE], sealed[NONCE:], None)
        except (InvalidTag, ValueError) as wrong:
            raise Damaged("Something sealed by the house is damaged.") from wrong

    def seal_note(self, note: JsonValue, subject: SubjectId | None) -> str:
        """A note about `subject`, or about nobody known, as text. Raises KeyGone."""
        if subject is None:
            return _text(self.seal_house(canonical(note).encode()))
        return self.seal(Personal(subject, note)) or ""

    def open_note(self, sealed: str, subject: SubjectId | None) -> JsonValue:
        """What `seal_note` was given; None when the key is gone. Raises Damaged."""
        if subject is not None:
            return self.open(subject, sealed)
        try:
            note: JsonValue = json.loads(self.open_house(_raw(sealed)))
        except ValueError as wrong:
            raise Damaged("Something sealed by the house is damaged.") from wrong
        return note

    # --- files -----------------------------------------------------------------------------

    def seal_part(self, subject: SubjectId, place: str, plain: bytes) -> bytes:
        """A piece of a file about `subject`, which opens in this `place` only. Raises KeyGone."""
        cipher = self.keys.cipher(subject)
        if cipher is None:
            raise KeyGone
        nonce = self._chance(NONCE)
        return nonce + cipher.encrypt(nonce, plain, f"{subject}:{place}".encode())

    def open_part(self, subject: SubjectId, place: str, sealed: bytes) -> bytes | None:
        """What `seal_part` was given; None when the key is gone. Raises Damaged."""
        cipher = self.keys.cipher(subject)
        if cipher is None:
            return None
        try:
            return cipher.decrypt(sealed[:NONCE], sealed[NONCE:], f"{subject}:{place}".encode())
        except (InvalidTag, ValueError) as wrong:
            raise Damaged(f"A piece of a file about {subject} is damaged.") from wrong

    # --- keyed hashes ----------------------------------------------------------------------

    def identity_key(self, channel: str, opaque: str) -> str:
        """By what an identity is found without being kept."""
        return self._hash("identity", channel, opaque).hex()[:32]

    def seat_key(self, channel: str, address: str) -> str:
        """By what a conversation is found without its address being kept."""
        return self._hash("seat", channel, address).hex()[:32]

    def dedupe_key(self, entry: str, identity: str, source: str) -> int:
        """63 bits that stand for one press or message of one identity."""
        return int.from_bytes(self._hash("dedupe", entry, identity, source)[:8], "big") >> 1

    def digest(self, *parts: str) -> bytes:
        """16 bytes by which the same content is known again, and guessed by nobody."""
        return self._hash("dedupe", *parts)[:16]

    def token_hash(self, token: str) -> str:
        """By what a one-time link or a sign-in is found without being kept."""
        return self._hash("token", token).hex()

    def checkpoint_mac(self, *parts: str) -> str:
        """What nobody without the master key can write under a checkpoint."""
        return self._hash("checkpoint", *parts).hex()

    def _hash(self, purpose: str, *parts: str) -> bytes:
        said = "".join([f"{len(part)}:{part}" for part in parts]).encode("utf-8", "surrogatepass")
        return blake2b(said, key=self._hashers[purpose], digest_size=32).digest()


def _commitment(salt: bytes, plain: bytes) -> str:
    # BLAKE2's keyed mode is a MAC by design and takes a twentieth of the time of an HMAC.
    return blake2b(plain, key=salt, digest_size=32).hexdigest()


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def _raw(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error as wrong:
        raise ValueError("not a token") from wrong


def _tokens(sealed: str | None, count: int) -> list[object] | None:
    """The tokens of a sealed column that is exactly as `encode_event` or `blank` writes it."""
    if sealed is None:
        return [] if count == 0 else None
    try:
        tokens = json.loads(sealed)
        sound = isinstance(tokens, list) and canonical(tokens) == sealed
    except (ValueError, TypeError):
        return None
    if not sound or not count or len(tokens) != count:
        return None
    plain = [one for one in tokens if one is not None]
    strict = all(isinstance(one, str) and _is_strict(one) for one in plain)
    return tokens if strict else None


def _is_strict(token: str) -> bool:
    """Whether no other text stands for the same bytes."""
    try:
        return _text(_raw(token)) == token
    except ValueError:
        return False


def _unpack(body: str, sealed: str | None) -> Any:
    """The body with its personal values in place, sealed or erased."""
    if sealed is None:
        return json.loads(body)
    tokens = iter(json.loads(sealed))
    # Objects without objects inside are met in the order of the text, as the tokens are.
    return json.loads(body, object_hook=partial(_place, tokens))


def _place(tokens: Iterator[Any], found: dict[str, Any]) -> Any:
    if found.keys() != {"seal", "subject"}:
        return found
    # Running out must be an error of its own: StopIteration would look like the end of the JSON.
    token = next(tokens, tokens)
    if token is not None and not isinstance(token, str):
        raise ValueError("a sealed value is missing")
    return Personal(found["subject"], sealed=token)
