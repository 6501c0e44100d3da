"""Who did what was heard: their roles here, their language, and the envelope of what they ask."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace as replaced
from typing import Protocol

from bot.core.access import current, is_grave
from bot.core.cards import Card, spoken
from bot.core.commands import Command, Envelope, Grant, Identity, Place
from bot.core.ids import PersonId, StreamId
from bot.core.person import Person
from bot.core.personal import Personal
from bot.core.texts import Arg, Phrase, Text, Who, replace
from bot.engine.heard import Changed, Heard, Pointed, Wrote
from bot.engine.ports import Membership, Profile, Reply, Speak, Speech
from bot.engine.read import Staff, words_of
from bot.engine.reader import Reader


class Grants(Protocol):
    """Who has which role because of where they are."""

    async def grants(self, who: Identity, place: Place, grave: bool) -> tuple[Grant, ...]:
        """The roles that `place` gives to `who`; asked anew where it is grave."""


class Members(Grants, Protocol):
    """What is known of who belongs to which place (`bot.engine.membership`)."""

    async def known(self, who: Identity) -> Profile:
        """How their platform describes them."""

    async def member(self, who: Identity, place: Place) -> Membership:
        """What they are in a place; "none" when it cannot be told."""

    async def change(self, changed: Changed) -> None:
        """Something about a place has changed."""


class Talks(Protocol):
    """Whoever takes words (`bot.engine.talk`)."""

    async def write(self, wrote: Wrote, grants: tuple[Grant, ...]) -> Reply:
        """Words, files or both."""

    async def mean(self, pressed: Heard, report: StreamId, grants: tuple[Grant, ...]) -> Reply:
        """They say which of their reports they mean."""

    async def point(self, pointed: Pointed, grants: tuple[Grant, ...]) -> Reply:
        """Another's message."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody who wants something. `person` is "" for who was never met, `staff` None for who
    has no role to read by. They act as `here`, by their own roles and `grants`; by those of
    `elsewhere`, the places where they are members, they only read, alone with us.
    """

    heard: Heard
    person: PersonId
    staff: Staff | None
    grants: tuple[Grant, ...]
    language: str
    here: Staff | None = None
    elsewhere: tuple[Grant, ...] = ()

    @property
    def alone(self) -> Place | None:
        """Where we speak with them alone, if that is known."""
        return self.heard.place if self.heard.private else self.heard.alone

    def envelope(
        self, command: Command, said: str = "", source: str = "", place: Place | None = None
    ) -> Envelope:
        """What they ask for, ready for the door."""
        heard = self.heard
        return Envelope(
            entry=heard.who.channel,
            source=source or heard.source,
            command=command,
            identity=heard.who,
            place=place or heard.place,
            source_at=heard.at,
            language=heard.language,
            grants=self.grants,
            said=said,
            alone=self.alone,
        )


class Askers:
    """Finds out who it is, and speaks to them."""

    def __init__(self, reader: Reader, speech: Speech, members: Grants | None = None) -> None:
        self._reader = reader
        self._speech = speech
        self._members = members

    async def asking(self, heard: Heard, command: type[Command] | None = None) -> Asking:
        """Who it is; for `command` their membership is asked anew where that is grave."""
        engine = self._reader.engine
        rule = None if command is None else engine.book.rules[command]
        grave = rule is not None and is_grave(rule)
        person = await engine.person_behind(heard.who.channel, heard.who.opaque) or ""
        known = await self._reader.person(person) if person else None
        grants, elsewhere = await self._grants(heard, known, grave)
        if rule is not None and rule.by_holder:
            # What they hold is theirs wherever they say so, as long as a place gives the role.
            grants, elsewhere = (*grants, *elsewhere), ()
        own = known.language if known else ""
        if known is not None and known.chose_language:
            heard = replaced(heard, language=own)
        organisation = self._reader.playbook.organisation
        return Asking(
            heard=heard,
            person=person,
            staff=self._staff(person, known, (*grants, *elsewhere)),
            grants=grants,
            language=heard.language or own or organisation.default_language,
            here=self._staff(person, known, grants),
            elsewhere=elsewhere,
        )

    async def everywhere(self, asking: Asking) -> Asking:
        """The same, by all that any of our places makes of them: for what nobody may do who works
        here, also who has not done anything yet.
        """
        who, members = asking.heard.who, self._members
        if members is None:
            return asking
        asked = (members.grants(who, one, grave=False) for one in self._places(who))
        every = [asking.grants, *await asyncio.gather(*asked)]
        return replaced(asking, grants=tuple(dict.fromkeys(x for some in every for x in some)))

    def _places(self, who: Identity) -> list[Place]:
        """Our places on the platform where somebody is."""
        every = (one for some in self._reader.engine.parts.places.values() for one in some)
        return [one for one in dict.fromkeys(every) if one.channel == who.channel]

    async def _grants(
        self, heard: Heard, known: Person | None, grave: bool
    ) -> tuple[tuple[Grant, ...], tuple[Grant, ...]]:
        """By where they are; and alone with us, for who has worked from one of our places before,
        by all the other places where they are members.
        """
        if self._members is None:
            return (), ()
        others: list[Place] = []
        if heard.private and known is not None and known.shown is not None:
            others = self._places(heard.who)
        found = await asyncio.gather(
            self._members.grants(heard.who, heard.place, grave),
            *(self._members.grants(heard.who, one, grave=False) for one in others),
        )
        here = dict.fromkeys(found[0])
        return found[0], tuple(
            dict.fromkeys(one for some in found[1:] for one in some if one not in here)
        )

    def _staff(
        self, person: PersonId, known: Person | None, grants: tuple[Grant, ...]
    ) -> Staff | None:
        own = known.roles if known else ()
        granted = current(grants, self._reader.now)
        roles = tuple(dict.fromkeys((*own, *(one.role for one in granted))))
        if not roles or (known is not None and known.disabled):
            return None
        if known is None:
            return Staff(person, "", roles, "", available=True)
        return Staff(
            person=person,
            name=self._reader.said(known.called) or "",
            roles=roles,
            language=known.language,
            available=known.available,
            off=known.off,
            away_until=known.away_until,
            skills=known.skills,
            areas=known.areas,
        )

    # --- words -----------------------------------------------------------------------------

    def line(self, asking: Asking, words: str) -> str:
        """How they write a line for us, where they are."""
        channel = self._reader.engine.parts.channels.get(asking.heard.who.channel)
        lead = channel.capabilities.lead if channel is not None else ""
        return f"{lead}{words.replace(' ', '_')}" if lead else words

    async def told(self, asking: Asking, phrase: Phrase, **lines: str) -> str:
        """A sentence that names lines, as they write them."""
        if lines and isinstance(phrase, Text):
            named = {key: self.line(asking, words) for key, words in lines.items()}
            phrase = phrase.model_copy(update={"args": {**phrase.args, **named}})
        return await self.said(asking, phrase)

    def speak(self, asking: Asking, names: dict[PersonId, str] | None = None) -> Speak:
        """Somebody who speaks their language and opens what is personal."""
        now, zone = self._reader.now, self._reader.playbook.organisation.time_zone
        speaker = self._speech.speaker(asking.language, zone, now, (names or {}).get)

        def say(phrase: Phrase) -> str:
            return speaker(replace(phrase, self._opened) if isinstance(phrase, Text) else phrase)

        return say

    def _opened(self, arg: Arg) -> Arg:
        if not isinstance(arg, Personal):
            return arg
        value = self._reader.opened(arg)
        return arg.forgotten() if value is None else words_of(value)

    async def said(self, asking: Asking, phrase: Phrase | None, named: bool = False) -> str:
        """`phrase` for them. Names are for who has a role here, or where it is `named`."""
        if phrase is None:
            return ""
        shown = named or asking.staff is not None
        names = await self._reader.names(people_of(phrase)) if shown else {}
        return self.speak(asking, names)(phrase)

    async def shown(self, asking: Asking, card: Card[Phrase], named: bool = False) -> Card[str]:
        """A card for them alone. Names are for who has a role here, or where it is `named`."""
        people: list[PersonId] = []

        def note(phrase: Phrase) -> str:
            people.extend(people_of(phrase))
            return ""

        spoken(card, note)
        shown = named or asking.staff is not None
        names = await self._reader.names(people) if shown else {}
        return spoken(card, self.speak(asking, names), asking.language)


def people_of(phrase: Phrase) -> Iterator[PersonId]:
    """Everybody whom it speaks of."""
    for arg in phrase.args.values() if isinstance(phrase, Text) else ():
        if isinstance(arg, Who):
            yield arg.person
        elif isinstance(arg, Text):
            yield from people_of(arg)
