"""A person: identities, roles, subscriptions. State and fold."""

from bot.core import following_words as f
from bot.core import hearing_words as h
from bot.core import joining_words as j
from bot.core import language_words as lw
from bot.core import person_words as w
from bot.core import place_words
from bot.core import program_words as p
from bot.core import welfare_words as welfare
from bot.core.events import Recorded
from bot.core.fold import Changes, Fold, State
from bot.core.following import Wish
from bot.core.frozen import Frozen
from bot.core.ids import Millis, PersonId, StreamId, SubjectId
from bot.core.personal import Personal
from bot.core.places import Seat
from bot.core.program import Program


class Invitation(Frozen):
    """An open one-time link: the hash of its token, until when it serves, what goes on by it."""

    token: str
    until: Millis
    report: StreamId = ""
    seat: Seat | None = None


class Subscription(Frozen):
    """Updates of `scope` go to `seat`, as wished."""

    number: int
    scope: str
    seat: Seat
    wish: Wish = Wish()


class Guest(Frozen):
    """An account that brought one's code and waits for a yes; `person` is who it is until then."""

    number: int
    person: PersonId
    subject: SubjectId
    seat: Seat
    identity: Personal
    name: Personal
    check: str
    until: Millis
    report: StreamId = ""
    onto: Seat | None = None
    confirmed: bool = False


class Joined(Frozen):
    """An account of one's own elsewhere, once `person`, who ended into one.

    A `parted` one is `person` again, and is kept so that its identity says so.
    """

    number: int
    person: PersonId
    subject: SubjectId
    seat: Seat
    identity: Personal
    name: Personal
    at: Millis
    parted: bool = False


class Person(State):
    """Somebody. `subjects` are the keys under which values about them are sealed.

    `reset` is the open link of a reset, `reset_at` when there was one last; sign-ins from
    before `signed_out_at` serve no more. `link` is the open code for one account more, `guest`
    the one that brought it, `join_failed` why nothing came of the last; `joined_into` is who
    this person goes on as. `asked` waits for a yes, `asks` are when there were such lately; who
    `only_follows` was met by that and is forgotten when nothing is left to hear. `shown` is how a
    platform calls somebody who works here by being in `shown_in`, a place of the playbook;
    `shown_alone` is where we speak with them alone there.
    Since `welfare_since` they were asked how they are.
    """

    subjects: tuple[SubjectId, ...]
    roles: tuple[str, ...] = ()
    name: Personal | None = None
    shown: Personal | None = None
    shown_in: str = ""
    shown_alone: Seat | None = None
    language: str = ""
    chose_language: bool = False
    identities: tuple[Personal, ...] = ()
    invitation: Invitation | None = None
    reset: Invitation | None = None
    reset_at: Millis = 0
    signed_out_at: Millis = 0
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    disabled: bool = False
    available: bool = True
    off: bool = False
    away_until: Millis | None = None
    welfare_since: Millis | None = None
    subscriptions: tuple[Subscription, ...] = ()
    subscribed: int = 0
    asked: f.Asked | None = None
    asks: tuple[Millis, ...] = ()
    only_follows: bool = False
    visited_until: Millis = 0
    erasing_since: Millis | None = None
    link: Invitation | None = None
    guest: Guest | None = None
    joins: int = 0
    joined: tuple[Joined, ...] = ()
    join_failed: str = ""
    joined_into: PersonId = ""
    program: Program | None = None
    hears: h.Hears = h.Hears()

    @property
    def called(self) -> Personal | None:
        """How colleagues see them: by the name they gave, else as their platform shows them."""
        return self.name or self.shown

    @property
    def own(self) -> tuple[Joined, ...]:
        """Accounts elsewhere that stand for this person now."""
        return tuple(one for one in self.joined if not one.parted)

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


def _place_met(event: place_words.PlaceMet, rec: Recorded) -> Person:
    return Person(stream=rec.stream, subjects=(event.subject,))


def _caller_admitted(event: p.CallerAdmitted, rec: Recorded) -> Person:
    return Person(
        stream=rec.stream,
        subjects=(event.subject,),
        roles=event.scopes,
        name=event.name,
        identities=(event.identity,),
        program=Program(at=rec.at, token=event.token, until=event.until, by=rec.actor or ""),
    )


