"""Resolving: when it may be done, and what follows for the tasks that are left."""

from collections.abc import Iterable, Sequence

from bot.core import incident_events as ie
from bot.core.commands import Refused
from bot.core.context import Context
from bot.core.events import Event
from bot.core.handling import busy, me
from bot.core.incident import Incident
from bot.core.major import in_the_way
from bot.core.personal import Personal
from bot.core.rules import refuse
from bot.core.task import Task
from bot.core.texts import t


def not_yet(state: Incident) -> Refused | None:
    """Why it cannot be resolved at this moment, if it cannot, whatever becomes of its tasks."""
    return busy(state) if state.kin.expects else in_the_way(state) or sheltering(state)


_IN_DISTRESS = t("Somebody here is in great distress. Say first that they are being helped.")


def sheltering(state: Incident) -> Refused | None:
    """Why nothing ends here: for as long as somebody is in distress."""
    return refuse("distress", _IN_DISTRESS) if state.shelter.reports else None


def tasks_left(state: Incident, call_off: Iterable[int] = ()) -> Refused | None:
    """That somebody is still to come, if so; `call_off` are the tasks that go."""
    gone = tuple(call_off)
    left = [task for task in state.tasks if task.unseen_to and task.number not in gone]
    return _tasks_left(left) if left else None


def _tasks_left(left: Sequence[Task]) -> Refused:
    text = t(
        "Task {n} is not done ({what}). Call it off if it is not needed any more, or wait until "
        "it is done.",
        n=left[0].number,
        what=left[0].what,
    )
    return refuse("tasks_left", text)


def resolved(state: Incident, note: Personal, ctx: Context) -> list[Event]:
    """It is; those who reported are asked."""
    until = ctx.at + ctx.playbook.closing.confirm_within
    return [
        ie.IncidentResolved(note=note, by=me(ctx), until=until),
        *([] if state.unclocked else [ie.WrapUpBegan(by=state.owner or me(ctx))]),
        *called_off(state, with_those_on_site=False),
    ]


def called_off(state: Incident, with_those_on_site: bool) -> list[Event]:
    """The tasks that are not done are needed no longer."""
    return [
        ie.TaskCancelled(task=task.number, reason=None)
        for task in state.tasks
        if task.status not in ("done", "cancelled")
        if with_those_on_site or all(place.status != "on_site" for place in task.places)
    ]
