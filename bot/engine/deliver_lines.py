"""Lines: what waits to go out, in memory, in order within a line and all lines side by side.

A line is a conversation (its says, in order of decision), or one card in one place. Only the
first of a line may go; whatever is wrong with it holds back the rest. Among lines the most
pressing lane goes first, then the oldest. A line is as pressing as the most pressing thing in
it, so that an answer need not wait behind a newsletter to the same person.

Safety waits for no order: its messages have a line of their own beside the conversation's,
and one that must be tried again steps out of even that.
"""

from bisect import insort
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Literal

from bot.core.ids import Millis, StreamId
from bot.core.intents import Lane
from bot.engine.ports import Act

LANES: tuple[Lane, ...] = ("safety", "reply", "card", "bulk")
_RANK = {lane: rank for rank, lane in enumerate(LANES)}
LATER: Millis = 1_000
CALL = "call:"
"""How families of pages begin."""


def gravest(*lanes: Lane) -> Lane:
    """The most pressing of them."""
    return min(lanes, key=_RANK.__getitem__)


Key = int | str


@dataclass(slots=True, eq=False)
class Job:
    """Something to be sent. `key` is the outbox row's id, or names a card.

    `seat` is the destination's keyed hash, `order` its place in the line, `stream` what
    wanted it. `thread` is what it is said beneath, a conversation of its own. `unknown`: an
    earlier try may have arrived. `mark` is how much the channel had
    delivered when the job last met an outage. `about` is the update or the answer that it tells.
    """

    key: Key
    kind: Literal["say", "card"]
    channel: str
    seat: str
    lane: Lane
    at: Millis
    order: tuple[int, int] = (0, 0)
    until: Millis | None = None
    family: str = ""
    tries: int = 0
    unknown: bool = False
    act: Act = "send"
    stream: StreamId = ""
    thread: str = ""
    about: str = ""
    line: str = ""
    gone: bool = False
    mark: int | None = None


@dataclass(slots=True, eq=False)
class Line:
    """Jobs in order. `mark` tells its newest place in a heap from older ones, `since` puts those
    that wait longer before others, however they rested meanwhile.
    """

    key: str
    channel: str
    jobs: list[Job] = field(default_factory=list)
    busy: bool = False
    due: Millis = 0
    mark: int = 0
    since: int = 0
    offered: int = len(LANES)
    lanes: Counter[int] = field(default_factory=Counter)

    def add(self, job: Job) -> None:
        """The job takes its place in order."""
        insort(self.jobs, job, key=lambda one: one.order)
        self.lanes[_RANK[job.lane]] += 1

    def remove(self, job: Job) -> None:
        """The job leaves."""
        self.jobs.remove(job)
        self.lanes[_RANK[job.lane]] -= 1

    @property
    def rank(self) -> int:
        """How pressing: as the most pressing job in it."""
        return min(rank for rank, count in self.lanes.items() if count)


