"""What people do about delivery: see what did not arrive, try it again, let it go; old cards."""

from bot.core.calendar import DAY
from bot.core.commands import Place
from bot.core.ids import Millis
from bot.engine.deliver import Deliveries
from bot.engine.deliver_ends import Entry
from bot.engine.handle import Engine
from bot.engine.ports import SendFault
from bot.engine.spots import names
from bot.engine.tokens import Hung, Token
from bot.store.base import Drop, Row, Scalar, text


def replayed(row: Row, now: Millis) -> dict[str, Scalar]:
    """What a dead letter is when it is to be tried again; what had to arrive in time has a day
    from `now`, and is given up again after it.
    """
    until = None if row["until"] is None else now + DAY
    return {"state": "waiting", "reason": "", "tries": 0, "until": until}


class DeliveryDesk:
    """Presses, and news of places, for the adapters."""

    def __init__(self, engine: Engine, deliveries: Deliveries) -> None:
        self._engine = engine
        self._store = engine.store
        self._deliveries = deliveries

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
        if not rows or names(text(rows[0], "message"), message):
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
        where = Place(channel.name, address)
        try:
            await channel.delete(self._engine.parts.moves.address(where), message)
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
        """A place is there again: what waits for it goes at once, and what is said from now on,
        too, however it ended there before.
        """
        seat = self._seat(place)
        mended = self._deliveries.ends.mended(place.channel, seat)
        self._noted(Entry([Drop("bounces", {"seat": seat}), *mended.ops], mended.after))

    def moved(self, place: Place, to: Place) -> None:
        """A place goes on under another address: all that is sent follows."""
        if place.channel == to.channel and place.address != to.address:
            self._noted(self._deliveries.ends.moved(place, to.address))

    def _noted(self, entry: Entry) -> None:
        self._deliveries.intake.entries.append(entry)
        self._deliveries.wake()

    def _seat(self, place: Place) -> str:
        return self._engine.codec.seat_key(place.channel, place.address)
