"""Merge, split, kind and category: each state, each command, what is decided and what follows."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.core import moving_words as mw
from bot.core import report_words as w
from bot.core.commands import Actor, Command, Refused
from bot.core.incident_commands import (
    AddFacts,
    CancelIncident,
    ClaimTask,
    NoteReporter,
    ReopenIncident,
    ResolveIncident,
    RestrictIncident,
)
from bot.core.intents import Do, DropTimer, Members, Ring, Say, SetTimer
from bot.core.priority import Level, Priority
from tests.workflows.desk import (
    P1,
    P4,
    RITA,
    RITA_ACTS,
    Desk,
    asked,
    claimed,
    facts,
    held,
    opened,
    resolved,
    taken,
)
from tests.workflows.kit import (
    ANA,
    ANA_ACTS,
    AT,
    BEN_ACTS,
    CHIEF_ACTS,
    HOUR,
    INCIDENT,
    MINUTE,
    REPORT,
    names,
)
from tests.workflows.moves import (
    ATTACH,
    END,
    MERGE,
    OLDER,
    OTHER,
    READS,
    SPLIT,
    brought,
    cancelled,
    closed,
    coming,
    expecting,
    go_into,
    merged,
    other,
    restricted,
)

MERGES: list[tuple[Callable[[], Desk], Any, Actor, list[str] | str]] = [
    (opened, {}, ANA_ACTS, ["MergeBegan"]),
    (held, {}, ANA_ACTS, ["MergeBegan"]),
    (resolved, {}, ANA_ACTS, "resolved"),
    (closed, {}, ANA_ACTS, "closed"),
    (cancelled, {}, ANA_ACTS, "cancelled"),
    (merged, {}, ANA_ACTS, "merged"),
    (expecting, {}, ANA_ACTS, []),
    (opened, {"status": "resolved"}, ANA_ACTS, "resolved"),
    (opened, {"status": "merged"}, ANA_ACTS, "merged"),
    (opened, {"mode": "exercise"}, ANA_ACTS, "mode"),
    (opened, {"visibility": "restricted"}, CHIEF_ACTS, "restricted"),
    (opened, {"visibility": "restricted"}, BEN_ACTS, "not_found"),
    (opened, {}, RITA_ACTS, "not_allowed"),
    (restricted, {}, CHIEF_ACTS, ["MergeBegan"]),
    (restricted, {}, BEN_ACTS, "not_found"),
]


@pytest.mark.parametrize(("state", "changes", "by", "decided"), MERGES)
def test_who_may_merge_what_into_what(
    state: Callable[[], Desk], changes: Any, by: Actor, decided: list[str] | str
) -> None:
    reads = {OTHER: other(**changes)}
    assert names(state().ask(MERGE, by, reads=reads)) == decided


def test_what_is_not_there_or_is_the_same_is_not_merged() -> None:
    assert names(opened().ask(MERGE, ANA_ACTS, reads={OTHER: None})) == "not_found"
    own = mw.MergeIncident(incident=INCIDENT, into=INCIDENT)
    desk = opened()
    assert names(desk.ask(own, ANA_ACTS, reads={INCIDENT: desk.incident})) == "same"


def test_one_that_waits_for_another_takes_and_goes_nowhere() -> None:
    kin = other().kin.model_copy(update={"expects": OLDER})
    waits = {OTHER: other(kin=kin)}
    refused = opened().ask(MERGE, ANA_ACTS, reads=waits)
    assert isinstance(refused, Refused)
    assert (refused.code, refused.transient) == ("busy", True)
    third = mw.MergeIncident(incident=OLDER, into=INCIDENT)
    assert names(expecting().ask(third, ANA_ACTS, reads={OLDER: other(OLDER)})) == "busy"


def test_together_they_must_not_grow_without_end() -> None:
    absorbed = tuple(f"inc_{number:026}" for number in range(mw.MOST_ABSORBED))
    kin = other().kin.model_copy(update={"absorbed": absorbed})
    assert names(opened().ask(MERGE, ANA_ACTS, reads={OTHER: other(kin=kin)})) == "too_large"


@pytest.mark.parametrize(
    "command",
    [
        ResolveIncident(incident=INCIDENT, note="All done here"),
        CancelIncident(incident=INCIDENT, reason="Not ours"),
        RestrictIncident(incident=INCIDENT, visibility="restricted", reason="The police"),
        SPLIT,
    ],
)
def test_one_that_expects_another_does_not_end_before_it_has_come(command: Command) -> None:
    desk = taken()
    desk.do(MERGE, ANA_ACTS, reads=READS)
    assert names(desk.ask(command, ANA_ACTS, reads=READS)) == "busy"
    desk.do(END)
    assert names(desk.ask(command, ANA_ACTS, reads=READS)) != "busy"


def test_the_other_one_is_asked() -> None:
    (do,) = expecting().wants(Do)
    assert do.stream == OTHER
    assert isinstance(do.command, mw.GoInto)
    assert (do.command.into, do.command.by) == (INCIDENT, ANA)


# --- going -----------------------------------------------------------------------------------

GOES: list[tuple[Callable[[], Desk], Command, list[str] | str]] = [
    (opened, go_into(), ["TaskMoved", "IncidentMerged"]),
    (held, go_into(), ["TaskMoved", "IncidentMerged"]),
    (resolved, go_into(), "resolved"),
    (cancelled, go_into(), "cancelled"),
    (merged, go_into(), "merged"),
    (opened, go_into(mode="test"), "mode"),
    (restricted, go_into(), "restricted"),
    (expecting, go_into(OLDER), "busy"),
    (expecting, go_into(), "busy"),
    (asked, go_into(), ["TaskMoved", "IncidentMerged"]),
    (claimed, go_into(), ["TaskMoved", "IncidentMerged"]),
    (asked, go_into(call_off=(1,)), ["TaskCancelled", "IncidentMerged"]),
    (asked, go_into(call_off=(7,)), ["TaskMoved", "IncidentMerged"]),
]


@pytest.mark.parametrize(("state", "command", "decided"), GOES)
def test_what_can_still_go(
    state: Callable[[], Desk], command: Command, decided: list[str] | str
) -> None:
    assert names(state().ask(command)) == decided


def test_of_two_merged_into_each_other_the_older_one_stays() -> None:
    """The younger gives up its own wish and goes; the older refuses, and is waited for."""
    kin = {"expects": OLDER, "expects_by": ANA}
    younger = opened()
    younger.state = younger.incident.model_copy(
        update={"kin": younger.incident.kin.model_copy(update=kin)}
    )
    assert names(younger.do(go_into(OLDER))) == ["MergeEnded", "TaskMoved", "IncidentMerged"]
    assert younger.incident.kin.expects is None
    assert names(expecting().ask(go_into(OTHER))) == "busy"


def test_a_merged_one_sends_everything_on() -> None:
    desk = claimed()
    desk.do(go_into(call_off=()))
    brings, follow = desk.wants(Do)
    assert isinstance(brings.command, mw.AbsorbIncident)
    (task,) = brings.command.tasks
    assert (task.what, task.places[0].person) == (desk.incident.tasks[0].what, RITA)
    assert follow.stream == Members(of="streams", stream=INCIDENT)
    assert isinstance(follow.command, w.JoinIncident)
    dropped = {one.name for one in desk.wants(DropTimer)}
    assert {f"eta:1:{RITA}", "claim:1", "target:update", "target:resolve"} <= dropped
    assert desk.wants(Say) == [], "customers hear of it from their reports"
    assert names(desk.ask(ClaimTask(incident=INCIDENT, task=1, eta=AT + HOUR), RITA_ACTS)) == (
        "not_needed"
    )


def test_customers_hear_when_a_visit_is_called_off_with_it() -> None:
    desk = claimed()
    desk.do(go_into(call_off=(1,)))
    assert [one for one, _ in desk.says()] == ["reporters", "staff"], "and Rita is stood down"
    assert desk.wants(Ring)[0] == Ring(person=RITA, why="task_cancelled")


def test_its_owner_knows_unless_they_did_it() -> None:
    ring = Ring(person=ANA, why="merged")
    assert ring not in merged().wants(Ring)
    desk = taken()
    desk.do(go_into().model_copy(update={"by": "per_" + "Z" * 26}))
    assert ring in desk.wants(Ring)


@pytest.mark.parametrize(
    ("command", "decided"),
    [
        (NoteReporter(incident=INCIDENT, report=REPORT, what="disputed"), []),
        (mw.DetachReport(incident=INCIDENT, report=REPORT), []),
        (END, []),
        (ATTACH, ["ReportForwarded"]),
    ],
)
def test_what_comes_late_to_a_merged_one_goes_where_it_went(
    command: Command, decided: list[str]
) -> None:
    assert names(merged().do(command)) == decided
    late = AddFacts(incident=INCIDENT, report=REPORT, category="", facts=facts(P1), complete=True)
    assert merged().ask(late) == [], "the report has it, and brings it along"


def test_a_merged_one_is_never_opened_again() -> None:
    again = ReopenIncident(incident=INCIDENT, reason="It went out again")
    assert names(merged().ask(again, ANA_ACTS)) == "merged"


# --- coming ----------------------------------------------------------------------------------


def test_what_comes_brings_its_tasks_with_whoever_is_on_them() -> None:
    desk = expecting()
    decided = desk.do(coming(tasks=(brought(),)))
    assert names(decided) == ["IncidentAbsorbed", "TaskBrought"]
    task = desk.incident.tasks[-1]
    assert (task.number, task.status, task.places[0].person) == (2, "open", RITA)
    timers = {one.name for one in desk.wants(SetTimer)}
    assert {f"eta:2:{RITA}", "claim:2"} <= timers
    assert desk.wants(Ring) == [Ring(person=RITA, why="task_moved")]
    assert desk.wants(Say) == []
    assert desk.incident.kin.expects is None
    assert desk.ask(coming(tasks=(brought(),))) == [], "once"


@pytest.mark.parametrize(
    ("own", "more", "priority"),
    [
        (P4, {}, Priority.P4),
        (P4, {"priority": Priority.P2, "impact": Level.HIGH}, Priority.P2),
        (P1, {"priority": Priority.P2}, Priority.P1),
        (P4, {"priority": Priority.P1, "danger": True}, Priority.P1),
    ],
)
def test_the_higher_priority_of_both_counts(own: Any, more: Any, priority: Priority) -> None:
    desk = opened(own)
    desk.do(coming(**more))
    assert desk.incident.priority is priority
    assert desk.incident.danger == more.get("danger", False)


@pytest.mark.parametrize("level", [Priority.P4, Priority.P1])
def test_the_earlier_promise_of_both_counts(level: Priority) -> None:
    soon = AT + MINUTE
    desk = opened(P4)
    desk.do(coming(priority=level, next_by=soon))
    assert desk.incident.targets.update == soon
    assert "target:update" in [one.name for one in desk.wants(SetTimer)]


def test_who_asked_for_a_merge_that_did_not_come_is_called() -> None:
    desk = expecting()
    assert names(desk.do(END)) == ["MergeEnded"]
    assert desk.wants(Ring) == [Ring(person=ANA, why="not_merged")]
    assert desk.ask(END) == []
