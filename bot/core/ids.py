"""Identifiers: stream ids that follow time, references that people can say.

A stream id is its kind, an underscore and 26 characters (48 bits of milliseconds,
80 bits of chance, Crockford's base 32), so ids sort by creation and the database
writes them side by side. A reference is a label for people, never a key to data.
"""

import re
from typing import Literal

Kind = Literal["report", "incident", "person", "desk"]
StreamId = str
PersonId = str
SubjectId = str
Millis = int

DESK: StreamId = "desk"

_PREFIX: dict[str, Kind] = {"rep": "report", "inc": "incident", "per": "person"}
_SHORT: dict[Kind, str] = {kind: prefix for prefix, kind in _PREFIX.items()}
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_STREAM = re.compile(rf"(?:rep|inc|per)_[{_CROCKFORD}]{{26}}").fullmatch
_ID_CHARS = 26
_RANDOM_BITS = 80
_TIME_BITS = 48

# 29 signs, a prime, so that the check sign catches every single slip and every swap;
# without I, L, O, U, S, 0 and 1, which people mishear or misread.
_SPEAKABLE = "23456789ABCDEFGHJKMNPQRTVWXYZ"
_REFERENCE_BODY = 6
REFERENCE_LETTER: dict[Kind, str] = {"report": "R", "incident": "N"}


def unique(at: Millis, chance: bytes) -> str:
    """26 characters that sort by `at`; `chance` gives at least 10 random bytes."""
    number = (at % (1 << _TIME_BITS)) << _RANDOM_BITS | int.from_bytes(chance[:10], "big")
    signs = [""] * _ID_CHARS
    for index in range(_ID_CHARS - 1, -1, -1):
        signs[index] = _CROCKFORD[number & 31]
        number >>= 5
    return "".join(signs)


def stream_id(kind: Kind, at: Millis, chance: bytes) -> StreamId:
    """A new id for a stream of `kind`; the desk has exactly one stream."""
    return DESK if kind == "desk" else f"{_SHORT[kind]}_{unique(at, chance)}"


def kind_of(stream: StreamId) -> Kind:
    """The kind of a stream id. Raises ValueError for anything that is not one."""
    if stream == DESK:
        return "desk"
    if not _STREAM(stream):
        raise ValueError("not a stream id")
    return _PREFIX[stream[:3]]


def _check_sign(body: str) -> str:
    total = sum(_SPEAKABLE.index(sign) * (place + 2) for place, sign in enumerate(body))
    return _SPEAKABLE[total % len(_SPEAKABLE)]


def reference(kind: Kind, chance: bytes) -> str:
    """A short label such as `R-7K4-M2QX`: letter of the kind, six random signs, one check sign."""
    number = int.from_bytes(chance[:8], "big")
    body = ""
    for _ in range(_REFERENCE_BODY):
        number, rest = divmod(number, len(_SPEAKABLE))
        body += _SPEAKABLE[rest]
    return f"{REFERENCE_LETTER[kind]}-{body[:3]}-{body[3:]}{_check_sign(body)}"


def read_reference(typed: str) -> str | None:
    """The reference in the form in which it is stored, or None when it cannot be one.

    Case, spaces and hyphens do not matter, so that it may be read out over the phone.
    """
    signs = "".join(sign for sign in typed.upper() if sign.isalnum())
    if len(signs) != _REFERENCE_BODY + 2 or signs[0] not in REFERENCE_LETTER.values():
        return None
    body, check = signs[1:-1], signs[-1]
    if any(sign not in _SPEAKABLE for sign in body) or _check_sign(body) != check:
        return None
    return f"{signs[0]}-{body[:3]}-{body[3:]}{check}"
