"""What the deciders about incidents share.

Who works on them, why nothing can be done any more, and what somebody wrote as a value of the
incident's own subject.
"""

from typing import Any, NamedTuple

from bot.core import incident_events as ie
from bot.core.access import NOT_FOUND
from bot.core.commands import Command, Refused
from bot.core.context import Context
from bot.core.events import Event, Recorded
from bot.core.free_text import NOTE_MOST, words
from bot.core.ids import PersonId
from bot.core.incident import Incident
from bot.core.incident_events import TaskEvent
from bot.core.incident_words import Status
from bot.core.personal import Personal
from bot.core.rules import Decider, Rule
from bot.core.task import COMING, Task
from bot.core.texts import Ref, Text, When, Who, t

STAFF = ("agent", "supervisor")


def by_staff(command: type[Command], decide: Decider, **more: Any) -> Rule:
    """The rule of what agents and supervisors do with an incident that they name."""
    return Rule(command, decide, "named", roles=STAFF, named_by="incident", **more)


REASON_LEAST = 3
REOPEN_LEAST = 10
"""Whoever opens it again leaves more than a word to whoever takes it then."""

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
    """What was called off because the incident ended is asked for anew when it has not; so is
    whoever was on the way where somebody was on site, since they were told not to come.
    """
    again = [one for one in state.tasks if one.stood_down or (_awaited(one) and not one.cancelled)]
    return [ie.TaskReopened(task=task.number) for task in again]


def _awaited(task: Task) -> bool:
    return any(place.status in COMING for place in task.places)


def over(state: Incident | None) -> Refused:
    """Why nothing can be done with an incident that is not there, resolved or ended."""
    text = None if state is None else _OVER.get(state.status)
    if state is None or text is None:
        return NOT_FOUND
    return Refused(code=state.status, text=text)


class First(NamedTuple):
    """Who brought an incident to the state in which somebody wants it, and when."""

    who: Who
    time: When


def first(state: Incident, ctx: Context) -> First | None:
    """Who was faster; None when it was whoever asks now, or the house."""
    if state.moved_by in (None, "system", me(ctx)):
        return None
    return First(Who(person=state.moved_by), When(at=state.moved_at))


def overtaken(knew: str | None, now: str | None) -> Refused | None:
    """Why nothing is changed when somebody else changed it since it was looked at."""
    if knew is None or knew == (now or ""):
        return None
    text = t(
        "Somebody changed this in the meantime. Look at it again; if you still mean it, press "
        "once more."
    )
    return Refused(code="overtaken", text=text, transient=True)


def busy(state: Incident) -> Refused:
    """Why it has to wait: another incident is under way into `state`."""
    text = t(
        "Another incident is just being merged into {ref}. Try again in a moment.",
        ref=Ref(ref=state.reference),
    )
    return Refused(code="busy", text=text, transient=True)


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
