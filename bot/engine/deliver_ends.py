"""What a try means: for the row's books, for its line, for pauses, and for whom to tell.

Faults are a closed set. Those of the row count its tries and end it; outages, limits and
settings pause the destination and cost the row nothing. An outage that one message alone
meets again and again, while others get through, is that message's own fault.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from bot.core.commands import Place
from bot.core.errors import KeyGone
from bot.core.ids import Millis, StreamId
from bot.engine.deliver_cards import Cards
from bot.engine.deliver_jobs import Ended, Ready
from bot.engine.deliver_lines import Job, Lines
from bot.engine.deliver_lost import Lost
from bot.engine.deliver_pauses import Pause, Pauses, backoff
from bot.engine.deliver_says import Says
from bot.engine.deliver_send import Arrived, Outcome
from bot.engine.deliver_whom import BOUNCED, LEFT
from bot.engine.handle import Engine
from bot.engine.hub import Held, News, Settled, Undelivered
from bot.engine.ports import (
    AnswerLost,
    Blocked,
    MessageGone,
    Misconfigured,
    Outage,
    PlaceMoved,
    RateLimited,
    SendFault,
    TopicGone,
    Unsendable,
)
from bot.store.base import Op, Patch, Put, Scalar

TRIES = 8
FIRST: Millis = 1_000
LONGEST: Millis = 600_000
LONGEST_PRESSING: Millis = 30_000
AFTER_OTHERS: Millis = 250
SHUT = "The place was shut, or the app is no longer in it. Open it again, or invite the app there."


def nothing() -> None:
    """Nothing follows."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What must be written, and what follows in memory once it is."""

    ops: list[Op]
    after: Callable[[], None] = nothing


class Books(Protocol):
    """Who keeps the rows of one kind of job."""

    def sent(self, ready: Ready, message: str, reason: str) -> list[Op]:
        """It arrived."""

    def ended(self, job: Job, state: str, reason: str) -> list[Op]:
        """It will not arrive."""

    def again(self, job: Job, due: Millis) -> list[Op]:
        """It is tried again."""


