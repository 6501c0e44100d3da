"""Who is on now and how much each carries: kept at hand, and brought up to date by what changed.

It is read whole once; from then on only the streams that moved are looked at again, and those
only when somebody asks. Several pages share it.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from weakref import WeakKeyDictionary

from bot.core.errors import MusterError
from bot.core.handling import STAFF
from bot.core.ids import Millis, PersonId, StreamId
from bot.core.incident import Incident
from bot.core.incident_listed import TaskRow
from bot.core.incident_words import WORKING, TaskPlace
from bot.core.listed import PersonRow
from bot.core.person import Person
from bot.core.personal import Personal
from bot.engine.handle import Engine
from bot.engine.hub import Changed, News
from bot.store.base import text

EVERY_ROW = 1_000_000
MOVED_MOST = 5_000
"""More than this is read anew rather than one by one."""
DONE_LOOKED_AT = 1_000
LISTED = frozenset({"people", "incidents", "tasks"})


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the staff. `owns` and `tasks` are references of incidents, one per task;
    `worked_at` is when they were last done with one, as far as that is known.
    """

    person: PersonId
    name: str
    roles: tuple[str, ...]
    skills: tuple[str, ...]
    available: bool
    off: bool
    away_until: Millis | None
    areas: tuple[str, ...] = ()
    owns: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    worked_at: Millis | None = None


@dataclass(frozen=True, slots=True)
class Hand:
    """Somebody to whom an incident can be handed over: how many they own and hold already."""

    person: PersonId
    name: str
    available: bool
    away_until: Millis | None
    owns: int
    tasks: int


@dataclass(frozen=True, slots=True)
class _Work:
    """Who owns an incident and who is on its tasks."""

    reference: str
    owner: PersonId | None
    on_tasks: tuple[PersonId, ...]


_SHARED: "WeakKeyDictionary[Engine, Roster]" = WeakKeyDictionary()


