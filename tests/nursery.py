"""Real processes without the imports: each is forked off one that has made them already.

What a process imports takes longer than most of what tests do with it. The commands, signals,
files and sockets are its own; the start from nothing is for `tests/commands` and `proof/http`.
"""

import asyncio
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from io import TextIOWrapper
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from tests.tidy import ROOT

Main = Callable[[], object]
# FastAPI asks for `pydantic.v1` only with its first route, and that takes half a second.
IMPORTED = [
    "tests.nursery",
    "tests.proof.http.server",
    "bot.cli",
    "bot.commands.serve",
    "pydantic.v1",
]

_nursery = multiprocessing.get_context("forkserver")
_nursery.set_forkserver_preload(IMPORTED)


def _live(
    main: Main, words: Sequence[str], env: Mapping[str, str], out: Connection, log: str
) -> None:
    """The life of a child: everything that a fresh process has by itself, then `main`."""
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(env)
    sys.argv = ["muster", *words]
    os.dup2(out.fileno(), 1)
    os.dup2(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND) if log else 1, 2)
    assert isinstance(sys.stdout, TextIOWrapper)
    sys.stdout.reconfigure(line_buffering=True)
    main()


class Child:
    """A process as `asyncio.subprocess` has it, with what it says in `stdout`."""

    def __init__(self, process: ForkServerProcess, stdout: asyncio.StreamReader) -> None:
        self.stdout = stdout
        self.returncode: int | None = None
        self._process = process
        loop = asyncio.get_running_loop()
        self._ended: asyncio.Future[int] = loop.create_future()
        loop.add_reader(process.sentinel, self._reap)

    def _reap(self) -> None:
        asyncio.get_running_loop().remove_reader(self._process.sentinel)
        self._process.join()
        self.returncode = self._process.exitcode
        self._process.close()
        assert self.returncode is not None
        self._ended.set_result(self.returncode)

    @property
    def pid(self) -> int:
        """Of the process itself."""
        pid = self._process.pid
        assert pid is not None
        return pid

    async def wait(self) -> int:
        """The exit code; that of a signal is negative."""
        return await asyncio.shield(self._ended)

    def send_signal(self, number: signal.Signals) -> None:
        """To the process, unless it has ended."""
        if self.returncode is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it."""
        self.send_signal(signal.SIGKILL)


async def start(
    main: Main, words: Sequence[str], env: Mapping[str, str], log: Path | None = None
) -> Child:
    """Let a child run `main` with these words; its errors go to `log`, or to its stdout."""
    mine, its = _nursery.Pipe(duplex=False)
    given = (main, tuple(words), dict(env), its, str(log or ""))
    process = _nursery.Process(target=_live, args=given)
    process.start()
    its.close()
    stdout = asyncio.StreamReader()
    pipe = os.fdopen(os.dup(mine.fileno()), "rb", 0)
    mine.close()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(stdout), pipe
    )
    return Child(process, stdout)
