"""The real engine and delivery with a team in Telegram: the strict fake, and time by hand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.adapters.telegram.house import Keys, Telegram
from bot.core.commands import Command, Place
from bot.core.ids import Millis, StreamId
from bot.core.report_words import AskForPerson, WriteMessage
from bot.engine.front import Front
from bot.engine.membership import Memberships
from bot.engine.reader import Reader
from bot.engine.talk import Talk
from bot.store.memory import MemoryStore
from tests.adapters.telegram.ears import SAY
from tests.channel import ScriptedChannel
from tests.clock import VirtualClock
from tests.engine.delivery import Office
from tests.engine.kit import MINUTE, SPEECH, Desk, desk
from tests.line.lives import Threads, watched
from tests.telegram.fake import FakeTelegram
from tests.telegram.state import Message

ANN, BO, CAL, DAN, EVE = 101, 102, 103, 104, 105
PEOPLE = {ANN: "Ann", BO: "Bo", CAL: "Cal", DAN: "Dan", EVE: "Eve"}
TEAM, CREW = -1001, -1002


@dataclass
class House:
    """A desk whose team is in Telegram. Ann and Bo are in the team, the others are customers."""

    desk: Desk
    telegram: FakeTelegram
    channel: Telegram
    office: Office
    threads: Threads

    @property
    def clock(self) -> VirtualClock:
        """By which everything goes."""
        return self.desk.clock

    # --- time ------------------------------------------------------------------------------

    async def rest(self) -> None:
        """Everything that can happen at this moment has happened, over the network too."""
        await self.threads.quiet()

    async def advance(self, milliseconds: Millis) -> None:
        """Time goes by."""
        end = self.clock.now() + milliseconds
        await self.rest()
        while (due := self.clock.next_due) is not None and due <= end:
            await self.clock.advance(max(0, due - self.clock.now()))
            await self.rest()
        await self.clock.advance(end - self.clock.now())
        await self.rest()

    async def calm(self) -> None:
        """Nothing waits any more, and every window is empty again."""
        for _ in range(60):
            await self.advance(10_000)
            if not self.desk.machine.deliveries.waiting:
                await self.advance(MINUTE)
                return
        raise AssertionError("delivery does not come to rest")

    # --- people ----------------------------------------------------------------------------

    async def incident(self, who: str) -> StreamId:
        """Somebody reports from a page, and wants a person."""
        await self.desk.done(WriteMessage(words=f"No power, says {who}"), who)
        answer = await self.desk.done(AskForPerson(), who)
        await self.rest()
        report = await self.desk.report(str(answer.data["stream"]))
        assert report.incident is not None
        return report.incident

    async def does(self, command: Command) -> None:
        """An agent does it on the web."""
        if "ana" not in self.desk.people:
            await self.desk.join("ana")
        await self.desk.done(command, "ana")

    # --- what stands there -----------------------------------------------------------------

    def card(self, reference: str, chat: int = TEAM) -> Message:
        """The card of an incident there: the one that says who has it."""
        found = [one for one in self.telegram.ours(chat) if reference in one.text and one.labels]
        found = [one for one in found if "Cancel" not in one.labels]
        assert len(found) == 1, (reference, self.telegram.transcript(chat))
        return found[0]

    def texts(self, chat: int) -> list[str]:
        """What we said there."""
        return [one.text for one in self.telegram.ours(chat)]

    def asked(self, chat: int) -> Message:
        """The newest question there."""
        return [one for one in self.telegram.ours(chat) if "Cancel" in one.labels][-1]


@asynccontextmanager
async def house(folder: Path, *, forum: bool = False) -> AsyncIterator[House]:
    """`forum`: each incident has a topic."""
    clock = VirtualClock()
    async with FakeTelegram(clock) as telegram:
        for user, name in PEOPLE.items():
            telegram.user(user, name, started=True)
        telegram.group(TEAM, "Team", [ANN, BO], forum=forum)
        telegram.group(CREW, "Crew", [])
        channel = Telegram(Keys(telegram.token, api=telegram.api_url), clock, SAY)
        team, crew = Place("telegram", str(TEAM)), Place("telegram", str(CREW))
        places = {"triage": [team], "it_desk": [team], "field_crew": [crew], "safety_crew": [crew]}
        living = desk(
            folder,
            store=MemoryStore(),
            clock=clock,
            channels={"telegram": channel},
            places=places,
        )
        with watched() as threads:
            async with living as one, _heard(one, channel):
                found = House(
                    one,
                    telegram,
                    channel,
                    Office(one, ScriptedChannel(clock, name="telegram")),
                    threads,
                )
                await found.advance(MINUTE)
                yield found
        assert telegram.violations == []


@asynccontextmanager
async def _heard(one: Desk, channel: Telegram) -> AsyncIterator[None]:
    machine = one.machine
    reader = Reader(machine.engine)
    talk = Talk(machine, reader, SPEECH)
    front = Front(machine, reader, SPEECH, Memberships(machine.engine), talk)
    talk.join, talk.line, talk.own = front.join, front.line, front.cards.own

    async def missed() -> None:
        """Nothing is."""

    channel.hear(front, missed, machine.deliveries.asides)
    try:
        for worker in channel.workers:
            await worker.start()
        yield
    finally:
        for worker in reversed(channel.workers):
            await worker.stop()
        await channel.close()
