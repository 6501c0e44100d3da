"""A process that writes and says so, to be killed: `python -m tests.store.writer FILE POINT NTH`.

It commits batches for ever, and prints a line for each once it is told that they are on disk.
At the NTH time that it passes POINT it kills itself, in the middle of whatever it does; what
opening the file passes is counted for the points that say so.
"""

import asyncio
import os
import signal
import sqlite3
import sys
from pathlib import Path
from typing import Any

from bot.store import connection
from bot.store.base import Committed, Index, Put
from bot.store.sqlite import SqliteStore
from tests.contract.kit import Hand, ref

POINTS = {
    "while writing": "INSERT INTO refs",
    "before commit": "COMMIT",
    "after commit": "COMMIT",
    "after the checkpoint": "PRAGMA wal_checkpoint(TRUNCATE)",
    "opening, before commit": "COMMIT",
    "opening, after commit": "COMMIT",
}


class Doomed:
    """Counts how often the point is passed, and ends the process in time."""

    def __init__(self, point: str, nth: int) -> None:
        self.point = point
        self.left = nth
        self.opened = point.startswith("opening")

    def pass_by(self, when: str, sql: str) -> None:
        if self.opened and self.point.endswith(when) and POINTS[self.point] in sql:
            self.left -= 1
            if self.left <= 0:
                os.kill(os.getpid(), signal.SIGKILL)


def doom(doomed: Doomed) -> None:
    raw: Any = connection._Raw
    many = raw.executemany

    def execute(self: Any, sql: str, *values: Any) -> Any:
        doomed.pass_by("before commit", sql)
        result = sqlite3.Connection.execute(self, sql, *values)
        doomed.pass_by("after commit", sql)
        doomed.pass_by("after the checkpoint", sql)
        return result

    def executemany(self: Any, sql: str, rows: Any) -> Any:
        result = many(self, sql, rows)
        doomed.pass_by("while writing", sql)
        return result

    raw.execute = execute
    raw.executemany = executemany


async def write(path: Path, doomed: Doomed) -> None:
    store = SqliteStore(path)
    await store.open()
    doomed.opened = True
    snapshots = await store.snapshots("", 1000)
    hand = Hand(store, {one.stream: (one.version, one.head) for one in snapshots})
    number = await store.head()
    while True:
        streams = [f"rep_{number + one:06}" for one in range(3)] + ["inc_busy"]
        units = []
        for stream in streams:
            number += 1
            words = Index(stream, "what", "sub", f"word{number} again")
            units.append(hand.unit(stream, Put("refs", ref(f"r{number}", "x" * 900)), words))
        for unit, outcome in zip(units, await hand.commit(*units), strict=True):
            assert isinstance(outcome, Committed)
            print(f"{outcome.position} {unit.stream}", flush=True)
        if number % 40 == 0 and "commit" not in doomed.point:
            await store.forget("sub_nobody")


if __name__ == "__main__":
    mine = Doomed(sys.argv[2], int(sys.argv[3]))
    doom(mine)
    asyncio.run(write(Path(sys.argv[1]), mine))
