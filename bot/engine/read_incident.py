"""One incident with all that belongs to it, and one report with its conversation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.calendar import MINUTE
from bot.core.ids import Millis, PersonId, StreamId
from bot.core.incident import Incident, Update
from bot.core.incident_words import IncidentKind
from bot.core.milestone_words import Milestone
from bot.core.personal import Personal
from bot.core.playbook import Playbook
from bot.core.playbook_assess import task_parts
from bot.core.playbook_parts import TaskPart
from bot.core.priority import Level
from bot.core.publishing import untold
from bot.core.report import Report
from bot.core.suggesting import Crew
from bot.core.task import Task
from bot.core.texts import Phrase, Text
from bot.engine import read_alarms
from bot.engine.choosing import named_crew
from bot.engine.ledger_views import Counts
from bot.engine.read import PAGE, Fact, Said, Staff, Worded
from bot.engine.read_board import BoardReads, Card, Due, dues, may
from bot.engine.read_canned import Ready, ready_answers
from bot.engine.read_care import CareView, care
from bot.engine.read_crew import (
    Asking,
    PlaceView,
    TaskView,
    answered,
    bids,
    people_of,
    suggested,
    wanted_skills,
)
from bot.engine.read_drafts import DraftView, drafts
from bot.engine.read_ledger import told
from bot.engine.read_major import MajorView, major
from bot.engine.read_marks import Mark
from bot.engine.read_milestones import how_long
from bot.engine.read_paths import PathView, path_view
from bot.engine.read_paths import people as walkers
from bot.engine.read_problems import ProblemView, problem_view
from bot.engine.read_script import StepView, doers, script
from bot.engine.read_talk import Message, messages
from bot.engine.read_ties import LikelyOne, Tie, likely, ties
from bot.engine.read_timeline import Entry, entries, told_to
from bot.engine.roster import Hand, able, hands
from bot.store.base import text
from bot.views.milestone_forms import correctable
from bot.views.milestones import Took

CONVERSATIONS = 20


@dataclass(frozen=True, slots=True)
class Conversation:
    """A report beside its incident: what was answered and what was said."""

    report: StreamId
    version: int
    reference: str
    stage: str
    asking: bool
    left: str
    language: str
    started_at: Millis
    waiting: Millis | None
    rating: int | None
    count: int
    unseen: int
    reachable: bool
    reached: bool
    incident: str
    care: CareView
    facts: tuple[Fact, ...]
    messages: tuple[Message, ...]
    canned: tuple[Ready, ...]

    @property
    def marks(self) -> tuple[Mark | None, ...]:
        """What became of the messages: it changes without any event."""
        return tuple(one.mark for one in self.messages)

    @property
    def cut(self) -> bool:
        """Whether there are earlier messages than those."""
        return next((one.number for one in self.messages if one.number), 1) > 1


@dataclass(frozen=True, slots=True)
class UpdateView:
    """A published update."""

    number: int
    at: Millis
    words: Said
    worded: Worded
    audience: str
    next_by: Millis | None
    corrected: bool
    withdrawn: bool
    as_of: int
    unapproved: bool = False


@dataclass(frozen=True, slots=True)
class HoldView:
    """Since and until when it is on hold, if it is; and for how long it was, in all."""

    since: Millis | None
    until: Millis | None
    minutes: int


@dataclass(frozen=True, slots=True)
class IncidentPage:
    """One incident and all that belongs to it."""

    card: Card
    impact: Level
    urgency: Level
    overridden: bool
    acknowledged_at: Millis | None
    hold: HoldView
    resolution: Said
    confirm_until: Millis | None
    dues: tuple[Due, ...]
    facts: tuple[Fact, ...]
    tasks: tuple[TaskView, ...]
    templates: tuple[TaskPart, ...]
    fitting: tuple[str, ...]
    script: tuple[StepView, ...]
    updates: tuple[UpdateView, ...]
    conversations: tuple[Conversation, ...]
    timeline: tuple[Entry, ...]
    hands: tuple[Hand, ...]
    able: tuple[tuple[str, int], ...]
    names: Mapping[PersonId, str]
    owned_by: PersonId
    kind: IncidentKind
    path: PathView
    problem: ProblemView
    alarms: tuple[read_alarms.AlarmView, ...]
    category: str
    categories: Mapping[str, Phrase]
    ties: tuple[Tie, ...]
    likely: tuple[LikelyOne, ...]
    told: tuple[tuple[int, Counts], ...]
    major: MajorView
    drafts: tuple[DraftView, ...]
    untold: bool
    askings: tuple[Asking, ...]
    crew: Crew
    took: tuple[Took, ...]
    milestones: tuple[tuple[Milestone, Text], ...]

    def asked(self, template: str) -> TaskView | None:
        """The newest task that this template of the playbook became and that was not called off."""
        return next(
            (
                one
                for one in reversed(self.tasks)
                if one.template == template and one.status != "cancelled"
            ),
            None,
        )

    def can(self, skill: str | None) -> int:
        """How many resources with this skill are available now; of any, without one."""
        return dict(self.able).get(skill or "", 0)

    def none_can(self, skills: Sequence[str]) -> bool:
        """Whether nobody at all is available now, or for one of these skills nobody."""
        return not all(self.can(one) for one in ("", *skills))

    @property
    def unasked(self) -> str:
        """The first template that fits what is known and is still to be asked for; "" for none."""
        return next((one for one in self.fitting if self.asked(one) is None), "")


class DeskReads(BoardReads):
    """Queries of an incident's page. Each takes who asks; what they may not see is not there."""

    async def incident(self, staff: Staff, reference: str) -> IncidentPage | None:
        """One incident by its reference."""
        stream = await self.stream_of(reference)
        return None if stream is None else await self.incident_page(staff, stream)

    async def incident_page(self, staff: Staff, incident: StreamId) -> IncidentPage | None:
        """One incident with all that belongs to it."""
        live = await self.engine.live(incident)
        if not isinstance(live.state, Incident) or not may(staff, live.state):
            return None
        await self.looks.note(staff.person, live.state, "desk")
        live = await self.engine.live(incident)
        assert isinstance(live.state, Incident)
        return await self._page(staff, live.state, live.version)

    async def report(self, staff: Staff, reference: str) -> Conversation | None:
        """One report by its reference, for those who may see its incident."""
        stream = await self.stream_of(reference)
        return None if stream is None else await self.conversation(staff, stream)

    async def conversation(self, staff: Staff, report: StreamId) -> Conversation | None:
        """One report, for those who may see its incident."""
        live = await self.engine.live(report)
        state = live.state
        if not isinstance(state, Report) or not await self.is_open_to(staff, state):
            return None
        incident = None if state.incident is None else await self.state(state.incident)
        await self.looks.note(staff.person, incident, "desk")
        label = incident.reference if isinstance(incident, Incident) else ""
        return await self._conversation(state, live.version, label)

    async def is_open_to(self, staff: Staff, report: Report) -> bool:
        """Whether they may read it: as its incident, if it has one."""
        incident = None if report.incident is None else await self.state(report.incident)
        return staff.desk and (not isinstance(incident, Incident) or may(staff, incident))

    async def _page(self, staff: Staff, state: Incident, version: int) -> IncidentPage:
        timeline = told_to(staff, await self._timeline(state, version))
        people = [*walkers(state), *read_alarms.named(self, state), *doers(state)]
        people += [person for one in timeline for person in one.people]
        crew = await self.roster.colleagues()
        resources, called = await named_crew(self, state.stream)
        names = {**called, **await self.names(people)}
        templates = self._templates(state)
        skills = wanted_skills(state, tuple(one.skill or "" for one in templates))
        return IncidentPage(
            card=await self.line(state, version),
            impact=state.impact,
            urgency=state.urgency,
            overridden=state.overridden,
            acknowledged_at=state.acknowledged_at,
            hold=HoldView(state.held_since, state.held_until, state.held_ms // MINUTE),
            resolution=self.said(state.resolution),
            confirm_until=state.confirm_until,
            dues=dues(state),
            facts=self.facts(state.facts, state.playbook, state.category),
            tasks=await self.tasks(state),
            templates=templates,
            fitting=_fitting(self.edition(state.playbook), state),
            script=script(self.edition(state.playbook), state, names),
            updates=tuple(self.update(one) for one in reversed(state.latest)),
            conversations=await self._conversations(state),
            timeline=timeline,
            hands=hands(crew, state.owner),
            able=able(crew, self.playbook.skills),
            names=names,
            owned_by=state.owner or "",
            kind=state.incident_kind,
            path=path_view(self, state, names),
            problem=await problem_view(self, staff, state),
            alarms=read_alarms.alarms(self, state),
            category=state.category,
            categories=self._categories(state),
            ties=await ties(self, staff, state),
            likely=await likely(self, staff, state),
            told=await told(self, state),
            major=await major(self, state, version),
            drafts=await drafts(self, staff, state),
            untold=untold(state, self.edition(state.playbook)),
            askings=tuple(suggested(self, state, resources, called, one) for one in skills),
            crew=resources.model_copy(update={"at": 0}),
            took=await how_long(self, state),
            milestones=correctable(state),
        )

    def _templates(self, state: Incident) -> tuple[TaskPart, ...]:
        category = self.edition(state.playbook).categories.get(state.category)
        return () if category is None else category.tasks

    def _categories(self, state: Incident) -> dict[str, Phrase]:
        """Those that it may be, by their names of today."""
        every = self.edition(state.playbook).categories.items()
        return {key: self.playbook.category_name(key) or one.name for key, one in every}

    async def tasks(self, state: Incident) -> tuple[TaskView, ...]:
        """The tasks of an incident with the names of who is on them."""
        people = [person for task in state.tasks for person in people_of(task)]
        names = await self.names(people)
        return tuple(self._task(state, number, names) for number in range(1, len(state.tasks) + 1))

    def _task(self, state: Incident, number: int, names: dict[PersonId, str]) -> TaskView:
        task = state.tasks[number - 1]
        return TaskView(
            number=number,
            what=self._wanted(state, task),
            skill=self.playbook.skills.get(task.skill, task.skill),
            needed=task.needed,
            status=task.status,
            places=tuple(
                PlaceView(
                    one.person,
                    names.get(one.person, ""),
                    one.status,
                    one.eta,
                    one.eta_passed,
                    one.read_at is not None,
                    one.help,
                    one.unanswered,
                    names.get(one.offered_to or "", ""),
                )
                for one in task.places
            ),
            declined=len(task.declined),
            template=task.template,
            unseen_to=task.unseen_to,
            moved=task.moved,
            how=task.call.how,
            bids=bids(self, task, names),
            answered=answered(self, task, names),
        )

    def _wanted(self, state: Incident, task: Task) -> Phrase | Said:
        said = self.said(task.what)
        category = self.edition(state.playbook).categories.get(state.category)
        parts = () if category is None else category.tasks
        part = next((one for one in parts if one.key == task.template), None)
        language = self.playbook.organisation.default_language
        return part.ask if part is not None and part.ask.pick(language) == said else said

    def update(self, one: Update) -> UpdateView:
        """A published update with its present words."""
        return UpdateView(
            number=one.number,
            at=one.at,
            words=self.said(one.words),
            worded=self.worded(one.words, one.language, one.also),
            audience=one.audience,
            next_by=one.next_by,
            corrected=one.corrected,
            withdrawn=one.withdrawn,
            as_of=one.as_of,
            unapproved=one.unapproved,
        )

    async def _conversations(self, state: Incident) -> tuple[Conversation, ...]:
        rows = await self.rows("reports", {"incident": state.stream})
        found = []
        for row in rows[:CONVERSATIONS]:
            live = await self.engine.live(text(row, "report"))
            if isinstance(live.state, Report):
                found.append(await self._conversation(live.state, live.version, state.reference))
        return tuple(found)

    async def _conversation(self, state: Report, version: int, incident: str) -> Conversation:
        talk = state.conversation
        return Conversation(
            report=state.stream,
            version=version,
            reference=state.reference,
            stage=state.stage,
            asking=state.asking,
            left=state.left,
            language=state.language,
            started_at=state.started_at,
            waiting=state.waiting_since,
            rating=state.rating,
            count=talk.count,
            unseen=talk.count - talk.seen_by_desk,
            reachable=(
                state.seat.reached and state.serves(self.now) and state.subject not in state.erased
            ),
            reached=state.seat.reached,
            incident=incident,
            care=await care(self, state),
            facts=self.answers(state),
            messages=await messages(self, state, version),
            canned=await ready_answers(self, state),
        )

    async def _timeline(self, state: Incident, version: int) -> tuple[Entry, ...]:
        log = await self.log(state.stream, version, PAGE)
        return tuple(reversed(await entries(self, log)))


def _fitting(plan: Playbook, state: Incident) -> tuple[str, ...]:
    """The templates whose conditions hold, as far as that can be told without opening anything."""
    known = {one.field: one.value for one in state.facts if not isinstance(one.value, Personal)}
    return tuple(one.key for one in task_parts(plan, state.category, known))
