"""A channel that does as it is told: fails, delays, loses answers, asks to wait, loses messages.

It keeps what its platform would show, and every call with its time; a pace that is exceeded is
written down, not forgiven.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from bot.core.ids import Millis
from bot.engine.ports import (
    Act,
    AnswerLost,
    Blocked,
    Capabilities,
    File,
    Health,
    Limit,
    Membership,
    MessageGone,
    PlaceMoved,
    Post,
    Profile,
    SendFault,
    TopicGone,
)
from tests.clock import VirtualClock

FOREVER: Millis = 1 << 50


@dataclass(frozen=True, slots=True)
class Step:
    """What one call meets: it takes `takes` milliseconds and ends in `fault`, if there is one.

    `happens`: the platform does it all the same, and only the answer is lost.
    """

    fault: SendFault | None = None
    takes: Millis = 0
    happens: bool = False


FINE = Step()
LOST = Step(fault=AnswerLost(), happens=True)
"""It arrives, and nobody hears of it."""
DROPPED = Step(fault=AnswerLost())
"""It does not arrive, and nobody hears of that either."""
HANGS = Step(takes=FOREVER)


@dataclass(frozen=True, slots=True)
class Call:
    """A call as the platform saw it."""

    at: Millis
    act: str
    address: str
    text: str = ""
    message: str = ""


@dataclass(slots=True)
class Shown:
    """A message as people see it."""

    message: str
    post: Post
    edits: int = 0


@dataclass(slots=True)
class ScriptedChannel:
    """See the module. `steps` are used up call by call; `plan`, if there is one, decides first."""

    clock: VirtualClock
    name: str = "test"
    title: str = "Test"
    capabilities: Capabilities = field(default_factory=Capabilities)
    own: Sequence[Limit] = ()
    steps: deque[Step] = field(default_factory=deque)
    plan: Callable[[str, str, Post | None], Step | None] | None = None
    calls: list[Call] = field(default_factory=list)
    places: dict[str, list[Shown]] = field(default_factory=lambda: defaultdict(list))
    blocked: set[str] = field(default_factory=set)
    moved: dict[str, str] = field(default_factory=dict)
    forums: set[str] = field(default_factory=set)
    topics: dict[tuple[str, str], bool] = field(default_factory=dict)
    titles: dict[tuple[str, str], str] = field(default_factory=dict)
    files: dict[str, bytes | SendFault | None] = field(default_factory=dict)
    uploads: list[File] = field(default_factory=list)
    serial: int = 0
    leads: bool = True
    state: Health = field(default_factory=lambda: Health(sound=True))

    # --- for tests -------------------------------------------------------------------------

    def will(self, *steps: Step | SendFault) -> None:
        """The next calls meet these, one each."""
        self.steps += [Step(one) if isinstance(one, SendFault) else one for one in steps]

    def texts(self, address: str) -> list[str]:
        """What stands there, the oldest first."""
        return [one.post.text for one in self.places[address]]

    def sends(self) -> list[Call]:
        """Every send that was tried."""
        return [one for one in self.calls if one.act == "send"]

    def drop_topic(self, address: str, topic: str) -> None:
        """Somebody deletes a topic, and with it what stands there."""
        del self.topics[address, topic]
        left = [one for one in self.places[address] if one.post.within != topic]
        self.places[address] = left

    def exceeded(self) -> list[str]:
        """Every limit that was not kept, over any stretch of its length."""
        found: list[str] = []
        for address in dict.fromkeys(call.address for call in self.calls):
            limits = [replace(one, key=f"{one.key}@{address}") for one in self.own]
            own = [call for call in self.calls if call.address == address]
            found += [text for limit in limits for text in _exceeded(limit, own)]
        found += [text for one in self.capabilities.shared for text in _exceeded(one, self.calls)]
        return found

    # --- the port --------------------------------------------------------------------------

    def limits(self, address: str) -> Sequence[Limit]:
        return [replace(one, key=f"{one.key}@{address}") for one in self.own]

    async def send(self, address: str, post: Post) -> str:
        step = await self._meet("send", address, post)
        self.serial += 1
        message = f"m{self.serial}"
        if step.fault is None or step.happens:
            self._judge(address)
            if post.within and (address, post.within) not in self.topics:
                raise TopicGone
            self.places[address].append(Shown(message, post))
        return self._answer(step, message)

    async def edit(self, address: str, message: str, post: Post) -> str:
        step = await self._meet("edit", address, post, message)
        if step.fault is None or step.happens:
            self._judge(address)
            shown = self._shown(address, message)
            shown.post, shown.edits = post, shown.edits + 1
        return self._answer(step, message)

    async def delete(self, address: str, message: str) -> None:
        self._answer(await self._meet("delete", address, None, message), "")
        self.places[address] = [one for one in self.places[address] if one.message != message]

    async def find(self, address: str, delivery: str) -> str | None:
        self._answer(await self._meet("find", address, None), "")
        found = (one.message for one in self.places[address] if one.post.delivery == delivery)
        return next(found, None)

    async def open(self, kind: str, at: str, title: str) -> str:
        if kind != "topic":
            return f"{kind}:{at}:{title}"
        step = await self._meet("open", at, None)
        if at in self.moved:
            raise PlaceMoved(self.moved[at])
        if at not in self.forums:
            return self._answer(step, "")
        self.serial += 1
        topic = f"t{self.serial}"
        self.topics[at, topic], self.titles[at, topic] = True, title
        return self._answer(step, topic)

    async def fetch(self, file: str) -> File:
        content = self.files.get(file, b"")
        if isinstance(content, SendFault):
            raise content
        if content is None:
            await self.clock.wait_until(FOREVER)
        return File(file, "text/plain", content or b"")

    async def upload(self, address: str, file: File, post: Post) -> str:
        self.uploads.append(file)
        return await self.send(address, post)

    async def membership(self, place: str, opaque: str) -> Membership:
        return "member"

    async def profile(self, opaque: str) -> Profile:
        return Profile(name=opaque)

    async def shut(self, address: str, within: str, shut: bool) -> None:
        self._answer(await self._meet("shut", address, None, within), "")
        if (address, within) in self.topics:
            self.topics[address, within] = not shut

    def way_in(self, payload: str) -> str | None:
        return f"https://{self.name}.example/start?start={payload}" if self.leads else None

    def join_link(self, code: str) -> str | None:
        return f"https://{self.name}.example/start?code={code}"

    def health(self) -> Health:
        return self.state

    # --- inside ----------------------------------------------------------------------------

    async def _meet(self, act: str, address: str, post: Post | None, message: str = "") -> Step:
        text = "" if post is None else post.text
        self.calls.append(Call(self.clock.now(), act, address, text, message))
        step = self.plan(act, address, post) if self.plan else None
        if step is None:
            step = self.steps.popleft() if self.steps else FINE
        if step.takes:
            await self.clock.wait_until(self.clock.now() + step.takes)
        return step

    def _judge(self, address: str) -> None:
        if address in self.blocked:
            raise Blocked
        if address in self.moved:
            raise PlaceMoved(self.moved[address])

    def _shown(self, address: str, message: str) -> Shown:
        for one in self.places[address]:
            if one.message == message:
                return one
        raise MessageGone

    def _answer(self, step: Step, message: str) -> str:
        if step.fault is not None:
            raise step.fault
        return message


def _exceeded(limit: Limit, calls: Sequence[Call]) -> list[str]:
    acts: tuple[Act, ...] = limit.acts
    times = [call.at for call in calls if call.act in acts]
    pairs = zip(times, times[limit.most :], strict=False)
    return [
        f"{limit.key}: {limit.most + 1} within {late - early} of {limit.per} ms"
        for early, late in pairs
        if late - early < limit.per
    ]
