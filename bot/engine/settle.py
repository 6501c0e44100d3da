"""Orders about dead letters, carried out some at a time: one after the other, so that of two that
meet the first one counts.

Where an order stands is moved in the write that does its part. What arrived is never touched;
what may have arrived is looked up before it is said again, as at every other try.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.access import may_see
from bot.core.commands import Actor
from bot.core.errors import Damaged
from bot.core.fold import State
from bot.core.ids import Millis, StreamId
from bot.core.intents import Order, Say
from bot.core.person import Person
from bot.core.report import Report
from bot.engine.deliver import Deliveries
from bot.engine.deliver_desk import replayed
from bot.engine.handle import Engine
from bot.engine.loops import Loop
from bot.engine.prepare import Planned
from bot.engine.wordings import Standing, standing, still_says
from bot.store.base import Drop, Op, Patch, Range, Row, Scalar, number, text

SLICE = 200
GROUPS = 1_000

States = dict[StreamId, State | None]


@dataclass(frozen=True, slots=True)
class Part:
    """The next letters of an order, and where to go on; the last one has none and no channel."""

    rows: Sequence[Row]
    channel: str | None
    after: int = 0


class Settling(Loop):
    """Carries out orders."""

    name = "settling"

    def __init__(self, engine: Engine, deliveries: Deliveries) -> None:
        super().__init__(engine.clock)
        self._engine = engine
        self._store = engine.store
        self._deliveries = deliveries

    def notice(self, planned: Planned) -> None:
        """A unit was committed: wake when it is an order."""
        intents = planned.work.intents if planned.work else ()
        if any(isinstance(intent, Order) for _, intent in intents):
            self.wake()

    async def turn(self) -> Millis | None:
        """A part of the oldest order; come back at once when there was one."""
        rows = await self._store.select("orders", {"open": 1}, order="number", limit=1)
        if not rows:
            return None
        order = rows[0]
        part = await self._part(order)
        known = await self._known(order, part.rows)
        stands = await standing(self._store, self._engine.codec, part.rows)
        kept = [row for row in part.rows if not self._may(order, row, known, stands)]
        done = [row for row in part.rows if row not in kept]
        now = self._clock.now()
        letters = self._letters(order, done, now)
        await self._store.write([*letters, await self._moved(order, part, kept)])
        if order["what"] == "replay":
            for row in done:
                self._deliveries.intake.admit({**row, **replayed(row, now)})
            self._deliveries.wake()
        return self._clock.now()

    # --- which ---------------------------------------------------------------------------------

    async def _part(self, order: Row) -> Part:
        if order["letter"]:
            return await self._one(order)
        channel, after = text(order, "channel"), number(order, "after")
        for group in await self._channels(order):
            if group < channel:
                continue
            rows = await self._dead(order, group, after if group == channel else 0)
            if rows:
                wanted = [row for row in rows if _is_of(order, row)]
                return Part(wanted, group, number(rows[-1], "id"))
        return Part((), None)

    async def _one(self, order: Row) -> Part:
        if order["after"]:
            return Part((), None)
        key: Row = {"id": order["letter"], "kind": "say", "state": "dead"}
        rows = await self._store.select("outbox", key, limit=1)
        return Part(rows, "", number(order, "letter"))

    async def _channels(self, order: Row) -> list[str]:
        """The channels by which letters died; each is gone through on its own, by an index."""
        rows = await self._tallies(order)
        return sorted({text(row, "channel") for row in rows})

    async def _tallies(self, order: Row) -> list[Row]:
        where: Row = {"about": order["about"], "state": "dead"}
        rows = await self._store.select("tallies", where, limit=GROUPS)
        return [row for row in rows if order["why"] in ("", row["why"])]

    async def _dead(self, order: Row, channel: str, after: int) -> list[Row]:
        where: dict[str, Scalar] = {"kind": "say", "state": "dead", "channel": channel}
        if order["about"]:
            where["about"] = order["about"]
        within = Range("id", above=after)
        return await self._store.select("outbox", where, within=within, order="id", limit=SLICE)

    # --- whether -------------------------------------------------------------------------------

    async def _known(self, order: Row, rows: Sequence[Row]) -> States:
        """Whoever ordered it as they are now, and what the letters are about."""
        sources = dict.fromkeys([text(order, "person"), *(text(row, "source") for row in rows)])
        known = await self._engine.look(list(sources))
        linked = [one.incident for one in known.values() if isinstance(one, Report)]
        more = [one for one in linked if one is not None and one not in known]
        return {**known, **(await self._engine.look(more) if more else {})}

    def _may(self, order: Row, row: Row, known: States, stands: Standing) -> bool:
        """Whether they may see what it is about, and, to be tried again, whether it still holds."""
        person = known.get(text(order, "person"))
        if not isinstance(person, Person):
            return False
        about = known.get(text(row, "source"))
        if isinstance(about, Report):
            about = known.get(about.incident or "")
        actor = Actor(person=person.stream, roles=person.roles)
        return may_see(actor, about) and (order["what"] == "discard" or self._holds(row, stands))

    def _holds(self, row: Row, stands: Standing) -> bool:
        """Whether its words still stand: those of an update were neither corrected nor taken back
        since, nor erased.
        """
        about, codec = row["about"], self._engine.codec
        if about is None or not str(about).startswith("inc_"):
            return True
        try:
            say = codec.decode_row(Say, text(row, "body"))
            return about in stands and still_says(say, stands[str(about)], codec)
        except Damaged:
            return False

    # --- what ----------------------------------------------------------------------------------

    def _letters(self, order: Row, rows: Sequence[Row], now: Millis) -> list[Op]:
        reason = f"by hand: {number(order, 'number')}"
        given: dict[str, Scalar] = {"state": "discarded", "reason": reason, "body": ""}
        again = order["what"] == "replay"
        found: list[Op] = []
        for row in rows:
            key: Row = {"id": row["id"], "state": "dead"}
            found.append(Patch("outbox", key, replayed(row, now) if again else given))
        if again:
            # Whoever wants it tried again knows better than the bounce, which would forbid it.
            seats = dict.fromkeys(row["target"] for row in rows)
            found += [Drop("bounces", {"seat": seat}) for seat in seats]
        return found

    async def _moved(self, order: Row, part: Part, kept: Sequence[Row]) -> Op:
        key: Row = {"number": order["number"]}
        if part.channel is None:
            return Patch("orders", key, {"open": 0})
        wanted = number(order, "wanted")
        if not wanted:
            rows = await self._tallies(order)
            wanted = 1 if order["letter"] else sum(number(row, "many") for row in rows)
        done = number(order, "done") + len(part.rows) - len(kept)
        changes: dict[str, Scalar] = {
            "channel": part.channel,
            "after": part.after,
            "wanted": wanted,
            "done": done,
            "kept": number(order, "kept") + len(kept),
        }
        return Patch("orders", key, changes)


def _is_of(order: Row, row: Row) -> bool:
    return order["why"] in ("", text(row, "reason").partition(":")[0])
