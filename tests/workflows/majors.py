"""A major incident at work: who declares it, who has which post, how far it has come."""

from typing import Any

from bot.core.alarm_words import RaiseAlarm, StopAlarm
from bot.core.commands import SYSTEM, Actor, Command, Refused
from bot.core.ids import PersonId
from bot.core.intents import SetTimer, Then
from bot.core.major_words import (
    AcceptPost,
    DeclareMajor,
    OfferPost,
    ReleasePost,
    StandDownMajor,
    TakeBackOffer,
)
from bot.core.rules import Decision
from tests.workflows.desk import Desk, staff, taken
from tests.workflows.kit import ANA, ANA_ACTS, BEN, BEN_ACTS, CHIEF, CHIEF_ACTS, INCIDENT, MINUTE

CREW: dict[PersonId, Actor] = {ANA: ANA_ACTS, BEN: BEN_ACTS, CHIEF: CHIEF_ACTS}
HERE = {
    ANA: staff(ANA, "agent"),
    BEN: staff(BEN, "agent"),
    CHIEF: staff(CHIEF, "supervisor"),
}
DECLARE = DeclareMajor(incident=INCIDENT, criteria=("many_people",))
ALL_CLEAR = StandDownMajor(
    incident=INCIDENT,
    recovered="Power is back everywhere, and we have checked it.",
    data_loss="No data was lost.",
)


class Crew(Desk):
    """A desk on which alarms are noted and nobody answers them: who climbs is another's affair."""

    def do(self, command: Command, by: Actor = SYSTEM, **more: Any) -> Decision:
        """Decide, let it happen, and what follows but for alarms."""
        more.setdefault("reads", HERE)
        decision = super(Desk, self).do(command, by, **more)
        told = list(self.intents)
        for one in [one for one in told if isinstance(one, Then)]:
            if not isinstance(one.command, RaiseAlarm | StopAlarm):
                assert not isinstance(self.do(one.command), Refused)
                told.extend(self.intents)
        self.intents = told
        return decision

    def offers(self, post: str, to: PersonId, by: Actor = ANA_ACTS) -> Decision:
        return self.do(OfferPost(incident=INCIDENT, post=post, to=to), by)

    def accepts(self, post: str, by: Actor) -> Decision:
        return self.do(AcceptPost(incident=INCIDENT, post=post), by)

    def releases(self, post: str, by: Actor) -> Decision:
        return self.do(ReleasePost(incident=INCIDENT, post=post), by)

    def takes_back(self, post: str, by: Actor = ANA_ACTS) -> Decision:
        return self.do(TakeBackOffer(incident=INCIDENT, post=post), by)

    def alarms(self) -> list[tuple[str, str, str]]:
        """What was raised and stopped in the last step."""
        return [
            (one.command.tag, one.command.cause, one.command.about)
            for one in self.wants(Then)
            if isinstance(one.command, RaiseAlarm | StopAlarm)
        ]

    def timer(self, name: str) -> SetTimer | None:
        """The timer of that name that the last step set."""
        found = [one for one in self.wants(SetTimer) if one.name == name]
        return found[-1] if found else None


def crew(answers: dict[str, Any] | None = None, **more: Any) -> Crew:
    """An incident that Ana took."""
    desk = taken(answers, **more)
    fresh = Crew("incident")
    fresh.state, fresh.events, fresh.at = desk.state, desk.events, desk.at
    return fresh


def declared(**more: Any) -> Crew:
    """... and declared a major incident, a minute later: she commands."""
    desk = crew(**more).later(MINUTE)
    assert isinstance(desk, Crew)
    assert not isinstance(desk.do(DECLARE, ANA_ACTS), Refused)
    return desk


def manned() -> Crew:
    """... with Ben as her deputy."""
    desk = declared()
    desk.offers("deputy", BEN)
    desk.accepts("deputy", BEN_ACTS)
    return desk
