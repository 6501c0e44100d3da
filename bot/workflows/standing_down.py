"""Standing down: whoever was asked, bids or comes hears once that the need is gone, with thanks."""

from collections.abc import Iterator, Sequence

from bot.core import incident_events as ie
from bot.core.context import Context
from bot.core.events import Recorded
from bot.core.handling import task_of
from bot.core.ids import PersonId
from bot.core.incident import Incident
from bot.core.intents import Intent
from bot.core.notices import NEWS_LASTS
from bot.core.rules import Workflow
from bot.core.task import COMING, Task
from bot.core.tasking import Call, task_name, tell
from bot.core.texts import Ref, t


def on_cancelled(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """The task is called off, by somebody or with its incident."""
    task = task_of(rec, state)
    there = [one.person for one in task.places if one.status != "done"]
    yield from _told(rec, state, task, [*there, *task.call.involved(but=tuple(there))], ctx)


def on_resolved(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Where somebody is on site the task goes on to its end, and nobody more need come."""
    for task in state.tasks:
        if task.status != "done" and not task.cancelled and _is_there(task):
            coming = [one.person for one in task.places if one.status in COMING]
            yield from _told(rec, state, task, [*coming, *task.call.involved()], ctx)


def _is_there(task: Task) -> bool:
    return any(one.status == "on_site" for one in task.places)


def _told(
    rec: Recorded, state: Incident, task: Task, people: Sequence[PersonId], ctx: Context
) -> Iterator[Intent]:
    if not people:
        return
    text = t(
        "Stand down: {what} ({ref}) is not needed any more. Thank you.",
        what=task_name(task, ctx) or t("what was asked for"),
        ref=Ref(ref=state.reference),
    )
    held = {one.person: one.alone for one in task.places}
    seats = {one.person: one.alone for one in task.call.bids} | held
    call = Call(state, 0, text, "task_cancelled", rec.at + NEWS_LASTS)
    for person in dict.fromkeys(people):
        yield from tell(call, person, seats.get(person))


WORKFLOW = Workflow(
    reactors=((ie.TaskCancelled, on_cancelled), (ie.IncidentResolved, on_resolved)),
)
