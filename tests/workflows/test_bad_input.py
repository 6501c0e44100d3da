"""Issue 7, bad input: odd ladders, odd clocks, people who are not there, a server that slept."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.core.incident_commands import AssessIncident
from bot.core.intents import SetTimer
from bot.core.playbook_parse import PlaybookErrors, parse
from bot.core.priority import Level
from tests.tidy import ROOT
from tests.workflows.calling import pages
from tests.workflows.desk import P2, P3, P4, Desk, nothing_yet, opened, opening, taken
from tests.workflows.kit import ANA, ANA_ACTS, HOUR, INCIDENT, names

LONDON = ZoneInfo("Europe/London")
Local = tuple[int, int, int, int, int]
LAST = 'rungs = [{ who = ["role:supervisor", "role:administrator"], wait = "10m" }]'


def moment(*local: int) -> int:
    """A time of London's clocks."""
    year, month, day, hour, minute = local
    return int(datetime(year, month, day, hour, minute, tzinfo=LONDON).timestamp()) * 1000


def opened_at(local: Local) -> Desk:
    """A P3, promised within the hours of the office."""
    desk = nothing_yet()
    desk.at = moment(*local)
    desk.do(opening(P3))
    return desk


# --- clocks --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opened", "half", "acknowledge"),
    [
        ((2026, 3, 28, 12, 0), (2026, 3, 30, 9, 0), (2026, 3, 30, 11, 0)),
        ((2026, 10, 24, 12, 0), (2026, 10, 26, 9, 0), (2026, 10, 26, 11, 0)),
        ((2026, 12, 31, 12, 30), (2027, 1, 2, 10, 30), (2027, 1, 2, 12, 30)),
        ((2028, 2, 28, 17, 30), (2028, 2, 29, 9, 30), (2028, 2, 29, 11, 30)),
    ],
    ids=["clocks go forward", "clocks go back", "the year ends", "a leap day"],
)
def test_issue_7_a_promise_keeps_the_offices_hours_across_odd_days(
    opened: Local, half: Local, acknowledge: Local
) -> None:
    """Daylight saving, year ends, leap days: four hours of work, and the warning after two."""
    desk = opened_at(opened)
    assert desk.incident.targets.acknowledge == moment(*acknowledge)
    timer = next(x for x in desk.wants(SetTimer) if x.name == "target:acknowledge")
    assert timer.due == moment(*half)


@pytest.mark.parametrize(
    ("opened", "resolve"),
    [((2026, 3, 29, 0, 30), (2026, 3, 29, 9, 30)), ((2026, 10, 25, 0, 30), (2026, 10, 25, 7, 30))],
    ids=["clocks go forward", "clocks go back"],
)
def test_issue_7_eight_hours_by_day_and_night_are_eight_hours_whatever_clocks_show(
    opened: Local, resolve: Local
) -> None:
    desk = nothing_yet()
    desk.at = moment(*opened)
    desk.do(opening(P2))
    assert desk.incident.targets.resolve == moment(*resolve)
    assert desk.incident.targets.resolve == desk.at + 8 * HOUR


def test_issue_7_three_days_of_sleep_are_one_warning_of_the_highest_band_to_each() -> None:
    """Everything that was due is found by one timer, and the owner hears once."""
    desk = opened(P2)
    timer = next(x for x in desk.wants(SetTimer) if x.name == "target:resolve")
    desk.at = timer.due + 72 * HOUR
    decided = names(desk.do(timer.command))
    assert decided == ["TargetWarned"]
    assert desk.incident.band("resolve") == "breached"
    told = [who for who, _ in pages(desk)]
    assert len(told) == len(set(told))
    assert desk.ask(timer.command) == [], "the same again says nothing"


def test_issue_7_warnings_that_a_new_priority_puts_into_the_past_are_one_for_each_promise() -> None:
    """A P4 becomes a P1 after a day: all of its bands are over at once, and each is told once."""
    desk = taken(P4)
    desk.later(24 * HOUR)
    desk.do(AssessIncident(incident=INCIDENT, impact=Level.HIGH, urgency=Level.HIGH), ANA_ACTS)
    due = [x for x in desk.wants(SetTimer) if x.name == "target:resolve"]
    assert [x.due < desk.at for x in due] == [True]
    assert names(desk.do(due[0].command)) == ["TargetWarned"]
    assert desk.incident.band("resolve") == "breached"
    assert desk.ask(due[0].command) == []
    assert desk.incident.owner == ANA


# --- ladders -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rungs", "said"),
    [
        (f'{LAST}\nthen = "standard"', "ladders.last.then: a loop: last -> standard -> last"),
        (f'{LAST}\nthen = "last"', "ladders.last.then: a loop: last -> last"),
        ("rungs = []", "ladders.last.rungs: this must not be empty"),
        ('rungs = [{ who = [], wait = "10m" }]', "ladders.last.rungs[0].who: this must not be"),
    ],
    ids=["a loop", "a loop of one", "no rung", "an empty rung"],
)
def test_issue_7_a_ladder_with_a_loop_or_an_empty_rung_is_refused_by_the_check(
    rungs: str, said: str
) -> None:
    text = (ROOT / "bot" / "playbooks" / "default.toml").read_text(encoding="utf-8")
    assert text.count(LAST) == 1
    found = parse(text.replace(LAST, rungs), "default.toml")
    assert isinstance(found, PlaybookErrors)
    assert said in str(found)