class Roster:
    """See the module. Names are those of the newest state; an erased one is not there."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._people: dict[PersonId, Colleague] = {}
        self._work: dict[StreamId, _Work] = {}
        self._worked_at: dict[PersonId, Millis] = {}
        self._moved: dict[StreamId, None] = {}
        self._read_at: int | None = None
        self._shown: list[Colleague] | None = None
        self._one_at_a_time = asyncio.Lock()
        engine.hub.listen(self._hear)

    @classmethod
    def of(cls, engine: Engine) -> "Roster":
        """The one that this engine's readers share."""
        found = _SHARED.get(engine)
        if found is None:
            found = _SHARED[engine] = cls(engine)
        return found

    def _hear(self, news: News) -> None:
        if isinstance(news, Changed) and self._read_at is not None and news.tables & LISTED:
            self._moved[news.stream] = None
            if len(self._moved) > MOVED_MOST:
                self._read_at = None
                self._moved.clear()

    async def colleagues(self) -> list[Colleague]:
        """Everybody who has joined and was not shut out, with what they carry."""
        await self._refresh()
        if self._shown is None:
            self._shown = self._counted()
        return self._shown

    def _counted(self) -> list[Colleague]:
        owns, tasks = self.carried()
        return [
            replace(
                one,
                owns=tuple(owns.get(one.person, ())),
                tasks=tuple(tasks.get(one.person, ())),
                worked_at=self._worked_at.get(one.person),
            )
            for one in self._people.values()
        ]

    async def loads(self) -> tuple[Mapping[PersonId, list[str]], Mapping[PersonId, list[str]]]:
        """References of incidents by who owns them, and by who is on their tasks."""
        await self._refresh()
        return self.carried()

    def carried(self) -> tuple[Mapping[PersonId, list[str]], Mapping[PersonId, list[str]]]:
        """The same as it was read last."""
        owns: defaultdict[PersonId, list[str]] = defaultdict(list)
        tasks: defaultdict[PersonId, list[str]] = defaultdict(list)
        for _, work in sorted(self._work.items()):
            if work.owner is not None:
                owns[work.owner].append(work.reference)
            for person in work.on_tasks:
                tasks[person].append(work.reference)
        return owns, tasks

    # --- reading ---------------------------------------------------------------------------

    async def _refresh(self) -> None:
        async with self._one_at_a_time:
            if self._read_at != self._engine.doubts:
                try:
                    await self._read()
                except MusterError:
                    self._read_at = None
                    raise
            while self._moved:
                stream = next(iter(self._moved))
                # Whatever moves while it is read is noted again.
                del self._moved[stream]
                await self._look(stream)

    async def _look(self, stream: StreamId) -> None:
        try:
            state = (await self._engine.live(stream)).state
        except MusterError:
            self._read_at = None
            raise
        if isinstance(state, Person):
            self._seen(state)
        elif isinstance(state, Incident):
            self._worked(state)
        self._shown = None

    async def _read(self) -> None:
        self._read_at = self._engine.doubts
        self._moved.clear()
        store, codec = self._engine.store, self._engine.codec
        people = await store.select("people", {"disabled": 0}, order="person", limit=EVERY_ROW)
        incidents = await store.select("incidents", {"ended": 0}, limit=EVERY_ROW)
        tasks = await store.select("tasks", {"status": ["open", "claimed"]}, limit=EVERY_ROW)
        found = {
            text(row, "person"): codec.decode_row(PersonRow, text(row, "body")) for row in people
        }
        self._people = {}
        for person, row in found.items():
            self._keep(person, row, row.invited_until is None)
        on: dict[StreamId, list[PersonId]] = defaultdict(list)
        for one in tasks:
            on[text(one, "incident")] += _busy(codec.decode_row(TaskRow, text(one, "body")).places)
        self._work = {
            text(row, "incident"): _Work(
                text(row, "reference"),
                row["owner"] if isinstance(row["owner"], str) else None,
                tuple(on[text(row, "incident")]),
            )
            for row in incidents
            if row["status"] in WORKING
        }
        await self._rested()
        self._shown = None

    async def _rested(self) -> None:
        """When each was last done with a task, of the newest that are done."""
        done = await self._engine.store.select(
            "tasks", {"status": "done"}, order="touched_at", descending=True, limit=DONE_LOOKED_AT
        )
        self._worked_at = {}
        for one in done:
            self._came_back(self._engine.codec.decode_row(TaskRow, text(one, "body")).places)

    def _came_back(self, places: Iterable[TaskPlace]) -> None:
        for one in places:
            if one.done_at is not None:
                before = self._worked_at.get(one.person, one.done_at)
                self._worked_at[one.person] = max(before, one.done_at)

    def _seen(self, state: Person) -> None:
        self._people.pop(state.stream, None)
        self._keep(state.stream, state, state.invitation is None and not state.disabled)

    def _keep(self, person: PersonId, known: Person | PersonRow, here: bool) -> None:
        name = self._name(known.called if isinstance(known, Person) else known.name) if here else ""
        if name:
            self._people[person] = Colleague(
                person=person,
                name=name,
                roles=known.roles,
                skills=known.skills,
                available=known.available,
                off=known.off,
                away_until=known.away_until,
                areas=known.areas,
            )

    def _name(self, name: Personal | None) -> str:
        opened = None if name is None else name.open(self._engine.codec.open)
        return opened if isinstance(opened, str) else ""

    def _worked(self, state: Incident) -> None:
        self._work.pop(state.stream, None)
        for task in state.tasks:
            self._came_back(task.places)
        if state.status in WORKING:
            wanted = (one for one in state.tasks if one.status in ("open", "claimed"))
            on = (person for task in wanted for person in _busy(task.places))
            self._work[state.stream] = _Work(state.reference, state.owner, tuple(on))


def _busy(places: Iterable[TaskPlace]) -> list[PersonId]:
    return [one.person for one in places if one.status != "done"]


# --- what is asked of it ---------------------------------------------------------------------


def hands(people: Iterable[Colleague], owner: PersonId | None) -> tuple[Hand, ...]:
    """To whom it can be handed over: who works incidents, is on and has it not; those who are
    available and carry least come first.
    """
    found = (
        Hand(one.person, one.name, one.available, one.away_until, len(one.owns), len(one.tasks))
        for one in people
        if not one.off and one.person != owner and any(role in STAFF for role in one.roles)
    )
    return tuple(sorted(found, key=_by_load))


def _by_load(one: Hand) -> tuple[bool, int, int, str, PersonId]:
    return (not one.available, one.owns, one.tasks, one.name.casefold(), one.person)


def able(people: Iterable[Colleague], skills: Iterable[str]) -> tuple[tuple[str, int], ...]:
    """How many resources are available now, by skill; "" for all of them."""
    free = [one for one in people if one.available and "resource" in one.roles]
    return (
        ("", len(free)),
        *((skill, sum(skill in one.skills for one in free)) for skill in skills),
    )
