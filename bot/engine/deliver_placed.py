"""Cards of what is open in places that the settings name since now: a platform was added, or the
channel of a crew; or somebody stands in for a place now.

What was decided before has no wish for such a place, and its next change may be long in coming.
So each start looks once, some incidents at a time, and wants what should hang and does not.
"""

from collections.abc import Iterator

from bot.core.ids import Millis, StreamId
from bot.core.incident import Incident
from bot.core.notices import lane
from bot.engine.audience import states
from bot.engine.deliver import Deliveries
from bot.engine.deliver_wants import Wanted, Wish
from bot.engine.handle import Engine
from bot.engine.loops import Loop
from bot.store.base import Op, Put, Range, Row, Scalar, number, text
from bot.views.kinds import KINDS
from bot.views.look import Look

PAGE = 50
CARDS_MOST = 500


class Placed(Loop):
    """The worker; it rests for good once it has seen all that is open."""

    name = "placed"

    def __init__(self, engine: Engine, deliveries: Deliveries) -> None:
        super().__init__(engine.clock)
        self._engine = engine
        self._store = engine.store
        self._deliveries = deliveries
        self._above = ""
        self._done = not any(engine.parts.places.values())

    def again(self) -> None:
        """Places are elsewhere now: look at all that is open once more."""
        self._above, self._done = "", False
        self.wake()

    async def turn(self) -> Millis | None:
        """The next incidents."""
        if self._done:
            return None
        rows = await self._store.select(
            "incidents",
            {"ended": 0},
            within=Range("incident", above=self._above),
            order="incident",
            limit=PAGE,
        )
        known = await states(self._engine, [text(row, "incident") for row in rows])
        wanted = [one for state in known.values() for one in await self._missing(state)]
        if wanted:
            await self._store.write([self._row(one) for one in wanted])
            self._deliveries.intake.want(wanted)
            self._deliveries.wake()
        self._above = text(rows[-1], "incident") if rows else ""
        self._done = len(rows) < PAGE
        return None if self._done else self._clock.now()

    async def _missing(self, state: object) -> list[Wanted]:
        """What should hang of an incident and does not, nor is about to."""
        if not isinstance(state, Incident):
            return []
        of: dict[str, str] = {"stream": state.stream}
        hung = await self._store.select("cards", of, limit=CARDS_MOST)
        asked = await self._store.select("shows", {**of, "state": "waiting"}, limit=CARDS_MOST)
        there, coming = {_name(row) for row in hung}, {_wish(row) for row in asked}
        at, pressing = self._clock.now(), lane(state, usual="card")
        look = self._deliveries.cards.look()
        return [
            Wanted(wish, f"placed:{at}", pressing, at)
            for wish in _wishes(state)
            if wish not in coming and not self._seats(state, wish, look) <= there
        ]

    def _seats(self, state: Incident, wish: Wish, look: Look) -> set[tuple[str, int, str]]:
        """Where a card should hang, as its row would be called."""
        kind = KINDS[wish.card]
        if not kind.hangs(state, wish.number):
            return set()
        return {
            (wish.card, wish.number, self._engine.codec.seat_key(at.channel, at.address))
            for name in kind.places(state, wish.number, look)
            for at in self._engine.standins.at(name, state)
        }

    def _row(self, one: Wanted) -> Op:
        named: dict[str, Scalar] = {"lane": one.lane, "wanted": one.cause, "at": one.at}
        empty: dict[str, Scalar] = {"state": "waiting", "subject": None, "body": ""}
        return Put("shows", {**one.wish.key, **named, **empty})


def _wishes(state: Incident) -> Iterator[Wish]:
    me: StreamId = state.stream
    yield Wish(me, "incident", 0, "team")
    if state.major.declared:
        yield Wish(me, "major", 0, "team")
    yield from (Wish(me, "task", one.number, "resources") for one in state.tasks)


def _name(row: Row) -> tuple[str, int, str]:
    return text(row, "card"), number(row, "number"), text(row, "seat")


def _wish(row: Row) -> Wish:
    return Wish(text(row, "stream"), text(row, "card"), number(row, "number"), text(row, "place"))
