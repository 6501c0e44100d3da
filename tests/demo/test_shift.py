"""The time of a shift: the past at once and in order, then minute by minute of the clock."""

import asyncio

from bot.core.calendar import MINUTE
from bot.demo.shift import Shift
from tests.clock import VirtualClock


def _fails(trouble: BaseException) -> None:
    raise AssertionError from trouble


async def _told(shift: Shift, told: list[str], name: str, *minutes: float) -> None:
    for minute in minutes:
        await shift.until(minute)
        told.append(f"{name}{minute:g}")


async def test_the_past_is_played_in_order_without_waiting_for_the_clock() -> None:
    clock, told = VirtualClock(), list[str]()
    shift = Shift(clock, -60, _fails)
    shift.begin(_told(shift, told, "a", -50, -20), -60)
    shift.begin(_told(shift, told, "b", -40, -10), -60)
    before = clock.now()
    await shift.run()
    assert told == ["a-50", "b-40", "a-20", "b-10"]
    assert clock.now() == before


async def test_after_that_a_minute_is_a_minute() -> None:
    clock, told = VirtualClock(), list[str]()
    shift = Shift(clock, -1, _fails)
    shift.begin(_told(shift, told, "a", 0, 2), -1)
    playing = asyncio.create_task(shift.run())
    await clock.settle()
    assert told == ["a0"]
    await clock.advance(2 * MINUTE - 1)
    assert told == ["a0"]
    await clock.advance(1)
    assert told == ["a0", "a2"]
    await playing


async def test_a_part_that_fails_is_told_and_the_others_go_on() -> None:
    troubles, told = list[BaseException](), list[str]()
    shift = Shift(VirtualClock(), -10, troubles.append)

    async def breaks() -> None:
        raise ValueError("broken")

    shift.begin(breaks(), -9)
    shift.begin(_told(shift, told, "a", -5), -9)
    await shift.run()
    assert [str(one) for one in troubles] == ["broken"]
    assert told == ["a-5"]


async def test_a_part_may_begin_another_one() -> None:
    told = list[str]()
    shift = Shift(VirtualClock(), -10, _fails)

    async def begins() -> None:
        shift.begin(_told(shift, told, "b", -2), shift.now)
        await _told(shift, told, "a", -3)

    shift.begin(begins(), -9)
    await shift.run()
    assert told == ["a-3", "b-2"]


async def test_whoever_waits_is_let_go_when_the_shift_is_stopped() -> None:
    clock, ended = VirtualClock(), list[str]()
    shift = Shift(clock, -1, _fails)

    async def waits() -> None:
        try:
            await shift.pause(100)
        finally:
            ended.append("yes")

    shift.begin(waits(), -1)
    playing = asyncio.create_task(shift.run())
    await clock.settle()
    playing.cancel()
    await asyncio.gather(playing, return_exceptions=True)
    assert ended == ["yes"]
