"""A major incident, as a part of its incident: how far it is, who has which post, what is known."""

from collections.abc import Callable
from typing import Any, Protocol

from bot.core import major_words as w
from bot.core import methane, own_places
from bot.core.commands import Refused
from bot.core.events import Event, Recorded
from bot.core.frozen import Frozen
from bot.core.ids import Millis, PersonId
from bot.core.major_words import COMMANDER, MajorStage, WhyWanted
from bot.core.methane import Methane
from bot.core.own_places import Own
from bot.core.personal import Personal
from bot.core.places import Seat
from bot.core.priority import Level
from bot.core.texts import t

DECISIONS_KEPT = 20


class Post(Frozen):
    """A post, who has it (None: nobody) and since when; `vacant` once that was told."""

    post: str
    person: PersonId | None
    since: Millis
    vacant: bool = False


class Offered(Frozen):
    """Somebody was asked to take a post."""

    post: str
    to: PersonId
    by: PersonId
    at: Millis


class Decision(Frozen):
    """What was decided, why, and what else could have been."""

    number: int
    decision: Personal
    reason: Personal
    alternatives: Personal | None
    by: PersonId
    made_at: Millis
    at: Millis
    late: bool


class Major(Frozen):
    """`moved_at` is when it came to `stage`, by `moved_by`.

    `told_impact` is what people were told last (None: nothing yet); `wanted` why an update is
    wanted at once. `left` is set while who commands is not with us any more.
    """

    stage: MajorStage = ""
    moved_at: Millis = 0
    moved_by: PersonId | None = None
    declared_at: Millis | None = None
    criteria: tuple[str, ...] = ()
    posts: tuple[Post, ...] = ()
    offers: tuple[Offered, ...] = ()
    left: bool = False
    methane: Methane = Methane()
    decisions: tuple[Decision, ...] = ()
    decided: int = 0
    told_impact: Level | None = None
    wanted: WhyWanted | None = None
    own: tuple[Own, ...] = ()

    @property
    def declared(self) -> bool:
        """Whether it is one now."""
        return self.stage == "declared"

    def has_to_do_with(self, person: PersonId) -> bool:
        """Whether `person` has a post of it, or was asked to take one."""
        asked = any(one.to == person for one in self.offers)
        return self.declared and (asked or any(one.person == person for one in self.posts))

    def post(self, key: str) -> Post | None:
        """That post, if there is one."""
        return next((one for one in self.posts if one.post == key), None)

    def offer(self, post: str) -> Offered | None:
        """Who was asked to take that post."""
        return next((one for one in self.offers if one.post == post), None)


class HasMajor(Protocol):
    """An incident."""

    @property
    def major(self) -> Major:
        """What there is of a major incident."""


def holder(state: HasMajor, post: str) -> PersonId | None:
    """Who has `post` while it is a major incident; None when nobody has it, or it is none."""
    found = state.major.post(post) if state.major.declared else None
    return None if found is None else found.person


def commands(state: HasMajor, person: PersonId | None) -> bool:
    """Whether `person` is the commander now."""
    return person is not None and holder(state, COMMANDER) == person


def own_seats(state: object) -> tuple[Seat, ...]:
    """Where its cards hang beside the team's place."""
    major = getattr(state, "major", None)
    own = major.own if isinstance(major, Major) else ()
    return tuple(one.seat for one in own if one.seat is not None and not one.left)


def left_seats(state: object) -> tuple[Seat, ...]:
    """Where its cards hung, and change no more."""
    major = getattr(state, "major", None)
    own = major.own if isinstance(major, Major) else ()
    return tuple(one.seat for one in own if one.seat is not None and one.left)


IN_THE_WAY = t(
    "This is a declared major incident. Its commander stands it down first, so that everybody "
    "hears the all-clear."
)


def in_the_way(state: HasMajor) -> Refused | None:
    """Why it does not end as other incidents do."""
    return Refused(code="major", text=IN_THE_WAY) if state.major.declared else None


_BELOW = t("This is a declared major incident, so it is P1 until it is stood down.")


def keeps_p1(state: HasMajor) -> Refused | None:
    """Why its priority is what it is."""
    return Refused(code="major", text=_BELOW) if state.major.declared else None


# --- the fold --------------------------------------------------------------------------------

Changes = dict[str, Any]


