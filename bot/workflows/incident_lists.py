"""The rows that an incident stands for in lists: the board, the tasks, the updates."""

from collections.abc import Iterator

from bot.core.caller import KEYS
from bot.core.ids import Kind
from bot.core.incident import Incident, Update
from bot.core.incident_listed import IncidentRow, TaskRow, UpdateRow
from bot.core.incident_words import Fact, TaskStatus
from bot.core.personal import Personal
from bot.core.rows import Findable, Listed, ListRow
from bot.core.rules import Lister
from bot.core.task import Task

SUMMARY = 2
"""How many answers stand on one line of a list."""


def rows(state: Incident) -> Iterator[Listed]:
    """The incident's reference, its lines in the lists, and the words it can be found by."""
    yield ListRow(
        table="refs",
        columns={"reference": state.reference, "stream": state.stream},
        new=True,
    )
    summary = _summary(state)
    yield _incident(state, summary)
    for task in state.tasks:
        yield _task(state, task, summary)
    for update in state.latest:
        yield _update(state, update)
    yield from _findable(state)


def _summary(state: Incident) -> tuple[Fact, ...]:
    """Answers to what everybody is asked; those of a category have its name before a dot.

    Who called is for those who work on it, not for everybody who reads a list.
    """
    common = (one for one in state.facts if "." not in one.field and one.field not in KEYS)
    return tuple(one for one in common if isinstance(one.value, Personal))[:SUMMARY]


def _incident(state: Incident, summary: tuple[Fact, ...]) -> ListRow:
    return ListRow(
        table="incidents",
        columns={
            "incident": state.stream,
            "reference": state.reference,
            "status": state.status,
            "ended": 1 if state.ended else 0,
            "priority": state.priority.value,
            "category": state.category,
            "owner": state.owner,
            "visibility": state.visibility,
            "mode": state.mode,
            "opened_at": state.opened_at,
            "touched_at": state.touched_at,
        },
        body=_incident_row(state, summary),
    )


def _incident_row(state: Incident, summary: tuple[Fact, ...]) -> IncidentRow:
    coming = [
        place.eta
        for task in state.tasks
        if not task.cancelled
        for place in task.places
        if place.status in ("claimed", "en_route")
    ]
    return IncidentRow(
        incident_kind=state.incident_kind,
        danger=state.danger,
        impact=state.impact,
        urgency=state.urgency,
        overridden=state.overridden,
        targets=state.targets,
        bands=state.bands,
        summary=summary,
        owner_since=state.owner_since,
        acknowledged_at=state.acknowledged_at,
        acknowledged_by=state.acknowledged_by,
        held_since=state.held_since,
        resolved_at=state.resolved_at,
        confirm_until=state.confirm_until,
        closed_at=state.closed_at,
        reopen_until=state.reopen_until,
        reopened=state.reopened,
        reports=state.reports,
        reports_settled=state.reports_settled,
        reports_withdrawn=state.reports_withdrawn,
        tasks_open=_count(state, "open"),
        tasks_claimed=_count(state, "claimed"),
        tasks_done=_count(state, "done"),
        next_eta=min(coming, default=None),
        updates=state.updates,
    )


def _count(state: Incident, status: TaskStatus) -> int:
    return sum(task.status == status for task in state.tasks)


def _task(state: Incident, task: Task, summary: tuple[Fact, ...]) -> ListRow:
    return ListRow(
        table="tasks",
        columns={
            "incident": state.stream,
            "task": task.number,
            "status": task.status,
            "skill": task.skill,
            "touched_at": task.touched_at,
        },
        body=TaskRow(
            reference=state.reference,
            incident_status=state.status,
            visibility=state.visibility,
            priority=state.priority,
            danger=state.danger,
            category=state.category,
            summary=summary,
            what=task.what,
            template=task.template,
            needed=task.needed,
            places=task.places,
            declined=task.declined,
            opened_at=task.opened_at,
            rounds=task.rounds,
        ),
    )


def _update(state: Incident, update: Update) -> ListRow:
    return ListRow(
        table="updates",
        columns={
            "incident": state.stream,
            "number": update.number,
            "audience": update.audience,
            "at": update.at,
            "withdrawn": 1 if update.withdrawn else 0,
            "subject": update.words.subject,
        },
        lasting=True,
        body=UpdateRow(
            reference=state.reference,
            category=state.category,
            priority=state.priority,
            words=update.words,
            next_by=update.next_by,
            corrected=update.corrected,
            language=update.language,
            also=update.also,
            unapproved=update.unapproved,
        ),
    )


def _findable(state: Incident) -> Iterator[Findable]:
    """Everything personal that the state holds, by where it stands; erased words find nothing."""
    held = [(f"fact:{one.field}", one.value) for one in state.facts]
    held += [(f"task:{one.number}", one.what) for one in state.tasks]
    held += [(f"update:{one.number}", one.words) for one in state.latest]
    held += [
        (f"update:{one.number}:{other.language}", other.words)
        for one in state.latest
        for other in one.also
    ]
    held += [("resolution", state.resolution), ("cause", state.problem.cause)]
    if state.incident_kind == "problem":  # Its incidents show it, and are not found by it.
        held += [("workaround", state.problem.workaround)]
    known = state.major.methane.letters
    held += [(f"methane:{one.letter}", one.words) for one in known if one.words is not None]
    held += [(f"decision:{one.number}", one.decision) for one in state.major.decisions]
    for field, words in held:
        if isinstance(words, Personal) and not words.erased:
            yield Findable(field=field, words=words)


LISTS: dict[Kind, Lister] = {"incident": rows}
