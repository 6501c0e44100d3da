"""Platforms that keep their limits and have bad days; what they show outlives every process."""

from collections.abc import Callable

from bot.core.commands import Place
from bot.core.ids import Millis
from bot.engine.ports import (
    AnswerLost,
    Capabilities,
    Limit,
    Misconfigured,
    Outage,
    Post,
    RateLimited,
)
from tests.channel import DROPPED, LOST, ScriptedChannel, Step
from tests.sim.chance import Chance, Faults
from tests.sim.loop import MINUTE, SimClock

TEAM, CREW, LEADS = "team", "crew", "leads"
NONSENSE = (None, "", "soon", -1, 0, 1, "30", "Thu, 01 Jan 1970 00:00:00 GMT")


class SimPlatform(ScriptedChannel):
    """`storming` until a time: nothing gets through; between storms single calls fail."""

    def __init__(self, clock: SimClock, name: str, chance: Chance, faults: Faults) -> None:
        slack = name == "slack"
        super().__init__(
            clock=clock,
            name=name,
            title=name.title(),
            capabilities=Capabilities(
                finds=slack,
                sheets=slack,
                opens=("direct",),
                edit_age=None,
                shared=() if slack else (Limit(f"{name}:all", 30, 1_000),),
            ),
            own=(Limit("own", 1, 1_000),) if slack else (Limit("own", 20, MINUTE),),
        )
        self.plan = self._meets
        self._luck = chance.part(name)
        self._faults = faults
        self._storm: Millis = 0
        self.well = False
        self.sent: dict[str, tuple[str, Post]] = {}
        self.shown: Callable[[str, str], None] = lambda address, text: None

    async def send(self, address: str, post: Post) -> str:
        before = self.serial
        try:
            return await super().send(address, post)
        finally:
            if self.places[address] and self.serial > before:
                self.sent.setdefault(self.places[address][-1].message, (address, post))

    def heal(self) -> None:
        """From now on everything works."""
        self.well = True

    @property
    def asked_for(self) -> float:
        """For how many seconds from now it wants nothing."""
        return max(0.0, (self._storm - self.clock.now()) / 1_000)

    def _meets(self, act: str, address: str, post: Post | None) -> Step | None:
        if post is not None:
            self.shown(address, post.text)
        luck = self._luck
        takes = luck.randrange(20, 400)
        if self.well:
            return Step(takes=takes)
        if self.clock.now() < self._storm:
            return Step(self._storms(), takes)
        if luck.happens(self._faults.storms / 200):
            self._storm = self.clock.now() + luck.randrange(1, 30) * MINUTE
        if not luck.happens(self._faults.platform):
            return Step(takes=takes)
        return luck.choice(
            (
                Step(AnswerLost(), luck.randrange(1, 90_000), happens=True),
                LOST,
                DROPPED,
                Step(Outage("500", whole=False), takes),
                Step(Outage("503", sure=False), takes),
                Step(RateLimited(luck.choice(NONSENSE), whole=luck.random() < 0.3), takes),
            )
        )

    def _storms(self) -> RateLimited | Outage | Misconfigured:
        left = (self._storm - self.clock.now()) / 1_000
        return self._luck.choice(
            (
                RateLimited(round(left), whole=True),
                RateLimited(self._luck.choice(NONSENSE), whole=True),
                Outage("storm"),
            )
        )


def places(*channels: str) -> dict[str, list[Place]]:
    """Where the playbook's places are."""
    where = {
        "triage": TEAM,
        "it_desk": TEAM,
        "field_crew": CREW,
        "safety_crew": CREW,
        "standby": LEADS,
    }
    return {name: [Place(one, at) for one in channels] for name, at in where.items()}
