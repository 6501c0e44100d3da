"""How an incident hangs together with others, and with which it may be merged."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.core.ids import StreamId, read_reference
from bot.core.incident import Incident
from bot.core.texts import Phrase, Text
from bot.engine.read import Said, Staff
from bot.engine.read_board import BoardReads, Card, may
from bot.views.alike import is_there, why

OFFERED = 12


@dataclass(frozen=True, slots=True)
class Tie:
    """Another incident, and what it is to this one."""

    why: Literal["merged_into", "split_from", "part", "split_off", "linked"]
    reference: str
    category: Phrase | None
    what: Said


async def ties(reads: BoardReads, staff: Staff, state: Incident) -> tuple[Tie, ...]:
    """The others that `staff` may see, where it went first."""
    found: list[Tie] = []
    for stream in dict.fromkeys((*state.kin.others, *state.alike.linked)):
        card = await reads.card(staff, stream)
        if card is not None:
            found.append(Tie(_why(state, stream), card.reference, card.category, card.what))
    return tuple(found)


def _why(
    state: Incident, other: StreamId
) -> Literal["merged_into", "split_from", "part", "split_off", "linked"]:
    if other == state.kin.merged_into:
        return "merged_into"
    if other == state.kin.split_from:
        return "split_from"
    if other in state.kin.parts:
        return "part"
    return "split_off" if other in state.kin.split_off else "linked"


@dataclass(frozen=True, slots=True)
class LikelyOne:
    """Another incident that may be the same, and why."""

    card: Card
    why: Text


async def likely(reads: BoardReads, staff: Staff, state: Incident) -> tuple[LikelyOne, ...]:
    """Those that are still worked on and that `staff` may see, the likeliest first."""
    found: list[LikelyOne] = []
    for one in state.alike.found if state.working else ():
        other = await reads.state(one.incident)
        card = await reads.card(staff, one.incident) if is_there(other) else None
        if card is not None:
            found.append(LikelyOne(card, why(one)))
    return tuple(found)


async def offered(
    reads: BoardReads, staff: Staff, incident: StreamId, words: str
) -> tuple[Card, ...]:
    """Those on which somebody works that `words` lead to; without words, the likeliest.

    Likely are those of the same category, then the newest.
    """
    reference = read_reference(words)
    if reference is not None:
        stream = await reads.stream_of(reference)
        found: Sequence[StreamId] = (stream,) if stream else ()
    elif words:
        found = [one.stream for one in await reads.search(staff, words)]
    else:
        found = [one.stream for one in await reads.board(staff)]
    return tuple(await _cards(reads, staff, incident, found))


async def _cards(
    reads: BoardReads, staff: Staff, incident: StreamId, streams: Sequence[StreamId]
) -> list[Card]:
    own = await reads.state(incident)
    category = own.category if isinstance(own, Incident) else ""
    others: list[tuple[bool, int, StreamId]] = []
    for stream in dict.fromkeys(streams):
        state = await reads.state(stream)
        if isinstance(state, Incident) and may(staff, state) and state.working:
            others.append((state.category != category, -state.opened_at, stream))
    ordered = [stream for *_, stream in sorted(others) if stream != incident]
    cards = [await reads.card(staff, stream) for stream in ordered[:OFFERED]]
    return [one for one in cards if one is not None]
