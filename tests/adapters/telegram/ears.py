"""The adapter without the house: whoever hears is a double that writes down and says as told."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.adapters.telegram.house import Keys, Telegram
from bot.core.cards import Action, Actions, Button, Card, Section
from bot.core.commands import Place
from bot.core.ids import Millis
from bot.engine.heard import (
    Arrived,
    Changed,
    Heard,
    Pointed,
    Pressed,
    Submitted,
    Typed,
    Wrote,
)
from bot.engine.ports import Post, Reply
from bot.texts import Catalogues
from tests.clock import VirtualClock
from tests.telegram.fake import FakeTelegram

SAY = Catalogues.load().speaker("en")
ANA, BO = 11, 12
TEAM, FORUM, SMALL = -1001, -1002, -77


def token(number: int = 0) -> str:
    """What a button carries."""
    return f"m{number:024d}"


def card(*labels: str, text: str = "Words") -> Card[str]:
    """A card with a button for each label."""
    buttons = tuple(Button(one, Action("do"), token=token(n)) for n, one in enumerate(labels))
    rows = (Actions(buttons),) if buttons else ()
    return Card(summary=text, blocks=(Section(text), *rows))


@dataclass
class Spy:
    """Writes down what was heard; `says` answers it, `waits` holds it up until it is set."""

    says: Callable[[object], Reply] = field(default=lambda one: Reply())
    heard: list[Heard] = field(default_factory=list)
    changes: list[Changed] = field(default_factory=list)
    asked: list[tuple[str, Heard, str]] = field(default_factory=list)
    waits: asyncio.Event | None = None
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def until(self, true: Callable[[], object]) -> None:
        """Return when what was heard makes this so."""
        async with asyncio.timeout(20):
            while not true():
                self.came.clear()
                await self.came.wait()

    async def _take(self, one: Heard) -> Reply:
        self.heard.append(one)
        self.came.set()
        if self.waits is not None:
            await self.waits.wait()
        return self.says(one)

    async def press(self, pressed: Pressed) -> Reply:
        return await self._take(pressed)

    async def submit(self, sent: Submitted) -> Reply:
        return await self._take(sent)

    async def write(self, wrote: Wrote) -> Reply:
        return await self._take(wrote)

    async def line(self, typed: Typed) -> Reply:
        return await self._take(typed)

    async def point(self, pointed: Pointed) -> Reply:
        return await self._take(pointed)

    async def arrive(self, arrived: Arrived) -> Reply:
        return await self._take(arrived)

    async def stood(self, asks: str, heard: Heard, message: str) -> None:
        self.asked.append((asks, heard, message))
        self.came.set()

    async def home(self, heard: Heard) -> Reply:
        return await self._take(heard)

    async def change(self, changed: Changed) -> None:
        self.changes.append(changed)
        self.came.set()


@dataclass
class AtOnce:
    """Asides without a pace; `busy` is for how long no message may go out."""

    channel: Telegram
    clock: VirtualClock
    busy: Millis = 0

    def free_at(self, place: Place) -> Millis:
        return self.clock.now() + self.busy

    async def say(self, place: Place, post: Post, by: Millis) -> str | None:
        if self.free_at(place) > by:
            return None
        return await self.channel.send(place.address, post)

    async def mend(self, place: Place, message: str, post: Post, by: Millis) -> bool:
        await self.channel.edit(place.address, message, post)
        return True


@dataclass
class Connected:
    """The adapter on the fake, with people in it: Ana and Bo, a group, a forum and a small group.

    Ana has started the bot, Bo has not.
    """

    fake: FakeTelegram
    telegram: Telegram
    spy: Spy
    clock: VirtualClock
    asides: AtOnce
    missed: list[Millis] = field(default_factory=list)

    async def until(self, true: Callable[[], object]) -> None:
        """Return when something is so, while time stands still."""
        async with asyncio.timeout(20):
            while not true():
                await self.clock.settle()

    async def passing(self, true: Callable[[], object], step: Millis = 300) -> None:
        """Let time pass until something is so."""
        async with asyncio.timeout(20):
            while not true():
                await self.clock.advance(step)
                await self.clock.settle(50)

    async def rest(self) -> None:
        """Return when everything that was sent has been heard and answered."""
        await self.fake.settled()
        assert self.telegram.ears is not None
        work = list(self.telegram.ears._work)
        if work:
            await asyncio.wait(work)

    async def heard(self) -> Heard:
        """The one thing that was heard."""
        await self.rest()
        (found,) = self.spy.heard
        return found


@asynccontextmanager
async def connected(
    serve: Callable[[Telegram], str] | None = None, start: bool = True
) -> AsyncIterator[Connected]:
    """By polling; by a webhook at the address that `serve` gives."""
    clock = VirtualClock()
    async with FakeTelegram(clock, pace=False) as fake:
        fake.user(ANA, "Ana", started=True)
        fake.user(BO, "Bo", "ru")
        fake.world.me.reads_all = True
        fake.group(TEAM, "Triage", [ANA, BO])
        fake.group(FORUM, "Incidents", [ANA], [BO], forum=True)
        fake.group(SMALL, "Small", [ANA, BO], supergroup=False)
        telegram = Telegram(Keys(fake.token, api=fake.api_url), clock, SAY)
        one = Connected(fake, telegram, Spy(), clock, AtOnce(telegram, clock))

        async def missed() -> None:
            one.missed.append(clock.now())

        if serve is not None:
            telegram.keys = Keys(fake.token, serve(telegram), fake.api_url)
        telegram.hear(one.spy, missed, one.asides)
        try:
            if start:
                await begin(one)
            yield one
        finally:
            for worker in reversed(telegram.workers):
                await worker.stop()
            await telegram.close()
        assert fake.violations == []


async def begin(one: Connected) -> None:
    """Let it work."""
    for worker in one.telegram.workers:
        await worker.start()
    await one.telegram.acquaintance.idle()
    hearing = one.telegram.hearing
    assert hearing is not None
    hearing.wake()
    polls = "getUpdates" if not one.telegram.keys.url else "setWebhook"
    await one.fake.until(lambda: one.fake.updates.polls or one.fake.called(polls))