def _hook_added(event: p.HookAdded, rec: Recorded) -> Person:
    program = Program(at=rec.at, url=event.url, topics=event.topics, beyond=event.beyond)
    return Person(stream=rec.stream, subjects=(event.subject,), program=program)


def _accepted(state: Person, event: w.InviteAccepted, rec: Recorded) -> Changes:
    return {
        "name": event.name,
        "invitation": None,
        "identities": (*state.identities, event.identity),
    }


def _name_shown(state: Person, event: w.NameShown, rec: Recorded) -> Changes:
    return {"shown": event.name, "shown_in": event.place, "shown_alone": event.alone}


def _granted(state: Person, event: w.RoleGranted, rec: Recorded) -> Changes:
    return {"roles": (*state.roles, event.role)}


def _revoked(state: Person, event: w.RoleRevoked, rec: Recorded) -> Changes:
    return {"roles": tuple(role for role in state.roles if role != event.role)}


def _disabled(state: Person, event: w.PersonDisabled, rec: Recorded) -> Changes:
    ended = {"invitation": None, "reset": None, "signed_out_at": rec.at}
    return {"disabled": True, "roles": (), **ended, **_NO_GUEST}


def _signed_out(state: Person, event: w.SignInsEnded, rec: Recorded) -> Changes:
    return {"signed_out_at": rec.at}


def _reset(state: Person, event: w.SignInReset, rec: Recorded) -> Changes:
    link = Invitation(token=event.token, until=event.until)
    return {"reset": link, "reset_at": rec.at, "signed_out_at": rec.at}


def _renewed(state: Person, event: w.SignInRenewed, rec: Recorded) -> Changes:
    return {"reset": None, "identities": (*state.identities, event.identity)}


def _kept_elsewhere(state: Person, event: w.PersonEvent, rec: Recorded) -> Changes:
    return {}


def _welfare(state: Person, event: w.PersonEvent, rec: Recorded) -> Changes:
    return {"welfare_since": rec.at if isinstance(event, welfare.WelfareAsked) else None}


def _described(state: Person, event: w.PersonDescribed, rec: Recorded) -> Changes:
    return {name: getattr(event, name) for name in w.PersonDescribed.model_fields}


def _availability(state: Person, event: w.AvailabilitySet, rec: Recorded) -> Changes:
    return {"available": event.available, "off": event.off, "away_until": event.until}


def _subscribed(state: Person, event: w.Subscribed, rec: Recorded) -> Changes:
    fresh = Subscription(number=event.number, scope=event.scope, seat=event.seat, wish=event.wish)
    others = (one for one in state.subscriptions if one.number != event.number)
    is_asked = state.asked is not None and state.asked.number == event.number
    return {
        "subscriptions": (*others, fresh),
        "subscribed": max(state.subscribed, event.number),
        "asked": None if is_asked else state.asked,
    }


def _follow_asked(state: Person, event: f.FollowAsked, rec: Recorded) -> Changes:
    fields = {name: getattr(event, name) for name in f.Asked.model_fields}
    return {
        "asked": f.Asked(**fields),
        "asks": (*state.asks, rec.at)[-f.ASKS_MOST :],
        "subscribed": event.number,
        "only_follows": state.only_follows or rec.version == 2,
    }


def _follow_dropped(state: Person, event: f.FollowDropped, rec: Recorded) -> Changes:
    return {"asked": None}


def _visited(state: Person, event: f.Visited, rec: Recorded) -> Changes:
    return {
        "visited_until": event.until,
        "only_follows": state.only_follows or rec.version == 2,
    }


def _unsubscribed(state: Person, event: w.Unsubscribed, rec: Recorded) -> Changes:
    kept = tuple(one for one in state.subscriptions if one.number != event.number)
    return {"subscriptions": kept}


def _where_chosen(state: Person, event: h.WhereChosen, rec: Recorded) -> Changes:
    return {"hears": h.Hears(each=event.each, channel=event.channel)}


def _erasing(state: Person, event: w.ErasureOrdered, rec: Recorded) -> Changes:
    return {"erasing_since": rec.at, "disabled": True, "roles": (), **_NO_GUEST}


def _erased(state: Person, event: w.ErasureDone, rec: Recorded) -> Changes:
    parted = tuple(one for one in state.joined if one.parted)
    gone: Changes = {"identities": (), "subscriptions": (), "asked": None}
    return {"erasing_since": None, "joined": parted, **gone}


# --- joining ---------------------------------------------------------------------------------

