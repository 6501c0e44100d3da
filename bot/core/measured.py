"""When the milestones of an incident were, as its events say: what its figures are made of.

Kept apart from what the desk works with, which forgets: an acknowledgement that expired was one,
and what was paused before a reopening was paused.
"""

from collections.abc import Callable, Mapping
from typing import Any

from bot.core import incident_events as w
from bot.core import moving_words as mw
from bot.core.events import Event, Recorded
from bot.core.frozen import Frozen
from bot.core.ids import Millis, PersonId
from bot.core.milestone_words import Milestone, MilestoneCorrected
from bot.core.resource_words import PlaceHandedOver
from bot.core.shelter_words import ShelterEnded

Span = tuple[Millis, Millis]
Changes = dict[str, Any]


class Asked(Frozen):
    """Help was wanted for `task`; `claimed_at` is when the first said that they come."""

    task: int
    opened_at: Millis
    claimed_at: Millis | None = None


class Coming(Frozen):
    """`person` said at `claimed_at` that they would be there at `promised`."""

    task: int
    person: PersonId
    claimed_at: Millis
    promised: Millis
    arrived_at: Millis | None = None


class Corrected(Frozen):
    """A milestone was at `happened_at`; `before` was recorded first of all (None: nothing)."""

    milestone: Milestone
    happened_at: Millis
    before: Millis | None


class Measured(Frozen):
    """`acknowledged_at` is the first time that a person saw it, `told_at` the first update to
    customers, `pauses` are all spans in which no clock ran. Of `due` updates `kept` were in time.
    """

    acknowledged_at: Millis | None = None
    told_at: Millis | None = None
    pauses: tuple[Span, ...] = ()
    asked: tuple[Asked, ...] = ()
    coming: tuple[Coming, ...] = ()
    due: int = 0
    kept: int = 0
    corrected: tuple[Corrected, ...] = ()

    def correction(self, milestone: Milestone) -> Corrected | None:
        """What was said of that milestone afterwards."""
        return next((one for one in self.corrected if one.milestone == milestone), None)


def _seen(was: Measured, state: Any, event: Event, rec: Recorded) -> Changes:
    if was.acknowledged_at is not None or rec.actor == "system":
        return {}
    return {"acknowledged_at": rec.at}


def _told(was: Measured, state: Any, event: w.UpdatePublished, rec: Recorded) -> Changes:
    if event.audience == "staff":
        return {}
    counted = owes(state)
    kept = counted and rec.at <= state.targets.update
    return {
        "told_at": was.told_at or rec.at,
        "due": was.due + counted,
        "kept": was.kept + kept,
    }


def _paused(was: Measured, state: Any, event: Event, rec: Recorded) -> Changes:
    if state.held_since is None:
        return {}
    return {"pauses": (*was.pauses, (state.held_since, rec.at))}


def _sheltered(was: Measured, state: Any, event: ShelterEnded, rec: Recorded) -> Changes:
    """No clock ran while somebody was thought to be in distress."""
    since = state.shelter.since
    if event.targets is None or since is None:
        return {}
    return {"pauses": (*was.pauses, (since, rec.at))}


def _missed(was: Measured, state: Any, event: Event, rec: Recorded) -> Changes:
    """A promise that passed without a word is not kept any more."""
    late = owes(state) and state.targets.update < rec.at
    return {**_paused(was, state, event, rec), "due": was.due + late}


def _restored(was: Measured, state: Any, event: w.IncidentResolved, rec: Recorded) -> Changes:
    """Who was told nothing at all is owed nothing more, but was until now."""
    return (_paused if was_told(state) else _missed)(was, state, event, rec)


def _reopened(was: Measured, state: Any, event: w.IncidentReopened, rec: Recorded) -> Changes:
    """It was neither restored nor closed for good."""
    left = tuple(one for one in was.corrected if one.milestone not in ("restored", "closed"))
    return {**_missed(was, state, event, rec), "corrected": left}


def was_told(state: Any) -> bool:
    """Whether people were told anything, and with it when they hear more; staff do not count."""
    return state.measured.told_at is not None


