"""Following by a whole place: everybody who reads there reads it. A place is a person of its own
kind, whose id follows from where it is, so whoever asks first, it is the same one.
"""

from hashlib import sha256

from bot.core import ids
from bot.core.following import Wish
from bot.core.ids import PersonId, SubjectId
from bot.core.person_words import PersonCommand, PersonEvent


def place_person(seat: str) -> PersonId:
    """Who a place is, by the keyed hash of where it is."""
    return ids.stream_id("person", 0, sha256(seat.encode()).digest())


class FollowInPlace(PersonCommand):
    """Let the place that this comes from, which is `person`, hear updates of `scope`; again: with
    another wish.
    """

    tag = "follow_in_place"
    person: PersonId
    scope: str
    wish: Wish = Wish()


class LeaveInPlace(PersonCommand):
    """Let the place that this comes from, which is `person`, no longer hear by subscription
    `number`.
    """

    tag = "leave_in_place"
    person: PersonId
    number: int


class PlaceMet(PersonEvent):
    """A place on `channel` follows something for the first time."""

    tag = "place_met"
    subject: SubjectId
    channel: str
