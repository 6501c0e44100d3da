"""The SQLite store without its thread, so that one seed gives one history."""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from bot.store.connection import Connection, Params, Record
from bot.store.sqlite.setup import prepare
from bot.store.sqlite.store import SqliteStore

Thing = TypeVar("Thing")


class InlineConnection(Connection):
    """Everything happens in the call itself."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._closed = False
        self.calls = 0
        self.raw = sqlite3.connect(path, isolation_level=None, timeout=0.0)

    async def run(self, work: Callable[[sqlite3.Connection], Thing]) -> Thing:
        self.calls += 1
        with self._translated():
            return work(self.raw)

    async def all(self, sql: str, params: Params = ()) -> list[Record]:
        self.calls += 1
        with self._translated():
            rows: list[Any] = self.raw.execute(sql, params).fetchall()
            return rows

    async def close(self) -> None:
        self._closed = True
        self.raw.close()


class InlineStore(SqliteStore):
    """The real store on such a connection."""

    async def _connect(self) -> Connection:
        connection = InlineConnection(self.path)
        try:
            await prepare(connection, self.path)
        except BaseException:
            await connection.close()
            raise
        return connection
