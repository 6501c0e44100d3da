"""Fallback: a channel that fails is noticed within a minute, and what is pressing goes another way.

A channel is down when nothing went through it for a while: all of it is paused, or it says itself
that it is not sound. Then cards of what is pressing hang in the place that stands in, calls that
wait for a place are said there instead, once, and calls that wait for people who have another way
are let go. What is urgent for people outside goes by another of their ways (`other_ways`); where a
customer has none, somebody is called to phone them. When the channel is back nothing is said a
second time.
"""

from collections.abc import Iterator, Mapping

import structlog

from bot.core.commands import Place
from bot.core.errors import StoreDown
from bot.core.ids import Millis, StreamId
from bot.core.intents import Say
from bot.core.person import Person
from bot.engine.deliver import Deliveries
from bot.engine.deliver_ends import Entry
from bot.engine.deliver_placed import Placed
from bot.engine.handle import Engine
from bot.engine.hub import Ailed, Held, News
from bot.engine.loops import Loop
from bot.engine.other_ways import CALLED, ELSEWHERE, Ways, call, said_at
from bot.engine.paging import INSTEAD, seats_of
from bot.engine.standins import Down
from bot.store.base import Op, Patch, Put, Range, Row, Scalar, number, text

log = structlog.get_logger(__name__)

SECOND: Millis = 1_000
LOOK: Millis = 15 * SECOND
GRACE: Millis = 20 * SECOND
"""What is over sooner is no failure worth another way."""
CALM: Millis = 30 * SECOND
"""One that fails again before that was never back."""
MOST = 500


