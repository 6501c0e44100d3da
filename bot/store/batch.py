"""From units to runs: few statements, each with many rows, that write a whole batch.

Changes of one row stay in order; all others are free to move, so that those with the same
statement go together. What must be refused is noticed by the statement that it breaks.
"""

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from operator import itemgetter
from typing import Any, Literal

from bot.store import statements as sql
from bot.store.base import (
    Blank,
    Committed,
    Drop,
    EventRow,
    Index,
    Op,
    Patch,
    Put,
    Row,
    Unit,
)
from bot.store.chain import link
from bot.store.tables import Table
from bot.store.words import split

What = Literal["version", "key", "row"]
Key = tuple[Any, ...]

TOGETHER = (64, 16, 4)


@dataclass(slots=True, eq=False)
class Run:
    """One statement with all its rows; `what` is violated when one of them is refused.

    `touches` is how many rows of the table must be found, None when it does not matter.
    """

    what: What
    sql: str
    rows: list[Sequence[Any]] = field(default_factory=list)
    touches: int | None = None

    def statements(self) -> Iterator[tuple[str, Sequence[Sequence[Any]]]]:
        """The fewest statements for it, each to be carried out once for each of its rows.

        The database's thread gives Python's lock away and waits for it at every turn of a
        statement: many rows in one turn let it work while others decide.
        """
        rest: Sequence[Sequence[Any]] = self.rows
        for size in TOGETHER:
            sql_of_many = sql.together(self.sql, size) if len(rest) >= size else ""
            if sql_of_many:
                whole = len(rest) - len(rest) % size
                flat = [*chain.from_iterable(rest[:whole])]
                width = len(flat) // whole * size
                yield sql_of_many, [flat[at : at + width] for at in range(0, len(flat), width)]
                rest = rest[whole:]
        if rest:
            yield self.sql, rest


class Line:
    """The runs of one table, in an order that keeps the changes of each row in theirs."""

    def __init__(self) -> None:
        self.runs: list[Run] = []
        self._newest: dict[str, int] = {}
        self._touched: dict[Key, int] = {}
        self._wall = -1

    def add(
        self, statement: str, key: Key | None, values: Sequence[Any], *, after_all: bool = False
    ) -> None:
        """A change of the row with `key`; None: of a row that nothing else can touch yet.

        `after_all` when it depends on what the changes before it have made of other rows.
        """
        floor = self._wall if key is None else max(self._wall, self._touched.get(key, -1))
        if after_all:
            floor = len(self.runs) - 1
        at = self._join(statement, floor, values)
        if key is not None:
            self._touched[key] = at

    def add_wide(self, statement: str, values: Sequence[Any]) -> None:
        """A change of rows that its condition finds: after all before, before all after."""
        self._wall = self._join(statement, len(self.runs) - 1, values)

    def _join(self, statement: str, floor: int, values: Sequence[Any]) -> int:
        at = self._newest.get(statement, -1)
        if at < 0 or at < floor:
            at = len(self.runs)
            self.runs.append(Run("row", statement))
            self._newest[statement] = at
        self.runs[at].rows.append(values)
        return at


class Lines:
    """The runs of all tables."""

    def __init__(self) -> None:
        self._lines: dict[str, Line] = {}
        self.position: int | None = None

    @property
    def runs(self) -> list[Run]:
        """All of them; tables are independent of each other."""
        return [run for line in self._lines.values() for run in line.runs]

    def add(self, op: Op) -> None:
        """One more change. Raises ValueError for a table or column that does not exist."""
        match op:
            case Put():
                self._put(op)
            case Patch():
                statement, values = sql.patch(op.table, op.key, op.changes)
                self._found(op.table, op.key, statement, values)
            case Drop():
                statement, values = sql.drop(op.table, op.where)
                self._found(op.table, op.where, statement, values)
            case Index():
                self._index(op)
            case Blank():
                self._line("events").add(sql.BLANK, (op.position,), (op.sealed, op.position))

    def _line(self, table: str) -> Line:
        line = self._lines.get(table)
        if line is None:
            line = self._lines[table] = Line()
        return line

    def _put(self, op: Put) -> None:
        table = sql.table_named(op.table)
        values = row_values(table, op.row, self.position)
        if op.table == "search":
            raise ValueError("the search table takes Index only")
        key = tuple(values[: len(table.key)])
        self._line(op.table).add(
            sql.put(op.table, op.new),
            None if None in key else key,
            values,
            after_all=any(not given or op.row.get(given) for _, given in table.unique),
        )

    def _found(self, name: str, where: Row, statement: str, values: Sequence[Any]) -> None:
        key = key_in(sql.table_named(name), where)
        if key is None:
            self._line(name).add_wide(statement, values)
        else:
            self._line(name).add(statement, key, values)

    def _index(self, op: Index) -> None:
        line, key = self._line("search"), (op.stream, op.field)
        words = " ".join(split(op.words))
        if not words:
            line.add(sql.DROP_FOUND, key, key)
            return
        line.add(sql.PUT_FOUND, key, (*key, op.subject))
        line.add(sql.PUT_WORDS, key, (words, *key))


