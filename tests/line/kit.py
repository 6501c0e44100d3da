"""The whole house with its people in Slack, and customers on the web; time goes by hand.

House, engine, SQLite file, deliveries, Bolt and the SDK are the real ones. Slack is the strict
fake, which tells the house of everything, of its own messages too.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import socket
from typing import Literal

from httpx2 import ASGITransport, AsyncClient
from starlette.types import ASGIApp

from bot.core.commands import Place
from bot.core.incident import Incident
from bot.pages.app import build_app
from bot.pages.server import Server, listen, port_of
from bot.places import Where
from bot.wiring import House
from tests.adapters.slack.ears import slack_by, slack_in
from tests.clock import VirtualClock
from tests.engine.kit import Desk
from tests.line.lives import LONGEST, Lived
from tests.pages.kit import Visitor, Web
from tests.slack.fake import APP_TOKEN, SECRET, FakeSlack
from tests.slack.filling import Answer
from tests.slack.hands import Where as Shown
from tests.slack.state import Message, View

By = Literal["socket", "http"]
TEAM, CREW, NEWS, LOBBY = "C1", "C2", "C3", "C4"
ANA, AMY, BEN, SAM, OUT, CAT = "UANA", "UAMY", "UBEN", "USAM", "UOUT", "UCAT"
NAMES = {
    ANA: "Ana Ruiz",
    AMY: "Amy Holt",
    BEN: "Ben Okafor",
    SAM: "Sam Stone",
    OUT: "Otto Outside",
    CAT: "Cat Carter",
}
ORIGIN = "http://muster.test"
START = 1_767_607_200_000  # 5 January 2026, 10:00 UTC, a Monday.
PLACES = {
    "triage": (Place("slack", TEAM),),
    "it_desk": (Place("slack", TEAM),),
    "field_crew": (Place("slack", CREW),),
    "safety_crew": (Place("slack", CREW),),
}
GROUPS = {"stakeholder": (Place("slack", "SBOSS"),)}


class Site(Web):
    """The pages of the house, reached in this process."""

    def __init__(self, line: Lived) -> None:
        self._line = line
        self._clients: list[AsyncClient] = []
        self.app = build_app(line.house)
        self.origin = ORIGIN
        self.desk = line.desk

    def client(self, address: str = "192.0.2.1") -> AsyncClient:
        transport = ASGITransport(app=self.app, client=(address, 1234), raise_app_exceptions=True)
        client = AsyncClient(transport=transport, base_url=self.origin)
        self._clients.append(client)
        return client

    async def settle(self) -> None:
        await self._line.rest()


@dataclass
class Line(Lived):
    """One house on a folder, one workspace, one clock."""

    slack: FakeSlack
    site: Site | None = None

    # --- time ------------------------------------------------------------------------------

    async def rest(self) -> None:
        """Everything that can happen at this moment has happened, over the network too."""
        same, before = 0, (-1, -1)
        async with asyncio.timeout(LONGEST):
            while same < 2:
                await self._round()
                now = len(self.slack.calls), len(self.slack.deliveries.all)
                same = same + 1 if now == before else 0
                before = now

    async def _round(self) -> None:
        slack = slack_in(self.house)
        assert slack.ears is not None
        await self.slack.settled()
        await slack.ears.finish(LONGEST)
        await self.desk.settle()
        deliveries = self.house.machine.deliveries
        while deliveries._flights:
            await asyncio.wait(deliveries._flights)
            await self.clock.settle()
        if (socket := slack.socket) is not None:
            await socket.idle()
            if socket._retiring:
                await asyncio.wait(socket._retiring)
        for worker in self.house.machine._workers:
            if worker.name in SOON:
                await worker.idle()
        await self.clock.settle()

    # --- people ----------------------------------------------------------------------------

    async def customer(self) -> Visitor:
        """Somebody opens the chat on the web."""
        assert self.site is not None
        return await self.site.visitor()

    async def incident(self, **more: object) -> tuple[Visitor, Incident]:
        """A customer on the web reports a power outage, and the cards hang."""
        carol = await self.customer()
        reference = await carol.report(**more)
        await self.advance()
        report = await self.house.reader.stream_of(reference)
        assert report is not None
        state = await self.desk.report(report)
        assert state.incident is not None
        return carol, await self.desk.incident(state.incident)

    async def presses(self, user: str, where: Shown, what: str) -> list[str]:
        """Press a button; what they are told about it. Then all of it is shown."""
        with self.told(user) as told:
            await self.slack.presses(user, where, what)
            await self.shown()
        return told

    async def fills(self, user: str, where: Shown, what: str, **given: Answer) -> list[str]:
        """Press a button that opens a form, fill it in by the keys of its questions, send."""
        told = await self.presses(user, where, what)
        if self.slack.view(user) is None:
            return told
        return await self.sends(user, **given)

    async def sends(self, user: str, **given: Answer) -> list[str]:
        """Fill in the form that is open, and send it."""
        view = self.slack.modal(user)
        answers: dict[str, Answer] = {f"q.{key}": answer for key, answer in given.items()}
        with self.told(user) as told:
            for key in [one for one in answers if self._redraws(view, one)]:
                await self.slack.chooses(user, view, key, answers.pop(key))
                await self.rest()
            await self.slack.submits(user, view, answers)
            await self.shown()
        return told

    async def chooses(self, user: str, key: str, answer: Answer) -> None:
        """Answer one question of the form that is open, and send nothing yet."""
        await self.slack.chooses(user, self.slack.modal(user), f"q.{key}", answer)
        await self.rest()

    def _redraws(self, view: View, key: str) -> bool:
        named = [one for one in view.blocks if one.get("block_id") == key]
        return any(one.get("dispatch_action") for one in named)

    async def types(self, user: str, text: str, place: str = TEAM) -> list[str]:
        """Type `/incident text`; what they are told."""
        with self.told(user) as told:
            await self.slack.command(user, place, text=text)
            await self.rest()
        return told

    async def writes(self, user: str, text: str, place: str = "") -> None:
        """Write, to the house alone unless a place is named."""
        await self.slack.says(user, place or user, text)
        await self.shown()

    @contextmanager
    def told(self, user: str) -> Iterator[list[str]]:
        """Everything that only they are shown meanwhile."""
        before, told = len(self.slack.ephemerals(user)), list[str]()
        yield told
        told += [self.slack.reads(one) for one in self.slack.ephemerals(user)[before:]]

    # --- what stands there -----------------------------------------------------------------

    def cards(self, place: str, word: str = "") -> list[Message]:
        """Our messages there that speak of `word`, each for itself."""
        ours = [one for one in self.slack.messages(place) if "bot_id" in one.body]
        return [one for one in ours if word in json.dumps(one.body, ensure_ascii=False)]

    def card(self, place: str, word: str = "") -> Message:
        """The one of them."""
        found = self.cards(place, word)
        assert len(found) == 1, (word, [one.text for one in found])
        return found[0]

    def reads(self, message: Message) -> str:
        """What stands on it now."""
        return self.slack.reads(message)

    def beneath(self, message: Message) -> list[str]:
        """What stands beneath it."""
        found = self.slack.messages(message.channel, message)
        return [self.slack.reads(one) for one in found]

    def direct(self, user: str) -> list[str]:
        """What the house said to somebody alone."""
        return [self.slack.reads(one) for one in self.cards(user)]

    def delivered(self, user: str) -> list[str]:
        """The same without mere answers to what they did, which are best effort."""
        kept = [one for one in self.cards(user) if one.metadata]
        return [self.slack.reads(one) for one in kept]


SOON = ("deliveries", "dos", "timers", "arrivals", "settling")


@asynccontextmanager
async def line(folder: Path, by: By = "socket", *, pace: bool = True) -> AsyncIterator[Line]:
    """The house by one way to hear. `pace`: Slack refuses haste."""
    clock = VirtualClock(START)
    async with FakeSlack(clock, pace=pace) as slack:
        slack.echoes = True
        town(slack)
        async with housed(folder, slack, clock, by) as one:
            yield one
        assert slack.violations == []


def town(slack: FakeSlack) -> None:
    """People, and the places where they are."""
    for user, name in NAMES.items():
        slack.user(user, name)
    slack.channel(TEAM, "triage", members=[ANA, AMY, OUT, SAM])
    slack.channel(CREW, "crew", members=[BEN])
    slack.channel(NEWS, "news", members=[ANA, SAM])
    slack.channel(LOBBY, "lobby", members=list(NAMES))
    slack.world.users[OUT].guest = "single"
    slack.group("SBOSS", users=[SAM])


@asynccontextmanager
async def housed(
    folder: Path, slack: FakeSlack, clock: VirtualClock, by: By = "socket"
) -> AsyncIterator[Line]:
    """A house on this folder, connected; open it again to see what survived."""
    key = (APP_TOKEN, "") if by == "socket" else ("", SECRET)
    way = slack_by(slack.api_url, *key)
    house = House(folder, ORIGIN, where=Where(PLACES, GROUPS), chats=[way])
    house.clock = clock
    try:
        await house.open()
        await house.start()
        parts = house.machine.parts
        desk = Desk(house.machine, clock, house.machine.witness, parts.codec.keys)
        one = Line(house, clock, desk, slack)
        one.site = Site(one)
        ears = slack_in(house).ears
        assert ears is not None
        ears.patience = LONGEST
        async with _reached(one, by):
            yield one
    finally:
        await house.stop()


@asynccontextmanager
async def _reached(one: Line, by: By) -> AsyncIterator[None]:
    slack = slack_in(one.house)
    assert one.site is not None
    await slack.acquaintance.idle()
    if slack.socket is not None:
        await slack.socket.idle()
        await one.rest()
        yield
        return
    listener = listen("127.0.0.1", 0)
    one.slack.app_url = f"http://127.0.0.1:{port_of(listener)}/slack/events"
    async with served(one.site.app, listener):
        try:
            await one.rest()
            yield
        finally:
            await one.slack.settled()
            if one.slack.http is not None:
                await one.slack.http.close()
            await one.site.close()


@asynccontextmanager
async def served(app: ASGIApp, listener: socket) -> AsyncIterator[None]:
    """The pages, over real connections."""
    server = Server(app, lambda: None)
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield
    finally:
        server.end()
        await serving
