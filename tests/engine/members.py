"""A chat platform with places, of whose members it tells what a test says."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.core.access import is_grave
from bot.core.commands import Answer, Command, Envelope, Grant, Identity, Place
from bot.core.ids import Millis
from bot.core.incident_commands import OpenIncident
from bot.core.person import Person
from bot.engine.membership import Memberships
from bot.engine.ports import Membership, Profile, SendFault
from bot.store.base import Store
from bot.store.memory import MemoryStore
from tests.channel import ScriptedChannel
from tests.clock import VirtualClock
from tests.engine.kit import Desk, desk

CHAT = "chat"
TRIAGE, LOBBY, CREW = Place(CHAT, "C1"), Place(CHAT, "C2"), Place(CHAT, "C3")
PLACES = {"triage": [TRIAGE], "field_crew": [CREW]}


@dataclass(slots=True)
class Platform(ScriptedChannel):
    """`members` by (place, who); `fault` is what asking meets, `takes` how long it takes."""

    members: dict[tuple[str, str], Membership] = field(default_factory=dict)
    profiles: dict[str, Profile] = field(default_factory=dict)
    fault: SendFault | None = None
    takes: Millis = 0
    asked: int = 0
    described: int = 0

    async def membership(self, place: str, opaque: str) -> Membership:
        self.asked += 1
        member = self.members.get((place, opaque), "none")
        if self.takes:
            await self.clock.wait_until(self.clock.now() + self.takes)
        if self.fault is not None:
            raise self.fault
        return member

    async def profile(self, opaque: str) -> Profile:
        self.described += 1
        if self.fault is not None:
            raise self.fault
        return self.profiles.get(opaque, Profile(name=opaque.title()))


@dataclass(slots=True)
class Club:
    """A desk with such a platform, and who presses what there."""

    desk: Desk
    platform: Platform
    members: Memberships
    serial: int = 0

    def who(self, name: str) -> Identity:
        return Identity(CHAT, name)

    def comes(self, name: str, place: Place = TRIAGE, member: Membership = "member") -> None:
        self.platform.members[place.address, name] = member

    async def grants(
        self, name: str, place: Place = TRIAGE, grave: bool = False
    ) -> tuple[Grant, ...]:
        return await self.members.grants(self.who(name), place, grave)

    async def press(self, command: Command, name: str, place: Place = TRIAGE) -> Answer:
        """What `name` presses in `place`, as whoever hears of it brings it to the door."""
        self.serial += 1
        engine = self.desk.machine.engine
        grave = is_grave(engine.book.rules[type(command)])
        envelope = Envelope(
            entry=CHAT,
            source=f"press{self.serial}",
            command=command,
            identity=self.who(name),
            place=place,
            grants=await self.grants(name, place, grave),
        )
        return await engine.handle(envelope)

    async def person(self, name: str) -> Person:
        person = await self.desk.machine.engine.person_behind(CHAT, name)
        state = await self.desk.state(person or "")
        assert isinstance(state, Person)
        return state

    async def incident(self) -> str:
        """One that somebody opened on the desk."""
        if "ana" not in self.desk.people:
            await self.desk.join("ana")
        answer = await self.desk.done(OpenIncident(report=None, category="power"), "ana")
        return str(answer.data["stream"])


@asynccontextmanager
async def club(
    folder: Path,
    *,
    store: Store | None = None,
    clock: VirtualClock | None = None,
    groups: Mapping[str, Sequence[Place]] | None = None,
    guests: bool = False,
    platform: Platform | None = None,
) -> AsyncIterator[Club]:
    """A desk on such a platform."""
    clock = clock or VirtualClock()
    platform = platform or Platform(clock, name=CHAT)
    async with desk(
        folder,
        store=store or MemoryStore(),
        clock=clock,
        channels={CHAT: platform},
        places=PLACES,
    ) as one:
        members = Memberships(one.machine.engine, groups or {}, guests)
        try:
            yield Club(one, platform, members)
        finally:
            await members.stop()
