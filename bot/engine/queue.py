"""Jobs in line: one in flight per key, in order within a key, all keys at once.

A key is a stream, or an identity while it is not yet known which stream is meant. A job
that learns its stream later joins that stream's line and keeps its identity's turn.
"""

import asyncio
from collections import deque
from dataclasses import dataclass, field

from bot.core.commands import Answer, Envelope
from bot.core.ids import StreamId
from bot.engine.beside import NOTHING, Known
from bot.store.base import Op


@dataclass(slots=True, eq=False)
class Job:
    """An envelope waiting for its answer.

    `ops` ride in the same transaction (the house marks a timer or a Do as done that way);
    `house` is True for timers, Dos and the command line, `source` the stream that sent a Do.
    `identity` and `dedupe` are the keyed hashes of who asks and of this very press.
    `known` is what the decision must know beside its stream.
    """

    envelope: Envelope
    house: bool
    future: asyncio.Future[Answer]
    key: str
    began: float
    identity: str = ""
    dedupe: int = 0
    ops: tuple[Op, ...] = ()
    source: StreamId = ""
    stream: StreamId = ""
    held: list[str] = field(default_factory=list)
    tries: int = 0
    known: Known = NOTHING


class KeyedQueue:
    """Lines of jobs by key."""

    def __init__(self) -> None:
        self._lines: dict[str, deque[Job]] = {}
        self._ready: deque[str] = deque()
        self._busy: set[str] = set()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def ready(self) -> bool:
        """Whether `take` would give something."""
        return bool(self._ready)

    @property
    def idle(self) -> bool:
        """Nothing waits and nothing is in flight."""
        return not self._count and not self._busy

    def put(self, job: Job, key: str, front: bool = False) -> None:
        """Join the line of `key`, at its end or (a job that must go again) its front."""
        line = self._lines.setdefault(key, deque())
        if front:
            line.appendleft(job)
        else:
            line.append(job)
        self._count += 1
        if len(line) == 1 and key not in self._busy:
            self._ready.append(key)

    def take(self, most: int) -> list[Job]:
        """Up to `most` jobs of distinct free keys; each key is busy until released."""
        taken: list[Job] = []
        while self._ready and len(taken) < most:
            key = self._ready.popleft()
            line = self._lines[key]
            job = line.popleft()
            if not line:
                del self._lines[key]
            self._busy.add(key)
            self._count -= 1
            job.held.append(key)
            taken.append(job)
        return taken

    def claim(self, job: Job, key: str) -> bool:
        """Make `key` busy for a job that holds another one; False when it is not free."""
        if key in self._busy:
            return False
        self._busy.add(key)
        job.held.append(key)
        if key in self._lines:
            # Others wait for this key: it is not ready any more until it is released.
            self._ready.remove(key)
        return True

    def release(self, job: Job) -> None:
        """Free every key of the job; whoever is next in those lines becomes ready."""
        for key in job.held:
            self._busy.discard(key)
            if key in self._lines:
                self._ready.append(key)
        job.held.clear()
