"""A person: identities, roles, subscriptions. State and fold."""

from bot.core import person_words as w
from bot.core.events import Recorded
from bot.core.fold import Changes, Fold, State
from bot.core.frozen import Frozen
from bot.core.ids import Millis, SubjectId
from bot.core.personal import Personal
from bot.core.places import Seat


class Invitation(Frozen):
    """An open one-time link: the hash of its token, and until when it serves."""

    token: str
    until: Millis


class Subscription(Frozen):
    """Updates of `scope` go to `seat`."""

    number: int
    scope: str
    seat: Seat


class Person(State):
    """Somebody. `subjects` are the keys under which values about them are sealed."""

    subjects: tuple[SubjectId, ...]
    roles: tuple[str, ...] = ()
    name: Personal | None = None
    language: str = ""
    identities: tuple[Personal, ...] = ()
    invitation: Invitation | None = None
    disabled: bool = False
    available: bool = True
    subscriptions: tuple[Subscription, ...] = ()
    subscribed: int = 0
    erasing_since: Millis | None = None

    @property
    def subject(self) -> SubjectId:
        """The subject of what is newly said of this person."""
        return self.subjects[0]


def _met(event: w.PersonMet, rec: Recorded) -> Person:
    return Person(
        stream=rec.stream,
        subjects=(event.subject,),
        language=event.language,
        identities=(event.identity,),
    )


def _invited(event: w.PersonInvited, rec: Recorded) -> Person:
    return Person(
        stream=rec.stream,
        subjects=(event.subject,),
        roles=event.roles,
        invitation=Invitation(token=event.token, until=event.until),
    )


def _accepted(state: Person, event: w.InviteAccepted, rec: Recorded) -> Changes:
    return {
        "name": event.name,
        "invitation": None,
        "identities": (*state.identities, event.identity),
    }


def _granted(state: Person, event: w.RoleGranted, rec: Recorded) -> Changes:
    return {"roles": (*state.roles, event.role)}


def _revoked(state: Person, event: w.RoleRevoked, rec: Recorded) -> Changes:
    return {"roles": tuple(role for role in state.roles if role != event.role)}


def _disabled(state: Person, event: w.PersonDisabled, rec: Recorded) -> Changes:
    return {"disabled": True, "roles": (), "invitation": None}


def _availability(state: Person, event: w.AvailabilitySet, rec: Recorded) -> Changes:
    return {"available": event.available}


def _subscribed(state: Person, event: w.Subscribed, rec: Recorded) -> Changes:
    fresh = Subscription(number=event.number, scope=event.scope, seat=event.seat)
    return {
        "subscriptions": (*state.subscriptions, fresh),
        "subscribed": event.number,
    }


def _unsubscribed(state: Person, event: w.Unsubscribed, rec: Recorded) -> Changes:
    kept = tuple(one for one in state.subscriptions if one.number != event.number)
    return {"subscriptions": kept}


def _erasing(state: Person, event: w.ErasureOrdered, rec: Recorded) -> Changes:
    return {"erasing_since": rec.at, "disabled": True, "roles": ()}


def _erased(state: Person, event: w.ErasureDone, rec: Recorded) -> Changes:
    return {"erasing_since": None, "identities": (), "subscriptions": ()}


fold = Fold(
    kind="person",
    model=Person,
    revision=1,
    first={w.PersonMet: _met, w.PersonInvited: _invited},
    steps={
        w.InviteAccepted: _accepted,
        w.RoleGranted: _granted,
        w.RoleRevoked: _revoked,
        w.PersonDisabled: _disabled,
        w.AvailabilitySet: _availability,
        w.Subscribed: _subscribed,
        w.Unsubscribed: _unsubscribed,
        w.ErasureOrdered: _erasing,
        w.ErasureDone: _erased,
    },
)