def owes(state: Any) -> bool:
    """Whether people were promised an update that is still to come."""
    open_ = state.working or (state.status == "resolved" and was_told(state))
    return open_ and state.targets.update is not None and not state.shelter.unclocked


def _asked(was: Measured, state: Any, event: w.TaskOpened, rec: Recorded) -> Changes:
    return {"asked": (*was.asked, Asked(task=event.task, opened_at=rec.at))}


def _comes(was: Measured, task: int, coming: Coming) -> Changes:
    asked = tuple(
        one.model_copy(update={"claimed_at": coming.claimed_at})
        if one.task == task and one.claimed_at is None
        else one
        for one in was.asked
    )
    return {"asked": asked, "coming": (*was.coming, coming)}


def _claimed(was: Measured, state: Any, event: w.TaskClaimed, rec: Recorded) -> Changes:
    coming = Coming(task=event.task, person=event.person, claimed_at=rec.at, promised=event.eta)
    return _comes(was, event.task, coming)


def _handed(was: Measured, state: Any, event: PlaceHandedOver, rec: Recorded) -> Changes:
    coming = Coming(task=event.task, person=event.person, claimed_at=rec.at, promised=event.eta)
    return _comes(was, event.task, coming)


def _arrived(was: Measured, state: Any, event: w.Arrived, rec: Recorded) -> Changes:
    found = last(was, event.task, event.person)
    if found is None:
        return {}
    there = found.model_copy(update={"arrived_at": rec.at})
    return {"coming": tuple(there if one is found else one for one in was.coming)}


def last(was: Measured, task: int, person: PersonId) -> Coming | None:
    """The last time that `person` said they would come for `task`."""
    theirs = (one for one in reversed(was.coming) if (one.task, one.person) == (task, person))
    return next(theirs, None)


def _brought(was: Measured, state: Any, event: mw.TaskBrought, rec: Recorded) -> Changes:
    """It counts from when help was first wanted, where it was then."""
    task, places = event.brought, event.brought.places
    first = min((one.claimed_at for one in places), default=None)
    there = tuple(
        Coming(
            task=event.task,
            person=one.person,
            claimed_at=one.claimed_at,
            promised=one.eta,
            arrived_at=one.arrived_at,
        )
        for one in places
    )
    asked = Asked(task=event.task, opened_at=task.opened_at, claimed_at=first)
    return {"asked": (*was.asked, asked), "coming": (*was.coming, *there)}


def _corrected(was: Measured, state: Any, event: MilestoneCorrected, rec: Recorded) -> Changes:
    fresh = Corrected(
        milestone=event.milestone,
        happened_at=event.happened_at,
        before=event.before,
    )
    others = tuple(one for one in was.corrected if one.milestone != event.milestone)
    return {"corrected": (*others, fresh)}


Step = Callable[[Measured, Any, Any, Recorded], Changes]
STEPS: Mapping[type[Event], Step] = {
    w.IncidentAcknowledged: _seen,
    w.IncidentTaken: _seen,
    w.UpdatePublished: _told,
    w.IncidentResumed: _paused,
    w.IncidentResolved: _restored,
    w.IncidentClosed: _missed,
    w.IncidentReopened: _reopened,
    ShelterEnded: _sheltered,
    w.TaskOpened: _asked,
    w.TaskClaimed: _claimed,
    PlaceHandedOver: _handed,
    w.Arrived: _arrived,
    mw.TaskBrought: _brought,
    MilestoneCorrected: _corrected,
}


def noted(state: Any, rec: Recorded) -> Changes:
    """What is kept of an event besides, from the state before it."""
    note = STEPS.get(type(rec.event))
    changes = {} if note is None else note(state.measured, state, rec.event, rec)
    return {"measured": state.measured.model_copy(update=changes)} if changes else {}


def _only(state: Any, event: MilestoneCorrected, rec: Recorded) -> Changes:
    """Nobody did anything with the incident."""
    return {"touched_at": state.touched_at, "last_event": state.last_event}


OWN: Mapping[type[Event], Callable[[Any, Any, Recorded], Changes]] = {MilestoneCorrected: _only}
