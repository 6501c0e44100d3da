"""The player: hires the staff, plays the shift so far, and goes on for as long as it is let."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

import structlog

from bot.core import person_words as pw
from bot.core.following import Wish
from bot.demo.beats import Story
from bot.demo.crew import Crew
from bot.demo.outage import Outage
from bot.demo.people import CHIEF, CUSTOMERS, FOLLOWERS, GUESTS, RUSSIAN, STAFF, Staff
from bot.demo.played import play
from bot.demo.programme import BEGINS, EVERY, FIRST_NEXT, OPEN_MOST, SO_FAR, STORIES
from bot.demo.scene import Scene
from bot.demo.shift import Shift
from bot.demo.stage import Stage
from bot.engine.machine import Machine

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is played: the shift so far with or without the outage, and then one story after the
    other until minute `ends` (None: for ever).
    """

    seed: str = "northgate"
    so_far: tuple[tuple[float, Story], ...] = SO_FAR
    outage: bool = True
    ends: float | None = None


class Player:
    """Plays a shift on `machine`. `hire` first, then `run` until it ends or is cancelled.

    `cast` says who is in which story of the shift so far.
    """

    def __init__(self, machine: Machine, plan: Plan | None = None) -> None:
        self.plan = plan or Plan()
        self.stage = Stage(machine, machine.parts.chance(20))
        self.shift = Shift(machine.parts.clock, BEGINS, self._failed)
        self.failed: list[BaseException] = []
        self._chance = Random(f"{self.plan.seed}/programme")
        self._busy: set[str] = set()
        self._told: set[str] = set()
        self.cast: dict[str, str] = {}

    def _failed(self, trouble: BaseException) -> None:
        self.failed.append(trouble)
        log.warning("a scene of the demonstration broke off", exc_info=trouble)

    async def hire(self) -> None:
        """Everybody who works here, the visitor's parts too, and those who follow the status."""
        for one in (CHIEF, *STAFF, *(guest.staff for guest in GUESTS.values())):
            await self._hired(one)
        guests = (self.stage.people[guest.staff.key] for guest in GUESTS.values())
        self.stage.guests = frozenset(guests)
        for who, scope in FOLLOWERS.items():
            await self.stage.ask(who, pw.Subscribe(scope=scope, wish=Wish()))

    async def _hired(self, one: Staff) -> None:
        machine = self.stage.machine
        token = await machine.invite(one.roles)
        hashed = machine.parts.codec.token_hash(token)
        rows = await machine.parts.store.select("people", {"invitation": hashed}, limit=1)
        person = str(rows[0]["person"])
        await self.stage.ask(one.key, pw.AcceptInvite(person=person, token=hashed, name=one.name))
        self.stage.people[one.key] = person
        described = pw.DescribePerson(
            person=person, skills=one.skills, languages=one.languages, teams=one.teams
        )
        await self.stage.ask(CHIEF.key, described)

    async def run(self, on_moved: Callable[[], None] = lambda: None) -> None:
        """The shift so far as fast as it can be, then at the pace of the clock."""
        people, russian = iter(CUSTOMERS), iter(RUSSIAN)
        for minute, story in self.plan.so_far:
            who = next(russian if story.language == "ru" else people)
            self.cast[story.key] = who
            self.shift.begin(self._scene(story, who, 0), minute)
        if self.plan.outage:
            Outage(self.stage, self.shift, self.plan.seed).begin()
        self.shift.begin(self._goes_on(), FIRST_NEXT)
        crew = Crew(self.stage, self.shift, self.plan.seed)
        self.shift.begin(crew.helps(self.plan.ends), 0.5)
        await self.shift.run(on_moved)

    async def _scene(self, story: Story, who: str, turn: int) -> None:
        self._busy.add(who)
        self._told.add(story.key)
        try:
            await play(Scene(self.stage, self.shift, story, who, self.plan.seed, turn))
        finally:
            self._busy.discard(who)
            self._told.discard(story.key)

    async def _goes_on(self) -> None:
        """One story after the other, the one that is longest ago, with other people elsewhere."""
        turn = 0
        while True:
            turn += 1
            for story in STORIES:
                if self.plan.ends is not None and self.shift.now >= self.plan.ends:
                    return
                await self._next(story, turn)
                await self.shift.pause(self._chance.uniform(*EVERY))

    async def _next(self, story: Story, turn: int) -> None:
        """Begin it with somebody who is free, if it is over and the desk is not full."""
        people = RUSSIAN if story.language == "ru" else CUSTOMERS
        free = [one for one in people if one not in self._busy]
        store = self.stage.machine.parts.store
        over = story.key not in self._told
        if over and free and await store.count("incidents", {"ended": 0}) < OPEN_MOST:
            who = self._chance.choice(free)
            self.shift.begin(self._scene(story, who, turn), self.shift.now)