class Lines:
    """All lines of all channels."""

    def __init__(self) -> None:
        self._lines: dict[str, Line] = {}
        self._jobs: dict[Key, Job] = {}
        self._seats: Counter[str] = Counter()
        self._ready: dict[str, list[tuple[int, tuple[int, int], int, int, str]]] = defaultdict(list)
        self._rests: list[tuple[Millis, int, str]] = []
        self._ends: list[tuple[Millis, int, Job]] = []
        self._serial = 0

    def __len__(self) -> int:
        return len(self._jobs)

    @property
    def oldest(self) -> Millis | None:
        """When the job that waits longest was decided."""
        first = next(iter(self._jobs.values()), None)
        return None if first is None else first.at

    def at(self, seat: str) -> int:
        """How many wait for this destination, or are on their way there."""
        return self._seats[seat]

    def job(self, key: Key) -> Job | None:
        """The job of that name, while it waits or is under way."""
        return self._jobs.get(key)

    def busy(self, job: Job) -> bool:
        """Whether the job is under way."""
        line = self._lines.get(job.line)
        return line is not None and line.busy and line.jobs[0] is job

    # --- in and out ------------------------------------------------------------------------

    def add(self, job: Job, due: Millis = 0) -> list[Job]:
        """Join its line, not to go before `due`. Returns the jobs that this one supersedes.

        One of that name that waits already becomes as pressing as this one.
        """
        if (known := self._jobs.get(job.key)) is not None:
            if _RANK[job.lane] < _RANK[known.lane]:
                self.relane(known, job.lane)
            return []
        over = list(self._superseded(job)) if job.family else []
        job.line = _line_of(job)
        line = self._lines.get(job.line)
        if line is None:
            line = self._lines[job.line] = Line(job.line, job.channel, since=self._next())
        if line.busy:
            job.order = max(job.order, line.jobs[0].order)
        line.add(job)
        self._jobs[job.key] = job
        self._seats[job.seat] += 1
        if job.until is not None:
            heappush(self._ends, (job.until, self._next(), job))
        if line.jobs[0] is job:
            self._offer(line, due)
        elif not line.due and _RANK[job.lane] < line.offered:
            self._offer(line, 0)
        return over

    def relane(self, job: Job, lane: Lane) -> None:
        """The job is of another lane from now on."""
        line = self._lines[job.line]
        line.lanes[_RANK[job.lane]] -= 1
        line.lanes[_RANK[lane]] += 1
        job.lane = lane
        if not line.due:
            self._offer(line, 0)

    def _superseded(self, fresh: Job) -> Iterator[Job]:
        """Older ones of its family that have not set out. Safety is never replaced, but by a call
        to the same thing.
        """
        calls = fresh.family.startswith(CALL)
        line = self._lines.get(_line_of(fresh) if calls else f"{fresh.channel}/{fresh.seat}")
        for one in () if line is None else line.jobs:
            same = one.family == fresh.family and one.order < fresh.order
            if same and not one.unknown and not self.busy(one):
                yield one

    def drop(self, job: Job) -> None:
        """The job has come to its end, one way or another."""
        if self._jobs.pop(job.key, None) is None:
            return
        job.gone = True
        self._seats[job.seat] -= 1
        if not self._seats[job.seat]:
            del self._seats[job.seat]
        line = self._lines[job.line]
        first = line.jobs[0] is job
        line.remove(job)
        if not line.jobs:
            del self._lines[job.line]
        elif first:
            line.busy, line.since = False, self._next()
            self._offer(line, 0)

    def back(self, job: Job, due: Millis) -> None:
        """The job was not sent after all and may go at `due` (0: it has had its turn)."""
        line = self._lines[job.line]
        line.busy = False
        if not due:
            line.since = self._next()
        self._offer(line, due)

    def hurry(self, channel: str, seat: str) -> None:
        """Whatever rests on its way to `seat` may go now."""
        for line in self._lines.values():
            if line.due and line.key.startswith(f"{channel}/{seat}"):
                self._offer(line, 0)

    def again(self, job: Job, due: Millis) -> None:
        """The job was tried in vain and may be tried again at `due`.

        Safety messages behind it in the line do not wait for that.
        """
        if job.kind == "say" and job.lane == "safety":
            self._step_out(job)
        self.back(job, due)

    def _step_out(self, job: Job) -> None:
        old = self._lines[job.line]
        alone = Line(f"{old.channel}/{job.seat}!{job.key}", old.channel, since=self._next())
        if old.key == alone.key:
            return
        alone.add(job)
        old.remove(job)
        old.busy = False
        if old.jobs:
            self._offer(old, 0)
        else:
            del self._lines[old.key]
        job.line = alone.key
        self._lines[alone.key] = alone

    # --- whose turn it is ------------------------------------------------------------------

    def _next(self) -> int:
        self._serial += 1
        return self._serial

    def _offer(self, line: Line, due: Millis) -> None:
        """The line's first job may go at `due` (0: now)."""
        if line.busy:
            return
        line.due, line.mark = due, self._next()
        if due:
            heappush(self._rests, (due, line.mark, line.key))
        else:
            line.offered = line.rank
            place = (line.offered, line.jobs[0].order, line.since, line.mark, line.key)
            heappush(self._ready[line.channel], place)

    def _standing(self, key: str, mark: int) -> Line | None:
        """The line, if that place in a heap is its newest."""
        line = self._lines.get(key)
        return line if line is not None and line.mark == mark and not line.busy else None

    def wake(self, now: Millis) -> None:
        """Whatever rested until `now` is ready again."""
        while self._rests and self._rests[0][0] <= now:
            _, mark, key = heappop(self._rests)
            line = self._standing(key, mark)
            if line is not None:
                self._offer(line, 0)

    def shift(self, by: Millis) -> None:
        """The clock was set by so much: whatever rests is ready earlier or later on it."""
        self._rests = [(max(1, due + by), mark, key) for due, mark, key in self._rests]
        for line in self._lines.values():
            line.due = line.due and max(1, line.due + by)

    def pressing(self, channel: str) -> Job | None:
        """The job of the channel whose turn it is."""
        heap = self._ready[channel]
        while heap:
            line = self._standing(heap[0][4], heap[0][3])
            if line is not None:
                return line.jobs[0]
            heappop(heap)
        return None

    def rank(self, job: Job) -> Lane:
        """The lane in which the job's turn has come: its own, or that of one behind it."""
        return LANES[self._lines[job.line].offered]

    def begin(self, job: Job, most: int = 1) -> list[Job]:
        """The job is under way, and with it up to `most` of its line in order.

        The line is busy until `drop`, `again` or `back`.
        """
        line = self._lines[job.line]
        line.busy = True
        return line.jobs[:most]

    @property
    def channels(self) -> list[str]:
        """The channels that something is ready for."""
        return [channel for channel, heap in self._ready.items() if heap]

    def next_due(self) -> Millis | None:
        """When something that rests is due, or something ends unsent."""
        dues = [heap[0][0] for heap in (self._rests, self._ends) if heap]
        return min(dues, default=None)

    def expired(self, now: Millis) -> list[Job]:
        """Those whose time is over and that are not under way just now."""
        over: list[Job] = []
        later: list[Job] = []
        while self._ends and self._ends[0][0] <= now:
            job = heappop(self._ends)[2]
            if not job.gone:
                (later if self.busy(job) else over).append(job)
        for one in later:
            heappush(self._ends, (now + LATER, self._next(), one))
        return over


def _line_of(job: Job) -> str:
    if job.kind == "card":
        return f"{job.channel}/{job.seat}#{job.key}"
    end = "!" if job.lane == "safety" else f"^{job.thread}" if job.thread else ""
    return f"{job.channel}/{job.seat}{end}"
