"""Messages with buttons: updates for who follows, with one that ends it at one press; the briefing
of who took a task, with those by which they say how it goes; whether it is fixed, with yes and no.

Only where people can press: elsewhere the same words go out with a link, or without.
"""

from collections.abc import Iterable
from dataclasses import replace

from bot.core.cards import Action, Card, with_tokens
from bot.core.fold import State
from bot.core.ids import PersonId, StreamId
from bot.core.incident import Incident
from bot.core.intents import Members, Say
from bot.core.place_words import place_person
from bot.engine.audience import open_to_subscribers, states
from bot.engine.handle import Engine
from bot.engine.ports import Post, Speak
from bot.engine.tokens import Hung, Tokens
from bot.store.base import Op, Row, Scalar, text
from bot.views import distress_forms, pressing, report, update
from bot.views.help import beside, by_line, pressable, worded
from bot.views.look import Look

CARD, BRIEFING, ASKED = "followed", "briefing", "asked"
ROOM = 2_500
"""What is longer than that goes out as words alone."""


class FollowCards:
    """Makes them for the rows of one batch; `look` first."""

    def __init__(self, engine: Engine, tokens: Tokens) -> None:
        self._engine = engine
        self._tokens = tokens
        self._known: dict[Hung, dict[str, str]] = {}
        self._about: dict[StreamId, State | None] = {}

    async def look(self, rows: Iterable[tuple[Row, Say]], alone: Iterable[StreamId] = ()) -> None:
        """The tokens that hang already, what the updates are about, and what is said `alone`."""
        fit = [row for row, say in rows if self._suits(row, say)]
        for row in fit:
            if (hung := _hung(row)) not in self._known:
                self._known[hung] = await self._tokens.of(hung)
        about = [text(row, "source") for row in fit]
        held = [one for one in alone if one.startswith("inc_")]
        self._about = await states(self._engine, [*about, *held])

    def card(
        self, row: Row, say: Say, said: str, words: str, speak: Speak
    ) -> tuple[Card[str], list[Op]] | None:
        """The card and what must be written before it goes out; None for words alone."""
        if say.task or say.asks or say.rates or say.cares:
            return self._with_buttons(row, say, said, speak)
        if not self._suits(row, say) or len(said) + len(words) > ROOM:
            return None
        hung = _hung(row)
        whole_place = place_person(hung.seat) == hung.stream
        button = update.ending(hung.stream, hung.number, whole_place)
        drawn = update.told(said, words, self._of(row), button, speak)
        actions: list[Action] = [button.action]
        tokens, ops = self._tokens.make(hung, actions, self._known.get(hung, {}))
        return beside(with_tokens(drawn, tokens), pressable(speak)), ops

    def helped(self, row: Row, post: Post, words: tuple[str, str], speak: Speak) -> Post:
        """Words to somebody who does not work here, with help one press away, or a line of it."""
        if not self._presses(row):
            return post
        if sum(map(len, words)) <= ROOM:
            return replace(post, card=worded(*words, speak))
        lead = self._engine.parts.channels[text(row, "channel")].capabilities.lead
        line = speak(by_line(lead))
        return replace(post, text=f"{post.text}\n\n{line}")

    def _of(self, row: Row) -> tuple[Incident, Look] | None:
        """The incident that an update is about, while everybody may know of it."""
        state, editions = self._about.get(text(row, "source")), self._engine.editions
        if not isinstance(state, Incident) or not open_to_subscribers(state):
            return None
        return state, Look(editions.current, editions.edition, {})

    def _with_buttons(
        self, row: Row, say: Say, said: str, speak: Speak
    ) -> tuple[Card[str], list[Op]] | None:
        if len(said) > ROOM or not self._presses(row):
            return None
        kind = BRIEFING if say.task else ASKED
        hung = Hung(text(row, "source"), kind, say.task, text(row, "target"))
        briefing = self._briefed(row, say, said, speak) if say.task else None
        drawn = briefing or self._asked(say, said, speak)
        actions = [button.action for button in drawn.buttons]
        tokens, ops = self._tokens.make(hung, actions, {})
        return with_tokens(drawn, tokens), ops

    def _asked(self, say: Say, said: str, speak: Speak) -> Card[str]:
        if say.cares:
            return distress_forms.cared(said, speak)
        if say.rates:
            return report.rating_asked(said, speak)
        return report.fix_asked(said, speak, say.asked_of)

    def _briefed(self, row: Row, say: Say, said: str, speak: Speak) -> Card[str]:
        """For whoever holds the task, or is asked for it by name."""
        known, editions = self._about.get(text(row, "source")), self._engine.editions
        state = known if isinstance(known, Incident) else None
        person = None if state is None else self._holder(row, state, say.task)
        look = Look(editions.current, editions.edition, {})
        return pressing.briefed(said, pressing.answers(state, say.task, person, look), speak)

    def _holder(self, row: Row, state: Incident, number: int) -> PersonId | None:
        """Whose conversation with us alone it is, as far as the task knows."""
        task, opened = state.task(number), self._engine.codec.open
        if task is None:
            return None
        known = [(one.person, one.alone) for one in task.places]
        known += [(one.person, one.alone) for one in task.call.bids]
        mine = (one for one, seat in known if seat and seat.key.open(opened) == row["target"])
        return next(mine, None)

    def _presses(self, row: Row) -> bool:
        channel = self._engine.parts.channels[text(row, "channel")].capabilities
        return channel.hears and not channel.pulled

    def stays(self, row: Row, say: Say, address: str, language: str) -> dict[str, Scalar] | None:
        """The row by which the card of an update is changed where it hangs, once that is no longer
        how things stand; None where it could not be told in its reader's language.
        """
        own = self._engine.editions.current.organisation.default_language
        if say.mends or not say.update or language not in ("", own):
            return None
        subject = row["subject"]
        about = subject if isinstance(subject, str) else None
        return {
            "stream": text(row, "source"),
            "card": "update",
            "number": say.update,
            "seat": text(row, "target"),
            "place": "team",
            "channel": text(row, "channel"),
            "shown": 0,
            "digest": "",
            "posts": 0,
            "state": "shown",
            "reason": "",
            "tries": 0,
            "sending": 0,
            "at": self._engine.clock.now(),
            "subject": about,
            "body": self._engine.codec.seal_note(address, about),
        }

    def _suits(self, row: Row, say: Say) -> bool:
        follows = isinstance(say.to, Members) and say.to.of in ("subscribers", "newcomers")
        return follows and self._presses(row) and "/" in text(row, "member")


def _hung(row: Row) -> Hung:
    person, _, which = text(row, "member").partition("/")
    return Hung(person, CARD, int(which.partition("/")[0]), text(row, "target"))
