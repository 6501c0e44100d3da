"""What must be right before a database is used, and what is said when it is not."""

import asyncio
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.errors import StoreRefused
from bot.store.base import Put
from bot.store.migrate import migrations
from bot.store.sqlite import SqliteStore
from bot.store.tables import TABLES
from tests.contract.kit import Hand, InFile, ref


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "muster.db"


def change(path: Path, *statements: str) -> None:
    """What somebody does to the file with another program."""
    raw = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        raw.execute(statement)
    raw.close()


async def made(path: Path) -> None:
    """A database with one event in it, closed."""
    store = await InFile(path.parent).store()
    await Hand(store).write("rep_a", Put("refs", ref("R-1")))
    await store.close()


async def refused(path: Path, sentence: str) -> None:
    with pytest.raises(StoreRefused, match=sentence):
        await SqliteStore(path).open()


async def test_a_fresh_file_is_private_and_set_as_it_must_be(path: Path) -> None:
    store = SqliteStore(path)
    await store.open()
    assert mode(path) == mode(path.with_name("muster.db-wal")) == 0o600
    settings = {
        name: await store._open.one(f"PRAGMA {name}")
        for name in ("journal_mode", "synchronous", "locking_mode", "secure_delete")
    }
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "locking_mode": "exclusive",
        "secure_delete": 1,
    }
    assert not path.with_name("muster.db-shm").exists()
    await store.close()


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


async def test_migrations_make_every_table_as_the_spec_says(path: Path) -> None:
    store = SqliteStore(path)
    await store.open()
    for table in TABLES.values():
        columns = await store._open.all(f"PRAGMA table_info({table.name})")
        assert {row[1] for row in columns} == set(table.columns), table.name
        keys = sorted((row[5], row[1]) for row in columns if row[5])
        assert tuple(name for _, name in keys) == table.key, table.name
        unique = await once(store, table.name, table.key)
        assert unique == {column for column, _ in table.unique}, table.name
    await store.close()


async def once(store: SqliteStore, table: str, key: tuple[str, ...]) -> set[str]:
    """The columns beside the key that hold a value only once."""
    found = set()
    for index in await store._open.all(f"PRAGMA index_list({table})"):
        columns = [row[2] for row in await store._open.all(f"PRAGMA index_info({index[1]})")]
        if index[2] and tuple(columns) != key and table != "search":
            found.update(columns)
    return found


async def test_every_subject_can_be_found_by_an_index(path: Path) -> None:
    store = SqliteStore(path)
    await store.open()
    for table in TABLES.values():
        if table.subject:
            asked = f"EXPLAIN QUERY PLAN SELECT 1 FROM {table.name} WHERE subject = ?"
            plan = await store._open.all(asked, ("s",))
            assert "USING" in plan[0][3], (table.name, plan)
    await store.close()


async def test_another_program_s_database_is_refused_and_not_touched(path: Path) -> None:
    change(path, "CREATE TABLE theirs (a)", "INSERT INTO theirs VALUES (1)")
    before = content(path)
    await refused(path, "belongs to another program")
    assert content(path) == before
    change(path, "PRAGMA application_id = 77")
    await refused(path, "belongs to another program")


def content(path: Path) -> bytes:
    return path.read_bytes()


async def test_a_newer_database_is_refused(path: Path) -> None:
    await made(path)
    change(path, "PRAGMA user_version = 999")
    await refused(path, "newer Muster")


async def test_a_migration_that_was_changed_afterwards_is_refused(path: Path) -> None:
    await made(path)
    steps = migrations("sqlite")
    other = [replace(steps[0], sql=steps[0].sql + "-- changed"), *steps[1:]]
    with pytest.raises(StoreRefused, match="another text of 0001_first"):
        await SqliteStore(path, other).open()


async def test_a_migration_that_fails_halfway_leaves_nothing_of_itself(path: Path) -> None:
    await made(path)
    steps = migrations("sqlite")
    number = len(steps) + 1
    half = replace(
        steps[-1],
        number=number,
        name="half",
        sql="CREATE TABLE half (a);\nDROP TABLE refs;\nINSERT INTO nowhere VALUES (1);",
    )
    with pytest.raises(StoreRefused):
        await SqliteStore(path, [*steps, half]).open()
    whole = replace(half, sql="CREATE TABLE whole (a) STRICT;".replace("(a)", "(a TEXT)"))
    store = SqliteStore(path, [*steps, whole])
    await store.open()
    assert await store.select("refs") == [ref("R-1")]
    assert await store._open.one("PRAGMA user_version") == number
    assert await store._open.one("SELECT count(*) FROM sqlite_schema WHERE name = 'half'") == 0
    await store.close()


def test_migrations_are_numbered_without_a_gap() -> None:
    assert [one.number for one in migrations("sqlite")][:1] == [1]
    assert [one.number for one in migrations("keys")] == [1]


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda whole: b"no database, only words " * 500, "not a database"),
        (lambda whole: whole[:100] + b"\xff" * (len(whole) - 100), "damaged|malformed"),
        (lambda whole: whole[:5000], "damaged|malformed|not a database"),
    ],
    ids=["other", "overwritten", "cut"],
)
async def test_a_ruined_file_is_refused(
    path: Path, damage: Callable[[bytes], bytes], sentence: str
) -> None:
    await made(path)
    write(path, damage(content(path)))
    await refused(path, sentence)


def write(path: Path, whole: bytes) -> None:
    path.write_bytes(whole)


async def test_a_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    await refused(tmp_path, "cannot be opened|could not")


async def test_a_place_where_nothing_can_be_written_is_refused() -> None:
    await refused(Path("/proc/muster.db"), "cannot be made")


HOLD = """
import asyncio, sys
from pathlib import Path
from bot.store.sqlite import SqliteStore
async def main():
    store = SqliteStore(Path(sys.argv[1]))
    await store.open()
    print("held", flush=True)
    await asyncio.to_thread(sys.stdin.read)
asyncio.run(main())
"""


async def test_a_database_that_another_process_has_open_is_refused(path: Path) -> None:
    with holder(path) as first:
        await refused(path, "Another program is using")
        first.communicate(b"")
    assert first.returncode == 0, "it ended by itself, though nothing was closed"
    await made(path)


def holder(path: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", HOLD, str(path)]
    first = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert first.stdout
    assert first.stdout.readline() == b"held\n"
    return first


async def test_a_second_open_in_the_same_process_is_refused(path: Path) -> None:
    store = SqliteStore(path)
    await store.open()
    await refused(path, "Another program is using")
    await Hand(store).write("rep_a")
    await store.close()


async def test_nothing_is_left_running_after_a_refusal(path: Path) -> None:
    change(path, "CREATE TABLE theirs (a)")
    await refused(path, "belongs to another program")
    await asyncio.sleep(0)
    assert [task.get_name() for task in asyncio.all_tasks() if "keep" in task.get_name()] == []
