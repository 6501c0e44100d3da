"""How far a complaint, a service request or an enquiry has come on its path."""

from typing import Any

from bot.core import moving_words as mw
from bot.core import path_words as w
from bot.core.events import Event, Recorded
from bot.core.frozen import Frozen
from bot.core.ids import Millis, PersonId
from bot.core.parties import Party
from bot.core.personal import Personal

FULFIL, ANSWER = "fulfil", "answer"
"""The steps of a service request and of an enquiry; those of a complaint are the playbook's."""


class DoneStep(Frozen):
    """A step that is done; of a follow-up, who does it by when, None where nobody does."""

    step: str
    at: Millis
    by: PersonId
    owner: PersonId | None = None
    until: Millis | None = None


class Path(Frozen):
    """`done` are the steps so far, `overdue` those whose time went by. `fulfil_by` is what the
    customer of a request was promised, `answer_by` that of an enquiry which others answer.
    `kind_set`: a person said what kind of thing it is.
    """

    done: tuple[DoneStep, ...] = ()
    by_whom: Personal | None = None
    fulfil_by: Millis | None = None
    handed_to: Party | None = None
    handed_out: Personal | None = None
    answer_by: Millis | None = None
    overdue: tuple[str, ...] = ()
    kind_set: bool = False

    def done_step(self, key: str) -> DoneStep | None:
        """That step, if it was done."""
        return next((one for one in self.done if one.step == key), None)


Changes = dict[str, Any]


def _done(path: Path, event: w.PathStepDone, rec: Recorded) -> Changes:
    fresh = DoneStep(step=event.step, at=rec.at, by=event.by, owner=event.owner, until=event.until)
    return {"done": (*path.done, fresh), "overdue": _without(path, event.step)}


def _fulfilment(path: Path, event: w.FulfilmentSet, rec: Recorded) -> Changes:
    left = _without(path, FULFIL)
    return {"by_whom": event.by_whom, "fulfil_by": event.promised, "overdue": left}


def _handed_on(path: Path, event: w.EnquiryHandedOn, rec: Recorded) -> Changes:
    return {
        "handed_to": event.party,
        "handed_out": event.to,
        "answer_by": event.until,
        "overdue": _without(path, ANSWER),
    }


def _overdue(path: Path, event: w.PathOverdue, rec: Recorded) -> Changes:
    return {"overdue": (*path.overdue, event.step)}


def _answered(path: Path, event: w.EnquiryAnswered, rec: Recorded) -> Changes:
    return {"overdue": _without(path, ANSWER)}


def _kind(path: Path, event: mw.KindChanged, rec: Recorded) -> Changes:
    """What was done stays done; what is due is asked anew of the new kind."""
    return {"overdue": (), "kind_set": path.kind_set or rec.actor != "system"}


def _category(path: Path, event: mw.CategoryChanged, rec: Recorded) -> Changes:
    return {"overdue": ()}


def _without(path: Path, step: str) -> tuple[str, ...]:
    return tuple(one for one in path.overdue if one != step)


_STEPS: dict[type[Event], Any] = {
    w.PathStepDone: _done,
    w.FulfilmentSet: _fulfilment,
    w.EnquiryHandedOn: _handed_on,
    w.EnquiryAnswered: _answered,
    w.PathOverdue: _overdue,
    mw.KindChanged: _kind,
    mw.CategoryChanged: _category,
}
EVENTS = tuple(one for one in _STEPS if one not in (mw.KindChanged, mw.CategoryChanged))


def evolve(path: Path, rec: Recorded) -> Path:
    """The path after the event of `rec`."""
    return path.model_copy(update=_STEPS[type(rec.event)](path, rec.event, rec))


def elsewhere(path: Path) -> Path:
    """It is of another category: its steps may be others, and what is due is asked anew."""
    return path.model_copy(update={"overdue": ()})


def again(path: Path) -> Path:
    """It was opened again: everything is to be done anew, and nothing is promised yet."""
    return Path(kind_set=path.kind_set)
