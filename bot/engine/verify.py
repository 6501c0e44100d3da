"""`muster verify`: does the stored data agree with itself? Names the first entry that does not.

One pass over the log learns what was erased, one checks positions, chain, seals and
checkpoints; one over the snapshots folds every stream again and compares. All reads are in
slices and the desk goes on working meanwhile: whatever seems wrong is looked at a second time,
since it may only have moved on in between.
"""

from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from bot.core import ids
from bot.core.errors import Damaged, MusterError
from bot.core.events import Erased, Recorded
from bot.core.file_words import FileAdded
from bot.core.fold import Fold, State
from bot.core.ids import StreamId, SubjectId
from bot.engine.checkpoint import Heads, Witness, line_of, read_heads, seal
from bot.engine.file_check import fault_in
from bot.engine.work import Book
from bot.store.base import GENESIS, Row, Snapshot, Store, StoredEvent, number, text
from bot.store.chain import link
from bot.store.codec import MISSING, Codec

SLICE = 200
LOOKS = 3
UNREADABLE_MOST = 1_000
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
        whose = f" ({self.stream} version {self.version})" if self.stream else ""
        return f"entry {self.position}{whose}: {self.what}"


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
        self._due: deque[tuple[int, int, Heads]] = deque()
        self._last = BEFORE_ALL
        self._expected = 1
        self._unsealed: list[Found] = []
        self._broken: set[StreamId] = set()
        self._files: list[StoredEvent] = []

    async def run(self) -> Report:
        """Read everything once. Raises StoreDown when it cannot be read at all."""
        self._due.extend(await self._checkpoints())
        covered = self._due[-1][1] if self._due else 0
        await self._erasures()
        await self._read_on()
        await self._unsealed_again()
        await self._snapshots()
        await self._end(covered)
        await self._bytes_of_files()
        self._report.streams = len(self._heads)
        self._in_order()
        return self._report

    def _say(self, position: int, stream: StreamId, version: int, what: str) -> None:
        self._report.found.append(Found(position, stream, version, what))

    def _in_order(self) -> None:
        """By position; what an entry erased that is gone or changed itself comes last."""
        found = (*self._report.found, *self._unsealed)
        self._report.found = sorted(found, key=lambda one: (self._late(one), one))

    def _late(self, one: Found) -> int:
        follows = one.what == MISSING and one.stream in self._broken
        return 2 if follows else one.position == 0

    # --- the log ---------------------------------------------------------------------------

    async def _read_on(self) -> None:
        """Check whatever the log holds beyond what was read so far."""
        async for position, one in _entries(self._store, self._last):
            while self._due and position > self._due[0][1]:
                self._compare(self._due.popleft())
            if position > self._expected:
                self._say(self._expected, "", 0, f"missing; the next entry is {position}")
            elif position < self._expected:
                self._say(position, "", 0, "stands before the beginning")
            self._expected, self._last = max(self._expected, position + 1), position
            self._report.events += 1
            if one is None:
                self._say(position, "", 0, "cannot be read")
            else:
                self._entry(one)

    async def _end(self, covered: int) -> None:
        """Is everything there that the store remembers, and that a checkpoint has seen?"""
        longest = max(covered, await self._store.head())
        await self._read_on()
        while self._due and self._due[0][1] < self._expected:
            self._compare(self._due.popleft())
        if longest >= self._expected:
            what = f"entries up to {longest} are missing at the end of the log"
            self._say(self._expected, "", 0, what)

    def _entry(self, one: StoredEvent) -> None:
        row = one.row
        version, head = self._heads.get(row.stream, (0, GENESIS))
        if row.version != version + 1:
            self._misfit(one, f"follows version {version} of its stream")
        elif not _fits(head, one):
            self._misfit(one, "does not fit its chain")
        elif fault := self._codec.check(row, self._erased.get(row.stream, {})):
            self._unsealed.append(Found(one.position, row.stream, row.version, fault))
        elif row.tag == FileAdded.tag:
            self._files.append(one)
        self._heads[row.stream] = (row.version, one.hash)

    async def _bytes_of_files(self) -> None:
        """What events of the log name, and whoever sent it was not erased, is there as it was."""
        for one in self._files:
            fault = await self._bytes_fault(one)
            if fault is not None:
                await self._erasures()
                fault = await self._bytes_fault(one)
            if fault is not None:
                self._say(one.position, one.row.stream, one.row.version, fault)

    async def _bytes_fault(self, one: StoredEvent) -> str | None:
        row = one.row
        event = self._codec.decode_event(row.tag, row.revision, row.body, row.sealed)
        if not isinstance(event, FileAdded):
            return None
        erased = self._erased.get(row.stream, {}).get(event.name.subject, 0)
        if erased < row.version:
            return await fault_in(self._store, event.file, event.digest)
        if await self._store.count("erasures"):
            return None
        left = await self._store.count("file_parts", {"file": event.file})
        return "the bytes of a file are still there although they were erased" if left else None

    def _misfit(self, one: StoredEvent, what: str) -> None:
        self._say(one.position, one.row.stream, one.row.version, what)
        self._broken.add(one.row.stream)

    async def _erasures(self) -> None:
        """Up to which version each stream has let go of whom; needed before seals are judged."""
        heads: dict[StreamId, bytes] = {}
        async for _, one in _entries(self._store, BEFORE_ALL):
            if one is not None:
                if one.row.tag == Erased.tag and _fits(heads.get(one.row.stream, GENESIS), one):
                    self._note_erased(one)
                heads[one.row.stream] = one.hash

    def _note_erased(self, one: StoredEvent) -> None:
        event = self._codec.decode_event(one.row.tag, one.row.revision, one.row.body, None)
        if isinstance(event, Erased):
            self._erased.setdefault(one.row.stream, {})[event.subject] = event.through

    async def _unsealed_again(self) -> None:
        """Somebody may have been erased between the two passes."""
        doubtful, self._unsealed = self._unsealed, []
        if doubtful:
            await self._erasures()
        for found in doubtful:
            for one in await self._store.log(found.position - 1, 1):
                fault = self._codec.check(one.row, self._erased.get(found.stream, {}))
                if fault is not None:
                    fresh = Found(found.position, found.stream, found.version, fault)
                    self._unsealed.append(fresh)

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
        for stream, (version, head) in heads.items():
            if self._heads.get(stream) != (version, head):
                self._say(position, stream, version, f"differs from checkpoint {number}")

    # --- snapshots -------------------------------------------------------------------------

    async def _snapshots(self) -> None:
        seen: set[StreamId] = set()
        after = ""
        while page := await self._store.snapshots(after, SLICE):
            await self._read_on()
            for snapshot in page:
                seen.add(snapshot.stream)
                await self._snapshot(snapshot)
            after = page[-1].stream
        for stream in sorted(self._heads):
            if stream not in seen and await self._newest(stream) is None:
                self._say(0, stream, 0, "has events but no snapshot")

    async def _newest(self, stream: StreamId) -> Snapshot | None:
        loaded = await self._store.load([], [], [stream])
        return loaded.snapshots.get(stream)

    async def _snapshot(self, snapshot: Snapshot) -> None:
        stream, fault = snapshot.stream, ""
        if self._is_head(snapshot) and await self._folds(snapshot):
            return
        for _ in range(LOOKS):
            least, _ = self._heads.get(stream, (0, GENESIS))
            fresh = await self._newest(stream) or snapshot
            await self._read_on()
            fault = await self._fault(fresh, least)
            if not fault or fresh == snapshot:
                break
            snapshot = fresh
        version, _ = self._heads.get(stream, (0, GENESIS))
        if fault and snapshot.version > version:
            what = f"missing; {stream} had {snapshot.version} entries and has {version}"
            self._say(self._expected, "", 0, what)
            self._broken.add(stream)
        elif fault:
            self._say(0, stream, snapshot.version, fault)

    async def _fault(self, snapshot: Snapshot, least: int) -> str:
        """What is wrong with it; `least` is the version that it must have reached."""
        known = self._is_head(snapshot) or await self._was_head(snapshot)
        if snapshot.version < least or not known:
            return "the snapshot is of another version"
        return "" if await self._folds(snapshot) else "the snapshot is not the fold"

    def _is_head(self, snapshot: Snapshot) -> bool:
        return self._heads.get(snapshot.stream) == (snapshot.version, snapshot.head)

    async def _was_head(self, snapshot: Snapshot) -> bool:
        if snapshot.version >= self._heads.get(snapshot.stream, (0, GENESIS))[0]:
            return False
        found = await self._store.events(snapshot.stream, snapshot.version - 1, 1)
        return [(one.row.version, one.hash) for one in found] == [(snapshot.version, snapshot.head)]

    async def _folds(self, snapshot: Snapshot) -> bool:
        try:
            kind = ids.kind_of(snapshot.stream)
        except ValueError:
            return False
        if snapshot.fold != self._book.folds[kind].revision:
            return True
        try:
            state = await refold(
                self._book, self._store, self._codec, snapshot.stream, snapshot.version
            )
            return state is not None and self._codec.encode_state(state) == snapshot.state
        except (MusterError, ValueError):
            return False


