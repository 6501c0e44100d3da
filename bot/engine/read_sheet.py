"""An incident on paper: everything that somebody needs to go on with it while the desk is down.

Texts stay texts; whoever prints it puts them into a language. Whoever prints it has the data and
its keys, and so may read all that is in them; what was erased is not in them.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.core.caller import KEYS, desk_questions
from bot.core.forms import Question, QuestionType
from bot.core.ids import Millis, PersonId, StreamId
from bot.core.incident import Incident
from bot.core.major_words import LETTERS
from bot.core.playbook import Playbook
from bot.core.report import Report
from bot.core.texts import Phrase, Text, When, Who, t
from bot.engine.read import Fact, Said, Staff
from bot.engine.read_incident import Conversation, DeskReads, IncidentPage
from bot.engine.sheet_parts import Line, file_lines, problem_lines, step_lines
from bot.views import labels
from bot.views.major import LETTER

PRINTER = Staff(
    person="system", name="", roles=("supervisor",), language="", available=False, off=True
)
ENTRIES = 40
MESSAGES = 12
_CONTACT = (QuestionType.PHONE, QuestionType.EMAIL)
DELETED = t("[deleted]")


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the sheet: lines of two columns, and `blank` lines to be written on."""

    title: Phrase
    lines: tuple[Line, ...] = ()
    blank: int = 0


@dataclass(frozen=True, slots=True)
class Sheet:
    """One incident, or a report for which none stands. `marks` are to be seen first."""

    stream: StreamId
    reference: str
    heading: Phrase
    marks: tuple[Phrase, ...]
    parts: tuple[Part, ...]
    names: dict[PersonId, str]


class Sheets:
    """Makes them, by the same queries as the desk."""

    def __init__(self, reader: DeskReads) -> None:
        self._reader = reader

    @property
    def _playbook(self) -> Playbook:
        return self._reader.playbook

    async def open(self) -> tuple[list[str], int]:
        """The references of all that is worked on, the most pressing first, and how many more are
        restricted, each of which must be named to be printed.
        """
        listed = await self._reader.board(PRINTER)
        states = [await self._reader.state(one.stream) for one in listed]
        found = [one for one in states if isinstance(one, Incident)]
        plain = [one.reference for one in found if one.visibility == "normal"]
        return plain, len(found) - len(plain)

    async def sheet(self, reference: str) -> Sheet | None:
        """That of an incident, or of the one behind a report; None for what is not there."""
        stream = await self._reader.stream_of(reference)
        state = None if stream is None else await self._reader.state(stream)
        if isinstance(state, Report) and state.incident is not None:
            state = await self._reader.state(state.incident) or state
        if isinstance(state, Incident):
            page = await self._reader.incident_page(PRINTER, state.stream)
            return None if page is None else await self._incident(state, page)
        if isinstance(state, Report):
            talk = await self._reader.conversation(PRINTER, state.stream)
            return None if talk is None else self._report(state, talk)
        return None

    async def _incident(self, state: Incident, page: IncidentPage) -> Sheet:
        people = [one.by for one in state.major.methane.letters]
        people += [one.person for one in state.major.posts]
        names = {**page.names, **await self._reader.names([state.owner, *people])}
        card = page.card
        heading = t("{priority} {what}", priority=card.priority.value, what=_category(page))
        parts = (
            self._standing(state, page),
            Part(t("What is known"), tuple(_facts(_plain(page, self._contacts(state))))),
            self._major(state),
            Part(t("Problem behind it"), tuple(problem_lines(page))),
            Part(t("Steps"), tuple(step_lines(page))),
            Part(t("People to reach"), tuple(self._people(state, page))),
            Part(t("Tasks"), tuple(_tasks(page))),
            Part(t("What was promised and said"), tuple(_said(state, page))),
            Part(t("Still to be done, by the script"), tuple(_script(page))),
            Part(t("What was said with customers"), tuple(_talks(page))),
            Part(t("Files, each with the SHA-256 of its sealed bytes"), tuple(file_lines(page))),
            Part(t("How long it took"), tuple(_took(page))),
            Part(t("What happened"), tuple(_timeline(page))),
            self._phones(),
            _to_write(),
        )
        return Sheet(
            stream=state.stream,
            reference=state.reference,
            heading=heading,
            marks=tuple(_marks(state)),
            parts=tuple(one for one in parts if one.lines or one.blank),
            names=names,
        )

    def _report(self, state: Report, talk: Conversation) -> Sheet:
        parts = (
            Part(t("What is known"), tuple(_facts(talk.facts))),
            Part(t("What was said with customers"), tuple(_messages(talk))),
            self._phones(),
            _to_write(),
        )
        return Sheet(
            stream=state.stream,
            reference=state.reference,
            heading=t("A report, for which no incident stands yet"),
            marks=(t("Danger to people"),) if state.danger else (),
            parts=tuple(one for one in parts if one.lines or one.blank),
            names={},
        )

    def _standing(self, state: Incident, page: IncidentPage) -> Part:
        owner: Phrase = t("{who}", who=Who(person=state.owner)) if state.owner else labels.NOBODY
        status = labels.status(state.status, state.incident_kind, self._playbook.labels)
        lines: list[Line] = [
            (t("How it stands"), status),
            (t("Kind"), labels.KIND[state.incident_kind]),
            (t("Owner"), owner),
            (t("Opened"), _time(state.opened_at)),
        ]
        lines += [(labels.TARGET[one.target], _by(one.at, one.band)) for one in page.dues]
        if state.held_since is not None:
            lines.append((t("On hold since"), _time(state.held_since)))
        if state.held_until is not None:
            lines.append((t("On hold until"), _time(state.held_until)))
        if state.resolution is not None:
            lines.append((t("Resolved:"), page.resolution))
        lines.append((t("Reports"), t("{n}", n=state.reports)))
        return Part(t("How things stand"), tuple(lines))

    def _major(self, state: Incident) -> Part:
        major = state.major
        if not major.stage and not major.methane.version:
            return Part(t("Major incident"))
        lines: list[Line] = []
        if major.declared_at is not None:
            lines.append((t("Declared"), _time(major.declared_at)))
        for post in major.posts:
            holder = t("{who}", who=Who(person=post.person)) if post.person else labels.NOBODY
            lines.append((self._playbook.major.title(post.post), holder))
        for letter in LETTERS:
            words = major.methane.words(letter)
            known = labels.UNKNOWN if words is None else self._reader.said(words)
            lines.append((LETTER[letter], known))
        return Part(t("Major incident"), tuple(lines))

    def _questions(self, state: Incident) -> Sequence[Question]:
        return desk_questions(self._reader.edition(state.playbook), state.category)

    def _contacts(self, state: Incident) -> frozenset[str]:
        asked = (one.key for one in self._questions(state) if one.type in _CONTACT)
        return frozenset((*asked, *KEYS))

    def _people(self, state: Incident, page: IncidentPage) -> Iterator[Line]:
        """Each once: what a report says of itself is not repeated as the incident's."""
        contacts = self._contacts(state)
        theirs = [(one.key, one.value) for talk in page.conversations for one in talk.facts]
        own = [one for one in page.facts if one.key in contacts]
        yield from _facts([one for one in own if (one.key, one.value) not in theirs])
        for talk in page.conversations:
            for fact in talk.facts:
                if fact.key in contacts:
                    label = t("{ref}, {what}", ref=talk.reference, what=fact.short)
                    yield label, fact.value

    def _phones(self) -> Part:
        safety = self._playbook.safety
        lines: list[Line] = [
            (t("Emergency"), safety.emergency_number),
            (t("Somebody to talk to"), safety.distress_number),
        ]
        for one in self._playbook.phones:
            said: Phrase | str = one.number
            if one.note is not None:
                said = t("{number}: {note}", number=one.number, note=one.note)
            lines.append((one.name, said))
        return Part(t("Phone list"), tuple(lines))


