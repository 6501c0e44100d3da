"""What an incident knows of distress: whose reports, since when, and how it was before."""

from collections.abc import Callable
from typing import Any

from bot.core import shelter_words as w
from bot.core.calendar import DAY
from bot.core.events import Event, Recorded
from bot.core.frozen import Frozen
from bot.core.ids import Millis, PersonId, StreamId
from bot.core.looking_words import RestrictedRead
from bot.core.priority import Priority

Changes = dict[str, Any]
Spans = tuple[tuple[Millis, Millis], ...]


class Shelter(Frozen):
    """`reports` are those of people in distress now, the first `since`; `helped`: somebody was
    in distress here. `lifts`: it is restricted by that alone. `before` is the priority until then.
    `looked` are those who read it on the newest day on which anybody did, by the number of the day.
    """

    reports: tuple[StreamId, ...] = ()
    since: Millis | None = None
    helped: bool = False
    lifts: bool = False
    before: Priority | None = None
    looked: tuple[tuple[PersonId, int], ...] = ()

    @property
    def unclocked(self) -> bool:
        """Nobody's time is measured here."""
        return bool(self.reports) or self.helped


def _sheltered(state: Any, event: w.ReportSheltered, rec: Recorded) -> Changes:
    was: Shelter = state.shelter
    changes: Changes = {
        "reports": (*was.reports, event.report),
        "since": was.since or rec.at,
        "lifts": was.lifts or event.restricted,
        "before": was.before or state.priority,
    }
    return {"shelter": was.model_copy(update=changes)}


def _parted(state: Any, event: w.ReportParted, rec: Recorded) -> Changes:
    leaving = (*state.kin.leaving, event.report)
    return {"kin": state.kin.model_copy(update={"leaving": leaving})}


def _ended(state: Any, event: w.ShelterEnded, rec: Recorded) -> Changes:
    was: Shelter = state.shelter
    left = tuple(one for one in was.reports if one != event.report)
    changes: Changes = {"reports": left, "helped": was.helped or event.why == "helped"}
    if not left:
        changes |= {"since": None, "before": None, "lifts": False}
    found: Changes = {"shelter": was.model_copy(update=changes)}
    if event.targets is not None and was.since is not None:
        found |= {"targets": event.targets, "bands": ()}
        found["holds"] = stood(state.holds, was.since, rec.at)
    return found


def _read(state: Any, event: RestrictedRead, rec: Recorded) -> Changes:
    was: Shelter = state.shelter
    day = rec.at // DAY
    today = tuple(one for one in was.looked if one[1] == day)
    return {"shelter": was.model_copy(update={"looked": (*today, (event.by, day))})}


STEPS: dict[type[Event], Callable[[Any, Any, Recorded], Changes]] = {
    w.ReportSheltered: _sheltered,
    w.ReportParted: _parted,
    w.ShelterEnded: _ended,
    RestrictedRead: _read,
}


def watched(state: Any) -> bool:
    """Whether it is kept who reads it: few may see it, or somebody was in distress."""
    return state.visibility == "restricted" or bool(state.shelter.unclocked)


def stood(holds: Spans, since: Millis, until: Millis) -> Spans:
    """`holds` with the time in which no clock ran, none of it counted twice."""
    before = tuple(one for one in holds if one[0] < since)
    start = max((since, *(end for _, end in before)))
    return before if start >= until else (*before, (start, until))
