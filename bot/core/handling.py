"""What the deciders about incidents share.

Who works on them, why nothing can be done any more, and what somebody wrote as a value of the
incident's own subject.
"""

from bot.core import incident_events as ie
from bot.core.access import NOT_FOUND
from bot.core.commands import Refused
from bot.core.context import Context
from bot.core.events import Event, Recorded
from bot.core.free_text import NOTE_MOST, words
from bot.core.ids import PersonId
from bot.core.incident import Incident
from bot.core.incident_events import TaskEvent
from bot.core.incident_words import Status
from bot.core.personal import Personal
from bot.core.task import Task
from bot.core.texts import Text, t

STAFF = ("agent", "supervisor")
REASON_LEAST = 3

_OVER: dict[Status, Text] = {
    "resolved": t("This incident is resolved. Reopen it if there is still something to do."),
    "closed": t("This incident is closed. Reopen it if there is still something to do."),
    "cancelled": t("This incident was cancelled. Open a new one if there is something to do."),
    "merged": t("This incident was merged into another one. Go on there."),
}
_ERASED = t(
    "What was known about this incident's people was deleted, so nothing can be written here "
    "any more. Open a new incident if there is something to do."
)


def me(ctx: Context) -> PersonId:
    """Who asks: a person's id, or `system`."""
    return ctx.actor.name or ""


def task_of(rec: Recorded, state: Incident) -> Task:
    """The task that the event of `rec` is about."""
    assert isinstance(rec.event, TaskEvent)
    return state.tasks[rec.event.task - 1]


def wanted_again(state: Incident) -> list[Event]:
    """What was called off because the incident ended is asked for anew when it has not."""
    return [ie.TaskReopened(task=task.number) for task in state.tasks if task.stood_down]


def over(state: Incident | None) -> Refused:
    """Why nothing can be done with an incident that is not there, resolved or ended."""
    text = None if state is None else _OVER.get(state.status)
    if state is None or text is None:
        return NOT_FOUND
    return Refused(code=state.status, text=text)


def about(
    state: Incident | None, raw: str, least: int = REASON_LEAST, most: int = NOTE_MOST
) -> Personal | Refused:
    """What somebody wrote about the incident, sealed under its own subject; or why not."""
    if state is None:
        return NOT_FOUND
    if state.subject in state.erased:
        return Refused(code="erased", text=_ERASED)
    text = words(raw, most, least)
    return text if isinstance(text, Refused) else Personal(state.subject, text)
