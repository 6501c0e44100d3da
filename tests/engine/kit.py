"""A desk to test on: the real machine and workflows on a real file, time and chance by hand."""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.core.commands import Answer, Command, Envelope, Identity, Place
from bot.core.fold import State
from bot.core.ids import StreamId
from bot.core.incident import Incident
from bot.core.person_words import ROLES, AcceptInvite, Role
from bot.core.report import Report
from bot.engine.checkpoint import Witness
from bot.engine.machine import Machine
from bot.engine.mailbox import Pulled
from bot.engine.parts import Parts
from bot.engine.ports import Channel
from bot.engine.work import Book
from bot.store.base import Store, text
from bot.store.codec import Codec
from bot.store.keys import Keys, Master
from bot.store.sqlite.store import SqliteStore
from bot.texts import Catalogues
from bot.wiring import BOOK, read_playbook
from tests.clock import VirtualClock

MINUTE = 60_000
LONGEST = 20
PUBLIC = "http://muster.test"
MASTER = bytes(range(32))
PLAYBOOK = read_playbook(None)
SPEECH = Catalogues.load()


class MemoryWitness:
    """Checkpoint lines kept in a list."""

    def __init__(self) -> None:
        self.kept: list[str] = []

    async def append(self, line: str) -> None:
        self.kept.append(line)

    async def lines(self) -> list[str]:
        return list(self.kept)


@dataclass(slots=True)
class Desk:
    """One running machine, and how people reach it."""

    machine: Machine
    clock: VirtualClock
    witness: Witness
    keys: Keys
    serial: int = 0
    people: dict[str, str] = field(default_factory=dict)

    @property
    def store(self) -> Store:
        return self.machine.parts.store

    @property
    def codec(self) -> Codec:
        return self.machine.parts.codec

    def envelope(self, command: Command, who: str, source: str = "") -> Envelope:
        self.serial += 1
        return Envelope(
            entry="web",
            source=source or f"press{self.serial}",
            command=command,
            identity=Identity(channel="web", opaque=who),
            place=Place(channel="web", address=who),
            language="en",
            proved_at=self.clock.now(),
        )

    async def press(self, command: Command, who: str, source: str = "") -> Answer:
        """What `who` does; a repeat has the same `source`."""
        return await self.machine.engine.handle(self.envelope(command, who, source))

    async def done(self, command: Command, who: str) -> Answer:
        """The same, and it must be done."""
        answer = await self.press(command, who)
        assert answer.outcome == "done", (command.tag, answer.code, answer.text)
        return answer

    async def join(self, who: str, *roles: Role) -> str:
        """`who` joins the staff with these roles (none named: all); returns the person's id."""
        token = await self.machine.invite(roles or ROLES)
        hashed = self.codec.token_hash(token)
        rows = await self.store.select("people", {"invitation": hashed})
        person = text(rows[0], "person")
        await self.done(AcceptInvite(person=person, token=hashed, name=who.title()), who)
        self.people[who] = person
        return person

    async def settle(self) -> None:
        """Let the workers carry everything that is under way."""
        for _ in range(200):
            await self.clock.settle()
            for worker in (self.machine.timers, self.machine.dos, self.machine.leisure):
                await asyncio.wait_for(worker.idle(), LONGEST)
            waiting = await self.store.count("outbox", {"kind": "do", "state": "waiting"})
            if not waiting and not self.machine.engine.waiting:
                return
        raise AssertionError("the desk does not come to rest")

    async def state(self, stream: StreamId) -> State:
        live = await self.machine.engine.live(stream)
        assert live.state is not None
        return live.state

    async def report(self, stream: StreamId) -> Report:
        state = await self.state(stream)
        assert isinstance(state, Report)
        return state

    async def incident(self, stream: StreamId) -> Incident:
        state = await self.state(stream)
        assert isinstance(state, Incident)
        return state

    async def advance(self, milliseconds: int) -> None:
        """Time goes by, and what was due has happened."""
        end = self.clock.now() + milliseconds
        while (due := self.clock.next_due) is not None and due <= end:
            await self.clock.advance(max(0, due - self.clock.now()))
            await self.settle()
        await self.clock.advance(end - self.clock.now())
        await self.settle()

    async def sound(self) -> None:
        """Everything that is stored agrees with itself."""
        report = await self.machine.verify()
        assert report.sound, [str(one) for one in report.found]


@asynccontextmanager
async def desk(
    folder: Path,
    *,
    book: Book = BOOK,
    store: Store | None = None,
    keys: Keys | None = None,
    witness: Witness | None = None,
    clock: VirtualClock | None = None,
    seed: int = 1,
    channels: Mapping[str, Channel] | None = None,
    places: Mapping[str, Sequence[Place]] | None = None,
) -> AsyncIterator[Desk]:
    """A desk on the file `folder/muster.db`; open it again to see what survived."""
    chance = random.Random(seed).randbytes
    keys = keys or Keys(Master(MASTER), chance)
    store = store or SqliteStore(folder / "muster.db")
    clock = clock or VirtualClock()
    witness = witness or MemoryWitness()
    await store.open()
    pulled = {name: Pulled(name) for name in ("web", "page", "desk")}
    every: dict[str, Channel] = {**pulled, **(channels or {})}
    parts = Parts(book, store, Codec(keys, chance), clock, chance, every, places or {}, PUBLIC)
    machine = Machine(parts, witness, PLAYBOOK, SPEECH)
    try:
        await machine.begin()
        await machine.start()
        yield Desk(machine, clock, witness, keys)
    finally:
        await machine.stop()
        await store.close()
