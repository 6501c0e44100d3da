"""Delivery: everything that leaves the house goes through here.

Each turn it reads what was decided, unfolds audiences, picks what may go by lane, order, pace
and pauses, and writes once: what came of earlier tries, letters for those who fetch, and what
is about to be tried. Only then it sends, many at a time, one per conversation. What it knows
in memory it can read again from the rows, so a crash at any moment loses nothing; of a try
that was under way nobody knows whether it arrived, and that is how it is treated.
"""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Mapping, Sequence

import structlog

from bot.core.commands import Place
from bot.core.errors import CommitUnknown, MusterError
from bot.core.ids import Millis
from bot.core.intents import Say
from bot.engine.deliver_asides import AsidesByPace, Way
from bot.engine.deliver_cards import Cards
from bot.engine.deliver_ends import Ends, Entry
from bot.engine.deliver_intake import Intake
from bot.engine.deliver_jobs import Ended, Mail, Prepared, Ready, in_turn
from bot.engine.deliver_lines import Job, Lines
from bot.engine.deliver_pace import Known, Pacer, Slot
from bot.engine.deliver_pauses import Pause, Pauses
from bot.engine.deliver_says import Says
from bot.engine.deliver_send import Outcome, attempt
from bot.engine.deliver_set import SetClock
from bot.engine.drafts import Drafts
from bot.engine.gather import Gather
from bot.engine.handle import Engine
from bot.engine.hub import Mailed, Settled
from bot.engine.loops import AFTER_TROUBLE, Loop
from bot.engine.ports import Channel, Speech
from bot.engine.prepare import Planned
from bot.engine.tokens import Tokens
from bot.store.base import Op

log = structlog.get_logger(__name__)

PAGE = 500
LETTERS = 128
LETTERS_EACH = 32
FLYING = 64
SOON: Millis = 200
PARTING: Millis = 3_000
TIDY: Millis = 3_600_000


