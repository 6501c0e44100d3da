"""One SQLite connection on a thread of its own, through the public calls of aiosqlite."""

import asyncio
import contextlib
import logging
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import aiosqlite

from bot.core.errors import CommitUnknown, Damaged, MusterError, StoreDown, StoreRefused

CLOSED = "The store is closed."
Params = Sequence[Any]
Record = tuple[Any, ...]
Thing = TypeVar("Thing")

# At DEBUG the driver writes the values of every statement to the log.
logging.getLogger("aiosqlite").setLevel(logging.WARNING)


_SENTENCES: dict[int, tuple[type[MusterError], str]] = {
    sqlite3.SQLITE_FULL: (
        StoreDown,
        "The disk with {path} is full. Free some space there.",
    ),
    sqlite3.SQLITE_IOERR: (
        StoreDown,
        "The disk reported an error at {path} ({error}). Check the disk and the room on it.",
    ),
    sqlite3.SQLITE_BUSY: (
        StoreDown,
        "Another program is using {path}. Stop it, then try again.",
    ),
    sqlite3.SQLITE_NOTADB: (
        StoreRefused,
        "{path} is not a database of Muster. Move it away, or restore it from a backup.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        StoreRefused,
        "{path} cannot be opened. Give this user the right to read and write in that folder.",
    ),
    sqlite3.SQLITE_READONLY: (
        StoreRefused,
        "{path} cannot be written. Give this user the right to write in that folder.",
    ),
    sqlite3.SQLITE_CORRUPT: (
        Damaged,
        "{path} is damaged ({error}). Stop Muster, keep a copy, and restore it from a backup.",
    ),
}
_OTHER = (StoreDown, "The store could not do it ({error}).")


def trouble(error: Exception, path: Path) -> MusterError:
    """What `error` means, as a sentence that says what to do."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if "decode" in str(error):
        code = sqlite3.SQLITE_CORRUPT
    kind, sentence = _SENTENCES.get(code, _OTHER)
    return kind(sentence.format(path=path, error=error))


class InDoubt(Exception):
    """COMMIT or ROLLBACK failed: nobody knows what is on the disk."""


class Errand(Iterable[Params]):
    """A function to be carried out on the thread of a connection, with what came of it."""

    def __init__(self, work: Callable[[sqlite3.Connection], Any]) -> None:
        self.work = work
        self.result: Any = None

    def __iter__(self) -> Iterator[Params]:
        return iter(())


class _Raw(sqlite3.Connection):
    """The driver's connection, which also takes errands: one turn of the thread for many
    statements. Each turn costs more than most statements do.
    """

    def executemany(self, sql: str, parameters: Iterable[Any], /) -> sqlite3.Cursor:
        if not isinstance(parameters, Errand):
            return super().executemany(sql, parameters)
        parameters.result = parameters.work(self)
        return self.cursor()


class Connection:
    """An open database. Calls are carried out one after the other, in the order of asking."""

    def __init__(self, path: Path, database: aiosqlite.Connection) -> None:
        self._path = path
        self._database = database
        self._closed = False
        self._keeper = asyncio.create_task(self._stop_with_the_loop(), name=f"keep {path.name}")
        self.calls = 0

    @classmethod
    async def open(cls, path: Path, patience: float = 0.0) -> "Connection":
        """Open the file, which must exist; wait `patience` seconds for whoever has it locked.

        Raises StoreRefused or StoreDown.
        """
        address = f"file:{quote(str(path))}?mode=rw"
        try:
            # Tried here first: a failed opening leaves the driver's thread with a last word for
            # a loop that may be gone by then.
            sqlite3.connect(address, uri=True).close()
            database = await aiosqlite.connect(
                address, uri=True, isolation_level=None, timeout=patience, factory=_Raw
            )
        except sqlite3.Error as error:
            raise trouble(error, path) from error
        return cls(path, database)

    async def run(self, work: Callable[[sqlite3.Connection], Thing]) -> Thing:
        """Carry out `work` on the thread. Its errors come back as StoreDown and the like."""
        self.calls += 1
        errand = Errand(work)
        with self._translated():
            await self._database.executemany("", errand)
        result: Thing = errand.result
        return result

    async def all(self, sql: str, params: Params = ()) -> list[Record]:
        """Carry out one statement and fetch what it gives."""
        self.calls += 1
        with self._translated():
            rows: Iterable[Any] = await self._database.execute_fetchall(sql, params)
            return list(rows)

    async def one(self, sql: str, params: Params = ()) -> Any:
        """The first value of the first row, None without one."""
        rows = await self.all(sql, params)
        return rows[0][0] if rows else None

    async def close(self) -> None:
        """Close the file and end the thread, whatever state they are in. May be called twice."""
        self._closed = True
        self._keeper.cancel()
        with contextlib.suppress(sqlite3.Error, ValueError):
            await self._database.close()

    async def _stop_with_the_loop(self) -> None:
        """A program that ends without closing must not wait for the thread for ever."""
        try:
            await asyncio.get_running_loop().create_future()
        finally:
            stopped = None if self._closed else self._database.stop()
            if stopped is not None:
                await stopped

    @contextlib.contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except InDoubt as doubt:
            raise CommitUnknown(str(trouble(doubt.args[0], self._path))) from doubt
        except sqlite3.Error as error:
            raise trouble(error, self._path) from error
        except UnicodeError:
            raise
        except ValueError as closed:
            if self._closed:
                raise StoreDown(CLOSED) from closed
            raise


@contextlib.contextmanager
def transaction(raw: sqlite3.Connection) -> Iterator[None]:
    """All of it durable, or nothing. Raises InDoubt when that cannot be said."""
    raw.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        end(raw, "ROLLBACK")
        raise
    end(raw, "COMMIT")


def end(raw: sqlite3.Connection, how: str) -> None:
    """COMMIT or ROLLBACK, unless SQLite has undone the transaction by itself."""
    if how == "ROLLBACK" and not raw.in_transaction:
        return
    try:
        raw.execute(how)
    except sqlite3.Error as error:
        raise InDoubt(error) from error
