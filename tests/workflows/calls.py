"""Resources that are asked by name, bid, hand over and check in: how far it has come."""

from dataclasses import replace
from random import Random
from typing import Any, get_args

from bot.core import resource_words as rw
from bot.core.commands import Command
from bot.core.incident_commands import Arrive, AskForResource
from bot.core.incident_words import How
from bot.core.intents import Members, Say, SetTimer
from bot.core.playbook import Playbook
from bot.core.rules import Decision
from bot.core.suggesting import Crew, Resource
from tests.workflows.crew import CLAIM
from tests.workflows.desk import RITA, RITA_ACTS, SAM, SAM_ACTS, TOM, TOM_ACTS, Desk, staff, taken
from tests.workflows.kit import ANA_ACTS, HOUR, INCIDENT, MINUTE, PLAYBOOK

CHECK_IN = 30 * MINUTE
SKILLED = PLAYBOOK.model_copy(
    update={
        "tasks": PLAYBOOK.tasks.model_copy(
            update={
                "check_in": CHECK_IN,
                "answer_within": 5 * MINUTE,
                "bids_for": 10 * MINUTE,
                "how": "ring",
            }
        )
    }
)
"""The default playbook with times of our own, so that nobody's change of it moves these."""


def resource(person: str, *skills: str, **more: Any) -> Resource:
    """Somebody in the crew."""
    return Resource(person=person, skills=skills or ("electrical",), **more)


EVERYBODY = Crew(people=(resource(RITA), resource(SAM), resource(TOM)))
NOBODY = Crew()


def known(*people: str) -> dict[str, Any]:
    """These, as another stream's rule reads them: resources who work here."""
    return {one: staff(one, "resource") for one in people}


class Crewed(Desk):
    """A desk with resources to choose from, and a playbook of its own."""

    crew: Crew = EVERYBODY
    playbook: Playbook = SKILLED

    def context(self, *args: Any, **more: Any) -> Any:
        """With the crew."""
        more.setdefault("playbook", self.playbook)
        more.setdefault("reads", known(RITA, SAM, TOM))
        return replace(super().context(*args, **more), crew=self.crew)

    def timer(self, name: str) -> SetTimer:
        """The newest timer of that name in the last step."""
        found: SetTimer = next(one for one in reversed(self.wants(SetTimer)) if one.name == name)
        return found

    def ring_timer(self, name: str, at: int | None = None) -> Decision:
        """Let it come due, or come late at `at`."""
        timer = self.timer(name)
        self.at = max(self.at, timer.due) if at is None else at
        return self.do(timer.command)

    def paged(self) -> list[tuple[tuple[str, ...], str]]:
        """Whom of the staff the last step calls, and with which words."""
        return [
            (_people(one.to.scope), one.text.key)
            for one in self.wants(Say)
            if isinstance(one.to, Members) and one.to.of == "staff"
        ]


def _people(scope: str) -> tuple[str, ...]:
    return tuple(one.partition(":")[2] for one in scope.split(",") if one.startswith("person:"))


def wanted(
    how: How | None = None, whom: str = "", needed: int = 1, crew: Crew = EVERYBODY
) -> Crewed:
    """An IT outage taken by Ana, who asks for an electrician."""
    desk = Crewed("incident")
    desk.crew = crew
    ready = taken(category="it")
    desk.state, desk.events, desk.at = ready.state, ready.events, ready.at
    command = AskForResource(
        incident=INCIDENT, what="Look at it", skill="electrical", needed=needed, how=how, whom=whom
    )
    desk.do(command, ANA_ACTS, reads=known(RITA, SAM, TOM))
    return desk


def bids(desk: Crewed | None = None, *, needed: int = 1) -> Crewed:
    """... for bids, of which three come in: Sam is the nearest."""
    desk = desk or wanted("bids", needed=needed)
    for person, after in ((RITA_ACTS, 40), (SAM_ACTS, 20), (TOM_ACTS, 60)):
        desk.later(MINUTE)
        eta = desk.at + after * MINUTE
        desk.do(rw.BidForTask(incident=INCIDENT, task=1, eta=eta), person)
    return desk


def award(desk: Crewed, person: str) -> rw.AwardTask:
    """Choose their bid as it stands."""
    bid = desk.incident.tasks[0].call.bid_of(person)
    return rw.AwardTask(incident=INCIDENT, task=1, person=person, eta=bid.eta if bid else desk.at)


def there() -> Crewed:
    """Rita is on site."""
    desk = wanted()
    desk.do(CLAIM.model_copy(update={"eta": desk.at + HOUR}), RITA_ACTS)
    desk.later(HOUR).do(Arrive(incident=INCIDENT, task=1), RITA_ACTS)
    return desk


def call_commands(pick: Random, now: int) -> list[Command]:
    """What resources and dispatchers may press, in any order and with any nonsense."""
    on: dict[str, Any] = {"incident": INCIDENT, "task": pick.randint(0, 3)}
    eta = now + pick.choice([-HOUR, 0, 20 * MINUTE, HOUR])
    whom = pick.choice([RITA, SAM, TOM])
    how = pick.choice([None, *get_args(How)])
    return [
        AskForResource(incident=INCIDENT, what="Look at it", how=how, needed=pick.randint(1, 2)),
        AskForResource(incident=INCIDENT, what="Look at it", whom=whom),
        *(3 * [rw.BidForTask(**on, eta=eta)]),
        rw.TakeBackBid(**on),
        *(3 * [rw.AwardTask(**on, person=whom, eta=eta)]),
        *(2 * [rw.OfferPlace(**on, to=whom)]),
        *(2 * [rw.AcceptPlace(**on, holder=whom, eta=eta)]),
        *(2 * [rw.RefusePlace(**on, holder=whom)]),
        rw.SayWell(**on),
        rw.CallForHelp(**on, note="Live wires"),
        rw.ReadBriefing(**on),
        rw.ReportCan(**on, condition="Dark", actions="Testing", needs="A ladder"),
    ]
