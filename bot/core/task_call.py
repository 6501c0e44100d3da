"""How people are asked for a task, what they answered, and how those on site are."""

from collections.abc import Callable
from typing import Any, Literal

from bot.core import incident_events as ie
from bot.core import resource_words as w
from bot.core.events import Event, Recorded
from bot.core.frozen import Frozen
from bot.core.ids import Millis, PersonId
from bot.core.incident_words import How, TaskPlace
from bot.core.personal import Personal
from bot.core.places import Seat

KEPT = 50


class Asked(Frozen):
    """Somebody who was asked by name, and what became of that; `place` is that by which alone
    they work here.
    """

    person: PersonId
    at: Millis
    place: str = ""
    answer: Literal["", "declined", "silent", "coming", "free"] = ""


class Bid(Frozen):
    """Somebody who could be there at `eta`."""

    person: PersonId
    eta: Millis
    note: Personal | None
    at: Millis
    alone: Seat | None = None


class Declined(Frozen):
    """Somebody who cannot, and why."""

    person: PersonId
    reason: Personal
    at: Millis


class Call(Frozen):
    """Whom a task is asked of. Lists are bounded, newest last; a person stands once in each."""

    how: How = "ring"
    window: Millis = 0
    asked: tuple[Asked, ...] = ()
    bids: tuple[Bid, ...] = ()
    declines: tuple[Declined, ...] = ()

    @property
    def pending(self) -> tuple[PersonId, ...]:
        """Who was asked by name and has not answered."""
        return tuple(one.person for one in self.asked if not one.answer)

    @property
    def nearest(self) -> tuple[Bid, ...]:
        """The bids, who comes first before the others, of equals who bid first."""
        return tuple(sorted(self.bids, key=lambda one: (one.eta, one.at, one.person)))

    @property
    def asked_in(self) -> tuple[str, ...]:
        """Where somebody works whose answer is waited for, and who is met nowhere else."""
        return tuple(one.place for one in self.asked if one.place and not one.answer)

    def was_asked(self, person: PersonId | None) -> bool:
        """Whether an answer of theirs is waited for."""
        return person in self.pending

    def bid_of(self, person: PersonId | None) -> Bid | None:
        """What they bid."""
        return next((one for one in self.bids if one.person == person), None)

    def involved(self, but: tuple[PersonId, ...] = ()) -> tuple[PersonId, ...]:
        """Everybody who was asked by name and waits, or bid."""
        found = dict.fromkeys((*self.pending, *(one.person for one in self.bids)))
        return tuple(one for one in found if one not in but)


def _answered(call: Call, person: PersonId, answer: str) -> Call:
    asked = tuple(
        one.model_copy(update={"answer": answer}) if one.person == person else one
        for one in call.asked
    )
    return call.model_copy(update={"asked": asked})


def _without_bid(call: Call, *people: PersonId) -> Call:
    kept = tuple(one for one in call.bids if one.person not in people)
    return call.model_copy(update={"bids": kept})


def _asked(call: Call, event: w.ResourceAsked, rec: Recorded) -> Call:
    others = (one for one in call.asked if one.person != event.person)
    fresh = Asked(person=event.person, at=rec.at, place=event.place)
    return call.model_copy(update={"asked": (*others, fresh)[-KEPT:]})


def _passed(call: Call, event: w.ResourcePassed, rec: Recorded) -> Call:
    return _answered(call, event.person, "silent")


def _bid(call: Call, event: w.BidMade, rec: Recorded) -> Call:
    others = _without_bid(call, event.person).bids
    fresh = Bid(person=event.person, eta=event.eta, note=event.note, at=rec.at, alone=event.alone)
    declines = tuple(one for one in call.declines if one.person != event.person)
    return call.model_copy(update={"bids": (*others, fresh)[-KEPT:], "declines": declines})


def _taken_back(call: Call, event: w.BidTakenBack, rec: Recorded) -> Call:
    return _without_bid(call, event.person)


