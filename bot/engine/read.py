"""Queries: what people may see, by the same access as what they may do.

Every page, stream frame and export asks here, so nobody sees by one way what another way
hides. Personal values are opened here and nowhere above; an erased one comes out as None.
Texts stay texts: whoever shows them puts them into the reader's language.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.core.commands import Actor
from bot.core.events import Recorded
from bot.core.fold import State
from bot.core.forms import Question, QuestionType
from bot.core.ids import Millis, PersonId, StreamId
from bot.core.incident_words import Wording
from bot.core.person import Person
from bot.core.person_words import InviteAccepted
from bot.core.personal import JsonValue, Personal
from bot.core.playbook import Playbook
from bot.core.playbook_assess import answer_text
from bot.core.texts import Arg, Phrase, Text, tn
from bot.core.texts import replace as put_in
from bot.core.wording import suits
from bot.engine.handle import Engine
from bot.engine.looks import Looks
from bot.engine.roster import Roster
from bot.engine.shared import Shared
from bot.store.base import Row, StoredEvent, text

PAGE = 200
DESK_ROLES = ("agent", "supervisor", "administrator")

Said = str | None
"""Words of people; None once they were erased."""


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody of the staff, as they are at this moment.

    Sign-ins from before `signed_out_at` do not serve, whatever has become of their rows.
    """

    person: PersonId
    name: str
    roles: tuple[str, ...]
    language: str
    available: bool
    signed_out_at: Millis = 0
    off: bool = False
    away_until: Millis | None = None
    skills: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()

    @property
    def actor(self) -> Actor:
        """The same for the gate."""
        return Actor(person=self.person, roles=self.roles, language=self.language)

    def has(self, *roles: str) -> bool:
        """Any of these roles."""
        return any(role in self.roles for role in roles)

    @property
    def desk(self) -> bool:
        """May see the desk."""
        return self.has(*DESK_ROLES)


@dataclass(frozen=True, slots=True)
class Invitation:
    """A one-time link: for whom, by whom ("" for the house), until when; `why` it no longer serves.

    `why` is empty, `used`, `expired` or `unknown`.
    """

    why: str
    person: PersonId = ""
    token: str = ""
    by: str = ""
    roles: tuple[str, ...] = ()
    until: Millis = 0


@dataclass(frozen=True, slots=True)
class Fact:
    """An answer: its question, what was said, and what that is called in `short`."""

    key: str
    label: Phrase
    value: Phrase | Said
    short: Phrase


@dataclass(frozen=True, slots=True)
class Worded:
    """Words of people in each language they are in, the first one first ("": nobody said which)."""

    by: tuple[tuple[str, Said], ...]

    def filled(self, own: str) -> dict[str, str]:
        """What was written by language, to be written anew; what nobody said the language of
        counts as the organisation's `own`.
        """
        return {language or own: said or "" for language, said in self.by}

    def pick(self, wanted: str) -> tuple[Said, str, bool]:
        """What a reader of `wanted` gets, its language, and whether that is theirs."""
        first, said = self.by[0]
        own = next((pair for pair in self.by if suits(pair[0], wanted)), None)
        if own is not None:
            return own[1], own[0], True
        return said, first, not first


