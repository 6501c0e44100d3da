"""Practice 1.3, release: whoever cannot go on gives it back, and it is not forgotten."""

from collections.abc import Callable

import pytest

from bot.core.clocks import runs
from bot.core.commands import Actor
from bot.core.incident_commands import OverridePriority, ReleaseIncident
from bot.core.intents import Do, Ring
from bot.core.priority import Priority
from bot.core.report_words import NoteStage, ReportTaken, WaitEnded
from bot.core.shelter_words import ShelterReport
from tests.workflows.calling import TAKE, causes, told
from tests.workflows.desk import (
    P2,
    RITA_ACTS,
    Desk,
    held,
    opened,
    resolved,
    taken,
)
from tests.workflows.kit import (
    ANA,
    ANA_ACTS,
    AT,
    BEN,
    BEN_ACTS,
    CHIEF_ACTS,
    HOUR,
    INCIDENT,
    MINUTE,
    REPORT,
    names,
)
from tests.workflows.reports import sent

BACK = ReleaseIncident(incident=INCIDENT, reason="My shift ends")


@pytest.mark.parametrize(
    ("desk", "by", "decided"),
    [
        (taken, ANA_ACTS, ["IncidentReleased"]),
        (taken, CHIEF_ACTS, ["IncidentReleased"]),
        (taken, BEN_ACTS, "not_yours"),
        (taken, RITA_ACTS, "not_allowed"),
        (opened, ANA_ACTS, "not_taken"),
        (held, ANA_ACTS, "held"),
        (resolved, ANA_ACTS, "resolved"),
    ],
)
def test_practice_1_3_who_has_it_gives_it_back_with_a_reason(
    desk: Callable[[], Desk], by: Actor, decided: list[str] | str
) -> None:
    assert names(desk().ask(BACK, by)) == decided


def test_practice_1_3_what_was_given_back_waits_as_if_nobody_had_seen_it() -> None:
    desk = taken()
    assert names(desk.ask(BACK.model_copy(update={"reason": ""}), ANA_ACTS)) == "empty"
    desk.later(HOUR).do(BACK, ANA_ACTS)
    state = desk.incident
    assert (state.status, state.owner, state.acknowledged_at) == ("open", None, None)
    assert state.measured.acknowledged_at == state.taken_at == AT + 10 * MINUTE, "figures stay"
    assert desk.wants(Ring) == [Ring(role="agent", why="released")]
    (note,) = [one.command for one in desk.wants(Do) if isinstance(one.command, NoteStage)]
    assert note.stage == "released"
    assert desk.ask(BACK, ANA_ACTS) == [], "pressed twice"
    assert names(desk.do(TAKE, BEN_ACTS)) == ["IncidentAcknowledged", "IncidentTaken"]
    assert desk.incident.owner == BEN


def test_practice_1_3_its_ladder_is_climbed_from_then_on_and_no_promise_is_broken_by_it() -> None:
    house = told(answers=P2)
    house.do(TAKE, ANA_ACTS)
    house.until(30).do(BACK, ANA_ACTS)
    state = house.incident
    assert runs(state, "acknowledge")
    assert (state.targets.acknowledge, state.band("acknowledge")) == (AT + 90 * MINUTE, "ok")
    assert house.until(44).called == [], "nobody is late yet"
    house.until(45)
    assert causes(house) == ["unacknowledged"]
    (first,) = house.called
    assert (first.at, first.who) == (45, "role:agent")
    assert house.until(60).incident.band("acknowledge") == "50", "half of its own time"
    house.do(TAKE, BEN_ACTS)
    assert "unacknowledged" not in causes(house)


def test_practice_7_2_somebody_in_distress_is_not_left_alone() -> None:
    """Nobody would be called: who helps hands them over by name."""
    desk = taken()
    desk.do(ShelterReport(incident=INCIDENT, report=REPORT))
    assert names(desk.ask(BACK, ANA_ACTS)) == "distress"


def test_practice_2_3_another_priority_counts_the_time_to_see_it_from_when_it_was_given_back() -> (
    None
):
    desk = taken(P2)
    desk.later(3 * HOUR).do(BACK, ANA_ACTS)
    urgent = OverridePriority(incident=INCIDENT, priority=Priority.P1, reason="A ward")
    desk.do(urgent, BEN_ACTS)
    seen_by, resolved_by = desk.incident.targets.acknowledge, desk.incident.targets.resolve
    assert seen_by is not None
    assert seen_by > desk.at
    assert resolved_by is not None
    assert resolved_by < desk.at + 2 * HOUR, "the rest counts from the opening as before"


def test_practice_1_3_what_its_customer_writes_then_is_everybodys() -> None:
    story = sent(WaitEnded(began=AT, by=ANA), ReportTaken(by=ANA))
    story.do(NoteStage(incident=INCIDENT, stage="released"))
    assert story.state.taken_by is None
