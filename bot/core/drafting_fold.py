"""What the events of drafts, and of what customers are told, make of an incident's state."""

from typing import Any

from bot.core import approval_words as aw
from bot.core import drafting
from bot.core import incident_events as ie
from bot.core.events import Event, Recorded
from bot.core.fold import Changes
from bot.core.incident import Incident


def _drafted(state: Incident, event: aw.UpdateDrafted, rec: Recorded) -> Changes:
    waits = drafting.drafted(state.drafting, event, rec, state.updates, state.working)
    return {"drafting": waits}


def _ended(state: Incident, event: Event, rec: Recorded) -> Changes:
    return {"drafting": drafting.evolve(state.drafting, event, rec.at)}


STEPS: dict[type[Event], Any] = {
    aw.UpdateDrafted: _drafted,
    **dict.fromkeys(drafting.EVENTS, _ended),
}


def told(state: Incident, event: ie.UpdatePublished) -> Changes:
    """Customers know how things stand."""
    return {} if event.audience == "staff" else {"drafting": drafting.told(state.drafting)}


def changed(state: Incident, rec: Recorded, has_changed: bool = True) -> Changes:
    """Something changed of which they are not told by itself."""
    return {"drafting": drafting.changed(state.drafting, rec.at)} if has_changed else {}


def unapproved(event: ie.UpdatePublished | ie.UpdateCorrected, rec: Recorded) -> Changes:
    """Why an update went out without a second person stands right before it in the log."""
    return {"unapproved": True, "glass": rec.version - 1} if event.unapproved else {}
