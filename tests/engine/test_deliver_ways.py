"""Faults of the way: they pause, cost no tries, and a lost answer is looked up or marked."""

from pathlib import Path

import pytest

from bot.engine.hub import Held, News
from bot.engine.ports import Capabilities, Misconfigured, Outage, RateLimited
from bot.store.base import Store
from bot.store.memory import MemoryStore
from bot.store.sqlite.store import SqliteStore
from tests.channel import DROPPED, HANGS, LOST, ScriptedChannel, Step
from tests.clock import VirtualClock
from tests.engine.delivery import Office, office

SECOND = 1_000
MINUTE = 60_000
HOUR = 60 * MINUTE


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Both stores, where it is cheap."""
    return MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "muster.db")


def heard(one: Office) -> list[News]:
    """What the hub tells from now on of pauses."""
    found: list[News] = []
    one.desk.machine.hub.listen(lambda news: found.append(news) if isinstance(news, Held) else None)
    return found


# --- faults of the way -------------------------------------------------------------------------


@pytest.mark.parametrize("raw", [30, "30 "])
async def test_being_asked_to_wait_pauses_that_destination_until_the_named_time(
    tmp_path: Path, raw: object
) -> None:
    async with office(tmp_path) as one:
        one.channel.will(RateLimited(raw))
        id_ = await one.say("anna", "Hello")
        await one.quiet()
        await one.say("ben", "for Ben")
        await one.advance(29 * SECOND)
        assert (one.channel.texts("anna"), one.channel.texts("ben")) == ([], ["for Ben"])
        await one.advance(SECOND)
        assert one.channel.texts("anna") == ["Hello"]
        assert (await one.row(id_))["tries"] == 0


async def test_an_outage_pauses_the_channel_costs_no_tries_and_is_told_from_begin_to_end(
    tmp_path: Path, store: Store
) -> None:
    async with office(tmp_path, store=store) as one:
        news = heard(one)
        down = True
        one.channel.plan = lambda act, at, post: Step(Outage("HTTP 503")) if down else None
        ids = [await one.say(f"p{number}", "Hello") for number in range(20)]
        await one.advance(30 * MINUTE)
        (pause,) = one.deliveries.health()
        assert (pause.channel, pause.seat, pause.why, pause.detail) == (
            "test",
            "",
            "outage",
            "HTTP 503",
        )
        assert {(await one.row(id_))["tries"] for id_ in ids} == {0}
        assert len(one.channel.sends()) < 100
        down = False
        await one.advance(2 * MINUTE)
        assert all(one.channel.texts(f"p{number}") == ["Hello"] for number in range(20))
        assert one.deliveries.health() == ()
        assert isinstance(news[0], Held)
        assert news[0].until is not None
        assert isinstance(news[-1], Held)
        assert news[-1].until is None


async def test_one_poisonous_message_does_not_pass_for_an_outage(tmp_path: Path) -> None:
    """The platform breaks on it alone: it ends dead, everybody else is served."""
    async with office(tmp_path) as one:
        one.channel.plan = lambda act, at, post: Step(Outage("500")) if at == "poison" else None
        id_ = await one.say("poison", "boom")
        for number in range(60):
            await one.say(f"p{number}", "Hello")
            await one.advance(MINUTE)
        assert all(one.channel.texts(f"p{number}") == ["Hello"] for number in range(60))
        row = await one.row(id_)
        assert (row["state"], row["reason"]) == ("dead", "failed: 500")


async def test_a_wrong_setting_pauses_its_destination_and_goes_on_when_it_is_mended(
    tmp_path: Path,
) -> None:
    async with office(tmp_path) as one:
        wrong = True
        one.channel.plan = lambda act, at, post: (
            Step(Misconfigured("not a member of #team")) if wrong and at == "team" else None
        )
        id_ = await one.say("team", "Hello")
        await one.say("ben", "for Ben")
        await one.advance(HOUR)
        (pause,) = one.deliveries.health()
        assert (pause.why, pause.detail) == ("settings", "not a member of #team")
        assert pause.seat == one.desk.codec.seat_key("test", "team")
        assert one.channel.texts("ben") == ["for Ben"]
        wrong = False
        await one.advance(11 * MINUTE)
        assert (await one.row(id_))["state"] == "delivered"


async def test_messages_for_a_channel_that_is_not_connected_wait_and_it_is_told(
    tmp_path: Path,
) -> None:
    async with office(tmp_path) as one:
        news = heard(one)
        id_ = await one.say("anna", "Hello", channel="pigeon")
        await one.advance(MINUTE)
        assert (await one.row(id_))["state"] == "waiting"
        (pause,) = one.deliveries.health()
        assert pause.detail == "No channel 'pigeon' is connected."
        assert [x.channel for x in news if isinstance(x, Held)][:1] == ["pigeon"]


# --- answers that are lost ---------------------------------------------------------------------


async def test_a_lost_answer_is_looked_up_before_the_message_is_repeated(tmp_path: Path) -> None:
    clock = VirtualClock()
    channel = ScriptedChannel(clock, capabilities=Capabilities(finds=True))
    async with office(tmp_path, clock=clock, channel=channel) as one:
        channel.will(LOST)
        arrived = await one.say("anna", "arrived")
        await one.advance(MINUTE)
        channel.will(DROPPED)
        dropped = await one.say("anna", "dropped")
        await one.advance(MINUTE)
        assert channel.texts("anna") == ["arrived", "dropped"]
        assert [call.act for call in channel.calls] == ["send", "find", "send", "find", "send"]
        assert (await one.row(arrived))["reason"] == "found"
        assert (await one.row(dropped))["reason"] == ""


async def test_where_nothing_can_be_looked_up_it_is_repeated_and_marked(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        one.channel.will(LOST)
        id_ = await one.say("anna", "Hello")
        await one.advance(MINUTE)
        assert one.channel.texts("anna") == ["Hello", "Hello"]
        assert [x.post.repeat for x in one.channel.places["anna"]] == [False, True]
        assert (await one.row(id_))["reason"] == "may be a repeat"


async def test_a_channel_that_never_answers_is_given_up_on_after_a_minute(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        one.channel.will(HANGS)
        id_ = await one.say("anna", "Hello")
        await one.advance(50 * SECOND)
        assert (await one.row(id_))["state"] == "waiting"
        await one.advance(30 * SECOND)
        assert (await one.row(id_))["reason"] == "may be a repeat"
