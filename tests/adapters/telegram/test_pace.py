"""The last word on a chat's pace: what the house does not count, counts here."""

import asyncio

from bot.adapters.telegram.pace import Pace
from bot.core.ids import Millis
from tests.clock import VirtualClock

ANA, TEAM = "11", "-1001"


async def turns(clock: VirtualClock, pace: Pace, chat: str, *beyond: bool) -> list[Millis]:
    """When each of these could go, one after the other, counted from now."""
    began, went = clock.now(), list[Millis]()
    for each in beyond:
        turn = asyncio.create_task(pace.turn(chat, each))
        await clock.settle()
        while not turn.done():
            assert clock.next_due is not None
            await clock.advance(clock.next_due - clock.now())
        went.append(clock.now() - began)
    return went


async def test_after_a_part_that_the_house_does_not_count_the_next_ones_wait_here() -> None:
    clock = VirtualClock()
    pace = Pace(clock)
    assert await turns(clock, pace, TEAM, False, True, False, False) == [0, 3_100, 6_200, 9_300]
    assert await turns(clock, pace, ANA, False, True, True, False) == [0, 0, 0, 3_300]


async def test_what_the_house_counts_alone_is_left_to_the_house() -> None:
    clock = VirtualClock()
    pace = Pace(clock)
    assert await turns(clock, pace, TEAM, False, False, False) == [0, 0, 0]
    assert await turns(clock, pace, TEAM, True) == [3_100]
    await clock.advance(2 * 60_000)
    assert await turns(clock, pace, TEAM, False, False) == [0, 0]


async def test_of_very_many_chats_the_oldest_are_forgotten() -> None:
    clock = VirtualClock()
    pace = Pace(clock)
    for number in range(10_010):
        await pace.turn(str(number + 1))
    assert len(pace._given) == 10_000
