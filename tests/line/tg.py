"""The whole house with customers, resources and a team in Telegram; time goes by hand.

House, engine, SQLite file, deliveries and python-telegram-bot's `Bot` are the real ones, Telegram
is the strict fake. Where it is wanted the team is in Slack at the same time, as in `kit`.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from unittest.mock import patch

from bot.adapters.telegram.house import Telegram
from bot.adapters.telegram.words import TELEGRAM
from bot.chats import Chat
from bot.core.commands import Place
from bot.core.incident import Incident
from bot.core.report import Report
from bot.engine.ports import File, Post
from bot.pages.server import listen, port_of
from bot.places import Where
from bot.wiring import House
from tests.adapters.slack.ears import slack_by
from tests.clock import VirtualClock
from tests.engine.kit import Desk
from tests.line import kit
from tests.line.lives import Lived, Threads, watched
from tests.slack.fake import FakeSlack
from tests.telegram.fake import FakeTelegram
from tests.telegram.state import Message, Tap

By = Literal["polling", "webhook"]
CAL, ANN, BO, SUE, DOT = 101, 102, 103, 104, 105
PEOPLE = {CAL: "Cal", ANN: "Ann Reed", BO: "Bo Lind", SUE: "Sue Park", DOT: "Dot Doe"}
FORUM, CREW, NEWS = -1001, -1002, -1003
WEB = "https://desk.example"


@dataclass
class Phones(Lived):
    """One house, one Telegram, and perhaps one Slack. `delivered` are the messages that were sent
    until it was known that they had arrived, without mere answers to what somebody did.
    """

    telegram: FakeTelegram
    threads: Threads
    delivered: set[str]
    site: kit.Site | None = None
    slack: FakeSlack | None = None

    async def rest(self) -> None:
        """Everything that can happen at this moment has happened, over the network too."""
        await self.threads.quiet()

    async def shown(self) -> None:
        """Wait until everything that was to be said or shown has arrived, answers, too."""
        await super().shown()
        ears = self.channel.ears
        assert ears is not None
        while ears._work or self.channel._offers._work:
            await self.advance(1_000)

    @property
    def channel(self) -> Telegram:
        """The channel of the house."""
        found = self.house.chats["telegram"]
        assert isinstance(found, Telegram)
        return found

    @property
    def team(self) -> "Team":
        """The same house, as its team in Slack meets it."""
        assert self.slack is not None
        return Team(self.house, self.clock, self.desk, self.slack, self.site, self)

    # --- people ----------------------------------------------------------------------------

    async def taps(self, user: int, where: Message | int, label: str) -> Tap:
        """Press a button. Then all of it is shown."""
        tap = await self.telegram.taps(user, where, label, wait=False)
        await self.shown()
        return tap

    async def says(
        self, user: int, text: str, chat: int = 0, thread: int = 0, reply_to: Message | int = 0
    ) -> Message:
        """Write, to the house alone unless a chat is named."""
        place = chat or user
        said = await self.telegram.says(user, place, text, thread=thread, reply_to=reply_to)
        await self.shown()
        return said

    async def answers(self, user: int, *answers: str, chat: int = 0) -> None:
        """Answer one question after the other: by the button of that name, else in words, in a
        group beneath the question.
        """
        place = chat or user
        for one in answers:
            asked = self.asked(place)
            if one in asked.labels:
                await self.taps(user, asked, one)
            else:
                await self.says(user, one, place, reply_to=asked if chat else 0)

    def asked(self, chat: int) -> Message:
        """The newest message there with a button to go on with."""
        ours = [one for one in self.telegram.ours(chat) if "Cancel" in one.labels]
        assert ours, self.telegram.transcript(chat)
        return ours[-1]

    async def fills(self, user: int, card: Message, label: str, *answers: str) -> None:
        """Press a button that opens a form, and answer it question by question."""
        await self.taps(user, card, label)
        await self.answers(user, *answers, chat=card.chat)

    # --- what stands there -----------------------------------------------------------------

    def cards(self, chat: int, *words: str) -> list[Message]:
        """Our messages there that say all of this."""
        ours = self.telegram.ours(chat)
        return [one for one in ours if all(word in one.text for word in words)]

    def card(self, chat: int, *words: str) -> Message:
        """The one of them."""
        found = self.cards(chat, *words)
        assert len(found) == 1, (words, self.telegram.transcript(chat))
        return found[0]

    def said(self, chat: int) -> str:
        """All that we say there."""
        return "\n".join(one.text for one in self.telegram.ours(chat))

    async def report(self) -> Report:
        """The newest report."""
        rows = await self.desk.store.select("reports", limit=50)
        return await self.desk.report(str(rows[-1]["report"]))

    async def incident(self) -> Incident:
        """The newest incident."""
        rows = await self.desk.store.select("incidents", limit=50)
        return await self.desk.incident(str(rows[-1]["incident"]))


@dataclass
class Team(kit.Line):
    """The team in Slack of a house that is in Telegram, too."""

    phones: Phones | None = None

    async def rest(self) -> None:
        """Everything that can happen at this moment has happened, over the network too."""
        assert self.phones is not None
        await self.phones.rest()


def places(slack: bool) -> Where:
    """Where the playbook's places are; who is in the news group is a stakeholder."""
    forum, crew = Place("telegram", str(FORUM)), Place("telegram", str(CREW))
    triage = (Place("slack", kit.TEAM), forum) if slack else (forum,)
    shown = {"triage": triage, "it_desk": triage, "field_crew": (crew,), "safety_crew": (crew,)}
    return Where(shown, {"stakeholder": (Place("telegram", str(NEWS)),)})


