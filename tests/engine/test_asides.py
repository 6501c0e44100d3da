"""What goes out at once shares pace and pauses with all that waits."""

import asyncio
from itertools import pairwise
from pathlib import Path

from bot.core.commands import Place
from bot.core.intents import Lane
from bot.engine.deliver_asides import Aside, Going
from bot.engine.deliver_lines import LANES, Job
from bot.engine.ports import AnswerLost, Asides, Capabilities, Limit, PlaceMoved, Post, RateLimited
from tests.channel import ScriptedChannel
from tests.clock import VirtualClock
from tests.engine.delivery import Office, office

GROUP = (Limit("gap", 1, 3_100), Limit("minute", 20, 60_000))
TEAM = Place("test", "team")


def group(clock: VirtualClock) -> ScriptedChannel:
    """A channel with the limits of a group and those that all share."""
    shared = (Limit("all", 30, 1_000),)
    return ScriptedChannel(clock, own=GROUP, capabilities=Capabilities(shared=shared))


async def said(one: Office, text: str, within: int, place: Place = TEAM) -> str | None:
    """Say it within so many milliseconds, and let time go by until it is known what came of it."""
    asides: Asides = one.deliveries.asides
    going = asyncio.create_task(asides.say(place, Post(text, text), one.clock.now() + within))
    while not going.done():
        await one.advance(100)
    return going.result()


async def test_what_is_said_at_once_goes_at_once_and_counts_in_every_window(tmp_path: Path) -> None:
    clock = VirtualClock()
    async with office(tmp_path, clock=clock, channel=group(clock)) as one:
        assert await said(one, "first", 0) == "m1"
        assert one.deliveries.asides.free_at(TEAM) == clock.now() - 100 + 3_100
        await one.say("team", "from the outbox")
        await one.advance(4_000)
        assert one.channel.texts("team") == ["first", "from the outbox"]
        assert one.channel.exceeded() == []


async def test_a_place_is_free_once_all_that_waits_there_has_gone(tmp_path: Path) -> None:
    clock = VirtualClock()
    async with office(tmp_path, clock=clock, channel=group(clock)) as one:
        await said(one, "first", 0)
        went = clock.now() - 100
        for number in range(3):
            await one.say("team", f"waits {number}")
        await one.quiet()
        assert one.deliveries.asides.free_at(TEAM) == went + 4 * 3_100
        await one.advance(60_000)
        assert one.deliveries.asides.free_at(TEAM) == clock.now()


async def test_later_than_it_may_it_is_not_said_at_all(tmp_path: Path) -> None:
    clock = VirtualClock()
    async with office(tmp_path, clock=clock, channel=group(clock)) as one:
        assert await said(one, "first", 0)
        assert await said(one, "too late", 2_000) is None
        assert await said(one, "in time", 4_000)
        assert one.channel.texts("team") == ["first", "in time"]
        assert one.channel.exceeded() == []


async def test_several_at_once_keep_their_order_and_the_pace(tmp_path: Path) -> None:
    clock = VirtualClock()
    async with office(tmp_path, clock=clock, channel=group(clock)) as one:
        by = clock.now() + 20_000
        going = [
            asyncio.create_task(one.deliveries.asides.say(TEAM, Post(text, text), by))
            for text in "abcdefgh"
        ]
        await one.advance(25_000)
        assert [bool(each.result()) for each in going] == [True] * 7 + [False]
        assert one.channel.texts("team") == list("abcdefg")
        assert one.channel.exceeded() == []


async def test_answers_and_what_waits_already_take_turns(tmp_path: Path) -> None:
    """People who press without end do not keep the outbox from its turn, nor it them."""
    clock = VirtualClock()
    async with office(tmp_path, clock=clock, channel=group(clock)) as one:
        await said(one, "start", 0)
        for number in range(3):
            await one.say("team", f"card {number}", "card")
        await one.quiet()
        asides = one.deliveries.asides
        by = clock.now() + 60_000
        going = [
            asyncio.create_task(asides.say(TEAM, Post(text, text), by)) for text in ("a", "b", "c")
        ]
        await one.advance(30_000)
        assert all(each.result() for each in going)
        told = one.channel.texts("team")
        assert sorted(told) == ["a", "b", "c", "card 0", "card 1", "card 2", "start"]
        kinds = ["card" if text.startswith("card") else "aside" for text in told[1:]]
        assert all(early != late for early, late in pairwise(kinds)), told
        assert one.channel.exceeded() == []


