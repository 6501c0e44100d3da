"""Copies while running, plans of the hot questions, and how long anybody has to wait."""

import asyncio
import os
import sqlite3
import threading
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bot.core.errors import StoreRefused
from bot.store import statements as sql
from bot.store.base import Index, Put, Range
from bot.store.sqlite import SqliteStore
from tests.contract.kit import Hand, InFile, ref, timer


@pytest.fixture
async def store(tmp_path: Path) -> Any:
    opened = await InFile(tmp_path).store()
    yield opened
    await opened.close()


async def test_a_copy_made_beside_writers_is_whole(
    store: SqliteStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Half of the file is copied before the writers begin, the other half after they are done."""
    hand, half, written = Hand(store), asyncio.Event(), threading.Event()
    loop, read = asyncio.get_running_loop(), os.pread

    def pread(file: int, count: int, at: int) -> bytes:
        if at > 1_000_000:
            loop.call_soon_threadsafe(half.set)
            assert written.wait(20)
        return read(file, count, at)

    async def writer() -> None:
        await half.wait()
        for number in range(40):
            await hand.write(f"old_{number}", Put("refs", ref(f"old{number}", "y" * 3000)))
            await hand.write(f"new_{number}", Put("refs", ref(f"new{number}", "x" * 90_000)))
        written.set()

    for number in range(300):
        await hand.write(f"old_{number}", Put("refs", ref(f"old{number}", "x" * 3000)))
    before = await store.log(0, 10_000)
    refs = await store.select("refs", limit=1000)
    target = tmp_path / "copies" / "copy.db"
    await asyncio.to_thread(target.parent.mkdir)
    monkeypatch.setattr(os, "pread", pread)
    await asyncio.gather(store.backup(str(target)), writer())
    assert sound(target) == (0o600, ["copy.db"])
    copy = SqliteStore(target)
    await copy.open()
    assert await copy.log(0, 10_000) == before
    assert await copy.select("refs", limit=1000) == refs
    await copy.close()
    for _ in range(30):
        await hand.write("rep_after", Put("refs", ref("x", "y" * 9000)))
    assert await store._open.one("PRAGMA wal_autocheckpoint") > 0


def sound(path: Path) -> tuple[int, list[str]]:
    raw = sqlite3.connect(path)
    assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    raw.close()
    return path.stat().st_mode & 0o777, sorted(one.name for one in path.parent.iterdir())


async def test_a_copy_takes_the_place_of_the_one_before(store: SqliteStore, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    for number in range(2):
        await Hand(store).write(f"rep_{number}")
        await store.backup(str(target))
    copy = SqliteStore(target)
    await copy.open()
    assert await copy.head() == 2
    await copy.close()


async def test_a_copy_that_cannot_be_written_says_so_and_the_store_goes_on(
    store: SqliteStore,
) -> None:
    with pytest.raises(StoreRefused, match="cannot be made"):
        await store.backup("/proc/copy.db")
    await Hand(store).write("rep_a")
    await store.forget("sub_a")


async def test_copies_and_erasures_wait_for_each_other(store: SqliteStore, tmp_path: Path) -> None:
    await Hand(store).write("rep_a", Index("rep_a", "f", "sub_a", "water"))
    work = [store.forget("sub_a"), store.backup(str(tmp_path / "a.db")), store.forget("sub_b")]
    await asyncio.gather(*work, store.backup(str(tmp_path / "b.db")))
    assert await store.count("search") == 0


QUESTIONS: list[tuple[str, dict[str, Any], Range | None, str]] = [
    ("timers", {}, Range("due", below=5), "due"),
    ("timers", {}, None, "due"),
    ("outbox", {"kind": "do", "state": "waiting"}, None, "id"),
    ("outbox", {"state": "waiting"}, Range("due", below=5), "due"),
    ("outbox", {"state": "dead"}, None, "at"),
    ("outbox", {"state": "waiting", "target": "t"}, None, ""),
    ("reports", {"person": "p", "seat": "s"}, None, "report"),
    ("reports", {"incident": "i"}, Range("report", above="r"), "report"),
    ("reports", {"settled": 0, "lane": "new"}, None, "touched_at"),
    ("incidents", {"ended": 0}, None, "touched_at"),
    ("tasks", {"status": "open"}, None, "touched_at"),
    ("subscriptions", {"scope": "all"}, Range("person", above="p"), "person"),
    ("mailbox", {"seat": "s"}, Range("id", above=5), "id"),
    ("quarantine", {"state": "waiting"}, None, "at"),
    ("sessions", {"person": "p"}, None, ""),
    ("checkpoints", {}, None, "number"),
]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize(("table", "where", "within", "order"), QUESTIONS)
async def test_hot_questions_are_answered_from_an_index_without_sorting(
    store: SqliteStore,
    table: str,
    where: dict[str, Any],
    within: Range | None,
    order: str,
    descending: bool,
) -> None:
    statement, values = sql.select(table, where, within, order, descending)
    plan = await store._open.all(f"EXPLAIN QUERY PLAN {statement}", [*values, 10])
    steps = " / ".join(row[3] for row in plan)
    assert "TEMP B-TREE" not in steps, steps
    assert "USING" in steps or steps == f"SCAN {table}", steps


@pytest.mark.parametrize(
    "statement", [sql.EVENTS_OF, sql.LOG, sql.SNAPSHOTS, sql.NEXT_SNAPSHOT, sql.BLANK, sql.NEWEST]
)
async def test_the_log_is_read_by_its_keys(store: SqliteStore, statement: str) -> None:
    values = [1] * statement.count("?")
    plan = await store._open.all(f"EXPLAIN QUERY PLAN {statement}", values)
    steps = [row[3] for row in plan]
    assert not [one for one in steps if "TEMP B-TREE" in one or one == "SCAN events"], steps


async def test_nobody_waits_long_beside_long_reads(store: SqliteStore) -> None:
    """Measured in turns, which are the same on every computer: between any two parts of a long
    answer there is room for others."""
    rows = [Put("timers", {**timer("rep_a", str(n), n), "command": "x" * 500}) for n in range(4000)]
    await store.write(rows)
    before = store.calls
    reading = asyncio.create_task(store.select("timers", order="due", limit=4000))
    await asyncio.sleep(0)
    turns = []
    while not reading.done():
        await store.count("refs")
        turns.append(store.calls - before)
    assert len(await reading) == 4000
    assert len(turns) > 10
    assert max(b - a for a, b in pairwise(turns)) <= 3


async def test_a_commit_wakes_the_thread_once_whatever_is_in_it(store: SqliteStore) -> None:
    hand = Hand(store)
    units = [hand.unit(f"rep_{n}", Put("timers", timer("t", str(n), n)), key=n) for n in range(64)]
    before = (store.calls, store.commits)
    await hand.commit(*units)
    assert (store.calls, store.commits) == (before[0] + 1, before[1] + 1)
    before = (store.calls, store.commits)
    await store.load(list(range(64)), ["a"], ["rep_1", "rep_2"])
    assert (store.calls, store.commits) == (before[0] + 1, before[1])


async def test_words_are_found_after_any_number_of_people_were_forgotten(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without building it anew the index of words grows with every person until it breaks."""
    monkeypatch.setattr("bot.store.sqlite.upkeep.SHAPE_MOST", 40)
    many = [Index("rep_many", f"n{one}", "sub_many", f"w{one} here") for one in range(3_000)]
    await store.write(many)
    connection, sizes = await store._ready(), []
    for number in range(60):
        await store.write(
            [
                Index(f"rep_{number}", "what", f"sub_{number}", f"fire in hall {number}"),
                Index("rep_kept", f"note{number}", "sub_kept", f"kept {number}"),
            ]
        )
        await store.forget(f"sub_{number}")
        sizes.append(await connection.one(sql.SHAPE_OF_WORDS))
    assert max(sizes) < 60
    assert await store.search("fire", 10) == []
    assert len(await store.search("kept", 100)) == 60
    assert (await store.search("kept 59", 10))[0]["field"] == "note59"
    await connection.all("INSERT INTO words (words) VALUES ('integrity-check')")
