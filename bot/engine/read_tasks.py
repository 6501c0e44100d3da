"""What resources read: the tasks that are open, and the briefing of those that they claimed.

Whoever has not claimed a task sees what is needed and where, nothing of the customer; the
briefing opens with the claim.
"""

from dataclasses import dataclass

from bot.core.access import may_see
from bot.core.forms import QuestionType
from bot.core.ids import Millis, PersonId, StreamId
from bot.core.incident import Incident
from bot.core.incident_words import How
from bot.core.playbook_forms import intake_form
from bot.core.priority import Priority
from bot.core.task import Task
from bot.core.texts import Phrase
from bot.engine.choosing import named_crew
from bot.engine.read import Fact, Said, Staff
from bot.engine.read_board import may
from bot.engine.read_crew import Heading, PlaceView, brief, people_of
from bot.engine.read_incident import DeskReads
from bot.engine.roster import EVERY_ROW
from bot.store.base import number, text

WANTED_MOST = 40
"""More on a phone are a list that nobody reads; whoever claims one sees the next."""


@dataclass(frozen=True, slots=True)
class TaskCard:
    """A task as one person sees it. `mine` is their own place; `briefing` comes with it.

    `bid` is when they said that they could be there; `offered` are colleagues who ask them to take
    over, `colleagues` those whom they may ask themselves.
    """

    incident: StreamId
    version: int
    number: int
    reference: str
    priority: Priority
    danger: bool
    category: Phrase | None
    skill: str
    skill_name: Phrase | str
    what: Phrase | Said
    where: Said
    needed: int
    status: str
    places: tuple[PlaceView, ...]
    mine: PlaceView | None
    declined: bool
    asked_at: Millis
    briefing: tuple[Heading, ...]
    how: How = "ring"
    asked: bool = False
    bid: Millis | None = None
    offered: tuple[tuple[PersonId, str], ...] = ()
    colleagues: tuple[tuple[PersonId, str], ...] = ()
    names: tuple[tuple[PersonId, str], ...] = ()

    @property
    def id(self) -> str:
        """Unique among all tasks."""
        return f"{self.incident}-{self.number}"

    @property
    def free(self) -> int:
        """How many more are wanted."""
        return max(0, self.needed - len(self.places))


@dataclass(frozen=True, slots=True)
class TaskBoard:
    """One's own tasks first, then those that others are still wanted for: what one's skills fit
    (everything, for who has said none, or asks resources and is none), and the rest.

    Of both only the most pressing; `open_more` and `rest_more` wait behind them.
    """

    mine: tuple[TaskCard, ...]
    open: tuple[TaskCard, ...]
    rest: tuple[TaskCard, ...]
    open_more: int = 0
    rest_more: int = 0


@dataclass(frozen=True, slots=True)
class Printed:
    """A briefing on one page; `read` are those who said that they have read it."""

    reference: str
    number: int
    briefing: tuple[Heading, ...]
    names: tuple[tuple[PersonId, str], ...]
    read: tuple[PersonId, ...]
    at: Millis