def _marks(state: Incident) -> Iterator[Phrase]:
    if state.mode != "live":
        yield t("EXERCISE. Nothing of this is real.")
    if state.visibility == "restricted":
        yield t("RESTRICTED. Only for its owner and supervisors.")
    if state.danger:
        yield t("Danger to people")


def _category(page: IncidentPage) -> Phrase:
    return page.card.category or t("No category yet")


def _time(at: Millis) -> Text:
    return t("{time}", time=When(at=at))


def _by(at: Millis, band: str) -> Text:
    said = next(words for key, words in labels.BAND.items() if key == band)
    return t("{time}, {band}", time=When(at=at), band=said)


def _plain(page: IncidentPage, contacts: frozenset[str]) -> list[Fact]:
    return [one for one in page.facts if one.key not in contacts]


def _facts(facts: Sequence[Fact]) -> Iterator[Line]:
    for one in facts:
        yield one.short, one.value


def _tasks(page: IncidentPage) -> Iterator[Line]:
    for task in page.tasks:
        status = (
            labels.MOVED
            if task.moved
            else next(words for key, words in labels.TASK.items() if key == task.status)
        )
        yield t("Task {n}: {status}", n=task.number, status=status), task.what
        for place in task.places:
            there = next(words for key, words in labels.PLACE.items() if key == place.status)
            when = t("{status}, expected {time}", status=there, time=When(at=place.eta))
            yield t("{name}", name=place.name or t("someone")), when


def _said(state: Incident, page: IncidentPage) -> Iterator[Line]:
    for one in reversed(page.updates):
        if not one.withdrawn:
            yield t("Update of {time}", time=When(at=one.at)), one.words
    if state.targets.update is not None and state.working:
        yield t("The next one was promised for"), _time(state.targets.update)


def _script(page: IncidentPage) -> Iterator[Line]:
    for one in page.script:
        if one.done_at is None:
            yield t("[ ]"), one.say


def _took(page: IncidentPage) -> Iterator[Line]:
    for one in page.took:
        if one.beside is None:
            yield one.label, one.said
        else:
            yield one.label, t("{said} ({beside})", said=one.said, beside=one.beside)


def _talks(page: IncidentPage) -> Iterator[Line]:
    for talk in page.conversations:
        yield from _messages(talk)


def _messages(talk: Conversation) -> Iterator[Line]:
    who = {"customer": t("Customer"), "desk": t("Us"), "note": t("Note"), "back": t("Taken back")}
    for one in talk.messages[-MESSAGES:]:
        label = t(
            "{ref}, {who}, {time}",
            ref=talk.reference,
            who=who.get(one.who, t("Customer")),
            time=When(at=one.at),
        )
        yield label, one.words


def _timeline(page: IncidentPage) -> Iterator[Line]:
    for one in reversed(page.timeline[:ENTRIES]):
        said: Phrase | Said = one.text
        if one.words is None:
            said = t("{text}: {words}", text=one.text, words=DELETED)
        elif one.words:
            said = t("{text}: {words}", text=one.text, words=one.words)
        yield _time(one.at), said


def _to_write() -> Part:
    return Part(t("What is done while the desk is down: time, who, what"), blank=14)
