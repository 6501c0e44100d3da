"""Whom a message is for, as they are at the moment when it goes out."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.core.fold import State
from bot.core.ids import StreamId
from bot.core.incident import Incident
from bot.core.intents import Members, Say
from bot.core.person import Person
from bot.core.places import Seat
from bot.core.report import Report
from bot.engine.audience import open_to_subscribers
from bot.store.base import Row, text

States = Mapping[StreamId, State | None]
LEFT, BOUNCED = "unsubscribed", "bounced"
"""Why a place is not told, though whoever reads there may be told elsewhere."""


class NotTold(Exception):
    """The message must not go out: the named end it has, and why."""

    def __init__(self, state: str, reason: str = "") -> None:
        super().__init__(state, reason)
        self.state = state
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where it goes, and in which language ("" for the house's own)."""

    seat: Seat
    language: str


def streams_of(rows: Iterable[Row]) -> Iterator[StreamId]:
    """What must be known to judge these rows: the member, the incident, whose conversation."""
    for row in rows:
        member, source = text(row, "member"), text(row, "source")
        if member:
            yield member.partition("/")[0]
            yield text(row, "source")
        elif not source.startswith("inc_"):
            yield source


def recipient(row: Row, say: Say, known: States) -> Recipient:
    """Whom it is for, as they are now. Raises NotTold for who must not be told."""
    if isinstance(say.to, Seat):
        state = known.get(text(row, "source"))
        who = Recipient(say.to, state.language if isinstance(state, Report | Person) else "")
    elif say.to.of == "reporters":
        who = _reporter(known.get(text(row, "member")), say.to.stream, known)
    else:
        who = _subscriber(row, known, say.to.stream)
    if who.seat.key.erased:
        raise NotTold("erased")
    return who


def _reporter(state: State | None, incident: StreamId, known: States) -> Recipient:
    """Who went along with a merge is still told what was said before it."""
    said_by = known.get(incident)
    merged = isinstance(said_by, Incident) and said_by.kin.merged_into is not None
    if not isinstance(state, Report) or state.stage == "withdrawn":
        raise NotTold("refused", "no reporter of it any more")
    if state.incident != incident and not merged:
        raise NotTold("refused", "no reporter of it any more")
    return Recipient(state.seat, state.language)


def _subscriber(row: Row, known: States, incident: StreamId) -> Recipient:
    if not open_to_subscribers(known.get(incident)):
        raise NotTold("refused", "not for subscribers")
    person, _, which = text(row, "member").partition("/")
    state = known.get(person)
    if not isinstance(state, Person) or state.disabled:
        raise NotTold("refused", "may not be told any more")
    found = next((one for one in state.subscriptions if one.number == int(which)), None)
    if found is None:
        raise NotTold("refused", LEFT)
    return Recipient(found.seat, found.wish.language or state.language)


def is_outside(row: Row, say: Say, known: States) -> bool:
    """Whether its reader does not work here: whoever reports, follows, or has no role."""
    if isinstance(say.to, Members):
        return say.to.of in ("reporters", "subscribers", "newcomers")
    state = known.get(text(row, "source"))
    return isinstance(state, Report) or (isinstance(state, Person) and not state.roles)