def town(telegram: FakeTelegram) -> None:
    """People, and the groups where they are."""
    for user, name in PEOPLE.items():
        telegram.user(user, name, started=user in (ANN, BO, SUE))
    telegram.group(FORUM, "Triage", [ANN, DOT], forum=True)
    telegram.group(CREW, "Crew", [BO])
    telegram.group(NEWS, "News", [SUE])


@asynccontextmanager
async def phones(
    folder: Path,
    by: By = "polling",
    *,
    pace: bool = True,
    slack: bool = False,
    fails: Sequence[tuple[str, dict[str, Any]]] = (),
) -> AsyncIterator[Phones]:
    """The house by one way to hear. `pace`: Telegram refuses haste. `slack`: the team is there.
    `fails`: what goes wrong from the first moment.
    """
    clock = VirtualClock(kit.START)
    async with AsyncExitStack() as open_:
        telegram = await open_.enter_async_context(FakeTelegram(clock, pace=pace))
        town(telegram)
        for method, how in fails:
            telegram.fails(method, **how)
        workspace = None
        if slack:
            workspace = await open_.enter_async_context(FakeSlack(clock, pace=pace))
            workspace.echoes = True
            kit.town(workspace)
        yield await open_.enter_async_context(living(folder, telegram, clock, by, workspace))
        await open_.aclose()
        assert telegram.violations == [], telegram.violations
        assert workspace is None or workspace.violations == []


@asynccontextmanager
async def living(
    folder: Path,
    telegram: FakeTelegram,
    clock: VirtualClock,
    by: By = "polling",
    slack: FakeSlack | None = None,
) -> AsyncIterator[Phones]:
    """A house on this folder, connected; open it again to see what survived."""
    listener = listen("127.0.0.1", 0)
    told = {"telegram_bot_token": telegram.token, "telegram_api_url": telegram.api_url}
    if by == "webhook":
        told["telegram_webhook_url"] = f"http://127.0.0.1:{port_of(listener)}"
    chats = [Chat(TELEGRAM, told), *([slack_by(slack.api_url, secret="")] if slack else [])]
    with watched() as threads, noted() as delivered:
        house = House(folder, kit.ORIGIN, where=places(slack is not None), chats=chats)
        house.clock = clock
        try:
            await house.open()
            await house.start()
            parts = house.machine.parts
            desk = Desk(house.machine, clock, house.machine.witness, parts.codec.keys)
            one = Phones(house, clock, desk, telegram, threads, delivered, None, slack)
            one.site = kit.Site(one)
            async with kit.served(one.site.app, listener):
                await one.advance(1_000)
                yield one
                await telegram.deliveries.close()
            await one.site.close()
        finally:
            await house.stop()
            listener.close()


@contextmanager
def noted() -> Iterator[set[str]]:
    """The messages that arrived and are kept track of."""
    found, send, upload = set[str](), Telegram.send, Telegram.upload

    async def sent(self: Telegram, address: str, post: Post) -> str:
        message = await send(self, address, post)
        if not post.delivery.startswith("reply:"):
            found.add(message)
        return message

    async def shared(self: Telegram, address: str, file: File, post: Post) -> str:
        message = await upload(self, address, file, post)
        found.add(message)
        return message

    with patch.object(Telegram, "send", sent), patch.object(Telegram, "upload", shared):
        yield found


@contextmanager
def new(phones: Phones, chat: int) -> Iterator[list[str]]:
    """Everything that we say there meanwhile."""
    before, told = {one.id for one in phones.telegram.ours(chat)}, list[str]()
    yield told
    told += [one.text for one in phones.telegram.ours(chat) if one.id not in before]


WAYS: Sequence[By] = ("polling", "webhook")
