"""Token buckets: so many at once, then so many a minute, each key for itself."""

from hypothesis import given
from hypothesis import strategies as st

from bot.engine.limits import Limiter, Rate, household
from tests.clock import VirtualClock


def limiter(
    burst: int = 3, per_minute: float = 60, most: int = 100
) -> tuple[Limiter, VirtualClock]:
    clock = VirtualClock()
    return Limiter(clock, Rate(burst, per_minute), most), clock


async def test_so_many_at_once_and_then_as_the_minutes_go_by() -> None:
    limit, clock = limiter()
    assert [limit.wait("a") for _ in range(3)] == [0, 0, 0]
    assert limit.wait("a") == 1
    await clock.advance(1000)
    assert limit.wait("a") == 0
    assert limit.wait("a") > 0


async def test_a_long_rest_fills_the_bucket_and_no_further() -> None:
    limit, clock = limiter()
    await clock.advance(3_600_000)
    assert [limit.wait("a") > 0 for _ in range(4)] == [False, False, False, True]


def test_keys_do_not_know_of_each_other() -> None:
    limit, _ = limiter(burst=1)
    assert limit.wait("a") == 0
    assert limit.wait("b") == 0
    assert limit.wait("a") > 0


def test_memory_is_bounded_and_the_longest_unused_is_forgotten_first() -> None:
    limit, _ = limiter(burst=1, most=2)
    for key in ("a", "b", "c"):
        limit.wait(key)
    assert limit.wait("c") > 0
    assert limit.wait("a") == 0


@given(st.lists(st.integers(0, 5000), max_size=60))
def test_no_pattern_of_presses_gets_more_than_the_rate(pauses: list[int]) -> None:
    limit, clock = limiter(burst=5, per_minute=30)
    allowed = 0
    for pause in pauses:
        clock.jump(pause)
        allowed += limit.wait("a") == 0
    assert allowed <= 5 + sum(pauses) / 2000 + 1


def test_one_line_is_one_household_however_many_addresses_it_has() -> None:
    assert household("192.0.2.1") == "192.0.2.1"
    assert household("2001:db8:1:2::1") == household("2001:db8:1:2:ffff::9")
    assert household("2001:db8:1:2::1") != household("2001:db8:1:3::1")
    assert household("") == ""
    assert household("unix socket") == "unix socket"
