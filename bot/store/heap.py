"""One table in memory: rows in the order of writing, found by comparing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from bot.store.base import Range, Row, Scalar
from bot.store.batch import Key, key_in, row_values
from bot.store.statements import check_columns
from bot.store.tables import Table

What = Literal["version", "key", "row", "value"]
Where = Mapping[str, Scalar | Sequence[Scalar]]
Undo = list[Callable[[], Any]]

_SMALLEST, _LARGEST = -(2**63), 2**63 - 1


class Refused(Exception):
    """A change that its unit may not make."""

    def __init__(self, what: What) -> None:
        super().__init__(what)
        self.what = what


@dataclass(slots=True, eq=False)
class Held:
    """A row, and when it was written first."""

    number: int
    row: dict[str, Scalar]


class Heap:
    """The rows of one table. Every change leaves the step that takes it back in `undo`."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._held: dict[Key, Held] = {}
        self._written = 0
        self._given = 0

    def find(self, where: Where, within: Range | None = None) -> list[Row]:
        """Copies of the rows that equal `where` and lie inside `within`."""
        if within is not None:
            check_columns(self._table, (within.column,))
        return [dict(held.row) for held in self._matching(where) if _inside(held.row, within)]

    def put(self, row: Row, new: bool, position: int | None, undo: Undo) -> None:
        """Write a whole row."""
        values = row_values(self._table, row, position)
        checked(*values)
        fresh = dict(zip(self._table.columns, values, strict=True))
        given = self._given
        undo.append(lambda: setattr(self, "_given", given))
        key = self._key(fresh)
        held = self._held.get(key)
        if held is None:
            self._alone(fresh, None)
            self._held[key] = Held(self._place(key), fresh)
            undo.append(lambda: self._held.pop(key))
        elif new:
            raise Refused("row")
        else:
            stamp = self._table.stamp
            kept = {stamp: held.row[stamp]} if stamp else {}
            self._change(held, {**fresh, **kept}, undo)

    def patch(self, where: Row, changes: Row, undo: Undo) -> None:
        """Change columns of the rows that equal `where`."""
        check_columns(self._table, changes)
        checked(*changes.values())
        for held in self._matching(where):
            self._change(held, {**held.row, **changes}, undo)

    def drop(self, where: Where, undo: Undo) -> None:
        """Delete the rows that equal `where`."""
        for held in self._matching(where):
            key = tuple(held.row[name] for name in self._table.key)
            del self._held[key]
            undo.append(partial(self._held.__setitem__, key, held))

    def _matching(self, where: Where) -> list[Held]:
        if not where:
            return sorted(self._held.values(), key=lambda held: held.number)
        check_columns(self._table, where)
        key = key_in(self._table, where)
        if key is not None and all(isinstance(part, (str, int)) for part in key):
            some = [self._held[key]] if key in self._held else []
        else:
            some = sorted(self._held.values(), key=lambda held: held.number)
        return [held for held in some if _equals(held.row, where)]

    def _key(self, row: dict[str, Scalar]) -> Key:
        """The row's key; a number left open is given now, never again once the unit stands."""
        names = self._table.key
        if len(names) == 1 and row[names[0]] is None:
            row[names[0]] = self._given + 1
        key = tuple(row[name] for name in names)
        if None in key:
            raise Refused("value")
        if len(key) == 1 and isinstance(key[0], int):
            self._given = max(self._given, key[0])
        return key

    def _place(self, key: Key) -> int:
        """Where the row stands among the others: numbered ones by number, else as written."""
        if len(key) == 1 and isinstance(key[0], int):
            return key[0]
        self._written += 1
        return self._written

    def _change(self, held: Held, fresh: dict[str, Scalar], undo: Undo) -> None:
        before = held.row
        self._alone(fresh, before)
        held.row = fresh
        undo.append(lambda: setattr(held, "row", before))

    def _alone(self, fresh: Row, instead_of: Row | None) -> None:
        """No other row has the value that the table allows only once."""
        for column, given in self._table.unique:
            if fresh[column] is None or (given and not fresh[given]):
                continue
            others = (held.row for held in self._held.values() if held.row is not instead_of)
            counted = (row for row in others if not given or row[given])
            if any(row[column] == fresh[column] for row in counted):
                raise Refused("row")


def checked(*values: object) -> None:
    """Raises ValueError for what no database keeps."""
    for value in values:
        if isinstance(value, str):
            value.encode()
        elif isinstance(value, int):
            if not _SMALLEST <= value <= _LARGEST:
                raise ValueError("the number is too large")
        elif value is not None and not isinstance(value, (bytes, float)):
            raise ValueError("a row holds text, numbers and bytes only")


def ordered(rows: list[Row], by: str, descending: bool) -> list[Row]:
    """Rows by a column, nothing (None) first, equal ones in the order in which they stand."""
    ranked = sorted(rows, key=lambda row: _rank(row[by])) if by else rows
    return ranked[::-1] if descending else ranked


def _rank(value: Scalar) -> tuple[int, Any]:
    """How databases compare across types: nothing, numbers, text, bytes."""
    if value is None:
        return 0, 0
    if isinstance(value, (int, float)):
        return 1, value
    return (2, value) if isinstance(value, str) else (3, value)


def _equals(row: Row, where: Where) -> bool:
    return all(_is(row[name], wanted) for name, wanted in where.items())


def _is(value: Scalar, wanted: Scalar | Sequence[Scalar]) -> bool:
    if wanted is None or isinstance(wanted, (str, bytes, int, float)):
        return value == wanted
    return value is not None and value in wanted


def _inside(row: Row, within: Range | None) -> bool:
    if within is None or (within.above is None and within.below is None):
        return True
    value = row[within.column]
    above = within.above is None or _rank(value) > _rank(within.above)
    below = within.below is None or _rank(value) < _rank(within.below)
    return value is not None and above and below