class Ends:
    """Turns outcomes into entries."""

    def __init__(
        self, engine: Engine, lines: Lines, pauses: Pauses, says: Says, cards: Cards
    ) -> None:
        self._engine = engine
        self._lines = lines
        self._pauses = pauses
        self._cards = cards
        self._books: dict[str, Books] = {"say": says, "card": cards}
        self._arrived: Counter[str] = Counter()
        self._lost = Lost(engine)
        self.topic_gone: Callable[[str, str], None] = lambda seat, within: None
        self.place_moved: Callable[[Place], None] = lambda home: None
        self.on_lost: Callable[[], None] = nothing
        self.missed: Callable[[Job], None] = lambda job: None

    # --- ends ------------------------------------------------------------------------------

    def of(self, ready: Ready, outcome: Outcome) -> Entry:
        """What the try of `ready` comes to."""
        if isinstance(outcome, Arrived):
            return self._sent(ready, outcome)
        fault, job = outcome.fault, ready.job
        if isinstance(fault, AnswerLost) or (isinstance(fault, Outage) and not fault.sure):
            job.unknown = not ready.message
        if isinstance(fault, RateLimited | Outage | Misconfigured):
            if not self._own_fault(job, fault):
                return self._paused(job, fault)
            fault = Unsendable(str(fault))
        if isinstance(fault, AnswerLost):
            self._pauses.back(job.channel, job.seat)
            return self._tried(job, fault)
        return self._answered(ready, fault)

    def _sent(self, ready: Ready, outcome: Arrived) -> Entry:
        job = ready.job
        self._arrived[job.channel] += 1
        over = self._pauses.arrived(job.channel, job.seat)
        ops = self._books[job.kind].sent(ready, outcome.message, outcome.how.value)
        lag = max(0, self._engine.clock.now() - job.at) / 1000

        def after() -> None:
            self._engine.metrics.delivery_lag.observe(lag)
            self._tell(_over(pause) for pause in over)
            self._leave(job)

        return Entry([*ops, *self._pauses.taken()], after)

    def _answered(self, ready: Ready, fault: SendFault) -> Entry:
        """The platform works, and has something against this message."""
        job = ready.job
        over = self._pauses.arrived(job.channel, job.seat)
        self._tell(_over(pause) for pause in over)
        match fault:
            case Blocked():
                return self._blocked(ready, fault)
            case Unsendable(final=True):
                return self._dead(job, f"failed: {fault}")
            case MessageGone() if job.kind == "card" and ready.message:
                self._cards.gone(job)
                return self._tried(job, fault, at_once=True)
            case PlaceMoved():
                return self._moved(ready, fault)
            case TopicGone():
                return self._without_topic(ready, fault)
            case _:
                return self._tried(job, fault)

    def _blocked(self, ready: Ready, fault: Blocked) -> Entry:
        job = ready.job
        entry = self._dead(job, "blocked")
        channel = self._engine.parts.channels.get(job.channel)
        if channel is None or not channel.capabilities.bounces:
            return entry
        try:
            body = self._engine.codec.seal_note(ready.address, ready.subject)
        except KeyGone:  # Erased meanwhile: nobody writes there again.
            return entry
        kept: dict[str, Scalar] = {
            "seat": job.seat,
            "channel": job.channel,
            "at": self._engine.clock.now(),
            "reason": str(fault),
            "subject": ready.subject,
            "body": body,
        }
        return Entry([*entry.ops, Put("bounces", kept)], entry.after)

    def _without_topic(self, ready: Ready, fault: TopicGone) -> Entry:
        """The next try finds the one that was opened anew, or none."""
        self.topic_gone(ready.job.seat, ready.post.within)
        if ready.job.kind == "card":
            self._cards.gone(ready.job)
        return self._tried(ready.job, fault, at_once=True)

    def _moved(self, ready: Ready, fault: PlaceMoved) -> Entry:
        job = ready.job
        if job.kind == "card":
            self._cards.gone(job)
        moved = self.moved(Place(job.channel, ready.address), fault.address)
        entry = self._tried(job, fault, at_once=True)

        def after() -> None:
            entry.after()
            moved.after()

        return Entry([*moved.ops, *entry.ops], after)

    def moved(self, place: Place, address: str) -> Entry:
        """The platform says that a place goes on under another address."""
        codec, moves = self._engine.codec, self._engine.parts.moves
        home, known = moves.home(place), moves.address(place)
        op = moves.moved(place, address, codec, self._engine.clock.now())
        return Entry([op], nothing if known == address else lambda: self.place_moved(home))

    def _own_fault(self, job: Job, fault: SendFault) -> bool:
        """Whether others get through where this job meets an outage for the second time."""
        if not isinstance(fault, Outage) or fault.retry_after is not None:
            return False
        through = self._arrived[job.channel]
        alone = job.mark is not None and through > job.mark
        job.mark = through
        return alone

    def _paused(self, job: Job, fault: RateLimited | Outage | Misconfigured) -> Entry:
        now = self._engine.clock.now()
        pause = self._pauses.paused(job.channel, job.seat, fault, now)
        # Behind those that have not met the trouble yet, so that one of them tries the way.
        due = pause.until + (AFTER_OTHERS if job.mark is not None else 0)
        ops = self._books[job.kind].again(job, due)

        def after() -> None:
            self._tell([_held(pause)])
            self._lines.back(job, due)

        return Entry([*ops, *self._pauses.taken()], after)

    def unconnected(self, channel: str) -> tuple[Entry, Millis]:
        """Messages wait for a channel that nobody has connected; when to look again."""
        fault = Misconfigured(f"No channel '{channel}' is connected.", whole=True)
        pause = self._pauses.paused(channel, "", fault, self._engine.clock.now())
        return Entry(self._pauses.taken(), lambda: self._tell([_held(pause)])), pause.until

    def shut(self, channel: str, seat: str) -> Entry:
        """A place was shut, or we were sent out of it; nothing need be tried to know."""
        return self.met(channel, seat, Misconfigured(SHUT))

    def met(self, channel: str, seat: str, fault: RateLimited | Outage | Misconfigured) -> Entry:
        """Something met this on its way to `seat`: all that goes there waits."""
        pause = self._pauses.paused(channel, seat, fault, self._engine.clock.now())
        return Entry(self._pauses.taken(), lambda: self._tell([_held(pause)]))

    def passed(self, channel: str, seat: str) -> Entry:
        """Something got through to `seat`, or was refused for itself: the way is open."""
        over = self._pauses.arrived(channel, seat)
        return Entry(self._pauses.taken(), lambda: self._tell(_over(pause) for pause in over))

    def mended(self, channel: str, seat: str) -> Entry:
        """A place is open to us again: what waits for it goes at once."""
        pause = self._pauses.mended(channel, seat)

        def after() -> None:
            self._lines.hurry(channel, seat)
            self._tell([_over(pause)] if pause else [])

        return Entry(self._pauses.taken(), after)

    def _tried(self, job: Job, fault: SendFault, at_once: bool = False) -> Entry:
        job.tries += 1
        if job.tries >= TRIES:
            return self._dead(job, f"failed: {fault}")
        longest = LONGEST_PRESSING if job.lane == "safety" else LONGEST
        wait = backoff(job.tries - 1, FIRST, longest, self._engine.parts.chance)
        due = self._engine.clock.now() + (0 if at_once else wait)
        ops = self._books[job.kind].again(job, due)
        return Entry([*ops, *self._pauses.taken()], lambda: self._lines.again(job, due))

    def _dead(self, job: Job, reason: str) -> Entry:
        ops = [*self._books[job.kind].ended(job, "dead", reason), *self._pauses.taken()]
        return self._undelivered(job, ops, reason)

    def _undelivered(self, job: Job, ops: list[Op], reason: str) -> Entry:
        """Its end is written together with word of it to what it is about."""
        lost = self._lost.told(job, reason)

        def after() -> None:
            self.leave_undelivered(job, reason)
            if lost:
                self.on_lost()

        return Entry([*ops, *lost], after)

    def leave_undelivered(self, job: Job, reason: str) -> None:
        """The job is at its end, and somebody should know."""
        self._tell([Undelivered(job.stream, job.channel, reason)])
        self._leave(job)
        self.missed(job)

    def told(self, state: str, source: StreamId, reason: str) -> None:
        """An audience ended as a whole; of one that is dead somebody should know."""
        if state == "dead":
            self._tell([Undelivered(source, "", reason)])

    def ended(self, one: Ended) -> Entry:
        """What was found out before anything was tried."""
        if one.state == "dead":
            return self._undelivered(one.job, list(one.ops), one.reason)
        return Entry(list(one.ops), lambda: self._refused(one))

    def _refused(self, one: Ended) -> None:
        """Nobody is to be told of it, but that it may be said another way."""
        self._leave(one.job)
        if one.reason in (LEFT, BOUNCED):
            self.missed(one.job)

    def expired(self, job: Job) -> Entry:
        """Its time is over; nobody shall pick it any more."""
        self._lines.drop(job)
        ops = self._books[job.kind].ended(job, "dead", "expired")
        return self._undelivered(job, ops, "expired")

    def superseded(self, job: Job) -> Entry:
        """Something newer says all that it would have said; nobody shall pick it any more."""
        self._lines.drop(job)
        changes = {"state": "superseded", "body": ""}
        return Entry([Patch("outbox", {"id": job.key, "state": "waiting"}, changes)])

    def refused(self, job: Job) -> Entry:
        """The store does not keep what it would have been."""
        return self._dead(job, "failed: it cannot be kept")

    def rest(self, job: Job, until: Millis) -> None:
        """Its destination takes nothing until then; who rests for long becomes pressing again."""
        self._lines.back(job, until)
        if job.kind == "card":
            self._lines.relane(job, self._cards.lane(job))

    # --- what follows ----------------------------------------------------------------------

    def _leave(self, job: Job) -> None:
        """Out of its line, unless it is a card that should already look different again."""
        if job.gone:
            return
        if job.kind == "card" and self._cards.stale(job):
            self._cards.next_try(job)
            self._lines.back(job, 0)
            self._lines.relane(job, self._cards.lane(job))
        else:
            self._lines.drop(job)
            self._tell([Settled(job.stream)])

    def _tell(self, news: Iterable[News]) -> None:
        for one in news:
            self._engine.hub.tell(one)


def _held(pause: Pause) -> Held:
    return Held(pause.channel, pause.seat, pause.why, pause.detail, pause.until)


def _over(pause: Pause) -> Held:
    return Held(pause.channel, pause.seat, pause.why, "", None)
