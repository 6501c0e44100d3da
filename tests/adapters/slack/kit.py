"""A channel and the strict Slack that it talks to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.adapters.slack.adapter import SlackChannel
from bot.adapters.slack.client import SlackApi
from bot.engine.ports import Post
from tests.clock import VirtualClock
from tests.slack.fake import FakeSlack

ANA, GUEST, STRANGER, GONE, ROBOT = "U1", "U2", "U3", "U4", "U5"
AS_JSON = {"Content-Type": "application/json"}
NEWS = Post("outbox-1", "Somebody is on the way.")


@dataclass
class Desk:
    """A channel and the Slack that it talks to."""

    slack: FakeSlack
    channel: SlackChannel

    def texts(self, place: str) -> list[str]:
        return [one.text for one in self.slack.messages(place)]


@asynccontextmanager
async def desk(pace: bool = False, token: str = "") -> AsyncIterator[Desk]:
    async with FakeSlack(VirtualClock(), pace=pace) as slack:
        slack.user(ANA, "Ana Ruiz", locale="ru-RU")
        slack.user(GUEST, "Guest", guest="single")
        slack.user(STRANGER, "Sam", team="T9")
        slack.user(GONE, "Gone").deleted = True
        slack.user(ROBOT, "Robot", bot=True)
        slack.channel("C1", members=[ANA, GUEST, STRANGER])
        slack.channel("C2", bot=False)
        slack.channel("C3").archived = True
        channel = SlackChannel(SlackApi(token or slack.bot_token, slack.api_url))
        try:
            yield Desk(slack, channel)
        finally:
            await channel.close()
