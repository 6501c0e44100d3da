"""An incident: its life, its clocks, its updates. State and fold (tasks: `core/task`)."""

from bot.core import incident_events as w
from bot.core import task
from bot.core.events import Recorded
from bot.core.fold import Changes, Fold, State
from bot.core.frozen import Frozen
from bot.core.ids import Millis, PersonId, StreamId, SubjectId
from bot.core.incident_words import (
    ENDED,
    WORKING,
    Audience,
    Band,
    Fact,
    IncidentKind,
    Mode,
    Status,
    Target,
    Targets,
    Visibility,
)
from bot.core.personal import Personal
from bot.core.priority import Level, Priority
from bot.core.task import Task


class Update(Frozen):
    """Head of a published update; its earlier wordings are read from the log."""

    number: int
    at: Millis
    words: Personal
    audience: Audience
    next_by: Millis | None
    corrected: bool = False
    withdrawn: bool = False


class Incident(State):
    """One incident. Reports are counted here and listed by projection, since there may be many.

    `clock_from` is when its clocks began to run: the opening or the last reopening; `holds`
    are the pauses since then. `reports_settled` counts linked reports that confirmed, or let
    their window end, since the last resolve; `reports_withdrawn` those that were taken back.
    """

    reference: str
    incident_kind: IncidentKind
    category: str
    playbook: str
    subject: SubjectId
    mode: Mode
    visibility: Visibility
    opened_at: Millis
    touched_at: Millis
    clock_from: Millis
    status: Status = "open"
    facts: tuple[Fact, ...] = ()
    danger: bool = False
    impact: Level
    urgency: Level
    priority: Priority
    overridden: bool = False
    targets: Targets
    bands: tuple[tuple[Target, Band], ...] = ()
    owner: PersonId | None = None
    acknowledged_at: Millis | None = None
    acknowledged_by: PersonId | None = None
    taken_at: Millis | None = None
    owner_since: Millis | None = None
    held_since: Millis | None = None
    held_ms: int = 0
    holds: tuple[tuple[Millis, Millis], ...] = ()
    resolved_at: Millis | None = None
    resolved_by: PersonId | None = None
    resolution: Personal | None = None
    confirm_until: Millis | None = None
    closed_at: Millis | None = None
    reopen_until: Millis | None = None
    reopened: int = 0
    reports: int = 0
    first_report: StreamId | None = None
    reports_settled: int = 0
    reports_withdrawn: int = 0
    tasks: tuple[Task, ...] = ()
    updates: int = 0
    latest: tuple[Update, ...] = ()
    last_event: str = ""

    @property
    def ended(self) -> bool:
        """Closed, merged or cancelled."""
        return self.status in ENDED

    @property
    def working(self) -> bool:
        """Neither resolved nor ended."""
        return self.status in WORKING

    @property
    def settled(self) -> bool:
        """Every linked report has had its say about the fix, and there was one."""
        return 0 < self.reports <= self.reports_settled + self.reports_withdrawn

    def band(self, target: Target) -> Band:
        """How far the time to `target` has gone by."""
        return dict(self.bands).get(target, "ok")

    def task(self, number: int) -> Task | None:
        """Task `number`, counted from 1."""
        return self.tasks[number - 1] if 1 <= number <= len(self.tasks) else None

    def update(self, number: int) -> Update | None:
        """A recent update; older ones than the newest few are not at hand."""
        return next((one for one in self.latest if one.number == number), None)

    def heard(self, audience: Audience) -> Update | None:
        """The newest update since `clock_from` that reached `audience`; public ones reach all."""
        reached = ("public",) if audience == "public" else ("public", audience)
        since = [one for one in self.latest if one.at >= self.clock_from]
        return next((one for one in reversed(since) if one.audience in reached), None)


LATEST_UPDATES = 10
HOLDS_KEPT = 50


def _opened(event: w.IncidentOpened, rec: Recorded) -> Incident:
    return Incident(
        stream=rec.stream,
        reference=event.reference,
        incident_kind=event.incident_kind,
        category=event.category,
        playbook=event.playbook,
        subject=event.subject,
        mode=event.mode,
        visibility=event.visibility,
        opened_at=rec.at,
        touched_at=rec.at,
        clock_from=rec.at,
        facts=event.facts,
        danger=event.danger,
        impact=event.impact,
        urgency=event.urgency,
        priority=event.priority,
        targets=event.targets,
        last_event=event.tag,
    )


def _attached(state: Incident, event: w.ReportAttached, rec: Recorded) -> Changes:
    return {"reports": state.reports + 1, "first_report": state.first_report or event.report}


def _facts(state: Incident, event: w.FactsAdded, rec: Recorded) -> Changes:
    fresh = {one.field for one in event.facts}
    kept = tuple(one for one in state.facts if one.field not in fresh)
    return {
        "facts": (*kept, *event.facts),
        "category": event.category,
        "danger": state.danger or event.danger,
    }


def _acknowledged(state: Incident, event: w.IncidentAcknowledged, rec: Recorded) -> Changes:
    status = "acknowledged" if state.status == "open" else state.status
    return {"status": status, "acknowledged_at": rec.at, "acknowledged_by": event.by}


def _taken(state: Incident, event: w.IncidentTaken, rec: Recorded) -> Changes:
    return {
        "status": "in_progress",
        "owner": event.owner,
        "owner_since": rec.at,
        "taken_at": state.taken_at or rec.at,
    }


def _handed_over(state: Incident, event: w.IncidentHandedOver, rec: Recorded) -> Changes:
    return {"owner": event.owner, "owner_since": rec.at}


