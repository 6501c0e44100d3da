"""What goes out at once and is kept nowhere: answers, questions, words to who has just pressed.

It takes part in the pace and the pauses of everything else. At its destination it goes before
what is bulk; a card or a message that waits there, too, has every other free place, and what is
about safety each of them.
"""

from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from dataclasses import replace as replace_in

from bot.core.commands import Place
from bot.core.ids import Millis
from bot.engine.deliver_ends import Ends, Entry
from bot.engine.deliver_jobs import Ready
from bot.engine.deliver_lines import Job, Lines
from bot.engine.deliver_pace import Known, Pacer
from bot.engine.deliver_pauses import Pauses
from bot.engine.deliver_send import Arrived, Outcome, attempt
from bot.engine.handle import Engine
from bot.engine.ports import (
    Act,
    AnswerLost,
    Channel,
    Misconfigured,
    Outage,
    PlaceMoved,
    Post,
    RateLimited,
    TopicGone,
)

SOON: Millis = 200
OLD: Millis = 1_000
MOST = 20_000
AGAIN = 3
"""So often the same is tried, when the platform says where to or when instead."""


Carried = Callable[[str], Awaitable[str]]
"""Something else than a message that is asked of a platform, at an address."""


@dataclass(frozen=True, slots=True)
class Way:
    """What everything goes through that leaves by a channel."""

    channels: Mapping[str, Channel]
    pacers: Mapping[str, Pacer]
    pauses: Pauses
    known: Known
    ends: Ends
    lines: Lines


@dataclass(slots=True, eq=False)
class Aside:
    """One on its way: where it goes, and the message to change, if it is one."""

    home: Place
    seat: str
    act: Act
    post: Post
    by: Millis
    message: str = ""
    do: Carried | None = None


class Going:
    """What waits at each destination, and whose turn is next there."""

    def __init__(self) -> None:
        self._lines: dict[str, deque[Aside]] = defaultdict(deque)
        self._claims: dict[str, Millis] = {}
        self._last: set[str] = set()

    def yields(self, job: Job) -> bool:
        """Whether something that is said at once goes before this job."""
        if job.lane == "safety" or not self._lines.get(job.seat):
            return False
        return job.lane == "bulk" or job.seat not in self._last

    def claim(self, job: Job, at: Millis) -> None:
        """The job waits for the place that comes free then."""
        if job.lane == "bulk":
            return
        if len(self._claims) >= MOST:
            self._claims.clear()
        self._claims[job.seat] = at

    def went(self, job: Job) -> None:
        """The job sets out."""
        self._claims.pop(job.seat, None)
        self._last.discard(job.seat)

    def enter(self, one: Aside) -> None:
        """It waits, behind those that do already."""
        self._lines[one.seat].append(one)

    def leave(self, one: Aside, went: bool) -> None:
        """It waits no longer."""
        line = self._lines[one.seat]
        line.remove(one)
        if not line:
            del self._lines[one.seat]
        if went and one.seat in self._claims:
            self._last.add(one.seat)

    def at(self, seat: str) -> int:
        """How many wait there."""
        return len(self._lines.get(seat, ()))

    def ahead(self, one: Aside, now: Millis) -> int:
        """How many go before it."""
        claimed = self._claims.get(one.seat, 0) + OLD > now and one.seat in self._last
        return self._lines[one.seat].index(one) + claimed


