"""The hash chain of a stream: each event's hash covers the one before and all that it says."""

import struct
from hashlib import sha256

from bot.store.base import EventRow

# Everything of fixed size first, among it which texts are there and how long each one is, then
# the texts side by side: no two rows can give the same bytes.
_HEAD = struct.Struct(">8sqqqqq??IIIIII")
_MARK = b"muster:1"


def link(prev: bytes, position: int, row: EventRow) -> bytes:
    """The hash of `row` at `position` after an event with the hash `prev`.

    It covers every column but `sealed`, which stands in the body as commitments. Damaged text
    (half characters) has a hash too, only none that was ever written.
    """
    stream, tag, cause, body = (
        _bytes(row.stream),
        _bytes(row.tag),
        _bytes(row.cause),
        _bytes(row.body),
    )
    actor = b"" if row.actor is None else _bytes(row.actor)
    head = _HEAD.pack(
        _MARK,
        position,
        row.version,
        row.revision,
        row.at,
        0 if row.source_at is None else row.source_at,
        row.source_at is not None,
        row.actor is not None,
        len(prev),
        len(actor),
        len(stream),
        len(tag),
        len(cause),
        len(body),
    )
    return sha256(b"".join((head, prev, actor, stream, tag, cause, body))).digest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
