"""A keyboard by which somebody alone with us sends where they are, or their number.

It stands on a message of its own, since a message with buttons has no room for it, and goes with
that message as soon as something else is asked or said.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping

import structlog
from telegram import KeyboardButton, ReplyKeyboardMarkup

from bot.adapters.telegram import sentences as say_of
from bot.adapters.telegram.client import TelegramApi
from bot.adapters.telegram.payloads import is_group
from bot.adapters.telegram.sentences import Voices, voice
from bot.core.texts import Text
from bot.engine.ports import SendFault

log = structlog.get_logger(__name__)

KNOWN_MOST = 10_000
WORDS: Mapping[str, tuple[Text, Text]] = {
    "location": (say_of.WHERE, say_of.SEND_WHERE),
    "contact": (say_of.PHONE, say_of.SEND_PHONE),
}


class Offers:
    """Best effort: everything can be typed as well."""

    def __init__(
        self, api: TelegramApi, voices: Voices, apart: Callable[[str], Awaitable[None]]
    ) -> None:
        """`apart` comes back when one more message may follow in a chat."""
        self._api = api
        self._voices = voices
        self._apart = apart
        self._standing: OrderedDict[str, int] = OrderedDict()
        self._turns: dict[str, asyncio.Task[None]] = {}
        self._work: set[asyncio.Task[None]] = set()

    def now(self, address: str, wants: str, language: str = "") -> None:
        """What is asked of them at present, in `language`, wants this; "": nothing that has a
        keyboard.
        """
        known = address in self._standing or address in self._turns
        if is_group(address) or not (known or wants in WORDS):
            return
        turn = asyncio.create_task(self._turn(address, wants, language))
        self._turns[address] = turn
        self._work.add(turn)
        turn.add_done_callback(self._work.discard)

    async def close(self) -> None:
        """Offer nothing more."""
        for one in self._work:
            one.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)

    async def _turn(self, address: str, wants: str, language: str) -> None:
        """In the pace of the chat; whatever is asked next makes an end of it."""
        mine = asyncio.current_task()
        await self._cleared(address)
        if wants in WORDS:
            await self._apart(address)
            if self._turns.get(address) is mine:
                await self._put_up(address, wants, language)
        if self._turns.get(address) is mine:
            del self._turns[address]
        else:
            await self._cleared(address)

    async def _cleared(self, address: str) -> None:
        if (before := self._standing.pop(address, None)) is not None:
            await self._take_down(address, before)

    async def _put_up(self, address: str, wants: str, language: str) -> None:
        words, label = map(voice(self._voices, language), WORDS[wants])
        button = KeyboardButton(
            label, request_location=wants == "location", request_contact=wants == "contact"
        )
        keyboard = ReplyKeyboardMarkup([[button]], resize_keyboard=True, one_time_keyboard=True)
        asked = self._api.bot.send_message(int(address), words, reply_markup=keyboard)
        try:
            sent = await self._api.call("sendMessage", asked, address)
        except SendFault as fault:
            log.info("a keyboard was not offered", reason=str(fault))
            return
        self._standing[address] = sent.message_id
        if len(self._standing) > KNOWN_MOST:
            self._standing.popitem(last=False)

    async def _take_down(self, address: str, message: int) -> None:
        asked = self._api.bot.delete_message(int(address), message)
        try:
            await self._api.call("deleteMessage", asked, address)
        except SendFault as fault:
            log.info("a keyboard was not taken away", reason=str(fault))