def _priority(state: Incident, event: w.PriorityChanged, rec: Recorded) -> Changes:
    return {
        "impact": event.impact,
        "urgency": event.urgency,
        "priority": event.priority,
        "overridden": event.overridden,
        "targets": event.targets,
        "bands": (),
    }


def _held(state: Incident, event: w.IncidentHeld, rec: Recorded) -> Changes:
    return {"status": "on_hold", "held_since": rec.at}


def _unheld(state: Incident, rec: Recorded) -> Changes:
    """The hold that ends now, if there is one."""
    if state.held_since is None:
        return {}
    return {
        "held_since": None,
        "held_ms": state.held_ms + rec.at - state.held_since,
        "holds": (*state.holds, (state.held_since, rec.at))[-HOLDS_KEPT:],
    }


def _resumed(state: Incident, event: w.IncidentResumed, rec: Recorded) -> Changes:
    return {**_unheld(state, rec), "status": "in_progress", "targets": event.targets}


def _resolved(state: Incident, event: w.IncidentResolved, rec: Recorded) -> Changes:
    return {
        **_unheld(state, rec),
        "status": "resolved",
        "resolved_at": rec.at,
        "resolved_by": event.by,
        "resolution": event.note,
        "confirm_until": event.until,
        "reports_settled": 0,
    }


def _reopened(state: Incident, event: w.IncidentReopened, rec: Recorded) -> Changes:
    return {
        "status": "open",
        "clock_from": rec.at,
        "holds": (),
        "owner": None,
        "owner_since": None,
        "acknowledged_at": None,
        "acknowledged_by": None,
        "resolved_at": None,
        "resolved_by": None,
        "resolution": None,
        "confirm_until": None,
        "closed_at": None,
        "reopen_until": None,
        "reopened": state.reopened + 1,
        "reports_settled": 0,
        "targets": event.targets,
        "bands": (),
    }


def _closed(state: Incident, event: w.IncidentClosed, rec: Recorded) -> Changes:
    return {"status": "closed", "closed_at": rec.at, "reopen_until": event.until}


def _cancelled(state: Incident, event: w.IncidentCancelled, rec: Recorded) -> Changes:
    return {**_unheld(state, rec), "status": "cancelled", "closed_at": rec.at}


def _visibility(state: Incident, event: w.VisibilityChanged, rec: Recorded) -> Changes:
    return {"visibility": event.visibility}


def _reporter(state: Incident, event: w.ReporterAnswered, rec: Recorded) -> Changes:
    if event.what == "withdrawn":
        return {"reports_withdrawn": state.reports_withdrawn + 1}
    return {"reports_settled": state.reports_settled + (event.what != "disputed")}


def _warned(state: Incident, event: w.TargetWarned, rec: Recorded) -> Changes:
    others = tuple(pair for pair in state.bands if pair[0] != event.target)
    return {"bands": (*others, (event.target, event.band))}


def _nothing(state: Incident, event: object, rec: Recorded) -> Changes:
    return {}


def _published(state: Incident, event: w.UpdatePublished, rec: Recorded) -> Changes:
    fresh = Update(
        number=event.number,
        at=rec.at,
        words=event.words,
        audience=event.audience,
        next_by=event.next_by,
    )
    changes: Changes = {
        "updates": event.number,
        "latest": (*state.latest, fresh)[-LATEST_UPDATES:],
    }
    if event.audience == "staff":
        return changes
    promised = _promised(state.model_copy(update=changes))
    return {
        **changes,
        "targets": state.targets.model_copy(update={"update": promised}),
        "bands": tuple(pair for pair in state.bands if pair[0] != "update"),
    }


def _promised(state: Incident) -> Millis | None:
    """When the next update is owed: the earlier of what reporters and the public were told."""
    heard = (state.heard("reporters"), state.heard("public"))
    return min((one.next_by for one in heard if one and one.next_by is not None), default=None)


def _change_update(state: Incident, number: int, changes: Changes) -> Changes:
    changed = tuple(
        one.model_copy(update=changes) if one.number == number else one for one in state.latest
    )
    return {"latest": changed}


def _corrected(state: Incident, event: w.UpdateCorrected, rec: Recorded) -> Changes:
    return _change_update(state, event.number, {"words": event.words, "corrected": True})


def _withdrawn(state: Incident, event: w.UpdateWithdrawn, rec: Recorded) -> Changes:
    return _change_update(state, event.number, {"withdrawn": True})


def _on_task(state: Incident, event: w.TaskEvent, rec: Recorded) -> Changes:
    return {"tasks": task.evolve(state.tasks, event, rec)}


fold = Fold(
    kind="incident",
    model=Incident,
    revision=2,
    first={w.IncidentOpened: _opened},
    steps={
        w.ReportAttached: _attached,
        w.FactsAdded: _facts,
        w.IncidentAcknowledged: _acknowledged,
        w.IncidentTaken: _taken,
        w.IncidentHandedOver: _handed_over,
        w.PriorityChanged: _priority,
        w.IncidentHeld: _held,
        w.IncidentResumed: _resumed,
        w.IncidentResolved: _resolved,
        w.IncidentReopened: _reopened,
        w.IncidentClosed: _closed,
        w.IncidentCancelled: _cancelled,
        w.VisibilityChanged: _visibility,
        w.IncidentNoteWritten: _nothing,
        w.ReporterAnswered: _reporter,
        w.TargetWarned: _warned,
        w.WrapUpBegan: _nothing,
        w.UpdatePublished: _published,
        w.UpdateCorrected: _corrected,
        w.UpdateWithdrawn: _withdrawn,
        **dict.fromkeys(task.EVENTS, _on_task),
    },
    each=lambda rec: {"touched_at": rec.at, "last_event": rec.event.tag},
)
