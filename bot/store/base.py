"""What a store promises, and the rows that go in and out. Memory, SQLite and later PostgreSQL
fulfil it under one contract suite (`tests/contract`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from bot.core.errors import Damaged
from bot.core.ids import Millis, StreamId

Scalar = str | int | float | bytes | None
Row = Mapping[str, Scalar]


def text(row: Row, column: str) -> str:
    """A text column of a row; Damaged when it holds something else."""
    value = row[column]
    if not isinstance(value, str):
        raise Damaged(f"column {column} should hold text")
    return value


def number(row: Row, column: str) -> int:
    """A whole number of a row; Damaged when it holds something else."""
    value = row[column]
    if not isinstance(value, int):
        raise Damaged(f"column {column} should hold a number")
    return value


def raw(row: Row, column: str) -> bytes:
    """Bytes of a row; Damaged when it holds something else."""
    value = row[column]
    if not isinstance(value, bytes):
        raise Damaged(f"column {column} should hold bytes")
    return value


GENESIS = b"\0" * 32
"""The hash before a stream's first event."""


@dataclass(frozen=True, slots=True)
class EventRow:
    """An event ready to be stored; the store gives it its position and its link of the chain.

    `body` is canonical JSON with commitments in place of personal values; `sealed` is a JSON
    list with one token (or null, when erased) per commitment, or None without any.
    """

    stream: StreamId
    version: int
    tag: str
    revision: int
    at: Millis
    source_at: Millis | None
    actor: str | None
    cause: str
    body: str
    sealed: str | None


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event as the log holds it: position in the whole log, and hash over the chain."""

    position: int
    row: EventRow
    hash: bytes


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The fold of a stream up to `version`; `head` is the hash of that event."""

    stream: StreamId
    version: int
    fold: int
    head: bytes
    state: str


@dataclass(frozen=True, slots=True)
class DedupeRow:
    """A command that was answered. `key` is a keyed 63-bit hash, `payload` a digest of it."""

    key: int
    payload: bytes
    answer: bytes
    at: Millis


@dataclass(frozen=True, slots=True)
class Put:
    """Write a whole row. `new` refuses (with a violation) a key that exists already.

    A column that the table's spec calls its `stamp`, when it is left open, gets the position of
    the unit's last event as the row is first written, and keeps it. A numbered row whose number
    is left open gets the next one; nobody knows it, and so nothing may name it, before the batch
    has ended.
    """

    table: str
    row: Row
    new: bool = False


@dataclass(frozen=True, slots=True)
class Patch:
    """Change some columns of the row with this key; no row is no matter."""

    table: str
    key: Row
    changes: Row


@dataclass(frozen=True, slots=True)
class Drop:
    """Delete all rows whose columns equal `where` (never empty)."""

    table: str
    where: Row


@dataclass(frozen=True, slots=True)
class Index:
    """Make `words` findable under (stream, field); words about `subject`. Empty words: remove."""

    stream: StreamId
    field: str
    subject: str
    words: str


@dataclass(frozen=True, slots=True)
class Blank:
    """Replace the sealed column of the event at `position`: the one change the log allows."""

    position: int
    sealed: str | None


Op = Put | Patch | Drop | Index | Blank


@dataclass(frozen=True, slots=True)
class Unit:
    """What one command changes: all of it or nothing.

    `expected` is the version that the stream must have (0: none yet) and `head` the hash at
    that version. A unit without events may still carry a dedupe row and ops.
    """

    stream: StreamId
    expected: int
    head: bytes
    events: tuple[EventRow, ...] = ()
    fold: int = 0
    state: str = ""
    dedupe: DedupeRow | None = None
    ops: tuple[Op, ...] = ()

    @property
    def follows(self) -> bool:
        """Its events are of its stream and go on from its version, one by one."""
        return all(
            row.version == number and row.stream == self.stream
            for number, row in enumerate(self.events, self.expected + 1)
        )


@dataclass(frozen=True, slots=True)
class Committed:
    """It is on disk. `head` is the stream's new hash, `position` that of its last event."""

    head: bytes
    position: int


