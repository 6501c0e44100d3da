"""Distress as the state of a report keeps it: since when, whether it is sheltered, and the notes.

While it is open nothing closes by itself and no clock of handling runs; where it was none the
report goes on as before.
"""

from collections.abc import Callable
from typing import Any

from bot.core import distress_words as w
from bot.core.events import Event, Recorded
from bot.core.frozen import Frozen
from bot.core.ids import Millis, PersonId
from bot.core.personal import Personal
from bot.core.report_words import ReportLinked, ReportTaken

NOTES_MOST = 5


class Vulnerability(Frozen):
    """What whoever works for somebody needs to know; `due` once its review is."""

    number: int
    words: Personal
    by: PersonId
    at: Millis
    review_by: Millis
    due: bool = False


class Care(Frozen):
    """`since` is when distress was noticed and nobody has cleared it yet (`asked`: they said so),
    `times` how often it was; `helped`: somebody was, and it was no false alarm. `sheltered`: the
    incident is one that few may see. `helping_since` is when whoever has it took it.
    """

    since: Millis | None = None
    asked: bool = False
    times: int = 0
    helped: bool = False
    sheltered: bool = False
    helping_since: Millis | None = None
    noted: int = 0
    notes: tuple[Vulnerability, ...] = ()

    @property
    def unclocked(self) -> bool:
        """Nobody's time is measured here, nothing is asked, and nothing closes by itself."""
        return self.since is not None or self.helped

    @property
    def holds_back(self) -> bool:
        """What is said is kept with the report until few may see where it would go."""
        return self.since is not None and not self.sheltered

    def note(self, number: int) -> Vulnerability | None:
        """Note `number`, while it is kept."""
        return next((one for one in self.notes if one.number == number), None)


Changes = dict[str, Any]


def _noticed(care: Care, event: w.DistressNoticed, rec: Recorded) -> Changes:
    began: Changes = {"since": rec.at, "times": care.times + 1, "asked": event.by == "asked"}
    return {**began, "sheltered": False, "helping_since": None}


def _sheltered(care: Care, event: w.DistressSheltered, rec: Recorded) -> Changes:
    return {"sheltered": True}


def _linked(care: Care, event: ReportLinked, rec: Recorded) -> Changes:
    return {"sheltered": event.visibility == "restricted"}


def _taken(care: Care, event: ReportTaken, rec: Recorded) -> Changes:
    return {} if care.since is None or event.by is None else {"helping_since": rec.at}


def _cleared(care: Care, event: w.DistressCleared, rec: Recorded) -> Changes:
    helped = care.helped or event.why == "helped"
    return {"since": None, "helped": helped, "helping_since": None}


def _noted(care: Care, event: w.VulnerabilityNoted, rec: Recorded) -> Changes:
    fresh = Vulnerability(
        number=event.number,
        words=event.words,
        by=event.by,
        at=rec.at,
        review_by=event.review_by,
    )
    return {"noted": event.number, "notes": (*care.notes, fresh)}


def _reviewed(care: Care, event: w.VulnerabilityReviewed, rec: Recorded) -> Changes:
    others = tuple(one for one in care.notes if one.number != event.number)
    note = care.note(event.number)
    if event.review_by is None or note is None:
        return {"notes": others}
    kept = note.model_copy(update={"review_by": event.review_by, "due": False})
    return {"notes": tuple(kept if one.number == event.number else one for one in care.notes)}


def _due(care: Care, event: w.VulnerabilityDue, rec: Recorded) -> Changes:
    return {
        "notes": tuple(
            one.model_copy(update={"due": one.due or one.number == event.number})
            for one in care.notes
        )
    }


def _nothing(care: Care, event: Event, rec: Recorded) -> Changes:
    return {}


_STEPS: dict[type[Event], Callable[[Care, Any, Recorded], Changes]] = {
    ReportLinked: _linked,
    ReportTaken: _taken,
    w.DistressNoticed: _noticed,
    w.DistressSheltered: _sheltered,
    w.DistressCleared: _cleared,
    w.DistressSummedUp: _nothing,
    w.HelperAsked: _nothing,
    w.VulnerabilityNoted: _noted,
    w.VulnerabilityReviewed: _reviewed,
    w.VulnerabilityDue: _due,
}
EVENTS: tuple[type[Event], ...] = tuple(
    one for one in _STEPS if one not in (ReportLinked, ReportTaken)
)
"""Those that are of nothing else."""


def evolve(care: Care, rec: Recorded) -> Care:
    """What is known of it after `rec`."""
    return care.model_copy(update=_STEPS[type(rec.event)](care, rec.event, rec))
