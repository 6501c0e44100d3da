"""Keys are on disk before their first use, are gone when they are destroyed, and stay secret."""

import asyncio
import os
import random
import sqlite3
from collections.abc import AsyncIterator, Collection, Sequence
from pathlib import Path

import pytest

from bot.core.errors import Damaged, StoreDown, StoreRefused
from bot.core.ids import SubjectId
from bot.core.personal import Personal
from bot.store.codec import Codec
from bot.store.keyring import KeyFile
from bot.store.keys import Keys, Master, read_master
from tests.store.kit import MASTER

CHANCE = random.Random(5).randbytes


@pytest.fixture(params=["memory", "file"])
async def keys(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Keys]:
    master = Master(MASTER)
    made = Keys(master, CHANCE, 4)
    if request.param == "file":
        made = KeyFile(tmp_path / "keys.db", master, CHANCE, 4)
    await made.open()
    yield made
    await made.close()
    await made.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "keys.db"


async def opened(path: Path, master: bytes = MASTER) -> KeyFile:
    made = KeyFile(path, Master(master), CHANCE)
    await made.open()
    return made


def on_disk(path: Path) -> set[SubjectId]:
    """What another program finds in the file."""
    with sqlite3.connect(path) as raw:
        found = {row[0] for row in raw.execute("SELECT subject FROM keys")}
    raw.close()
    return found


def snapshot(path: Path) -> Path:
    """The file as a crash would leave it now."""
    copy = path.with_name("crashed.db")
    copy.write_bytes(path.read_bytes())
    return copy


async def nobody(subjects: Sequence[SubjectId]) -> Collection[SubjectId]:
    return []


async def test_a_key_seals_and_opens_and_is_gone_once_destroyed(keys: Keys) -> None:
    await keys.ensure(10)
    codec = Codec(keys, CHANCE)
    one, other = keys.mint(), keys.mint()
    token, kept = (codec.seal(Personal(subject, "words")) or "" for subject in (one, other))
    await keys.destroy([one])
    assert codec.open(one, token) is None
    assert codec.open(other, kept) == "words"
    assert keys.cipher(one) is keys.cipher("sub_unknown") is None
    await keys.destroy([one])
    await keys.destroy([])


async def test_ids_are_distinct_and_sort_by_age(keys: Keys) -> None:
    await keys.ensure(300)
    minted = [keys.mint() for _ in range(300)]
    assert minted == sorted(set(minted))


async def test_without_a_ready_key_nothing_is_minted(keys: Keys) -> None:
    with pytest.raises(StoreDown):
        keys.mint()
    await keys.ensure(1)
    keys.mint()


async def test_more_keys_than_are_kept_at_hand_are_found_all_the_same(keys: Keys) -> None:
    await keys.ensure(40)
    codec = Codec(keys, CHANCE)
    subjects = [keys.mint() for _ in range(40)]
    tokens = [codec.seal(Personal(subject, subject)) or "" for subject in subjects]
    for subject, token in zip(subjects, tokens, strict=True):
        assert codec.open(subject, token) == subject


async def test_every_minted_key_is_on_disk(path: Path) -> None:
    keys = await opened(path)
    await keys.ensure(5)
    assert {keys.mint() for _ in range(5)} <= on_disk(path)
    await keys.close()


async def test_keys_survive_and_ids_go_on_after_a_restart(path: Path) -> None:
    first = await opened(path)
    await first.ensure(3)
    old = [first.mint() for _ in range(3)]
    token = Codec(first, CHANCE).seal(Personal(old[0], "words")) or ""
    await first.close()
    again = await opened(path)
    await again.ensure(1)
    assert again.mint() > max(old)
    assert Codec(again, CHANCE).open(old[0], token) == "words"
    await again.close()


async def test_after_a_clean_stop_the_unused_rest_is_dropped_and_nothing_else(path: Path) -> None:
    first = await opened(path)
    await first.ensure(20)
    handed_out = {first.mint() for _ in range(7)}
    await first.close()
    again = await opened(path)
    unused = on_disk(path) - handed_out
    assert len(unused) > 200
    assert await again.sweep(nobody) == len(unused)
    assert on_disk(path) == handed_out
    await again.close()


async def test_after_a_crash_only_keys_that_stand_in_no_row_are_dropped(path: Path) -> None:
    first = await opened(path)
    await first.ensure(20)
    used = first.mint()
    lost = first.mint()
    copy = snapshot(path)
    await first.close()

    async def rows(subjects: Sequence[SubjectId]) -> Collection[SubjectId]:
        return {used} & set(subjects)

    again = await opened(copy)
    await again.ensure(5)
    fresh = again.mint()
    dropped = await again.sweep(rows)
    assert dropped > 200
    assert lost not in on_disk(copy)
    assert {used, fresh} <= on_disk(copy)
    assert Codec(again, CHANCE).seal(Personal(fresh, "works"))
    assert await again.sweep(rows) == 0
    await again.close()