@dataclass(frozen=True, slots=True)
class Violated:
    """Nothing of the unit was written: `what` stood in the way. Decide again on fresh state.

    `version`: the stream moved. `key`: this dedupe key was answered meanwhile. `row`: a
    `new` row's key exists (an identity, a reference). `value`: something in it cannot be kept
    (half a character, a number too large, a wrong type), so trying again is no use.
    """

    what: Literal["version", "key", "row", "value"]


Outcome = Committed | Violated


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a batch of units needs to know before deciding; what is absent is unknown."""

    answered: Mapping[int, DedupeRow] = field(default_factory=dict)
    identities: Mapping[str, Row] = field(default_factory=dict)
    snapshots: Mapping[StreamId, Snapshot] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Range:
    """Bounds on one column: strictly above and strictly below (either may be None)."""

    column: str
    above: Scalar = None
    below: Scalar = None


class Store(Protocol):
    """Where everything is kept.

    Every call may raise StoreDown (nothing was changed, try again later) or Damaged. A store
    takes one `commit` or `write` at a time; the engine sees to that.
    """

    async def open(self) -> None:
        """Make ready: migrate, check, read the head. Raises StoreRefused with what to do."""

    async def close(self) -> None:
        """Let go of everything. May be called twice."""

    async def reopen(self) -> None:
        """After StoreDown or CommitUnknown: begin anew with what is really on the disk.

        Raises StoreDown or Damaged, and may then be called again. Whoever does not call it
        finds it done by the next other call, or that one raises the same.
        """

    async def load(
        self, keys: Sequence[int], identities: Sequence[str], streams: Sequence[StreamId]
    ) -> Loaded:
        """What is known of these, in as few reads as possible.

        Like every read it sees only what is durable: nothing of a commit that is under way.
        """

    async def commit(self, units: Sequence[Unit]) -> list[Outcome]:
        """Write a batch of units on distinct streams and keys in one durable transaction.

        When one of them is violated the batch is rolled back and written unit by unit, so
        that it hurts nobody else. Returns one outcome per unit, in order. A unit without
        events is written whatever version its stream has. When the caller is cancelled the
        batch is still carried to its end. Raises CommitUnknown when the disk failed in the
        last step: then `reopen`, and look whether it is there.
        """

    async def write(self, ops: Sequence[Op]) -> None:
        """Bookkeeping outside the log (deliveries, sessions, checkpoints), durable at return.

        Raises ValueError, with nothing written, for a `new` row that exists or a bad value.
        """

    async def select(
        self,
        table: str,
        where: Mapping[str, Scalar | Sequence[Scalar]] | None = None,
        within: Range | None = None,
        order: str = "",
        descending: bool = False,
        limit: int = 100,
    ) -> list[Row]:
        """Rows whose columns equal `where` (a list: any of), inside `within`, ordered.

        Equal ones come in the order in which they were written first; those of one commit in
        any, but always the same. Long answers are read in slices, between which others write.
        """

    async def count(self, table: str, where: Mapping[str, Scalar] | None = None) -> int:
        """How many rows equal `where`."""

    async def events(self, stream: StreamId, after: int, limit: int) -> list[StoredEvent]:
        """Events of a stream with version above `after`, in order."""

    async def log(self, after: int, limit: int) -> list[StoredEvent]:
        """Events of the whole log with position above `after`, in order of position."""

    async def snapshots(self, after: StreamId, limit: int) -> list[Snapshot]:
        """Snapshots of streams with id above `after`, in order of id."""

    async def search(self, words: str, limit: int) -> list[Row]:
        """Rows of `search` whose words match all of `words` (plain words, prefix of the last)."""

    async def open_with(self, words: str, limit: int, every: bool = True) -> list[StreamId]:
        """Open incidents that have a row of `search` in which `every` one of `words` stands, or
        any of them; those whose words were said last come first.
        """

    async def head(self) -> int:
        """The position of the newest event (0: none), as the store itself remembers it."""

    async def in_use(self, subjects: Sequence[str]) -> frozenset[str]:
        """Those of `subjects` that some row carries."""

    async def forget(self, subject: str) -> None:
        """Delete every row that carries `subject`, its search words, and the freed bytes."""

    async def expire(self, before: Millis) -> int:
        """Delete the dedupe rows of commands answered before `before`; how many they were."""

    async def backup(self, path: str) -> None:
        """Write a sound copy of everything to `path` while running."""
