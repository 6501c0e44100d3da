"""The words of escalation: what somebody must act on, whom it was told, and how it ended."""

from typing import Literal

from bot.core.frozen import Frozen
from bot.core.ids import Millis, PersonId
from bot.core.incident_commands import IncidentCommand
from bot.core.incident_events import IncidentEvent
from bot.core.personal import Personal
from bot.core.playbook_parts import Party

Cause = Literal[
    "unacknowledged",
    "acknowledgement_expired",
    "promise",
    "update_overdue",
    "unanswered",
    "eta_passed",
    "no_progress",
    "check_in",
    "vacancy",
    "distress",
    "manual",
]
"""Why somebody must act: nobody has seen it; who had seen it does nothing; a promise is at risk;
people were promised word by now; a customer waits for an answer; a resource is late; one who took
a task says nothing; one on site says nothing; a post of a major incident is empty; somebody is in
distress; a person said so.
"""
WhyEnded = Literal["acted", "over", "stopped"]


class Alarm(Frozen):
    """Something that somebody must act on, told by `cause` and `about` (a task and its person, a
    report, a promise; "" for the incident as a whole).

    `rung` counts from 0 on the ladder `ladder` of the pinned edition; -1 is whoever it concerns
    first. It was sounded there `time` times, last at `at`, to `who`.
    """

    cause: Cause
    about: str = ""
    ladder: str
    raised_at: Millis
    rung: int = -1
    time: int = 0
    at: Millis
    who: tuple[Party, ...] = ()
    sounded: int = 0


# --- commands --------------------------------------------------------------------------------


class EscalateIncident(IncidentCommand):
    """Call the next rung now, for a reason, whatever the clocks say."""

    tag = "escalate_incident"
    reason: str


class RaiseAlarm(IncidentCommand):
    """Somebody must act on this (by the house). One that is raised already stays as it is.

    `ladder` is a key of the pinned edition; "" is the incident's own.
    """

    tag = "raise_alarm"
    cause: Cause
    about: str = ""
    ladder: str = ""


class StopAlarm(IncidentCommand):
    """Nobody need act on this any more (by the house); one that is not raised is no matter."""

    tag = "stop_alarm"
    cause: Cause
    about: str = ""


class SoundAlarm(IncidentCommand):
    """Nobody has acted since it was sounded at `after`: call whoever comes next."""

    tag = "sound_alarm"
    cause: Cause
    about: str = ""
    after: Millis


# --- events ----------------------------------------------------------------------------------


class AlarmRaised(IncidentEvent):
    """Somebody must act. `by` and `reason` are there when a person said so."""

    tag = "alarm_raised"
    cause: Cause
    about: str
    ladder: str
    by: PersonId | None = None
    reason: Personal | None = None


class AlarmSounded(IncidentEvent):
    """`who` were called: rung `rung` (-1: whoever it concerns first) for the `time`-th time.

    `skipped` are the rungs whose time went by while nobody could be called.
    """

    tag = "alarm_sounded"
    cause: Cause
    about: str
    rung: int
    time: int
    who: tuple[Party, ...]
    skipped: tuple[int, ...] = ()


class AlarmEnded(IncidentEvent):
    """Somebody acted, the incident is over, or it need not be acted on any more."""

    tag = "alarm_ended"
    cause: Cause
    about: str
    why: WhyEnded
    by: PersonId | None = None


class AcknowledgementExpired(IncidentEvent):
    """Who had seen it (`by`) did nothing, so nobody has: it waits to be acknowledged again."""

    tag = "acknowledgement_expired"
    by: PersonId | None
