"""Calls of the channel, with an eye on how Telegram is as a whole."""

from collections.abc import Awaitable
from typing import TypeVar

from bot.adapters.telegram.client import TelegramApi
from bot.adapters.telegram.payloads import is_group
from bot.core.ids import Millis
from bot.engine.ports import Clock, Misconfigured, Outage, RateLimited, SendFault

T = TypeVar("T")

TOGETHER: Millis = 3_000
"""Two people whom Telegram refuses within this time: it is the bot that sends too fast."""


class Watched:
    """`trouble` is what is wrong with all of Telegram, "" while nothing is."""

    def __init__(self, api: TelegramApi, clock: Clock) -> None:
        self._api = api
        self._clock = clock
        self._refused: tuple[str, Millis] = ("", 0)
        self.trouble = ""

    async def call(self, method: str, calling: Awaitable[T], address: str) -> T:
        """What a call of `method` about a chat gives. Raises SendFault."""
        return await self.told(self._api.call(method, calling, address), address)

    async def told(self, calling: Awaitable[T], address: str = "") -> T:
        """Keep in mind how it went: only what concerns all of Telegram is trouble."""
        try:
            found = await calling
        except RateLimited as fault:
            fault.whole = fault.whole or self._is_all(address)
            raise
        except SendFault as fault:
            whole = isinstance(fault, Outage | Misconfigured) and fault.whole
            self.trouble = str(fault) if whole else ""
            raise
        self.trouble = ""
        return found

    def _is_all(self, address: str) -> bool:
        """Whether the bot as a whole sends too fast: Telegram does not say, but a person by
        themselves is hardly refused, and two at once are not by chance.
        """
        if is_group(address):
            return False
        (other, at), now = self._refused, self._clock.now()
        self._refused = (address, now)
        return bool(other) and other != address and now - at < TOGETHER
