"""People of a simulated desk: what each wants to do next, on the web and in chats."""

from abc import ABC, abstractmethod
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from bot.core.cards import Card
from bot.core.commands import Command, Envelope, Identity, Place
from bot.core.errors import MusterError
from bot.core.person_words import ROLES, AcceptInvite, Role
from bot.engine.heard import Given, Heard, Pressed, Submitted, Wrote
from bot.engine.ports import Opened, Reply
from bot.store.base import text
from tests.proof.town import ADMIN, AGENTS, CHIEF, CREW, CREW_ACTS, STAFF_ACTS, Town
from tests.sim.chance import Chance
from tests.sim.loop import nap
from tests.sim.marks import marks_in
from tests.sim.platform import CREW as CREW_PLACE
from tests.sim.platform import LEADS, TEAM
from tests.sim.process import Process, Unreachable, answered
from tests.sim.world import World

TRIES = 4


class Folk(Town):
    """What people of this world know and say; every sentence has a mark of its own."""

    def __init__(self, world: World, process: Process) -> None:
        super().__init__(process.desk(), world.chance.part("folk"))
        self.world = world
        self.marks = 0
        self.people: dict[str, str] = {}

    def words(self) -> str:
        """A sentence with a mark by which it is known wherever it turns up."""
        self.marks += 1
        return f"{super().words()} m{self.marks}m"

    async def look(self) -> None:
        """See what there is. Raises Unreachable."""
        process = self.world.process
        if process is None or not process.up:
            raise Unreachable
        await answered(process, self._look_at(process))

    async def _look_at(self, process: Process) -> None:
        self.house = process.desk()
        self.house.people = self.people
        await self._look()
        self.world.marks.owners.update({stream: who for who, stream in self.reports.items()})
        self.world.whose.update({state.person: who for who, state in self.intakes.items()})


@dataclass
class Somebody(ABC):
    """One person: `who` is their account, on the web or in a chat."""

    who: str
    world: World
    folk: Folk
    gap: float
    chance: Chance = field(init=False)

    def __post_init__(self) -> None:
        self.chance = self.world.chance.part(self.who)

    async def live(self) -> None:
        """Think, look, act; until the world is calm."""
        while not self.world.calm:
            await nap(self.chance.expovariate(1 / self.gap))
            try:
                await self.turn()
            except Unreachable:
                continue
            except AssertionError as broken:
                self.world.broken(str(broken))

    async def turn(self) -> None:
        """Look and act. Raises Unreachable."""
        if not self.world.calm:
            await self.folk.look()
            await self.act()

    @abstractmethod
    async def act(self) -> None:
        """Do the next thing."""


class OnWeb(Somebody):
    """Acts by commands."""

    async def act(self) -> None:
        command = self.wish()
        if command is None:
            return
        answer = await self.world.press(self.who, command)
        self.folk._note(self.who, command, answer)
        if self.chance.happens(0.2) and not marks_in(command.model_dump_json()):
            # A double click is two presses; of words said twice nobody could tell.
            again = await self.world.press(self.who, command)
            self.folk._note(self.who, command, again)

    def wish(self) -> Command | None:
        folk = self.folk
        if self.who in folk.customers:
            return folk._customer(self.who)
        if self.who in CREW:
            return folk.chance.choice(CREW_ACTS)(folk)
        if self.who == ADMIN:
            return folk._administer() if folk.chance.random() < 0.3 else None
        return folk.chance.choice(STAFF_ACTS)(folk)


