"""Pages on their way out: judged again, in each one's words, with what can be done at one press.

Whoever is called works here, so colleagues have their names. What it is about stands in one line
below the words; where people can press it brings buttons, elsewhere a link.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.core.access import holds_task, may_see
from bot.core.alarm_texts import together
from bot.core.cards import Card, spoken, with_tokens
from bot.core.commands import Actor
from bot.core.fold import State
from bot.core.handling import STAFF
from bot.core.ids import PersonId, StreamId
from bot.core.incident import Incident
from bot.core.intents import Members, Say
from bot.core.parties import Party
from bot.core.person import Person
from bot.core.personal import JsonValue, Personal
from bot.core.places import Seat
from bot.core.report import Report
from bot.core.texts import N_, Arg, Ref, Text, Who, named_in, replace, t
from bot.engine.audience import called
from bot.engine.deliver_follow import BRIEFING, ROOM
from bot.engine.handle import Engine
from bot.engine.paging import (
    AWAY,
    BY_NAME,
    INSTEAD,
    alone_of,
    may_be_called,
    of_all,
    parties_in,
    seats_of,
    stands_open,
)
from bot.engine.ports import Speak, Speech
from bot.engine.read import words_of
from bot.engine.respoken import kept
from bot.engine.tokens import Hung, Tokens
from bot.store.base import Op, Row, text
from bot.views import page
from bot.views.distress_forms import cared
from bot.views.look import Look
from bot.views.pressing import answers, briefed

CARD = "paged"
YOU_ARE_AWAY = N_("{said}\nYou are called although you are off, since nobody else is there.")
SAID_INSTEAD = N_("{said}\nThis is said here since {channel} cannot be reached.")

States = Mapping[StreamId, State | None]


def is_page(say: Say) -> bool:
    """Whether it calls people of the staff."""
    return isinstance(say.to, Members) and say.to.of == "staff"


def about_of(say: Say) -> StreamId:
    """What it calls them to."""
    return say.to.stream if isinstance(say.to, Members) else ""


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody who is called, and where."""

    seat: Seat
    person: Person


