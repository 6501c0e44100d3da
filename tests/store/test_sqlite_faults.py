"""Disks fill up and fail: nothing half is kept, nothing is called kept that is not, and the
store goes on as soon as the disk does."""

import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.core.errors import CommitUnknown, Damaged, StoreDown
from bot.store import connection
from bot.store.base import Put, Store
from bot.store.sqlite import SqliteStore
from tests.contract.kit import Hand, InFile, ref

LONG = "x" * 5000
FULL, IOERR = sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_FSYNC


@pytest.fixture
async def store(tmp_path: Path) -> Any:
    opened = await InFile(tmp_path).store()
    yield opened
    await opened.close()


@pytest.fixture
def hand(store: SqliteStore) -> Hand:
    return Hand(store)


async def whole(store: Store, events: int) -> None:
    """There are so many events, one row for each, and the chain of positions has no gap."""
    assert [one.position for one in await store.log(0, 1000)] == list(range(1, events + 1))
    assert await store.count("refs") == await store.head() == events


def units(hand: Hand, count: int) -> list[Any]:
    start = len(hand.stands)
    names = [f"rep_{number}" for number in range(start, start + count)]
    return [hand.unit(name, Put("refs", ref(name, LONG))) for name in names]


@contextmanager
def failing(
    monkeypatch: pytest.MonkeyPatch, code: int, when: Callable[[str], bool], times: int = 1
) -> Iterator[list[str]]:
    """The next statements that `when` picks fail, as if the disk had."""
    raw: Any = connection._Raw
    seen: list[str] = []

    def fail(sql: str) -> None:
        if when(sql) and len(seen) < times:
            seen.append(sql)
            error = sqlite3.OperationalError("the disk says no")
            error.sqlite_errorcode = code
            raise error

    def execute(self: Any, sql: str, *values: Any) -> Any:
        fail(sql)
        return sqlite3.Connection.execute(self, sql, *values)

    many = raw.executemany

    def executemany(self: Any, sql: str, rows: Any) -> Any:
        fail(sql)
        return many(self, sql, rows)

    with monkeypatch.context() as patch:
        patch.setattr(raw, "execute", execute, raising=False)
        patch.setattr(raw, "executemany", executemany)
        yield seen


