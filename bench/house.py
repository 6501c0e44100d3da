"""A house to measure: the real machine on a real file, with people in it."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.core.commands import Answer, Command, Envelope, Identity, Place
from bot.core.ids import StreamId
from bot.core.person_words import ROLES, AcceptInvite
from bot.engine.machine import Machine
from bot.engine.mailbox import Pulled
from bot.engine.parts import Parts
from bot.store.base import text
from bot.store.codec import Codec
from bot.store.folder import DataFolder
from bot.store.sqlite.store import SqliteStore
from bot.texts import Catalogues
from bot.wiring import BOOK, Entropy, SystemClock, read_playbook


@dataclass(slots=True)
class Measured:
    """The machine, its store, and the one member of staff, who holds every role."""

    machine: Machine
    store: SqliteStore
    folder: DataFolder
    serial: int = 0
    agent: Identity = field(default_factory=lambda: Identity(channel="web", opaque="staff"))
    reports: list[StreamId] = field(default_factory=list)
    incidents: list[StreamId] = field(default_factory=list)

    async def ask(self, command: Command, opaque: str) -> Answer:
        """One command from the customer `opaque`, who sits at a place of the same name."""
        self.serial += 1
        return await self.machine.engine.handle(
            Envelope(
                entry="web",
                source=f"s{self.serial}",
                command=command,
                identity=Identity(channel="web", opaque=opaque),
                place=Place(channel="web", address=opaque),
                language="en",
            )
        )

    async def staff(self, command: Command) -> Answer:
        """One command from the member of staff."""
        return await self.ask(command, self.agent.opaque)

    async def hire(self, opaque: str) -> None:
        """One more member of staff, who holds every role."""
        hashed = self.machine.parts.codec.token_hash(await self.machine.invite(ROLES))
        (row,) = await self.store.select("people", {"invitation": hashed})
        accept = AcceptInvite(person=text(row, "person"), token=hashed, name="Ana")
        answer = await self.ask(accept, opaque)
        if answer.outcome != "done":
            raise RuntimeError(f"nobody was hired: {answer.code}")


@asynccontextmanager
async def measured(folder: Path) -> AsyncIterator[Measured]:
    """A house in `folder` with the built-in playbook and one member of staff."""
    data = DataFolder(folder)
    data.open()
    chance = Entropy()
    keys = await data.open_keys(chance)
    store = SqliteStore(data.database)
    await store.open()
    channels = {name: Pulled(name) for name in ("web", "desk")}
    parts = Parts(BOOK, store, Codec(keys, chance), SystemClock(), chance, channels)
    machine = Machine(parts, data.witness, read_playbook(None), Catalogues.load())
    try:
        await machine.begin()
        await machine.start()
        house = Measured(machine, store, data)
        await house.hire(house.agent.opaque)
        yield house
    finally:
        await machine.stop()
        await store.close()
        await keys.close()
        data.close()


def shuffled(seed: int) -> random.Random:
    """Chance that is the same in every run."""
    return random.Random(seed)
