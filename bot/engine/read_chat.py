"""What a customer reads of their own report: questions, answers, how it stands.

Roles instead of names, nothing of the desk's own, nothing of any other reporter.
"""

from dataclasses import dataclass, replace

from bot.core.facts import as_json
from bot.core.forms import (
    Form,
    Question,
    QuestionType,
    complete,
    next_question,
    previous_question,
    visible,
)
from bot.core.ids import Millis, PersonId, StreamId
from bot.core.incident import Incident
from bot.core.incident_words import IncidentKind
from bot.core.personal import JsonValue, Personal
from bot.core.playbook_assess import assess, priority
from bot.core.playbook_forms import CATEGORY, form_for, intake_form, reworded
from bot.core.playbook_suggest import suggest
from bot.core.priority import Priority
from bot.core.report import Answered, Report
from bot.core.texts import Phrase, Text
from bot.engine.file_views import FileView, view_of
from bot.engine.read import Said, Worded
from bot.engine.read_joining import JoiningReads, Waiting
from bot.engine.resolve import family
from bot.views.expect import Expected, expected
from bot.views.known import Offered, offered, reads


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said to a question: as people read it, and raw to be changed. None: erased."""

    question: Question
    skipped: bool
    shown: Phrase | Said
    raw: JsonValue
    at: Millis


@dataclass(frozen=True, slots=True)
class Coming:
    """Somebody who was sent: `claimed`, `en_route`, `on_site` or `done`, expected at `eta`."""

    status: str
    eta: Millis
    late: bool


@dataclass(frozen=True, slots=True)
class Progress:
    """How the incident behind the report stands, as its customer may know it."""

    status: str
    taken: bool
    coming: tuple[Coming, ...]
    update: Worded | None
    update_at: Millis | None
    next_by: Millis | None
    kind: IncidentKind


@dataclass(frozen=True, slots=True)
class KnownOne:
    """Something known that may be theirs; `said` stands before the words of its newest update."""

    incident: StreamId
    line: Text
    said: Text
    update: Worded | None


@dataclass(frozen=True, slots=True)
class Face:
    """What customers see of their incident, each of them the same."""

    progress: Progress
    expected: Expected | None


@dataclass(frozen=True, slots=True)
class Mine:
    """A customer's own report. `question` is the one to answer now, `raw` what was said to it
    before; `ready` to be sent. `seen` of so many `messages` were on the customer's screen.
    The desk has seen the messages up to number `read`. The conversation goes on at `channel`;
    `joining` is an account that asks to be theirs.
    `expected` is there while it can be sent, and until somebody has looked at it. `offered` may be
    what they report.
    """

    report: StreamId
    version: int
    incident: StreamId
    reference: str
    language: str
    stage: str
    asking: bool
    left: str
    danger: bool
    distress: bool
    cared: bool
    question: Question | None
    raw: JsonValue
    ready: bool
    can_go_back: bool
    step: int
    steps: int
    answers: tuple[Answer, ...]
    waiting: bool
    progress: Progress | None
    expected: Expected | None
    confirm_until: Millis | None
    open_until: Millis | None
    answered_fix: str
    cancelled: bool
    rating: int | None
    messages: int
    seen: int
    started_at: Millis
    touched_at: Millis
    way_back: bool
    mailed: bool
    person: PersonId
    channel: str
    channel_title: str
    joining: Waiting | None
    read: int
    files: tuple[FileView, ...]
    offered: tuple[KnownOne, ...] = ()


class ChatReads(JoiningReads):
    """Queries of a customer, who is known by the place that they write from."""

    async def current(self, person: PersonId, seat: str) -> Report | None:
        """The report that what this person says now belongs to, or that they last had here."""
        also = family(await self.person(person))
        stream = await self.engine.directory.current(person, seat, also)
        state = None if stream is None else await self.state(stream)
        mine = isinstance(state, Report) and state.person in (person, *also)
        return state if isinstance(state, Report) and mine else None

    async def mine(self, person: PersonId, seat: str) -> Mine | None:
        """The customer's report as it stands now."""
        state = await self.current(person, seat)
        if state is None:
            return None
        guest = await self.person(person)
        version = (await self.engine.live(state.stream)).version
        incident = None if state.incident is None else await self.state(state.incident)
        known = incident if isinstance(incident, Incident) else None
        found = self._mine(state, version, known)
        joining = None if guest is None else self.guest(guest)
        asked = await self._offered(state)
        return replace(found, person=person, joining=joining, offered=asked)

    async def _offered(self, state: Report) -> tuple[KnownOne, ...]:
        """What they are asked: is it this one?"""
        states = await self.engine.look(list(reads(state)))
        return tuple(self._known(one) for one in offered(state, states, self.playbook))

    def _known(self, one: Offered) -> KnownOne:
        told = one.update
        words = None if told is None else self.worded(told.words, told.language, told.also)
        return KnownOne(one.incident, one.line, one.said, words)

    async def face(self, incident: StreamId) -> Face | None:
        """The incident as all its customers see it."""
        state = await self.state(incident)
        if not isinstance(state, Incident):
            return None
        return await self.shared.get(("face", incident), lambda: self._face(state))

    async def _face(self, state: Incident) -> Face:
        return Face(self._progress(state), self._until_seen_to(state))

    def _mine(self, state: Report, version: int, incident: Incident | None) -> Mine:
        known = state.known()
        form = self._form(state)
        asked = visible(form, known)
        question = next_question(form, known) if state.asking else None
        key = question.key if question else None
        return Mine(
            report=state.stream,
            version=version,
            incident=state.incident or "",
            reference=state.reference,
            language=state.language,
            stage=state.stage,
            asking=state.asking,
            left=state.left,
            danger=state.danger,
            distress=state.care.since is not None,
            cared=state.care.unclocked,
            question=question,
            raw=self._reopened(state, question),
            ready=state.asking and question is None and complete(form, known),
            can_go_back=state.asking and previous_question(form, known, key) is not None,
            step=sum(one.key in known for one in asked) + 1,
            steps=len(asked),
            answers=self._answers(state, form),
            waiting=state.waiting_since is not None,
            progress=None if incident is None else self._progress(incident),
            expected=self._expected(state, incident),
            confirm_until=state.confirm_until,
            open_until=state.open_until,
            answered_fix=state.answered_fix or "",
            cancelled=state.closed_as == "cancelled",
            rating=state.rating,
            messages=state.conversation.count,
            seen=state.conversation.seen_by_customer,
            started_at=state.started_at,
            touched_at=state.touched_at,
            mailed=state.mailed is not None,
            person=state.person,
            channel=state.seat.channel,
            channel_title=self.title(state.seat.channel),
            joining=None,
            way_back=bool(state.way_back) and self.now < state.way_back_until,
            read=state.conversation.seen_by_desk,
            files=tuple(view_of(state.stream, one, self.said) for one in state.files),
        )

    def _form(self, state: Report) -> Form:
        """The pinned questions in today's wording, likely categories first."""
        plan = self.edition(state.playbook)
        known, likely = state.known(), self._likely(state)
        pinned = form_for(plan, known, likely, state.danger)
        return reworded(pinned, form_for(self.playbook, known, likely, state.danger))

    def _likely(self, state: Report) -> list[str]:
        if state.answer(CATEGORY) is not None or not state.asking:
            return []
        plan = self.edition(state.playbook)
        kinds = {one.key: one.type for one in intake_form(plan, "").questions}
        said = " ".join(
            self.said(one.value) or ""
            for one in state.answers
            if isinstance(one.value, Personal) and kinds.get(one.field) is QuestionType.LONG_TEXT
        )
        return [one.category for one in suggest(plan, said, state.language)]

    def _answers(self, state: Report, form: Form) -> tuple[Answer, ...]:
        asked = {one.key: one for one in visible(form, state.known())}
        found = [
            self._answer(asked[one.field], one, state)
            for one in state.answers
            if one.field in asked and not one.reopened
        ]
        return tuple(sorted(found, key=lambda one: one.at))

    def _answer(self, question: Question, given: Answered, state: Report) -> Answer:
        shown = "" if given.skipped else self.fact(question, given.value).value
        if shown and question.type is QuestionType.FILE:
            shown = self._names(state, self._raw(given))
        return Answer(question, given.skipped, shown, self._raw(given), given.at)

    def _names(self, state: Report, raw: JsonValue) -> Said:
        ids = raw if isinstance(raw, list) else []
        return ", ".join(self.said(one.name) or "" for one in state.files if one.file in ids)

    def _reopened(self, state: Report, question: Question | None) -> JsonValue:
        """The answer that is being thought over again."""
        given = None if question is None else state.answer(question.key)
        return None if given is None or given.skipped else self._raw(given)

    def _raw(self, given: Answered) -> JsonValue:
        value = given.value
        if isinstance(value, Personal):
            return self.opened(value)
        return as_json(value)

    def ordinary(self, now: Millis) -> tuple[Expected, Expected]:
        """What a report that is nothing special can expect, and one of danger."""
        plan = self.playbook
        return expected(plan, plan, Priority.P3, now), expected(plan, plan, Priority.P1, now)

    def _expected(self, state: Report, incident: Incident | None) -> Expected | None:
        if incident is None:
            return self._before_sending(state) if state.asking else None
        return self._until_seen_to(incident)

    def _until_seen_to(self, incident: Incident) -> Expected | None:
        if not incident.working or incident.acknowledged_at or incident.owner is not None:
            return None
        if incident.shelter.unclocked:  # Nobody in distress is told of times.
            return None
        plan = self.engine.editions.edition(incident.playbook)
        look_by = incident.targets.acknowledge
        return expected(plan, self.playbook, incident.priority, self.now, look_by)

    def _before_sending(self, state: Report) -> Expected:
        plan, known = self.edition(state.playbook), state.known()
        category = str(known.get(CATEGORY) or "") or None
        level = priority(self.playbook, assess(plan, category, known))
        return expected(self.playbook, self.playbook, level, self.now)

    def _progress(self, state: Incident) -> Progress:
        heard = state.heard("reporters")
        shown = heard if heard is not None and not heard.withdrawn else None
        return Progress(
            status=state.status,
            taken=state.owner is not None,
            coming=tuple(
                Coming(one.status, one.eta, one.eta_passed)
                for task in state.tasks
                if not task.cancelled
                for one in task.places
            ),
            update=self.worded(shown.words, shown.language, shown.also) if shown else None,
            update_at=shown.at if shown else None,
            next_by=state.targets.update if state.working and shown and shown.next_by else None,
            kind=state.incident_kind,
        )