class Reads:
    """What all queries share: states, names, personal values, the log."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.looks = Looks(engine)
        self.store = engine.store
        self.codec = engine.codec
        self.roster = Roster.of(engine)
        self.shared = Shared(engine.hub)

    @property
    def now(self) -> Millis:
        """The moment of the reading."""
        return self.engine.clock.now()

    @property
    def playbook(self) -> Playbook:
        """The edition in force."""
        return self.engine.editions.current

    def edition(self, version: str) -> Playbook:
        """The edition that something pinned."""
        return self.engine.editions.edition(version)

    async def state(self, stream: StreamId) -> State | None:
        """The stream as it stands."""
        return (await self.engine.live(stream)).state

    async def person(self, person: PersonId) -> Person | None:
        """Somebody, known or not."""
        state = await self.state(person)
        return state if isinstance(state, Person) else None

    async def names(self, people: Iterable[PersonId | None]) -> dict[PersonId, str]:
        """The names of those who have one."""
        found: dict[PersonId, str] = {}
        for one in dict.fromkeys(people):
            person = await self.person(one) if one and one != "system" else None
            name = self.said(person.called) if person and person.called else None
            if one and name:
                found[one] = name
        return found

    def opened(self, value: Personal) -> JsonValue:
        """What a personal value holds; None when it was erased."""
        return value.open(self.codec.open)

    def said(self, value: Personal | None) -> Said:
        """Words that somebody wrote."""
        opened = None if value is None else self.opened(value)
        return None if opened is None else words_of(opened)

    def told(self, text: Text) -> Text:
        """A sentence with what is personal in it opened, or shown as deleted."""
        return put_in(text, self._opened_in)

    def _opened_in(self, arg: Arg) -> Arg:
        if not isinstance(arg, Personal):
            return arg
        said = self.said(arg)
        return arg.forgotten() if said is None else said

    def worded(self, words: Personal, language: str, also: Iterable[Wording]) -> Worded:
        """What was written, in its languages."""
        others = ((one.language, self.said(one.words)) for one in also)
        return Worded(((language, self.said(words)), *others))

    def fact(self, question: Question, value: object) -> Fact:
        """An answer as people read it. Files stand where they were sent; here is how many."""
        said = self._value_of(question, value)
        return Fact(question.key, question.label, said, question.title)

    def _value_of(self, question: Question, value: object) -> Phrase | Said:
        if question.type is QuestionType.FILE:
            return _counted(self.opened(value) if isinstance(value, Personal) else value)
        if isinstance(value, Personal):
            shown = self.opened(value)
            return None if shown is None else words_of(shown)
        if hasattr(value, "text"):
            return str(value.text)
        return _worded(question, value)

    async def rows(self, table: str, where: dict[str, str | int | Sequence[str]]) -> list[Row]:
        """The newest rows of a list, as many as a page holds."""
        return await self.store.select(
            table, where, order="touched_at", descending=True, limit=PAGE
        )

    async def log(self, stream: StreamId, version: int, limit: int = PAGE) -> list[Recorded]:
        """The last `limit` events of a stream up to `version`."""
        stored = await self.store.events(stream, max(0, version - limit), limit)
        return [self.recorded(one) for one in stored if one.row.version <= version]

    def recorded(self, stored: StoredEvent) -> Recorded:
        """An event of the log."""
        row = stored.row
        event = self.codec.decode_event(row.tag, row.revision, row.body, row.sealed)
        return Recorded(
            stream=row.stream,
            version=row.version,
            at=row.at,
            source_at=row.source_at,
            actor=row.actor,
            cause=row.cause,
            event=event,
        )

    # --- who reads -----------------------------------------------------------------------------

    async def staff(self, person: PersonId) -> Staff | None:
        """Somebody of the staff, None for anybody else and whoever was shut out."""
        known = await self.person(person)
        if known is None or known.disabled or not known.roles:
            return None
        return Staff(
            person=person,
            name=self.said(known.called) or "",
            roles=known.roles,
            language=known.language,
            available=known.available,
            signed_out_at=known.signed_out_at,
            off=known.off,
            away_until=known.away_until,
            skills=known.skills,
            areas=known.areas,
        )

    async def invitation(self, token: str) -> Invitation:
        """What a one-time link is for. Looking does not use it up."""
        key = self.codec.token_hash(token)
        rows = await self.store.select("people", {"invitation": key}, limit=1)
        if not rows:
            return Invitation("unknown")
        person = text(rows[0], "person")
        state = await self.person(person)
        if state is None or state.invitation is None or state.disabled:
            return Invitation("unknown")
        why = "expired" if self.now >= state.invitation.until else ""
        by = (await self.log(person, 1, 1))[0].actor
        names = await self.names([by])
        return Invitation(
            why, person, key, names.get(by or "", ""), state.roles, state.invitation.until
        )

    async def joined_at(self, person: PersonId) -> Millis | None:
        """When somebody joined the staff by a link."""
        version = (await self.engine.live(person)).version
        log = await self.log(person, version)
        return next((one.at for one in log if isinstance(one.event, InviteAccepted)), None)


def _counted(files: object) -> Phrase | Said:
    if files is None:
        return None
    many = len(files) if isinstance(files, list | tuple) else 1
    return tn("{n} file", "{n} files", n=many)


def words_of(value: JsonValue) -> str:
    """A stored answer as one text: a place by its words, several things with commas."""
    if isinstance(value, dict):
        return _place(value)
    if isinstance(value, list):
        return ", ".join(words_of(one) for one in value)
    return "" if value is None else str(value)


def _place(value: dict[str, object]) -> str:
    point = [value.get("lat"), value.get("lon")]
    on_map = "" if None in point else f"{point[0]:.5f}, {point[1]:.5f}"
    return ", ".join(filter(None, (str(value.get("text") or ""), on_map)))


def _worded(question: Question, value: object) -> Phrase | Said:
    if value is None or isinstance(value, bool | int | float | str | tuple):
        return answer_text(question, value)
    return str(value)
