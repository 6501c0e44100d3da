"""Muster as a process: it starts on what is on the disk, is called over a network, and dies.

Whatever runs in it is its task, and inherits that from the task that began it. When it dies each
of them stops where it stands, and nothing of theirs reaches the disk or a platform any more.
"""

import asyncio
from collections.abc import Callable, Coroutine, Generator, Mapping, Sequence
from contextvars import Context, ContextVar, copy_context
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from bot.core.commands import Place
from bot.engine.checkpoint import Witness
from bot.engine.front import Front
from bot.engine.machine import Machine
from bot.engine.mailbox import Pulled
from bot.engine.parts import Parts
from bot.engine.ports import Channel
from bot.engine.reader import Reader
from bot.engine.talk import Talk
from bot.store.codec import Codec
from bot.store.keys import Keys, Master
from bot.wiring import BOOK
from tests.engine.kit import MASTER, PLAYBOOK, PUBLIC, SPEECH, Desk, MemoryWitness
from tests.sim.chance import Chance, Faults
from tests.sim.disk import After, SimStore
from tests.sim.loop import SimClock, SimLoop

Thing = TypeVar("Thing")
Work = Callable[["Process"], Coroutine[Any, Any, Thing]]
OF: ContextVar["Process | None"] = ContextVar("process", default=None)


class Unreachable(Exception):
    """No answer came; whoever asked knows nothing."""


def counted(
    loop: asyncio.AbstractEventLoop,
    work: Coroutine[Any, Any, Any] | Generator[Any, None, Any],
    context: Context | None = None,
) -> asyncio.Task[Any]:
    """Makes a task that dies with the process which began it."""
    task = asyncio.Task(work, loop=loop, context=context)
    process = (context or copy_context()).get(OF)
    if process is not None:
        process.tasks[task] = None
        task.add_done_callback(process.ended)
    return task


@dataclass
class Kept:
    """What outlives the process: the folder, the keys, the witness, and what hangs out there."""

    folder: Path
    clock: SimClock
    channels: Mapping[str, Channel]
    places: Mapping[str, Sequence[Place]]
    witness: Witness = field(default_factory=MemoryWitness)
    keys: Keys | None = None
    begun: int = 0


class Process:
    """One life of Muster."""

    def __init__(self, kept: Kept, chance: Chance, faults: Faults, after: After) -> None:
        kept.begun += 1
        self.kept = kept
        self.tasks: dict[asyncio.Task[Any], None] = {}
        self.chance = chance.part(f"life{kept.begun}")
        kept.keys = kept.keys or Keys(Master(MASTER), self.chance.part("keys").randbytes)
        self.store = SimStore(kept.folder / "muster.db", self.chance, faults, after)
        bytes_of = self.chance.part("bytes").randbytes
        pulled: dict[str, Channel] = {name: Pulled(name) for name in ("web", "page", "desk")}
        parts = Parts(
            BOOK,
            self.store,
            Codec(kept.keys, bytes_of),
            kept.clock,
            bytes_of,
            {**pulled, **kept.channels},
            kept.places,
            PUBLIC,
        )
        self.machine = Machine(parts, kept.witness, PLAYBOOK, SPEECH)
        self.reader = Reader(self.machine.engine)
        talk = Talk(self.machine, self.reader, SPEECH)
        self.machine.add(talk.arrivals)
        self.front = Front(self.machine, self.reader, SPEECH, None, talk)
        talk.join, talk.line, talk.own = self.front.join, self.front.line, self.front.cards.own
        self.up = False
        self._context = copy_context()
        self._context.run(OF.set, self)

    def ended(self, task: asyncio.Task[Any]) -> None:
        """One of its tasks is over."""
        self.tasks.pop(task, None)
        if not task.cancelled():
            task.exception()

    def begin(self, work: Coroutine[Any, Any, Thing]) -> asyncio.Task[Thing]:
        """Something begins in the process."""
        return asyncio.get_running_loop().create_task(work, context=self._context.copy())

    async def start(self) -> None:
        """As `muster run` starts."""
        await self.begin(self._start())

    async def _start(self) -> None:
        await self.store.open()
        await self.machine.begin()
        await self.machine.start()
        self.up = True

    async def stop(self) -> None:
        """As it stops when it is asked to."""
        self.up = False
        await self.begin(self._stop())

    async def _stop(self) -> None:
        await self.machine.stop()
        await self.store.close()

    def die(self) -> None:
        """As by kill -9."""
        self.up = False
        self.store.die()
        for task in list(self.tasks):
            task.cancel()

    def desk(self) -> Desk:
        """It as tests look at it."""
        keys = self.kept.keys
        assert keys is not None
        return Desk(self.machine, self.kept.clock, self.kept.witness, keys)


async def answered(process: Process, work: Coroutine[Any, Any, Thing]) -> Thing:
    """What the process says to it. Raises Unreachable when it is not there, or dies meanwhile."""
    if not process.up:
        work.close()
        raise Unreachable
    task = process.begin(work)
    await asyncio.wait([task])
    if task.cancelled():
        raise Unreachable
    return task.result()


def new_loop() -> SimLoop:
    """A loop in which tasks know their process."""
    loop = SimLoop()
    loop.set_task_factory(counted)
    return loop