_NO_GUEST: Changes = {"link": None, "guest": None}


def _language(state: Person, event: lw.LanguageChosen, rec: Recorded) -> Changes:
    return {"language": event.language, "chose_language": True}


def _link_issued(state: Person, event: j.LinkIssued, rec: Recorded) -> Changes:
    fields = {name: getattr(event, name) for name in Invitation.model_fields}
    link = Invitation(**fields)
    return {"link": link, "guest": None, "join_failed": ""}


def _link_followed(state: Person, event: j.LinkFollowed, rec: Recorded) -> Changes:
    return {"link": None}


def _join_asked(state: Person, event: j.JoinAsked, rec: Recorded) -> Changes:
    guest = Guest(**{name: getattr(event, name) for name in j.JoinAsked.model_fields})
    return {"link": None, "guest": guest, "joins": event.number}


def _join_confirmed(state: Person, event: j.JoinConfirmed, rec: Recorded) -> Changes:
    guest = state.guest
    return {"guest": None if guest is None else guest.model_copy(update={"confirmed": True})}


def _join_dropped(state: Person, event: j.JoinDropped, rec: Recorded) -> Changes:
    return {**_NO_GUEST, "join_failed": event.why}


def _identity_joined(state: Person, event: j.IdentityJoined, rec: Recorded) -> Changes:
    guest = state.guest
    if guest is None:
        return {}
    fresh = Joined(
        number=guest.number,
        person=guest.person,
        subject=guest.subject,
        seat=guest.seat,
        identity=guest.identity,
        name=guest.name,
        at=rec.at,
    )
    others = (one for one in state.joined if one.person != guest.person)
    subjects = dict.fromkeys((*state.subjects, guest.subject))
    return {"guest": None, "joined": (*others, fresh), "subjects": tuple(subjects)}


def _identity_parted(state: Person, event: j.IdentityParted, rec: Recorded) -> Changes:
    joined = tuple(
        one.model_copy(update={"parted": True}) if one.number == event.number else one
        for one in state.joined
    )
    gone = [one.subject for one in joined if one.parted]
    kept = tuple(one for one in state.subjects if one == state.subject or one not in gone)
    return {"joined": joined, "subjects": kept}


def _joined_into(state: Person, event: j.JoinedInto, rec: Recorded) -> Changes:
    return {"joined_into": event.into, **_NO_GUEST}


def _join_left(state: Person, event: j.JoinLeft, rec: Recorded) -> Changes:
    return {"joined_into": ""}


fold = Fold(
    kind="person",
    model=Person,
    revision=7,
    first={
        w.PersonMet: _met,
        w.PersonInvited: _invited,
        place_words.PlaceMet: _place_met,
        p.CallerAdmitted: _caller_admitted,
        p.HookAdded: _hook_added,
    },
    steps={
        w.InviteAccepted: _accepted,
        w.NameShown: _name_shown,
        w.RoleGranted: _granted,
        w.RoleRevoked: _revoked,
        w.PersonDisabled: _disabled,
        w.SignInsEnded: _signed_out,
        w.SignInReset: _reset,
        w.SignInRenewed: _renewed,
        **dict.fromkeys((w.SignInSet, w.PasskeyAdded, w.PasskeyRemoved), _kept_elsewhere),
        **dict.fromkeys((w.LoginAdded, w.LoginRemoved), _kept_elsewhere),
        **dict.fromkeys((welfare.WelfareAsked, welfare.WelfareAnswered), _welfare),
        w.PersonDescribed: _described,
        w.AvailabilitySet: _availability,
        lw.LanguageChosen: _language,
        w.Subscribed: _subscribed,
        w.Unsubscribed: _unsubscribed,
        f.FollowAsked: _follow_asked,
        f.FollowDropped: _follow_dropped,
        f.Visited: _visited,
        h.WhereChosen: _where_chosen,
        h.FollowingStopped: _kept_elsewhere,
        w.ErasureOrdered: _erasing,
        w.ErasureDone: _erased,
        j.LinkIssued: _link_issued,
        j.LinkFollowed: _link_followed,
        j.JoinAsked: _join_asked,
        j.JoinConfirmed: _join_confirmed,
        j.JoinDropped: _join_dropped,
        j.IdentityJoined: _identity_joined,
        j.IdentityParted: _identity_parted,
        j.JoinedInto: _joined_into,
        j.JoinLeft: _join_left,
    },
)