def _fits(before: bytes, one: StoredEvent) -> bool:
    try:
        return link(before, one.position, one.row) == one.hash
    except ValueError:
        return False


async def _entries(store: Store, after: int) -> AsyncIterator[tuple[int, StoredEvent | None]]:
    """The log by position from `after` on; None for an entry that cannot be read at all."""
    size, unreadable = SLICE, 0
    while True:
        try:
            page = await store.log(after, size)
        except Damaged:
            size //= 2
            if size:
                continue
            size, after, unreadable = 1, max(after, 0) + 1, unreadable + 1
            if unreadable > UNREADABLE_MOST:
                raise
            yield after, None
            continue
        if not page:
            return
        for one in page:
            yield one.position, one
        size, after = min(SLICE, 2 * size), page[-1].position


async def refold(
    book: Book, store: Store, codec: Codec, stream: StreamId, through: int = -BEFORE_ALL
) -> State | None:
    """The state of a stream from its events alone, those up to version `through`.

    Raises Fault, Damaged or UnknownEvent.
    """
    fold = book.folds[ids.kind_of(stream)]
    state: State | None = None
    after = 0
    while page := await store.events(stream, after, SLICE):
        for one in page:
            if one.row.version <= through:
                state = _next(fold, state, codec, one)
        after = page[-1].row.version
    return state


def _next(fold: Fold[Any], state: State | None, codec: Codec, one: StoredEvent) -> State:
    try:
        after: State = fold(state, recorded(codec, one))
        return after
    except MusterError:
        raise
    except Exception as fault:  # An entry that was changed may make a fold raise anything.
        where = f"entry {one.position} ({one.row.stream}, {one.row.version})"
        raise Damaged(f"{where} cannot be folded: {fault!r}") from fault


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
