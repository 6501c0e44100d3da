"""On hold until a time: it comes back by itself, and whoever has it is called."""

from typing import Any

import pytest

from bot.core import incident_events as ie
from bot.core.commands import Refused
from bot.core.incident_commands import (
    EndHold,
    HandOverIncident,
    HoldIncident,
    OverridePriority,
    ResolveIncident,
    ResumeIncident,
)
from bot.core.person import Person
from bot.core.priority import Priority
from tests.workflows.calling import TAKE, House, told
from tests.workflows.desk import P2, staff
from tests.workflows.kit import (
    ANA,
    ANA_ACTS,
    AT,
    BEN,
    BEN_ACTS,
    DAY,
    HOUR,
    INCIDENT,
    MINUTE,
)

UNTIL = AT + 2 * HOUR


def hold(until: int | None = UNTIL) -> HoldIncident:
    return HoldIncident(incident=INCIDENT, reason="Waits for parts", until=until)


def waiting(*people: Person, until: int | None = UNTIL, **more: Any) -> House:
    """An incident that Ana took and put on hold."""
    house = told(*(people or (staff(ANA), staff(BEN, "agent"))), answers=P2, **more)
    house.do(TAKE, ANA_ACTS)
    house.do(hold(until), ANA_ACTS)
    return house


def over(house: House) -> list[tuple[int, str]]:
    """When whom was called since the hold was over."""
    return [(one.at, one.who) for one in house.called if "came back by itself" in one.said]


def test_practice_1_3_at_its_time_it_returns_by_itself_and_the_owner_is_called() -> None:
    """practice 1.3: snooze with automatic return."""
    house = waiting().until(119)
    assert (house.incident.status, house.incident.held_until) == ("on_hold", UNTIL)
    house.until(120)
    state = house.incident
    assert (state.status, state.owner, state.held_since) == ("in_progress", ANA, None)
    assert state.held_until is None
    assert state.held_ms == 2 * HOUR
    returned = [one for one in house.events if isinstance(one, ie.IncidentResumed)]
    assert [one.until for one in returned] == [UNTIL], "the log knows that nobody did it"
    assert over(house) == [(120, f"person:{ANA}")]


def test_practice_1_3_nobody_goes_on_and_it_climbs_like_any_other_alarm() -> None:
    house = waiting().until(240)
    assert [who for _, who in over(house)][:2] == [f"person:{ANA}", f"person:{ANA}"]
    assert any(who.startswith("role:") for _, who in over(house)), "it never falls silent"


@pytest.mark.parametrize(
    "acts",
    [
        hold(AT + DAY),
        OverridePriority(incident=INCIDENT, priority=Priority.P3, reason="Only one street"),
        ResolveIncident(incident=INCIDENT, note="The part came", call_off=(1, 2, 3)),
    ],
)
def test_practice_1_3_whoever_goes_on_with_it_ends_that(acts: Any) -> None:
    house = waiting().until(121)
    house.do(acts, ANA_ACTS)
    assert not [one for one in house.incident.alarms if one.cause == "hold_over"]


def test_practice_1_3_an_owner_who_left_is_not_called_but_the_rung() -> None:
    house = waiting(staff(ANA, disabled=True), staff(BEN, "agent")).until(120)
    ((_, who),) = over(house)
    assert ANA not in who
    assert who.startswith("role:")


def test_practice_1_3_whoever_has_it_by_then_is_called() -> None:
    house = waiting()
    house.do(HandOverIncident(incident=INCIDENT, to=BEN), ANA_ACTS)
    assert over(house.until(120)) == [(120, f"person:{BEN}")]


def test_practice_1_3_a_server_that_slept_lets_it_return_on_waking_with_one_notice() -> None:
    house = waiting()
    house.sleeps(AT + 3 * DAY)
    assert house.incident.status == "in_progress"
    house.sleeps(AT + 3 * DAY)
    assert len(over(house)) == 1


def test_practice_1_3_a_hold_without_a_time_stands_until_somebody_goes_on() -> None:
    house = waiting(until=None).until(5 * DAY // MINUTE)
    assert house.incident.status == "on_hold"
    assert "hold" not in house.timers


def test_who_goes_on_earlier_is_not_called_back() -> None:
    house = waiting().until(30)
    house.do(ResumeIncident(incident=INCIDENT), ANA_ACTS)
    assert "hold" not in house.timers
    house.do(hold(AT + 5 * HOUR), ANA_ACTS)
    house.until(121)
    assert house.incident.status == "on_hold", "the first hold's time is no matter any more"


def test_a_late_timer_of_another_hold_ends_nothing() -> None:
    house = waiting(until=AT + DAY)
    assert house.do(EndHold(incident=INCIDENT, until=UNTIL)) == []
    assert house.incident.status == "on_hold"


@pytest.mark.parametrize(
    ("until", "code"), [(AT - 1, "past"), (AT, "past"), (AT + 91 * DAY, "too_long")]
)
def test_a_time_that_makes_no_sense_is_refused_with_a_sentence(until: int, code: str) -> None:
    house = told(staff(ANA), answers=P2)
    house.do(TAKE, ANA_ACTS)
    refused = house.do(hold(until), ANA_ACTS)
    assert isinstance(refused, Refused)
    assert refused.code == code


def test_a_second_hold_with_another_time_is_no_success() -> None:
    house = waiting()
    assert house.do(hold(), ANA_ACTS) == [], "the same press again"
    for other, by in ((hold(AT + DAY), ANA_ACTS), (hold(), BEN_ACTS)):
        refused = house.do(other, by)
        assert isinstance(refused, Refused)
        assert refused.code == "held"
