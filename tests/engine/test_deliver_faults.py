"""Whatever a channel does: once its faults stop, everything has a named end, in order, at pace."""

import random
from pathlib import Path

import pytest

from bot.core.intents import Lane
from bot.engine.deliver_lines import LANES
from bot.engine.ports import (
    AnswerLost,
    Blocked,
    Capabilities,
    Limit,
    Misconfigured,
    Outage,
    Post,
    RateLimited,
    Unsendable,
)
from bot.store.memory import MemoryStore
from tests.channel import FINE, HANGS, ScriptedChannel, Step
from tests.clock import VirtualClock
from tests.engine.delivery import ENDS, Office, office

SECOND = 1_000
MINUTE = 60_000
WHO = ("anna", "ben", "cleo", "dan")
RAW: tuple[object, ...] = (0, 1, 7, 30, -3, None, "2", "soon", "Thu, 01 Jan 1970 00:00:00 GMT")


class Storm:
    """Faults by chance, until `over`."""

    def __init__(self, seed: int, share: float) -> None:
        self.chance = random.Random(seed)
        self.share = share
        self.over = False

    def __call__(self, act: str, address: str, post: Post | None) -> Step | None:
        if self.over or self.chance.random() > self.share:
            return FINE
        return self.chance.choice(
            [
                Step(RateLimited(self.chance.choice(RAW), whole=self.chance.random() < 0.2)),
                Step(Outage("HTTP 502", whole=self.chance.random() < 0.5)),
                Step(Misconfigured("missing scope")),
                Step(AnswerLost(), happens=True),
                Step(AnswerLost(), happens=False),
                Step(Unsendable("odd"), takes=300),
                Step(Unsendable("odd", final=True)),
                Step(Blocked()),
                Step(takes=self.chance.randrange(5_000)),
                Step(Outage("gateway", sure=False), takes=2_000, happens=True),
                HANGS,
            ]
        )


def scripted(clock: VirtualClock, storm: Storm, finds: bool) -> ScriptedChannel:
    shared = (Limit("all", 5, SECOND), Limit("minute", 120, MINUTE))
    own = (Limit("chat", 1, SECOND), Limit("burst", 20, MINUTE))
    known = Capabilities(finds=finds, shared=shared)
    return ScriptedChannel(clock, capabilities=known, own=own, plan=storm)


async def talk(one: Office, chance: random.Random, number: int) -> None:
    """One more thing to say, to somebody, in some lane."""
    lane: Lane = chance.choice(LANES)
    until = one.clock.now() + chance.randrange(20 * MINUTE) if chance.random() < 0.1 else None
    family = f"f{chance.randrange(2)}" if lane == "bulk" and chance.random() < 0.4 else ""
    await one.say(chance.choice(WHO), f"{number:03} {lane}", lane, until=until, supersedes=family)


async def named_ends(one: Office) -> None:
    ends = await one.ends()
    assert set(ends.values()) <= set(ENDS), ends
    dead = await one.store.select("outbox", {"state": "dead"}, limit=1000)
    assert all(row["reason"] for row in dead)
    assert one.deliveries.waiting == 0
    assert one.deliveries.health() == ()


def in_order(channel: ScriptedChannel) -> None:
    """Safety apart, whoever hears two things hears them in the order of decision."""
    for who in WHO:
        texts = [text for text in channel.texts(who) if "safety" not in text]
        first = list(dict.fromkeys(texts))
        assert first == sorted(first)


@pytest.mark.parametrize("seed", range(24))
async def test_every_row_ends_in_order_and_no_limit_is_exceeded(tmp_path: Path, seed: int) -> None:
    clock, chance = VirtualClock(), random.Random(1000 + seed)
    storm = Storm(seed, share=chance.choice([0.1, 0.3, 0.6, 0.9]))
    channel = scripted(clock, storm, finds=bool(seed % 2))
    async with office(tmp_path, clock=clock, channel=channel) as one:
        for number in range(60):
            await talk(one, chance, number)
            if chance.random() < 0.3:
                await one.advance(chance.randrange(3 * SECOND))
        await one.advance(10 * MINUTE)
        storm.over = True
        await one.advance(25 * MINUTE)
        await named_ends(one)
        in_order(channel)
        assert channel.exceeded() == []
        if channel.capabilities.finds:
            texts = [text for who in WHO for text in channel.texts(who)]
            assert len(texts) == len(set(texts))


@pytest.mark.parametrize("seed", range(12))
async def test_the_same_through_crashes_at_any_moment(tmp_path: Path, seed: int) -> None:
    clock, chance, store = VirtualClock(), random.Random(2000 + seed), MemoryStore()
    storm = Storm(seed, share=0.3)
    channel = scripted(clock, storm, finds=True)
    keys, number = None, 0
    for life in range(5):
        last = life == 4
        async with office(
            tmp_path, store=store, clock=clock, channel=channel, keys=keys, rested=False
        ) as one:
            one.serial = number
            for _ in range(10):
                await talk(one, chance, one.serial)
                await one.clock.settle(chance.randrange(30))
            number, keys = one.serial, one.keys
            if not last:
                await one.advance(chance.randrange(MINUTE))
                await one.clock.settle(chance.randrange(60))
                await one.crash()
                continue
            storm.over = True
            await one.advance(60 * MINUTE)
            await named_ends(one)
            in_order(channel)
            texts = [text for who in WHO for text in channel.texts(who)]
            assert len(texts) == len(set(texts))


async def test_a_hundred_and_fifty_people_at_once_stay_within_the_pace_of_the_platform(
    tmp_path: Path,
) -> None:
    """Bulk goes on at four fifths; what is pressing goes ahead of it within one place."""
    clock = VirtualClock()
    shared = (Limit("all", 30, SECOND),)
    channel = ScriptedChannel(clock, capabilities=Capabilities(shared=shared))
    async with office(tmp_path, clock=clock, channel=channel) as one:
        for number in range(150):
            await one.say(f"p{number}", "news", "bulk", wake=False)
        await one.advance(2 * SECOND)
        asked = clock.now()
        await one.say("anna", "It is fixed")
        await one.advance(10 * SECOND)
        assert channel.exceeded() == []
        (answer,) = [call for call in channel.calls if call.address == "anna"]
        assert answer.at - asked <= 42
        bulk = [call.at for call in channel.calls if call.address != "anna"]
        assert len(bulk) == 150
        assert 6.0 <= (bulk[-1] - bulk[0]) / SECOND <= 6.6
