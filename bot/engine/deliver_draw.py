"""Drawing: a card as its stream is now, in one language, with names for staff alone."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import sha256

from bot.core.cards import Card, spoken, without_sheets
from bot.core.fold import State
from bot.core.ids import PersonId, StreamId
from bot.core.personal import Personal
from bot.core.report import Report
from bot.core.texts import Arg, Phrase, Text, Who, replace
from bot.engine.audience import called, states
from bot.engine.handle import Engine
from bot.engine.ports import Speech
from bot.engine.read import words_of
from bot.views.kinds import KINDS
from bot.views.look import Look


class Drawer:
    """Draws cards."""

    def __init__(self, engine: Engine, speech: Speech) -> None:
        self._engine = engine
        self._speech = speech

    def look(self, others: Mapping[StreamId, State | None] | None = None) -> Look:
        """What views may know beside the state."""
        editions = self._engine.editions
        desk = self._engine.parts.public_url.rstrip("/")
        return Look(editions.current, editions.edition, others or {}, desk)

    async def draw(
        self, stream: StreamId, kind: str, count: int, outside: bool, channel: str = ""
    ) -> tuple[Card[str] | None, int]:
        """The card and the version of the stream that it shows; None when there is nothing.

        `outside`: for somebody who does not belong to the house, and sees no names. `channel` is
        where it hangs: where no form opens on a sheet nothing offers one.
        """
        live = await self._engine.live(stream)
        if live.state is None:
            return None, 0
        others = await states(self._engine, KINDS[kind].reads(live.state))
        drawn = KINDS[kind].draw(live.state, count, self.look(others))
        if drawn is None:
            return None, live.version
        there = self._engine.parts.channels.get(channel)
        if there is not None and not there.capabilities.sheets:
            drawn = without_sheets(drawn)
        names = {} if outside else await self._names(drawn)
        organisation = self._engine.editions.current.organisation
        language = self._language(live.state, outside)
        speaker = self._speech.speaker(
            language, organisation.time_zone, self._engine.clock.now(), names.get
        )
        said = spoken(drawn, lambda phrase: speaker(self._clear(phrase)), language)
        return said, live.version

    def _language(self, state: State, outside: bool) -> str:
        own = state.language if outside and isinstance(state, Report) else ""
        return own or self._engine.editions.current.organisation.default_language

    def _clear(self, phrase: Phrase) -> Phrase:
        return replace(phrase, self._opened) if isinstance(phrase, Text) else phrase

    def _opened(self, arg: Arg) -> Arg:
        if not isinstance(arg, Personal):
            return arg
        value = arg.open(self._engine.codec.open)
        return arg.forgotten() if value is None else words_of(value)

    async def _names(self, card: Card[Phrase]) -> dict[PersonId, str]:
        return await called(self._engine, _people(card))


def _people(card: Card[Phrase]) -> list[PersonId]:
    """Everybody whom the card speaks of."""
    found: list[PersonId] = []

    def note(arg: Arg) -> Arg:
        if isinstance(arg, Who):
            found.append(arg.person)
        return arg

    def look(phrase: Phrase) -> str:
        if isinstance(phrase, Text):
            replace(phrase, note)
        return ""

    spoken(card, look)
    return found


def digest(card: Card[str]) -> str:
    """What tells two looks apart; tokens do not count, they stay the same."""
    looks = asdict(card)
    del looks["language"]  # Another one is other words.
    return sha256(json.dumps(looks, sort_keys=True).encode()).hexdigest()[:32]
