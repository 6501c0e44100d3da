"""Reading: short looks between the transactions, long ones in slices."""

import asyncio
import sqlite3
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from bot.core.errors import StoreDown
from bot.core.ids import StreamId
from bot.store import statements as sql
from bot.store.base import (
    DedupeRow,
    EventRow,
    Loaded,
    Range,
    Row,
    Scalar,
    Snapshot,
    StoredEvent,
)
from bot.store.connection import CLOSED, Connection, Params, Record
from bot.store.tables import IDENTITIES, SEARCH
from bot.store.words import joined, query

SLICE = 200
ROWS_EACH = 3
"""Of one incident several answers may hold the same words."""


class Reads:
    """The half of the store that changes nothing."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection: Connection | None = None
        self._in_doubt = False
        self._head = 0
        self.commits = 0
        # One change at a time. Looks need no turn: a transaction is one errand on the thread,
        # so nothing can be seen before it is durable.
        self._turn = asyncio.Lock()

    @property
    def _open(self) -> Connection:
        if self._connection is None:
            raise StoreDown(CLOSED)
        return self._connection

    async def _ready(self) -> Connection:
        """The connection, for whoever has the turn; one given up in doubt is opened anew."""
        if self._connection is None and self._in_doubt:
            await self._begin_anew()
        return self._open

    async def _begin_anew(self) -> None:
        raise StoreDown(CLOSED)

    async def _at_hand(self) -> Connection:
        """The connection, for whoever only looks."""
        if self._connection is not None:
            return self._connection
        async with self._turn:
            return await self._ready()

    @property
    def calls(self) -> int:
        """How often the thread of the database was woken since the store was opened."""
        return self._open.calls

    async def load(
        self, keys: Sequence[int], identities: Sequence[str], streams: Sequence[StreamId]
    ) -> Loaded:
        """See `base.Store`."""
        found, wanted = sql.select("identities", {"identity": identities}, None, "", False)
        asked = [
            (sql.ANSWERS_OF, [sql.listed(keys)]) if keys else None,
            (found, [*wanted, len(identities)]) if identities else None,
            (sql.SNAPSHOTS_OF, [sql.listed(streams)]) if streams else None,
        ]
        connection = await self._at_hand()
        answered, known, snapshots = await connection.run(partial(_fetched, asked))
        return Loaded(
            {row[0]: DedupeRow(*row) for row in answered},
            {row[0]: _row(IDENTITIES.columns, row) for row in known},
            {row[0]: Snapshot(*row) for row in snapshots},
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
        columns = sql.table_named(table).columns
        by = order or (within.column if within else "")
        found: list[Row] = []
        last: tuple[Scalar, int] | None = None
        while len(found) < limit:
            most = min(SLICE, limit - len(found))
            statement, values = sql.select(table, where or {}, within, order, descending, last)
            records = await self._read(statement, [*values, most])
            found.extend(_row(columns, record) for record in records)
            if len(records) < most:
                break
            last = (found[-1][by] if by else None, records[-1][-1])
        return found

    async def count(self, table: str, where: Mapping[str, Scalar] | None = None) -> int:
        """See `base.Store`."""
        statement, values = sql.count(table, where or {})
        rows = await self._read(statement, values)
        return int(rows[0][0])

    async def events(self, stream: StreamId, after: int, limit: int) -> list[StoredEvent]:
        """See `base.Store`."""
        found: list[StoredEvent] = []
        while len(found) < limit:
            most = min(SLICE, limit - len(found))
            rows = await self._read(sql.EVENTS_OF, (stream, after, most))
            found.extend(map(_event, rows))
            if len(rows) < most:
                break
            after = found[-1].row.version
        return found

    async def log(self, after: int, limit: int) -> list[StoredEvent]:
        """See `base.Store`."""
        found: list[StoredEvent] = []
        while len(found) < limit:
            most = min(SLICE, limit - len(found))
            rows = await self._read(sql.LOG, (after, most))
            found.extend(map(_event, rows))
            if len(rows) < most:
                break
            after = found[-1].position
        return found

    async def snapshots(self, after: StreamId, limit: int) -> list[Snapshot]:
        """See `base.Store`."""
        found: list[Snapshot] = []
        while len(found) < limit:
            most = min(SLICE, limit - len(found))
            rows = await self._read(sql.SNAPSHOTS, (after, most))
            found.extend(Snapshot(*row) for row in rows)
            if len(rows) < most:
                break
            after = found[-1].stream
        return found

    async def search(self, words: str, limit: int) -> list[Row]:
        """See `base.Store`."""
        asked = query(words)
        rows = await self._read(sql.FIND, (asked, limit)) if asked else []
        return [_row(SEARCH.columns, row) for row in rows]

    async def open_with(self, words: str, limit: int, every: bool = True) -> list[StreamId]:
        """See `base.Store`."""
        asked = joined(words, " AND " if every else " OR ")
        rows = await self._read(sql.OPEN_WITH, (asked, ROWS_EACH * limit)) if asked else []
        return list(dict.fromkeys(row[0] for row in rows))[:limit]

    async def head(self) -> int:
        """See `base.Store`."""
        rows = await self._read(sql.HEAD, ())
        return int(rows[0][0])

    async def in_use(self, subjects: Sequence[str]) -> frozenset[str]:
        """See `base.Store`."""
        rows = await self._read(sql.in_use(), (sql.listed(subjects),))
        return frozenset(row[0] for row in rows)

    async def _read(self, statement: str, values: Params) -> list[Record]:
        connection = await self._at_hand()
        return await connection.run(partial(_all, statement, values))


def _fetched(
    asked: Sequence[tuple[str, Params] | None], raw: sqlite3.Connection
) -> list[list[Record]]:
    return [[] if one is None else _all(*one, raw) for one in asked]


def _all(statement: str, values: Params, raw: sqlite3.Connection) -> list[Record]:
    try:
        return raw.execute(statement, values).fetchall()
    except sqlite3.OperationalError as error:
        if "decode" not in str(error):
            raise
    # Text that is none any more is shown as near as can be, so that `verify` can name its row.
    raw.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")
    try:
        return raw.execute(statement, values).fetchall()
    finally:
        raw.text_factory = str


def _row(columns: tuple[str, ...], record: Record) -> Row:
    return dict(zip(columns, record, strict=False))


def _event(record: Record) -> StoredEvent:
    return StoredEvent(record[0], EventRow(*record[1:11]), record[11])
