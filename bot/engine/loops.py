"""A worker that sleeps until something is due or somebody wakes it, and survives trouble."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Awaitable

import structlog

from bot.core.errors import MusterError
from bot.core.ids import Millis
from bot.engine.ports import Clock

log = structlog.get_logger(__name__)

AFTER_TROUBLE: Millis = 1_000


async def first_of(*waits: Awaitable[object]) -> None:
    """Return once one of these is so; the others are let go of."""
    tasks = [asyncio.ensure_future(one) for one in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in tasks:
            one.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class Loop(ABC):
    """Calls `turn` again and again; between turns it waits for the time that `turn` named."""

    name = "loop"

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._stopping = False
        self._doubts = self._recalled = 0
        self._hoping: list[asyncio.Future[None]] = []
        self._began: float | None = None

    @abstractmethod
    async def turn(self) -> Millis | None:
        """Do what is due. Returns when to come again at the latest, None: only when woken."""

    async def recall(self) -> None:
        """Read what it knows by being told alone; who reads at each turn need only look again."""
        self.wake()

    def untold(self) -> None:
        """Nobody may have told it of something that is on disk all the same."""
        self._doubts += 1
        self.wake()

    async def _catch_up(self) -> None:
        # What is in doubt while it reads is read once more.
        doubts = self._doubts
        await self.recall()
        self._recalled = doubts

    def wake(self) -> None:
        """Something may be due now."""
        self._wake.set()

    async def idle(self) -> None:
        """Return once a turn has ended with nothing more due (or the worker was stopped)."""
        if not self.alive:
            return
        hope: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._hoping.append(hope)
        self.wake()
        await hope

    def _fulfil(self) -> None:
        hopes, self._hoping = self._hoping, []
        for hope in hopes:
            if not hope.done():
                hope.set_result(None)

    @property
    def alive(self) -> bool:
        """It was started and has not ended."""
        return self._task is not None and not self._task.done()

    @property
    def busy_for(self) -> float:
        """Seconds since the turn in hand began, 0 between turns."""
        return 0.0 if self._began is None else self._clock.ticks() - self._began

    async def start(self) -> None:
        """Begin turning."""
        await self.recall()
        self._stopping = False
        self._task = asyncio.create_task(self._run(), name=self.name)

    async def stop(self) -> None:
        """End after the turn in hand."""
        self._stopping = True
        self._wake.set()
        if self._task is not None:
            await self._task
            self._task = None

    async def _run(self) -> None:
        while not self._stopping:
            self._wake.clear()
            well, self._began = False, self._clock.ticks()
            try:
                if self._recalled != self._doubts:
                    await self._catch_up()
                until = await self.turn()
                well = True
            except MusterError as trouble:
                log.warning("will try again", worker=self.name, reason=str(trouble))
                until = self._clock.now() + AFTER_TROUBLE
            except Exception:
                log.exception("a worker failed and goes on", worker=self.name)
                until = self._clock.now() + AFTER_TROUBLE
            self._began = None
            if well and (until is None or until > self._clock.now()):
                self._fulfil()
            if not self._stopping:
                await self._rest(until)
        self._fulfil()

    async def _rest(self, until: Millis | None) -> None:
        due = () if until is None else (self._clock.wait_until(until),)
        await first_of(self._wake.wait(), *due)
