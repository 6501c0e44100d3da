"""Calls of the channel, with an eye on how Telegram is as a whole, and one at a time in a chat."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Coroutine
from math import ceil
from typing import TypeVar
from weakref import WeakValueDictionary

from bot.adapters.telegram.client import TelegramApi
from bot.adapters.telegram.payloads import is_group
from bot.core.ids import Millis
from bot.engine.ports import Clock, Misconfigured, Outage, RateLimited, SendFault

T = TypeVar("T")

TOGETHER: Millis = 3_000
"""Two people whom Telegram refuses within this time: it is the bot that sends too fast."""

SAYS = ("send", "edit")
"""How the methods begin that put something into a chat."""
CHATS_MOST = 10_000


class Watched:
    """`trouble` is what is wrong with all of Telegram, "" while nothing is."""

    def __init__(self, api: TelegramApi, clock: Clock) -> None:
        self._api = api
        self._clock = clock
        self._refused: tuple[str, Millis] = ("", 0)
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._until: OrderedDict[str, Millis] = OrderedDict()
        self.trouble = ""

    async def call(self, method: str, calling: Awaitable[T], address: str) -> T:
        """What a call of `method` about a chat gives. Raises SendFault.

        What is put into a chat goes one after the other: so it stands there in that order, and
        when Telegram asks for time nothing else is under way.
        """
        if not method.startswith(SAYS):
            return await self.told(self._api.call(method, calling, address), address)
        async with self._turns.setdefault(address, asyncio.Lock()):
            left = self._until.get(address, 0) - self._clock.now()
            if left > 0:
                if isinstance(calling, Coroutine):
                    calling.close()
                raise RateLimited(ceil(left / 1_000))
            try:
                return await self.told(self._api.call(method, calling, address), address)
            except RateLimited as fault:
                self._rest(address, fault.retry_after)
                raise

    def _rest(self, address: str, asked: object) -> None:
        """Nothing goes there for so long, as far as it makes sense; the house waits anyway."""
        if isinstance(asked, int | float) and 0 < asked <= 3_600:
            self._until[address] = self._clock.now() + ceil(asked * 1_000)
            self._until.move_to_end(address)
            if len(self._until) > CHATS_MOST:
                self._until.popitem(last=False)

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
