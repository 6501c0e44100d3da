"""Pace: no stretch of time holds more than a limit allows, and bulk leaves room."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.core.intents import Lane
from bot.engine.deliver_pace import Pacer
from bot.engine.ports import Act, Limit

BEGAN = 1_000_000
LONG_UP = BEGAN + 10_000_000
SECOND = Limit("chat", 1, 1_000)
ALL = Limit("all", 30, 1_000)


def sent(pacer: Pacer, lane: Lane, at: int, *own: Limit, act: Act = "send") -> int:
    """Send as soon as it is allowed, from `at` on; when that was."""
    while (free := max(pacer.shared_at(act, lane, at), pacer.own_at(act, own, at))) > at:
        at = free
    slot = pacer.take(act, lane, at)
    pacer.take_own(slot, act, own, at)
    slot.at = at
    return at


@given(
    st.integers(1, 5),
    st.integers(10, 2_000),
    st.lists(
        st.tuples(st.integers(0, 500), st.sampled_from(["reply", "bulk"])), min_size=1, max_size=60
    ),
)
def test_no_stretch_of_time_holds_more_than_the_limit(
    most: int, per: int, wishes: list[tuple[int, Lane]]
) -> None:
    limit = Limit("all", most, per)
    pacer = Pacer((limit,), BEGAN)
    now, times = LONG_UP, []
    for pause, lane in wishes:
        now = sent(pacer, lane, now + pause)
        times.append(now)
    for index, late in enumerate(times[most:]):
        assert late - times[index] >= per


def test_a_destination_has_its_own_pace_and_slows_nobody_else() -> None:
    pacer = Pacer((ALL,), BEGAN)
    anna, ben = Limit("anna", 1, 1_000), Limit("ben", 1, 1_000)
    assert sent(pacer, "reply", LONG_UP, anna) == LONG_UP
    assert sent(pacer, "reply", LONG_UP, anna) == LONG_UP + 1_000
    assert sent(pacer, "reply", LONG_UP, ben) == LONG_UP


def test_bulk_comes_evenly_and_takes_at_most_four_fifths() -> None:
    pacer = Pacer((Limit("all", 10, 1_000),), BEGAN)
    now = LONG_UP
    times = [now := sent(pacer, "bulk", now) for _ in range(40)]
    gaps = {late - early for early, late in pairwise(times)}
    assert gaps == {125}
    assert sum(time < LONG_UP + 1_000 for time in times) == 8


def test_whatever_is_more_pressing_than_bulk_waits_for_one_place_at_most() -> None:
    pacer = Pacer((Limit("all", 10, 1_000),), BEGAN)
    now = LONG_UP
    for _ in range(40):
        now = sent(pacer, "bulk", now)
    asked = now
    for _ in range(30):
        was_asked, asked = asked, sent(pacer, "card", asked)
        assert asked - was_asked <= 125


def test_edits_count_only_where_the_limit_says_so() -> None:
    pacer = Pacer((Limit("edits", 1, 60_000, acts=("edit",)),), BEGAN)
    assert sent(pacer, "card", LONG_UP, act="edit") == LONG_UP
    assert sent(pacer, "card", LONG_UP, act="send") == LONG_UP
    assert sent(pacer, "card", LONG_UP, act="edit") == LONG_UP + 60_000


def test_right_after_the_start_places_come_free_one_by_one() -> None:
    """Nobody knows how much the process before had sent."""
    group = Limit("group", 20, 60_000)
    pacer = Pacer((), BEGAN)
    times = [sent(pacer, "card", BEGAN, group) for _ in range(3)]
    assert times == [BEGAN + 3_000, BEGAN + 6_000, BEGAN + 9_000]


def test_a_send_that_did_not_happen_gives_its_place_back() -> None:
    pacer = Pacer((SECOND,), BEGAN)
    pacer.take("send", "reply", LONG_UP).give_back()
    assert pacer.shared_at("send", "reply", LONG_UP) == LONG_UP


def test_a_send_counts_from_when_it_begins_not_from_when_it_was_allowed() -> None:
    pacer = Pacer((SECOND,), BEGAN)
    slot = pacer.take("send", "reply", LONG_UP)
    assert pacer.shared_at("send", "reply", LONG_UP + 900) > LONG_UP + 900
    slot.at = LONG_UP + 900
    assert pacer.shared_at("send", "reply", LONG_UP + 1_500) == LONG_UP + 1_900


def test_windows_in_which_nothing_happened_are_let_go() -> None:
    pacer = Pacer((), BEGAN)
    for number in range(100):
        sent(pacer, "reply", LONG_UP, Limit(f"chat{number}", 1, 1_000))
    pacer.forget(LONG_UP + 500)
    assert len(pacer._windows) == 100
    pacer.forget(LONG_UP + 1_000)
    assert len(pacer._windows) == 0
