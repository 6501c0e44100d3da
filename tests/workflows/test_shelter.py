"""The lane that few may see: whose it is, who may come, what it was before, what becomes of it."""

from typing import Any

import pytest

from bot.core import incident_commands as ic
from bot.core import incident_events as ie
from bot.core import report_words as w
from bot.core import shelter_words as sw
from bot.core.access import NOT_FOUND, gate
from bot.core.alarm_words import AlarmRaised
from bot.core.clocks import runs
from bot.core.commands import SYSTEM
from bot.core.incident_words import Target
from bot.core.intents import Do, DropTimer, SetTimer, Show
from bot.core.moving_words import ReportDetached
from bot.core.priority import Priority
from bot.core.shelter import stood
from bot.workflows.table import RULES
from tests.workflows.desk import OTHER_REPORT, RITA_ACTS, Desk, opened, resolved, taken
from tests.workflows.kit import (
    ANA_ACTS,
    BEN_ACTS,
    CHIEF_ACTS,
    HOUR,
    INCIDENT,
    MINUTE,
    REPORT,
    TASKS,
    actor,
    names,
)

SHELTER = sw.ShelterReport(incident=INCIDENT, report=REPORT)
TAKE = ic.TakeIncident(incident=INCIDENT)
TARGETS: tuple[Target, ...] = ("acknowledge", "update", "resolve")


def ended(why: Any) -> sw.EndShelter:
    return sw.EndShelter(incident=INCIDENT, report=REPORT, why=why)


def sheltered(desk: Desk | None = None) -> Desk:
    """A power outage of P3 whose only customer is in distress."""
    desk = desk or opened()
    desk.do(SHELTER)
    return desk


def shared() -> Desk:
    desk = opened()
    desk.happens(ie.ReportAttached(report=OTHER_REPORT, moved=True))
    return desk


def test_practice_7_3_an_incident_of_their_own_is_seen_by_few_from_now_on() -> None:
    """practice 7.3: a restricted lane, never the team's channel."""
    desk = opened()
    assert names(desk.do(SHELTER)) == ["ReportSheltered", "VisibilityChanged", "PriorityChanged"]
    assert desk.incident.visibility == "restricted"
    told = [one.command for one in desk.wants(Do)]
    assert [type(one).__name__ for one in told] == ["NoteSheltered"]
    assert names(desk.do(SHELTER)) == []
    assert {one.card for one in desk.wants(Show)} <= {"incident", "task", "update"}


def test_practice_2_4_it_is_a_threat_to_life_whatever_the_matrix_says() -> None:
    """practice 2.4: P1, and not lowered by itself but for a false alarm."""
    desk = sheltered()
    assert desk.incident.priority is Priority.P1
    desk.do(ended("helped"))
    assert desk.incident.priority is Priority.P1
    desk = sheltered()
    desk.do(ended("false_alarm"))
    assert desk.incident.priority is Priority.P3


def closed() -> Desk:
    desk = resolved()
    desk.do(ic.CloseIncident(incident=INCIDENT), ANA_ACTS)
    return desk


@pytest.mark.parametrize("begin", [shared, resolved, closed])
def test_what_others_are_a_part_of_or_what_is_over_is_left_for_one_of_their_own(begin: Any) -> None:
    desk = begin()
    before = desk.incident.visibility
    assert names(desk.do(SHELTER)) == ["ReportParted"]
    assert desk.incident.visibility == before == "normal"
    (join,) = [one.command for one in desk.wants(Do) if isinstance(one.command, w.JoinIncident)]
    assert (join.how, join.visibility, join.before) == ("sheltered", "restricted", INCIDENT)
    assert join.incident != INCIDENT
    assert names(desk.do(SHELTER)) == []
    desk.happens(ReportDetached(report=REPORT, settled=""))
    assert not desk.incident.kin.leaving


def test_one_that_few_may_see_already_keeps_what_it_has() -> None:
    desk = shared()
    hide = ic.RestrictIncident(incident=INCIDENT, visibility="restricted", reason="Asked for it")
    desk.do(hide, CHIEF_ACTS)
    assert "ReportSheltered" in names(desk.do(SHELTER))
    desk.do(ended("false_alarm"))
    assert desk.incident.visibility == "restricted"


