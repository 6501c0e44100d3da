"""How an incident hangs together with others: merged, split, and who is on the way where."""

from collections.abc import Callable
from typing import Any

from bot.core import moving_words as w
from bot.core.events import Event
from bot.core.frozen import Frozen
from bot.core.ids import PersonId, StreamId

KEPT = 50


class Kin(Frozen):
    """`expects` is the incident that is just being merged into this one, wanted by
    `expects_by`; `leaving` are reports that are under way out of it. `absorbed` are all whose
    reports and subscribers it has, also through others; `parts` those merged straight into it.
    `split_off` are the newest that were made of it.
    """

    merged_into: StreamId | None = None
    split_from: StreamId | None = None
    expects: StreamId | None = None
    expects_by: PersonId | None = None
    absorbed: tuple[StreamId, ...] = ()
    parts: tuple[StreamId, ...] = ()
    split_off: tuple[StreamId, ...] = ()
    leaving: tuple[StreamId, ...] = ()

    @property
    def others(self) -> tuple[StreamId, ...]:
        """All that it hangs together with, where it went first."""
        came = tuple(one for one in (self.merged_into, self.split_from) if one)
        return tuple(dict.fromkeys((*came, *self.parts, *self.split_off)))


Changes = dict[str, Any]
_NOBODY: Changes = {"expects": None, "expects_by": None}


def _began(kin: Kin, event: w.MergeBegan) -> Changes:
    return {"expects": event.source, "expects_by": event.by}


def _ended(kin: Kin, event: w.MergeEnded) -> Changes:
    return _NOBODY


def _merged(kin: Kin, event: w.IncidentMerged) -> Changes:
    return {**_NOBODY, "merged_into": event.into, "leaving": ()}


def _absorbed(kin: Kin, event: w.IncidentAbsorbed) -> Changes:
    every = dict.fromkeys((*kin.absorbed, event.source, *event.absorbed))
    return {**_NOBODY, "absorbed": tuple(every), "parts": (*kin.parts, event.source)}


def _split(kin: Kin, event: w.IncidentSplit) -> Changes:
    off = (*kin.split_off, event.into)[-KEPT:]
    return {"split_off": off, "leaving": (*kin.leaving, *event.reports)}


def _detached(kin: Kin, event: w.ReportDetached) -> Changes:
    return {"leaving": tuple(one for one in kin.leaving if one != event.report)}


_STEPS: dict[type[Event], Callable[[Kin, Any], Changes]] = {
    w.MergeBegan: _began,
    w.MergeEnded: _ended,
    w.IncidentMerged: _merged,
    w.IncidentAbsorbed: _absorbed,
    w.IncidentSplit: _split,
    w.ReportDetached: _detached,
}


def evolve(kin: Kin, event: Event) -> Kin:
    """The ties after `event`."""
    return kin.model_copy(update=_STEPS[type(event)](kin, event))
