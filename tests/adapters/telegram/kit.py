"""A channel and the strict Telegram that it talks to."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from bot.adapters.telegram.adapter import TelegramChannel
from bot.adapters.telegram.client import TelegramApi
from bot.core.cards import Card
from bot.engine.ports import Post
from tests.clock import VirtualClock
from tests.telegram.fake import FakeTelegram

ANA, BEN, SHY = "11", "12", "13"
TEAM, FORUM, GONE = "-1001", "-1002", "-1009"
NEWS = Post("outbox-1", "Somebody is on the way.")


@dataclass
class Desk:
    """A channel and the Telegram that it talks to."""

    telegram: FakeTelegram
    channel: TelegramChannel
    api: TelegramApi
    clock: VirtualClock

    def texts(self, place: str) -> list[str]:
        """What stands there of ours."""
        return [one.text for one in self.telegram.ours(int(place))]

    def labels(self, place: str) -> list[list[str]]:
        """The buttons of each of our messages."""
        return [one.labels for one in self.telegram.ours(int(place))]


def post(name: str, card: Card[str], **more: Any) -> Post:
    """A card that is sent."""
    return Post(name, card.summary, card, **more)


@asynccontextmanager
async def desk(pace: bool = False, token: str = "") -> AsyncIterator[Desk]:
    """Ana and Ben started the bot, Shy never did; Team is a group, Forum one with topics."""
    clock = VirtualClock()
    async with FakeTelegram(clock, pace=pace) as telegram:
        for number, name in ((ANA, "Ana Ruiz"), (BEN, "Ben"), (SHY, "Shy")):
            telegram.user(int(number), name)
        telegram.group(int(TEAM), "Team", members=[int(ANA), int(BEN)])
        telegram.group(int(FORUM), "Forum", members=[int(ANA)], forum=True)
        for number in (ANA, BEN):
            await telegram.starts(int(number))
        api = TelegramApi(token or telegram.token, telegram.api_url, patience=5)
        channel = TelegramChannel(api, clock)
        try:
            yield Desk(telegram, channel, api, clock)
        finally:
            await channel.close()