class TaskReads(DeskReads):
    """Queries of the task board."""

    async def task_board(self, staff: Staff) -> TaskBoard:
        """Every task that this person has or could claim."""
        status = {"status": ["open", "claimed"]}
        rows = await self.store.select("tasks", status, limit=EVERY_ROW)
        found = [
            await self.task_card(staff, text(row, "incident"), number(row, "task")) for row in rows
        ]
        cards = sorted((one for one in found if one), key=lambda one: (one.priority, one.asked_at))
        wanted = [one for one in cards if not one.mine]
        fit = [one for one in wanted if _fits(one, staff)]
        rest = [one for one in wanted if not _fits(one, staff)]
        return TaskBoard(
            mine=tuple(one for one in cards if one.mine),
            open=tuple(fit[:WANTED_MOST]),
            rest=tuple(rest[:WANTED_MOST]),
            open_more=max(0, len(fit) - WANTED_MOST),
            rest_more=max(0, len(rest) - WANTED_MOST),
        )

    async def task_card(self, staff: Staff, incident: StreamId, number: int) -> TaskCard | None:
        """One task; None when this person has nothing to do with it any more."""
        live = await self.engine.live(incident)
        state = live.state
        if not isinstance(state, Incident) or not (staff.desk or staff.has("resource")):
            return None
        task = state.task(number)
        if task is None or task.cancelled or state.ended:
            return None
        own = task.place_of(staff.person)
        is_wanted = task.status == "open" and state.working and may_see(staff.actor, state)
        is_wanted = is_wanted and (staff.desk or _is_asked(task, staff))
        is_offered = any(one.offered_to == staff.person for one in task.places)
        if own is None and not is_wanted and not is_offered:
            return None
        if own is not None and own.status == "done":
            return None
        return await self._task_card(staff, state, live.version, number)

    async def _task_card(
        self, staff: Staff, state: Incident, version: int, number: int
    ) -> TaskCard:
        task = state.tasks[number - 1]
        shown = (await self.tasks(state))[number - 1]
        facts = self.facts(state.facts, state.playbook, state.category)
        mine = next((one for one in shown.places if one.person == staff.person), None)
        return TaskCard(
            incident=state.stream,
            version=version,
            number=number,
            reference=state.reference,
            priority=state.priority,
            danger=state.danger,
            category=self.playbook.category_name(state.category),
            skill=task.skill,
            skill_name=shown.skill,
            what=shown.what,
            where=self._where(state, facts),
            needed=task.needed,
            status=task.status,
            places=shown.places,
            mine=mine,
            declined=staff.person in task.declined,
            asked_at=task.asked_at,
            briefing=brief(self, state, task) if mine else (),
            how=task.call.how,
            asked=task.call.was_asked(staff.person),
            bid=None if (bid := task.call.bid_of(staff.person)) is None else bid.eta,
            offered=tuple(
                (one.person, one.name)
                for one, held in zip(shown.places, task.places, strict=True)
                if held.offered_to == staff.person
            ),
            colleagues=await self._colleagues(state, staff) if mine else (),
            names=await self._named(state, task) if mine else (),
        )

    async def _named(self, state: Incident, task: Task) -> tuple[tuple[PersonId, str], ...]:
        """Whom its briefing speaks of."""
        wanted = [*people_of(task), *([state.owner] if state.owner else [])]
        return tuple((await self.names(wanted)).items())

    async def printed(self, staff: Staff, reference: str, number: int) -> Printed | None:
        """The briefing of a task on paper, for who may see its incident."""
        stream = await self.stream_of(reference)
        state = None if stream is None else await self.state(stream)
        if not isinstance(state, Incident) or not may(staff, state):
            return None
        task = state.task(number)
        if task is None:
            return None
        names = await self._named(state, task)
        read = tuple(one.person for one in task.places if one.read_at is not None)
        return Printed(state.reference, number, brief(self, state, task), names, read, self.now)

    async def _colleagues(self, state: Incident, staff: Staff) -> tuple[tuple[PersonId, str], ...]:
        """Whom somebody may ask to take over."""
        crew, names = await named_crew(self, state.stream)
        found = (one.person for one in crew.people if not one.off and one.person != staff.person)
        return tuple((one, names.get(one, "")) for one in found)

    def _where(self, state: Incident, facts: tuple[Fact, ...]) -> Said:
        form = intake_form(self.edition(state.playbook), state.category)
        places = [one.key for one in form.questions if one.type is QuestionType.LOCATION]
        found = next((one.value for one in facts if one.key in places), "")
        return found if isinstance(found, str) or found is None else ""


def _is_asked(task: Task, staff: Staff) -> bool:
    """One that is asked of one after the other is for them, until nobody is left to ask."""
    return task.call.how != "one" or bool(task.rounds) or task.call.was_asked(staff.person)


def _fits(task: TaskCard, staff: Staff) -> bool:
    if task.asked or task.offered or not staff.skills or not staff.has("resource"):
        return True
    return not task.skill or task.skill in staff.skills
