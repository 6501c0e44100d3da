"""`muster verify`: does the stored data agree with itself? Names the first entry that does not.

One pass over the log learns what was erased, one checks positions, chain, seals and
checkpoints; one over the snapshots folds every stream again and compares. All reads are in
slices, so the desk goes on working.
"""

from dataclasses import dataclass, field

from bot.core import ids
from bot.core.errors import Damaged, MusterError
from bot.core.events import Erased, Recorded
from bot.core.fold import State
from bot.core.ids import StreamId, SubjectId
from bot.engine.checkpoint import Heads, Witness, line_of, read_heads, seal
from bot.engine.work import Book
from bot.store.base import GENESIS, Row, Snapshot, Store, StoredEvent, number, text
from bot.store.chain import link
from bot.store.codec import Codec

SLICE = 200
BEFORE_ALL = -(2**62)


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """Something that does not agree; `position` 0 when it is no entry of the log."""

    position: int
    stream: StreamId
    version: int
    what: str

    def __str__(self) -> str:
        if not self.position:
            return f"{self.stream}: {self.what}" if self.stream else self.what
        return f"entry {self.position} ({self.stream} version {self.version}): {self.what}"


@dataclass(slots=True)
class Report:
    """What was read, and what was found, the first bad entry first."""

    events: int = 0
    streams: int = 0
    checkpoints: int = 0
    found: list[Found] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Nothing was found."""
        return not self.found


class Verifier:
    """One check of everything."""

    def __init__(self, book: Book, store: Store, codec: Codec, witness: Witness) -> None:
        self._book = book
        self._store = store
        self._codec = codec
        self._witness = witness
        self._report = Report()
        self._heads: Heads = {}
        self._erased: dict[StreamId, dict[SubjectId, int]] = {}

    async def run(self) -> Report:
        """Read everything once. Raises StoreDown when it cannot be read at all."""
        checkpoints = await self._checkpoints()
        await self._erasures()
        await self._log(checkpoints)
        await self._snapshots()
        self._report.streams = len(self._heads)
        self._report.found.sort(key=lambda one: (one.position == 0, one))
        return self._report

    def _say(self, position: int, stream: StreamId, version: int, what: str) -> None:
        self._report.found.append(Found(position, stream, version, what))

    # --- the log ---------------------------------------------------------------------------

    async def _log(self, checkpoints: list[tuple[int, int, Heads]]) -> None:
        due = iter(checkpoints)
        waiting = next(due, None)
        expected = 1
        last = BEFORE_ALL
        while page := await self._store.log(last, SLICE):
            for one in page:
                while waiting is not None and one.position > waiting[1]:
                    self._compare(waiting)
                    waiting = next(due, None)
                if one.position != expected:
                    self._gap(expected, one)
                expected = one.position + 1
                self._entry(one)
            last = page[-1].position
        while waiting is not None:
            self._compare(waiting)
            waiting = next(due, None)
        head = await self._store.head()
        if head >= expected:
            self._say(expected, "", 0, f"entries up to {head} are missing at the end of the log")
        elif head != expected - 1:
            self._say(head + 1, "", 0, "the log is longer than the store remembers")

    def _gap(self, expected: int, one: StoredEvent) -> None:
        if one.position > expected:
            self._say(expected, "", 0, f"missing; the next entry is {one.position}")
        else:
            self._say(one.position, one.row.stream, one.row.version, "stands before the beginning")

    def _entry(self, one: StoredEvent) -> None:
        self._report.events += 1
        row = one.row
        version, head = self._heads.get(row.stream, (0, GENESIS))
        if row.version != version + 1:
            self._say(
                one.position, row.stream, row.version, f"follows version {version} of its stream"
            )
        if link(head, one.position, row) != one.hash:
            self._say(one.position, row.stream, row.version, "does not fit its chain")
        else:
            self._seals(one)
        self._heads[row.stream] = (row.version, one.hash)

    def _seals(self, one: StoredEvent) -> None:
        fault = self._codec.check(one.row, self._erased.get(one.row.stream, {}))
        if fault is not None:
            self._say(one.position, one.row.stream, one.row.version, fault)

    async def _erasures(self) -> None:
        """Up to which version each stream has let go of whom; needed before seals are judged."""
        last = BEFORE_ALL
        while page := await self._store.log(last, SLICE):
            for one in page:
                if one.row.tag == Erased.tag:
                    self._note_erased(one)
            last = page[-1].position

    def _note_erased(self, one: StoredEvent) -> None:
        try:
            event = self._codec.decode_event(one.row.tag, one.row.revision, one.row.body, None)
        except MusterError:
            return  # The chain will not fit either, and that is told.
        if isinstance(event, Erased):
            self._erased.setdefault(one.row.stream, {})[event.subject] = event.through

    # --- checkpoints -----------------------------------------------------------------------

    async def _checkpoints(self) -> list[tuple[int, int, Heads]]:
        good: list[tuple[int, int, Heads]] = []
        lines = await self._witness.lines()
        before, last = "", 0
        while rows := await self._store.select(
            "checkpoints", {"number": list(range(last + 1, last + 101))}, order="number"
        ):
            for row in rows:
                last += 1
                if row["number"] != last or not self._sealed(row, before, lines):
                    self._say(0, "", 0, f"checkpoint {last} was changed or removed")
                    return good
                before = text(row, "mac")
                good.append((last, number(row, "position"), read_heads(text(row, "heads"))))
        self._report.checkpoints = last
        if len(lines) > last:
            self._say(0, "", 0, f"checkpoint {last + 1} was removed; the witness has it")
        return good

    def _sealed(self, row: Row, before: str, lines: list[str]) -> bool:
        try:
            serial, at, position = (number(row, name) for name in ("number", "at", "position"))
            mac = seal(self._codec, before, serial, at, position, text(row, "heads"))
            if mac != text(row, "mac"):
                return False
        except Damaged:
            return False
        return serial > len(lines) or lines[serial - 1] == line_of(row)

    def _compare(self, checkpoint: tuple[int, int, Heads]) -> None:
        number, position, heads = checkpoint
        for stream, head in heads.items():
            if self._heads.get(stream) != head:
                version = self._heads.get(stream, (0, GENESIS))[0] + 1
                self._say(position, stream, version, f"differs from checkpoint {number}")

    # --- snapshots -------------------------------------------------------------------------

    async def _snapshots(self) -> None:
        seen: set[StreamId] = set()
        after = ""
        while page := await self._store.snapshots(after, SLICE):
            for snapshot in page:
                seen.add(snapshot.stream)
                await self._snapshot(snapshot)
            after = page[-1].stream
        for stream in self._heads:
            if stream not in seen:
                self._say(0, stream, 0, "has events but no snapshot")

    async def _snapshot(self, snapshot: Snapshot) -> None:
        version, head = self._heads.get(snapshot.stream, (0, GENESIS))
        if snapshot.version > version:
            self._say(0, snapshot.stream, version + 1, f"entries after version {version} are gone")
        elif (snapshot.version, snapshot.head) != (version, head):
            self._say(0, snapshot.stream, snapshot.version, "the snapshot is of another version")
        elif not await self._folds(snapshot):
            self._say(0, snapshot.stream, snapshot.version, "the snapshot is not the fold")

    async def _folds(self, snapshot: Snapshot) -> bool:
        try:
            kind = ids.kind_of(snapshot.stream)
        except ValueError:
            return False
        if snapshot.fold != self._book.folds[kind].revision:
            return True
        try:
            state = await refold(self._book, self._store, self._codec, snapshot.stream)
            return state is not None and self._codec.encode_state(state) == snapshot.state
        except (MusterError, ValueError):
            return False


async def refold(book: Book, store: Store, codec: Codec, stream: StreamId) -> State | None:
    """The state of a stream from its events alone. Raises Fault or UnknownEvent."""
    fold = book.folds[ids.kind_of(stream)]
    state: State | None = None
    after = 0
    while page := await store.events(stream, after, SLICE):
        for one in page:
            state = fold(state, recorded(codec, one))
        after = page[-1].row.version
    return state


def recorded(codec: Codec, one: StoredEvent) -> Recorded:
    """A stored event as folds and views take it."""
    row = one.row
    return Recorded(
        stream=row.stream,
        version=row.version,
        at=row.at,
        source_at=row.source_at,
        actor=row.actor,
        cause=row.cause,
        event=codec.decode_event(row.tag, row.revision, row.body, row.sealed),
    )
