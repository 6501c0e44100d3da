"""Cards: wherever an incident or a task hangs, it looks like its state does now."""

from collections.abc import Iterator

from bot.core import incident_events as ie
from bot.core import major_words as jw
from bot.core.context import Context
from bot.core.events import Erased, Recorded
from bot.core.fold import State
from bot.core.handling import task_of
from bot.core.incident import Incident
from bot.core.intents import Intent, Show
from bot.core.notices import lane
from bot.core.registry import EVENT_TYPES
from bot.core.rules import Workflow
from bot.core.task import EVENTS


def show_incident(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """In the team's place. A restricted one is taken down there, and not hung up anew."""
    if state.visibility == "normal" or isinstance(rec.event, ie.VisibilityChanged):
        yield Show(
            card="incident", stream=state.stream, place="team", lane=lane(state, usual="card")
        )


def show_major(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Where the incident's own card hangs, once it is a major one."""
    shown = state.visibility == "normal" or isinstance(rec.event, ie.VisibilityChanged)
    if state.major.declared_at is not None and shown:
        yield Show(card="major", stream=state.stream, place="team", lane=lane(state, usual="card"))


_MAJOR: tuple[type[ie.IncidentEvent], ...] = (
    *jw.EVENTS,
    ie.PriorityChanged,
    ie.ReportAttached,
    ie.UpdatePublished,
    ie.VisibilityChanged,
)


def show_task(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Where resources are asked."""
    yield _task(state, task_of(rec, state).number)


def show_all(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """What may be seen of it has changed, so everything that hangs of it does."""
    yield from (_task(state, one.number) for one in state.tasks)
    for number in range(1, state.updates + 1):
        update = state.update(number)
        if update is not None and update.audience == "public":
            yield Show(card="update", stream=state.stream, number=number, place="team", lane="bulk")


def show_erased(rec: Recorded, state: State, ctx: Context) -> Iterator[Intent]:
    """What was deleted stands on no card."""
    if isinstance(state, Incident):
        yield from show_incident(rec, state, ctx)
        yield from (_task(state, one.number) for one in state.tasks)


def _task(state: Incident, number: int) -> Show:
    shown = lane(state, usual="card")
    return Show(card="task", stream=state.stream, number=number, place="resources", lane=shown)


_SHOWN = tuple(
    one
    for one in EVENT_TYPES
    if issubclass(one, ie.IncidentEvent) and one is not ie.IncidentNoteWritten
)

WORKFLOW = Workflow(
    reactors=(
        *((event, show_incident) for event in _SHOWN),
        *((event, show_major) for event in _MAJOR),
        *((event, show_task) for event in EVENTS),
        (ie.VisibilityChanged, show_all),
        (Erased, show_erased),
    ),
)
