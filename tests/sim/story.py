"""The whole course of a seed: a desk opens, lives under trouble, calms down, and is looked at."""

import asyncio
import logging
import os
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from tests.sim.chance import Faults
from tests.sim.ends import faults_of
from tests.sim.laws import Broken
from tests.sim.loop import SimLoop, nap
from tests.sim.people import Folk, crowd, moves_in
from tests.sim.process import OF, answered, new_loop
from tests.sim.world import World

MINUTES = 60
CALM = 600.0
MEMORY = Path("/dev/shm")


EXPECTED = ("commit in doubt", "cannot reopen the store")
"""What a house in trouble with its disk tells its operator."""


class Listener(logging.Handler):
    """An error that is logged by a living process is a broken law."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.world: World | None = None

    def emit(self, record: logging.LogRecord) -> None:
        process, world = OF.get(), self.world
        if world is None or process is None or not process.up:
            return
        said = record.getMessage()
        if said not in EXPECTED or not world.faults.disk_down:
            why = record.exc_info[1] if record.exc_info else ""
            world.broken(f"logged: {record.name}: {said} {why!r}")


@dataclass
class Told:
    """What came of a seed; `broken` is "" when every law held."""

    seed: int
    broken: str = ""
    events: int = 0
    steps: int = 0
    trace: str = ""
    crashes: int = 0
    faults: Faults = field(default_factory=Faults)
    met: Counter[str] = field(default_factory=Counter)
    answers: Counter[str] = field(default_factory=Counter)
    tags: Counter[str] = field(default_factory=Counter)


def told(seed: int, minutes: int = MINUTES, faults: Faults | None = None) -> Told:
    """Live the world of this seed to its end, whatever that is."""
    loop = new_loop()
    listener = Listener()
    memory = str(MEMORY) if os.access(MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="muster-sim-", dir=memory) as folder:
        world = World(seed, Path(folder), loop, faults)
        listener.world = world
        logging.getLogger().addHandler(listener)
        broken = ""
        try:
            loop.run_until_complete(_run(world, minutes))
        except Broken as fault:
            broken = str(fault)
        finally:
            logging.getLogger().removeHandler(listener)
            world.stop()
            _close(loop)
    return Told(
        seed,
        broken,
        world.laws.seen,
        loop.steps,
        _trace(world),
        world.crashes,
        world.faults,
        world.met,
        world.answers,
        world.laws.tags,
    )


def _trace(world: World) -> str:
    """A hash over the log and over every call that a platform saw, with its time."""
    digest = sha256(world.laws.hashes)
    for name, platform in world.platforms.items():
        for call in platform.calls:
            digest.update(repr((name, call)).encode())
    return digest.hexdigest()


def _close(loop: SimLoop) -> None:
    tasks = asyncio.all_tasks(loop)
    for task in tasks:
        task.cancel()
    loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
    loop.close()


async def _run(world: World, minutes: int) -> None:
    course = asyncio.ensure_future(_course(world, minutes))
    await asyncio.wait([course, world.end], return_when=asyncio.FIRST_COMPLETED)
    if world.end.done():
        world.end.result()
    await course


async def _course(world: World, minutes: int) -> None:
    await world.begin()
    folk = Folk(world, await world.up())
    await moves_in(world, folk)
    lives = [world.loop.create_task(one.live()) for one in crowd(world, folk)]
    chance, begun, last = world.chance.part("crashes"), world.loop.time(), minutes * 60
    for at in sorted(chance.randrange(last) for _ in range(world.faults.crashes)):
        await nap(max(0.0, begun + at - world.loop.time()))
        world.crash_soon()
    await nap(max(0.0, begun + last - world.loop.time()))
    await nap(world.rest() + CALM)
    for one in lives:
        one.cancel()
    await asyncio.gather(*lives, return_exceptions=True)
    process = await world.up()
    for fault in await answered(process, faults_of(world, process)):
        raise Broken(fault)
