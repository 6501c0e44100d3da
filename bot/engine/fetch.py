"""What a batch must know before anything in it is decided, in as few reads as possible."""

from collections.abc import Iterable, Sequence

import structlog

from bot.core import ids
from bot.core.errors import MusterError
from bot.core.fold import State
from bot.core.ids import StreamId
from bot.engine.parts import Parts
from bot.engine.queue import Job
from bot.engine.resolve import Directory, Somebody
from bot.engine.streams import Live, Streams
from bot.engine.verify import refold
from bot.store.base import Blank, Drop, Loaded, Op, Snapshot

log = structlog.get_logger(__name__)

PAGE = 500
MOST = 100_000
CALLERS = ("timers", "outbox")
"""Tables whose rows bring commands: whoever drops one with its command acts for that row."""


class Fetcher:
    """Reads from the store and keeps at hand what it found."""

    def __init__(self, parts: Parts, streams: Streams, directory: Directory) -> None:
        self._book = parts.book
        self._store = parts.store
        self._codec = parts.codec
        self._streams = streams
        self._directory = directory

    async def first(self, jobs: Iterable[Job]) -> Loaded:
        """What was answered before, who asks, and the streams that are named."""
        keys: list[int] = []
        identities: list[str] = []
        streams: list[StreamId] = []
        for job in jobs:
            if job.identity:
                keys.append(job.dedupe)
                if self._directory.somebody(job.identity) is None:
                    identities.append(job.identity)
            if job.stream and self._streams.get(job.stream) is None:
                streams.append(job.stream)
        loaded = await self._store.load(keys, identities, streams)
        await self._keep(loaded, streams)
        for identity, row in loaded.identities.items():
            somebody = Somebody(str(row["person"]), str(row["subject"]))
            self._directory.meet(identity, somebody)
        return loaded

    async def bring(self, streams: Sequence[StreamId]) -> None:
        """Have these streams at hand; one that is damaged is left out, and told."""
        await self._keep(await self._store.load([], [], streams), streams)

    async def look(self, streams: Sequence[StreamId]) -> dict[StreamId, State | None]:
        """The newest states of these streams; those not at hand are not kept there."""
        found: dict[StreamId, State | None] = {}
        for stream in streams:
            live = self._streams.get(stream)
            if live is not None:
                found[stream] = live.state
        missing = [stream for stream in streams if stream not in found]
        loaded = await self._store.load([], [], missing) if missing else None
        for stream in missing:
            snapshot = loaded.snapshots.get(stream) if loaded else None
            found[stream] = None if snapshot is None else await self._state(snapshot)
        return found

    async def _keep(self, loaded: Loaded, streams: Sequence[StreamId]) -> None:
        for stream in streams:
            snapshot = loaded.snapshots.get(stream)
            try:
                self._streams.put(Live(stream) if snapshot is None else await self._live(snapshot))
            except MusterError as trouble:
                log.warning("a stream cannot be read", stream=stream, reason=str(trouble))
            except Exception:  # It is this stream's own trouble, not that of the whole batch.
                log.exception("a stream cannot be read", stream=stream)

    async def _live(self, snapshot: Snapshot) -> Live:
        state = await self._state(snapshot)
        rows = self._book.rows(state)
        return Live(snapshot.stream, snapshot.version, snapshot.head, state, rows)

    async def _state(self, snapshot: Snapshot) -> State | None:
        """The state of a snapshot; one that another fold has made is folded anew."""
        stream = snapshot.stream
        kind = ids.kind_of(stream)
        if snapshot.fold == self._book.folds[kind].revision:
            return self._codec.decode_state(kind, snapshot.state)
        return await refold(self._book, self._store, self._codec, stream, snapshot.version)

    async def blanks(self, job: Job, stream: StreamId) -> None:
        """An erasing command deletes sealed values in its own transaction; nobody else can write
        to the stream meanwhile, since the job holds it.
        """
        subject = job.envelope.command.model_dump()["subject"]
        ops: list[Op] = [op for op in job.ops if not isinstance(op, Blank)]
        after = 0
        while page := await self._store.events(stream, after, PAGE):
            for one in page:
                sealed = self._codec.blank(one.row.sealed, one.row.body, subject)
                if sealed != one.row.sealed:
                    ops.append(Blank(one.position, sealed))
            after = page[-1].row.version
        job.ops = tuple(ops)

    async def gone(self, jobs: Sequence[Job]) -> frozenset[int]:
        """The ids of those jobs whose row, which brought them, was dropped while they waited.

        A row belongs to the stream that its job holds, so what is there now stays until then.
        """
        drops = {id(job): op for job in jobs if (op := caller(job)) is not None}
        there: set[tuple[object, ...]] = set()
        for table in CALLERS:
            there |= await self._there(table, [op for op in drops.values() if op.table == table])
        return frozenset(job for job, op in drops.items() if _name(op) not in there)

    async def _there(self, table: str, drops: Sequence[Drop]) -> set[tuple[object, ...]]:
        if not drops:
            return set()
        columns = drops[0].where
        any_of = {column: [op.where[column] for op in drops] for column in columns}
        rows = await self._store.select(table, any_of, limit=MOST)
        return {(table, *(row[column] for column in columns)) for row in rows}


def caller(job: Job) -> Drop | None:
    """The dropping of the row that brought the job's command, if it was a row that did."""
    drops = (op for op in job.ops if isinstance(op, Drop) and op.table in CALLERS)
    return next(drops, None)


def _name(op: Drop) -> tuple[object, ...]:
    return (op.table, *op.where.values())
