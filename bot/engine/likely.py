"""Open incidents that may be the same as what a report or another incident says.

They are looked for before the command that wants them stands in line, so nobody waits for it:
by the store's full-text search, among the newest of the same category and those of the highest
priority. What was sealed is opened to be compared, kept nowhere, and what was erased says nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence

import structlog

from bot.core.commands import Command
from bot.core.errors import MusterError
from bot.core.fold import State
from bot.core.ids import Millis, StreamId
from bot.core.incident import Incident
from bot.core.incident_words import Mode
from bot.core.likely import Other, Traits, likeliest, queries, traits
from bot.core.likely_words import Likely
from bot.core.personal import JsonValue, Personal
from bot.core.playbook_forms import CATEGORY, kind_of
from bot.core.priority import Priority
from bot.core.report import Report
from bot.core.reporting import chosen
from bot.engine.editions import Editions
from bot.engine.parts import Parts
from bot.store.base import Row, Scalar, text

log = structlog.get_logger(__name__)

EACH = 15
"""So many of every way to find some are looked at."""
MOST = 50
SLICE = 5

Look = Callable[[Sequence[StreamId]], Awaitable[dict[StreamId, State | None]]]


class Alike:
    """Finds what may be the same."""

    def __init__(self, parts: Parts, editions: Editions, look: Look) -> None:
        self._rules = parts.book.rules
        self._store = parts.store
        self._clock = parts.clock
        self._codec = parts.codec
        self._editions = editions
        self._look = look

    async def of(self, command: Command) -> tuple[Likely, ...] | None:
        """What the command's rule asks for; None where it asks for nothing, or nothing is read."""
        whose = self._rules[type(command)].likely
        if whose is None:
            return None
        try:
            return await self.found(whose(command))
        except MusterError as trouble:
            log.warning("likely ones are not read", reason=str(trouble))
            return None

    async def found(self, stream: StreamId) -> tuple[Likely, ...]:
        """The likeliest of the open incidents. Raises MusterError when they cannot be read."""
        state = (await self._look([stream])).get(stream)
        own = self._own(state)
        if own is None or state is None:
            return ()
        mode: Mode = state.mode if isinstance(state, Incident) else "live"
        others = await self._others(own, {stream, *_told_apart(state)}, mode)
        return likeliest(own, others, self._editions.current.duplicates)

    def _own(self, state: State | None) -> Traits | None:
        if isinstance(state, Incident) and state.working and state.incident_kind == "incident":
            return self._of_incident(state)
        if not isinstance(state, Report):
            return None
        plan, known = self._editions.edition(state.playbook), state.known()
        if kind_of(plan, chosen(known), known) != "incident":
            return None
        given = {one.field: one.value for one in state.answers if not one.reopened}
        return self._traits(state.playbook, chosen(known), given)

    def _of_incident(self, state: Incident) -> Traits:
        given = {one.field: one.value for one in state.facts}
        return self._traits(state.playbook, state.category, given)

    def _traits(self, edition: str, category: str, given: Mapping[str, object]) -> Traits:
        opened = {key: self._opened(value) for key, value in given.items() if key != CATEGORY}
        places = self._editions.current.duplicates.same_place
        return traits(self._editions.edition(edition), category, opened, places)

    def _opened(self, value: object) -> object | JsonValue:
        return value.open(self._codec.open) if isinstance(value, Personal) else value

    async def _others(self, own: Traits, but: set[StreamId], mode: Mode) -> list[Other]:
        """Those that can be compared, read a few at a time, so that nobody waits for all."""
        within = self._editions.current.duplicates.within
        since = self._clock.now() - within
        streams = [one for one in await self._candidates(own) if one not in but]
        found: list[Other] = []
        for start in range(0, len(streams), SLICE):
            states = await self._look(streams[start : start + SLICE])
            incidents = [one for one in states.values() if isinstance(one, Incident)]
            found += [self._other(one) for one in incidents if _comparable(one, mode, since)]
            await asyncio.sleep(0)
        return found

    async def _candidates(self, own: Traits) -> list[StreamId]:
        """Who is worth looking at: pressing ones first, then the newest of its category."""
        rows = await self._newest({"priority": Priority.P1.value})
        streams = [text(row, "incident") for row in rows]
        for words, every in queries(own):
            streams += await self._store.open_with(words, EACH, every)
        if own.category:
            rows = await self._newest({"category": own.category})
            streams += [text(row, "incident") for row in rows]
        return list(dict.fromkeys(streams))[:MOST]

    async def _newest(self, where: dict[str, Scalar]) -> list[Row]:
        return await self._store.select(
            "incidents", {"ended": 0, **where}, order="touched_at", descending=True, limit=EACH
        )

    def _other(self, state: Incident) -> Other:
        return Other(
            incident=state.stream,
            reference=state.reference,
            opened_at=state.opened_at,
            traits=self._of_incident(state),
            reports=state.reports,
            priority=Priority.P1 if state.major.declared else state.priority,
            danger=state.danger,
            published=any(one.audience == "public" and not one.withdrawn for one in state.latest),
        )


def _told_apart(state: State) -> tuple[StreamId, ...]:
    """Of which somebody has said what they are to it."""
    if isinstance(state, Incident):
        apart = (*state.alike.denied, *state.alike.linked)
        return (*apart, *state.kin.others, *state.kin.absorbed)
    return state.alike.declined if isinstance(state, Report) else ()


def _comparable(state: Incident, mode: Mode, since: Millis) -> bool:
    """Few may know of a restricted one, and an exercise is never what really happens."""
    seen = state.visibility == "normal" and state.mode == mode
    return seen and state.working and state.incident_kind == "incident" and state.opened_at >= since