def _freed(call: Call, event: w.ResourcesFreed, rec: Recorded) -> Call:
    call = _without_bid(call, *event.people)
    for person in event.people:
        if call.was_asked(person):
            call = _answered(call, person, "free")
    return call


def _claimed(call: Call, event: ie.TaskClaimed, rec: Recorded) -> Call:
    return _without_bid(_answered(call, event.person, "coming"), event.person)


def _declined(call: Call, event: ie.TaskDeclined, rec: Recorded) -> Call:
    call = _without_bid(_answered(call, event.person, "declined"), event.person)
    others = (one for one in call.declines if one.person != event.person)
    fresh = Declined(person=event.person, reason=event.reason, at=rec.at)
    return call.model_copy(update={"declines": (*others, fresh)[-KEPT:]})


def _released(call: Call, event: ie.TaskReleased, rec: Recorded) -> Call:
    others = (one for one in call.asked if one.person != event.person)
    gone = Asked(person=event.person, at=rec.at, answer="declined")
    return call.model_copy(update={"asked": (*others, gone)[-KEPT:]})


def _reopened(call: Call, event: ie.TaskReopened, rec: Recorded) -> Call:
    return call.model_copy(update={"asked": (), "bids": ()})


_CALL: dict[type[Event], Callable[[Call, Any, Recorded], Call]] = {
    w.ResourceAsked: _asked,
    w.ResourcePassed: _passed,
    w.BidMade: _bid,
    w.BidTakenBack: _taken_back,
    w.ResourcesFreed: _freed,
    ie.TaskClaimed: _claimed,
    ie.TaskDeclined: _declined,
    ie.TaskReleased: _released,
    ie.TaskReopened: _reopened,
}
_PLACE: dict[type[Event], Callable[[Any, Recorded], dict[str, Any]]] = {
    ie.Arrived: lambda event, rec: {"heard_at": rec.at},
    ie.TaskCompleted: lambda event, rec: {"done_at": rec.at, "unanswered": 0, "help": False},
    w.PlaceOffered: lambda event, rec: {"offered_to": event.to, "offered_in": event.place},
    w.PlaceRefused: lambda event, rec: {"offered_to": None, "offered_in": ""},
    w.CheckInAsked: lambda event, rec: {"unanswered": event.time},
    w.CheckedIn: lambda event, rec: {"heard_at": rec.at, "unanswered": 0, "help": False},
    w.HelpCalled: lambda event, rec: {"heard_at": rec.at, "unanswered": 0, "help": True},
    w.BriefingRead: lambda event, rec: {"read_at": rec.at},
    w.CanReported: lambda event, rec: {"heard_at": rec.at, "unanswered": 0},
}
EVENTS: tuple[type[Event], ...] = (
    w.ResourceAsked,
    w.ResourcePassed,
    w.BidMade,
    w.BidTakenBack,
    w.TaskAwarded,
    w.ResourcesFreed,
    w.PlaceOffered,
    w.PlaceRefused,
    w.PlaceHandedOver,
    w.CheckInAsked,
    w.CheckedIn,
    w.CheckInMissed,
    w.HelpCalled,
    w.BriefingRead,
    w.CanReported,
)


def evolve(call: Call, event: Event, rec: Recorded) -> Call:
    """How people are asked after `event`."""
    step = _CALL.get(type(event))
    return call if step is None else step(call, event, rec)


def placed(places: tuple[TaskPlace, ...], event: Event, rec: Recorded) -> tuple[TaskPlace, ...]:
    """The places after `event`, which may be about one of them."""
    if isinstance(event, w.PlaceHandedOver):
        return tuple(
            _handed(one, event, rec) if one.person == event.before else one for one in places
        )
    change = _PLACE.get(type(event))
    if change is None:
        return places
    person = getattr(event, "person", "")
    changes = change(event, rec)
    return tuple(one.model_copy(update=changes) if one.person == person else one for one in places)


def _handed(place: TaskPlace, event: w.PlaceHandedOver, rec: Recorded) -> TaskPlace:
    return TaskPlace(
        person=event.person, status="claimed", claimed_at=rec.at, eta=event.eta, alone=event.alone
    )