def _moved(stage: MajorStage, rec: Recorded) -> Changes:
    by = getattr(rec.event, "by", None)
    return {"stage": stage, "moved_at": rec.at, "moved_by": by, "offers": (), "wanted": None}


def _stood_by(major: Major, event: w.MajorStoodBy, rec: Recorded) -> Changes:
    return _moved("stand_by", rec)


def _declared(major: Major, event: w.MajorDeclared, rec: Recorded) -> Changes:
    posts = (
        Post(post=one, person=event.by if one == COMMANDER else None, since=rec.at)
        for one in event.posts
    )
    return {
        **_moved("declared", rec),
        "declared_at": rec.at,
        "criteria": event.criteria,
        "posts": tuple(posts),
        "left": False,
        "told_impact": None,
    }


def _stood_down(major: Major, event: w.MajorStoodDown, rec: Recorded) -> Changes:
    return _moved("stood_down", rec)


def _cancelled(major: Major, event: w.MajorCancelled, rec: Recorded) -> Changes:
    return _moved("cancelled", rec)


def _without(major: Major, post: str) -> tuple[Offered, ...]:
    return tuple(one for one in major.offers if one.post != post)


def _with(major: Major, post: Post) -> tuple[Post, ...]:
    return tuple(post if one.post == post.post else one for one in major.posts)


def _offered(major: Major, event: w.PostOffered, rec: Recorded) -> Changes:
    fresh = Offered(post=event.post, to=event.to, by=event.by, at=rec.at)
    return {"offers": (*_without(major, event.post), fresh)}


def _accepted(major: Major, event: w.PostAccepted, rec: Recorded) -> Changes:
    posts = _with(major, Post(post=event.post, person=event.person, since=rec.at))
    left = major.left and event.post != COMMANDER
    return {"offers": _without(major, event.post), "posts": posts, "left": left}


def _declined(major: Major, event: w.PostDeclined | w.OfferTakenBack, rec: Recorded) -> Changes:
    return {"offers": _without(major, event.post)}


def _released(major: Major, event: w.PostReleased, rec: Recorded) -> Changes:
    return {"posts": _with(major, Post(post=event.post, person=None, since=rec.at))}


def _vacant(major: Major, event: w.PostStayedVacant, rec: Recorded) -> Changes:
    empty = Post(post=event.post, person=None, since=event.since, vacant=True)
    return {"posts": _with(major, empty)}


def _left(major: Major, event: w.CommanderLeft, rec: Recorded) -> Changes:
    return {"left": True}


def _methane(major: Major, event: w.MethaneWritten, rec: Recorded) -> Changes:
    return {"methane": methane.evolve(major.methane, event)}


def _decided(major: Major, event: w.DecisionRecorded, rec: Recorded) -> Changes:
    known = {name: getattr(event, name) for name in type(event).model_fields}
    fresh = Decision(**known, at=rec.at)
    return {"decided": event.number, "decisions": (*major.decisions, fresh)[-DECISIONS_KEPT:]}


def _wanted(major: Major, event: w.UpdateWanted, rec: Recorded) -> Changes:
    return {"wanted": event.why}


_STEPS: dict[type[Event], Callable[[Major, Any, Recorded], Changes]] = {
    w.MajorStoodBy: _stood_by,
    w.MajorDeclared: _declared,
    w.MajorStoodDown: _stood_down,
    w.MajorCancelled: _cancelled,
    w.PostOffered: _offered,
    w.PostAccepted: _accepted,
    w.PostDeclined: _declined,
    w.OfferTakenBack: _declined,
    w.PostReleased: _released,
    w.PostStayedVacant: _vacant,
    w.CommanderLeft: _left,
    w.MethaneWritten: _methane,
    w.DecisionRecorded: _decided,
    w.UpdateWanted: _wanted,
}


def evolve(major: Major, rec: Recorded) -> Major:
    """It after the event of `rec`."""
    step = _STEPS.get(type(rec.event))
    changes = {} if step is None else step(major, rec.event, rec)
    return major.model_copy(update={**changes, "own": own_places.evolve(major.own, rec)})


def told(major: Major, impact: Level) -> Major:
    """It after an update went out to people, who know now how far it reaches."""
    return major.model_copy(update={"told_impact": impact, "wanted": None})
