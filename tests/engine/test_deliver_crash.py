"""The process may die at any await: nothing is lost, and letters are never doubled."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path

import pytest

from bot.engine.ports import Capabilities, RateLimited
from bot.store.memory import MemoryStore
from tests.channel import ScriptedChannel, Step
from tests.clock import VirtualClock
from tests.engine.delivery import Office, office

MINUTE = 60_000
SAID = [f"message {number}" for number in range(4)]


async def everything(one: Office) -> None:
    """Four messages each to two people who fetch and two who are sent to."""
    for text in SAID:
        for who in ("fay", "fred"):
            await one.say(who, text, channel="web", wake=False)
        for who in ("anna", "ben"):
            await one.say(who, text, wake=False)


async def crashed(tmp_path: Path, channel: ScriptedChannel, turns: int) -> Office:
    """Deliver, die after so many turns of the loop, and deliver the rest; all ends."""
    store, clock = MemoryStore(), channel.clock
    async with office(tmp_path, store=store, clock=clock, channel=channel) as one:
        await everything(one)
        one.deliveries.wake()
        await clock.settle(turns)
        await one.crash()
    async with office(tmp_path, store=store, clock=clock, channel=channel, keys=one.keys) as two:
        await two.advance(10 * MINUTE)
        assert set((await two.ends()).values()) == {"delivered"}
        for who in ("fay", "fred"):
            assert [x.text for x in await two.letters(who)] == SAID
        return two


@pytest.mark.parametrize("turns", range(0, 90, 2))
async def test_nothing_is_lost_and_no_letter_is_doubled(tmp_path: Path, turns: int) -> None:
    channel = ScriptedChannel(VirtualClock())
    await crashed(tmp_path, channel, turns)
    for who in ("anna", "ben"):
        arrived = [x for x in channel.places[who] if not x.post.repeat]
        assert [x.post.text for x in arrived if x.post.text in SAID] == [
            text for text in SAID if text in [x.post.text for x in arrived]
        ]
        assert [text for text in SAID if text not in channel.texts(who)] == []
        again = [x.post.text for x in channel.places[who] if x.post.repeat]
        assert len(again) <= 1
        assert len(channel.texts(who)) == len(SAID) + sum(
            channel.texts(who).count(text) - 1 for text in again
        )


@pytest.mark.parametrize("turns", range(0, 90, 3))
async def test_where_messages_can_be_looked_up_nothing_is_ever_doubled(
    tmp_path: Path, turns: int
) -> None:
    channel = ScriptedChannel(VirtualClock(), capabilities=Capabilities(finds=True))
    await crashed(tmp_path, channel, turns)
    assert {who: channel.texts(who) for who in ("anna", "ben")} == {"anna": SAID, "ben": SAID}


async def test_a_send_that_was_in_the_air_at_the_crash_counts_as_unknown(tmp_path: Path) -> None:
    store, clock = MemoryStore(), VirtualClock()
    channel = ScriptedChannel(clock)
    async with office(tmp_path, store=store, clock=clock, channel=channel) as one:
        channel.will(Step(takes=5_000))
        id_ = await one.say("anna", "Hello")
        await one.quiet()
        assert (await one.row(id_))["sending"] == clock.now()
        await one.crash()
    async with office(tmp_path, store=store, clock=clock, channel=channel, keys=one.keys) as two:
        await two.advance(MINUTE)
        assert (await two.row(id_))["reason"] == "may be a repeat"


async def test_a_graceful_end_waits_for_what_is_in_the_air_and_notes_it(tmp_path: Path) -> None:
    store, clock = MemoryStore(), VirtualClock()
    channel = ScriptedChannel(clock)
    async with office(tmp_path, store=store, clock=clock, channel=channel) as one:
        channel.will(Step(takes=2_000))
        id_ = await one.say("anna", "Hello")
        await one.quiet()
        ending = one.desk.machine.deliveries.stop()
        await _while(clock, ending)
        assert (await one.row(id_))["state"] == "delivered"


async def test_a_graceful_end_does_not_wait_for_a_channel_that_hangs(tmp_path: Path) -> None:
    store, clock = MemoryStore(), VirtualClock()
    channel = ScriptedChannel(clock)
    async with office(tmp_path, store=store, clock=clock, channel=channel) as one:
        channel.will(Step(takes=40_000))
        id_ = await one.say("anna", "Hello")
        await one.quiet()
        began = clock.now()
        await _while(clock, one.desk.machine.deliveries.stop())
        assert clock.now() - began <= 4_000
        row = await one.row(id_)
        assert (row["state"], bool(row["sending"])) == ("waiting", True)


async def _while(clock: VirtualClock, ending: Coroutine[None, None, None]) -> None:
    """Let time go by until `ending` has come to its end."""
    task = asyncio.create_task(ending)
    while not task.done():
        await clock.advance(500)
    await task


async def test_a_pause_is_kept_through_a_restart(tmp_path: Path) -> None:
    store, clock = MemoryStore(), VirtualClock()
    channel = ScriptedChannel(clock)
    async with office(tmp_path, store=store, clock=clock, channel=channel) as one:
        channel.will(RateLimited(600))
        id_ = await one.say("anna", "Hello")
        await one.quiet()
        await one.crash()
    async with office(tmp_path, store=store, clock=clock, channel=channel, keys=one.keys) as two:
        await two.advance(8 * MINUTE)
        assert len(channel.calls) == 1
        await two.advance(2 * MINUTE)
        assert (await two.row(id_))["state"] == "delivered"