class InChat(Somebody):
    """Acts by what is seen in a chat: buttons, forms, words."""

    channel = "slack"
    room = ""

    def heard(self, source: str) -> tuple[Any, ...]:
        alone = Place(self.channel, self.who)
        place = Place(self.channel, self.room) if self.room else alone
        return source, Identity(self.channel, self.who), place, not self.room, None, "en", alone, ""

    async def act(self) -> None:
        seen = self.seen()
        if seen and self.chance.random() < 0.75:
            message, card = seen[-1 - min(int(self.chance.expovariate(0.8)), len(seen) - 1)]
            tokens = [one.token for one in card.buttons if one.token]
            if tokens:
                await self.press(self.chance.choice(tokens), message)
                return
        await self.write()

    def seen(self) -> list[tuple[str, Card[str]]]:
        shown = self.world.platforms[self.channel].places[self.room or self.who]
        return [(one.message, one.post.card) for one in shown if one.post.card is not None]

    async def write(self) -> None:
        words = self.folk.words()
        if self.room and self.chance.random() < 0.7:
            shown = self.world.platforms[self.channel].places[self.room]
            if not shown:
                return
            beneath = self.chance.choice(shown).message
            await self.hear("write", Wrote, words=words, beneath=beneath)
        elif not self.room:
            self.world.marks.wrote(self.who, words)
            await self.hear("write", Wrote, words=words)

    async def press(self, token: str, message: str) -> None:
        reply = await self.hear("press", Pressed, token=token, message=message)
        await self.follow(reply, 3)

    async def follow(self, reply: Reply, most: int) -> None:
        """What the reply asks for is filled in, or let be."""
        if reply.form is not None and most and self.chance.random() < 0.8:
            await nap(self.chance.randrange(1, 120))
            given = self.fill(reply.form)
            seen = max(reply.form.state.changed_at.values(), default=0)
            answer = await self.hear(
                "submit", Submitted, ref=reply.form.ref, given=given, seen=seen
            )
            await self.follow(answer, most - 1)
        for card in reply.cards:
            tokens = [one.token for one in card.buttons if one.token]
            if tokens and most and self.chance.random() < 0.5:
                await self.press_again(self.chance.choice(tokens), most - 1)
                return

    async def press_again(self, token: str, most: int) -> None:
        await self.follow(await self.hear("press", Pressed, token=token, message=""), most)

    def fill(self, opened: Opened) -> dict[str, Given]:
        given: dict[str, Given] = {}
        for question in opened.state.form.questions:
            if question.required or self.chance.random() < 0.5:
                value: Given | list[str] = self.folk._value(question)
                given[question.key] = tuple(value) if isinstance(value, list) else value
        return given

    async def hear(self, how: str, kind: type[Heard], **more: Any) -> Reply:
        """The platform brings it until it is taken, a few times where it is told to again."""
        source = self.world.source()
        heard = kind(*self.heard(source), **more)

        def make(process: Process) -> Coroutine[Any, Any, Reply]:
            work: Coroutine[Any, Any, Reply] = getattr(process.front, how)(heard)
            return work

        reply = await self.world.until_answered(make)
        for _ in range(TRIES):
            if not reply.again:
                break
            self.world.met["again"] += 1
            await nap(self.chance.randrange(1, 60))
            reply = await self.world.until_answered(make)
        self.world.answers[f"{self.channel} {how}{' no' if reply.refused else ''}"] += 1
        assert not reply.broken, reply
        return reply


class AgentInSlack(InChat):
    room = TEAM


class CrewInTelegram(InChat):
    channel, room = "telegram", CREW_PLACE


class LeadInSlack(InChat):
    room = LEADS


class CustomerInTelegram(InChat):
    channel = "telegram"


class CustomerInSlack(InChat):
    pass


def crowd(world: World, folk: Folk) -> list[Somebody]:
    """Everybody who lives in it."""
    found: list[Somebody] = [OnWeb(who, world, folk, 240) for who in folk.customers]
    found += [OnWeb(who, world, folk, 180) for who in (*AGENTS, CHIEF)]
    found += [OnWeb(who, world, folk, 240) for who in CREW]
    found.append(OnWeb(ADMIN, world, folk, 1200))
    found.append(AgentInSlack("sagatha", world, folk, 180))
    found.append(AgentInSlack("sanil", world, folk, 240))
    found.append(CrewInTelegram("trita", world, folk, 240))
    found.append(CrewInTelegram("tsam", world, folk, 240))
    found.append(CustomerInTelegram("tcustomer", world, folk, 180))
    found.append(CustomerInSlack("scustomer", world, folk, 240))
    return found


STAFF: tuple[tuple[str, str, tuple[Role, ...]], ...] = (
    *(("web", who, ("agent",)) for who in AGENTS),
    *(("web", who, ("resource",)) for who in CREW),
    ("web", CHIEF, ("supervisor", "agent")),
    ("web", ADMIN, ROLES),
    ("slack", "sagatha", ("agent",)),
    ("slack", "sanil", ("agent", "supervisor")),
    ("telegram", "trita", ("resource",)),
    ("telegram", "tsam", ("resource",)),
)


async def moves_in(world: World, folk: Folk) -> None:
    """The staff is invited and joins."""
    for channel, who, roles in STAFF:
        while who not in folk.people:
            process = world.process
            try:
                assert process is not None
                folk.people[who] = await answered(process, _join(process, channel, who, roles))
            except (Unreachable, MusterError, AssertionError):
                await nap(5)


async def _join(process: Process, channel: str, who: str, roles: tuple[Role, ...]) -> str:
    machine = process.machine
    hashed = machine.parts.codec.token_hash(await machine.invite(roles))
    rows = await machine.parts.store.select("people", {"invitation": hashed})
    assert rows, "the disk would not have it"
    person = text(rows[0], "person")
    answer = await machine.engine.handle(
        Envelope(
            entry=channel,
            source=f"join {hashed}",
            command=AcceptInvite(person=person, token=hashed, name=who.title()),
            identity=Identity(channel, who),
            place=Place(channel, who),
            language="en",
        )
    )
    assert answer.outcome == "done", answer
    return person
