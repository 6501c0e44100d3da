"""What the lists of incidents, tasks and updates show of each: the bodies of their rows."""

from bot.core.frozen import Frozen
from bot.core.ids import Millis, PersonId
from bot.core.incident_words import (
    Band,
    Fact,
    IncidentKind,
    Status,
    Target,
    Targets,
    TaskPlace,
    Visibility,
    Wording,
)
from bot.core.personal import Personal
from bot.core.priority import Level, Priority


class IncidentRow(Frozen):
    """An incident on the board, beside the columns of its row.

    `summary` holds the first personal answers to what everybody is asked (what, where);
    `next_eta` is the nearest time of arrival of somebody who is still coming.
    """

    incident_kind: IncidentKind
    danger: bool
    impact: Level
    urgency: Level
    overridden: bool
    targets: Targets
    bands: tuple[tuple[Target, Band], ...]
    summary: tuple[Fact, ...]
    owner_since: Millis | None
    acknowledged_at: Millis | None
    acknowledged_by: PersonId | None
    held_since: Millis | None
    resolved_at: Millis | None
    confirm_until: Millis | None
    closed_at: Millis | None
    reopen_until: Millis | None
    reopened: int
    reports: int
    reports_settled: int
    reports_withdrawn: int
    tasks_open: int
    tasks_claimed: int
    tasks_done: int
    next_eta: Millis | None
    updates: int


class TaskRow(Frozen):
    """A task as resources see it, with what they need to know of its incident."""

    reference: str
    incident_status: Status
    visibility: Visibility
    priority: Priority
    danger: bool
    category: str
    summary: tuple[Fact, ...]
    what: Personal
    template: str
    needed: int
    places: tuple[TaskPlace, ...]
    declined: tuple[PersonId, ...]
    opened_at: Millis
    rounds: int


class UpdateRow(Frozen):
    """A published update as its audience reads it."""

    reference: str
    category: str
    priority: Priority
    words: Personal
    next_by: Millis | None
    corrected: bool
    language: str = ""
    also: tuple[Wording, ...] = ()
    unapproved: bool = False
