"""Reports move between incidents, and a person says what an incident is."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.core import moving_words as mw
from bot.core import report_words as w
from bot.core.commands import Actor, Command, Refused
from bot.core.incident_commands import (
    AddFacts,
    AttachReport,
    OpenIncident,
)
from bot.core.intents import Do, Say
from bot.core.priority import Priority
from tests.workflows.desk import (
    OTHER_REPORT,
    P1,
    P4,
    Desk,
    facts,
    held,
    opened,
    resolved,
    taken,
)
from tests.workflows.kit import (
    ANA_ACTS,
    BEN_ACTS,
    CHIEF_ACTS,
    INCIDENT,
    REPORT,
    names,
)
from tests.workflows.moves import (
    ATTACH,
    LINKED,
    OLDER,
    OTHER,
    READS,
    SPLIT,
    cancelled,
    closed,
    merged,
    report,
    restricted,
    shared,
    split,
)
from tests.workflows.reports import CONFIRMED, confirming, sent

# --- reports ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("state", "stage"),
    [
        (opened, None),
        (taken, "taken"),
        (resolved, "resolved"),
        (closed, "closed"),
        (cancelled, "cancelled"),
    ],
)
def test_a_report_that_comes_learns_how_far_things_are(
    state: Callable[[], Desk], stage: str | None
) -> None:
    desk = state()
    assert names(desk.do(ATTACH)) == ["ReportAttached"]
    told = [one.command.stage for one in desk.wants(Do)]
    assert told == ([] if stage is None else [stage])
    assert desk.incident.reports == 2


def test_danger_comes_with_the_report() -> None:
    desk = opened(P4)
    desk.do(ATTACH.model_copy(update={"danger": True}))
    assert (desk.incident.priority, desk.incident.danger) == (Priority.P1, True)


@pytest.mark.parametrize("settled", ["", "confirmed", "window_ended", "withdrawn"])
def test_a_report_takes_its_answer_along_when_it_comes_and_goes(settled: mw.Settled) -> None:
    desk = opened()
    before = desk.incident
    desk.do(ATTACH.model_copy(update={"settled": settled}))
    moved = desk.incident.reports_settled + desk.incident.reports_withdrawn
    assert moved == (1 if settled else 0)
    desk.do(mw.DetachReport(incident=INCIDENT, report=OTHER_REPORT, settled=settled))
    fields = ("reports", "reports_settled", "reports_withdrawn", "first_report", "origin")
    assert [getattr(desk.incident, one) for one in fields] == [
        getattr(before, one) for one in fields
    ]


def test_a_report_goes_only_from_where_it_hangs() -> None:
    story = sent()
    away = w.JoinIncident(incident=OTHER, before=OLDER, how="joined")
    assert story.ask(away) == []
    join = w.JoinIncident(incident=OTHER, before=INCIDENT, how="joined")
    assert story.do(join) == [LINKED]
    assert story.ask(join) == [], "it has left"
    (attach,) = [one.command for one in story.wants(Do)]
    assert attach == AttachReport(incident=OTHER, report=REPORT)


def test_the_customer_is_told_the_first_time_and_not_again() -> None:
    story = sent()
    story.do(w.JoinIncident(incident=OTHER, before=INCIDENT, how="joined"))
    (said,) = story.wants(Say)
    assert "together with what we already know" in said.text.key
    story.do(w.JoinIncident(incident=OLDER, before=OTHER, how="joined"))
    assert story.wants(Say) == []


@pytest.mark.parametrize(
    ("story", "settled"),
    [
        (sent(), ""),
        (confirming(CONFIRMED), "confirmed"),
        (sent(w.ReportWithdrawn(why="solved_itself")), "withdrawn"),
    ],
)
def test_a_report_says_what_it_said(story: Any, settled: str) -> None:
    story.do(w.JoinIncident(incident=OTHER, before=INCIDENT, how="joined"))
    (attach,) = [one.command for one in story.wants(Do)]
    assert attach.settled == settled
    assert bool(story.wants(Say)) == (settled == ""), "who is done is not disturbed"


def test_a_report_that_is_split_off_opens_an_incident_like_the_one_it_left() -> None:
    story = sent()
    join = w.JoinIncident(
        incident=OTHER, before=INCIDENT, how="split", visibility="restricted", mode="exercise"
    )
    story.do(join)
    opening, attach, detach = [one.command for one in story.wants(Do)]
    assert isinstance(opening, OpenIncident)
    assert (opening.visibility, opening.mode) == ("restricted", "exercise")
    assert (opening.split_from, opening.category) == (INCIDENT, "power")
    assert opening.facts
    assert isinstance(attach, AttachReport)
    assert isinstance(detach, mw.DetachReport)
    assert story.wants(Say) == [], "the customer is not disturbed"


def test_nobody_but_the_house_makes_an_incident_hidden_or_an_exercise() -> None:
    """The page's form has no such fields; whoever sends them anyway is not believed."""
    desk = opened()
    assert (desk.incident.visibility, desk.incident.mode) == ("normal", "live")
    fresh = Desk("incident")
    fresh.do(OpenIncident(report=None, category="power", mode="test"), ANA_ACTS)
    assert fresh.incident.mode == "live"


