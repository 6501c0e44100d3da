"""Places that the settings name later: what is open already hangs there, too, and only once."""

from collections.abc import Mapping
from pathlib import Path

from bot.core.commands import Place
from bot.core.incident_commands import AskForResource
from bot.store.memory import MemoryStore
from tests.channel import ScriptedChannel
from tests.clock import VirtualClock
from tests.engine.delivery import office
from tests.engine.test_deliver_cards import CREW, MINUTE, PLACES, TEAM, cards, incident

Places = Mapping[str, list[Place]]


async def test_what_was_open_before_hangs_where_the_settings_say_now(tmp_path: Path) -> None:
    clock, store = VirtualClock(), MemoryStore()
    channel = ScriptedChannel(clock)
    async with office(tmp_path, store=store, clock=clock, channel=channel) as one:
        stream, keys = await incident(one), one.keys
        ask = AskForResource(incident=stream, what="Bring a ladder", skill="electrical")
        await one.desk.done(ask, "ana")
        await one.advance(MINUTE)
        assert not channel.places["team"]

    async def begun(places: Places, seed: int) -> None:
        async with office(
            tmp_path,
            store=store,
            clock=clock,
            channel=channel,
            places=places,
            keys=keys,
            seed=seed,
        ) as again:
            await again.advance(MINUTE)
            for place, named in (("team", TEAM), ("crew", CREW)):
                known = any(named in where for where in places.values())
                assert len(cards(again, place)) == known

    await begun({"triage": [TEAM], "it_desk": [TEAM]}, 2)
    assert "Who has it: Nobody yet" in channel.places["team"][0].post.text
    await begun(PLACES, 3)
    assert "Bring a ladder" in channel.places["crew"][0].post.text
    calls = len(channel.calls)
    await begun(PLACES, 4)
    assert len(channel.calls) == calls