class Fallback(Loop):
    """The worker. One that `polls` asks the channels themselves; else it hears of pauses alone."""

    name = "fallback"

    def __init__(self, engine: Engine, deliveries: Deliveries, placed: Placed) -> None:
        super().__init__(engine.clock)
        self._engine = engine
        self._deliveries = deliveries
        self._placed = placed
        self._standins = engine.standins
        self.polls = False
        self._ill: dict[str, Down] = {}
        self._well_since: dict[str, Millis] = {}
        self._ways = Ways(engine)
        self._read: dict[str, int] = {}
        self._outside = [
            name for name, x in deliveries.channels.items() if not x.capabilities.pulled
        ]
        engine.hub.listen(self._hear)

    def _hear(self, news: News) -> None:
        if isinstance(news, Held) and not news.seat:
            self.wake()

    async def turn(self) -> Millis | None:
        """Look how the channels are; while one is down, take the other way."""
        now = self._clock.now()
        before, down = self._standins.down, self._judged(now)
        if dict(before) != down:
            self._standins.down = down
            self._told(before, down)
        if down.keys() - before.keys():
            self._placed.again()
        self._read = {name: at for name, at in self._read.items() if name in down}
        for channel in down:
            await self._turn_aside(channel)
        return now + LOOK if self._outside and (self.polls or self._ill or down) else None

    def _told(self, before: Mapping[str, Down], now: Mapping[str, Down]) -> None:
        for name in now.keys() - before.keys():
            log.warning("a channel cannot be reached", channel=name, reason=now[name].why)
        for name in before.keys() - now.keys():
            log.info("a channel is back", channel=name)
        self._engine.hub.tell(Ailed())

    # --- how they are ----------------------------------------------------------------------

    def _judged(self, now: Millis) -> dict[str, Down]:
        """Those that are down: for long enough, or since a moment ago only seemingly back."""
        troubles = dict(self._troubles(now))
        found: dict[str, Down] = {}
        for name in self._outside:
            trouble, was = troubles.get(name), self._standins.down.get(name)
            if trouble is not None:
                self._ill[name] = trouble
                self._well_since.pop(name, None)
                if was is not None or now - trouble.since >= GRACE:
                    found[name] = was or trouble
                continue
            self._ill.pop(name, None)
            if was is not None and now - self._well_since.setdefault(name, now) < CALM:
                found[name] = was
        return found

    def _troubles(self, now: Millis) -> Iterator[tuple[str, Down]]:
        """What is wrong with whole channels at this moment, and since when."""
        paused = {x.channel: x for x in self._deliveries.pauses.all if not x.seat}
        for name in self._outside:
            if (pause := paused.get(name)) is not None:
                yield name, Down(name, pause.since, pause.detail)
                continue
            health = self._deliveries.channels[name].health()
            if not health.sound:
                known = self._ill.get(name)
                yield name, Down(name, now if known is None else known.since, health.detail)

    # --- the other way ---------------------------------------------------------------------

    async def _turn_aside(self, channel: str) -> None:
        """Whatever is pressing and waits for a channel that is down."""
        waiting: Row = {"kind": "say", "state": "waiting", "channel": channel, "lane": "safety"}
        rows = await self._engine.store.select("outbox", waiting, order="id", limit=MOST)
        rows += await self._readers(channel)
        entries = [one for row in rows if (one := await self._walled(row)) is not None]
        if entries:
            self._deliveries.intake.entries += entries
            self._deliveries.wake()

    async def _readers(self, channel: str) -> list[Row]:
        """Copies of what waits for nobody, for those who follow; each is looked at once."""
        above = self._read.get(channel, 0)
        waiting: Row = {"kind": "say", "state": "waiting", "channel": channel, "lane": "bulk"}
        rows = await self._engine.store.select(
            "outbox", waiting, within=Range("id", above=above), order="id", limit=MOST
        )
        if rows:
            self._read[channel] = number(rows[-1], "id")
        return rows

    async def _walled(self, row: Row) -> Entry | None:
        """Whatever is wrong with one keeps no other: it waits, and its own turn says so."""
        try:
            return await self._aside(row) if self._presses(row) else None
        except StoreDown:
            raise
        except Exception as trouble:
            log.warning("a message cannot go another way", row=row["id"], reason=repr(trouble))
            return None

    def _presses(self, row: Row) -> bool:
        decode = self._engine.codec.decode_row
        return row["lane"] == "safety" or decode(Say, text(row, "body")).at_once

    async def _aside(self, row: Row) -> Entry | None:
        """How a row ends that need not wait; None for one that must, or is on its way just now."""
        lines = self._deliveries.lines
        job = lines.job(number(row, "id"))
        if job is None or lines.busy(job):
            return None
        whom, _, seat = text(row, "member").partition("/")
        if row["lane"] == "bulk" or not seat:
            ops = await self._another_way(row)
        elif whom.startswith("per_"):
            ops = await self._elsewhere(row, whom)
        else:
            ops = self._in_place(row, whom, seat)
        if not ops or job.gone or lines.busy(job):
            return None
        lines.drop(job)
        return Entry(ops)

    async def _another_way(self, row: Row) -> list[Op]:
        """Customers, and those who follow, hear it by another of their ways."""
        missed = None if row["progress"] == CALLED else await self._ways.missed(row)
        if missed is not None and missed.copy is not None:
            return [missed.copy, _ended(row, ELSEWHERE)]
        if missed is not None and missed.report:
            await call(self._engine, row, missed.report, waits=True)
        return []

    async def _elsewhere(self, row: Row, person: StreamId) -> list[Op]:
        """Who is called on another of their channels need not hear of it here as well."""
        state = (await self._engine.look([person]))[person]
        if not isinstance(state, Person):
            return []
        ways = (seat.channel for _, seat in seats_of(self._engine, state))
        reached = any(one not in self._standins.down for one in ways)
        return [_ended(row, "called on another channel")] if reached else []

    def _in_place(self, row: Row, stream: StreamId, seat: str) -> list[Op]:
        """What waits for a place is said where somebody stands in for it."""
        places = [one for name in self._names(seat) for one in self._standins.instead_of(name)]
        copies = [self._copy(row, stream, one) for one in dict.fromkeys(places)]
        return [*copies, _ended(row, "said where somebody stands in")] if copies else []

    def _names(self, seat: str) -> list[str]:
        """What the playbook calls the place of that key."""
        key = self._engine.codec.seat_key
        every = self._engine.parts.places.items()
        return [n for n, some in every if any(key(x.channel, x.address) == seat for x in some)]

    def _copy(self, row: Row, stream: StreamId, at: Place) -> Put:
        seat = self._engine.codec.seat_key(at.channel, at.address)
        return said_at(
            row,
            self._clock.now(),
            channel=at.channel,
            target=seat,
            member=f"{stream}/{seat}",
            cause=f"{text(row, 'cause')}/instead/{seat}",
            progress=text(row, "progress") or f"{INSTEAD}{text(row, 'channel')}",
        )


def _ended(row: Row, reason: str) -> Patch:
    ended: dict[str, Scalar] = {"state": "superseded", "reason": reason, "body": ""}
    return Patch("outbox", {"id": row["id"], "state": "waiting"}, ended)
