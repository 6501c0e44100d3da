"""Who we are in Telegram, asked again and again, and what people see of us there."""

from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Protocol

import structlog
from telegram import (
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)

from bot.adapters.telegram.menu import GROUP, LONG, PRIVATE, SHORT
from bot.adapters.telegram.reading import Me
from bot.core.calendar import MINUTE
from bot.core.ids import Millis
from bot.core.texts import Text
from bot.engine.loops import Loop
from bot.engine.ports import Clock, Health, SendFault, Speak

log = structlog.get_logger(__name__)

EVERY: Millis = 5 * MINUTE
AT_FIRST: Millis = 2_000
AT_MOST: Millis = MINUTE

SCOPES: Sequence[tuple[BotCommandScope, Mapping[str, Text]]] = (
    (BotCommandScopeAllPrivateChats(), PRIVATE),
    (BotCommandScopeAllGroupChats(), GROUP),
)


class Introducing(Protocol):
    """The part of the Bot API about ourselves. Raises a SendFault when it did not work."""

    async def me(self) -> Me:
        """Who we are."""

    async def commands(
        self, words: Mapping[str, str], scope: BotCommandScope, language: str
    ) -> None:
        """What the menu offers, "" for every language without one of its own."""

    async def described(self, short: str, long: str, language: str) -> None:
        """What people read of us before they write."""


class Acquaintance(Loop):
    """`me` is what Telegram last said of us; our number is known before, from the token."""

    name = "telegram: who we are"

    def __init__(
        self, api: Introducing, me: Me, speakers: Mapping[str, Speak], clock: Clock
    ) -> None:
        """`speakers`: who speaks each language of the house; "" what is said in all others."""
        super().__init__(clock)
        self._api = api
        self._speakers = speakers
        self._left: list[tuple[str, Callable[[], Awaitable[None]]]] | None = None
        self._trouble = ""
        self._menu = ""
        self._pause = AT_FIRST
        self.me = me

    async def turn(self) -> Millis:
        """Ask once, and say of us what is not said yet."""
        try:
            self.me = await self._api.me()
        except SendFault as fault:
            self._missed(str(fault))
            return self._later()
        if self._trouble:
            log.info("Telegram knows us again")
        self._trouble = ""
        if not await self._introduced():
            return self._later()
        self._pause = AT_FIRST
        return self._clock.now() + EVERY

    def _later(self) -> Millis:
        pause, self._pause = self._pause, min(2 * self._pause, AT_MOST)
        return self._clock.now() + pause

    async def _introduced(self) -> bool:
        """Whether all of it is said; what was said is not said again before the next start."""
        if self._left is None:
            self._left = list(self._sayings())
        while self._left:
            what, say = self._left[0]
            try:
                await say()
            except SendFault as fault:
                if self._menu != str(fault):
                    log.warning("Telegram's menu could not be set", what=what, reason=str(fault))
                self._menu = str(fault)
                return False
            self._left.pop(0)
        self._menu = ""
        return True

    def _sayings(self) -> Iterator[tuple[str, Callable[[], Awaitable[None]]]]:
        for language, say in self._speakers.items():
            for scope, texts in SCOPES:
                words = {name: say(text)[:256] for name, text in texts.items()}
                yield "commands", _bound(self._api, words, scope, language)
            yield "description", _told(self._api, say(SHORT)[:120], say(LONG)[:512], language)

    def _missed(self, trouble: str) -> None:
        if trouble != self._trouble:
            log.warning("Telegram does not know us", reason=trouble)
        self._trouble = trouble

    def health(self) -> Health:
        """Whether Telegram knew us when it was last asked, and takes what we say of us."""
        wrong = self._trouble or self._menu
        return Health(not wrong, wrong)


def _bound(
    api: Introducing, words: Mapping[str, str], scope: BotCommandScope, language: str
) -> Callable[[], Awaitable[None]]:
    return lambda: api.commands(words, scope, language)


def _told(api: Introducing, short: str, long: str, language: str) -> Callable[[], Awaitable[None]]:
    return lambda: api.described(short, long, language)