SPLITS: list[tuple[Callable[[], Desk], Command, Actor, list[str] | str]] = [
    (shared, SPLIT, ANA_ACTS, ["IncidentSplit"]),
    (split, SPLIT, BEN_ACTS, "moved"),
    (opened, SPLIT, ANA_ACTS, "all_chosen"),
    (resolved, SPLIT, ANA_ACTS, "resolved"),
    (merged, SPLIT, ANA_ACTS, "merged"),
    (restricted, SPLIT, ANA_ACTS, "restricted"),
    (restricted, SPLIT, CHIEF_ACTS, ["IncidentSplit"]),
    (shared, SPLIT.model_copy(update={"reports": ()}), ANA_ACTS, "none_chosen"),
    (shared, SPLIT.model_copy(update={"reports": (REPORT,) * 2}), ANA_ACTS, "moved"),
    (shared, SPLIT.model_copy(update={"reason": "x"}), ANA_ACTS, "too_short"),
]


@pytest.mark.parametrize(("state", "command", "by", "decided"), SPLITS)
def test_who_may_split_what(
    state: Callable[[], Desk], command: Command, by: Actor, decided: list[str] | str
) -> None:
    assert names(state().ask(command, by, reads=READS)) == decided


def test_each_report_is_sent_by_itself_to_the_same_place() -> None:
    desk = split()
    (do,) = desk.wants(Do)
    assert do.stream == OTHER_REPORT
    assert do.command.incident == desk.incident.kin.split_off[0]
    under_way = desk.incident.kin.leaving
    assert under_way == (OTHER_REPORT,)
    desk.do(mw.DetachReport(incident=INCIDENT, report=OTHER_REPORT))
    assert (len(desk.incident.kin.leaving), desk.incident.reports) == (0, 1)


# --- kind and category -----------------------------------------------------------------------


@pytest.mark.parametrize("state", [opened, taken, held, resolved])
def test_kind_and_category_can_be_put_right_until_the_end(state: Callable[[], Desk]) -> None:
    kind = mw.SetKind(incident=INCIDENT, incident_kind="complaint")
    category = mw.SetCategory(incident=INCIDENT, category="it")
    desk = state()
    assert names(desk.do(kind, ANA_ACTS)) == ["KindChanged"]
    assert desk.ask(kind, ANA_ACTS) == []
    assert names(desk.do(category, ANA_ACTS))[0] == "CategoryChanged"
    assert desk.ask(category, ANA_ACTS) == []
    assert (desk.incident.incident_kind, desk.incident.category) == ("complaint", "it")
    assert desk.says() == [], "customers are not disturbed"


@pytest.mark.parametrize("state", [closed, cancelled, merged])
def test_what_has_ended_stays_what_it_was(state: Callable[[], Desk]) -> None:
    for command in (
        mw.SetKind(incident=INCIDENT, incident_kind="complaint"),
        mw.SetCategory(incident=INCIDENT, category="it"),
    ):
        assert isinstance(state().ask(command, ANA_ACTS), Refused)


def test_a_category_must_be_one_of_the_edition() -> None:
    unknown = mw.SetCategory(incident=INCIDENT, category="nonsense")
    assert names(opened().ask(unknown, ANA_ACTS)) == "unknown_category"


def test_another_category_may_raise_the_priority_and_never_lowers_it() -> None:
    desk = opened(P1)
    decided = desk.do(mw.SetCategory(incident=INCIDENT, category="it"), ANA_ACTS)
    assert names(decided) == ["CategoryChanged"]
    assert desk.incident.priority is Priority.P1


def test_what_the_category_wants_at_once_is_asked_for_and_what_was_asked_stays() -> None:
    desk = opened(category="it")
    asked_before = len(desk.incident.tasks)
    desk.do(mw.SetCategory(incident=INCIDENT, category="power"), ANA_ACTS)
    templates = [one.template for one in desk.incident.tasks[asked_before:]]
    assert templates == ["inspect"]


def test_the_customer_no_longer_changes_a_category_that_a_person_set() -> None:
    desk = opened(category="")
    later = AddFacts(incident=INCIDENT, report=REPORT, category="power", facts=(), complete=True)
    assert names(desk.ask(later))[0] == "FactsAdded"
    desk.do(mw.SetCategory(incident=INCIDENT, category="it"), ANA_ACTS)
    desk.do(later)
    assert desk.incident.category == "it"


def test_a_report_that_joined_fills_what_is_not_known_and_replaces_nothing() -> None:
    desk = opened({"power.extent": "part"})
    desk.do(ATTACH)
    later = AddFacts(
        incident=INCIDENT,
        report=OTHER_REPORT,
        category="it",
        facts=facts({"power.extent": "building", "power.fuse": True}),
        complete=True,
    )
    desk.do(later)
    known = {one.field: one.value for one in desk.incident.facts}
    assert known == {"power.extent": "part", "power.fuse": True}
    assert desk.incident.category == "power"


def test_reports_are_read_where_they_hang() -> None:
    elsewhere = {OTHER_REPORT: report(incident=OTHER)}
    assert names(shared().ask(SPLIT, ANA_ACTS, reads=elsewhere)) == "moved"
