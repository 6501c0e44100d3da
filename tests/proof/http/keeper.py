"""Keeps a Muster process running: starts it, and starts it again whenever it was killed."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.engine.control import NobodyThere, ask
from tests import nursery
from tests.proof.http import server
from tests.proof.http.wire import Wire

ROOT = Path(__file__).parents[3]
Program = nursery.Main | None
GENUINE: Program = None
"""`muster` itself, started from nothing."""
WATCHED: Program = server.run
KILLED = -signal.SIGKILL


async def _from_nothing(words: Sequence[str], env: Mapping[str, str], log: Path) -> Process:
    """As people start it."""
    with log.open("ab") as errors:
        return await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", *words), stdout=PIPE, stderr=errors, cwd=ROOT, env=env
        )


class Keeper:
    """One data folder, one port, one process at a time. `lives` counts those that came up."""

    def __init__(self, folder: Path, program: Program, settings: Mapping[str, str]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.data = folder / "data"
        self.log = folder / "log.json"
        self.port = 0
        self.lives = 0
        self.link = ""
        self.ends: list[int] = []
        self._wires: list[Wire] = []
        self._program = program
        self._settings = settings
        self._ending = False
        self._news = asyncio.Condition()
        self._task: asyncio.Task[None] | None = None
        self.process: Process | nursery.Child

    def wire(self) -> Wire:
        """A connection that is hung up in the end."""
        self._wires.append(Wire(self.port))
        return self._wires[-1]

    async def hang_up(self) -> None:
        """All connections."""
        for wire in self._wires:
            await wire.close()

    async def begin(self) -> None:
        """Up and ready."""
        self._task = asyncio.create_task(self._keep(), name="keeper")
        await self.after(0)

    async def _keep(self) -> None:
        try:
            while True:
                await self._start()
                self.ends.append(await self.process.wait())
                if self._ending:
                    return
                if self.ends[-1] != KILLED:
                    raise RuntimeError(f"it ended by itself ({self.ends[-1]}): {self.tail()}")
        finally:
            async with self._news:
                self._ending = True
                self._news.notify_all()

    async def _start(self) -> None:
        words = ("run", "--data", str(self.data), "--port", str(self.port))
        env = {**os.environ, "MUSTER_LOG": "json", **self._settings}
        if self._program:
            self.process = await nursery.start(self._program, words, env, self.log)
        else:
            self.process = await _from_nothing(words, env, self.log)
        if await self._greeted():
            async with self._news:
                self.lives += 1
                self._news.notify_all()

    async def _greeted(self) -> bool:
        """Whether it came so far as to print where its pages are."""
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            words = line.decode().split()
            if words and words[0].endswith("/chat"):
                self.port = int(words[0].rsplit(":", 1)[1].partition("/")[0])
            elif words and "/join/" in words[0]:
                self.link = "/join/" + words[0].rpartition("/")[2]
            elif words[:2] == ["Stop", "with"]:
                return True
        return False

    async def after(self, life: int) -> None:
        """Return once a later process than the `life`th is up."""
        async with self._news:
            await self._news.wait_for(lambda: self.lives > life or self._ending)
        if self.lives <= life:
            assert self._task is not None
            await self._task
            raise RuntimeError("it is not started again")

    async def back(self, life: int) -> None:
        """A connection to the `life`th process broke: return when there is one to talk to."""
        try:
            await (again := Wire(self.port)).open()
        except OSError:
            await self.after(life)
        else:
            await again.close()

    def kill(self) -> None:
        """SIGKILL, wherever it is just now."""
        if self.process.returncode is None:
            self.process.kill()

    async def end(self) -> int:
        """SIGTERM; returns the exit code."""
        assert self._task is not None
        self._ending = True
        if self.process.returncode is None:
            self.process.terminate()
        await self._task
        return self.ends[-1]

    async def asked(self, call: str, **given: Any) -> dict[str, Any]:
        """The answer of the control socket; asked again when the process was killed over it."""
        while True:
            life = self.lives
            try:
                return await ask(self.data / "control.sock", call, **given)
            except (NobodyThere, OSError, ValueError):
                await self.after(life)
            except Exception as trouble:
                if "ended while it was asked" not in str(trouble):
                    raise
                await self.back(life)

    def troubles(self) -> list[str]:
        """Every error that was logged."""
        return [line for line in self._lines() if line.get("level") in ("error", "critical")]

    def _lines(self) -> list[Any]:
        found = []
        for line in self.log.read_text().splitlines():
            try:
                found.append(json.loads(line))
            except ValueError:
                found.append({"level": "error", "event": line})
        return found

    def tail(self) -> str:
        """The end of the log."""
        return "\n".join(self.log.read_text().splitlines()[-20:])


@asynccontextmanager
async def kept(
    folder: Path,
    program: Program = WATCHED,
    settings: Mapping[str, str] | None = None,
    port: int = 0,
) -> AsyncIterator[Keeper]:
    """A process on `folder`, ended in good order (exit code 0) with no error in its log."""
    keeper = Keeper(folder, program, settings or {})
    keeper.port = port
    try:
        await keeper.begin()
        yield keeper
        code = await keeper.end()
        assert code == 0, (code, keeper.tail())
        assert not keeper.troubles(), keeper.troubles()
    finally:
        keeper._ending = True
        keeper.kill()
        await keeper.hang_up()
        if keeper._task is not None:
            await asyncio.gather(keeper._task, return_exceptions=True)
