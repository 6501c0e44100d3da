"""Lines: what waits to go out, in memory, in order within a line and all lines side by side.

A line is a conversation (its says, in order of decision), or one card in one place. Only the
first of a line may go; whatever is wrong with it holds back the rest. Among lines the most
pressing lane goes first, then the oldest. A line is as pressing as the most pressing thing in
it, so that an answer need not wait behind a newsletter to the same person.

Safety waits for no order: its messages have a line of their own beside the conversation's,
and one that must be tried again steps out of even that.
"""

from bisect import insort
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Literal

from bot.core.ids import Millis, StreamId
from bot.core.intents import Lane

LANES: tuple[Lane, ...] = ("safety", "reply", "card", "bulk")
_RANK = {lane: rank for rank, lane in enumerate(LANES)}


@dataclass(slots=True, eq=False)
class Job:
    """Something to be sent. `key` is the outbox row's id, or names a card; `seat` is the
    destination's keyed hash; `unknown`: an earlier try may have arrived.
    """

    key: int | str
    kind: Literal["say", "card"]
    channel: str
    seat: str
    lane: Lane
    at: Millis
    order: int = 0
    until: Millis | None = None
    family: str = ""
    tries: int = 0
    unknown: bool = False
    line: str = ""
    gone: bool = False
    suspect: int | None = None
    stream: StreamId = ""


@dataclass(slots=True, eq=False)
class Line:
    """Jobs in order. `mark` tells the newest place in a heap from older ones."""

    key: str
    channel: str
    jobs: list[Job] = field(default_factory=list)
    busy: bool = False
    due: Millis = 0
    mark: int = 0

    @property
    def rank(self) -> int:
        """How pressing: as the most pressing job in it."""
        return min(_RANK[job.lane] for job in self.jobs[:WINDOW])


WINDOW = 64
"""How far into a line is looked for something pressing."""

Heap = list[tuple[int, int, int, str]]


class Lines:
    """All lines of all channels."""

    def __init__(self) -> None:
        self._lines: dict[str, Line] = {}
        self._jobs: dict[int | str, Job] = {}
        self._ready: dict[str, Heap] = defaultdict(list)
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

    def job(self, key: int | str) -> Job | None:
        """The job of that name, while it waits or is under way."""
        return self._jobs.get(key)

    def busy(self, job: Job) -> bool:
        """Whether the job, or one before it in its line, is under way."""
        line = self._lines.get(job.line)
        return line is not None and line.busy and line.jobs[0] is job

    # --- in and out ------------------------------------------------------------------------

    def add(self, job: Job, due: Millis = 0) -> list[Job]:
        """Join its line, not to go before `due`. Returns the jobs that this one supersedes."""
        if job.key in self._jobs:
            return []
        over = list(self._superseded(job)) if job.family else []
        job.line = job.line or _line_of(job)
        line = self._lines.get(job.line)
        if line is None:
            line = self._lines[job.line] = Line(job.line, job.channel)
        insort(line.jobs, job, key=lambda one: one.order)
        self._jobs[job.key] = job
        if job.until is not None:
            self._serial += 1
            heappush(self._ends, (job.until, self._serial, job))
        line.due = due if line.jobs[0] is job else line.due
        self._offer(line)
        return over

    def _superseded(self, fresh: Job) -> Iterator[Job]:
        """Older ones of its family that have not set out; safety is never replaced."""
        line = self._lines.get(f"{fresh.channel}/{fresh.seat}")
        for one in () if line is None else line.jobs:
            if one.family == fresh.family and one.order < fresh.order and not self.busy(one):
                if not one.unknown:
                    yield one

    def drop(self, job: Job) -> None:
        """The job has come to its end, one way or another."""
        if self._jobs.pop(job.key, None) is None:
            return
        job.gone = True
        line = self._lines[job.line]
        first = line.jobs[0] is job
        line.jobs.remove(job)
        if first:
            line.busy = False
            line.due = 0
        if line.jobs:
            self._offer(line)
        else:
            del self._lines[job.line]

    def again(self, job: Job, due: Millis) -> None:
        """The job is back and may go again at `due`."""
        line = self._lines[job.line]
        line.busy = False
        line.due = due
        if job.lane == "safety" and job.kind == "say" and len(line.jobs) > 1:
            self._step_out(line, job)
        self._offer(line)

    def _step_out(self, line: Line, job: Job) -> None:
        """The safety messages behind it do not wait for this one."""
        line.jobs.remove(job)
        alone = Line(f"{line.key}{job.key}", line.channel, [job], due=line.due)
        line.due = 0
        job.line = alone.key
        self._lines[alone.key] = alone
        self._offer(alone)

    # --- whose turn it is ------------------------------------------------------------------

    def _offer(self, line: Line) -> None:
        if line.busy:
            return
        self._serial += 1
        line.mark = self._serial
        if line.due:
            heappush(self._rests, (line.due, line.mark, line.key))
        else:
            place = (line.rank, line.jobs[0].order, line.mark, line.key)
            heappush(self._ready[line.channel], place)

    def rest(self, job: Job, due: Millis) -> None:
        """The job that `next` gave cannot go before `due` after all."""
        line = self._lines[job.line]
        line.busy = False
        line.due = due
        self._offer(line)

    def wake(self, now: Millis) -> None:
        """Whatever rested until `now` is ready again."""
        while self._rests and self._rests[0][0] <= now:
            _, mark, key = heappop(self._rests)
            line = self._lines.get(key)
            if line is not None and line.mark == mark and not line.busy:
                line.due = 0
                self._offer(line)

    def next(self, channel: str, lane_most: int = len(LANES)) -> Job | None:
        """The next job of a channel among its `lane_most` most pressing lanes; its line is
        busy until `drop`, `again` or `rest`.
        """
        heap = self._ready[channel]
        while heap and heap[0][0] < lane_most:
            _, _, mark, key = heappop(heap)
            line = self._lines.get(key)
            if line is not None and line.mark == mark and not line.busy:
                line.busy = True
                return line.jobs[0]
        return None

    def behind(self, job: Job, most: int) -> list[Job]:
        """The job and those that follow it in its line, in order, `most` in all."""
        return self._lines[job.line].jobs[:most]

    def pressing(self, channel: str) -> Lane | None:
        """The most pressing lane in which something of the channel is ready."""
        heap = self._ready[channel]
        while heap:
            rank, _, mark, key = heap[0]
            line = self._lines.get(key)
            if line is not None and line.mark == mark and not line.busy:
                return LANES[rank]
            heappop(heap)
        return None

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
        later: list[tuple[Millis, int, Job]] = []
        while self._ends and self._ends[0][0] <= now:
            _, serial, job = heappop(self._ends)
            if job.gone:
                continue
            if self.busy(job):
                later.append((now + 1000, serial, job))
            else:
                over.append(job)
        for one in later:
            heappush(self._ends, one)
        return over


def _line_of(job: Job) -> str:
    if job.kind == "card":
        return f"{job.channel}/{job.seat}#{job.key}"
    end = "!" if job.lane == "safety" else ""
    return f"{job.channel}/{job.seat}{end}"
