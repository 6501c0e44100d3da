"""What of an incident somebody must act on: which alarms stand, and what each event makes of them.

`Alarm`s are few: at most `MOST` of one cause, so that a flood of the same kind calls nobody more
often than that. Whatever found no room is raised again by what raised it. Those about somebody
who may be in danger, and about empty posts, always find room.
"""

from collections.abc import Callable
from typing import Any

from bot.core import alarm_words as w
from bot.core.alarm_words import Alarm, Cause
from bot.core.events import Event, Recorded

MOST = 5
Alarms = tuple[Alarm, ...]


def found(alarms: Alarms, cause: Cause, about: str) -> Alarm | None:
    """The alarm of `cause` about `about`, if it stands."""
    return next((one for one in alarms if (one.cause, one.about) == (cause, about)), None)


def place_about(task: int, person: str) -> str:
    """What an alarm is about that concerns `person` on a task."""
    return f"{task}:{person}"


def task_and_person(about: str) -> tuple[int, str]:
    """The task and the person that such an alarm is about; (0, "") for any other."""
    number, mark, person = about.partition(":")
    return (int(number), person) if mark and number.isdecimal() else (0, "")


def _others(alarms: Alarms, event: Any) -> Alarms:
    return tuple(one for one in alarms if (one.cause, one.about) != (event.cause, event.about))


def _raised(alarms: Alarms, event: w.AlarmRaised, rec: Recorded) -> Alarms:
    fresh = Alarm(
        cause=event.cause,
        about=event.about,
        ladder=event.ladder,
        raised_at=event.since,
        at=event.since,
        by=event.by,
    )
    return (*_others(alarms, event), fresh)


def _sounded(alarms: Alarms, event: w.AlarmSounded, rec: Recorded) -> Alarms:
    def changes(one: Alarm) -> dict[str, Any]:
        said = {"rung": event.rung, "time": event.time, "who": event.who, "at": rec.at}
        return {**said, "sounded": one.sounded + 1, "answered_by": None, "quiet_until": 0}

    return _changed(alarms, event, changes)


def _answered(alarms: Alarms, event: w.AlarmAnswered, rec: Recorded) -> Alarms:
    said = {"answered_by": event.by, "quiet_until": event.until}
    return _changed(alarms, event, lambda one: said)


def _changed(alarms: Alarms, event: Any, changes: Callable[[Alarm], dict[str, Any]]) -> Alarms:
    return tuple(
        one.model_copy(update=changes(one))
        if (one.cause, one.about) == (event.cause, event.about)
        else one
        for one in alarms
    )


def _ended(alarms: Alarms, event: w.AlarmEnded, rec: Recorded) -> Alarms:
    return _others(alarms, event)


_STEPS: dict[type[Event], Callable[[Alarms, Any, Recorded], Alarms]] = {
    w.AlarmRaised: _raised,
    w.AlarmSounded: _sounded,
    w.AlarmAnswered: _answered,
    w.AlarmEnded: _ended,
}
EVENTS: tuple[type[Event], ...] = tuple(_STEPS)


def evolve(alarms: Alarms, rec: Recorded) -> Alarms:
    """The alarms after the event of `rec`."""
    return _STEPS[type(rec.event)](alarms, rec.event, rec)