async def test_nothing_of_a_destroyed_key_is_left_in_or_beside_the_file(path: Path) -> None:
    keys = await opened(path)
    rng = random.Random(1)
    wrapped: dict[SubjectId, bytes] = {}
    for _ in range(6):
        await keys.ensure(300)
        for _ in range(300):
            subject = keys.mint()
            wrapped[subject] = keys._read(subject) or b""
        doomed = rng.sample(sorted(wrapped), 100)
        assert all(traces(path, wrapped[one]) for one in doomed)
        await keys.destroy(doomed)
        assert not [one for one in doomed if traces(path, wrapped.pop(one))]
    assert all(keys.cipher(subject) for subject in wrapped)
    await keys.close()


def traces(path: Path, wrapped: bytes) -> list[str]:
    """The files beside `path` with any part of a wrapped key in them."""
    parts = [wrapped[at : at + 16] for at in (0, 20, 44)]
    files = {file.name: file.read_bytes() for file in path.parent.iterdir()}
    return [name for name, content in files.items() if any(part in content for part in parts)]


async def test_another_master_key_is_refused(path: Path) -> None:
    await (await opened(path)).close()
    with pytest.raises(StoreRefused, match="does not belong"):
        await opened(path, master=bytes(32))


async def test_a_damaged_key_is_named(path: Path) -> None:
    keys = await opened(path)
    await keys.ensure(1)
    subject = keys.mint()
    await keys.close()
    with sqlite3.connect(path) as raw:
        raw.execute("UPDATE keys SET wrapped = zeroblob(60) WHERE subject = ?", (subject,))
    raw.close()
    again = await opened(path)
    with pytest.raises(Damaged, match=subject):
        again.cipher(subject)
    await again.close()


@pytest.fixture
def nonsense(path: Path) -> Path:
    path.write_bytes(b"not a database at all, whatever it is called" * 100)
    return path


async def test_a_file_that_is_no_database_is_refused(nonsense: Path) -> None:
    with pytest.raises(StoreRefused, match="not a database"):
        await opened(nonsense)


async def test_keys_go_on_after_a_failed_write(path: Path) -> None:
    keys = await opened(path)
    await keys.ensure(1)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreDown, match="Another program"):
        await keys.ensure(5000)
    other.close()
    assert keys.cipher("sub_unknown") is None, "reading goes on"
    await keys.ensure(5000)
    assert keys.cipher(keys.mint())
    await keys.close()


async def test_reading_and_writing_wait_for_each_other(path: Path) -> None:
    keys = await opened(path)
    keys._cached = 2
    await keys.ensure(50)
    subjects = [keys.mint() for _ in range(50)]

    async def reader() -> None:
        while not writing.done():
            assert all(keys.cipher(subject) for subject in subjects)
            await asyncio.sleep(0)

    async def writer() -> None:
        for count in range(1000, 6000, 500):
            await keys.ensure(count)

    writing = asyncio.create_task(writer())
    await asyncio.gather(writing, reader())
    await keys.close()


async def test_closed_keys_say_so(path: Path) -> None:
    keys = await opened(path)
    await keys.close()
    with pytest.raises(StoreDown):
        keys.cipher("sub_x")


def test_a_master_key_is_made_once_and_read_again(tmp_path: Path) -> None:
    file = tmp_path / "master.key"
    first = read_master(file, fresh=True, chance=os.urandom)
    assert file.stat().st_mode & 0o777 == 0o600
    again = read_master(file, fresh=False, chance=os.urandom)
    assert first.derive("x") == again.derive("x") != again.derive("y")
    assert sorted(file.name for file in tmp_path.iterdir()) == ["master.key"]


def test_a_half_made_master_key_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "master.key.new").write_bytes(b"half")
    read_master(tmp_path / "master.key", fresh=True, chance=os.urandom)


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o644])
def test_a_master_key_that_others_may_read_is_refused(tmp_path: Path, mode: int) -> None:
    file = tmp_path / "master.key"
    read_master(file, fresh=True, chance=os.urandom)
    file.chmod(mode)
    with pytest.raises(StoreRefused, match="chmod 600"):
        read_master(file, fresh=False, chance=os.urandom)


def test_a_missing_or_damaged_master_key_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "master.key"
    with pytest.raises(StoreRefused, match="is missing"):
        read_master(file, fresh=False, chance=os.urandom)
    read_master(file, fresh=True, chance=os.urandom)
    file.write_bytes(b"short")
    with pytest.raises(StoreRefused, match="is damaged"):
        read_master(file, fresh=False, chance=os.urandom)


def test_a_master_key_has_one_length() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Master(b"short")
