"""What may have happened to an incident, its tasks and its updates."""

from typing import ClassVar, Literal

from bot.core.events import Event
from bot.core.ids import Kind, Millis, PersonId, StreamId, SubjectId
from bot.core.incident_words import (
    Audience,
    Band,
    Fact,
    How,
    IncidentKind,
    Mode,
    Target,
    Targets,
    Visibility,
    Wording,
)
from bot.core.personal import Personal
from bot.core.places import Seat
from bot.core.priority import Level, Priority

WhyClosed = Literal["confirmed", "window_ended", "agent"]


class IncidentEvent(Event):
    """An event of an incident."""

    kinds: ClassVar[tuple[Kind, ...]] = ("incident",)


class TaskEvent(IncidentEvent):
    """An event of one task."""

    task: int


# --- events: the incident --------------------------------------------------------------------


class IncidentOpened(IncidentEvent):
    """It exists. Questions, matrix, targets and ladder are those of edition `playbook`."""

    tag = "incident_opened"
    reference: str
    incident_kind: IncidentKind
    category: str
    facts: tuple[Fact, ...]
    danger: bool
    impact: Level
    urgency: Level
    priority: Priority
    targets: Targets
    subject: SubjectId
    playbook: str
    mode: Mode
    visibility: Visibility
    from_report: bool
    split_from: StreamId | None = None


class ReportAttached(IncidentEvent):
    """One more report hangs under it; `moved` from another incident, `settled` as it then was."""

    tag = "report_attached"
    report: StreamId
    moved: bool = False
    settled: Literal["", "confirmed", "window_ended", "withdrawn"] = ""


class FactsAdded(IncidentEvent):
    """More is known; fields given again replace the old ones."""

    tag = "facts_added"
    report: StreamId
    category: str
    facts: tuple[Fact, ...]
    complete: bool
    danger: bool = False


class IncidentAcknowledged(IncidentEvent):
    """A human has seen it."""

    tag = "incident_acknowledged"
    by: PersonId


class IncidentTaken(IncidentEvent):
    """`owner` works on it."""

    tag = "incident_taken"
    owner: PersonId


class IncidentHandedOver(IncidentEvent):
    """It changed hands."""

    tag = "incident_handed_over"
    before: PersonId | None
    owner: PersonId


class IncidentReleased(IncidentEvent):
    """`before` has it no more, says `by`: it is called about as if nobody had seen it. Of `targets`
    the time to acknowledge counts from now.
    """

    tag = "incident_released"
    before: PersonId
    by: PersonId
    reason: Personal
    targets: Targets


class PriorityChanged(IncidentEvent):
    """Impact, urgency or a person's judgement changed the priority; targets are planned anew."""

    tag = "priority_changed"
    impact: Level
    urgency: Level
    priority: Priority
    overridden: bool
    reason: Personal | None
    targets: Targets


class IncidentHeld(IncidentEvent):
    """Clocks stand still, until `until` where a time was said."""

    tag = "incident_held"
    reason: Personal
    until: Millis | None = None


class IncidentResumed(IncidentEvent):
    """Clocks run again; they stood since `since`, and the targets moved by as much.

    With `until` it returned by itself, since that was the time until which it was held.
    """

    tag = "incident_resumed"
    since: Millis
    targets: Targets
    reason: Personal | None = None
    until: Millis | None = None


class IncidentResolved(IncidentEvent):
    """Service is restored; reporters are asked until `until`."""

    tag = "incident_resolved"
    note: Personal
    by: PersonId
    until: Millis


class IncidentReopened(IncidentEvent):
    """Open again: the customer said so, or an agent with a reason."""

    tag = "incident_reopened"
    why: Literal["customer", "agent"]
    reason: Personal | None
    targets: Targets


class IncidentClosed(IncidentEvent):
    """Ended: every reporter confirmed, or their time ran out, or an agent closed it.

    It may be reopened until `until`.
    """

    tag = "incident_closed"
    why: WhyClosed
    until: Millis


class IncidentCancelled(IncidentEvent):
    """Ended without having been one."""

    tag = "incident_cancelled"
    reason: Personal


class VisibilityChanged(IncidentEvent):
    """Who may see it changed; without a reason it is for somebody in distress."""

    tag = "visibility_changed"
    visibility: Visibility
    reason: Personal | None


