"""A platform moves a conversation: all that hangs there, waits or follows goes along."""

import random
from pathlib import Path

from bot.core.commands import Identity, Place
from bot.core.incident_commands import TakeIncident
from bot.engine.front import Front
from bot.engine.heard import Changed, Typed, Wrote
from bot.engine.membership import Memberships
from bot.engine.moves import Moves
from bot.engine.ports import Limit, Membership
from bot.engine.reader import Reader
from bot.places import Where
from bot.store.codec import Codec
from bot.store.keys import Keys, Master
from bot.store.memory import MemoryStore
from bot.wiring import House
from tests.channel import ScriptedChannel
from tests.clock import VirtualClock
from tests.engine.delivery import Office, office
from tests.engine.kit import SPEECH
from tests.engine.test_deliver_cards import MINUTE, PLACES, TEAM, cards, incident
from tests.store.kit import MASTER

NEW = Place("test", "new")
BEN = Identity("test", "ben")


def moves(one: Office) -> Moves:
    return one.desk.machine.parts.moves


async def test_however_many_groups_of_strangers_move_ours_is_known_after_a_start() -> None:
    store, chance = MemoryStore(), random.Random(5).randbytes
    await store.open()
    codec = Codec(Keys(Master(MASTER), chance, 4), chance)
    ours, known = Place("test", "team"), Moves()
    others = [Place("test", f"other {number}") for number in range(600)]
    for place in (*others, ours):
        await store.write([known.moved(place, f"{place.address}, new", codec, 1)])
    fresh = Moves()
    await fresh.load(store, codec)
    assert fresh.address(ours) == "team, new"


async def test_a_move_met_while_sending_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    clock = VirtualClock()
    channel = ScriptedChannel(clock, own=(Limit("gap", 1, 3_100),))
    async with office(tmp_path, clock=clock, channel=channel, places=PLACES) as one:
        stream = await incident(one)
        await one.advance(MINUTE)
        for number in range(4):
            await one.say("team", f"word {number}")
        channel.moved["team"] = "new"
        await one.desk.done(TakeIncident(incident=stream), "ana")
        await one.advance(MINUTE)
        words = [text for text in channel.texts("new") if text.startswith("word")]
        assert words == [f"word {number}" for number in range(4)]
        (card,) = cards(one, "new")
        assert "Who has it: Ana" in card.post.text
        assert set((await one.ends()).values()) == {"delivered"}


async def test_what_stands_is_hung_there_as_soon_as_the_move_is_told(tmp_path: Path) -> None:
    async with office(tmp_path, places=PLACES) as one:
        await incident(one)
        await one.advance(MINUTE)
        one.channel.moved["team"] = "new"
        front = Front(one.desk.machine, Reader(one.desk.machine.engine), SPEECH)
        for _ in range(3):  # Platforms tell it more than once.
            await front.change(Changed("moved", TEAM, to=NEW))
            await one.advance(MINUTE)
        assert len(cards(one, "new")) == 1
        assert len(await one.store.select("moves")) == 1


async def test_a_place_that_moves_twice_is_still_the_first(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        one.channel.moved |= {"team": "new", "new": "newest"}
        await one.say("team", "hello")
        await one.advance(MINUTE)
        assert one.channel.texts("newest") == ["hello"]
        assert moves(one).home(Place("test", "newest")) == TEAM


async def test_after_a_restart_either_name_in_the_settings_is_the_same_place(
    tmp_path: Path,
) -> None:
    clock, store = VirtualClock(), MemoryStore()
    channel = ScriptedChannel(clock)
    async with office(tmp_path, clock=clock, store=store, channel=channel, places=PLACES) as one:
        stream = await incident(one)
        await one.advance(MINUTE)
        channel.moved["team"] = "new"
        await one.say("team", "hello")
        await one.advance(MINUTE)
        keys, known = one.keys, Moves()
        await known.load(store, one.desk.codec)
    assert known.homes({"triage": [NEW, TEAM]}) == {"triage": (TEAM,)}
    assert known.named({"triage": [TEAM], "crew": [NEW]}) == [("triage", TEAM, "new")]
    for places in ({key: [NEW] for key in PLACES}, PLACES):
        homes = known.homes(places)
        async with office(
            tmp_path, clock=clock, store=store, channel=channel, places=homes, keys=keys
        ) as one:
            one.desk.serial = 1_000
            if places is PLACES:
                await one.desk.done(TakeIncident(incident=stream), "ana")
            await one.advance(MINUTE)
            assert len(cards(one, "new")) == 1
    assert "Who has it: Ana" in cards(one, "new")[0].post.text


async def test_what_is_heard_there_is_heard_in_the_place_of_the_settings(tmp_path: Path) -> None:
    """And its members are asked for where they are now."""
    asked: list[tuple[str, str]] = []

    class Asked(ScriptedChannel):
        async def membership(self, place: str, opaque: str) -> Membership:
            asked.append((place, opaque))
            return "member"

    clock = VirtualClock()
    async with office(tmp_path, clock=clock, channel=Asked(clock), places=PLACES) as one:
        await incident(one)
        await one.advance(MINUTE)
        engine = one.desk.machine.engine
        members = Memberships(engine)
        front = Front(one.desk.machine, Reader(engine), SPEECH, members)
        await front.change(Changed("moved", TEAM, to=NEW))
        await front.line(Typed("1", BEN, NEW, line="list"))
        assert ("new", "ben") in asked
        heard = moves(one).at_home(Wrote("2", BEN, NEW, words="x"))
        assert heard.place == TEAM
        assert {grant.place for grant in await members.grants(BEN, heard.place, grave=False)} >= {
            "triage"
        }
        await members.stop()


async def test_a_part_of_a_place_goes_along(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        moves(one).moved(TEAM, "new", one.desk.codec, one.clock.now())
        assert moves(one).address(Place("test", "team/admins")) == "new/admins"
        assert moves(one).home(Place("test", "new/admins")) == Place("test", "team/admins")
        named = moves(one).named({"agent": [Place("test", "team/admins")]})
        assert named == [("agent", Place("test", "team/admins"), "new/admins")]


async def test_another_channels_place_of_that_name_stays_where_it_is(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        one.channel.moved["team"] = "new"
        await one.say("team", "hello")
        await one.advance(MINUTE)
        assert moves(one).address(Place("other", "team")) == "team"
        assert moves(one).home(Place("other", "new")) == Place("other", "new")


async def test_the_operator_is_told_which_setting_to_change(tmp_path: Path) -> None:
    where = Where({"triage": (TEAM,), "crew": (NEW,)}, {"agent": (TEAM,)})
    house = House(tmp_path, where=where)
    try:
        await house.open()
        parts = house.machine.parts
        assert house.moved_places() == []
        op = parts.moves.moved(TEAM, "new", parts.codec, parts.clock.now())
        await parts.store.write([op])
    finally:
        await house.stop()
    again = House(tmp_path, where=where)
    try:
        await again.open()
        assert again.machine.parts.places == {"triage": (TEAM,), "crew": (TEAM,)}
        first, second = again.moved_places()
        assert first.startswith("triage=test:team is now triage=test:new;")
        assert second.startswith("agent=test:team is now agent=test:new;")
    finally:
        await again.stop()
