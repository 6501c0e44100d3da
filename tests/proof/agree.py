"""What must hold of everything stored, looked at from outside: state, fold, lists, log."""

from collections.abc import AsyncIterator
from typing import Any

from bot.core.ids import StreamId, kind_of
from bot.core.rows import ListRow
from bot.engine.rows import Writer
from bot.engine.verify import refold
from bot.store.base import Put, Range, Row, Snapshot, Store
from bot.store.tables import TABLES
from tests.engine.kit import Desk

MOST_ROWS = 500
# Tables whose rows are all said by states, and by nothing else.
TOLD_BY_STATES = ("refs", "reports", "incidents", "tasks", "updates", "people", "subscriptions")


async def every_snapshot(store: Store) -> list[Snapshot]:
    """All of them, in order of stream."""
    found: list[Snapshot] = []
    after = ""
    while page := await store.snapshots(after, 200):
        found.extend(page)
        after = page[-1].stream
    return found


async def every_row(store: Store, table: str) -> list[dict[str, Any]]:
    """All rows of a table."""
    key = TABLES[table].key[0]
    found: list[dict[str, Any]] = []
    async for page in _pages(store, table, key):
        found.extend(page)
    return found


async def _pages(store: Store, table: str, key: str) -> AsyncIterator[list[dict[str, Any]]]:
    after: Any = None
    while True:
        within = None if after is None else Range(key, above=after)
        rows = [dict(row) for row in await store.select(table, {}, within, key, limit=MOST_ROWS)]
        if len(rows) == MOST_ROWS:
            # A key in several columns may be cut in the middle of its first one.
            last = rows[-1][key]
            rows = [row for row in rows if row[key] != last]
        yield rows
        if len(rows) < MOST_ROWS and not rows:
            return
        after = rows[-1][key]


async def states_are_folds(house: Desk) -> dict[StreamId, Any]:
    """Every state at hand and every snapshot is the fold of its stream; returns the states."""
    book, store, codec = house.machine.parts.book, house.store, house.codec
    states: dict[StreamId, Any] = {}
    for snapshot in await every_snapshot(store):
        folded = await refold(book, store, codec, snapshot.stream)
        assert folded is not None
        assert codec.encode_state(folded) == snapshot.state, snapshot.stream
        live = await house.machine.engine.live(snapshot.stream)
        assert (live.version, live.head) == (snapshot.version, snapshot.head), snapshot.stream
        assert live.state == folded, snapshot.stream
        states[snapshot.stream] = folded
    return states


async def lists_are_rows(house: Desk, states: dict[StreamId, Any]) -> None:
    """Every list holds exactly the rows that the states stand for."""
    expected: dict[str, list[Row]] = {table: [] for table in TOLD_BY_STATES}
    writer = Writer(house.machine.parts.book, house.codec)
    for stream, state in states.items():
        lister = house.machine.parts.book.lists[kind_of(stream)]
        for one in lister(state):
            if isinstance(one, ListRow) and one.table in expected:
                put = writer._listed(stream, one)
                assert isinstance(put, Put)
                expected[one.table].append(_told(one.table, put.row))
    for table, rows in expected.items():
        found = [_told(table, row) for row in await every_row(house.store, table)]
        assert sorted(map(repr, found)) == sorted(map(repr, rows)), table


def _told(table: str, row: Row) -> Row:
    """The row without what the store itself puts in."""
    spec = TABLES[table]
    return {name: row.get(name) for name in spec.columns if name != spec.stamp}


async def log_is_gapless(store: Store) -> list[bytes]:
    """Positions count from 1 without a gap; returns the hashes in order."""
    hashes: list[bytes] = []
    while page := await store.log(len(hashes), 500):
        assert [one.position for one in page] == list(
            range(len(hashes) + 1, len(hashes) + len(page) + 1)
        )
        hashes.extend(one.hash for one in page)
    assert await store.head() == len(hashes)
    return hashes


async def all_agrees(house: Desk) -> list[bytes]:
    """All of it, and `verify` says so too; returns the hashes of the log."""
    states = await states_are_folds(house)
    await lists_are_rows(house, states)
    hashes = await log_is_gapless(house.store)
    await house.sound()
    return hashes