async def test_bulk_waits_and_safety_does_not(tmp_path: Path) -> None:
    clock = VirtualClock()
    async with office(tmp_path, clock=clock, channel=group(clock)) as one:
        await said(one, "start", 0)
        for number in range(3):
            await one.say("team", f"news {number}", "bulk")
        await one.quiet()
        by = clock.now() + 60_000
        going = [
            asyncio.create_task(one.deliveries.asides.say(TEAM, Post(text, text), by))
            for text in ("a", "b")
        ]
        await one.say("team", "gas!", "safety")
        await one.advance(20_000)
        assert all(each.result() for each in going)
        told = one.channel.texts("team")
        assert told.index("gas!") <= 2
        assert told[-3:] == [f"news {number}" for number in range(3)]


async def test_who_is_asked_to_wait_pauses_that_place_for_everything(tmp_path: Path) -> None:
    clock = VirtualClock()
    async with office(tmp_path, clock=clock, channel=group(clock)) as one:
        one.channel.will(RateLimited(30))
        assert await said(one, "hello", 10_000) is None
        await one.say("team", "waits")
        await one.say("other", "goes")
        await one.advance(10_000)
        assert (one.channel.texts("team"), one.channel.texts("other")) == ([], ["goes"])
        assert [pause.why for pause in one.deliveries.health()] == ["rate"]
        await one.advance(25_000)
        assert one.channel.texts("team") == ["waits"]
        assert one.deliveries.health() == ()


async def test_an_answer_that_is_lost_is_told_and_not_repeated(tmp_path: Path) -> None:
    clock = VirtualClock()
    async with office(tmp_path, clock=clock, channel=group(clock)) as one:
        one.channel.will(AnswerLost())
        asides = one.deliveries.asides
        told = await asyncio.gather(
            asides.say(TEAM, Post("x", "x"), clock.now()), return_exceptions=True
        )
        assert isinstance(told[0], AnswerLost)
        assert len(one.channel.sends()) == 1


async def test_a_place_that_moved_is_followed_and_everything_else_follows(tmp_path: Path) -> None:
    clock = VirtualClock()
    async with office(tmp_path, clock=clock, channel=group(clock)) as one:
        one.channel.moved["team"] = "new"
        assert await said(one, "hello", 10_000)
        await one.say("team", "from the outbox")
        await one.advance(10_000)
        assert one.channel.texts("new") == ["hello", "from the outbox"]
        assert one.channel.texts("team") == []
        moves = one.desk.machine.parts.moves
        assert moves.home(Place("test", "new")) == TEAM
        assert await said(one, "by its new name", 10_000, Place("test", "new"))
        assert one.channel.exceeded() == []


async def test_an_edit_counts_too(tmp_path: Path) -> None:
    clock = VirtualClock()
    async with office(tmp_path, clock=clock, channel=group(clock)) as one:
        message = await said(one, "question", 0)
        assert message is not None
        asides = one.deliveries.asides
        going = asyncio.create_task(
            asides.mend(TEAM, message, Post("q", "answer"), clock.now() + 5_000)
        )
        await one.advance(5_000)
        assert going.result()
        assert one.channel.texts("team") == ["answer"]
        assert one.channel.exceeded() == []


async def test_what_is_refused_for_itself_is_raised(tmp_path: Path) -> None:
    clock = VirtualClock()
    async with office(tmp_path, clock=clock, channel=group(clock)) as one:
        one.channel.moved["team"] = "team"
        told = await asyncio.gather(said(one, "round and round", 60_000), return_exceptions=True)
        assert isinstance(told[0], PlaceMoved)


def waiting(lane: Lane) -> Job:
    return Job(lane, "say", "test", "seat", lane, 0)


def test_whose_turn_it_is_at_a_destination() -> None:
    """Bulk always yields, safety never, and all others every other time."""
    going, one = Going(), Aside(TEAM, "seat", "send", Post("x", "x"), 0)
    reply = waiting("reply")
    assert not any(going.yields(waiting(lane)) for lane in LANES)
    going.enter(one)
    assert [going.yields(waiting(lane)) for lane in LANES] == [False, True, True, True]
    assert not going.yields(Job("x", "say", "test", "elsewhere", "bulk", 0))
    going.claim(reply, 1_000)
    assert going.ahead(one, 1_000) == 0
    going.leave(one, went=True)
    going.enter(one)
    assert [going.yields(waiting(lane)) for lane in LANES] == [False, False, False, True]
    assert going.ahead(one, 1_000) == 1
    assert going.ahead(one, 5_000) == 0  # Whoever wanted it is gone.
    going.went(reply)
    assert going.yields(reply)
    assert going.ahead(one, 1_000) == 0
