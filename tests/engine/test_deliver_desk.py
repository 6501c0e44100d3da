"""Dead letters: listed with their reason, tried again or let go by hand."""

from pathlib import Path

from bot.engine.deliver_desk import DeliveryDesk
from bot.engine.deliver_ends import TRIES
from bot.engine.ports import Blocked, RateLimited, Unsendable
from tests.channel import Step
from tests.engine.delivery import office

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR


async def test_a_dead_letter_is_listed_replayed_and_discarded_by_hand(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        desk = DeliveryDesk(one.desk.machine.engine, one.deliveries)
        one.channel.will(Blocked(), Blocked())
        first, second = await one.say("anna", "Hello"), await one.say("ben", "Hello")
        await one.quiet()
        letters = await desk.dead()
        assert [(x.id, x.channel, x.reason) for x in letters] == [
            (first, "test", "blocked"),
            (second, "test", "blocked"),
        ]
        assert await desk.replay(first)
        assert await desk.discard(second)
        await one.advance(MINUTE)
        assert await one.ends() == {first: "delivered", second: "discarded"}
        assert one.channel.texts("anna") == ["Hello"]
        assert not await desk.replay(first)
        assert not await desk.discard(first)
        assert not await desk.replay(999)
        assert await desk.dead() == []


async def test_a_message_that_waits_can_be_given_up_by_hand(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        desk = DeliveryDesk(one.desk.machine.engine, one.deliveries)
        one.channel.will(RateLimited(600))
        stuck, behind = await one.say("anna", "stuck"), await one.say("anna", "behind")
        await one.quiet()
        assert await desk.discard(stuck)
        await one.advance(15 * MINUTE)
        assert await one.ends() == {stuck: "discarded", behind: "delivered"}


async def test_a_replayed_message_has_all_its_tries_again_and_one_more_day(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        desk = DeliveryDesk(one.desk.machine.engine, one.deliveries)
        one.channel.plan = lambda act, at, post: Step(Unsendable("no such style"))
        failed = await one.say("anna", "Hello")
        await one.advance(HOUR)
        late = await one.say("ben", "Hello", until=one.clock.now() + MINUTE)
        await one.advance(HOUR)
        reasons = [letter.reason for letter in await desk.dead()]
        assert reasons == ["failed: no such style", "expired"]
        before = len(one.channel.sends())
        assert await desk.replay(failed)
        await one.advance(HOUR)
        assert len(one.channel.sends()) - before == TRIES
        one.channel.plan = None
        assert await desk.replay(late)
        (row,) = await one.desk.store.select("outbox", {"id": late})
        assert row["until"] == one.clock.now() + DAY
        await one.advance(MINUTE)
        assert (await one.ends())[late] == "delivered"
