"""That an answer is being written, shown to customers where their channel can show it.

It is an aside: kept nowhere, in the pace of everything else, and dropped without a word where it
is late or refused. Customers with a page of ours open hear of the same ring (`engine/live`).
"""

import asyncio
from contextlib import suppress
from functools import partial

from bot.core.commands import Place
from bot.core.ids import Millis, StreamId
from bot.core.incident import Incident
from bot.core.report import Report
from bot.engine.deliver import Deliveries
from bot.engine.handle import Engine
from bot.engine.hub import News, Typing
from bot.engine.loops import Loop
from bot.engine.ports import SendFault, Types

EVERY: Millis = 4_000
"""Platforms show it for about five seconds."""
SOON: Millis = 500
"""Later it would come behind what was being written."""
PATIENCE = 5.0
"""Seconds that a channel may take over one."""
MOST = 1_000


class Typings(Loop):
    """Shows it; whoever may write to the customer says so by a ring (`hub.Typing`)."""

    name = "typing"

    def __init__(self, engine: Engine, deliveries: Deliveries) -> None:
        super().__init__(engine.clock)
        self._engine = engine
        self._deliveries = deliveries
        self._wanted: dict[StreamId, Place] = {}
        self._shown: dict[StreamId, Millis] = {}
        engine.hub.listen(self._hear)

    def _hear(self, news: News) -> None:
        if not isinstance(news, Typing) or news.by != "desk" or len(self._wanted) >= MOST:
            return
        now = self._clock.now()
        place = self._place(news.report)
        if place is None or now < self._shown.get(news.report, -EVERY) + EVERY:
            return
        if len(self._shown) >= MOST:
            self._shown = {one: at for one, at in self._shown.items() if now < at + EVERY}
        self._shown[news.report] = now
        self._wanted[news.report] = place
        self.wake()

    def _place(self, report: StreamId) -> Place | None:
        """Where its customer reads us, if it can be shown there. Nothing is read for it: whoever
        writes has just had the report at hand.
        """
        state = self._at_hand(report)
        if not isinstance(state, Report) or not state.serves(self._clock.now()):
            return None
        incident = self._at_hand(state.incident)
        if isinstance(incident, Incident) and incident.mode != "live":
            return None
        address = state.seat.address.open(self._engine.codec.open)
        if self._types(state.seat.channel) is None or not isinstance(address, str):
            return None
        return Place(state.seat.channel, address)

    def _types(self, channel: str) -> Types | None:
        """The channel of that name, if it can show it."""
        found: object = self._engine.parts.channels.get(channel)
        return found if isinstance(found, Types) else None

    def _at_hand(self, stream: StreamId | None) -> object:
        live = self._engine.streams.get(stream) if stream else None
        return None if live is None else live.state

    async def turn(self) -> Millis | None:
        """All that were asked for, side by side."""
        wanted, self._wanted = list(self._wanted.values()), {}
        await asyncio.gather(*(self._show(place) for place in wanted))
        return None

    async def _show(self, place: Place) -> None:
        """Unless something is about to arrive there, or it would come late."""
        channel = self._types(place.channel)
        home = self._engine.parts.moves.home(place)
        seat = self._engine.codec.seat_key(home.channel, home.address)
        if channel is None or self._deliveries.lines.at(seat):
            return
        by = self._clock.now() + SOON
        with suppress(SendFault, TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await self._deliveries.asides.carry(place, partial(_shown, channel), by)


async def _shown(channel: Types, address: str) -> str:
    await channel.typing(address)
    return ""
