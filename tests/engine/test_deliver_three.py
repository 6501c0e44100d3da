"""A card hangs on three channels that can do different things, and all three stay right."""

import random
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.core.cards import plain
from bot.core.commands import Place
from bot.core.ids import StreamId
from bot.core.incident_commands import AssessIncident, TakeIncident
from bot.core.priority import Level
from bot.engine.ports import AnswerLost, Capabilities, Limit, Outage, RateLimited
from bot.store.keys import Keys
from bot.store.memory import MemoryStore
from tests.channel import DROPPED, LOST, ScriptedChannel, Step
from tests.clock import VirtualClock
from tests.engine.delivery import Office
from tests.engine.kit import desk
from tests.engine.test_deliver_cards import MINUTE, cards, incident

WAYS = {
    "edits": Capabilities(finds=True),
    "posts": Capabilities(edits=False),
    "topics": Capabilities(opens=("topic",)),
}
TEAMS = [Place(name, "team") for name in WAYS]
PLACES = {"triage": TEAMS, "it_desk": TEAMS, "field_crew": TEAMS, "safety_crew": TEAMS}
TROUBLES = (
    LOST,
    DROPPED,
    Step(fault=Outage("down")),
    Step(fault=RateLimited(3)),
    Step(fault=AnswerLost(), takes=2_000, happens=True),
)


@asynccontextmanager
async def three(
    folder: Path,
    clock: VirtualClock,
    store: MemoryStore,
    channels: Mapping[str, ScriptedChannel],
    keys: Keys | None = None,
) -> AsyncIterator[Office]:
    """A house on three channels."""
    async with desk(
        folder, store=store, clock=clock, channels=dict(channels), places=PLACES, keys=keys
    ) as one:
        yield Office(one, channels["edits"])


async def changed(one: Office, stream: StreamId, rng: random.Random) -> None:
    """Something that the card shows."""
    impact, urgency = rng.choice(list(Level)), rng.choice(list(Level))
    command = AssessIncident(incident=stream, impact=impact, urgency=urgency)
    await one.desk.press(command, "ana", f"change{rng.random()}")


async def are_right(one: Office, channels: Mapping[str, ScriptedChannel], stream: StreamId) -> None:
    """Every place shows the newest state, on the card whose buttons count."""
    drawn, _ = await one.deliveries.cards._drawer.draw(stream, "incident", 0, outside=False)
    assert drawn is not None
    rows = await one.store.select("cards", {"stream": stream, "card": "incident"})
    counts = {str(row["channel"]): str(row["message"]) for row in rows}
    for name, channel in channels.items():
        one.channel = channel
        shown = {each.message: each.post for each in cards(one)}
        assert shown[counts[name]].text == plain(drawn), name
        assert shown[counts[name]].within == (
            "" if name != "topics" else list(channel.topics)[-1][1]
        )


@pytest.mark.parametrize("seed", range(6))
async def test_all_three_stay_right_whatever_happens(tmp_path: Path, seed: int) -> None:
    rng, clock, store = random.Random(seed), VirtualClock(), MemoryStore()
    channels = {
        name: ScriptedChannel(clock, name, capabilities=can, own=(Limit("gap", 1, 1_100),))
        for name, can in WAYS.items()
    }
    channels["topics"].forums.add("team")
    keys, stream = None, ""
    for life in range(4):
        async with three(tmp_path, clock, store, channels, keys) as one:
            one.desk.serial = 1_000 * life
            if not stream:
                await clock.advance(MINUTE)
                stream, keys = await incident(one), one.keys
                await one.desk.done(TakeIncident(incident=stream), "ana")
            for _ in range(6):
                await changed(one, stream, rng)
                for channel in channels.values():
                    if rng.random() < 0.4:
                        channel.will(rng.choice(TROUBLES))
                await one.advance(rng.randrange(4_000))
            if life < 3:
                await one.crash()
                continue
            for channel in channels.values():
                channel.steps.clear()
            await one.advance(30 * MINUTE)
            await are_right(one, channels, stream)
    assert [channel.exceeded() for channel in channels.values()] == [[], [], []]
