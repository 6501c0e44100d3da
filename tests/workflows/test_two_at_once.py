"""Two agents press at once: one wins, the other gets one plain sentence, and no words are lost."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.core import incident_commands as ic
from bot.core import moving_words as mw
from bot.core.commands import Command, Refused
from bot.core.priority import Level, Priority
from bot.core.texts import Who
from tests.workflows.desk import Desk, held, opened, resolved, staff, taken
from tests.workflows.kit import ANA, ANA_ACTS, BEN, BEN_ACTS, INCIDENT, TASKS
from tests.workflows.moves import ATTACH, MERGE, READS, SPLIT, closed

ON: dict[str, Any] = {"incident": INCIDENT}
PEOPLE = {"reads": {**READS, ANA: staff(ANA, "agent"), BEN: staff(BEN, "agent")}}


def shared() -> Desk:
    desk = taken()
    desk.do(ATTACH)
    return desk


NAMED: list[tuple[Callable[[], Desk], Command]] = [
    (opened, ic.AcknowledgeIncident(**ON)),
    (opened, ic.TakeIncident(**ON)),
    (taken, ic.HoldIncident(**ON, reason="Waits for parts")),
    (held, ic.ResumeIncident(**ON, reason="The parts are here")),
    (taken, ic.ResolveIncident(**ON, note="New fuse", call_off=TASKS)),
    (closed, ic.ReopenIncident(**ON, reason="It went out again")),
    (resolved, ic.CloseIncident(**ON)),
    (taken, ic.CancelIncident(**ON, reason="Not ours")),
]


@pytest.mark.parametrize(("state", "command"), NAMED, ids=lambda one: getattr(one, "tag", ""))
def test_whoever_comes_second_hears_who_was_first(
    state: Callable[[], Desk], command: Command
) -> None:
    desk = state()
    assert isinstance(desk.do(command, ANA_ACTS, **PEOPLE), list)
    refused = desk.ask(command, BEN_ACTS, **PEOPLE)
    assert isinstance(refused, Refused)
    assert refused.text.args["who"] == Who(person=ANA)
    assert desk.ask(command, ANA_ACTS, **PEOPLE) == [], "who pressed twice has it done"


P3 = Priority.P3
OVERTAKEN: list[tuple[Callable[[], Desk], Command, Command]] = [
    (
        taken,
        ic.AssessIncident(**ON, impact=Level.HIGH, urgency=Level.HIGH, before=P3),
        ic.AssessIncident(**ON, impact=Level.LOW, urgency=Level.LOW, before=P3),
    ),
    (
        taken,
        ic.OverridePriority(**ON, priority=Priority.P2, reason="A ward", before=P3),
        ic.OverridePriority(**ON, priority=Priority.P4, reason="A shed", before=P3),
    ),
    (
        opened,
        ic.HandOverIncident(**ON, to=ANA, before=""),
        ic.HandOverIncident(**ON, to=BEN, before=""),
    ),
    (
        taken,
        mw.SetKind(**ON, incident_kind="complaint", before="incident"),
        mw.SetKind(**ON, incident_kind="enquiry", before="incident"),
    ),
    (
        taken,
        mw.SetCategory(**ON, category="it", before="power"),
        mw.SetCategory(**ON, category="injury", before="power"),
    ),
]


@pytest.mark.parametrize(
    ("state", "first", "other"), OVERTAKEN, ids=lambda one: getattr(one, "tag", "")
)
def test_who_knew_something_else_looks_again_and_may_mean_it(
    state: Callable[[], Desk], first: Command, other: Command
) -> None:
    desk = state()
    assert isinstance(desk.do(first, ANA_ACTS, **PEOPLE), list)
    refused = desk.ask(other, BEN_ACTS, **PEOPLE)
    assert isinstance(refused, Refused)
    assert (refused.code, refused.transient) == ("overtaken", True)
    insists = other.model_copy(update={"before": None})
    assert isinstance(desk.do(insists, BEN_ACTS, **PEOPLE), list)


def test_of_two_merges_and_two_splits_one_wins() -> None:
    desk = shared()
    desk.do(MERGE, ANA_ACTS, **PEOPLE)
    assert desk.ask(MERGE, BEN_ACTS, **PEOPLE) == [], "the same wish: it is under way"
    desk = shared()
    desk.do(SPLIT, ANA_ACTS, **PEOPLE)
    refused = desk.ask(SPLIT, BEN_ACTS, **PEOPLE)
    assert isinstance(refused, Refused)
    assert refused.code == "moved"


def test_what_the_house_did_is_no_race() -> None:
    """It was closed because everybody confirmed: closing it is done already."""
    desk = resolved()
    answer = ic.NoteReporter(**ON, report=desk.incident.first_report or "", what="confirmed")
    desk.do(answer)
    assert desk.ask(ic.CloseIncident(**ON), BEN_ACTS) == []
