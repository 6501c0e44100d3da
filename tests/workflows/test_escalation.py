"""What is promised is watched: bands, holds, changes of priority, and nothing told twice."""

from typing import Any

import pytest

from bot.core.incident_commands import (
    AcknowledgeIncident,
    AddFacts,
    AssessIncident,
    CancelIncident,
    CloseIncident,
    HoldIncident,
    PublishUpdate,
    ReopenIncident,
    ResolveIncident,
    RestrictIncident,
    ResumeIncident,
    TakeIncident,
    WarnTarget,
)
from bot.core.incident_words import Band, Target
from bot.core.intents import DropTimer, Ring, SetTimer
from bot.core.priority import Level, Priority
from tests.workflows.calling import pages
from tests.workflows.desk import P1, P2, P4, Desk, facts, held, nothing_yet, opened, resolved, taken
from tests.workflows.kit import (
    ANA,
    ANA_ACTS,
    AT,
    CHIEF_ACTS,
    HOUR,
    INCIDENT,
    MINUTE,
    PLAYBOOK,
    REPORT,
    TASKS,
    names,
)


def timers(desk: Desk) -> dict[str, int]:
    """What the last step set for the promises: target -> minutes from now."""
    set_ = [one for one in desk.wants(SetTimer) if one.name.startswith("target:")]
    return {one.name.removeprefix("target:"): (one.due - desk.at) // MINUTE for one in set_}


def dropped(desk: Desk) -> set[str]:
    return {
        one.name.removeprefix("target:")
        for one in desk.wants(DropTimer)
        if one.name.startswith("target:")
    }


def warn(desk: Desk, target: Target = "acknowledge", band: Band = "50") -> WarnTarget:
    """What a timer brings that was set for the promise as it stands."""
    until = getattr(desk.incident.targets, target) or 0
    return WarnTarget(incident=INCIDENT, target=target, band=band, until=until)


def judge(impact: Level, urgency: Level) -> AssessIncident:
    return AssessIncident(incident=INCIDENT, impact=impact, urgency=urgency)


def fire(desk: Desk, target: Target) -> list[str] | str:
    """Let the timer of the last step come due."""
    timer = next(one for one in desk.wants(SetTimer) if one.name == f"target:{target}")
    desk.at = timer.due
    return names(desk.do(timer.command))


def test_an_open_incident_is_watched_from_its_first_moment() -> None:
    assert timers(opened(P1)) == {"acknowledge": 7, "update": 4, "resolve": 120}
    assert timers(opened(P2)) == {"acknowledge": 30, "update": 54, "resolve": 240}
    assert timers(opened()) == {"acknowledge": 120, "resolve": 26 * 60 + 30}
    assert "update" in dropped(opened()), "a P3 is told on change, not by the clock"


def test_the_playbook_says_at_which_shares_to_warn() -> None:
    """P4 is warned of from 75 per cent on: six office hours from 10:30, lunch left out."""
    assert timers(opened(P4))["acknowledge"] == 6 * 60 + 30


def test_every_band_is_told_once_in_order() -> None:
    desk = opened(P2)
    seen = []
    for minutes in (30, 45, 54, 60):
        assert fire(desk, "acknowledge") == ["TargetWarned"]
        assert desk.at == AT + minutes * MINUTE
        seen.append(desk.incident.band("acknowledge"))
        assert desk.ask(warn(desk)) == [], "the same again"
    assert seen == ["50", "75", "90", "breached"]
    assert "acknowledge" in dropped(desk)


def test_each_promise_has_its_own_band() -> None:
    desk = opened(P2)
    desk.later(4 * HOUR).do(warn(desk, "resolve"))
    desk.do(warn(desk, "acknowledge"))
    targets: tuple[Target, ...] = ("acknowledge", "resolve", "update")
    bands = [desk.incident.band(one) for one in targets]
    assert bands == ["breached", "50", "ok"]


def test_a_warning_that_comes_late_is_one_notice_of_the_highest_band() -> None:
    desk = opened(P2)
    desk.later(50 * MINUTE)
    assert names(desk.do(warn(desk, band="50"))) == ["TargetWarned"]
    assert desk.incident.band("acknowledge") == "75"
    assert timers(desk)["acknowledge"] == 4


def test_a_warning_of_a_promise_that_was_moved_since_is_none() -> None:
    desk = opened(P4)
    before = warn(desk)
    desk.do(judge(Level.HIGH, Level.HIGH), ANA_ACTS)
    desk.later(HOUR)
    assert desk.ask(before) == []
    assert names(desk.ask(warn(desk))) == ["TargetWarned"]


@pytest.mark.parametrize("target", ["acknowledge", "resolve", "update"])
def test_what_is_over_is_not_warned_of(target: Target) -> None:
    cancelled = taken(P2)
    cancelled.do(CancelIncident(incident=INCIDENT, reason="Not ours"), ANA_ACTS)
    closed = resolved(P2)
    closed.do(CloseIncident(incident=INCIDENT), ANA_ACTS)
    for desk in (resolved(P2), cancelled, closed):
        desk.later(100 * HOUR)
        assert desk.ask(warn(desk, target, "breached")) == []
        assert names(nothing_yet().ask(warn(desk, target))) == "not_found"


def test_what_was_kept_is_watched_no_more() -> None:
    desk = opened(P2)
    desk.do(AcknowledgeIncident(incident=INCIDENT), ANA_ACTS)
    assert "acknowledge" in dropped(desk)
    desk.later(2 * HOUR)
    assert desk.ask(warn(desk)) == []
    assert names(desk.ask(warn(desk, "update"))) == ["TargetWarned"], "the others still are"


@pytest.mark.parametrize(
    "command",
    [
        ResolveIncident(incident=INCIDENT, note="Works again", call_off=TASKS),
        CancelIncident(incident=INCIDENT, reason="Not ours"),
    ],
)
def test_the_end_stops_every_clock(command: Any) -> None:
    desk = taken(P2)
    desk.do(command, ANA_ACTS)
    assert timers(desk) == {}
    assert dropped(desk) == {"acknowledge", "update", "resolve"}


# --- whom it calls ---------------------------------------------------------------------------


def test_the_owner_is_called_and_without_one_the_agents() -> None:
    desk = taken(P2)
    desk.later(5 * HOUR).do(warn(desk, "resolve"))
    assert desk.wants(Ring) == [Ring(person=ANA, why="resolve:50")]
    desk = opened(P2)
    desk.later(31 * MINUTE).do(warn(desk))
    assert desk.wants(Ring) == [Ring(role="agent", why="acknowledge:50")]


def test_a_broken_promise_calls_the_supervisors_too() -> None:
    desk = opened(P2)
    desk.later(HOUR).do(warn(desk))
    assert desk.wants(Ring) == [
        Ring(role="agent", why="acknowledge:breached"),
        Ring(role="agent", why="acknowledge:breached"),
        Ring(role="supervisor", why="acknowledge:breached"),
    ]


def test_the_owner_is_called_at_each_band_and_from_90_per_cent_on_the_next_rung_too() -> None:
    """practice 2.3: breach warning at 50, 75 and 90 per cent."""
    desk = taken(P2)
    reference = desk.incident.reference
    for hours, whom in ((4, f"person:{ANA}"), (6, f"person:{ANA}")):
        desk.at = AT + hours * HOUR
        desk.do(warn(desk, "resolve"))
        said = f"{reference}, P2 Power outage. It is to be resolved by 18:30."
        assert pages(desk) == [(whom, said)]
    desk.at = AT + 8 * HOUR - 48 * MINUTE
    desk.do(warn(desk, "resolve"))
    assert [whom for whom, _ in pages(desk)] == [f"person:{ANA},role:agent"]


def test_a_promise_that_is_broken_is_an_alarm_and_calls_the_rung_above_all_who_were_called() -> (
    None
):
    """practice 2.3: at the breach its owner is called until somebody sees to it."""
    desk = taken(P2)
    desk.at = AT + 8 * HOUR
    desk.do(warn(desk, "resolve", "breached"))
    assert [one.cause for one in desk.incident.alarms] == ["promise"]
    said = "It was to be resolved by 18:30, and is not."
    assert pages(desk) == [
        ("role:supervisor", f"{desk.incident.reference}, P2 Power outage. {said}")
    ]


def test_of_what_few_may_see_a_warning_goes_to_those_alone_who_may() -> None:
    desk = taken(P2)
    desk.do(
        RestrictIncident(incident=INCIDENT, visibility="restricted", reason="A name"), CHIEF_ACTS
    )
    desk.at = AT + 8 * HOUR - 48 * MINUTE
    desk.do(warn(desk, "resolve"))
    ((whom, said),) = pages(desk)
    assert whom == f"alone,person:{ANA},role:supervisor"
    assert "Power" not in said


# --- holds -----------------------------------------------------------------------------------


def test_on_hold_only_the_promised_update_is_watched() -> None:
    """practice 2.3: clocks pause in a named state alone, with its reason in the log."""
    desk = held(P2)
    assert timers(desk) == {"update": 34}
    assert dropped(desk) == {"acknowledge", "resolve"}
    desk.later(10 * HOUR)
    assert desk.ask(warn(desk, "resolve", "breached")) == []
    assert names(desk.ask(warn(desk, "update"))) == ["TargetWarned"]


def test_after_a_hold_as_much_of_the_time_is_left_as_before() -> None:
    desk = held(P2)
    desk.later(3 * HOUR).do(ResumeIncident(incident=INCIDENT), ANA_ACTS)
    assert timers(desk)["resolve"] == 240 - 20
    assert fire(desk, "resolve") == ["TargetWarned"]
    assert desk.incident.band("resolve") == "50"


def test_a_hold_before_a_breach_moves_it_and_one_after_it_does_not_undo_it() -> None:
    desk = taken(P2)
    desk.later(9 * HOUR).do(warn(desk, "resolve"))
    assert desk.incident.band("resolve") == "breached"
    due = desk.incident.targets.resolve
    desk.do(HoldIncident(incident=INCIDENT, reason="Waits for parts"), ANA_ACTS)
    desk.later(HOUR).do(ResumeIncident(incident=INCIDENT), ANA_ACTS)
    assert desk.incident.targets.resolve == due
    assert "resolve" not in timers(desk), "told once"


# --- a change of priority --------------------------------------------------------------------


def test_a_new_priority_counts_from_the_opening() -> None:
    """practice 2.3: a change of priority plans the clocks anew from the start."""
    desk = opened(P4)
    desk.later(10 * MINUTE).do(judge(Level.HIGH, Level.HIGH), ANA_ACTS)
    targets = desk.incident.targets
    assert targets.acknowledge == AT + 15 * MINUTE
    assert targets.resolve == AT + 4 * HOUR
    assert targets.update == AT + 5 * MINUTE


def test_warnings_that_a_new_priority_puts_into_the_past_are_one_notice() -> None:
    desk = opened(P4)
    desk.later(HOUR).do(judge(Level.HIGH, Level.HIGH), ANA_ACTS)
    assert timers(desk)["acknowledge"] < 0
    timer = next(one for one in desk.wants(SetTimer) if one.name == "target:acknowledge")
    assert names(desk.do(timer.command)) == ["TargetWarned"]
    assert desk.incident.band("acknowledge") == "breached"
    assert desk.ask(timer.command) == []


def test_a_new_priority_counts_holds_by_its_own_calendar() -> None:
    """P4 runs by office hours, P2 by the clock: an hour on hold is an hour for both by day."""
    desk = held(P4)
    desk.later(HOUR).do(ResumeIncident(incident=INCIDENT), ANA_ACTS)
    desk.do(judge(Level.HIGH, Level.MEDIUM), ANA_ACTS)
    assert desk.incident.priority is Priority.P2
    assert desk.incident.targets.resolve == AT + 9 * HOUR


def test_a_higher_priority_hears_sooner_and_never_later_than_people_were_told() -> None:
    desk = taken(P2)
    next_by = desk.at + 50 * MINUTE
    desk.do(
        PublishUpdate(incident=INCIDENT, words="On it", audience="reporters", next_by=next_by),
        ANA_ACTS,
    )
    heard_at = desk.at
    desk.later(MINUTE).do(judge(Level.HIGH, Level.HIGH), ANA_ACTS)
    assert desk.incident.targets.update == heard_at + 20 * MINUTE
    desk.do(judge(Level.LOW, Level.LOW), ANA_ACTS)
    assert desk.incident.targets.update == heard_at + 20 * MINUTE, "what was promised stands"


def test_only_a_person_lowers_a_priority_and_the_log_names_them() -> None:
    """practice 2.5: a downgrade needs a named person; the house only ever raises."""
    desk = opened(P2)
    more = AddFacts(
        incident=INCIDENT, report=REPORT, category="power", facts=facts(P4), complete=True
    )
    desk.do(more)
    assert desk.incident.priority.value == "P2", "what says less than before changes nothing"
    command = judge(Level.LOW, Level.LOW)
    assert names(desk.ask(command)) == "not_allowed", "not by the house"
    desk.do(command, ANA_ACTS)
    assert desk.incident.priority.value == "P4"


# --- opened again, resolved ------------------------------------------------------------------


def test_clocks_begin_anew_when_it_is_opened_again() -> None:
    desk = resolved(P2)
    again = ReopenIncident(incident=INCIDENT, reason="The fuse blew again")
    desk.later(HOUR).do(again, ANA_ACTS)
    targets = desk.incident.targets
    assert targets.acknowledge == desk.at + HOUR
    assert targets.resolve == desk.at + 8 * HOUR
    assert timers(desk) == {"acknowledge": 30, "update": 54, "resolve": 240}
    desk.later(HOUR).do(judge(Level.LOW, Level.HIGH), ANA_ACTS)
    assert desk.incident.targets.acknowledge == AT + 2 * HOUR + 4 * HOUR + 30 * MINUTE


def test_who_was_promised_another_update_is_still_owed_one_when_it_is_resolved() -> None:
    desk = taken(P2)
    next_by = desk.at + 2 * HOUR
    desk.do(
        PublishUpdate(incident=INCIDENT, words="On it", audience="public", next_by=next_by),
        ANA_ACTS,
    )
    desk.do(ResolveIncident(incident=INCIDENT, note="Works again", call_off=TASKS), ANA_ACTS)
    assert timers(desk) == {"update": 108}
    last = PublishUpdate(incident=INCIDENT, words="All works", audience="public", next_by=None)
    desk.do(last, ANA_ACTS)
    assert timers(desk) == {}


def test_an_update_in_time_moves_its_clock() -> None:
    desk = taken(P2)
    desk.later(30 * MINUTE)
    next_by = desk.at + HOUR
    desk.do(
        PublishUpdate(incident=INCIDENT, words="On it", audience="reporters", next_by=next_by),
        ANA_ACTS,
    )
    assert timers(desk)["update"] == 54
    assert fire(desk, "update") == ["TargetWarned"]
    assert fire(desk, "update") == ["TargetWarned"]
    assert desk.incident.band("update") == "breached"
    desk.do(
        PublishUpdate(
            incident=INCIDENT, words="Late", audience="reporters", next_by=desk.at + HOUR
        ),
        ANA_ACTS,
    )
    assert desk.incident.band("update") == "ok"


def test_taking_needs_no_new_clock() -> None:
    desk = opened(P2)
    desk.do(AcknowledgeIncident(incident=INCIDENT), ANA_ACTS)
    desk.do(TakeIncident(incident=INCIDENT), ANA_ACTS)
    assert timers(desk) == {}


def test_the_card_keeps_its_word_when_opening_hours_change() -> None:
    """practice 2.3: targets stand as they were promised, and their timers are never lost."""
    desk = opened()
    timer = next(one for one in desk.wants(SetTimer) if one.name == "target:acknowledge")
    shut = PLAYBOOK.calendars["office"].model_copy(update={"mon": ()})
    playbook = PLAYBOOK.model_copy(update={"calendars": {**PLAYBOOK.calendars, "office": shut}})
    desk.at = timer.due
    assert names(desk.do(timer.command, playbook=playbook)) == ["TargetWarned"]
    timer = next(one for one in desk.wants(SetTimer) if one.name == "target:acknowledge")
    assert timer.due == desk.incident.targets.acknowledge
    desk.at = timer.due
    assert names(desk.do(timer.command, playbook=playbook)) == ["TargetWarned"]
    assert desk.incident.band("acknowledge") == "breached"
