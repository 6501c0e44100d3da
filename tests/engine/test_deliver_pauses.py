"""Pauses: as long as the platform named, whatever it named, and one goes ahead to see."""

from email.utils import formatdate

import pytest

from bot.engine.deliver_pauses import Pauses, backoff, named_wait
from bot.engine.ports import Misconfigured, Outage, RateLimited
from bot.store.base import Put

NOW = 1_767_225_600_000
DAY = 24 * 3_600_000


def half(count: int) -> bytes:
    return b"\x80" * count


@pytest.mark.parametrize(
    ("raw", "wait"),
    [
        (1, 1_000),
        (3600, 3_600_000),
        ("30", 30_000),
        (" 2.5 ", 2_500),
        (0, 1_000),
        ("0", 1_000),
        (10**400, DAY),
        (1e300, DAY),
        ("999999999999", DAY),
        (formatdate((NOW + 90_000) / 1000, usegmt=True), 90_000),
        (-5, None),
        (None, None),
        ("", None),
        ("soon", None),
        ("nan", None),
        (float("inf"), None),
        (True, None),
        ([30], None),
        (formatdate((NOW - 90_000) / 1000, usegmt=True), None),
    ],
    ids=lambda one: repr(one)[:30],
)
def test_any_retry_after_is_understood_or_left(raw: object, wait: int | None) -> None:
    assert named_wait(raw, NOW) == wait


def test_nonsense_means_a_wait_of_our_own_that_grows() -> None:
    pauses = Pauses(half)
    now, waits = NOW, []
    for _ in range(4):
        pause = pauses.paused("test", "anna", RateLimited("soon"), now)
        waits.append(pause.until - now)
        now = pause.until
    assert waits == sorted(waits)
    assert waits[0] >= 2_500
    assert waits[-1] > 4 * waits[0]


def test_a_limit_pauses_its_destination_alone_until_the_time_that_was_named() -> None:
    pauses = Pauses(half)
    pauses.paused("test", "anna", RateLimited(30), NOW)
    assert pauses.free_at("test", "anna", NOW) == NOW + 30_000
    assert pauses.free_at("test", "ben", NOW) == NOW


def test_a_limit_on_the_whole_channel_pauses_everybody() -> None:
    pauses = Pauses(half)
    pauses.paused("test", "anna", RateLimited(30, whole=True), NOW)
    assert pauses.free_at("test", "ben", NOW) == NOW + 30_000
    assert pauses.free_at("other", "ben", NOW) == NOW


def test_after_a_pause_one_message_goes_ahead_and_the_others_wait_for_it() -> None:
    pauses = Pauses(half)
    until = pauses.paused("test", "anna", Outage("down"), NOW).until
    assert pauses.free_at("test", "ben", until) == until
    pauses.begin("test", "ben")
    assert pauses.free_at("test", "anna", until) is None
    assert [one.why for one in pauses.arrived("test", "ben")] == ["outage"]
    assert pauses.free_at("test", "anna", until) == until
    assert pauses.all == ()


def test_many_that_were_on_their_way_prolong_a_pause_only_once() -> None:
    pauses = Pauses(half)
    first = pauses.paused("test", "anna", Outage("down"), NOW)
    again = [pauses.paused("test", f"p{n}", Outage("down"), NOW + 1) for n in range(50)]
    assert {one.step for one in again} == {first.step}
    assert again[-1].until <= NOW + 2_000


def test_an_outage_is_looked_at_at_least_each_minute() -> None:
    pauses = Pauses(half)
    now = NOW
    for _ in range(40):
        pause = pauses.paused("test", "", Outage("down"), now)
        assert pause.until - now <= 60_000
        now = pause.until


def test_pauses_outlive_a_restart_but_new_settings_are_tried_at_once() -> None:
    pauses = Pauses(half)
    pauses.paused("test", "anna", RateLimited(300), NOW)
    pauses.paused("test", "", Misconfigured("token revoked", whole=True), NOW)
    rows = [op.row for op in pauses.taken() if isinstance(op, Put)]
    fresh = Pauses(half)
    for row in rows:
        fresh.load(row, NOW + 5)
    assert fresh.free_at("test", "anna", NOW + 5) == NOW + 300_000
    assert fresh.free_at("test", "ben", NOW + 5) == NOW + 5
    assert [(one.why, one.detail) for one in fresh.all] == [
        ("rate", "The platform asks us to send more slowly."),
        ("settings", "token revoked"),
    ]


def test_backoff_doubles_stays_under_its_most_and_is_never_in_step() -> None:
    chances = iter([b"\x00\x00", b"\xff\xff", b"\x00\x00", b"\xff\xff"])
    waits = [backoff(step, 1_000, 60_000, lambda count: next(chances)) for step in (0, 0, 30, 30)]
    assert waits == [500, 1_000, 30_000, 60_000]
