"""The one door. Everything that has meaning comes in here as a command and leaves as an answer.

The pipeline has two stages: while one batch is being committed the next is read and decided.
A batch holds distinct streams and distinct dedupe keys, so the two never meet. An answer is
given only after the commit that it speaks of.
"""

import asyncio
from collections.abc import Callable, Sequence

import structlog

from bot.core.commands import Answer, Command, Envelope
from bot.core.errors import CommitUnknown, MusterError, StoreDown
from bot.core.fold import State
from bot.core.ids import PersonId, StreamId
from bot.core.intents import Ring
from bot.core.rows import ListRow
from bot.core.texts import t
from bot.engine.beside import Beside
from bot.engine.editions import Editions
from bot.engine.hub import Changed, Hub, Rang
from bot.engine.known import Gatherer
from bot.engine.likely import Alike
from bot.engine.metrics import Metrics
from bot.engine.parts import Parts
from bot.engine.prepare import NOT_SAVED, Planned, Preparer
from bot.engine.queue import Job, KeyedQueue
from bot.engine.resolve import Directory, NoSuchTarget, Somebody, holds_both, named_stream
from bot.engine.standins import StandIns
from bot.engine.streams import Live, Streams
from bot.engine.work import Work
from bot.store.base import Committed, Op, Outcome, Unit, Violated

log = structlog.get_logger(__name__)

BATCH = 128
TRIES = 6
WAITING = 20_000

STOPPING = Answer(
    outcome="refused",
    code="stopping",
    text=t("Muster is restarting. Nothing is lost: try again in a few seconds."),
)
FULL = Answer(
    outcome="refused",
    code="overloaded",
    text=t("Too many people are writing right now. Please try again in a minute."),
)
UNKEEPABLE = Answer(
    outcome="refused",
    code="unkeepable",
    text=t("This holds signs that cannot be kept. Please write it again without them."),
)