class IncidentNoteWritten(IncidentEvent):
    """An internal note. `beneath`: it stands beneath the incident's card where it was written."""

    tag = "incident_note_written"
    words: Personal
    author: PersonId
    beneath: bool = False


class ReporterAnswered(IncidentEvent):
    """What a linked report said of the fix."""

    tag = "reporter_answered"
    report: StreamId
    what: Literal["confirmed", "window_ended", "disputed", "withdrawn"]


class StepTicked(IncidentEvent):
    """Step `step` (from 1) of the script of `category` was done."""

    tag = "step_ticked"
    category: str
    step: int
    by: PersonId


class StepUnticked(IncidentEvent):
    """It was not done after all."""

    tag = "step_unticked"
    category: str
    step: int
    by: PersonId


class TargetWarned(IncidentEvent):
    """A band of a target was reached."""

    tag = "target_warned"
    target: Target
    band: Band


class WrapUpBegan(IncidentEvent):
    """After-work of the owner begins; ends with the close."""

    tag = "wrap_up_began"
    by: PersonId


# --- events: tasks ---------------------------------------------------------------------------


class TaskOpened(TaskEvent):
    """Help is wanted: `needed` people with `skill`.

    Whoever is asked has `window` to answer before somebody else is, or the bids are opened; 0 is
    as long as the priority gives for a reaction.
    """

    tag = "task_opened"
    template: str
    what: Personal
    skill: str
    needed: int
    by: PersonId
    how: How = "ring"
    window: Millis = 0


class TaskClaimed(TaskEvent):
    """`person` comes, and says when; `alone` as in `TaskPlace`."""

    tag = "task_claimed"
    person: PersonId
    eta: Millis
    alone: Seat | None = None


class EtaRevised(TaskEvent):
    """`person` says a new time."""

    tag = "eta_revised"
    person: PersonId
    before: Millis
    eta: Millis


class Departed(TaskEvent):
    """`person` is on the way."""

    tag = "departed"
    person: PersonId


class Arrived(TaskEvent):
    """`person` is there; `kept` tells whether the last stated time was kept, grace included."""

    tag = "arrived"
    person: PersonId
    eta: Millis
    kept: bool


class TaskCompleted(TaskEvent):
    """`person` is done with it."""

    tag = "task_completed"
    person: PersonId
    note: Personal | None


class TaskReleased(TaskEvent):
    """`person` gave the place back."""

    tag = "task_released"
    person: PersonId
    reason: Personal


class TaskDeclined(TaskEvent):
    """`person` cannot."""

    tag = "task_declined"
    person: PersonId
    reason: Personal


class TaskCancelled(TaskEvent):
    """No longer needed; without a reason it was called off because the incident ended."""

    tag = "task_cancelled"
    reason: Personal | None


class TaskReopened(TaskEvent):
    """Wanted after all: it was called off with an incident that was opened again."""

    tag = "task_reopened"


class TaskExpired(TaskEvent):
    """Nobody came forward in time; asked again."""

    tag = "task_expired"
    round: int


class EtaPassed(TaskEvent):
    """`person` is late."""

    tag = "eta_passed"
    person: PersonId
    eta: Millis


# --- events: updates -------------------------------------------------------------------------


class UpdatePublished(IncidentEvent):
    """Update `number` went out to `audience`, as of `position` of the log (0: that of its own).

    `words` are in `language` ("": nobody said which).
    """

    tag = "update_published"
    number: int
    words: Personal
    audience: Audience
    next_by: Millis | None
    by: PersonId
    language: str = ""
    also: tuple[Wording, ...] = ()
    position: int = 0
    approved_by: PersonId | None = None
    unapproved: bool = False


class UpdateCorrected(IncidentEvent):
    """The words of update `number` were replaced."""

    tag = "update_corrected"
    number: int
    words: Personal
    audience: Audience
    by: PersonId
    language: str = ""
    also: tuple[Wording, ...] = ()
    approved_by: PersonId | None = None
    unapproved: bool = False


class UpdateWithdrawn(IncidentEvent):
    """Update `number` was taken back."""

    tag = "update_withdrawn"
    number: int
    reason: Personal
    audience: Audience
