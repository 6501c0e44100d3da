"""Days of a desk: it opens, people come, it closes in order or falls over, and opens again."""

import asyncio
import hashlib
import random
from dataclasses import dataclass, field
from pathlib import Path

from bot.engine.checkpoint import Witness
from bot.engine.machine import Machine
from bot.engine.mailbox import Pulled
from bot.engine.parts import Parts
from bot.engine.work import Book
from bot.store.codec import Codec
from bot.store.keys import Keys, Master
from bot.store.sqlite.store import SqliteStore
from bot.wiring import BOOK
from tests.clock import VirtualClock
from tests.engine.kit import MASTER, PLAYBOOK, SPEECH, Desk, MemoryWitness
from tests.proof.agree import all_agrees
from tests.proof.inline import InlineStore
from tests.proof.town import Town, rest


def _clock() -> VirtualClock:
    return VirtualClock()


@dataclass
class Place:
    """What is left when a desk has closed: the folder, keys, witness, and the time it is."""

    folder: Path
    seed: int = 1
    book: Book = BOOK
    clock: VirtualClock = field(default_factory=_clock)
    witness: Witness = field(default_factory=MemoryWitness)
    keys: Keys | None = None
    opened: int = 0

    async def open(self, store: SqliteStore | None = None) -> Desk:
        """A desk that works; the chance of each opening is its own."""
        self.opened += 1
        chance = random.Random(f"{self.seed}/{self.opened}").randbytes
        self.keys = self.keys or Keys(Master(MASTER), chance)
        store = store or InlineStore(self.folder / "muster.db")
        await store.open()
        codec, channels = Codec(self.keys, chance), {"web": Pulled("web")}
        parts = Parts(self.book, store, codec, self.clock, chance, channels)
        machine = Machine(parts, self.witness, PLAYBOOK, SPEECH)
        await machine.begin()
        await machine.start()
        return Desk(machine, self.clock, self.witness, self.keys, serial=self.opened * 1_000_000)


async def close(house: Desk) -> None:
    """The end of a good day."""
    await house.machine.stop()
    await house.store.close()


async def fall_over(house: Desk) -> None:
    """Everything stops where it is, as in a crash; what is committed stays, all else is gone."""
    tasks = _tasks_of(house.machine)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await house.store.close()


def _tasks_of(machine: Machine) -> list[asyncio.Task[None]]:
    engine = machine.engine
    workers = [worker._task for worker in machine._workers]
    return [task for task in (engine._running, *engine._commits, *workers) if task is not None]


async def lived(folder: Path, seed: int, days: int, steps: int) -> str:
    """A town lives for some days under random restarts; the digest of its whole log."""
    place, chance = Place(folder, seed), random.Random(seed)
    town: Town | None = None
    people: dict[str, str] = {}
    hashes: list[bytes] = []
    for _ in range(days):
        house = await place.open()
        house.people = people
        if town is None:
            town = Town(house, chance)
            await town.found()
        town.house = house
        await town.live(steps)
        if chance.random() < 0.5:
            house.machine.engine.streams.clear()
            house.machine.engine.directory.forget()
            await town.live(steps)
        await rest(house)
        hashes = await all_agrees(house)
        await (close(house) if chance.random() < 0.5 else fall_over(house))
    return hashlib.sha256(b"".join(hashes)).hexdigest()