class Engine:
    """Commands in, answers out. Start it before the first command, stop it after the last."""

    def __init__(
        self,
        parts: Parts,
        hub: Hub,
        metrics: Metrics,
        cached: int = 20_000,
    ) -> None:
        self.parts = parts
        self.book = parts.book
        self.store = parts.store
        self.codec = parts.codec
        self.clock = parts.clock
        self.hub = hub
        self.metrics = metrics
        self.editions = Editions()
        self.standins = StandIns(parts, self.editions)
        self.streams = Streams(cached)
        self.directory = Directory(parts.store, cached)
        self._queue = KeyedQueue()
        self._preparer = Preparer(
            parts, self.streams, self.directory, self.editions, self._queue.claim
        )
        look = self._preparer.look
        self.beside = Beside(
            parts.book, Gatherer(parts, self.editions, look), Alike(parts, self.editions, look)
        )
        self._wake = asyncio.Event()
        self._slot = asyncio.Semaphore(1)
        self._commits: set[asyncio.Task[None]] = set()
        self._running: asyncio.Task[None] | None = None
        self._stopping = False
        self._serial = 0
        # How often it was not known what is committed: whatever was heard may have gaps.
        self.doubts = 0
        self.on_work: Callable[[Planned], None] = lambda planned: None
        self.on_doubt: Callable[[], None] = lambda: None

    # --- the door --------------------------------------------------------------------------

    async def handle(self, envelope: Envelope) -> Answer:
        """Take a command from outside and answer once it is on disk.

        Raises ValueError for an envelope without an identity: from outside somebody always
        asks. Everything that goes wrong is an answer.
        """
        if envelope.identity is None or envelope.stream is not None:
            raise ValueError("a command from outside has an identity and names no stream")
        return await self._enter(envelope, house=False, ops=())

    async def house(
        self,
        command: Command,
        stream: StreamId,
        entry: str,
        cause: str,
        ops: Sequence[Op] = (),
        source: StreamId = "",
    ) -> Answer:
        """Take a command of the house itself (timer, Do, command line).

        `ops` are written in the same transaction, which is what makes a Do or a timer happen
        exactly once; `source` is the stream that a refusal may be sent back to.
        Raises StoreDown when it is not known to be done: look again.
        """
        self._serial += 1
        envelope = Envelope(
            entry=entry, source=str(self._serial), command=command, stream=stream, cause=cause
        )
        return await self._enter(envelope, house=True, ops=tuple(ops), source=source)

    async def _enter(
        self, envelope: Envelope, house: bool, ops: tuple[Op, ...], source: StreamId = ""
    ) -> Answer:
        try:
            known = await self.beside.known(envelope.command)
        except MusterError as trouble:
            log.warning("not read", reason=str(trouble))
            return NOT_SAVED
        if self._stopping:
            return STOPPING
        if len(self._queue) >= WAITING and not house:
            return FULL
        job = Job(
            envelope=envelope,
            house=house,
            future=asyncio.get_running_loop().create_future(),
            key="",
            began=self.clock.ticks(),
            ops=ops,
            source=source,
            known=known,
        )
        if envelope.identity is not None:
            who = envelope.identity
            job.identity = self.codec.identity_key(who.channel, who.opaque)
            job.dedupe = self.codec.dedupe_key(envelope.entry, job.identity, envelope.source)
        try:
            stream = named_stream(self.book.rules[type(envelope.command)], job)
        except NoSuchTarget:
            stream = None
            job.key = f"?{id(job)}"
        job.stream = stream or ""
        # What changes a person takes its streams in order, and so begins with none of them.
        first = job.identity if holds_both(envelope.command) else ""
        job.key = first or job.stream or job.key or job.identity
        self._queue.put(job, job.key)
        self._wake.set()
        # A caller that goes away cancels the waiting, never the command.
        return await job.future

    # --- life ------------------------------------------------------------------------------

    async def start(self) -> None:
        """Begin to take commands."""
        self._stopping = False
        self._running = asyncio.create_task(self._run(), name="engine")

    async def drain(self) -> None:
        """Refuse new commands, finish those that are in."""
        self._stopping = True
        self._wake.set()
        if self._running is not None:
            await self._running
            self._running = None

    @property
    def waiting(self) -> int:
        """How many commands are in line."""
        return len(self._queue)

    # --- the pipeline ----------------------------------------------------------------------

    async def _run(self) -> None:
        while not (self._stopping and self._queue.idle):
            if not self._queue.ready:
                self._wake.clear()
                await self._wake.wait()
                continue
            jobs = self._queue.take(BATCH)
            planned = await self._prepared(jobs)
            await self._slot.acquire()
            task = asyncio.create_task(self._commit(planned), name="commit")
            self._commits.add(task)
            task.add_done_callback(self._commits.discard)
        if self._commits:
            await asyncio.gather(*self._commits)

    async def _prepared(self, jobs: list[Job]) -> list[Planned]:
        try:
            planned, parked = await self._preparer.batch(jobs)
        except MusterError as trouble:
            log.warning("not read", reason=str(trouble))
            return [Planned(job, NOT_SAVED) for job in jobs]
        except Exception:
            log.exception("the prepare stage failed")
            return [Planned(job, NOT_SAVED) for job in jobs]
        for job, stream in parked:
            self._queue.put(job, stream)
        return planned

    async def _commit(self, planned: list[Planned]) -> None:
        try:
            with_units = [one for one in planned if one.unit is not None]
            outcomes = await self._written([one.unit for one in with_units if one.unit])
            by_job = dict(zip(map(id, with_units), outcomes, strict=True))
            for one in planned:
                self._settle(one, by_job.get(id(one)))
        except CommitUnknown as doubt:
            await self._doubt(planned, doubt)
        except MusterError as trouble:
            log.warning("not saved", reason=str(trouble))
            for one in planned:
                self._end(one.job, NOT_SAVED)
        except Exception as fault:
            log.exception("the commit stage failed")
            for one in planned:
                self._fail(one.job, StoreDown(str(fault)))
        finally:
            self._slot.release()
            self._wake.set()

    async def _written(self, units: list[Unit]) -> list[Outcome]:
        if not units:
            return []
        began = self.clock.ticks()
        outcomes = await self.store.commit(units)
        self.metrics.committed(len(units), self.clock.ticks() - began)
        return outcomes

    def _settle(self, one: Planned, outcome: Outcome | None) -> None:
        if isinstance(outcome, Violated):
            self._again(one, outcome)
            return
        if isinstance(outcome, Committed):
            self._committed(one, outcome)
        self._end(one.job, one.answer)

    def _committed(self, one: Planned, outcome: Committed) -> None:
        after, before, done = one.after, one.before, one.work
        if after is None or before is None or done is None or not done.events:
            return
        self.streams.put(
            Live(after.stream, after.version, outcome.head, after.state, after.rows, after.subjects)
        )
        self._remember(one, before, after)
        tables = _tables_changed(before, after)
        if "identities" in tables:
            self.directory.forget()
        self.metrics.happened(len(done.events))
        try:
            self._spread(one, Changed(after.stream, after.version, tables), done)
        except Exception:  # What is committed stays, whoever cannot hear of it.
            log.exception("a listener failed", stream=after.stream)

    def _spread(self, one: Planned, changed: Changed, done: Work) -> None:
        self.on_work(one)
        self.hub.tell(changed)
        for _, intent in done.intents:
            if isinstance(intent, Ring):
                self.hub.tell(Rang(intent.person, intent.role, intent.why))

    def _remember(self, one: Planned, before: Live, after: Live) -> None:
        who = one.somebody
        if who is None:
            return
        if one.met:
            self.directory.meet(one.identity, Somebody(who.person, who.subject))
        if before.version == 0 and after.stream.startswith("rep_") and one.seat is not None:
            self.directory.set_current(who.person, str(one.seat.key.plain()), after.stream)

    def _again(self, one: Planned, violated: Violated) -> None:
        job = one.job
        job.tries += 1
        if one.before is not None:
            self.streams.drop(one.before.stream)
        if one.identity:
            self.directory.forget_identity(one.identity)
        if violated.what == "value":
            self._end(job, UNKEEPABLE)
            return
        if job.tries >= TRIES:
            log.warning("gave up after conflicts", what=violated.what)
            self._end(job, NOT_SAVED)
            return
        self._queue.release(job)
        self._queue.put(job, job.key, front=True)

    # --- ends ------------------------------------------------------------------------------

    def _end(self, job: Job, answer: Answer) -> None:
        self._queue.release(job)
        if not job.future.done():
            job.future.set_result(answer)
        self.metrics.answered(answer.outcome, self.clock.ticks() - job.began)

    def _fail(self, job: Job, trouble: MusterError) -> None:
        """It is not known what became of it: the house looks again, others may send it again."""
        if not job.house:
            self._end(job, NOT_SAVED)
            return
        self._queue.release(job)
        if not job.future.done():
            job.future.set_exception(trouble)

    async def _doubt(self, planned: list[Planned], doubt: CommitUnknown) -> None:
        """The commit may or may not have happened: know nothing, reopen, and look again.

        Outside commands go through the door again, where their dedupe row tells; the house
        looks at its own rows again.
        """
        log.error("commit in doubt", reason=str(doubt))
        self.doubts += 1
        self.streams.clear()
        self.directory.forget()
        self.on_doubt()
        try:
            await self.store.reopen()
        except MusterError as trouble:
            log.critical("cannot reopen the store", reason=str(trouble))
            for one in planned:
                self._fail(one.job, doubt)
            return
        for one in planned:
            if one.job.house:
                self._fail(one.job, doubt)
            else:
                self._queue.release(one.job)
                self._queue.put(one.job, one.job.key, front=True)

    # --- reading for the house -------------------------------------------------------------

    async def live(self, stream: StreamId) -> Live:
        """The stream as it stands now."""
        live = self.streams.get(stream)
        if live is None:
            await self._preparer.bring([stream])
            live = self.streams.get(stream)
        return live or Live(stream)

    async def look(self, streams: Sequence[StreamId]) -> dict[StreamId, State | None]:
        """The newest states of these streams; those not at hand are read without being kept."""
        return await self._preparer.look(streams)

    async def person_behind(self, channel: str, opaque: str) -> PersonId | None:
        """Who an identity belongs to, None for a stranger."""
        key = self.codec.identity_key(channel, opaque)
        known = self.directory.somebody(key)
        if known is None:
            loaded = await self.store.load([], [key], [])
            row = loaded.identities.get(key)
            if row is None:
                return None
            known = Somebody(str(row["person"]), str(row["subject"]))
            self.directory.meet(key, known)
        return known.person


def _tables_changed(before: Live, after: Live) -> frozenset[str]:
    if before.rows == after.rows:
        return frozenset()
    old = set(map(id, before.rows))
    return frozenset(
        one.table for one in after.rows if isinstance(one, ListRow) and id(one) not in old
    )
