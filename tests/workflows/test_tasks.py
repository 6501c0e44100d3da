"""Resources are asked, claim, come and are done; the first claim wins, customers hear of it."""

from collections.abc import Callable

import pytest

from bot.core.commands import Actor, Command, Refused
from bot.core.intents import DropTimer, Ring, Say, SetTimer
from bot.core.texts import When, Who
from tests.workflows.crew import (
    ARRIVE,
    ASK,
    ASKED_AT,
    CANCEL,
    CLAIM,
    DECLINE,
    DEPART,
    DONE,
    LATER,
    RELEASE,
    STEPS,
    called_off,
    closed,
    declined,
    done,
    en_route,
    finished,
    half_filled,
    on_hold,
    on_site,
)
from tests.workflows.desk import (
    ETA,
    RITA,
    RITA_ACTS,
    SAM,
    SAM_ACTS,
    TOM_ACTS,
    Desk,
    asked,
    claimed,
    opened,
    resolved,
    taken,
)
from tests.workflows.kit import (
    ANA,
    ANA_ACTS,
    CHIEF_ACTS,
    CUSTOMER_ACTS,
    DAY,
    HOUR,
    INCIDENT,
    MINUTE,
    names,
)

NO_TASK = CANCEL.model_copy(update={"task": 7})


@pytest.mark.parametrize(
    ("desk", "command", "by", "decided"),
    [
        (asked, CLAIM, RITA_ACTS, ["TaskClaimed"]),
        (on_hold, CLAIM, RITA_ACTS, ["TaskClaimed"]),
        (declined, CLAIM, RITA_ACTS, ["TaskClaimed"]),
        (claimed, CLAIM, RITA_ACTS, "already_yours"),
        (claimed, CLAIM, SAM_ACTS, "lost"),
        (half_filled, CLAIM, SAM_ACTS, ["TaskClaimed"]),
        (half_filled, CLAIM, RITA_ACTS, "already_yours"),
        (done, CLAIM, RITA_ACTS, "already_done"),
        (done, CLAIM, SAM_ACTS, "lost"),
        (called_off, CLAIM, SAM_ACTS, "not_needed"),
        (claimed, LATER, RITA_ACTS, ["EtaRevised"]),
        (en_route, LATER, RITA_ACTS, ["EtaRevised"]),
        (on_site, LATER, RITA_ACTS, "arrived"),
        (claimed, LATER, SAM_ACTS, "not_yours"),
        (claimed, DEPART, RITA_ACTS, ["Departed"]),
        (en_route, DEPART, RITA_ACTS, []),
        (on_site, DEPART, RITA_ACTS, []),
        (asked, DEPART, RITA_ACTS, "not_yours"),
        (claimed, ARRIVE, RITA_ACTS, ["Arrived"]),
        (en_route, ARRIVE, RITA_ACTS, ["Arrived"]),
        (on_site, ARRIVE, RITA_ACTS, []),
        (done, ARRIVE, RITA_ACTS, []),
        (claimed, ARRIVE, SAM_ACTS, "not_yours"),
        (claimed, DONE, RITA_ACTS, "not_arrived"),
        (en_route, DONE, RITA_ACTS, "not_arrived"),
        (on_site, DONE, RITA_ACTS, ["TaskCompleted"]),
        (done, DONE, RITA_ACTS, []),
        (on_site, DONE, SAM_ACTS, "not_yours"),
        (claimed, RELEASE, RITA_ACTS, ["TaskReleased"]),
        (on_site, RELEASE, RITA_ACTS, ["TaskReleased"]),
        (done, RELEASE, RITA_ACTS, "already_done"),
        (asked, RELEASE, RITA_ACTS, "not_yours"),
        (asked, DECLINE, RITA_ACTS, ["TaskDeclined"]),
        (declined, DECLINE, RITA_ACTS, []),
        (claimed, DECLINE, RITA_ACTS, "yours"),
        (claimed, DECLINE, SAM_ACTS, "filled"),
        (asked, CANCEL, ANA_ACTS, ["TaskCancelled"]),
        (on_site, CANCEL, ANA_ACTS, ["TaskCancelled"]),
        (called_off, CANCEL, ANA_ACTS, []),
        (closed, CANCEL, ANA_ACTS, "closed"),
        (asked, NO_TASK, ANA_ACTS, "not_found"),
        (done, CANCEL, ANA_ACTS, "done"),
        (taken, ASK, ANA_ACTS, ["TaskOpened"]),
        (opened, ASK, ANA_ACTS, ["TaskOpened"]),
        (resolved, ASK, ANA_ACTS, "resolved"),
        (finished, CLAIM, SAM_ACTS, "not_needed"),
        (finished, DONE, RITA_ACTS, ["TaskCompleted"]),
        (finished, RELEASE, RITA_ACTS, ["TaskReleased"]),
    ],
)
def test_each_step_from_each_state(
    desk: Callable[[], Desk], command: Command, by: Actor, decided: list[str] | str
) -> None:
    assert names(desk().ask(command, by)) == decided


