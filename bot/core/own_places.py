"""A major incident's own places: opened, left, shut. A part of it (`core.major`)."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.core import major_words as w
from bot.core.events import Event, Recorded
from bot.core.frozen import Frozen
from bot.core.own_place_words import OwnPlaceShut, OwnPlacesLeft
from bot.core.places import Seat

Owns = tuple["Own", ...]


class Own(Frozen):
    """A place of its own, as people call it; or, with a `reason`, why there is none there.

    `left`: nothing more goes there, since it is to be shut; `shut` once that was done, or given up.
    """

    channel: str
    seat: Seat | None = None
    name: str = ""
    reason: str = ""
    left: bool = False
    shut: bool = False


def _with(owns: Owns, own: Own) -> Owns:
    return (*(one for one in owns if one.channel != own.channel), own)


def _opened(owns: Owns, event: w.OwnPlaceOpened) -> Owns:
    seat = event.place
    return _with(owns, Own(channel=seat.channel, seat=seat, name=event.name))


def _refused(owns: Owns, event: w.OwnPlaceRefused) -> Owns:
    return _with(owns, Own(channel=event.channel, reason=event.reason))


def _declared(owns: Owns, event: w.MajorDeclared) -> Owns:
    """Where one was shut, or refused, another is opened."""
    return tuple(one for one in owns if one.seat is not None and not one.left)


def _left(owns: Owns, event: OwnPlacesLeft) -> Owns:
    return tuple(one.model_copy(update={"left": one.seat is not None}) for one in owns)


def _shut(owns: Owns, event: OwnPlaceShut) -> Owns:
    return tuple(
        one.model_copy(update={"shut": True}) if one.channel == event.channel else one
        for one in owns
    )


STEPS: Mapping[type[Event], Callable[[Owns, Any], Owns]] = {
    w.OwnPlaceOpened: _opened,
    w.OwnPlaceRefused: _refused,
    w.MajorDeclared: _declared,
    OwnPlacesLeft: _left,
    OwnPlaceShut: _shut,
}


def evolve(owns: Owns, rec: Recorded) -> Owns:
    """They after the event of `rec`."""
    step = STEPS.get(type(rec.event))
    return owns if step is None else step(owns, rec.event)


def to_shut(owns: Owns) -> Owns:
    """Those that are open still."""
    return tuple(one for one in owns if one.seat is not None and not one.shut)
