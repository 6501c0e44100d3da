"""Who looks at what few may see is kept before they see it, by whichever way they came.

A page that is shown anew costs nothing: who was noted today is known.
"""

from collections import OrderedDict

from bot.core.calendar import DAY
from bot.core.errors import StoreDown
from bot.core.fold import State
from bot.core.ids import PersonId, StreamId
from bot.core.incident import Incident
from bot.core.looking_words import NoteLook, Where
from bot.core.shelter import watched
from bot.engine.handle import Engine

HOUSE = "system"
"""Whoever prints a sheet with the desk down; that is noted by what prints it."""
KNOWN_MOST = 10_000


class Looks:
    """Notes them, through the one door."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._known: OrderedDict[tuple[PersonId, StreamId, int], None] = OrderedDict()

    async def note(self, by: PersonId, state: State | None, where: Where) -> None:
        """`by` is about to read it. Raises StoreDown when that could not be kept."""
        if not isinstance(state, Incident) or not watched(state) or by == HOUSE:
            return
        key = by, state.stream, self._engine.clock.now() // DAY
        if key in self._known:
            return
        look = NoteLook(incident=state.stream, by=by, where=where)
        answer = await self._engine.house(look, state.stream, "look", "")
        if answer.outcome != "done":
            raise StoreDown
        self._known[key] = None
        while len(self._known) > KNOWN_MOST:
            self._known.popitem(last=False)
