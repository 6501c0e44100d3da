"""What programs may read: how incidents stand and what was published, and nothing that a
customer said. What is restricted is there for those alone whose key says so.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.core.access import may_see
from bot.core.errors import Damaged
from bot.core.ids import Millis, StreamId, read_reference
from bot.core.incident import Incident
from bot.core.incident_listed import UpdateRow
from bot.core.likely_words import Likely
from bot.core.program_words import READ, RESTRICTED
from bot.core.report import Report
from bot.engine.read import Reads, Said, Staff, Worded
from bot.engine.read_problems import references
from bot.store.base import Range, Scalar, text
from bot.store.base import number as whole
from bot.views.alike import is_there

SEARCHED = 300
TURNS = 50
"""So many times a list looks on for more of the kinds that were asked for."""
CURSOR_MOST = 1_000

Filters = Mapping[str, Sequence[str]]
Where = dict[str, Scalar | Sequence[Scalar]]


class BadCursor(ValueError):
    """It was not given out for this question."""


@dataclass(frozen=True, slots=True)
class Told:
    """One update: `words` is None once it was taken back or erased."""

    number: int
    at: Millis
    worded: Worded | None
    audience: str
    next_by: Millis | None
    corrected: bool
    withdrawn: bool
    unapproved: bool


@dataclass(frozen=True, slots=True)
class Listing:
    """Some incidents, the newest first, and where to go on (None: that is all)."""

    found: tuple[Incident, ...]
    cursor: str | None


class LikelyTold(NamedTuple):
    """Another incident that may be the same, and why."""

    other: Incident
    found: Likely


class Ties(NamedTuple):
    """References of what it was merged into, of its problem, of the incidents of a problem."""

    into: str | None
    problem: str | None
    incidents: list[str]


class ApiReads(Reads):
    """Queries of programs. Each takes who asks; what they may not see is not there."""

    async def told_incident(self, staff: Staff, reference: str) -> Incident | None:
        """The incident of that reference."""
        label = read_reference(reference) if len(reference) <= CURSOR_MOST else None
        rows = await self.store.select("refs", {"reference": label or ""}, limit=1)
        state = await self.state(text(rows[0], "stream")) if rows else None
        if not isinstance(state, Incident) or not may_see(staff.actor, state):
            return None
        await self.looks.note(staff.person, state, "api")
        return state

    async def told_report(self, staff: Staff, reference: str) -> Report | None:
        """The report of that reference, for the program alone that brought it."""
        label = read_reference(reference) if len(reference) <= CURSOR_MOST else None
        rows = await self.store.select("refs", {"reference": label or ""}, limit=1)
        state = await self.state(text(rows[0], "stream")) if rows else None
        if not isinstance(state, Report) or state.relayed_by != staff.person:
            return None
        return state

    async def told_under(self, staff: Staff, report: Report) -> Said:
        """The reference of the incident that it hangs under, when they may see that."""
        state = None if report.incident is None else await self.state(report.incident)
        seen = isinstance(state, Incident) and may_see(staff.actor, state)
        return state.reference if isinstance(state, Incident) and seen else None

    async def told_list(
        self,
        staff: Staff,
        filters: Filters,
        cursor: str | None,
        limit: int,
        kinds: Sequence[str] = (),
    ) -> Listing:
        """Incidents whose columns are among `filters`, of these kinds (none named: all). A page is
        shorter only at the end, or where very many were looked at. Raises BadCursor.
        """
        if not staff.has(READ):
            return Listing((), None)
        where: Where = dict(filters)
        if not staff.has(RESTRICTED):
            where["visibility"] = "normal"
        by = {key: list(filters[key]) for key in sorted(filters)}
        asked = json.dumps([staff.person, by, *sorted(kinds)])
        below = None if cursor is None else self._cursor_read(cursor, asked)
        found: list[Incident] = []
        for _ in range(TURNS):
            streams = await self._older(where, below, limit + 1)
            seen = await self._seen(staff, streams)
            found += [one for one in seen if not kinds or one.incident_kind in kinds]
            if len(found) > limit:
                return Listing(tuple(found[:limit]), self._cursor(found[limit - 1].stream, asked))
            if len(streams) <= limit:
                return Listing(tuple(found), None)
            below = streams[-1]
        return Listing(tuple(found), None if below is None else self._cursor(below, asked))

    async def _older(self, where: Where, below: StreamId | None, limit: int) -> list[StreamId]:
        """The newest of those that were opened before `below`."""
        rows = await self.store.select(
            "incidents",
            where,
            within=Range("incident", below=below),
            order="incident",
            descending=True,
            limit=limit,
        )
        return [text(row, "incident") for row in rows]

    async def told_likely(self, staff: Staff, incident: Incident) -> tuple[LikelyTold, ...]:
        """Others that may be the same, the likeliest first, of those that they may see."""
        noted = incident.alike.found if incident.working else ()
        states = await self.engine.look([one.incident for one in noted])
        found = ((states[one.incident], one) for one in noted)
        return tuple(
            LikelyTold(other, one)
            for other, one in found
            if is_there(other) and may_see(staff.actor, other)
        )

    async def _seen(self, staff: Staff, streams: Sequence[StreamId]) -> tuple[Incident, ...]:
        states = await self.engine.look(streams)
        found = (states[one] for one in streams)
        return tuple(
            one for one in found if isinstance(one, Incident) and may_see(staff.actor, one)
        )

    def _cursor(self, stream: StreamId, asked: str) -> str:
        return self.codec.seal_note([stream, asked], None)

    def _cursor_read(self, cursor: str, asked: str) -> StreamId:
        """Where it goes on. Raises BadCursor for what was not given out for this question."""
        try:
            note = self.codec.open_note(cursor, None)
        except (Damaged, ValueError) as wrong:
            raise BadCursor from wrong
        if not isinstance(note, list) or len(note) != 2 or note[1] != asked:
            raise BadCursor
        return str(note[0])

    async def told_search(self, staff: Staff, words: str, limit: int) -> tuple[Incident, ...]:
        """What a reference, or words of its updates, lead to. Words of customers find nothing."""
        if not staff.has(READ):
            return ()
        reference = read_reference(words)
        first = await self.told_incident(staff, reference) if reference else None
        rows = await self.store.search(words, SEARCHED)
        published = (row for row in rows if text(row, "field").startswith("update:"))
        streams = dict.fromkeys(text(row, "stream") for row in published)
        ids = [one for one in streams if first is None or one != first.stream]
        found = await self._seen(staff, ids)
        return ((*((first,) if first else ()), *found))[:limit]

    async def told_updates(self, incident: Incident, after: int, limit: int) -> tuple[Told, ...]:
        """Its updates with a number above `after`, in order."""
        rows = await self.store.select(
            "updates",
            {"incident": incident.stream},
            within=Range("number", above=after),
            order="number",
            limit=limit,
        )
        found = []
        for row in rows:
            body = self.codec.decode_row(UpdateRow, text(row, "body"))
            withdrawn = bool(row["withdrawn"])
            worded = self.worded(body.words, body.language, body.also)
            gone = withdrawn or worded.by[0][1] is None
            found.append(
                Told(
                    number=whole(row, "number"),
                    at=whole(row, "at"),
                    worded=None if gone else worded,
                    audience=text(row, "audience"),
                    next_by=body.next_by,
                    corrected=body.corrected,
                    withdrawn=withdrawn,
                    unapproved=body.unapproved,
                )
            )
        return tuple(found)

    async def went_into(self, staff: Staff, incident: Incident) -> Ties:
        """What it was merged into and what is behind it, as far as they may see that."""
        known, into = incident.problem, incident.kin.merged_into
        merged = await references(self, staff, [into] if into else [])
        behind = await references(self, staff, [known.of] if known.of else [])
        gathered = await references(self, staff, known.incidents)
        return Ties(next(iter(merged), None), next(iter(behind), None), gathered)
