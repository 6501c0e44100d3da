"""What an incident keeps of the problem behind it, and a problem of its incidents."""

from collections.abc import Callable
from typing import Any

from bot.core import problem_words as w
from bot.core.events import Event, Recorded
from bot.core.frozen import Frozen
from bot.core.ids import Millis, StreamId
from bot.core.personal import Personal

INCIDENTS_MOST = 500
"""How many incidents one problem may have."""


class Problem(Frozen):
    """Of a problem: what is known of its `cause`, the `workaround` and since when, its `incidents`.

    Of an incident: the problem it is `of`, and what everybody who sees the incident may know of
    that: its `reference`, its `standing`, the `workaround`.
    """

    of: StreamId | None = None
    reference: str = ""
    standing: w.Standing = ""
    cause: Personal | None = None
    workaround: Personal | None = None
    workaround_at: Millis | None = None
    incidents: tuple[StreamId, ...] = ()


Changes = dict[str, Any]
_NONE: Changes = {"of": None, "reference": "", "standing": "", "workaround": None}


def _gathered(state: Problem, event: w.IncidentGathered, rec: Recorded) -> Changes:
    return {"incidents": tuple(dict.fromkeys((*state.incidents, event.other)))}


def _let_go(state: Problem, event: w.IncidentLetGo, rec: Recorded) -> Changes:
    return {"incidents": tuple(one for one in state.incidents if one != event.other)}


def _cause(state: Problem, event: w.CauseDescribed, rec: Recorded) -> Changes:
    return {"cause": event.words}


def _workaround(state: Problem, event: w.WorkaroundSet, rec: Recorded) -> Changes:
    return {"workaround": event.words, "workaround_at": rec.at if event.words else None}


def _linked(state: Problem, event: w.ProblemLinked, rec: Recorded) -> Changes:
    return {**_NONE, "of": event.problem}


def _unlinked(state: Problem, event: w.ProblemUnlinked, rec: Recorded) -> Changes:
    return _NONE


def _heard(state: Problem, event: w.ProblemHeard, rec: Recorded) -> Changes:
    return {
        "reference": event.reference,
        "standing": event.standing,
        "workaround": event.workaround,
    }


_STEPS: dict[type[Event], Callable[[Problem, Any, Recorded], Changes]] = {
    w.IncidentGathered: _gathered,
    w.IncidentLetGo: _let_go,
    w.CauseDescribed: _cause,
    w.WorkaroundSet: _workaround,
    w.ProblemLinked: _linked,
    w.ProblemUnlinked: _unlinked,
    w.ProblemHeard: _heard,
}
EVENTS = tuple(_STEPS)


def evolve(state: Problem, rec: Recorded) -> Problem:
    """What is kept after the event of `rec`."""
    return state.model_copy(update=_STEPS[type(rec.event)](state, rec.event, rec))
