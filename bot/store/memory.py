"""The store in memory: the same promises as any other, kept until the process ends.

For tests and simulation. A change is made before anybody else gets a turn.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.core.errors import StoreDown, StoreRefused
from bot.core.ids import Millis, StreamId
from bot.store.base import (
    Blank,
    Committed,
    DedupeRow,
    Drop,
    Index,
    Loaded,
    Op,
    Outcome,
    Patch,
    Put,
    Range,
    Row,
    Scalar,
    Snapshot,
    StoredEvent,
    Unit,
    Violated,
)
from bot.store.chain import link
from bot.store.connection import CLOSED
from bot.store.heap import Heap, Refused, Undo, checked, ordered
from bot.store.statements import check_columns, table_named
from bot.store.tables import TABLES, TALLIES
from bot.store.tallied import tallies
from bot.store.words import split


class MemoryStore:
    """See `base.Store`."""

    def __init__(self) -> None:
        self._log: list[StoredEvent] = []
        self._streams: dict[StreamId, list[int]] = {}
        self._snapshots: dict[StreamId, Snapshot] = {}
        self._answers: dict[int, DedupeRow] = {}
        self._heaps = {name: Heap(table) for name, table in TABLES.items()}
        self._words: dict[tuple[StreamId, str], frozenset[str]] = {}
        self._is_open = False
        self.commits = 0

    # --- life ------------------------------------------------------------------------------

    async def open(self) -> None:
        """Make ready; what was written before is still there."""
        self._is_open = True

    async def close(self) -> None:
        """Refuse every call until it is opened again."""
        self._is_open = False

    async def reopen(self) -> None:
        """See `base.Store`."""
        self._is_open = True

    def _look(self) -> None:
        if not self._is_open:
            raise StoreDown(CLOSED)

    async def _others(self) -> None:
        """Let everybody else have a turn, as a store on a disk does."""
        await asyncio.sleep(0)
        self._look()

    # --- writing ---------------------------------------------------------------------------

    async def commit(self, units: Sequence[Unit]) -> list[Outcome]:
        """See `base.Store`."""
        self._look()
        self.commits += bool(units)
        outcomes = [self._unit(unit) for unit in units]
        await self._others()
        return outcomes

    async def write(self, ops: Sequence[Op]) -> None:
        """See `base.Store`."""
        self._look()
        undo: Undo = []
        try:
            for op in ops:
                self._op(op, None, undo)
        except (Refused, ValueError) as refused:
            _undo(undo)
            raise ValueError(f"a row was refused ({refused})") from refused
        await self._others()

    def _unit(self, unit: Unit) -> Outcome:
        undo: Undo = []
        try:
            return self._whole(unit, undo)
        except Refused as refused:
            _undo(undo)
            return Violated(refused.what)
        except ValueError:
            _undo(undo)
            return Violated("value")

    def _whole(self, unit: Unit, undo: Undo) -> Committed:
        self._answer(unit.dedupe, undo)
        head = self._append(unit, undo)
        for op in unit.ops:
            self._op(op, len(self._log), undo)
        return Committed(head, len(self._log))

    def _answer(self, one: DedupeRow | None, undo: Undo) -> None:
        if one is None:
            return
        if one.key in self._answers:
            raise Refused("key")
        self._answers[one.key] = one
        undo.append(lambda: self._answers.pop(one.key))

    def _append(self, unit: Unit, undo: Undo) -> bytes:
        if not unit.events:
            return unit.head
        if not unit.follows:
            raise ValueError("the events of a unit do not follow its expected version")
        before = self._snapshots.get(unit.stream)
        standing = (0, unit.head) if before is None else (before.version, before.head)
        if standing != (unit.expected, unit.head):
            raise Refused("version")
        head = unit.head
        positions = self._streams.setdefault(unit.stream, [])
        for row in unit.events:
            checked(row.body, row.sealed, row.cause, row.actor)
            position = len(self._log) + 1
            head = link(head, position, row)
            self._log.append(StoredEvent(position, row, head))
            positions.append(position)
            undo.append(lambda: (self._log.pop(), positions.pop()))
        self._snap(Snapshot(unit.stream, row.version, unit.fold, head, unit.state), before, undo)
        return head

    def _snap(self, snapshot: Snapshot, before: Snapshot | None, undo: Undo) -> None:
        checked(snapshot.state)
        self._snapshots[snapshot.stream] = snapshot
        if before is None:
            undo.append(lambda: self._snapshots.pop(snapshot.stream))
        else:
            undo.append(lambda: self._snapshots.update({before.stream: before}))

    def _op(self, op: Op, position: int | None, undo: Undo) -> None:
        match op:
            case Put():
                if op.table == "search":
                    raise ValueError("the search table takes Index only")
                self._heap(op.table).put(op.row, op.new, position, undo)
            case Patch():
                self._heap(op.table).patch(op.key, op.changes, undo)
            case Drop():
                check_columns(table_named(op.table), op.where)
                self._heap(op.table).drop(op.where, undo)
            case Index():
                self._index(op, undo)
            case Blank():
                self._blank(op, undo)

    def _heap(self, table: str) -> Heap:
        if table == TALLIES.name:
            return counted(self._heaps["outbox"])
        return self._heaps[table_named(table).name]

    def _index(self, op: Index, undo: Undo) -> None:
        key = {"stream": op.stream, "field": op.field}
        words = frozenset(split(op.words))
        found = self._heaps["search"].find(key)
        if not words:
            self._heaps["search"].drop(key, undo)
            return
        old = found[0] if found else None
        row = {**key, "id": None if old is None else old["id"], "subject": op.subject}
        self._heaps["search"].put(row, False, 0, undo)
        before = self._words.get((op.stream, op.field), frozenset())
        self._words[op.stream, op.field] = words
        undo.append(lambda: self._words.update({(op.stream, op.field): before}))

    def _blank(self, op: Blank, undo: Undo) -> None:
        if not 0 < op.position <= len(self._log):
            return
        old = self._log[op.position - 1]
        row = replace(old.row, sealed=op.sealed)
        self._log[op.position - 1] = StoredEvent(old.position, row, old.hash)
        undo.append(lambda: self._log.__setitem__(op.position - 1, old))

    # --- reading ---------------------------------------------------------------------------

    async def load(
        self, keys: Sequence[int], identities: Sequence[str], streams: Sequence[StreamId]
    ) -> Loaded:
        """See `base.Store`."""
        await self._others()
        known = self._heaps["identities"].find({"identity": identities}) if identities else []
        return Loaded(
            {key: self._answers[key] for key in keys if key in self._answers},
            {str(row["identity"]): row for row in known},
            {one: self._snapshots[one] for one in streams if one in self._snapshots},
        )

    async def select(
        self,
        table: str,
        where: Mapping[str, Scalar | Sequence[Scalar]] | None = None,
        within: Range | None = None,
        order: str = "",
        descending: bool = False,
        limit: int = 100,
    ) -> list[Row]:
        """See `base.Store`."""
        await self._others()
        rows = self._heap(table).find(where or {}, within)
        by = order or (within.column if within else "")
        if by:
            check_columns(table_named(table), (by,))
        return ordered(rows, by, descending)[:limit]

    async def count(self, table: str, where: Mapping[str, Scalar] | None = None) -> int:
        """See `base.Store`."""
        await self._others()
        return len(self._heap(table).find(where or {}))

    async def events(self, stream: StreamId, after: int, limit: int) -> list[StoredEvent]:
        """See `base.Store`."""
        await self._others()
        positions = self._streams.get(stream, [])[max(after, 0) :][:limit]
        return [self._log[position - 1] for position in positions]

    async def log(self, after: int, limit: int) -> list[StoredEvent]:
        """See `base.Store`."""
        await self._others()
        return self._log[max(after, 0) :][:limit]

    async def snapshots(self, after: StreamId, limit: int) -> list[Snapshot]:
        """See `base.Store`."""
        await self._others()
        return [self._snapshots[one] for one in sorted(self._snapshots) if one > after][:limit]

    async def search(self, words: str, limit: int) -> list[Row]:
        """See `base.Store`."""
        await self._others()
        wanted = split(words)
        if not wanted:
            return []
        rows = [row for row in self._heaps["search"].find({}) if self._matches(row, wanted)]
        return ordered(rows, "id", True)[:limit]

    def _matches(self, row: Row, wanted: Sequence[str]) -> bool:
        *whole, beginning = wanted
        words = self._words[str(row["stream"]), str(row["field"])]
        return words.issuperset(whole) and any(one.startswith(beginning) for one in words)

    async def open_with(self, words: str, limit: int, every: bool = True) -> list[StreamId]:
        """See `base.Store`."""
        await self._others()
        wanted, found = frozenset(split(words)), []
        for row in self._heaps["search"].find({}):
            stream = str(row["stream"])
            common = wanted & self._words[stream, str(row["field"])]
            fits = common == wanted if every else bool(common)
            if wanted and fits and self._heaps["incidents"].find({"incident": stream, "ended": 0}):
                found.append(row)
        newest = (str(row["stream"]) for row in ordered(found, "id", True))
        return list(dict.fromkeys(newest))[:limit]

    async def head(self) -> int:
        """See `base.Store`."""
        await self._others()
        return len(self._log)

    # --- upkeep ----------------------------------------------------------------------------

    async def in_use(self, subjects: Sequence[str]) -> frozenset[str]:
        """See `base.Store`."""
        await self._others()
        carried = [self._heaps[name] for name, table in TABLES.items() if table.subject]
        found = (row["subject"] for heap in carried for row in heap.find({"subject": subjects}))
        return frozenset(str(subject) for subject in found)

    async def forget(self, subject: str) -> None:
        """See `base.Store`."""
        await self._others()
        for name, table in TABLES.items():
            if table.subject:
                self._heaps[name].drop({"subject": subject}, [])
        left = {(row["stream"], row["field"]) for row in self._heaps["search"].find({})}
        self._words = {key: words for key, words in self._words.items() if key in left}

    async def expire(self, before: Millis) -> int:
        """See `base.Store`."""
        await self._others()
        old = [key for key, one in self._answers.items() if one.at < before]
        for key in old:
            del self._answers[key]
        return len(old)

    async def backup(self, path: str) -> None:
        """Refused: what is in memory ends with the process."""
        raise StoreRefused("The store in memory cannot be copied to a file.")


def _undo(undo: Undo) -> None:
    for step in reversed(undo):
        step()


def counted(outbox: Heap) -> Heap:
    """The tallies as they are now; they follow from the rows that they count."""
    heap = Heap(TALLIES)
    undo: Undo = []
    for row in tallies(outbox.find({})):
        heap.put(row, True, None, undo)
    return heap
