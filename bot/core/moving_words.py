"""Words of re-typing, merging and splitting: what may be asked, and what may have happened."""

from typing import Literal

from bot.core.alarm_words import Alarm
from bot.core.frozen import Frozen
from bot.core.ids import Millis, PersonId, StreamId
from bot.core.incident_commands import IncidentCommand
from bot.core.incident_events import IncidentEvent, TaskEvent
from bot.core.incident_words import IncidentKind, Mode, Targets, TaskPlace, Visibility
from bot.core.personal import Personal
from bot.core.priority import Level, Priority
from bot.core.task_call import Call

Settled = Literal["", "confirmed", "window_ended", "withdrawn"]
"""What a report that moves has said of the fix already; empty: nothing that ends it."""
MOST_ABSORBED = 100
"""How many incidents one may stand for."""


class BroughtTask(Frozen):
    """A task as it is when it moves to another incident, with whoever has a place on it."""

    number: int
    template: str
    what: Personal
    skill: str
    needed: int
    opened_at: Millis
    asked_at: Millis
    rounds: int
    declined: tuple[PersonId, ...]
    places: tuple[TaskPlace, ...]
    call: Call = Call()


# --- commands --------------------------------------------------------------------------------


class SetKind(IncidentCommand):
    """Say what it is: an incident, a service request, a complaint, an enquiry.

    `before` is what whoever asks knew of.
    """

    tag = "set_kind"
    incident_kind: IncidentKind
    before: IncidentKind | None = None


class SetCategory(IncidentCommand):
    """Say what it is about; one of the categories of the edition that it pinned.

    `before` is what whoever asks knew of.
    """

    tag = "set_category"
    category: str
    before: str | None = None


class MergeIncident(IncidentCommand):
    """Let `incident` go on as part of `into`, which decides and must be there still.

    `call_off` names the tasks of `incident` that are needed no longer; all others move.
    """

    tag = "merge_incident"
    into: StreamId
    call_off: tuple[int, ...] = ()


class GoInto(IncidentCommand):
    """`into` expects this incident, asked for by `by`; it is `visibility` and `mode`.

    `reference` is that of `into`, `own` that of this incident.
    """

    tag = "go_into"
    into: StreamId
    reference: str
    own: str
    by: PersonId
    visibility: Visibility
    mode: Mode
    call_off: tuple[int, ...] = ()


class EndMerge(IncidentCommand):
    """`source` could not come after all, for the reason `code`."""

    tag = "end_merge"
    source: StreamId
    reference: str
    code: str


class AbsorbIncident(IncidentCommand):
    """`source` ended as merged into this one; what it promised and had under way comes along.

    `told` and `told_from` are the categories and the priority under which the public heard of it.
    `escalated` is what a person called somebody for there, and nobody has come yet; `unreached`
    since when a customer of it could not be told something urgent, and nobody has seen to that.
    """

    tag = "absorb_incident"
    source: StreamId
    reference: str
    by: PersonId
    tasks: tuple[BroughtTask, ...]
    absorbed: tuple[StreamId, ...]
    impact: Level
    urgency: Level
    priority: Priority
    danger: bool
    next_by: Millis | None
    told: tuple[str, ...] = ()
    told_from: Priority | None = None
    escalated: Alarm | None = None
    unreached: Millis | None = None


class SplitIncident(IncidentCommand):
    """Let `reports` leave for a new incident; the reason is kept."""

    tag = "split_incident"
    reports: tuple[StreamId, ...]
    reason: str


class DetachReport(IncidentCommand):
    """`report` has left for another incident."""

    tag = "detach_report"
    report: StreamId
    settled: Settled = ""


# --- events ----------------------------------------------------------------------------------


class KindChanged(IncidentEvent):
    """It is another kind of thing than was thought; `targets` are there when that moves them."""

    tag = "kind_changed"
    before: IncidentKind
    incident_kind: IncidentKind
    targets: Targets | None = None


class CategoryChanged(IncidentEvent):
    """A person said what it is about; what customers answer later changes that no more."""

    tag = "category_changed"
    before: str
    category: str


class MergeBegan(IncidentEvent):
    """`by` wants `source` to become part of this one; until it has, this one does not end."""

    tag = "merge_began"
    source: StreamId
    reference: str
    by: PersonId
    call_off: tuple[int, ...]


class MergeEnded(IncidentEvent):
    """`source` did not come: it moved on while it was asked, for the reason `code`."""

    tag = "merge_ended"
    source: StreamId
    reference: str
    by: PersonId
    code: str


class IncidentMerged(IncidentEvent):
    """Ended: it goes on as part of `into`."""

    tag = "incident_merged"
    into: StreamId
    reference: str
    by: PersonId


class IncidentAbsorbed(IncidentEvent):
    """`source` is part of this one from now on, and with it what that had `absorbed`, and whoever
    heard of it by the categories in `told` or from the priority `told_from` up.
    """

    tag = "incident_absorbed"
    source: StreamId
    reference: str
    by: PersonId
    absorbed: tuple[StreamId, ...]
    danger: bool
    targets: Targets
    told: tuple[str, ...] = ()
    told_from: Priority | None = None


class TaskMoved(TaskEvent):
    """The task goes on at the incident that this one was merged into."""

    tag = "task_moved"


class TaskBrought(TaskEvent):
    """A task of a merged incident goes on here, with whoever has a place on it."""

    tag = "task_brought"
    brought: BroughtTask


class IncidentSplit(IncidentEvent):
    """`reports` leave for the new incident `into`."""

    tag = "incident_split"
    into: StreamId
    reports: tuple[StreamId, ...]
    reason: Personal


class ReportDetached(IncidentEvent):
    """A report left for another incident."""

    tag = "report_detached"
    report: StreamId
    settled: Settled


class ReportForwarded(IncidentEvent):
    """A report came after this one was merged, and follows it."""

    tag = "report_forwarded"
    report: StreamId
    into: StreamId