def key_in(table: Table, where: Mapping[str, Any]) -> Key | None:
    """The key that `where` names in full, None when it names only a part of one."""
    if all(column in where for column in table.key):
        return tuple(where[column] for column in table.key)
    return None


def row_values(table: Table, row: Row, position: int | None = None) -> Sequence[Any]:
    """The values of a row in the order of the spec, None for what it leaves out.

    `position` goes where the table wants a stamp and the row has none. Raises ValueError for a
    column that the table does not have.
    """
    if table.stamp and row.get(table.stamp) is None:
        row = {**row, table.stamp: position}
    if len(row) == len(table.columns):
        with contextlib.suppress(KeyError):
            return _picker(table.columns)(row)
    sql.check_columns(table, row)
    return tuple(row.get(column) for column in table.columns)


@lru_cache(maxsize=64)
def _picker(columns: tuple[str, ...]) -> Callable[[Row], tuple[Any, ...]]:
    return itemgetter(*columns)


class Plan:
    """The runs of some units, the first event going to position `head` + 1.

    Raises ValueError when a unit holds what no store can keep.
    """

    def __init__(self, units: Iterable[Unit], head: int) -> None:
        self.head = head
        self.outcomes: list[Committed] = []
        self._answers = Run("key", sql.PUT_ANSWER)
        self._first = Run("version", sql.NEW_SNAPSHOT)
        self._next = Run("version", sql.NEXT_SNAPSHOT)
        self._events = Run("version", sql.PUT_EVENT)
        self._lines = Lines()
        for unit in units:
            self._add(unit)
        self._next.touches = len(self._next.rows)
        self._moved = Run("row", sql.MOVE_HEAD, [(self.head,)] if self.head != head else [])

    @property
    def runs(self) -> list[Run]:
        """In the order in which violations are named."""
        log = (self._answers, self._first, self._next, self._events, self._moved)
        return [run for run in (*log, *self._lines.runs) if run.rows]

    def _add(self, unit: Unit) -> None:
        if not unit.follows:
            raise ValueError("the events of a unit do not follow its expected version")
        hash_ = unit.head
        for row in unit.events:
            hash_ = self._event(hash_, row)
        if unit.events:
            self._snapshot(unit, hash_)
        if unit.dedupe is not None:
            one = unit.dedupe
            self._answers.rows.append((one.key, one.payload, one.answer, one.at))
        self._lines.position = self.head
        for op in unit.ops:
            self._lines.add(op)
        self.outcomes.append(Committed(hash_, self.head))

    def _event(self, before: bytes, row: EventRow) -> bytes:
        self.head += 1
        hash_ = link(before, self.head, row)
        self._events.rows.append(
            (
                self.head,
                row.stream,
                row.version,
                row.tag,
                row.revision,
                row.at,
                row.source_at,
                row.actor,
                row.cause,
                row.body,
                row.sealed,
                hash_,
            )
        )
        return hash_

    def _snapshot(self, unit: Unit, head: bytes) -> None:
        version = unit.expected + len(unit.events)
        if unit.expected == 0:
            self._first.rows.append((unit.stream, version, unit.fold, head, unit.state))
        else:
            self._next.rows.append(
                (version, unit.fold, head, unit.state, unit.stream, unit.expected, unit.head)
            )
