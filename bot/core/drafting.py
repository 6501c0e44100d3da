"""Updates that wait for a second person: what they say, who wrote them, what became of them."""

from collections.abc import Callable
from typing import Any, Literal

from bot.core import approval_words as w
from bot.core.events import Event, Recorded
from bot.core.frozen import Frozen
from bot.core.ids import Millis, PersonId
from bot.core.incident_words import Audience, Wording
from bot.core.person_words import Role
from bot.core.personal import Personal

WAITING_MOST = 5
SETTLED_KEPT = 10


class Draft(Frozen):
    """An update that waits, as it stands now; its earlier versions are read from the log.

    `writers` are all who wrote a version of it, and who answers for a program that did: none of
    them may approve it. `sent_back` is why it was given back, None while it waits for approval.
    `since` is when this version was written; `after` was the number of the newest update then,
    `working` whether the incident was worked on. `behind` answers for a program that wrote it.
    """

    number: int
    version: int
    words: Personal
    language: str = ""
    also: tuple[Wording, ...] = ()
    audience: Audience
    next_by: Millis | None
    position: int = 0
    writers: tuple[PersonId, ...]
    approver: Role
    break_glass: bool
    reach: int | None = None
    corrects: int = 0
    since: Millis
    after: int = 0
    working: bool = True
    recovered: Personal | None = None
    data_loss: Personal | None = None
    sent_back: Personal | None = None
    sent_back_by: PersonId | None = None
    behind: PersonId = ""

    @property
    def author(self) -> PersonId:
        """Who wrote its newest version."""
        return self.writers[-1]

    @property
    def all_clear(self) -> bool:
        """Whether a major incident is stood down with it."""
        return self.recovered is not None and self.data_loss is not None

    @property
    def languages(self) -> tuple[str, ...]:
        """In which languages it is written."""
        return (self.language, *(one.language for one in self.also))


How = Literal["approved", "unapproved", "withdrawn"]


class Settled(Frozen):
    """What became of a draft, by whom, and when."""

    number: int
    how: How
    by: PersonId
    at: Millis


class Drafting(Frozen):
    """`made` counts the drafts that there ever were; `open` are those that wait, `settled` the
    newest that do not.

    `changed_at` is when impact, urgency or status changed last since customers were told anything,
    None when they know of it.
    """

    made: int = 0
    open: tuple[Draft, ...] = ()
    settled: tuple[Settled, ...] = ()
    changed_at: Millis | None = None

    def draft(self, number: int) -> Draft | None:
        """Draft `number`, while it waits."""
        return next((one for one in self.open if one.number == number), None)


def drafted(
    drafting: Drafting, event: w.UpdateDrafted, rec: Recorded, after: int, working: bool
) -> Drafting:
    """It waits, or waits again in other words; `after` and `working` are as the incident is."""
    known = drafting.draft(event.draft)
    before = () if known is None else tuple(x for x in known.writers if x != event.by)
    fresh = Draft(
        number=event.draft,
        version=event.version,
        words=event.words,
        language=event.language,
        also=event.also,
        audience=event.audience,
        next_by=event.next_by,
        position=event.position,
        writers=(*before, *filter(None, [event.behind]), event.by),
        approver=event.approver,
        behind=event.behind,
        break_glass=event.break_glass,
        reach=event.reach,
        corrects=event.corrects,
        recovered=event.recovered,
        data_loss=event.data_loss,
        since=rec.at,
        after=after,
        working=working,
    )
    others = tuple(one for one in drafting.open if one.number != event.draft)
    made = max(drafting.made, event.draft)
    return drafting.model_copy(update={"made": made, "open": (*others, fresh)})


def _sent_back(drafting: Drafting, event: w.DraftSentBack, at: Millis) -> Drafting:
    changes = {"sent_back": event.reason, "sent_back_by": event.by}
    found = tuple(
        one.model_copy(update=changes) if one.number == event.draft else one
        for one in drafting.open
    )
    return drafting.model_copy(update={"open": found})


def _gone(how: How) -> Callable[[Drafting, Any, Millis], Drafting]:
    def step(drafting: Drafting, event: Any, at: Millis) -> Drafting:
        left = tuple(one for one in drafting.open if one.number != event.draft)
        done = Settled(number=event.draft, how=how, by=event.by, at=at)
        settled = (*drafting.settled, done)[-SETTLED_KEPT:]
        return drafting.model_copy(update={"open": left, "settled": settled})

    return step


_STEPS: dict[type[Event], Callable[[Drafting, Any, Millis], Drafting]] = {
    w.DraftSentBack: _sent_back,
    w.DraftApproved: _gone("approved"),
    w.GlassBroken: _gone("unapproved"),
    w.DraftWithdrawn: _gone("withdrawn"),
}
EVENTS: tuple[type[Event], ...] = tuple(_STEPS)


def evolve(drafting: Drafting, event: Event, at: Millis) -> Drafting:
    """What waits after `event`, which happened at `at`."""
    return _STEPS[type(event)](drafting, event, at)


def told(drafting: Drafting) -> Drafting:
    """Customers were told how things stand, so they know of every change until now."""
    if drafting.changed_at is None:
        return drafting
    return drafting.model_copy(update={"changed_at": None})


def changed(drafting: Drafting, at: Millis) -> Drafting:
    """Something changed of which customers may not know."""
    return drafting.model_copy(update={"changed_at": at})