@pytest.mark.parametrize("statement", ["dedupe", "snapshots", "events", "head", "refs", "BEGIN"])
async def test_a_full_disk_while_writing_leaves_nothing_and_goes_on(
    store: SqliteStore, hand: Hand, monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    await hand.commit(*units(hand, 2))
    batch = [hand.unit("rep_8", Put("refs", ref("r8")), key=8), *units(hand, 3)]
    with (
        failing(monkeypatch, FULL, lambda sql: statement in sql) as seen,
        pytest.raises(StoreDown, match="is full") as caught,
    ):
        await hand.commit(*batch)
    assert seen
    assert not isinstance(caught.value, CommitUnknown)
    await whole(store, 2)
    await hand.commit(*batch)
    await whole(store, 6)


@pytest.mark.parametrize("by_itself", [False, True])
@pytest.mark.parametrize("code", [FULL, IOERR])
async def test_a_commit_that_fails_is_in_doubt_until_the_file_is_read_again(
    store: SqliteStore, hand: Hand, monkeypatch: pytest.MonkeyPatch, code: int, by_itself: bool
) -> None:
    await hand.commit(*units(hand, 2))
    batch = units(hand, 3)
    with failing(monkeypatch, code, lambda sql: sql == "COMMIT", times=9) as seen:
        for tries in (1, 2):
            with pytest.raises(CommitUnknown):
                await hand.commit(*batch)
            assert seen == ["COMMIT"] * tries, "the sync is never tried again"
    if not by_itself:
        await store.reopen()
    await whole(store, 2)
    await hand.commit(*batch)
    await whole(store, 5)


async def test_a_rollback_that_fails_is_in_doubt_too(
    store: SqliteStore, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hand.write("rep_a", Put("refs", ref("R-1")))
    bad = hand.unit("rep_b", Put("refs", ref("R-1"), new=True))
    with (
        failing(monkeypatch, IOERR, lambda sql: sql == "ROLLBACK"),
        pytest.raises(CommitUnknown),
    ):
        await store.commit([bad])
    await store.reopen()
    await whole(store, 1)


async def test_a_failure_in_unit_by_unit_leaves_nothing_of_any(
    store: SqliteStore, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hand.write("rep_a", Put("refs", ref("R-1")))
    bad = hand.unit("rep_b", Put("refs", ref("R-1"), new=True))
    batch = [*units(hand, 2), bad, *units(hand, 1)]
    with (
        failing(monkeypatch, FULL, lambda sql: sql.startswith("ROLLBACK TO")),
        pytest.raises(StoreDown),
    ):
        await store.commit(batch)
    await whole(store, 1)


@contextmanager
def no_larger_files(than: int) -> Iterator[None]:
    """The system refuses to let any file of this process grow beyond `than` bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (than, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_a_log_that_really_cannot_grow_is_survived(store: SqliteStore, hand: Hand) -> None:
    while len(hand.stands) < 30:
        await hand.commit(*units(hand, 10))
    size = store.path.with_name("muster.db-wal").stat().st_size
    with (
        no_larger_files(than=size + 4096),
        pytest.raises(CommitUnknown, match=r"disk reported an error|is full"),
    ):
        await hand.commit(*units(hand, 20))
    await store.reopen()
    await whole(store, 30)
    await hand.commit(*units(hand, 20))
    await whole(store, 50)


async def test_a_database_that_may_not_grow_says_that_the_disk_is_full(
    store: SqliteStore, hand: Hand
) -> None:
    await hand.commit(*units(hand, 5))
    pages = await store._open.one("PRAGMA page_count")
    await store._open.all(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StoreDown, match="is full"):
        await hand.commit(*units(hand, 20))
    await whole(store, 5)
    await store._open.all("PRAGMA max_page_count = 1000000")
    await hand.commit(*units(hand, 20))
    await whole(store, 25)


async def test_a_store_that_cannot_be_reopened_stays_down_until_it_can(
    store: SqliteStore, hand: Hand, monkeypatch: pytest.MonkeyPatch
) -> None:
    await hand.commit(*units(hand, 2))

    def ill(sql: str) -> bool:
        return "quick_check" in sql or sql == "COMMIT"

    with failing(monkeypatch, IOERR, ill, times=99):
        with pytest.raises(CommitUnknown):
            await hand.commit(*units(hand, 1))
        for attempt in (store.reopen, store.head, store.reopen, lambda: store.select("refs")):
            with pytest.raises(StoreDown):
                await attempt()
    await store.reopen()
    await whole(store, 2)


async def test_a_damaged_page_is_found_when_the_store_is_reopened(
    store: SqliteStore, hand: Hand
) -> None:
    """Also one that nothing would have read so soon."""
    await hand.commit(*units(hand, 50))
    page = await store._open.one("SELECT rootpage FROM sqlite_schema WHERE name = 'refs'")
    await store.close()
    with store.path.open("r+b") as file:
        file.seek(8192 * (page - 1))
        file.write(b"\xff" * 64)
    with pytest.raises(Damaged, match="Restore it from a backup"):
        await store.reopen()


async def test_a_cut_log_costs_only_what_stood_in_the_lost_part(
    store: SqliteStore, hand: Hand, tmp_path: Path
) -> None:
    """As after a power cut on a disk that lies: whole units up to some point, none after it."""
    for _ in range(20):
        await hand.commit(*units(hand, 1))
    cut = tmp_path / "cut"
    copy_cut(store.path, cut)
    again = await InFile(cut).store()
    kept = await again.head()
    assert 0 < kept < 20
    await whole(again, kept)
    fresh = Hand(again)
    await fresh.write("rep_new", Put("refs", ref("new")))
    await whole(again, kept + 1)
    await again.close()


def copy_cut(path: Path, folder: Path) -> None:
    """The files as they stand, the log without its last third."""
    folder.mkdir()
    (folder / path.name).write_bytes(path.read_bytes())
    log = path.with_name(f"{path.name}-wal").read_bytes()
    (folder / f"{path.name}-wal").write_bytes(log[: len(log) * 2 // 3])


async def test_text_that_is_none_any_more_is_shown_as_near_as_can_be(
    store: SqliteStore, hand: Hand
) -> None:
    await hand.commit(*units(hand, 3))
    await store._open.all("UPDATE events SET body = CAST(x'7bff7d' AS TEXT) WHERE position = 2")
    log = await store.log(0, 10)
    assert [one.row.body for one in log] == ['{"number":1}', "{\udcff}", '{"number":1}']
    assert (await store.log(2, 10))[0].row.body == '{"number":1}'
