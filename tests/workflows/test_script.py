"""The agent's script as a checklist."""

import pytest

from bot.core.incident_commands import CloseIncident, HandOverIncident, TickStep
from bot.core.incident_words import Ticked
from tests.workflows.desk import P2, resolved, staff, taken
from tests.workflows.kit import ANA, ANA_ACTS, BEN, BEN_ACTS, CUSTOMER_ACTS, INCIDENT, names


def tick(step: int = 1, done: bool = True, category: str = "power") -> TickStep:
    return TickStep(incident=INCIDENT, category=category, step=step, done=done)


def test_a_step_is_done_once_by_whoever_ticked_it_first_and_can_be_undone() -> None:
    desk = taken(P2)
    assert names(desk.do(tick(2), ANA_ACTS)) == ["StepTicked"]
    assert names(desk.do(tick(2), BEN_ACTS)) == []
    assert desk.incident.script == (Ticked(category="power", step=2, at=desk.at, by=ANA),)
    assert names(desk.do(tick(2, done=False), BEN_ACTS)) == ["StepUnticked"]
    assert names(desk.do(tick(2, done=False), BEN_ACTS)) == []
    assert not desk.incident.script


def test_what_was_done_stays_done_when_the_owner_changes() -> None:
    desk = taken(P2)
    desk.do(tick(), ANA_ACTS)
    reads = {BEN: staff(BEN, "agent")}
    assert names(desk.do(HandOverIncident(incident=INCIDENT, to=BEN), ANA_ACTS, reads=reads))
    assert desk.incident.owner == BEN
    assert desk.incident.ticked("power", 1) is not None


@pytest.mark.parametrize("command", [tick(0), tick(99), tick(category="it"), tick(category="")])
def test_a_step_that_is_not_in_its_script_is_refused(command: TickStep) -> None:
    assert names(taken(P2).ask(command, ANA_ACTS)) == "another_script"


def test_nothing_is_ticked_where_all_is_over_or_by_a_customer() -> None:
    desk = resolved(P2)
    assert names(desk.ask(tick(), CUSTOMER_ACTS)) == "not_allowed"
    desk.do(CloseIncident(incident=INCIDENT), ANA_ACTS)
    assert names(desk.ask(tick(), ANA_ACTS)) == "closed"
