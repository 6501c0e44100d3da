"""After an erasure nothing of it is in any file: no ciphertext, no key, no word."""

import asyncio
import random
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.core import report_words as w
from bot.core.ids import SubjectId
from bot.core.personal import Personal
from bot.store import gaps
from bot.store.base import GENESIS, Blank, Committed, EventRow, Index, Op, Patch, Put, Unit
from bot.store.chain import link
from bot.store.codec import Codec
from bot.store.folder import DataFolder
from bot.store.keyring import KeyFile
from bot.store.sqlite import SqliteStore
from tests.contract.kit import message

PEOPLE = 40


class House:
    """A folder in which people say things, change them, and are erased."""

    def __init__(self, path: Path, seed: int) -> None:
        self.path = path
        self.chance = random.Random(seed)
        self.stands: dict[str, tuple[int, bytes]] = {}
        self.rows: dict[SubjectId, list[tuple[int, str, str]]] = {}

    async def open(self) -> None:
        self.folder = DataFolder(self.path)
        self.folder.open()
        self.keys = await self.folder.open_keys(self.chance.randbytes)
        self.codec = Codec(self.keys, self.chance.randbytes)
        self.store = SqliteStore(self.folder.database)
        await self.store.open()

    async def close(self) -> None:
        await self.store.close()
        await self.keys.close()
        self.folder.close()

    async def say(self, about: SubjectId) -> None:
        """One message, long or short: event, snapshot, outbox row, search words."""
        words = " ".join(f"w{self.chance.randrange(4000)}" for _ in range(self.length()))
        event = w.MessageReceived(number=1, words=Personal(about, f"{words} {canary(about)}"))
        body, sealed = self.codec.encode_event(event)
        assert sealed
        said = self.rows.setdefault(about, [])
        state = "".join(one[2] for one in said[-3:]) + sealed
        row = message(about, subject=about, body=sealed)
        ops: list[Op] = [Put("outbox", row)]
        ops.append(Index(about, f"m{len(said)}", about, f"{words} {canary(about)}"))
        position = await self.append(about, body, sealed, state, ops)
        said.append((position, body, sealed))
        if self.chance.random() < 0.5:
            change = {"state": "delivered", "body": sealed * 2}
            await self.store.write([Patch("outbox", {"target": about}, change)])

    def length(self) -> int:
        return self.chance.choice([1, 8, 60, 700])

    async def append(
        self, stream: str, body: str, sealed: str | None, state: str, ops: Sequence[Op]
    ) -> int:
        version, head = self.stands.get(stream, (0, GENESIS))
        row = EventRow(stream, version + 1, "said", 1, 1, None, None, "c", body, sealed)
        unit = Unit(stream, version, head, (row,), 1, state, None, tuple(ops))
        (outcome,) = await self.store.commit([unit])
        assert isinstance(outcome, Committed)
        self.stands[stream] = (version + 1, outcome.head)
        return outcome.position

    async def erase(self, about: SubjectId) -> None:
        blanks = [
            Blank(position, self.codec.blank(sealed, body, about))
            for position, body, sealed in self.rows[about]
        ]
        await self.append(about, '{"erased":true}', None, "{}", blanks)
        await self.store.forget(about)
        await self.keys.destroy([about])

    def secrets(self, about: SubjectId) -> dict[str, bytes]:
        """Everything of a person that must not be found: parts, as moving may cut in between."""
        assert isinstance(self.keys, KeyFile)
        wrapped = self.keys._read(about) or b""
        found = {f"key {at}": wrapped[at : at + 16] for at in (0, 20, 44)}
        found["words"] = canary(about).encode()
        for number, (_, _, sealed) in enumerate(self.rows[about]):
            for at in range(2, len(sealed) - 26, max(24, len(sealed) // 6)):
                found[f"token {number} {at}"] = sealed[at : at + 24].encode()
        return found

    def traces(self, secrets: Mapping[str, bytes]) -> set[tuple[str, str]]:
        """Where any of them is in clear sight: (what, file)."""
        files = {one.name: one.read_bytes() for one in self.path.iterdir() if one.is_file()}
        return {
            (what, name)
            for name, content in files.items()
            for what, secret in secrets.items()
            if secret in content
        }


def canary(about: SubjectId) -> str:
    return f"canary{about[4:].lower()}"


@pytest.mark.parametrize("seed", range(3))
async def test_nothing_of_an_erased_person_is_left_in_any_file(tmp_path: Path, seed: int) -> None:
    """Rows of all sizes grow, move and change, since it is moving that leaves copies behind."""
    house = House(tmp_path / "data", seed)
    await house.open()
    await house.keys.ensure(PEOPLE)
    people = [house.keys.mint() for _ in range(PEOPLE)]
    for _ in range(PEOPLE * 5):
        await house.say(house.chance.choice(people))
    known = sorted(house.rows)
    erased = {about: house.secrets(about) for about in house.chance.sample(known, len(known) // 2)}
    for about, secrets in erased.items():
        assert {what for what, _ in house.traces(secrets)} == set(secrets), "all is there before"
        await house.erase(about)
        if house.chance.random() < 0.3:
            await house.say(house.chance.choice([one for one in known if one not in erased]))
    everything = {
        f"{about} {what}": s for about, all_ in erased.items() for what, s in all_.items()
    }
    assert house.traces(everything) == set()
    await sound(house, set(erased))
    await house.close()
    assert house.traces(everything) == set()
    await house.open()
    await sound(house, set(erased))
    await house.close()


async def sound(house: House, erased: set[SubjectId]) -> None:
    """The chain holds, the file is whole, and everybody else can be read as before."""
    assert await house.store._open.one("PRAGMA integrity_check") == "ok"
    for about, said in house.rows.items():
        head = GENESIS
        for one in await house.store.events(about, 0, 1000):
            head = link(head, one.position, one.row)
            assert one.hash == head
            through = {about: len(said)} if about in erased else {}
            assert house.codec.check(one.row, through) is None
        found = {row["stream"] for row in await house.store.search(canary(about), 100)}
        assert found == (set() if about in erased else {about})


def test_gaps_are_cleared_and_rows_are_not(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    raw = sqlite3.connect(path, isolation_level=None)
    raw.execute("PRAGMA secure_delete = ON")
    raw.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)")
    raw.execute("CREATE INDEX i ON t (a)")
    raw.execute("BEGIN")
    chance = random.Random(2)
    for number in range(2000):
        words = "x" * chance.choice([5, 50, 900, 6000]) + str(number)
        raw.execute("INSERT INTO t (a) VALUES (?)", (words,))
        raw.execute("DELETE FROM t WHERE id = ?", (chance.randrange(1, number + 2),))
    raw.execute("COMMIT")
    rows = raw.execute("SELECT * FROM t").fetchall()
    raw.close()
    dirty = everywhere(path)
    assert len(dirty) > 10
    with path.open("r+b") as file:
        gaps.clear(file.fileno(), gaps.page_size(file.fileno()), dirty)
    assert everywhere(path) == []
    raw = sqlite3.connect(path)
    assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert raw.execute("SELECT * FROM t").fetchall() == rows
    raw.close()


REST = b"what was here before"


def leave(path: Path) -> int:
    """Put something into the gaps of a closed database, as moving rows do; into how many."""
    left = 0
    with path.open("r+b") as file:
        size = gaps.page_size(file.fileno())
        for number in range(1, file.seek(0, 2) // size + 1):
            file.seek(size * (number - 1))
            begin, end = gaps._gap(file.read(size), number) or (0, 0)
            if end - begin > len(REST):
                file.seek(size * (number - 1) + end - len(REST))
                file.write(REST)
                left += 1
    return left


def rests(folder: Path) -> dict[str, int]:
    counts = {one.name: one.read_bytes().count(REST) for one in folder.iterdir() if one.is_file()}
    return {name: count for name, count in counts.items() if count}


async def test_what_was_left_in_gaps_is_gone_and_does_not_come_back_from_memory(
    tmp_path: Path,
) -> None:
    house = House(tmp_path / "data", 1)
    await house.open()
    await house.keys.ensure(300)
    people = [house.keys.mint() for _ in range(20)]
    for about in people * 3:
        await house.say(about)
    await house.close()
    assert leave(house.folder.database) > 5
    assert leave(house.folder.keys) > 2
    await house.open()
    assert all(house.keys.cipher(about) for about in people)
    await house.store.write([Patch("outbox", {"state": "waiting"}, {"tries": 1})])
    assert set(rests(house.path)) == {"keys.db", "muster.db", "muster.db-wal"}
    await house.erase(people[0])
    assert rests(house.path) == {}
    # Every page is written anew, from memory as far as it was still there.
    await house.store.write([Patch("outbox", {"state": "waiting"}, {"tries": 2})])
    await house.store.write([Patch("outbox", {"state": "delivered"}, {"tries": 2})])
    for about in people[1:]:
        await house.say(about)
    await house.keys.ensure(600)
    await house.close()
    assert rests(house.path) == {}


async def test_what_is_written_during_the_clearing_brings_nothing_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = House(tmp_path / "data", 1)
    await house.open()
    await house.keys.ensure(300)
    people = [house.keys.mint() for _ in range(20)]
    for about in people * 3:
        await house.say(about)
    await house.close()
    leave(house.folder.database)
    await house.open()
    loop, look, looks = asyncio.get_running_loop(), gaps.uncleared, []

    def uncleared(*asked: int) -> list[int]:
        found = look(*asked)
        touch = [Patch("outbox", {"state": one}, {"tries": 7}) for one in ("waiting", "delivered")]
        asyncio.run_coroutine_threadsafe(house.store.write(touch), loop).result(20)
        looks.append(len(found))
        return found

    with monkeypatch.context() as patch:
        patch.setattr(gaps, "uncleared", uncleared)
        await house.store.forget(people[0])
    assert max(looks) > 5
    await house.close()
    assert rests(house.path) == {}


def everywhere(path: Path) -> list[int]:
    with path.open("rb") as file:
        size = gaps.page_size(file.fileno())
        parts: list[Any] = [
            gaps.uncleared(file.fileno(), size, first, count)
            for first, count in gaps.blocks(file.fileno(), size, 7)
        ]
    return [number for part in parts for number in part]


@pytest.mark.parametrize(
    "page", [b"", b"\x0d", b"\x0d" + b"\xff" * 4095, b"\x05" * 4096, bytes(4096)]
)
def test_a_page_that_is_none_is_left_alone(page: bytes) -> None:
    assert gaps._gap(page, 2) is None
