"""Practice 9.2: if a channel dies, a named fallback is in use within 60 seconds."""

from pathlib import Path

from bot.core.commands import Place
from bot.core.ids import StreamId
from bot.core.incident_commands import OverridePriority, WriteIncidentNote
from bot.core.priority import Priority
from bot.engine.ports import Health, Outage
from bot.store.memory import MemoryStore
from tests.channel import ScriptedChannel, Step
from tests.engine.delivery import Office, office
from tests.engine.test_paging import AGENT, Ward, opened

SECOND = 1_000
MINUTE = 60 * SECOND
ROOM, SPARE = Place("test", "triage-room"), Place("spare", "standby-room")
WHERE = {"triage": [ROOM], "standby": [SPARE]}


def spare(one: Office) -> ScriptedChannel:
    """The channel on which somebody stands in."""
    found = one.desk.machine.parts.channels["spare"]
    assert isinstance(found, ScriptedChannel)
    return found


async def pressing(one: Office) -> StreamId:
    """A P1 incident whose card hangs in its team's place."""
    await one.desk.join("boss")
    stream = await opened(one)
    await grave(one, stream)
    return stream


async def grave(one: Office, stream: StreamId) -> None:
    command = OverridePriority(
        incident=stream, priority=Priority.P1, reason="The whole street is dark"
    )
    await one.desk.done(command, "boss")
    await one.quiet()


def dies(one: Office) -> None:
    """Nothing goes through any more."""
    one.channel.plan = lambda *_: _down()


def _down() -> Step:
    return Step(Outage("The platform does not answer.", whole=True))


def lives(one: Office) -> None:
    one.channel.plan = None


def seen(texts: list[str]) -> list[str]:
    """The page of these tests among them."""
    return [one for one in texts if "Nobody has seen it yet" in one]


def cards(channel: ScriptedChannel, place: Place) -> list[str]:
    """Cards that hang there, without the words beneath them."""
    return [x.post.text for x in channel.places[place.address] if x.post.card is not None]


async def test_practice_9_2_when_a_channel_dies_its_fallback_is_in_use_within_sixty_seconds(
    tmp_path: Path,
) -> None:
    async with office(tmp_path, store=MemoryStore(), places=WHERE, beside=["spare"]) as one:
        stream = await pressing(one)
        ward = Ward(one, stream)
        assert cards(spare(one), SPARE) == []
        dies(one)
        await ward.page(AGENT)
        assert spare(one).texts(SPARE.address) == []
        await one.advance(50 * SECOND)
        assert len(cards(spare(one), SPARE)) == 1
        said = seen(spare(one).texts(SPARE.address))
        assert len(said) == 1
        assert "since Test cannot be reached" in said[0]


async def test_when_it_is_back_nothing_is_said_a_second_time(tmp_path: Path) -> None:
    async with office(tmp_path, store=MemoryStore(), places=WHERE, beside=["spare"]) as one:
        ward = Ward(one, await pressing(one))
        await ward.join("ana", "agent")
        dies(one)
        await ward.page(AGENT)
        await one.advance(2 * MINUTE)
        lives(one)
        await one.advance(5 * MINUTE)
        assert dict(one.desk.machine.engine.standins.down) == {}
        assert await one.store.count("outbox", {"kind": "say", "state": "waiting"}) == 0
        assert seen(one.channel.texts(ROOM.address)) == []
        assert seen(ward.told("ana")) == []
        assert len(seen([x.text for x in await ward.desk_of("ana")])) == 1
        assert len(cards(one.channel, ROOM)) == len(cards(spare(one), SPARE)) == 1
        await ward.page(AGENT)
        assert len(seen(ward.told("ana"))) == 1
        assert len(seen(one.channel.texts(ROOM.address))) == 1


async def test_what_is_not_pressing_waits_for_its_channel(tmp_path: Path) -> None:
    async with office(tmp_path, store=MemoryStore(), places=WHERE, beside=["spare"]) as one:
        await one.desk.join("boss")
        dies(one)
        await opened(one)
        await one.advance(3 * MINUTE)
        assert cards(spare(one), SPARE) == []
        lives(one)
        await one.advance(3 * MINUTE)
        assert len(cards(one.channel, ROOM)) == 1


async def test_a_channel_that_flaps_does_not_say_things_twice(tmp_path: Path) -> None:
    async with office(tmp_path, store=MemoryStore(), places=WHERE, beside=["spare"]) as one:
        ward = Ward(one, await pressing(one))
        dies(one)
        await ward.page(AGENT)
        await one.advance(MINUTE)
        for _ in range(3):
            lives(one)
            await one.advance(20 * SECOND)
            dies(one)
            await grave_again(one, ward.stream)
            await one.advance(20 * SECOND)
        assert "test" in one.desk.machine.engine.standins.down
        lives(one)
        await one.advance(5 * MINUTE)
        said = [
            text
            for channel, at in ((one.channel, ROOM), (spare(one), SPARE))
            for text in seen(channel.texts(at.address))
        ]
        assert len(said) == 1
        assert len(cards(one.channel, ROOM)) == len(cards(spare(one), SPARE)) == 1


async def grave_again(one: Office, stream: StreamId) -> None:
    await one.desk.done(WriteIncidentNote(incident=stream, words="Still dark"), "boss")
    await one.quiet()


async def test_a_channel_that_says_itself_that_it_fails_is_noticed_though_nothing_is_sent(
    tmp_path: Path,
) -> None:
    async with office(tmp_path, store=MemoryStore(), places=WHERE, beside=["spare"]) as one:
        one.desk.machine.fallback.polls = True
        one.desk.machine.fallback.wake()
        await one.quiet()
        one.channel.state = Health(False, "The socket is closed.")
        await one.advance(55 * SECOND)
        (down,) = one.desk.machine.engine.standins.down.values()
        assert (down.channel, down.why) == ("test", "The socket is closed.")
        assert one.desk.machine.engine.standins.cut_off("test") == [("triage", "standby")]
        one.channel.state = Health(True)
        await one.advance(20 * SECOND)
        assert "test" in one.desk.machine.engine.standins.down, "it may be gone again in a moment"
        await one.advance(MINUTE)
        assert not one.desk.machine.engine.standins.down
