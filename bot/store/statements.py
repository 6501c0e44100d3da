"""SQL from the table specs: the one place where statements are put together from parts.

Every name in them is checked against the spec, every value is bound, except the few that a
spec lists as `marks` (so that partial indexes serve), and those come from the spec too.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from bot.store.base import Range, Row, Scalar
from bot.store.tables import TABLES, Table

Where = Mapping[str, Scalar | Sequence[Scalar]]
Values = list[Any]

PUT_EVENT = (
    "INSERT INTO events (position, stream, version, tag, revision, at, source_at, actor, cause,"
    " body, sealed, hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
EVENTS_OF = (
    "SELECT position, stream, version, tag, revision, at, source_at, actor, cause, body, sealed,"
    " hash FROM events WHERE stream = ? AND version > ? ORDER BY version LIMIT ?"
)
LOG = (
    "SELECT position, stream, version, tag, revision, at, source_at, actor, cause, body, sealed,"
    " hash FROM events WHERE position > ? ORDER BY position LIMIT ?"
)
BLANK = "UPDATE events SET sealed = ? WHERE position = ?"
NEW_SNAPSHOT = "INSERT INTO snapshots (stream, version, fold, head, state) VALUES (?, ?, ?, ?, ?)"
NEXT_SNAPSHOT = (
    "UPDATE snapshots SET version = ?, fold = ?, head = ?, state = ?"
    " WHERE stream = ? AND version = ? AND head = ?"
)
SNAPSHOTS_OF = (
    "SELECT stream, version, fold, head, state FROM snapshots"
    " WHERE stream IN (SELECT value FROM json_each(?))"
)
SNAPSHOTS = (
    "SELECT stream, version, fold, head, state FROM snapshots WHERE stream > ?"
    " ORDER BY stream LIMIT ?"
)
PUT_ANSWER = "INSERT INTO dedupe (key, payload, answer, at) VALUES (?, ?, ?, ?)"
ANSWERS_OF = (
    "SELECT key, payload, answer, at FROM dedupe WHERE key IN (SELECT value FROM json_each(?))"
)
EXPIRE = (
    "DELETE FROM dedupe WHERE at < ?1 AND number IN"
    " (SELECT number FROM dedupe ORDER BY number LIMIT ?2)"
)
MOVE_HEAD = "UPDATE head SET position = ?"
HEAD = "SELECT position FROM head"
NEWEST = "SELECT max((SELECT position FROM head), (SELECT ifnull(max(position), 0) FROM events))"

PUT_FOUND = (
    "INSERT INTO search (stream, field, subject) VALUES (?, ?, ?)"
    " ON CONFLICT (stream, field) DO UPDATE SET subject = excluded.subject"
)
PUT_WORDS = (
    "INSERT OR REPLACE INTO words (rowid, said)"
    " SELECT id, ? FROM search WHERE stream = ? AND field = ?"
)
DROP_FOUND = "DELETE FROM search WHERE stream = ? AND field = ?"
FIND = (
    "SELECT search.id, search.stream, search.field, search.subject FROM words"
    " JOIN search ON search.id = words.rowid WHERE words MATCH ?"
    " ORDER BY words.rowid DESC LIMIT ?"
)
# The newest first, so that what many words match is not read to its end.
OPEN_WITH = (
    "SELECT search.stream FROM words JOIN search ON search.id = words.rowid"
    " JOIN incidents ON incidents.incident = search.stream"
    " WHERE words MATCH ? AND incidents.ended = 0 ORDER BY words.rowid DESC LIMIT ?"
)
MERGE = "INSERT INTO words (words, rank) VALUES ('merge', ?)"
REBUILD = "INSERT INTO words (words) VALUES ('rebuild')"
# The shape of the index of words: https://www.sqlite.org/fts5.html, "Data Format".
SHAPE_OF_WORDS = "SELECT length(block) FROM words_data WHERE id = 10"


def listed(values: Sequence[Scalar]) -> str:
    """A list as one bound value, for `IN (SELECT value FROM json_each(?))`."""
    return json.dumps(list(values))


def table_named(name: str) -> Table:
    """The spec of a table. Raises ValueError for a name that has none."""
    table = TABLES.get(name)
    if table is None:
        raise ValueError(f"there is no table {name!r}")
    return table


def check_columns(table: Table, names: Sequence[str] | Mapping[str, Any]) -> None:
    """Raises ValueError unless the table has all of these columns, and there are some."""
    if not names or not table.names.issuperset(names):
        raise ValueError(f"table {table.name} has no such columns: {', '.join(names) or 'none'}")


@lru_cache(maxsize=1024)
def put(name: str, new: bool) -> str:
    """Write a whole row, its values in the order of the spec."""
    table = table_named(name)
    columns, places = ", ".join(table.columns), ", ".join("?" * len(table.columns))
    sql = f"INSERT INTO {name} ({columns}) VALUES ({places})"
    if new:
        return sql
    rest = [one for one in table.columns if one not in table.key and one != table.stamp]
    changes = ", ".join(f"{column} = excluded.{column}" for column in rest)
    action = f"UPDATE SET {changes}" if rest else "NOTHING"
    return f"{sql} ON CONFLICT ({', '.join(table.key)}) DO {action}"


@lru_cache(maxsize=256)
def together(sql: str, rows: int) -> str:
    """The same INSERT for so many rows in one statement, their values one after the other.

    Empty for what is no INSERT of one row of values.
    """
    found = re.match(r"(INSERT .* VALUES )(\(\?(?:, \?)*\))(.*)$", sql)
    return f"{found[1]}{', '.join([found[2]] * rows)}{found[3]}" if found else ""


def patch(name: str, key: Row, changes: Row) -> tuple[str, Values]:
    """Change columns of the rows that equal `key`."""
    check_columns(table_named(name), changes)
    where, values = _where(name, key)
    sets = ", ".join(f"{column} = ?" for column in changes)
    return f"UPDATE {name} SET {sets}{where}", [*changes.values(), *values]


def drop(name: str, key: Row) -> tuple[str, Values]:
    """Delete the rows that equal `key`, which must not be empty."""
    check_columns(table_named(name), key)
    where, values = _where(name, key)
    return f"DELETE FROM {name}{where}", values


@lru_cache(maxsize=1)
def in_use() -> str:
    """Which of a list of subjects stand in some row."""
    known = [
        f"EXISTS (SELECT 1 FROM {table.name} WHERE subject = asked.value)"
        for table in TABLES.values()
        if table.subject
    ]
    return f"SELECT value FROM json_each(?) AS asked WHERE {' OR '.join(known)}"


@lru_cache(maxsize=64)
def forget(name: str) -> str:
    """Delete some rows that carry a subject."""
    check_columns(table_named(name), ("subject",))
    some = f"SELECT rowid FROM {name} WHERE subject = ? LIMIT ?"
    return f"DELETE FROM {name} WHERE rowid IN ({some})"


def count(name: str, where: Where) -> tuple[str, Values]:
    """How many rows equal `where`."""
    condition, values = _where(name, where)
    return f"SELECT count(*) FROM {name}{condition}", values


def select(
    name: str,
    where: Where,
    within: Range | None,
    order: str,
    descending: bool,
    last: tuple[Scalar, int] | None = None,
) -> tuple[str, Values]:
    """Rows that equal `where`, inside `within`, ordered, equal ones in the order of writing.

    Each row is followed by its rowid; a limit is still to be bound. `last` (value of the
    order's column, rowid) goes on after that row.
    """
    table = table_named(name)
    terms, values = _equals_all(name, where)
    if within is not None:
        check_columns(table, (within.column,))
        for sign, bound in ((">", within.above), ("<", within.below)):
            if bound is not None:
                terms.append(f"{within.column} {sign} ?")
                values.append(bound)
    by = order or (within.column if within else "rowid")
    if order:
        check_columns(table, (order,))
    if last is not None:
        term, bounds = _beyond(by, descending, *last)
        terms.append(term)
        values.extend(bounds)
    way = "DESC" if descending else "ASC"
    condition = f" WHERE {' AND '.join(terms)}" if terms else ""
    ordered = f"ORDER BY {by} {way}" if by == "rowid" else f"ORDER BY {by} {way}, rowid {way}"
    return (
        f"SELECT {', '.join(table.columns)}, rowid FROM {name}{condition} {ordered} LIMIT ?",
        values,
    )


def _beyond(by: str, descending: bool, value: Scalar, row: int) -> tuple[str, Values]:
    """What comes after a row in its order, where nothing (NULL) counts as the least."""
    if by == "rowid":
        return f"rowid {'<' if descending else '>'} ?", [row]
    if value is None:
        rest = f"{by} IS NULL AND rowid < ?" if descending else f"{by} IS NOT NULL OR rowid > ?"
        return f"({rest})", [row]
    sign, nothing = ("<", f" OR {by} IS NULL") if descending else (">", "")
    return f"(({by}, rowid) {sign} (?, ?){nothing})", [value, row]


def _where(name: str, where: Where) -> tuple[str, Values]:
    terms, values = _equals_all(name, where)
    return (f" WHERE {' AND '.join(terms)}" if terms else ""), values


def _equals_all(name: str, where: Where) -> tuple[list[str], Values]:
    terms: list[str] = []
    values: Values = []
    if where:
        table = table_named(name)
        check_columns(table, where)
        for column, value in where.items():
            term, bound = _equals(table, column, value)
            terms.append(term)
            values.extend(bound)
    return terms, values


def _equals(table: Table, column: str, value: Scalar | Sequence[Scalar]) -> tuple[str, Values]:
    if value is None:
        return f"{column} IS NULL", []
    if not isinstance(value, (str, bytes, int, float)):
        return _any_of(column, list(value))
    if (column, value) in table.marks:
        return f"{column} = {_literal(value)}", []
    return f"{column} = ?", [value]


def _any_of(column: str, values: Values) -> tuple[str, Values]:
    # What JSON cannot carry into the database as it is, bytes and text with NUL, is rare.
    if any(isinstance(one, bytes) or (isinstance(one, str) and "\0" in one) for one in values):
        return f"{column} IN ({', '.join('?' * len(values))})", values
    return f"{column} IN (SELECT value FROM json_each(?))", [listed(values)]


def _literal(value: Scalar) -> str:
    if isinstance(value, str) and value.isalpha():
        return f"'{value}'"
    if isinstance(value, int):
        return str(int(value))
    raise ValueError("a mark is a word or a whole number")