def test_practice_7_3_no_clock_runs_and_nobody_is_warned() -> None:
    """practice 7.3: no KPI clock runs on that conversation, while it lasts or after help."""
    desk = taken()
    assert any(runs(desk.incident, one) for one in TARGETS)
    desk.do(SHELTER)
    for _ in range(2):
        assert not any(runs(desk.incident, one) for one in TARGETS)
        assert {one.name for one in desk.wants(SetTimer)} == set()
        assert {"target:acknowledge", "target:resolve", "target:update"} <= {
            one.name for one in desk.wants(DropTimer)
        }
        until = desk.incident.targets.resolve
        assert until is not None
        warn = ic.WarnTarget(incident=INCIDENT, target="resolve", band="breached", until=until)
        desk.later(72 * HOUR)
        assert names(desk.ask(warn)) == []
        desk.do(ended("helped"))
    done = ic.ResolveIncident(incident=INCIDENT, note="Talked", call_off=TASKS)
    assert "WrapUpBegan" not in names(desk.do(done, CHIEF_ACTS))


def test_a_false_alarm_runs_the_clocks_again_as_if_they_had_stood() -> None:
    desk = opened()
    due = desk.incident.targets.acknowledge
    assert due is not None
    desk.later(5 * MINUTE).do(SHELTER)
    desk.later(20 * MINUTE)
    decided = names(desk.do(ended("false_alarm")))
    assert decided == ["ShelterEnded", "VisibilityChanged", "PriorityChanged"]
    assert desk.incident.visibility == "normal"
    assert desk.incident.targets.acknowledge == due + 20 * MINUTE
    assert runs(desk.incident, "acknowledge")
    assert names(desk.do(ended("false_alarm"))) == []


@pytest.mark.parametrize(
    ("holds", "expected"),
    [
        ((), ((10, 20),)),
        (((1, 5),), ((1, 5), (10, 20))),
        (((1, 15),), ((1, 15), (15, 20))),
        (((12, 14),), ((10, 20),)),
        (((1, 30),), ((1, 30),)),
    ],
)
def test_no_time_stands_still_twice(holds: Any, expected: Any) -> None:
    assert stood(holds, 10, 20) == expected


def test_whoever_is_called_may_come_though_they_see_nothing_of_it_before() -> None:
    desk = sheltered()
    note = ic.WriteIncidentNote(incident=INCIDENT, words="Hello")
    assert names(desk.ask(note, ANA_ACTS)) == "not_found"
    assert desk.ask(TAKE, RITA_ACTS) == NOT_FOUND
    assert "IncidentTaken" in names(desk.do(TAKE, ANA_ACTS))
    assert names(desk.ask(note, ANA_ACTS)) == ["IncidentNoteWritten"]
    assert names(desk.ask(TAKE, BEN_ACTS)) == "not_found"
    stranger = actor("per_" + "Z" * 26)
    assert gate(RULES[ic.TakeIncident], stranger, desk.state) == NOT_FOUND


def test_while_people_are_called_another_may_come_than_who_has_it() -> None:
    desk = taken()
    desk.do(SHELTER)
    assert names(desk.ask(TAKE, BEN_ACTS)) == "not_found"
    raised = AlarmRaised(cause="distress", about=REPORT, ladder="distress", since=desk.at)
    desk.happens(raised)
    assert "IncidentTaken" in names(desk.do(TAKE, BEN_ACTS))


def test_practice_7_2_nothing_ends_while_somebody_is_in_distress() -> None:
    """practice 7.2: no automatic close, nor one by mistake."""
    desk = taken()
    desk.do(SHELTER)
    for command in (
        ic.ResolveIncident(incident=INCIDENT, note="Talked", call_off=TASKS),
        ic.CancelIncident(incident=INCIDENT, reason="By mistake"),
    ):
        assert names(desk.ask(command, ANA_ACTS)) == "distress"
    assert names(desk.ask(ic.CloseIncident(incident=INCIDENT), SYSTEM)) == []
