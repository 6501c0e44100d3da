"""Problems as the desk shows them: those that are open, and what one and its incidents know."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.access import may_see
from bot.core.ids import Millis, StreamId
from bot.core.incident import Incident
from bot.core.incident_listed import IncidentRow
from bot.core.incident_words import IncidentKind
from bot.engine.read import Reads, Said, Staff
from bot.engine.read_board import BoardReads, Card
from bot.engine.roster import EVERY_ROW
from bot.store.base import text
from bot.views.look import KnownProblem
from bot.views.problem import is_known_error

SHOWN = 100


@dataclass(frozen=True, slots=True)
class Behind:
    """A problem, or one of its incidents, that somebody may see."""

    card: Card
    kind: IncidentKind
    known_error: bool


@dataclass(frozen=True, slots=True)
class ProblemView:
    """Of a problem: what is known, and its incidents (`hidden` more). Of an incident: the problem
    `of` it and the `workaround`. `choices` are problems to link it to, `alike` others that may have
    the same cause.
    """

    of: Behind | None
    linked: bool
    cause: Said
    workaround: Said
    known_since: Millis | None
    incidents: tuple[Behind, ...]
    hidden: int
    choices: tuple[KnownProblem, ...]
    alike: tuple[Card, ...]
    known_error: bool

    @property
    def versions(self) -> tuple[object, ...]:
        """What differs whenever what it shows of others does."""
        behind = tuple(
            one and (one.card.reference, one.card.version) for one in (self.of, *self.incidents)
        )
        alike = tuple((one.reference, one.version) for one in self.alike)
        return behind, alike, self.choices, self.hidden


async def problem_view(reads: BoardReads, staff: Staff, state: Incident) -> ProblemView:
    """What `staff` may know of it."""
    known = state.problem
    of = None if known.of is None else await _behind(reads, staff, known.of)
    found = [await _behind(reads, staff, one) for one in known.incidents[-SHOWN:]]
    seen = tuple(one for one in found if one is not None)
    # The workaround of a problem that few may see is not for whoever sees the incident.
    workaround = known.workaround
    if of is not None and workaround is None:
        problem = await reads.state(known.of or "")
        workaround = problem.problem.workaround if isinstance(problem, Incident) else None
    choosing = known.of is None and state.incident_kind != "problem"
    return ProblemView(
        of=of,
        linked=known.of is not None,
        cause=reads.said(known.cause) if known.cause is not None else "",
        workaround=reads.said(workaround) if workaround is not None else "",
        known_since=known.workaround_at,
        incidents=seen,
        hidden=len(known.incidents) - len(seen),
        choices=await open_problems(reads, state.mode) if choosing else (),
        alike=await _alike(reads, staff, state) if choosing else (),
        known_error=is_known_error(state),
    )


async def _alike(reads: BoardReads, staff: Staff, state: Incident) -> tuple[Card, ...]:
    """Those that it is linked with, and those that are likely the same."""
    others = dict.fromkeys((*state.alike.linked, *(one.incident for one in state.alike.found)))
    known = [await reads.state(one) for one in others]
    free = [x for x in known if isinstance(x, Incident) and _fits(x, state)]
    cards = [await reads.card(staff, one.stream) for one in free]
    return tuple(one for one in cards if one is not None)


def _fits(other: Incident, state: Incident) -> bool:
    plain = other.incident_kind != "problem" and other.problem.of is None
    return plain and other.mode == state.mode and other.status != "merged"


async def _behind(reads: BoardReads, staff: Staff, stream: StreamId) -> Behind | None:
    card, state = await reads.card(staff, stream), await reads.state(stream)
    if card is None or not isinstance(state, Incident):
        return None
    return Behind(card, state.incident_kind, is_known_error(state))


async def open_problems(reads: BoardReads, mode: str) -> tuple[KnownProblem, ...]:
    """Those on which somebody works and which everybody at the desk may see, the newest first."""
    return await reads.shared.get(("problems", mode), lambda: _open(reads, mode))


async def _open(reads: BoardReads, mode: str) -> tuple[KnownProblem, ...]:
    rows = await reads.store.select(
        "incidents",
        {"ended": 0, "visibility": "normal", "mode": mode},
        order="incident",
        descending=True,
        limit=EVERY_ROW,
    )
    bodies = ((text(row, "incident"), text(row, "body")) for row in rows)
    found = [
        stream
        for stream, body in bodies
        if reads.codec.decode_row(IncidentRow, body).incident_kind == "problem"
    ]
    cards = [await _card(reads, stream) for stream in found[:SHOWN]]
    return tuple(one for one in cards if one is not None)


async def _card(reads: BoardReads, stream: StreamId) -> KnownProblem | None:
    live = await reads.engine.live(stream)
    if not isinstance(live.state, Incident):
        return None
    line = await reads.line(live.state, live.version)
    return KnownProblem(stream, live.state.reference, line.what or "")


async def references(reads: Reads, staff: Staff, streams: Sequence[StreamId]) -> list[str]:
    """The references of those of them that `staff` may see."""
    found = await reads.engine.look(list(streams))
    known = (found[one] for one in streams)
    return [x.reference for x in known if isinstance(x, Incident) and may_see(staff.actor, x)]
