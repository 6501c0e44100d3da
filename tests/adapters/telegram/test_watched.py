"""What is put into a chat goes one after the other, and not at all while Telegram asks for time."""

import asyncio
from dataclasses import replace

import pytest

from bot.engine.ports import RateLimited
from tests.adapters.telegram.kit import ANA, BEN, NEWS, desk

NEXT = replace(NEWS, delivery="outbox-2", text="They are there.")


async def test_what_was_to_follow_a_message_that_is_refused_for_now_waits_with_it() -> None:
    async with desk(pace=True) as here:
        here.telegram.fails("sendMessage", retry_after=7)
        both = (here.channel.send(ANA, NEWS), here.channel.send(ANA, NEXT))
        first, second = await asyncio.gather(*both, return_exceptions=True)
        assert isinstance(first, RateLimited)
        assert isinstance(second, RateLimited)
        assert (first.retry_after, second.retry_after) == (7, 7)
        assert await here.channel.send(BEN, NEWS)  # Nobody else waits with them.
        here.clock.jump(3_500)
        with pytest.raises(RateLimited) as asked:
            await here.channel.send(ANA, NEWS)
        assert asked.value.retry_after == 4
        assert here.telegram.violations == []
        here.clock.jump(3_500)
        assert await here.channel.send(ANA, NEWS)
        assert here.texts(ANA) == [NEWS.text]


async def test_messages_stand_in_the_order_in_which_they_were_sent() -> None:
    async with desk() as here:
        here.telegram.fails("sendMessage", delay=500)
        slow = asyncio.create_task(here.channel.send(ANA, NEWS))
        quick = asyncio.create_task(here.channel.send(ANA, NEXT))
        while not quick.done():
            await asyncio.sleep(0)
            await here.clock.advance(100)
        await slow
        assert here.texts(ANA) == [NEWS.text, NEXT.text]
