"""Numbered migrations: each once, in order, whole or not at all, and never changed afterwards."""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib import resources
from pathlib import Path

from bot.core.errors import StoreRefused
from bot.store.connection import Connection, transaction

TABLE = (
    "CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT NOT NULL,"
    " checksum TEXT NOT NULL) STRICT"
)
KEEP = "INSERT INTO migrations (number, name, checksum) VALUES (?, ?, ?)"


@dataclass(frozen=True, slots=True)
class Migration:
    """A step from one shape of the database to the next; `number` counts from 1."""

    number: int
    name: str
    sql: str

    @property
    def checksum(self) -> str:
        """Tells a changed text from the one that was carried out."""
        return sha256(self.sql.encode()).hexdigest()


def migrations(kind: str) -> tuple[Migration, ...]:
    """Every step for this kind of database, in order. Raises ValueError when one is missing."""
    found = []
    folder = resources.files("bot.store").joinpath("migrations", kind)
    for one in sorted(folder.iterdir(), key=lambda file: file.name):
        name = re.fullmatch(r"(\d{4})_\w+\.sql", one.name)
        if name:
            found.append(Migration(int(name[1]), one.name, one.read_text(encoding="utf-8")))
    if [one.number for one in found] != list(range(1, len(found) + 1)):
        raise ValueError("migrations must be numbered without a gap")
    return tuple(found)


async def migrate(connection: Connection, path: Path, steps: Sequence[Migration]) -> None:
    """Bring the database to the newest step.

    Raises StoreRefused when it is newer than these steps or one of them was changed since.
    """
    done = int(await connection.one("PRAGMA user_version") or 0)
    if done > len(steps):
        raise StoreRefused(
            f"{path} was written by a newer Muster (step {done}; this one knows {len(steps)}). "
            "Start that version or a newer one."
        )
    if done:
        await _unchanged(connection, path, steps[:done])
    for step in steps[done:]:
        await _apply(connection, step)


async def _unchanged(connection: Connection, path: Path, steps: Sequence[Migration]) -> None:
    rows = await connection.all("SELECT number, checksum FROM migrations")
    kept = {row[0]: row[1] for row in rows}
    for step in steps:
        if kept.get(step.number) != step.checksum:
            raise StoreRefused(
                f"{path} was prepared with another text of {step.name}. Use the Muster that made "
                "it, or restore a backup."
            )


async def _apply(connection: Connection, step: Migration) -> None:
    def work(raw: sqlite3.Connection) -> None:
        with transaction(raw):
            raw.execute(TABLE)
            for statement in _statements(step.sql):
                raw.execute(statement)
            raw.execute(KEEP, (step.number, step.name, step.checksum))
            raw.execute(f"PRAGMA user_version = {step.number}")

    await connection.run(work)


def _statements(text: str) -> Iterator[str]:
    """The statements of a script, one by one: the driver's own way would commit in front."""
    statement = ""
    for line in text.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        raise ValueError("the last statement of a migration has no end")
