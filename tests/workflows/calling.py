"""An incident whose timers come due by a clock moved by hand, and whom it calls."""

from typing import Any, NamedTuple

from bot.core import alarm_words as aw
from bot.core.commands import SYSTEM, Actor, Command, Refused
from bot.core.ids import Millis, StreamId
from bot.core.incident_commands import AcknowledgeIncident, ResolveIncident, TakeIncident
from bot.core.intents import DropTimer, Say, SetTimer
from bot.core.person import Person
from bot.core.playbook import Playbook
from bot.core.playbook_parts import Ladder
from bot.core.rules import Decision
from bot.texts import Catalogues
from tests.workflows.crew import ASK, CLAIM
from tests.workflows.desk import RITA_ACTS, Desk, opening
from tests.workflows.kit import ANA_ACTS, AT, INCIDENT, MINUTE, PLAYBOOK, TASKS

CATALOGUES = Catalogues.load()


class Called(NamedTuple):
    """Minutes since the story began, whom, and with which words."""

    at: int
    who: str
    said: str


def pages(desk: Desk) -> list[tuple[str, str]]:
    """Whom the last step called, and with which words."""
    found = [one for one in desk.wants(Say) if getattr(one.to, "of", "") == "staff"]
    say = CATALOGUES.speaker("en", "Europe/London", desk.at)
    return [(getattr(one.to, "scope", ""), say(one.text)) for one in found]


class House(Desk):
    """A desk that is played: `until` lets everything happen that is due by then, in order."""

    def __init__(self, *people: Person) -> None:
        super().__init__("incident")
        self.timers: dict[str, SetTimer] = {}
        self.called: list[Called] = []
        self.people: dict[StreamId, Person] = {one.stream: one for one in people}
        self.today: dict[str, Any] = {}

    def do(self, command: Command, by: Actor = SYSTEM, **more: Any) -> Decision:
        """Decide, let it happen, and keep what is to follow."""
        decision = super().do(command, by, **{"reads": self.people, **self.today, **more})
        if not isinstance(decision, Refused):
            self._keep()
        return decision

    def _keep(self) -> None:
        for one in self.intents:
            if isinstance(one, SetTimer):
                self.timers[one.name] = one
            elif isinstance(one, DropTimer):
                self.timers.pop(one.name, None)
        # What follows in one transaction is one step of the desk, of which this sees all parts.
        for who, said in pages(self):
            call = Called((self.at - AT) // MINUTE, who, said)
            if call not in self.called:
                self.called.append(call)

    def until(self, minutes: int) -> "House":
        """All that is due by then, in order and each at its time."""
        end = AT + minutes * MINUTE
        while due := [one for one in self.timers.values() if one.due <= end]:
            timer = min(due, key=lambda one: (one.due, one.name))
            del self.timers[timer.name]
            self.at = max(self.at, timer.due)
            self.do(timer.command)
        self.at = max(self.at, end)
        return self

    def sleeps(self, until: Millis) -> "House":
        """Nobody looks at a clock for so long; then everything that is due, in order, at once."""
        self.at = until
        for timer in sorted(self.timers.values(), key=lambda one: (one.due, one.name)):
            if timer.due <= until:
                del self.timers[timer.name]
                self.do(timer.command)
        return self

    def asks(self, who: str = "") -> list[tuple[int, str]]:
        """When whom was called."""
        return [(one.at, one.who) for one in self.called if who in one.who]


def told(*people: Person, **more: Any) -> House:
    """An incident that has just been reported."""
    house = House(*people)
    house.do(opening(**more))
    return house


ACKNOWLEDGE = AcknowledgeIncident(incident=INCIDENT)
TAKE = TakeIncident(incident=INCIDENT)
RESOLVE = ResolveIncident(incident=INCIDENT, note="Works again", call_off=TASKS)
ESCALATE = aw.EscalateIncident(incident=INCIDENT, reason="I cannot do this alone")
BOTH = "role:supervisor,role:administrator"


def with_ladder(key: str, **ladder: Any) -> Playbook:
    """The playbook with another ladder of that name."""
    ladders = {**PLAYBOOK.ladders, key: Ladder.model_validate(ladder)}
    return PLAYBOOK.model_copy(update={"ladders": ladders})


def causes(house: House) -> list[str]:
    return [one.cause for one in house.incident.alarms]


def coming(**more: Any) -> House:
    """An incident that Ana took, and a task that Rita will be there for in an hour."""
    house = told(category="it", **more)
    house.at = AT + 10 * MINUTE
    house.do(TAKE, ANA_ACTS)
    house.do(ASK.model_copy(update={"needed": 1}), ANA_ACTS)
    house.do(CLAIM, RITA_ACTS)
    return house