@pytest.mark.parametrize("command", STEPS)
def test_nobody_is_needed_where_all_is_over(command: Command) -> None:
    assert names(closed().ask(command, RITA_ACTS)) == "not_needed"


@pytest.mark.parametrize("command", [one.model_copy(update={"task": 7}) for one in STEPS])
def test_a_task_that_is_not_there_is_not_found(command: Command) -> None:
    assert names(asked().ask(command, RITA_ACTS)) == "not_found"


def test_agents_ask_and_resources_come() -> None:
    for step in STEPS:
        for stranger in (ANA_ACTS, CHIEF_ACTS, CUSTOMER_ACTS):
            assert names(claimed().ask(step, stranger)) == "not_allowed"
    assert names(claimed().ask(ASK, RITA_ACTS)) == "not_allowed"
    assert names(claimed().ask(CANCEL, RITA_ACTS)) == "not_allowed"


# --- claiming --------------------------------------------------------------------------------


def test_the_loser_is_told_who_was_faster_and_when_they_will_be_there() -> None:
    refused = claimed().ask(CLAIM, SAM_ACTS)
    assert isinstance(refused, Refused)
    expected = {"who": Who(person=RITA), "time": When(at=ASKED_AT), "eta": When(at=ETA)}
    assert refused.text.args == expected


def test_nobody_is_said_to_come_who_is_there_already() -> None:
    refused = done().ask(CLAIM, SAM_ACTS)
    assert isinstance(refused, Refused)
    assert refused.text.args == {"who": Who(person=RITA), "time": When(at=ASKED_AT)}


def test_of_several_places_the_last_taken_is_named() -> None:
    desk = half_filled()
    desk.later(MINUTE).do(CLAIM.model_copy(update={"eta": ETA + HOUR}), SAM_ACTS)
    refused = desk.ask(CLAIM, TOM_ACTS)
    assert isinstance(refused, Refused)
    assert refused.text.args["who"] == Who(person=SAM)


@pytest.mark.parametrize(
    ("eta", "decided"),
    [
        (ASKED_AT, ["TaskClaimed"]),
        (ASKED_AT - MINUTE, ["TaskClaimed"]),
        (ASKED_AT + 7 * DAY, ["TaskClaimed"]),
        (ASKED_AT - MINUTE - 1, "eta_past"),
        (0, "eta_past"),
        (-1, "eta_past"),
        (ASKED_AT + 7 * DAY + 1, "eta_far"),
        (10**18, "eta_far"),
    ],
)
def test_a_time_of_arrival_lies_between_now_and_a_week_ahead(
    eta: int, decided: list[str] | str
) -> None:
    assert names(asked().ask(CLAIM.model_copy(update={"eta": eta}), RITA_ACTS)) == decided
    asked_for = LATER.model_copy(update={"eta": eta})
    revised = ["EtaRevised"] if isinstance(decided, list) else decided
    assert names(claimed().ask(asked_for, RITA_ACTS)) == revised


def test_a_time_that_slipped_by_while_it_was_typed_is_now() -> None:
    desk = claimed(eta=ASKED_AT - 30_000)
    assert desk.incident.tasks[0].places[0].eta == ASKED_AT


def test_the_same_time_again_changes_nothing() -> None:
    assert claimed().ask(LATER.model_copy(update={"eta": ETA}), RITA_ACTS) == []


def test_a_claim_sets_the_alarm_and_stops_the_asking() -> None:
    desk = claimed()
    timer = desk.wants(SetTimer)[0]
    assert (timer.name, timer.due) == (f"eta:1:{RITA}", ETA + 5 * MINUTE)
    assert DropTimer(name="claim:1") in desk.intents
    assert DropTimer(name="claim:1") not in half_filled().intents, "one more is wanted"


# --- what customers hear ---------------------------------------------------------------------


