"""The words of escalation: what somebody must act on, whom it was told, and how it ended."""

from typing import Literal

from bot.core.frozen import Frozen
from bot.core.ids import Millis, PersonId
from bot.core.incident_commands import IncidentCommand
from bot.core.incident_events import IncidentEvent
from bot.core.parties import Party
from bot.core.personal import Personal

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
    "hold_over",
    "undelivered",
    "manual",
]
"""Why somebody must act: nobody has seen it; who had seen it does nothing; a promise is at risk;
people were promised word by now; a customer waits for an answer; a resource is late; one who took
a task says nothing; one on site says nothing; a post of a major incident is empty; somebody is in
distress; its hold is over; urgent words did not reach a customer; a person said so.
"""
WhyEnded = Literal["acted", "over", "stopped"]


class Alarm(Frozen):
    """Something that somebody must act on, told by `cause` and `about` (a task and its person, a
    report, a promise; "" for the incident as a whole).

    `rung` counts from 0 on the ladder `ladder` of the pinned edition; -1 is whoever it concerns
    first. It was sounded there `time` times, last at `at`, to `who`, and `sounded` times in all.
    Somebody who was called sees to it (`answered_by`) and nobody else is called before
    `quiet_until`. `by` is who said so, where a person did.
    """

    cause: Cause
    about: str = ""
    ladder: str
    raised_at: Millis
    by: PersonId | None = None
    rung: int = -1
    time: int = 0
    at: Millis
    who: tuple[Party, ...] = ()
    sounded: int = 0
    answered_by: PersonId | None = None
    quiet_until: Millis = 0


# --- commands --------------------------------------------------------------------------------


class EscalateIncident(IncidentCommand):
    """Call the next rung now, for a reason, whatever the clocks say."""

    tag = "escalate_incident"
    reason: str


class AnswerAlarm(IncidentCommand):
    """Say that one sees to it: what a person called for is over with that, anything else is quiet
    for a while, what is late for a day.
    """

    tag = "answer_alarm"
    cause: Cause
    about: str = ""


class RaiseAlarm(IncidentCommand):
    """Somebody must act on this (by the house). One that is raised already stays as it is, but
    that it goes over to another `ladder` when one is named.

    `ladder` is a key of the pinned edition; "" is the incident's own. `since` is when it began,
    where that may be earlier than now, such as before a server slept (0: now).
    """

    tag = "raise_alarm"
    cause: Cause
    about: str = ""
    ladder: str = ""
    since: Millis = 0


class StopAlarm(IncidentCommand):
    """Nobody need act on this any more (by the house); one that is not raised is no matter.

    `by` is who acted, where somebody did.
    """

    tag = "stop_alarm"
    cause: Cause
    about: str = ""
    by: PersonId | None = None


class SoundAlarm(IncidentCommand):
    """Nobody has acted since it was sounded at `after`: call whoever comes next.

    `people` are those whom that may be by name: who has left is not called.
    """

    tag = "sound_alarm"
    cause: Cause
    about: str = ""
    after: Millis
    people: tuple[PersonId, ...] = ()


class ExpireAcknowledgement(IncidentCommand):
    """Nothing has followed its being acknowledged at `at`."""

    tag = "expire_acknowledgement"
    at: Millis


# --- events ----------------------------------------------------------------------------------


class AlarmRaised(IncidentEvent):
    """Somebody must act, since `since`. `by` and `reason` are there when a person said so.

    One that stands already begins anew, on `ladder`.
    """

    tag = "alarm_raised"
    cause: Cause
    about: str
    ladder: str
    since: Millis
    by: PersonId | None = None
    reason: Personal | None = None


class AlarmSounded(IncidentEvent):
    """`who` were called: rung `rung` (-1: whoever it concerns first) for the `time`-th time.

    `skipped` are the rungs whose time went by while nobody could be called; their people are among
    `who`, each once. `gone` are those who would have been called, and left.
    """

    tag = "alarm_sounded"
    cause: Cause
    about: str
    rung: int
    time: int
    who: tuple[Party, ...]
    skipped: tuple[int, ...] = ()
    gone: tuple[PersonId, ...] = ()


class AlarmAnswered(IncidentEvent):
    """`by` sees to it; nobody else is called before `until`."""

    tag = "alarm_answered"
    cause: Cause
    about: str
    by: PersonId
    until: Millis


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