@dataclass(slots=True)
class PageCards:
    """For one turn of delivery; `look` first."""

    engine: Engine
    speech: Speech
    tokens: Tokens
    _states: dict[StreamId, State | None] = field(default_factory=dict)
    _names: dict[PersonId, str] = field(default_factory=dict)
    _known: dict[Hung, dict[str, str]] = field(default_factory=dict)

    async def look(self, rows: Iterable[tuple[Row, Say]]) -> None:
        """Read what these will need."""
        pages = [(row, say) for row, say in rows if is_page(say)]
        if not pages:
            return
        await self._read([about_of(say) for _, say in pages])
        behind = (x.incident for x in self._states.values() if isinstance(x, Report) and x.incident)
        await self._read(list(behind))
        await self._learn(pages)
        for row, say in pages:
            if self._presses(row) and (hung := _hung(row, say)) not in self._known:
                self._known[hung] = await self.tokens.of(hung)

    async def _read(self, streams: list[StreamId]) -> None:
        wanted = [one for one in streams if one not in self._states]
        self._states |= await self.engine.look(list(dict.fromkeys(wanted)))

    async def _learn(self, pages: Iterable[tuple[Row, Say]]) -> None:
        people = [one for row, say in pages for one in named_in(self.whole(row, say).text)]
        named = (text(row, "progress").partition(BY_NAME)[2] for row, _ in pages)
        wanted = dict.fromkeys([*people, *filter(None, named)])
        self._names |= await called(self.engine, wanted)

    def told(self, row: Row, say: Say, known: States) -> Told | None:
        """Where it goes, and to whom; None for who may not be told any more."""
        state = known.get(text(row, "member").partition("/")[0])
        about = self._states.get(about_of(say))
        if not isinstance(state, Person) or not may_be_called(state, about, self._states):
            return None
        for key, seat in (*seats_of(self.engine, state), *alone_of(self.engine, state)):
            if key == row["target"]:
                return Told(seat, state)
        return None

    def whole(self, row: Row, say: Say, who: Person | None = None) -> Say:
        """What it says in the stead of all that called somebody while the house slept: the highest
        of what still calls them (None: those of a place), and the rest shortly.
        """
        state = self._states.get(about_of(say))
        if not isinstance(state, Incident) or row["family"] != of_all(state.stream):
            return say
        found = page.standing(state, lambda party: who is None or _is_of(who, party))
        if not found:
            return say
        said = together(state, found, self.engine.editions.current)
        family = page.family_of(found[0], state)
        return say.model_copy(update={"text": said, "supersedes": family})

    # --- words -----------------------------------------------------------------------------

    def hidden(self, say: Say, who: Person) -> str | None:
        """What is said to who is called and may see nothing of it, in place of words from before
        few might; None where they may read those.
        """
        about, actor = self._states.get(about_of(say)), Actor(person=who.stream, roles=who.roles)
        alone = isinstance(say.to, Members) and parties_in(say.to.scope)[1]
        if not isinstance(about, Incident | Report) or alone or stands_open(about, self._states):
            return None
        if may_see(actor, about, self._states) or holds_task(actor, about):
            return None
        text = t(
            "{ref}: you are needed now. Few may see what it is about: open it on the desk.",
            ref=Ref(ref=about.reference),
        )
        return self._speaker(who.language)(text)

    def again(self, row: Row, say: Say) -> dict[str, JsonValue]:
        """What a desk keeps to say it in the language of another day."""
        return {} if text(row, "progress") else kept(say.text, self._opened)

    def said(self, row: Row, say: Say, language: str) -> str:
        """What it says to them. Raises KeyGone, or has gaps, where something was erased."""
        speak = self._speaker(language)
        return self._noted(row, speak(replace(say.text, self._opened)), speak)

    def beneath(self, row: Row, said: str) -> str:
        """The same for what is said beneath a card, in the house's own language."""
        return self._noted(row, said, self._speaker(""))

    def _noted(self, row: Row, said: str, speak: Speak) -> str:
        """With why it comes to them of all people, or for whom it is."""
        note = text(row, "progress")
        if note == AWAY:
            return speak(Text(key=YOU_ARE_AWAY, args={"said": said}))
        if note.startswith(INSTEAD):
            channel = self.engine.parts.channels.get(note.removeprefix(INSTEAD))
            title = "" if channel is None else channel.title
            return speak(Text(key=SAID_INSTEAD, args={"said": said, "channel": title}))
        if note.startswith(BY_NAME):
            return speak(t("{who}: {said}", who=Who(person=note.removeprefix(BY_NAME)), said=said))
        return said

    def _speaker(self, language: str) -> Speak:
        organisation = self.engine.editions.current.organisation
        language = language or organisation.default_language
        now = self.engine.clock.now()
        return self.speech.speaker(language, organisation.time_zone, now, self._names.get)

    def _opened(self, arg: Arg) -> Arg:
        if not isinstance(arg, Personal):
            return arg
        value = arg.open(self.engine.codec.open)
        return arg.forgotten() if value is None else words_of(value)

    # --- what can be done ------------------------------------------------------------------

    def card(self, row: Row, say: Say, said: str, who: Person) -> tuple[Card[str], list[Op]] | None:
        """The card with its buttons and what must be written before; None for words alone."""
        state = self._states.get(about_of(say))
        presses = self._presses(row) and len(said) <= ROOM
        if presses and say.cares:
            drawn = cared(said, self._speaker(who.language))
        elif presses and isinstance(state, Incident | Report):
            drawn = self._drawn(say, said, state, who)
        else:
            return None
        hung, actions = _hung(row, say), [one.action for one in drawn.buttons]
        tokens, ops = self.tokens.make(hung, actions, self._known.get(hung, {}))
        return with_tokens(drawn, tokens), ops

    def _drawn(self, say: Say, said: str, state: Incident | Report, who: Person) -> Card[str]:
        look, speak = self._look(), self._speaker(who.language)
        if say.task and isinstance(state, Incident):
            return briefed(said, answers(state, say.task, who.stream, look), speak)
        alarm = page.alarm_of(say.supersedes, state)
        works = any(role in STAFF for role in who.roles)
        return spoken(page.called(said, state, look, page.Reader(works, alarm)), speak)

    def line(self, say: Say, said: str, language: str) -> str:
        """The words with a line of what it is about and the way there, where nobody can press."""
        state = self._states.get(about_of(say))
        if not isinstance(state, Incident | Report):
            return said
        look, speak = self._look(), self._speaker(language)
        about = None if state.reference in said else page.about(state, look)
        lines = [said, *([] if about is None else [speak(about)]), page.way(state, look)]
        return "\n".join(filter(None, lines))

    def _look(self) -> Look:
        editions = self.engine.editions
        desk = self.engine.parts.public_url.rstrip("/")
        return Look(editions.current, editions.edition, {}, desk)

    def _presses(self, row: Row) -> bool:
        channel = self.engine.parts.channels[text(row, "channel")].capabilities
        return channel.hears and not channel.pulled


def _is_of(who: Person, party: Party) -> bool:
    """Whether a party has them in it."""
    if party.of == "person":
        return who.stream == party.key
    return party.key in (who.roles if party.of == "role" else who.teams)


def _hung(row: Row, say: Say) -> Hung:
    kind = BRIEFING if say.task else CARD
    return Hung(about_of(say), kind, say.task, text(row, "target"))
