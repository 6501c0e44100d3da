"""What reports and incidents keep of others that may be the same, and how it changes."""

from collections.abc import Callable
from typing import Any

from bot.core import likely_words as w
from bot.core.events import Event
from bot.core.frozen import Frozen
from bot.core.ids import StreamId

KEPT = 100


class Known(Frozen):
    """Of a report: what was `offered` the `asked`-th time, what it is not (`declined`), and what
    it was `joined` to.
    """

    offered: tuple[w.Likely, ...] = ()
    asked: int = 0
    declined: tuple[StreamId, ...] = ()
    joined: StreamId | None = None


class Alike(Frozen):
    """Of an incident: which others may be the same, which are not, and which belong to it."""

    found: tuple[w.Likely, ...] = ()
    denied: tuple[StreamId, ...] = ()
    linked: tuple[StreamId, ...] = ()

    def likely(self, other: StreamId) -> w.Likely | None:
        """What was found of `other`."""
        return next((one for one in self.found if one.incident == other), None)


Changes = dict[str, Any]


def _added(kept: tuple[StreamId, ...], *more: StreamId) -> tuple[StreamId, ...]:
    return tuple(dict.fromkeys((*kept, *more)))[-KEPT:]


def _offered(known: Known, event: w.KnownOffered) -> Changes:
    return {"offered": event.found, "asked": known.asked + bool(event.found)}


def _joined(known: Known, event: w.KnownJoined) -> Changes:
    return {"offered": (), "joined": event.incident}


def _declined(known: Known, event: w.KnownDeclined) -> Changes:
    left = tuple(one for one in known.offered if one.incident not in event.incidents)
    return {"offered": left, "declined": _added(known.declined, *event.incidents)}


def _noted(alike: Alike, event: w.LikelyNoted) -> Changes:
    return {"found": event.found}


def _denied(alike: Alike, event: w.LikenessDenied) -> Changes:
    left = tuple(one for one in alike.found if one.incident != event.other)
    return {"found": left, "denied": _added(alike.denied, event.other)}


def _linked(alike: Alike, event: w.IncidentsLinked) -> Changes:
    left = tuple(one for one in alike.found if one.incident != event.other)
    return {"found": left, "linked": _added(alike.linked, event.other)}


_KNOWN: dict[type[Event], Callable[[Known, Any], Changes]] = {
    w.KnownOffered: _offered,
    w.KnownJoined: _joined,
    w.KnownDeclined: _declined,
}
_ALIKE: dict[type[Event], Callable[[Alike, Any], Changes]] = {
    w.LikelyNoted: _noted,
    w.LikenessDenied: _denied,
    w.IncidentsLinked: _linked,
}
OF_REPORTS, OF_INCIDENTS = tuple(_KNOWN), tuple(_ALIKE)


def evolve_known(known: Known, event: Event) -> Known:
    """What a report keeps after `event`."""
    return known.model_copy(update=_KNOWN[type(event)](known, event))


def evolve_alike(alike: Alike, event: Event) -> Alike:
    """What an incident keeps after `event`."""
    return alike.model_copy(update=_ALIKE[type(event)](alike, event))
