"""A desk, the platforms around it, and a network on which anything can go wrong between them."""

import asyncio
import contextlib
import sqlite3
from collections import Counter
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from bot.core.commands import Answer, Command, Envelope, Identity, Place
from bot.core.errors import MusterError
from bot.core.person_words import ErasePerson
from bot.store.base import Drop, Unit
from tests.sim.chance import Chance, Faults
from tests.sim.laws import Broken, Laws
from tests.sim.loop import SimClock, SimLoop, nap
from tests.sim.marks import Marks
from tests.sim.platform import SimPlatform, places
from tests.sim.process import Kept, Process, Unreachable, answered

Thing = TypeVar("Thing")
Make = Callable[[Process], Coroutine[Any, Any, Thing]]
"""Begins a request in a process; the same one each time."""

JUMPS = (-3_600_000, -1_000, 1_000, 600_000, 86_400_000)
SOON = 5_000


class World:
    """See the module. `end` is broken off with the first law that is broken."""

    def __init__(
        self, seed: int, folder: Path, loop: SimLoop, faults: Faults | None = None
    ) -> None:
        self.chance = Chance(f"world {seed}")
        self.faults = faults or Faults.of(self.chance.part("faults"))
        self.loop = loop
        self.clock = SimClock(loop)
        self.laws = Laws()
        self.marks = Marks()
        self.end: asyncio.Future[None] = loop.create_future()
        steady = SimClock(loop)
        self.platforms = {
            name: SimPlatform(steady, name, self.chance, self.faults)
            for name in ("slack", "telegram")
        }
        for platform in self.platforms.values():
            platform.shown = self._shown
        self.kept = Kept(folder, self.clock, self.platforms, places(*self.platforms))
        self.process: Process | None = None
        self.crashes = 0
        self.met: Counter[str] = Counter()
        self.answers: Counter[str] = Counter()
        self.whose: dict[str, str] = {}
        self._calm = False
        self._back = 0
        self._net = self.chance.part("net")
        self._serial = 0
        self._crash_at = 0
        self._keeper: asyncio.Task[None] | None = None
        self._late: set[asyncio.Task[None]] = set()
        loop.before = self._before

    def broken(self, what: str) -> None:
        """A law is broken: this world ends here."""
        if not self.end.done():
            self.end.set_exception(Broken(what))

    # --- the process -----------------------------------------------------------------------

    async def begin(self) -> None:
        """Muster starts, and somebody sees to it that it does whenever it died."""
        await self._boot()
        self._keeper = self.loop.create_task(self._keep())

    async def _keep(self) -> None:
        while True:
            await nap(1)
            if self.process is None or not self.process.up:
                await nap(self._net.randrange(1, 300))
                await self._boot()

    async def _boot(self) -> None:
        while True:
            process = Process(self.kept, self.chance, self.now_faults, self._looked)
            self.process = process
            process.store.committed = self._committed
            try:
                await process.start()
            except MusterError:
                process.die()
                await nap(1)
            else:
                return

    @property
    def calm(self) -> bool:
        """Nothing goes wrong any more, and nobody does anything."""
        return self._calm

    @property
    def now_faults(self) -> Faults:
        """What may go wrong at this moment."""
        return Faults() if self.calm else self.faults

    async def up(self) -> Process:
        """The process, once it runs."""
        while self.process is None or not self.process.up:
            await nap(1)
        return self.process

    def crash_soon(self) -> None:
        """At one of the next awaits, whichever it is; the clock may be set in between."""
        self._crash_at = self.loop.steps + self._net.randrange(1, SOON)
        if self.faults.clock:
            by = self._net.choice(JUMPS)
            self.clock.jump(by)
            self._back = max(self._back, -by)

    def _before(self, step: int) -> None:
        if self._crash_at and step >= self._crash_at and self.process and self.process.up:
            self._crash_at = 0
            self.crashes += 1
            self.process.die()

    def rest(self) -> float:
        """From now on nothing goes wrong any more. Returns for how many seconds a platform has
        asked to be left alone.
        """
        self._calm = True
        self._crash_at = 0
        for platform in self.platforms.values():
            platform.well = True
        if self.process is not None:
            self.process.store.share = 0.0
        return max(platform.asked_for for platform in self.platforms.values())

    def stop(self) -> None:
        """It is over."""
        if self.process is not None:
            self.process.die()

    # --- what is looked at all the while ---------------------------------------------------

    def _looked(self, raw: sqlite3.Connection) -> None:
        try:
            self.laws.look(raw)
        except Broken as broken:
            self.broken(str(broken))

    def _committed(self, unit: Unit) -> None:
        """I8: a timer fires when it is due by the clock of the house, and not before."""
        for op in unit.ops:
            due = op.where.get("due") if isinstance(op, Drop) and op.table == "timers" else None
            if isinstance(due, int) and due > self.clock.now() + self._back:
                self.broken(f"I8 {op} fires {due - self.clock.now()} ms early")

    def _shown(self, address: str, text: str) -> None:
        astray = self.marks.astray(text, address) if address.endswith("customer") else []
        if astray:
            self.broken(f"I11 {astray} shown to {address}: {text[:300]}")

    # --- the network -----------------------------------------------------------------------

    async def ask(self, make: Make[Thing]) -> Thing:
        """One request, which may be lost, doubled or late, and so may its answer.

        Raises Unreachable when no answer came.
        """
        net, faults, process = self._net, self.now_faults, self.process
        await nap(net.randrange(5, 50) / 1_000)
        if faults.late and net.happens(0.1):
            await nap(net.randrange(faults.late) / 1_000)
        if process is None or net.happens(faults.lost / 2):
            raise Unreachable
        if net.happens(faults.doubled):
            self.met["doubled"] += 1
            task = self.loop.create_task(self._again(make, net.randrange(1, 90_000)))
            self._late.add(task)
            task.add_done_callback(self._late.discard)
        result = await answered(process, make(process))
        if net.happens(faults.lost / 2):
            raise Unreachable
        await nap(net.randrange(5, 50) / 1_000)
        return result

    async def _again(self, make: Make[Thing], late: int) -> None:
        await nap(late / 1_000)
        if self.process is not None:
            with contextlib.suppress(Unreachable):
                await answered(self.process, make(self.process))

    async def until_answered(self, make: Make[Thing]) -> Thing:
        """The same request again and again, as a platform or a page repeats it."""
        wait = 1.0
        while True:
            try:
                return await self.ask(make)
            except Unreachable:
                self.met["unreachable"] += 1
            await nap(wait)
            wait = min(wait * 2, 60.0)

    def source(self) -> str:
        """The id of one press."""
        self._serial += 1
        return f"press{self._serial}"

    async def press(self, who: str, command: Command) -> Answer:
        """What somebody does on the web, until it is answered."""
        source = self.source()
        self.marks.said(who, command, who.startswith("customer"))

        def make(process: Process) -> Coroutine[Any, Any, Answer]:
            envelope = Envelope(
                entry="web",
                source=source,
                command=command,
                identity=Identity("web", who),
                place=Place("web", who),
                language="en",
                proved_at=self.clock.now(),
            )
            return process.machine.engine.handle(envelope)

        answer = await self.until_answered(make)
        self.answers[answer.code or answer.outcome] += 1
        if answer.outcome == "quarantined":
            self.broken(f"{command.tag} was quarantined")
        if answer.outcome == "done":
            self.marks.done(command)
            if isinstance(command, ErasePerson):
                self.marks.forget(self.whose.get(command.person, ""))
        return answer
