"""Practice 1.4 and 5.1: bids with times of arrival, from which somebody chooses, losers told."""

import pytest

from bot.core import resource_words as rw
from bot.core.commands import Actor, Command, Refused
from bot.core.incident_commands import CancelTask, ClaimTask, DeclineTask, ReleaseTask
from bot.core.intents import DropTimer, Ring
from bot.core.rules import Decision
from bot.core.texts import Who
from tests.workflows.calls import NOBODY, Crewed, award, bids, resource, wanted
from tests.workflows.desk import RITA, RITA_ACTS, SAM, SAM_ACTS, TOM, TOM_ACTS
from tests.workflows.kit import ANA, ANA_ACTS, BEN_ACTS, CHIEF_ACTS, HOUR, INCIDENT, MINUTE, names

BACK = rw.TakeBackBid(incident=INCIDENT, task=1)


def bid(eta: int, note: str = "") -> rw.BidForTask:
    return rw.BidForTask(incident=INCIDENT, task=1, eta=eta, note=note)


@pytest.mark.parametrize(
    ("command", "by", "decided"),
    [
        (bid(0), RITA_ACTS, "eta_past"),
        (bid(10**15), RITA_ACTS, "eta_far"),
        (ClaimTask(incident=INCIDENT, task=1, eta=0), RITA_ACTS, "bids"),
        (BACK, RITA_ACTS, ["BidTakenBack"]),
        (BACK, BEN_ACTS, "not_allowed"),
        (bid(0), ANA_ACTS, "not_allowed"),
    ],
)
def test_each_step_while_bids_are_open(command: Command, by: Actor, decided: object) -> None:
    assert names(bids().ask(command, by)) == decided


def test_bids_are_taken_only_where_they_are_asked_for() -> None:
    desk = wanted()
    assert names(desk.ask(bid(desk.at + HOUR), RITA_ACTS)) == "no_bids"


def test_a_second_bid_takes_the_place_of_the_first_and_the_same_one_is_no_news() -> None:
    desk = bids()
    later = bid(desk.at + 2 * HOUR, "Stuck in traffic")
    assert names(desk.do(later, RITA_ACTS)) == ["BidMade"]
    task = desk.incident.tasks[0]
    assert [one.person for one in task.call.nearest] == [SAM, TOM, RITA]
    assert len(task.call.bids) == 3
    assert desk.ask(bid(desk.at + 2 * HOUR), RITA_ACTS) == []
    assert Ring(person=ANA, why="bid_made") in desk.intents


def test_practice_1_4_the_chosen_one_is_briefed_and_every_loser_told_once_who_comes() -> None:
    desk = bids()
    assert names(desk.do(award(desk, RITA), ANA_ACTS)) == [
        "TaskAwarded",
        "TaskClaimed",
        "ResourcesFreed",
    ]
    briefed, *freed = desk.paged()
    assert briefed[0] == (RITA,)
    assert [who for who, _ in freed] == [(SAM,), (TOM,)]
    assert all("You are free. Thank you" in text for _, text in freed)
    audience, words = desk.says()[0]
    assert (audience, words[:15]) == ("reporters", "Help is coming:")
    assert desk.incident.tasks[0].call.bids == ()
    assert DropTimer(name="claim:1") in desk.intents


def test_two_who_choose_at_once_get_one_winner() -> None:
    desk = bids()
    first, second = award(desk, RITA), award(desk, SAM)
    desk.do(first, ANA_ACTS)
    refused = desk.ask(second, CHIEF_ACTS)
    assert isinstance(refused, Refused)
    assert (refused.code, refused.text.args["who"]) == ("taken", Who(person=RITA))
    assert names(desk.ask(first, BEN_ACTS)) == "taken"


def test_a_bid_that_was_taken_back_at_that_moment_is_not_awarded() -> None:
    desk = bids()
    chosen = award(desk, SAM)
    desk.do(BACK, SAM_ACTS)
    assert names(desk.ask(chosen, ANA_ACTS)) == "no_bid"