def test_customers_hear_of_every_change_and_never_a_name() -> None:
    desk = claimed()
    assert desk.says() == [("reporters", "Help is coming: {who}, expected at {time}.")]
    desk.do(LATER, RITA_ACTS)
    assert desk.says() == [("reporters", "There is a new time: {who}, expected at {time}.")]
    desk.do(DEPART, RITA_ACTS)
    assert desk.says() == []
    desk.do(ARRIVE, RITA_ACTS)
    assert desk.says() == [("reporters", "Help has arrived: {who}.")]


def test_a_new_time_replaces_one_that_has_not_gone_out() -> None:
    desk = claimed()
    family = f"eta:{INCIDENT}:1:{RITA}"
    assert [one.supersedes for one in desk.wants(Say)] == [family]
    desk.do(LATER, RITA_ACTS)
    assert [one.supersedes for one in desk.wants(Say)] == [family]
    desk.do(ARRIVE, RITA_ACTS)
    assert [one.supersedes for one in desk.wants(Say)] == [""]


def test_what_customers_hear_is_no_news_for_ever() -> None:
    desk = claimed()
    assert [one.until for one in desk.wants(Say)] == [ETA + HOUR]
    for command in (ARRIVE, RELEASE):
        desk.do(command, RITA_ACTS)
        assert [one.until for one in desk.wants(Say)] == [desk.at + DAY]
    desk = called_off()
    assert {one.until for one in desk.wants(Say)} == {desk.at + DAY}


def test_when_somebody_cannot_come_after_all_customers_are_not_left_waiting() -> None:
    desk = claimed()
    desk.do(RELEASE, RITA_ACTS)
    assert "we are asking somebody else to come" in desk.says()[0][1]
    two = half_filled()
    two.do(CLAIM, SAM_ACTS)
    two.do(RELEASE, RITA_ACTS)
    assert two.says() == [], "Sam still comes"
    desk = claimed()
    desk.do(CANCEL, ANA_ACTS)
    assert "not needed any more" in desk.says()[0][1]
    desk = asked()
    desk.do(CANCEL, ANA_ACTS)
    assert desk.says() == [], "they were promised nobody"


def test_the_skill_tells_customers_who_comes() -> None:
    desk = opened()
    desk.do(CLAIM, RITA_ACTS)
    assert desk.wants(Say)[0].text.args["who"].by["en"] == "Electrician"


# --- arriving --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("late", "kept"), [(-HOUR, True), (0, True), (5 * MINUTE, True), (5 * MINUTE + 1, False)]
)
def test_whether_a_stated_time_was_kept_is_recorded(late: int, kept: bool) -> None:
    desk = claimed()
    desk.at = ETA + late
    desk.do(ARRIVE, RITA_ACTS)
    arrived = desk.events[-1]
    assert (getattr(arrived, "eta", 0), getattr(arrived, "kept", None)) == (ETA, kept)
    assert DropTimer(name=f"eta:1:{RITA}") in desk.intents


def test_the_owner_follows_what_resources_do() -> None:
    for desk, command, why in [
        (asked(), CLAIM, "task_claimed"),
        (claimed(), LATER, "eta_revised"),
        (claimed(), ARRIVE, "arrived"),
        (on_site(), DONE, "task_completed"),
        (claimed(), RELEASE, "released"),
        (asked(), DECLINE, "task_declined"),
    ]:
        desk.do(command, RITA_ACTS)
        assert Ring(person=ANA, why=why) in desk.intents


def test_without_an_owner_the_supervisors_follow() -> None:
    desk = opened()
    desk.do(CLAIM, RITA_ACTS)
    assert Ring(role="supervisor", why="task_claimed") in desk.intents


def test_a_note_at_the_end_may_be_left_out() -> None:
    desk = on_site()
    desk.do(DONE.model_copy(update={"note": " \n"}), RITA_ACTS)
    assert getattr(desk.events[-1], "note", 0) is None
    assert names(on_site().ask(DONE.model_copy(update={"note": "x" * 2001}), RITA_ACTS)) == (
        "too_long"
    )


@pytest.mark.parametrize(("raw", "code"), [("", "empty"), ("no", "too_short")])
def test_a_reason_is_a_reason(raw: str, code: str) -> None:
    for desk, command, by in [
        (claimed(), RELEASE, RITA_ACTS),
        (asked(), DECLINE, RITA_ACTS),
        (asked(), CANCEL, ANA_ACTS),
    ]:
        assert names(desk.ask(command.model_copy(update={"reason": raw}), by)) == code
