"""How an incident is told to a program, from its state."""

from typing import Any

from bot.core.incident import Incident
from bot.core.incident_words import FLAGS
from bot.core.milestones import Figure
from bot.engine.read_api import LikelyTold, Ties
from bot.pages.api import schemas as s

_KEPT = ("reference", "status", "danger", "category", "visibility", "mode", "reports", "updates")


def incident(one: Incident, ties: Ties, label: str) -> dict[str, Any]:
    """How it stands; `label` is what its state is called."""
    statuses = [task.status for task in one.tasks]
    return {
        **{name: getattr(one, name) for name in _KEPT},
        "kind": one.incident_kind,
        "state": {"label": label, **FLAGS[one.status].model_dump()},
        "priority": one.priority.value,
        "impact": one.impact.value,
        "urgency": one.urgency.value,
        "opened_at": s.moment(one.opened_at),
        "touched_at": s.moment(one.touched_at),
        "acknowledged_at": s.maybe(one.acknowledged_at),
        "resolved_at": s.maybe(one.resolved_at),
        "closed_at": s.maybe(one.closed_at),
        "next_update_by": s.maybe(one.targets.update if one.working else None),
        "tasks": {name: statuses.count(name) for name in ("open", "claimed", "done")},
        "merged_into": ties.into,
        "problem": ties.problem,
        "incidents": ties.incidents,
    }


def likely(one: LikelyTold) -> s.LikelyTold:
    """Another one, and why it may be the same."""
    reasons = [s.ReasonTold(what=why.what, n=why.n) for why in one.found.reasons]
    return s.LikelyTold(
        reference=one.other.reference,
        score=one.found.score,
        reasons=reasons,
        opened_at=s.moment(one.other.opened_at),
    )


def figure(one: Figure) -> dict[str, Any]:
    """One figure, by nobody's name."""
    return {
        "figure": one.key,
        "status": one.status,
        "why": one.why,
        "seconds": _seconds(one.ms),
        "seconds_without_pauses": _seconds(one.net_ms),
        "seconds_late": _seconds(one.late_ms),
        "due": one.due if one.key == "punctual" else None,
        "kept": one.kept if one.key == "punctual" else None,
        "task": one.task or None,
        "corrected": one.corrected,
    }


def _seconds(ms: int | None) -> float | None:
    return None if ms is None else ms / 1000
