"""Named points in the life of a command at which the process kills itself, once one is lit.

They are set around the house from outside; nothing in `bot` knows of them.
"""

import asyncio
import os
import signal
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

from starlette.types import ASGIApp, Receive, Scope, Send

from bot.commands import serve
from bot.pages.app import build_app
from bot.pages.house import House
from bot.store import connection
from bot.store.base import Op, Outcome, Put, Unit
from bot.store.sqlite import transactions
from bot.store.sqlite.store import SqliteStore

BEFORE_ROWS = "before its rows are sent to the database"
BEFORE_COMMIT = "before commit"
BEFORE_ANSWER = "between commit and answer"
BEFORE_SEND = "between answer and send"
AFTER_SEND = "after the send"
POINTS = (BEFORE_ROWS, BEFORE_COMMIT, BEFORE_ANSWER, BEFORE_SEND, AFTER_SEND)


class Fuse:
    """Burns down at one point: the `left`th time that it is passed, the process is killed."""

    def __init__(self) -> None:
        self.point = ""
        self.left = 0
        self.answered = asyncio.Event()

    def light(self, point: str, count: int) -> None:
        """From now on; the empty point puts it out."""
        self.point, self.left = point, count
        self.answered.clear()

    def passes(self, point: str) -> None:
        """The process is at `point`."""
        if point == self.point:
            self.left -= 1
            if not self.left:
                os.kill(os.getpid(), signal.SIGKILL)


@contextmanager
def laid(fuse: Fuse) -> Iterator[None]:
    """The fuse lies at all points."""
    commit, write = SqliteStore.commit, SqliteStore.write

    async def committed(self: SqliteStore, units: Sequence[Unit]) -> list[Outcome]:
        fuse.passes(BEFORE_ROWS)
        outcomes = await commit(self, units)
        fuse.passes(BEFORE_ANSWER)
        return outcomes

    async def written(self: SqliteStore, ops: Sequence[Op]) -> None:
        sends = any(isinstance(op, Put) and op.table == "mailbox" for op in ops)
        if sends and fuse.point == BEFORE_SEND:
            await fuse.answered.wait()
            fuse.passes(BEFORE_SEND)
        await write(self, ops)
        if sends:
            fuse.passes(AFTER_SEND)

    with ExitStack() as all_of_them:
        for owner, name, instead in (
            (SqliteStore, "commit", committed),
            (SqliteStore, "write", written),
            (transactions, "transaction", _transaction(fuse)),
            (serve, "build_app", _app(fuse)),
        ):
            all_of_them.enter_context(patch.object(owner, name, instead))
        yield


def _transaction(fuse: Fuse) -> object:
    real = connection.transaction

    @contextmanager
    def transaction(raw: sqlite3.Connection) -> Iterator[None]:
        with real(raw):
            yield
            fuse.passes(BEFORE_COMMIT)

    return transaction


def _app(fuse: Fuse) -> object:
    def build(house: House) -> ASGIApp:
        real = build_app(house)

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            await real(scope, receive, send)
            if scope["type"] == "http" and scope["method"] == "POST":
                fuse.answered.set()

        return app

    return build