class AsidesByPace:
    """See the module (`bot.engine.ports.Asides`)."""

    def __init__(self, engine: Engine, way: Way, noted: Callable[[Entry], None]) -> None:
        """`noted` takes what must be written."""
        self._engine = engine
        self._way = way
        self._noted = noted
        self._serial = 0
        self.going = Going()

    def free_at(self, place: Place) -> Millis:
        """When a message may go there, as far as that is known: behind all that waits there."""
        home = self._engine.parts.moves.home(place)
        seat = self._seat(home)
        waiting = self._way.lines.at(seat) + self.going.at(seat)
        return self._free_at(home, seat, "send") + waiting * self._each(seat)

    async def say(self, place: Place, post: Post, by: Millis) -> str | None:
        """Send as soon as the pace lets it: the id of the message, None when that would be after
        `by`. Raises SendFault.
        """
        return await self._go(self._aside(place, "send", post, by))

    async def mend(self, place: Place, message: str, post: Post, by: Millis) -> bool:
        """The same for an edit. Raises SendFault."""
        return await self._go(self._aside(place, "edit", post, by, message)) is not None

    async def carry(self, place: Place, do: Carried, by: Millis) -> str | None:
        """Ask something else of the platform, which counts as if it were a message: its answer,
        None when that would be after `by`. Raises SendFault.
        """
        one = self._aside(place, "send", Post("", ""), by)
        one.do = do
        return await self._go(one)

    # --- inside ----------------------------------------------------------------------------

    def _seat(self, home: Place) -> str:
        return self._engine.codec.seat_key(home.channel, home.address)

    def _free_at(self, home: Place, seat: str, act: Act) -> Millis:
        way, now = self._way, self._engine.clock.now()
        pacer = way.pacers.get(home.channel)
        if pacer is None:
            raise Misconfigured(f"No channel '{home.channel}' is connected.")
        free = way.pauses.free_at(home.channel, seat, now)
        limits = way.known.ask(home.channel, seat, self._engine.parts.moves.address(home))
        own = pacer.own_at(act, limits, now)
        shared = pacer.shared_at(act, "reply", now)
        return max(now + SOON if free is None else free, own, shared)

    def _aside(self, place: Place, act: Act, post: Post, by: Millis, message: str = "") -> Aside:
        home = self._engine.parts.moves.home(place)
        return Aside(home, self._seat(home), act, post, by, message)

    async def _go(self, one: Aside) -> str | None:
        for left in reversed(range(AGAIN)):
            if not await self._turn(one):
                return None
            outcome = await self._sent(one)
            if isinstance(outcome, Arrived):
                return outcome.message
            # Of these it is known that nothing went out, and what to do instead.
            if not left or not isinstance(outcome.fault, RateLimited | PlaceMoved | TopicGone):
                raise outcome.fault
            if isinstance(outcome.fault, TopicGone):
                one.post = replace_in(one.post, within="")
        return None

    async def _turn(self, one: Aside) -> bool:
        """Return once it may set out; False when that will not be in time."""
        clock, went = self._engine.clock, False
        self.going.enter(one)
        try:
            while True:
                now = clock.now()
                ahead = self.going.ahead(one, now)
                at = self._free_at(one.home, one.seat, one.act) + ahead * self._each(one.seat)
                if at > max(one.by, now) or now > one.by:
                    return False
                if at <= now and not ahead:
                    went = True
                    return True
                await clock.wait_until(max(now + 1, min(at, now + SOON if ahead else at)))
        finally:
            self.going.leave(one, went)

    def _each(self, seat: str) -> Millis:
        """How long each takes that goes before."""
        limits = self._way.known.of(seat)
        return max((limit.per // limit.most for limit in limits), default=0)

    async def _sent(self, one: Aside) -> Outcome:
        """One try, which counts like any other. No moment may pass between the turn and this."""
        way, clock, channel = self._way, self._engine.clock, one.home.channel
        now, pacer = clock.now(), way.pacers[channel]
        slot = pacer.take(one.act, "reply", now)
        pacer.take_own(slot, one.act, way.known.of(one.seat), now)
        way.pauses.begin(channel, one.seat)
        ready = self._ready(one, now)
        try:
            outcome = await attempt(way.channels[channel], ready, clock, slot)
        except BaseException:
            way.pauses.back(channel, one.seat)
            raise
        self._note(one, ready, outcome)
        return outcome

    def _ready(self, one: Aside, now: Millis) -> Ready:
        self._serial += 1
        key = f"aside:{self._serial}"
        job = Job(key, "say", one.home.channel, one.seat, "reply", now, act=one.act)
        address = self._engine.parts.moves.address(one.home)
        return Ready(job, address, one.post, [], message=one.message, do=one.do)

    def _note(self, one: Aside, ready: Ready, outcome: Outcome) -> None:
        """What it means for everything else that goes there."""
        ends, channel, seat = self._way.ends, one.home.channel, one.seat
        fault = None if isinstance(outcome, Arrived) else outcome.fault
        refused = isinstance(fault, Misconfigured) and one.do is not None and not fault.whole
        if isinstance(fault, RateLimited | Outage | Misconfigured) and not refused:
            self._noted(ends.met(channel, seat, fault))
        elif isinstance(fault, AnswerLost):
            self._way.pauses.back(channel, seat)
        else:
            self._noted(ends.passed(channel, seat))
        if isinstance(fault, PlaceMoved):
            self._noted(ends.moved(Place(channel, ready.address), fault.address))
        if isinstance(fault, TopicGone):
            ends.topic_gone(seat, one.post.within)
