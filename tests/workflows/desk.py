"""An incident as the desk works on it: who acts, and how far it has come, told in commands."""

from typing import Any

from bot.core.commands import SYSTEM, Actor, Command, Refused
from bot.core.forms import Value
from bot.core.ids import StreamId
from bot.core.incident import Incident
from bot.core.incident_commands import (
    AskForResource,
    ClaimTask,
    HoldIncident,
    OpenIncident,
    ResolveIncident,
    TakeIncident,
)
from bot.core.incident_words import Fact
from bot.core.intents import Say, Then
from bot.core.person import Person
from bot.core.person_words import PersonInvited, Role
from bot.core.personal import Personal
from bot.core.rules import Decision
from tests.workflows.kit import (
    ANA_ACTS,
    AT,
    CUSTOMER,
    HOUR,
    INCIDENT,
    MINUTE,
    REPORT,
    TASKS,
    Story,
    actor,
    given,
)

RITA, SAM, TOM = ("per_" + letter * 26 for letter in "RST")
"""Resources."""
RITA_ACTS, SAM_ACTS, TOM_ACTS = (actor(one, "resource") for one in (RITA, SAM, TOM))
SUBJECT = f"sub:{CUSTOMER}"
OTHER_REPORT = "rep_" + "2" * 26

P4 = {"power.extent": "part"}
P3: dict[str, Value] = {}
P2 = {"power.extent": "building"}
P1 = {"power.extent": "building", "power.depends": ("cold",)}
"""Answers of the default playbook's power outage, by the priority that they lead to."""


def facts(answers: dict[str, Any], **personal: str) -> tuple[Fact, ...]:
    """Facts as a report hands them over; `personal` ones are about its customer."""
    known = [Fact(field=field, value=value) for field, value in answers.items()]
    about = [Fact(field=field, value=Personal(SUBJECT, one)) for field, one in personal.items()]
    return (*known, *about)


def opening(
    answers: dict[str, Any] | None = None,
    category: str = "power",
    report: StreamId | None = REPORT,
    danger: bool = False,
    **personal: str,
) -> OpenIncident:
    """The command of a report that became an incident."""
    given_facts = facts(answers or {}, **personal)
    return OpenIncident(report=report, category=category, facts=given_facts, danger=danger)


class Desk(Story):
    """A story of an incident in which every `Then` is followed, as the engine does."""

    def do(self, command: Command, by: Actor = SYSTEM, **more: Any) -> Decision:
        """Decide, let it happen, and whatever follows in the same transaction."""
        decision = super().do(command, by, **more)
        told = list(self.intents)
        for one in [one for one in told if isinstance(one, Then)]:
            followed = self.do(one.command)
            assert not isinstance(followed, Refused), followed
            told.extend(self.intents)
        self.intents = told
        return decision

    @property
    def incident(self) -> Incident:
        """The state, which is there."""
        assert isinstance(self.state, Incident)
        return self.state

    def says(self) -> list[tuple[str, str]]:
        """What was said in the last step: audience and text."""
        said: list[Say] = self.wants(Say)
        return [(getattr(one.to, "of", ""), one.text.key) for one in said]


def nothing_yet() -> Desk:
    """An incident that nobody has opened."""
    return Desk("incident")


def opened(answers: dict[str, Any] | None = None, **more: Any) -> Desk:
    """A power outage that a customer reported; P3 unless the answers say otherwise."""
    desk = nothing_yet()
    desk.do(opening(answers, **more))
    return desk


def taken(answers: dict[str, Any] | None = None, **more: Any) -> Desk:
    """... which Ana took, ten minutes later."""
    desk = opened(answers, **more)
    desk.later(10 * MINUTE).do(TakeIncident(incident=INCIDENT), ANA_ACTS)
    return desk


def held(answers: dict[str, Any] | None = None) -> Desk:
    """... and put on hold, ten minutes after that."""
    desk = taken(answers)
    desk.later(10 * MINUTE).do(HoldIncident(incident=INCIDENT, reason="Waits for parts"), ANA_ACTS)
    return desk


def resolved(answers: dict[str, Any] | None = None, **more: Any) -> Desk:
    """... and resolved, an hour after the opening."""
    desk = taken(answers, **more)
    desk.later(50 * MINUTE).do(
        ResolveIncident(incident=INCIDENT, note="Fuse changed", call_off=TASKS), ANA_ACTS
    )
    return desk


def asked(needed: int = 1, **more: Any) -> Desk:
    """An IT outage taken by Ana, with one task for `needed` people."""
    desk = taken(category="it", **more)
    command = AskForResource(incident=INCIDENT, what="Look at the line", needed=needed)
    desk.do(command, ANA_ACTS)
    return desk


ETA = AT + 10 * MINUTE + HOUR
"""An hour after the task of `asked` was opened."""


def claimed(needed: int = 1, by: Actor = RITA_ACTS, eta: int = ETA) -> Desk:
    """... which Rita claimed, to be there in an hour."""
    desk = asked(needed)
    desk.do(ClaimTask(incident=INCIDENT, task=1, eta=eta), by)
    return desk


def staff(person: str, *roles: Role, disabled: bool = False) -> Person:
    """A person with roles, as another stream's rule reads it."""
    event = PersonInvited(subject=f"sub:{person}", roles=roles, token="hash", until=AT)
    state = given(event)
    assert isinstance(state, Person)
    return state.model_copy(update={"stream": person, "disabled": disabled})
