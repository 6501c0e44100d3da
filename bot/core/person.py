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
    """Somebody. `subjects` are the keys under which values about them are sealed.

    `reset` is the open link of a reset, `reset_at` when there was one last; sign-ins from
    before `signed_out_at` serve no more.
    """

    subjects: tuple[SubjectId, ...]
    roles: tuple[str, ...] = ()
    name: Personal | None = None
    language: str = ""
    identities: tuple[Personal, ...] = ()
    invitation: Invitation | None = None
    reset: Invitation | None = None
    reset_at: Millis = 0
    signed_out_at: Millis = 0
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
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
    ended = {"invitation": None, "reset": None, "signed_out_at": rec.at}
    return {"disabled": True, "roles": (), **ended}


def _signed_out(state: Person, event: w.SignInsEnded, rec: Recorded) -> Changes:
    return {"signed_out_at": rec.at}


def _reset(state: Person, event: w.SignInReset, rec: Recorded) -> Changes:
    link = Invitation(token=event.token, until=event.until)
    return {"reset": link, "reset_at": rec.at, "signed_out_at": rec.at}


def _renewed(state: Person, event: w.SignInRenewed, rec: Recorded) -> Changes:
    return {"reset": None, "identities": (*state.identities, event.identity)}


def _sign_in_set(state: Person, event: w.SignInSet, rec: Recorded) -> Changes:
    return {}


def _described(state: Person, event: w.PersonDescribed, rec: Recorded) -> Changes:
    return {"skills": event.skills, "languages": event.languages, "teams": event.teams}


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
    revision=2,
    first={w.PersonMet: _met, w.PersonInvited: _invited},
    steps={
        w.InviteAccepted: _accepted,
        w.RoleGranted: _granted,
        w.RoleRevoked: _revoked,
        w.PersonDisabled: _disabled,
        w.SignInsEnded: _signed_out,
        w.SignInReset: _reset,
        w.SignInRenewed: _renewed,
        w.SignInSet: _sign_in_set,
        w.PersonDescribed: _described,
        w.AvailabilitySet: _availability,
        w.Subscribed: _subscribed,
        w.Unsubscribed: _unsubscribed,
        w.ErasureOrdered: _erasing,
        w.ErasureDone: _erased,
    },
)
