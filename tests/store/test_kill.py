"""kill -9 at any point: what was said to be on disk is there, the rest is whole or not at all."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from bot.store.base import GENESIS, Store
from bot.store.chain import link
from tests.contract.kit import InFile
from tests.store.writer import POINTS
from tests.tidy import ROOT

NEVER = "never"


def run(path: Path, point: str, nth: int, lines: int = 0) -> list[tuple[int, str]]:
    """What a writer said before it was killed: by itself, or after so many lines."""
    command = [sys.executable, "-m", "tests.store.writer", str(path), point, str(nth)]
    said = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, text=True) as writer:
        assert writer.stdout
        for line in writer.stdout:
            if not line.endswith("\n"):
                break
            position, stream = line.split()
            said.append((int(position), stream))
            if lines and len(said) >= lines:
                writer.kill()
                break
    assert writer.returncode == -9
    return said


async def check(store: Store, said: list[tuple[int, str]], before: int) -> int:
    """Everything that was said is there, in whole batches, chained, with all that belongs to it."""
    log = await store.log(0, 100_000)
    assert [one.position for one in log] == list(range(1, len(log) + 1))
    assert len(log) % 4 == 0, "a batch is whole"
    assert len(log) == await store.head()
    assert len(log) >= before + len(said)
    streams = {one.position: one.row.stream for one in log}
    assert all(streams[position] == stream for position, stream in said)
    heads: dict[str, tuple[int, bytes]] = {}
    for one in log:
        version, head = heads.get(one.row.stream, (0, GENESIS))
        assert one.row.version == version + 1
        assert one.hash == link(head, one.position, one.row)
        heads[one.row.stream] = (one.row.version, one.hash)
    snapshots = await store.snapshots("", 100_000)
    assert {one.stream: (one.version, one.head) for one in snapshots} == heads
    assert await store.count("refs") == len(log)
    assert len(await store.search("again", 100_000)) == len(heads)
    return len(log)


@pytest.mark.parametrize("nth", [1, 2, 7])
@pytest.mark.parametrize("point", POINTS)
async def test_killed_at_a_named_point(tmp_path: Path, point: str, nth: int) -> None:
    """Twice, so that what a crash leaves behind is itself crashed upon."""
    place, kept = InFile(tmp_path), 0
    for _ in range(2):
        said = run(place.path, point, nth)
        store = await place.store()
        before, kept = kept, await check(store, said, kept)
        unsaid = kept - before - len(said)
        if point in UNSAID:
            assert unsaid == UNSAID[point]
        await store.close()


# How many events stand on the disk that nobody was told of.
UNSAID = {"while writing": 0, "before commit": 0, "after commit": 4}


async def test_killed_at_random_ten_times(tmp_path: Path) -> None:
    place, kept = InFile(tmp_path), 0
    chance = random.Random(4)
    for _ in range(10):
        said = run(place.path, NEVER, 0, lines=chance.randrange(1, 200))
        store = await place.store()
        kept = await check(store, said, kept)
        await store.close()
    assert kept > 100