def test_a_bid_that_changed_meanwhile_is_looked_at_again_first() -> None:
    desk = bids()
    chosen = award(desk, SAM)
    desk.do(bid(desk.at + 3 * HOUR), SAM_ACTS)
    assert names(desk.ask(chosen, ANA_ACTS)) == "overtaken"


def test_who_bids_after_the_award_hears_who_was_chosen() -> None:
    desk = bids()
    desk.do(award(desk, RITA), ANA_ACTS)
    refused = desk.ask(bid(desk.at + MINUTE), TOM_ACTS)
    assert isinstance(refused, Refused)
    assert (refused.code, refused.text.args["who"]) == ("lost", Who(person=RITA))
    assert names(desk.ask(BACK, RITA_ACTS)) == "yours"
    assert desk.ask(BACK, TOM_ACTS) == []


def test_of_several_places_bids_stay_until_all_are_taken() -> None:
    desk = bids(needed=2)
    assert names(desk.do(award(desk, RITA), ANA_ACTS)) == ["TaskAwarded", "TaskClaimed"]
    assert [one.person for one in desk.incident.tasks[0].call.nearest] == [SAM, TOM]
    done = desk.do(award(desk, TOM), ANA_ACTS)
    assert names(done) == ["TaskAwarded", "TaskClaimed", "ResourcesFreed"]
    assert desk.paged()[-1][0] == (SAM,)


# --- the time is up ----------------------------------------------------------------------------


def closing(desk: Crewed) -> Decision:
    command = wanted("bids").timer("claim:1").command
    desk.at += 10 * MINUTE
    return desk.do(command)


def test_when_the_time_is_up_the_nearest_comes_by_itself() -> None:
    desk = bids()
    assert names(closing(desk)) == ["TaskAwarded", "TaskClaimed", "ResourcesFreed"]
    place = desk.incident.tasks[0].places[0]
    assert place.person == SAM


def test_nobody_is_chosen_who_left_while_the_bids_were_open() -> None:
    desk = bids()
    desk.crew = NOBODY.model_copy(update={"people": (resource(TOM),)})
    closing(desk)
    assert [one.person for one in desk.incident.tasks[0].places] == [TOM]


def test_a_server_that_slept_for_three_days_lets_the_nearest_come_from_now() -> None:
    desk = bids()
    desk.at += 72 * HOUR
    closing(desk)
    assert desk.incident.tasks[0].places[0].eta == desk.at


def test_no_bid_in_time_calls_the_owner_and_the_next_ring() -> None:
    desk = wanted("bids")
    assert names(desk.ring_timer("claim:1")) == ["TaskExpired"]
    assert desk.paged()[0][0] == (ANA,)
    assert desk.incident.tasks[0].rounds == 1
    assert names(desk.ring_timer("claim:1")) == ["TaskExpired"], "and never falls silent"


def test_a_place_given_back_opens_the_bids_anew() -> None:
    desk = bids()
    desk.do(award(desk, SAM), ANA_ACTS)
    desk.later(MINUTE).do(ReleaseTask(incident=INCIDENT, task=1, reason="Van broken"), SAM_ACTS)
    assert desk.timer("claim:1").due == desk.at + 10 * MINUTE
    assert names(desk.ask(bid(desk.at + HOUR), TOM_ACTS)) == ["BidMade"]


def test_whoever_bid_is_stood_down_with_thanks_and_who_declines_bids_no_more() -> None:
    desk = bids()
    desk.do(DeclineTask(incident=INCIDENT, task=1, reason="Too far"), TOM_ACTS)
    desk.do(CancelTask(incident=INCIDENT, task=1, reason="Works again"), ANA_ACTS)
    told = desk.paged()
    assert [who for who, _ in told] == [(RITA,), (SAM,)]
    assert all(text.startswith("Stand down") for _, text in told)
