"""The adapter without the house: whoever hears is a double that writes down and says as told."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from bot.adapters.slack.house import Keys, Slack
from bot.adapters.slack.words import SLACK
from bot.chats import Chat
from bot.core.cards import Action, Actions, Button, Card, Section
from bot.core.forms import Choice, Form, FormState, Question, QuestionType
from bot.core.texts import t
from bot.engine.heard import Arrived, Changed, Heard, Pointed, Pressed, Submitted, Typed, Wrote
from bot.engine.ports import Opened, Reply
from bot.texts import Catalogues
from bot.wiring import House
from tests.clock import VirtualClock
from tests.slack.fake import APP_TOKEN, BOT_TOKEN, SECRET, FakeSlack

SAY = Catalogues.load().speaker("en")
TOKEN = "m" + "a" * 24
REF = "m" + "b" * 24
FORM = Form(
    key="resolve",
    title=t("Resolve the incident"),
    questions=(
        Question(key="what", type=QuestionType.TEXT, label=t("What was done?")),
        Question(
            key="sure",
            type=QuestionType.CHOICE,
            label=t("Category"),
            required=False,
            choices=(Choice(value="yes", label=t("Yes")), Choice(value="no", label=t("No"))),
        ),
    ),
)


def slack_by(api: str, app: str = APP_TOKEN, secret: str = SECRET) -> Chat:
    """Slack as the settings would set it up."""
    told = {"slack_bot_token": BOT_TOKEN, "slack_app_token": app, "slack_signing_secret": secret}
    return Chat(SLACK, {**told, "slack_api_url": api})


def slack_in(house: House) -> Slack:
    """The channel of a house that is open."""
    found = house.chats["slack"]
    assert isinstance(found, Slack)
    return found


def opened(ref: str = REF, **answers: str) -> Opened:
    """A form to be filled in."""
    return Opened(ref, FormState(form=FORM, answers=answers), SAY)


def card(*labels: str) -> Card[str]:
    """A card with a button for each label."""
    buttons = tuple(
        Button(one, Action("do"), token=f"m{number:024d}") for number, one in enumerate(labels)
    )
    return Card(summary="A card", blocks=(Section("Words"), Actions(buttons)))


@dataclass
class Spy:
    """Writes down what was heard; `says` answers it, `waits` holds it up until it is set."""

    says: Callable[[object], Reply] = field(default=lambda one: Reply())
    heard: list[Heard] = field(default_factory=list)
    changes: list[Changed] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    waits: asyncio.Event | None = None
    came: asyncio.Event = field(default_factory=asyncio.Event)

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
        self.asked.append((asks, message))

    async def home(self, heard: Heard) -> Reply:
        return await self._take(heard)

    async def change(self, changed: Changed) -> None:
        self.changes.append(changed)


@dataclass
class Connected:
    """The adapter on the fake, with people in it: U1 and U2 in the channel C1."""

    fake: FakeSlack
    slack: Slack
    spy: Spy
    clock: VirtualClock
    missed: list[int] = field(default_factory=list)

    async def rest(self) -> None:
        """Return when everything that was heard has been answered."""
        await self.fake.settled()
        assert self.slack.ears is not None
        await self.slack.ears.finish(5)


@asynccontextmanager
async def connected(
    patience: float | None = None, serve: Callable[[Slack], object] | None = None
) -> AsyncIterator[Connected]:
    """Over a socket; over HTTP when `serve` is to be told what serves it."""
    clock = VirtualClock()
    async with FakeSlack(clock) as fake:
        for user in ("U1", "U2"):
            fake.user(user)
        fake.channel("C1", members=["U1", "U2"])
        way = {"secret": SECRET} if serve else {"app": APP_TOKEN}
        slack = Slack(replace(Keys(BOT_TOKEN, api=fake.api_url), **way), clock, SAY)
        one = Connected(fake, slack, Spy(), clock)

        async def missed() -> None:
            one.missed.append(clock.now())

        slack.hear(one.spy, missed)
        assert slack.ears is not None
        if patience is not None:
            slack.ears.patience = patience
        for worker in slack.workers:
            await worker.start()
        try:
            await slack.acquaintance.idle()
            if slack.socket is not None:
                await slack.socket.idle()
            yield one
        finally:
            for worker in reversed(slack.workers):
                await worker.stop()
            await slack.close()
        assert fake.violations == []
