"""A task of an incident: N people wanted, each with a place, a time of arrival and a state."""

from collections.abc import Callable
from typing import Any

from bot.core import incident_events as w
from bot.core.events import Event, Recorded
from bot.core.frozen import Frozen
from bot.core.ids import Millis, PersonId
from bot.core.incident_words import PlaceStatus, TaskPlace, TaskStatus
from bot.core.moving_words import BroughtTask, TaskBrought, TaskMoved
from bot.core.personal import Personal
from bot.core.resource_words import ResourceAsked
from bot.core.task_call import EVENTS as CALL_EVENTS
from bot.core.task_call import Call, placed
from bot.core.task_call import evolve as called


class Task(Frozen):
    """What is wanted of resources. `declined` lists who said no, newest last, bounded;
    `stood_down` tells that it was called off because its incident ended, `moved` that it goes
    on at the incident which this one was merged into.

    `asked_at` is when resources were last asked, `touched_at` when anything last happened.
    """

    number: int
    what: Personal
    skill: str
    needed: int
    template: str
    opened_at: Millis
    asked_at: Millis
    touched_at: Millis
    places: tuple[TaskPlace, ...] = ()
    declined: tuple[PersonId, ...] = ()
    rounds: int = 0
    cancelled: bool = False
    stood_down: bool = False
    moved: bool = False
    call: Call = Call()

    @property
    def status(self) -> TaskStatus:
        """`claimed` only when every place is taken; `done` when every place is done."""
        if self.cancelled:
            return "cancelled"
        if len(self.places) < self.needed:
            return "open"
        return "done" if all(one.status == "done" for one in self.places) else "claimed"

    @property
    def unseen_to(self) -> bool:
        """Neither done nor called off, and nobody is there."""
        there = any(place.status == "on_site" for place in self.places)
        return self.status not in ("done", "cancelled") and not there

    def place_of(self, person: PersonId | None) -> TaskPlace | None:
        """The place that `person` holds."""
        return next((one for one in self.places if one.person == person), None)


COMING: tuple[PlaceStatus, ...] = ("claimed", "en_route")
MOST_TASKS = 50
DECLINED_KEPT = 50
Tasks = tuple[Task, ...]


def _swap(tasks: Tasks, number: int, **changes: Any) -> Tasks:
    return tuple(one.model_copy(update=changes) if one.number == number else one for one in tasks)


def _swap_place(tasks: Tasks, number: int, person: PersonId, **changes: Any) -> Tasks:
    places = tuple(
        one.model_copy(update=changes) if one.person == person else one
        for one in tasks[number - 1].places
    )
    return _swap(tasks, number, places=places)


def _opened(tasks: Tasks, event: w.TaskOpened, rec: Recorded) -> Tasks:
    fresh = Task(
        number=event.task,
        what=event.what,
        skill=event.skill,
        needed=event.needed,
        template=event.template,
        opened_at=rec.at,
        asked_at=rec.at,
        touched_at=rec.at,
        call=Call(how=event.how, window=event.window),
    )
    return (*tasks, fresh)


def _claimed(tasks: Tasks, event: w.TaskClaimed, rec: Recorded) -> Tasks:
    place = TaskPlace(
        person=event.person, status="claimed", claimed_at=rec.at, eta=event.eta, alone=event.alone
    )
    return _swap(tasks, event.task, places=(*tasks[event.task - 1].places, place))


def _eta(tasks: Tasks, event: w.EtaRevised, rec: Recorded) -> Tasks:
    return _swap_place(tasks, event.task, event.person, eta=event.eta, eta_passed=False)


def _departed(tasks: Tasks, event: w.Departed, rec: Recorded) -> Tasks:
    return _swap_place(tasks, event.task, event.person, status="en_route")


def _arrived(tasks: Tasks, event: w.Arrived, rec: Recorded) -> Tasks:
    return _swap_place(tasks, event.task, event.person, status="on_site", arrived_at=rec.at)


def _completed(tasks: Tasks, event: w.TaskCompleted, rec: Recorded) -> Tasks:
    return _swap_place(tasks, event.task, event.person, status="done")


def _released(tasks: Tasks, event: w.TaskReleased, rec: Recorded) -> Tasks:
    places = tuple(one for one in tasks[event.task - 1].places if one.person != event.person)
    return _swap(tasks, event.task, places=places, asked_at=rec.at)


def _declined(tasks: Tasks, event: w.TaskDeclined, rec: Recorded) -> Tasks:
    declined = (*tasks[event.task - 1].declined, event.person)[-DECLINED_KEPT:]
    return _swap(tasks, event.task, declined=declined)


def _cancelled(tasks: Tasks, event: w.TaskCancelled, rec: Recorded) -> Tasks:
    return _swap(tasks, event.task, cancelled=True, stood_down=event.reason is None)


def _reopened(tasks: Tasks, event: w.TaskReopened, rec: Recorded) -> Tasks:
    places = tuple(one for one in tasks[event.task - 1].places if one.status not in COMING)
    fresh = {"cancelled": False, "stood_down": False, "rounds": 0, "asked_at": rec.at}
    return _swap(tasks, event.task, places=places, **fresh)


def _moved(tasks: Tasks, event: TaskMoved, rec: Recorded) -> Tasks:
    return _swap(tasks, event.task, cancelled=True, moved=True)


def _brought(tasks: Tasks, event: TaskBrought, rec: Recorded) -> Tasks:
    known = {**dict(event.brought), "number": event.task}
    return (*tasks, Task(**known, touched_at=rec.at))


def as_brought(task: Task) -> BroughtTask:
    """The task as it moves to another incident."""
    return BroughtTask(**{name: getattr(task, name) for name in BroughtTask.model_fields})


def _expired(tasks: Tasks, event: w.TaskExpired, rec: Recorded) -> Tasks:
    return _swap(tasks, event.task, rounds=event.round, asked_at=rec.at)


def _late(tasks: Tasks, event: w.EtaPassed, rec: Recorded) -> Tasks:
    return _swap_place(tasks, event.task, event.person, eta_passed=True)


def _asked(tasks: Tasks, event: ResourceAsked, rec: Recorded) -> Tasks:
    return _swap(tasks, event.task, asked_at=rec.at)


def _nothing(tasks: Tasks, event: w.TaskEvent, rec: Recorded) -> Tasks:
    return tasks


_STEPS: dict[type[Event], Callable[[Tasks, Any, Recorded], Tasks]] = {
    **dict.fromkeys(CALL_EVENTS, _nothing),
    ResourceAsked: _asked,
    w.TaskOpened: _opened,
    w.TaskClaimed: _claimed,
    w.EtaRevised: _eta,
    w.Departed: _departed,
    w.Arrived: _arrived,
    w.TaskCompleted: _completed,
    w.TaskReleased: _released,
    w.TaskDeclined: _declined,
    w.TaskCancelled: _cancelled,
    w.TaskReopened: _reopened,
    w.TaskExpired: _expired,
    w.EtaPassed: _late,
    TaskMoved: _moved,
    TaskBrought: _brought,
}
EVENTS: tuple[type[Event], ...] = tuple(_STEPS)


def evolve(tasks: Tasks, event: w.TaskEvent, rec: Recorded) -> Tasks:
    """The tasks after `event`; all others stay as they are."""
    tasks = _STEPS[type(event)](tasks, event, rec)
    task = tasks[event.task - 1]
    changes = {"call": called(task.call, event, rec), "places": placed(task.places, event, rec)}
    return _swap(tasks, event.task, touched_at=rec.at, **changes)
