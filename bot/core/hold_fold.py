"""What a hold, or giving it back, makes of the state of an incident."""

from bot.core import drafting_fold
from bot.core import incident_events as w
from bot.core.events import Recorded
from bot.core.fold import Changes
from bot.core.incident import Incident

HOLDS_KEPT = 50


def moved(rec: Recorded) -> Changes:
    """Who brought it to another status, for whoever comes second."""
    return {"moved_at": rec.at, "moved_by": rec.actor}


def held(state: Incident, event: w.IncidentHeld, rec: Recorded) -> Changes:
    """Work waits from now on."""
    begun = {"status": "on_hold", "held_since": rec.at, "held_until": event.until}
    return {**moved(rec), **begun, **drafting_fold.changed(state, rec)}


def unheld(state: Incident, rec: Recorded) -> Changes:
    """The hold that ends now, if there is one."""
    if state.held_since is None:
        return {}
    return {
        "held_since": None,
        "held_until": None,
        "held_ms": state.held_ms + rec.at - state.held_since,
        "holds": (*state.holds, (state.held_since, rec.at))[-HOLDS_KEPT:],
    }


def resumed(state: Incident, event: w.IncidentResumed, rec: Recorded) -> Changes:
    """Work goes on."""
    goes_on = {"status": "in_progress", "targets": event.targets}
    changed = drafting_fold.changed(state, rec)
    return {**moved(rec), **unheld(state, rec), **goes_on, **changed}


def released(state: Incident, event: w.IncidentReleased, rec: Recorded) -> Changes:
    """It is nobody's, as if nobody had seen it."""
    return {
        **moved(rec),
        "status": "open",
        "owner": None,
        "owner_since": None,
        "acknowledged_at": None,
        "acknowledged_by": None,
        "released_at": rec.at,
        "targets": event.targets,
        "bands": tuple(pair for pair in state.bands if pair[0] != "acknowledge"),
    }
