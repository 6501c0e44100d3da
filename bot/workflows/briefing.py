"""Briefing: who takes a task is told alone what they need there, by IIMARCH.

Who claims it in a place of many people reads it on the channel by which they did; who was chosen,
or takes a place over, on every channel that they have. What customers said, and how they are
reached, stands in no place that others read.
"""

from collections.abc import Iterator

from bot.core import incident_events as ie
from bot.core import resource_words as rw
from bot.core.calendar import HOUR
from bot.core.context import Context
from bot.core.events import Recorded
from bot.core.handling import task_of
from bot.core.iimarch import as_text, briefing, whose
from bot.core.incident import Incident
from bot.core.intents import Intent, Say
from bot.core.notices import lane
from bot.core.rules import Workflow
from bot.core.task import Task
from bot.core.tasking import Call, marked, tell
from bot.core.texts import Ref, Text, When, t


def on_claimed(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """On the channel by which they took it; a page that they took it on shows it anyway."""
    event = rec.event
    assert isinstance(event, ie.TaskClaimed | rw.PlaceHandedOver)
    task = task_of(rec, state)
    text, subject = _briefing(state, task, event, ctx), whose(state) or task.what.subject
    until = event.eta + HOUR
    if event.person != ctx.actor.person:
        call = Call(state, task.number, text, "task", until, subject)
        yield from tell(call, event.person, event.alone)
    elif ctx.alone is not None and ctx.alone.reached:
        # It is about whoever needs help, and is erased with them.
        yield Say(
            to=ctx.alone,
            lane=lane(state),
            text=marked(state, text),
            subject=subject,
            until=until,
            task=task.number,
            colleague=True,
        )


def _briefing(
    state: Incident, task: Task, event: ie.TaskClaimed | rw.PlaceHandedOver, ctx: Context
) -> Text:
    said = t(
        "You took task {n} of {ref}. You said that you will be there at {eta}.",
        n=task.number,
        ref=Ref(ref=state.reference),
        eta=When(at=event.eta),
    )
    return as_text(said, briefing(state, task, ctx.playbook, ctx.edition(state.playbook)))


WORKFLOW = Workflow(reactors=((ie.TaskClaimed, on_claimed), (rw.PlaceHandedOver, on_claimed)))
