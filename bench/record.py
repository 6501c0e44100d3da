"""What a run really sent to the database, and the same again through one plain sqlite3 thread."""

import shutil
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.store.batch import Run
from bot.store.sqlite import transactions as batches

Statement = tuple[str, list[Sequence[Any]]]


@dataclass(slots=True)
class Tape:
    """Batches of statements with their rows, in order."""

    batches: list[list[Statement]] = field(default_factory=list)

    @property
    def statements(self) -> int:
        """Rows given to statements: what the database had to carry out."""
        return sum(len(rows) for batch in self.batches for _, rows in batch)


@contextmanager
def recorded() -> Iterator[Tape]:
    """Note every run that the store carries out meanwhile."""
    tape = Tape()
    real = batches._carry_out

    def noting(runs: Sequence[Run], raw: sqlite3.Connection) -> None:
        tape.batches.append([(sql, list(rows)) for run in runs for sql, rows in run.statements()])
        real(runs, raw)

    batches._carry_out = noting
    try:
        yield tape
    finally:
        batches._carry_out = real


def keep(database: Path, folder: Path) -> Path:
    """A copy of the database as it is now (nothing is being written), to replay upon."""
    copy = folder / "replay.db"
    for suffix in ("", "-wal"):
        copy.with_name(copy.name + suffix).unlink(missing_ok=True)
        source = database.with_name(database.name + suffix)
        if source.exists():
            shutil.copyfile(source, copy.with_name(copy.name + suffix))
    return copy


def replay(copy: Path, tape: Tape) -> float:
    """Seconds that one plain sqlite3 connection takes for the same rows in the same batches."""
    connection = sqlite3.connect(copy, isolation_level=None, cached_statements=256)
    try:
        for pragma in (
            "locking_mode=EXCLUSIVE",
            "journal_mode=WAL",
            "synchronous=FULL",
            "secure_delete=ON",
            "cache_size=-65536",
        ):
            connection.execute(f"PRAGMA {pragma}")
        began = time.perf_counter()
        for batch in tape.batches:
            connection.execute("BEGIN IMMEDIATE")
            for statement, rows in batch:
                connection.executemany(statement, rows)
            connection.execute("COMMIT")
        return time.perf_counter() - began
    finally:
        connection.close()
