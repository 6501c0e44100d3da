"""Who we are in Telegram, asked again and again, and what people see of us there."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Protocol

import structlog
from telegram import (
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
)

from bot.adapters.telegram.menu import GROUP, LONG, PRIVATE, SHORT
from bot.adapters.telegram.reading import Me
from bot.core.calendar import DAY, MINUTE
from bot.core.ids import Millis
from bot.core.texts import Text
from bot.engine.loops import Loop
from bot.engine.marks import Marks
from bot.engine.ports import Clock, Health, SendFault, Speak

log = structlog.get_logger(__name__)

EVERY: Millis = 5 * MINUTE
AT_FIRST: Millis = 2_000
AT_MOST: Millis = MINUTE
WEEK: Millis = 7 * DAY

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


@dataclass(frozen=True, slots=True)
class Saying:
    """One call about ourselves: a menu with its `scope`, or what people read of us."""

    language: str
    words: Mapping[str, str]
    scope: BotCommandScope | None = None

    @property
    def what(self) -> str:
        """What it sets."""
        return "description" if self.scope is None else "commands"

    @property
    def as_list(self) -> list[object]:
        """All that is in it."""
        return [self.language, dict(self.words), self.scope and self.scope.type]

    async def say(self, api: Introducing) -> None:
        """Raises SendFault."""
        if self.scope is None:
            await api.described(self.words["short"], self.words["long"], self.language)
        else:
            await api.commands(self.words, self.scope, self.language)


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
        self._left: list[Saying] | None = None
        self._trouble = ""
        self._menu = ""
        self._pause = AT_FIRST
        self.me = me
        self.marks: Marks | None = None

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
        """Whether all of it is said; what was said is not said again, nor at the next start."""
        if self._left is None:
            self._left = await self._unsaid()
        if not self._left:
            return True
        while self._left:
            try:
                await self._left[0].say(self._api)
            except SendFault as fault:
                if self._menu != str(fault):
                    what = self._left[0].what
                    log.warning("Telegram's menu could not be set", what=what, reason=str(fault))
                self._menu = str(fault)
                return False
            self._left.pop(0)
        self._menu = ""
        if self.marks is not None:
            await self.marks.set(self._mark, self._digest())
        return True

    async def _unsaid(self) -> list[Saying]:
        said = 0 if self.marks is None else await self.marks.of(self._mark)
        return [] if said == self._digest() else list(self._sayings())

    @property
    def _mark(self) -> str:
        return f"telegram menu {self.me.id}"

    def _digest(self) -> int:
        """What is to be said, as a number that is another one each week: somebody else may have
        changed it by hand.
        """
        said = [one.as_list for one in self._sayings()]
        whole = json.dumps([self._clock.now() // WEEK, said])
        return int.from_bytes(blake2b(whole.encode(), digest_size=6).digest())

    def _sayings(self) -> Iterator[Saying]:
        for language, say in self._speakers.items():
            for scope, texts in SCOPES:
                words = {name: say(text)[:256] for name, text in texts.items()}
                yield Saying(language, words, scope)
            yield Saying(language, {"short": say(SHORT)[:120], "long": say(LONG)[:512]})

    def _missed(self, trouble: str) -> None:
        if trouble != self._trouble:
            log.warning("Telegram does not know us", reason=trouble)
        self._trouble = trouble

    def health(self) -> Health:
        """Whether Telegram knew us when it was last asked, and takes what we say of us."""
        wrong = self._trouble or self._menu
        return Health(not wrong, wrong)