class Deliveries(Loop):
    """The worker. `lines`, `pauses` and `cards` are for those who look after it."""

    name = "deliveries"

    def __init__(self, engine: Engine, speech: Speech) -> None:
        super().__init__(engine.clock)
        self._engine = engine
        self._store = engine.store
        self.channels: Mapping[str, Channel] = engine.parts.channels
        self.lines = Lines()
        self.pauses = Pauses(engine.parts.chance)
        self.tokens = Tokens(engine.store, engine.clock, engine.parts.chance)
        self.says = Says(engine, speech, self.tokens)
        self.cards = Cards(engine, speech, self.tokens)
        self.ends = Ends(engine, self.lines, self.pauses, self.says, self.cards)
        self.intake = Intake(engine, self.lines, self.ends, self.cards)
        self.gather = Gather(engine, speech)
        self.intake.on_chunk = self.gather.wake
        self._drafts = Drafts(engine.store, engine.codec, engine.clock)
        began = engine.clock.now()
        self._tidy_at = began + TIDY
        every = self.channels.items()
        self._pacers = {name: Pacer(one.capabilities.shared, began) for name, one in every}
        self._set = SetClock(engine.clock, self._pacers.values(), self.pauses, self.lines)
        self._known = Known(self.channels)
        way = Way(self.channels, self._pacers, self.pauses, self._known, self.ends, self.lines)
        self.asides = AsidesByPace(engine, way, self._noted)
        self._entries: list[Entry] = []
        self._landed: list[tuple[Ready, Outcome]] = []
        self._flights: set[asyncio.Task[None]] = set()
        self._flying: Counter[str] = Counter()
        self._slots: dict[Job, Slot] = {}
        self._next: list[Millis | None] = []

    # --- life ------------------------------------------------------------------------------

    def notice(self, planned: Planned) -> None:
        """A unit was committed: wake when it has something to say or to show."""
        intents = planned.work.intents if planned.work else ()
        shows = self.intake.want(self.cards.wishes(planned))
        if shows or any(isinstance(intent, Say) for _, intent in intents):
            self.wake()

    async def start(self) -> None:
        """Go on where the last process stopped."""
        for row in await self._store.select("pauses", limit=PAGE):
            self.pauses.load(row, self._clock.now())
        await self._engine.parts.moves.load(self._store, self._engine.codec)
        await super().start()

    async def recall(self) -> None:
        """The cards that are to look different."""
        self.intake.want(await self.cards.unfulfilled())

    async def stop(self) -> None:
        """End after the turn in hand; wait a little for what is in the air, and note it."""
        await super().stop()
        if self._flights:
            await self._parting()
        for task in self._flights:
            task.cancel()
        await asyncio.gather(*self._flights, return_exceptions=True)
        self._landings()
        with contextlib.suppress(MusterError):
            await self._write([])

    async def _parting(self) -> None:
        patience = asyncio.create_task(self._clock.wait_until(self._clock.now() + PARTING))
        while self._flights and not patience.done():
            await asyncio.wait([patience, *self._flights], return_when=asyncio.FIRST_COMPLETED)
        patience.cancel()
        await asyncio.gather(patience, return_exceptions=True)

    @property
    def waiting(self) -> int:
        """How much waits or is under way."""
        return len(self.lines) + len(self.intake)

    # --- the turn --------------------------------------------------------------------------

    async def turn(self) -> Millis | None:
        """Read, pick, write, send. Returns when something is due next."""
        now = self._clock.now()
        self._next = []
        self._set.look(now)
        if now >= self._tidy_at:
            await self._tidy(now)
        self._later(self._tidy_at)
        self._landings()
        if await self.intake.take_in():
            self._later(0)
        if self.intake.holds:
            self._later(now + AFTER_TROUBLE)
        self._later(await self.gather.turn(now))
        self._expire(now)
        self.lines.wake(now)
        jobs = [job for name in self.lines.channels for job in self._picked(name, now)]
        await self._depart(await self._prepared(jobs))
        return self._due()

    async def _tidy(self, now: Millis) -> None:
        """Let go of what nobody needs any more."""
        for pacer in self._pacers.values():
            pacer.forget(now)
        await self._drafts.sweep()
        self._tidy_at = now + TIDY

    def _due(self) -> Millis | None:
        oldest, now = self.lines.oldest, self._clock.now()
        self._engine.metrics.queue_age.set(0 if oldest is None else max(0, now - oldest) / 1000)
        dues = [*self._next, self.lines.next_due()]
        return min((due for due in dues if due is not None), default=None)

    def _later(self, at: Millis | None) -> None:
        self._next.append(at)

    def _expire(self, now: Millis) -> None:
        self._entries += map(self.ends.expired, self.lines.expired(now))

    # --- picking ---------------------------------------------------------------------------

    def _picked(self, name: str, now: Millis) -> list[Job]:
        """The jobs of a channel that may go now; their lines are busy from here on."""
        channel = self.channels.get(name)
        if channel is None:
            self._unconnected(name, now)
            return []
        if channel.capabilities.pulled:
            return self._letters(name)
        jobs: list[Job] = []
        while self._flying[name] + len(jobs) < FLYING:
            job = self.lines.pressing(name)
            if job is None or not self._open(name, job, now):
                break
            self.lines.begin(job)
            held = self._held_until(job, now)
            if held is not None:
                self.ends.rest(job, held)
                continue
            self._slots[job] = self._pacers[name].take(job.act, self.lines.rank(job), now)
            self.pauses.begin(name, job.seat)
            jobs.append(job)
        return jobs

    def _letters(self, name: str) -> list[Job]:
        jobs: list[Job] = []
        while len(jobs) < LETTERS:
            job = self.lines.pressing(name)
            if job is None:
                return jobs
            jobs += self.lines.begin(job, LETTERS_EACH)
        self._later(0)
        return jobs

    def _unconnected(self, name: str, now: Millis) -> None:
        """A channel that messages wait for, and that nobody has connected."""
        free = self.pauses.free_at(name, "", now) or now
        if free <= now:
            entry, free = self.ends.unconnected(name)
            self._entries.append(entry)
        self._later(free)

    def _open(self, name: str, job: Job, now: Millis) -> bool:
        """Whether anything may go out by this channel now; else when to look again."""
        at = self.pauses.free_at(name, "", now)
        if at is None:
            # Whatever tries the way wakes us when it is back.
            return False
        if at <= now:
            at = self._pacers[name].shared_at(job.act, self.lines.rank(job), now)
        if at > now:
            self._later(at)
        return at <= now

    def _held_until(self, job: Job, now: Millis) -> Millis | None:
        """When the destination takes the job, None: now."""
        free = self.pauses.free_at(job.channel, job.seat, now)
        if free is None:
            return now + SOON
        at = max(free, self._pacers[job.channel].own_at(job.act, self._known.of(job.seat), now))
        if at > now:
            self.asides.going.claim(job, at)
            return at
        return now + SOON if self.asides.going.yields(job) else None

    # --- preparing and sending -------------------------------------------------------------

    async def _prepared(self, jobs: list[Job]) -> list[Prepared]:
        try:
            says = await self.says.prepare(
                [job for job in jobs if job.kind == "say"], self.intake.fresh
            )
            cards = await self.cards.prepare([job for job in jobs if job.kind == "card"])
        except BaseException:
            self._put_back(jobs)
            raise
        return in_turn([*says, *cards], jobs)

    def _put_back(self, jobs: Sequence[Job]) -> None:
        """Nothing came of it; later again."""
        for job in jobs:
            self._let_go(job)
            if self.lines.busy(job):
                self.lines.back(job, self._clock.now() + AFTER_TROUBLE)

    def _let_go(self, job: Job) -> None:
        slot = self._slots.pop(job, None)
        if slot is not None:
            slot.give_back()
            self.pauses.back(job.channel, job.seat)

    async def _depart(self, prepared: list[Prepared]) -> None:
        """Write what came before, letters and what is about to be sent; then send."""
        # A mailbox reads as things came about: nothing in it is slower than what was pressing.
        mails = [one for one in prepared if isinstance(one, Mail)]
        mails.sort(key=lambda one: one.job.order)
        ready = [one for one in prepared if isinstance(one, Ready) and self._has_room(one)]
        for one in prepared:
            if isinstance(one, Ended):
                self._let_go(one.job)
                self._entries.append(self.ends.ended(one))
        try:
            bad = await self._write([*mails, *ready])
        except BaseException:
            self._put_back([*(one.job for one in mails), *(one.job for one in ready)])
            raise
        self._delivered([one for one in mails if one not in bad])
        for flight in ready:
            if flight not in bad:
                self._launch(flight)

    def _has_room(self, one: Ready) -> bool:
        """Whether the destination's own pace allows it; else it rests."""
        job, now = one.job, self._clock.now()
        one.address = self._engine.parts.moves.address(Place(job.channel, one.address))
        limits = self._known.ask(job.channel, job.seat, one.address)
        pacer = self._pacers[job.channel]
        at = max(one.rests, pacer.own_at(job.act, limits, now))
        if at > now:
            self._let_go(job)
            self.ends.rest(job, at)
            return False
        pacer.take_own(self._slots[job], job.act, limits, now)
        self.asides.going.went(job)
        return True

    def _noted(self, entry: Entry) -> None:
        """Something to be written with the next turn."""
        self.intake.entries.append(entry)
        self.wake()

    def _delivered(self, mails: list[Mail]) -> None:
        now = self._clock.now()
        for mail in mails:
            self._engine.metrics.delivery_lag.observe(max(0, now - mail.job.at) / 1000)
            self.lines.drop(mail.job)
        for seat in dict.fromkeys(mail.seat for mail in mails):
            self._engine.hub.tell(Mailed(seat))
        for stream in dict.fromkeys(mail.job.stream for mail in mails):
            self._engine.hub.tell(Settled(stream))

    def _launch(self, ready: Ready) -> None:
        channel = self.channels[ready.job.channel]
        slot = self._slots.pop(ready.job)
        self._flying[channel.name] += 1
        flight = self._fly(channel, ready, slot)
        task = asyncio.create_task(flight, name=f"send by {channel.name}")
        self._flights.add(task)
        task.add_done_callback(self._flights.discard)

    async def _fly(self, channel: Channel, ready: Ready, slot: Slot) -> None:
        try:
            outcome = await attempt(channel, ready, self._clock, slot)
            self._landed.append((ready, outcome))
            self.wake()
        finally:
            self._flying[channel.name] -= 1

    # --- books -----------------------------------------------------------------------------

    def _landings(self) -> None:
        """What came of tries, as entries for the next write."""
        landed, self._landed = self._landed, []
        self._entries += [self.ends.of(ready, outcome) for ready, outcome in landed]

    async def _write(self, going: Sequence[Mail | Ready]) -> list[Mail | Ready]:
        """All entries, and what must be durable before `going` go, in one write.

        Entries stay until they are written. Returns those that cannot go, since their rows
        are refused; that is the end of them.
        """
        self._entries += self.intake.entries
        self.intake.entries.clear()
        entries = list(self._entries)
        bad: list[Mail | Ready] = []
        try:
            await self._stored([op for one in (*entries, *going) for op in one.ops])
        except ValueError:
            bad = await self._one_by_one(entries, going)
        del self._entries[: len(entries)]
        for one in entries:
            self._follow(one)
        if entries:
            self.wake()  # Whatever stood behind those that ended may go now.
        return bad

    def _follow(self, one: Entry) -> None:
        """What follows a note, whoever listens to the hub and breaks."""
        try:
            one.after()
        except Exception:
            log.exception("something failed that follows a delivery")

    async def _one_by_one(
        self, entries: Sequence[Entry], going: Sequence[Mail | Ready]
    ) -> list[Mail | Ready]:
        """Whatever is refused hurts nobody else."""
        for entry in entries:
            try:
                await self._stored(entry.ops)
            except ValueError as wrong:
                log.exception("a note of delivery was refused", reason=str(wrong))
        bad: list[Mail | Ready] = []
        for one in going:
            try:
                await self._stored(one.ops)
            except ValueError as wrong:
                log.exception("a message cannot be kept", reason=str(wrong))
                bad.append(one)
                self._let_go(one.job)
                self._entries.append(self.ends.refused(one.job))
        return bad

    async def _stored(self, ops: Sequence[Op]) -> None:
        try:
            if ops:
                await self._store.write(ops)
        except CommitUnknown:
            log.warning("what delivery wrote last is in doubt; looking again")
            await self._store.reopen()
            raise

    def health(self) -> tuple[Pause, ...]:
        """The destinations that take nothing now, why, and until when."""
        return self.pauses.all
