"""What people do about delivery: see what did not arrive, try it again, let it go; old cards."""

from dataclasses import dataclass

from bot.core.calendar import DAY
from bot.core.commands import Place
from bot.core.ids import Millis, StreamId
from bot.engine.deliver import Deliveries
from bot.engine.deliver_ends import Entry
from bot.engine.handle import Engine
from bot.engine.ports import SendFault
from bot.engine.tokens import Hung, Token
from bot.store.base import Op, Patch, Range, Row, Scalar, number, text

PAGE = 100


def replayed(row: Row, now: Millis) -> dict[str, Scalar]:
    """What a dead letter is when it is to be tried again; what had to arrive in time has a day
    from `now`, and is given up again after it.
    """
    until = None if row["until"] is None else now + DAY
    return {"state": "waiting", "reason": "", "tries": 0, "until": until}


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A message that did not arrive: what wanted it, by which channel, and why it ended.

    `reason` is `expired`, `blocked`, or `failed` with the platform's own words.
    """

    id: int
    at: Millis
    source: StreamId
    channel: str
    lane: str
    reason: str
    tries: int


class DeliveryDesk:
    """Dead letters and presses, for the desk and the adapters."""

    def __init__(self, engine: Engine, deliveries: Deliveries) -> None:
        self._engine = engine
        self._store = engine.store
        self._deliveries = deliveries

    async def dead(self, after: int = 0, limit: int = PAGE) -> list[DeadLetter]:
        """Dead letters with an id above `after`, the oldest first."""
        rows = await self._store.select(
            "outbox",
            {"state": "dead", "kind": "say"},
            within=Range("id", above=after),
            order="id",
            limit=limit,
        )
        return [_letter(row) for row in rows]

    async def replay(self, id_: int) -> bool:
        """Try a dead letter again, from the beginning; False when there is none of that id."""
        row = await self._row(id_)
        if row is None or row["state"] != "dead":
            return False
        fresh = replayed(row, self._engine.clock.now())
        await self._store.write([Patch("outbox", {"id": id_, "state": "dead"}, fresh)])
        self._deliveries.intake.admit({**row, **fresh})
        self._deliveries.wake()
        return True

    async def discard(self, id_: int) -> bool:
        """Give a message up for good; False for one that is on its way, or ended already."""
        row = await self._row(id_)
        if row is None or row["state"] not in ("waiting", "dead"):
            return False
        job = self._deliveries.lines.job(id_)
        if job is not None and self._deliveries.lines.busy(job):
            return False
        if job is not None:
            self._deliveries.lines.drop(job)
        changes = {"state": "discarded", "reason": "by hand", "body": ""}
        await self._store.write([Patch("outbox", {"id": id_, "state": row["state"]}, changes)])
        return True

    async def _row(self, id_: int) -> Row | None:
        rows = await self._store.select("outbox", {"id": id_, "kind": "say"}, limit=1)
        return rows[0] if rows else None

    # --- cards -----------------------------------------------------------------------------

    async def pressed(self, token: str, message: str) -> Token | None:
        """What a press stands for; None for a token that was never given, or whose card is gone.

        `message` is the one that carries the button. Where nobody knew whether a card had
        arrived, a press on it tells; a second copy of a card that hangs elsewhere is taken away.
        """
        found = await self._deliveries.tokens.find(token)
        if found is not None and message:
            await self._adopted(found.hung, message)
        return found

    async def _adopted(self, hung: Hung, message: str) -> None:
        rows = await self._store.select("cards", hung.key, limit=1)
        if not rows or rows[0]["message"] == message:
            return
        if not rows[0]["message"]:
            await self._store.write([*self._deliveries.cards.adopted(hung, message)])
        else:
            await self._taken_away(rows[0], message)

    async def _taken_away(self, row: Row, message: str) -> None:
        channel = self._deliveries.channels.get(text(row, "channel"))
        subject = row["subject"]
        about = subject if isinstance(subject, str) else None
        address = self._engine.codec.open_note(text(row, "body"), about)
        if channel is None or not channel.capabilities.deletes or not isinstance(address, str):
            return
        try:
            await channel.delete(address, message)
        except SendFault:
            # A spare copy that stays does no harm: presses on it are judged like all others.
            return

    async def lost(self, place: Place, message: str) -> bool:
        """Somebody deleted `message` in a place: the card that should hang as it is hung anew.

        It is tried to change it first, since the news may be late, or wrong.
        """
        cards = self._deliveries.cards
        where: Row = {"seat": self._seat(place), "message": message}
        rows = await self._store.select("cards", where, limit=1)
        wanted = await cards.doubted(rows[0]) if rows else None
        if wanted is None:
            return False
        self._deliveries.intake.want([wanted])
        self._deliveries.wake()
        return True

    def shut(self, place: Place) -> None:
        """A place, or our way into it, is no more: nothing is tried there in vain.

        Only where cards hang: nobody waits for what is said elsewhere.
        """
        if any(place in some for some in self._engine.parts.places.values()):
            self._noted(self._deliveries.ends.shut(place.channel, self._seat(place)))

    def mended(self, place: Place) -> None:
        """A place is there again: what waits for it goes at once."""
        self._noted(self._deliveries.ends.mended(place.channel, self._seat(place)))

    def _noted(self, entry: Entry) -> None:
        self._deliveries.intake.entries.append(entry)
        self._deliveries.wake()

    def _seat(self, place: Place) -> str:
        return self._engine.codec.seat_key(place.channel, place.address)

    async def take_down(self, hung: Hung) -> bool:
        """Take a card away for good; its buttons mean nothing from then on."""
        rows = await self._store.select("cards", hung.key, limit=1)
        if not rows:
            return False
        ops: list[Op] = self._deliveries.cards.dropped(hung)
        await self._store.write(ops)
        if rows[0]["message"]:
            await self._taken_away(rows[0], text(rows[0], "message"))
        return True


def _letter(row: Row) -> DeadLetter:
    return DeadLetter(
        id=number(row, "id"),
        at=number(row, "at"),
        source=text(row, "source"),
        channel=text(row, "channel"),
        lane=text(row, "lane"),
        reason=text(row, "reason"),
        tries=number(row, "tries"),
    )
