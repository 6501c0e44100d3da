"""A chat where no form opens on a sheet: what people see there, press and write, step by step.

Every step is heard by a house that was just started: whatever it knows it read from the store.
"""

from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.core.cards import Card, plain
from bot.engine.front import Front
from bot.engine.heard import Arrived, Heard, Pressed, Typed, Wrote
from bot.engine.ports import Capabilities, Reply
from bot.engine.reader import Reader
from bot.engine.talk import Talk
from bot.store.base import Store
from bot.store.keys import Keys
from tests.channel import ScriptedChannel
from tests.clock import VirtualClock
from tests.engine.delivery import office
from tests.engine.front_kit import PLACES, Club, Room, has, token_of
from tests.engine.kit import SPEECH
from tests.engine.talking import asdict_of


@dataclass(slots=True)
class Steps(Room):
    """The room, and what stands in each place of what was answered there."""

    shown: dict[str, dict[str, Card[str]]] = field(default_factory=lambda: defaultdict(dict))
    texts: list[str] = field(default_factory=list)
    numbers: int = 0

    def restart(self) -> None:
        """The house as it is after a start: it remembers nothing but what it kept."""
        machine = self.office.desk.machine
        reader = Reader(machine.engine)
        talk = Talk(machine, reader, SPEECH)
        self.front = Front(machine, reader, SPEECH, self.club, talk)
        talk.line = self.front.line

    # --- what they do ----------------------------------------------------------------------

    async def presses(
        self, who: str, label: str, place: str = "", source: str = "", stands: bool = True
    ) -> Reply:
        """The newest button of that label in the place."""
        where = place or who
        found = [(x, y) for x, y in self.shown[where].items() if has(y, label)]
        hung = [
            (x.message, x.post.card)
            for x in self.office.channel.places[where]
            if x.post.card is not None and has(x.post.card, label)
        ]
        message, card = (hung + found)[-1]
        return await self.presses_token(
            who, token_of(card, label), message, place, source=source, stands=stands
        )

    async def presses_token(
        self,
        who: str,
        token: str,
        message: str = "",
        place: str = "",
        *,
        source: str = "",
        stands: bool = True,
    ) -> Reply:
        self.restart()
        heard = self.heard(who, place or who, source)
        reply = await self.front.press(Pressed(**asdict_of(heard), token=token, message=message))
        return await self.seen(reply, heard, stands)

    async def writes(
        self, who: str, words: str = "", place: str = "", source: str = "", **more: Any
    ) -> Reply:
        """`more` is what else comes with the words (`bot.engine.heard.Wrote`)."""
        self.restart()
        heard = self.heard(who, place or who, source)
        self.numbers += 1
        more = {"message": f"theirs{self.numbers}", **more}
        wrote = Wrote(**asdict_of(heard), words=words, **more)
        return await self.seen(await self.front.write(wrote), heard)

    async def types(self, who: str, line: str, place: str = "") -> Reply:
        self.restart()
        heard = self.heard(who, place or who)
        typed = Typed(**asdict_of(heard), line=line)
        return await self.seen(await self.front.line(typed), heard)

    async def arrives(self, who: str, payload: str) -> Reply:
        self.restart()
        heard = self.heard(who, who)
        arrived = Arrived(**asdict_of(heard), payload=payload)
        return await self.seen(await self.front.arrive(arrived), heard)

    # --- what they see ---------------------------------------------------------------------

    async def seen(self, reply: Reply, heard: Heard, stands: bool = True) -> Reply:
        """What an adapter makes of a reply."""
        assert reply.form is None
        place = self.shown[heard.place.address]
        for message in reply.drops:
            place.pop(message, None)
        for message, card in reply.mends.items():
            place[message] = card
        for number, card in enumerate(reply.cards):
            self.numbers += 1
            place[f"q{self.numbers}"] = card
            if number == 0 and reply.asks and stands:
                self.restart()
                await self.front.stood(reply.asks, heard, f"q{self.numbers}")
        if reply.text:
            self.texts.append(reply.text)
        return reply

    def newest(self, place: str) -> Card[str]:
        return next(reversed(self.shown[place].values()))

    def message(self, place: str) -> str:
        return next(reversed(self.shown[place]))

    def reads(self, place: str) -> str:
        """All that was answered in a place, as it reads now."""
        return "\n---\n".join(plain(one) for one in self.shown[place].values())

    def labels(self, place: str) -> list[str]:
        return [one.label for one in self.newest(place).buttons]


@asynccontextmanager
async def steps_room(
    folder: Path,
    store: Store | None = None,
    keys: Keys | None = None,
    clock: VirtualClock | None = None,
) -> AsyncIterator[Steps]:
    """A house with a team's place and a crew's, where forms are asked question by question."""
    clock = clock or VirtualClock()
    channel = ScriptedChannel(clock, capabilities=Capabilities(sheets=False, lead="/"))
    house = office(folder, store=store, keys=keys, clock=clock, channel=channel, places=PLACES)
    async with house as one:
        club = Club()
        club.now = one.clock.now()
        machine = one.desk.machine
        front = Front(machine, Reader(machine.engine), SPEECH, club)
        yield Steps(one, front, club)
