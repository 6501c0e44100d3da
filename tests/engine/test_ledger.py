"""The ledger: what became of each message; what died is tried again or let go, in order."""

from pathlib import Path

import pytest

from bot.core.delivery_words import DiscardDeliveries, ReplayDeliveries
from bot.core.ids import StreamId
from bot.core.incident_commands import CorrectUpdate, RestrictIncident, WithdrawUpdate
from bot.core.incident_fold import LATEST_UPDATES
from bot.core.person_words import Subscribe
from bot.engine import settle
from bot.engine.ledger_views import LedgerOf
from bot.engine.ports import Blocked, Capabilities, Outage, Unsendable
from bot.engine.read import Staff
from bot.engine.read_ledger import masked
from bot.engine.reader import Reader
from bot.store.base import Store, number, text
from bot.store.memory import MemoryStore
from tests.channel import LOST, ScriptedChannel, Step
from tests.clock import VirtualClock
from tests.engine.delivery import Office, office
from tests.engine.kit import MINUTE
from tests.engine.test_audience import incident, publish, store, told

__all__ = ["store"]
HOUR = 60 * MINUTE
PEOPLE = ("sam", "sue", "sid", "ivy")


async def told_some(one: Office, *blocked: str) -> StreamId:
    """A public update that does not reach those who are `blocked`."""
    stream = await incident(one)
    for who in PEOPLE:
        await one.press(Subscribe(scope="all"), who)
    await publish_to(one, stream, *blocked)
    return stream


async def publish_to(one: Office, stream: StreamId, *blocked: str) -> None:
    one.channel.plan = lambda act, at, post: Step(Blocked()) if at in blocked else Step()
    await publish(one, stream, "public")
    await one.advance(MINUTE)
    one.channel.plan = None


def ana(one: Office, *roles: str) -> Staff:
    return Staff(one.desk.people["ana"], "Ana", roles or ("agent",), "en", available=True)


async def ledger(
    one: Office, stream: StreamId, update: int = 1, end: str = "", channel: str = "", after: int = 0
) -> LedgerOf:
    reference = (await one.desk.incident(stream)).reference
    reader = Reader(one.desk.machine.engine)
    found = await reader.ledger(ana(one), reference, update, end, channel, after)
    assert found is not None
    return found


async def settled(one: Office) -> None:
    await one.desk.machine.settling.idle()
    await one.advance(MINUTE)


async def test_it_says_what_became_of_each_message_and_of_all(tmp_path: Path, store: Store) -> None:
    async with office(tmp_path, store=store) as one:
        stream = await told_some(one, "sam", "sue")
        found = await ledger(one, stream)
        assert dict(found.counts.by) == {"told": 3, "blocked": 2}
        assert found.counts.dead == 2
        assert {(x.role, x.end) for x in found.letters.shown} == {
            ("reporter", "told"),
            ("subscriber", "told"),
            ("subscriber", "blocked"),
        }
        dead = await ledger(one, stream, end="blocked", channel="test")
        assert len(dead.letters.shown) == 2
        assert not (await ledger(one, stream, channel="email")).letters.shown
        reader = Reader(one.desk.machine.engine)
        assert await reader.undelivered() == 2
        everything = await reader.dead(ana(one), "", 0)
        assert [x.reference for x in everything.shown] == [found.reference] * 2


async def test_what_died_is_tried_again_and_who_heard_it_hears_it_once(
    tmp_path: Path, store: Store
) -> None:
    async with office(tmp_path, store=store) as one:
        stream = await told_some(one, "sam", "sue")
        await one.desk.done(ReplayDeliveries(update=f"{stream}/1"), "ana")
        await settled(one)
        assert [told(one, who) for who in ("carol", *PEOPLE)] == [1] * 5
        assert dict((await ledger(one, stream)).counts.by) == {"told": 5}
        (order,) = await Reader(one.desk.machine.engine).orders(ana(one))
        assert (order.done, order.wanted, order.open, order.update) == (2, 2, False, 1)
        await one.desk.done(ReplayDeliveries(update=f"{stream}/1"), "ana")
        await settled(one)
        assert [told(one, who) for who in ("carol", *PEOPLE)] == [1] * 5


async def test_of_two_orders_at_once_the_first_one_counts(tmp_path: Path, store: Store) -> None:
    async with office(tmp_path, store=store) as one:
        stream = await told_some(one, "sam", "sue")
        await one.desk.join("ben", "agent")
        about = f"{stream}/1"
        await one.desk.done(DiscardDeliveries(update=about, because="told"), "ana")
        await one.desk.done(ReplayDeliveries(fault="blocked"), "ben")
        await settled(one)
        assert dict((await ledger(one, stream)).counts.by) == {"told": 3, "given": 2}
        assert [told(one, who) for who in ("sam", "sue")] == [0, 0]
        orders = await Reader(one.desk.machine.engine).orders(ana(one))
        assert [(x.what, x.done, x.open) for x in orders] == [
            ("replay", 0, False),
            ("discard", 2, False),
        ]


async def test_an_order_goes_on_after_a_crash_at_any_of_its_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One letter at a time, and the process dies after each."""
    monkeypatch.setattr(settle, "SLICE", 1)
    clock, store = VirtualClock(), MemoryStore()
    async with office(tmp_path, store=store, clock=clock) as one:
        stream = await told_some(one, *PEOPLE)
        keys, channel = one.keys, one.channel
        await one.desk.machine.settling.stop()
        await one.desk.done(ReplayDeliveries(update=f"{stream}/1"), "ana")
        people = dict(one.desk.people)
        await one.crash()
    for _ in range(8):
        await store.open()
        async with office(
            tmp_path, store=store, clock=clock, keys=keys, channel=channel, rested=False
        ) as again:
            await again.desk.machine.settling.turn()
            await again.crash()
    await store.open()
    async with office(
        tmp_path, store=store, clock=clock, keys=keys, channel=channel, rested=False
    ) as last:
        last.desk.people.update(people)
        await settled(last)
        assert [told(last, who) for who in PEOPLE] == [1] * 4
        assert dict((await ledger(last, stream)).counts.by) == {"told": 5}


async def test_words_that_were_changed_or_taken_back_are_not_said_again(
    tmp_path: Path, store: Store
) -> None:
    async with office(tmp_path, store=store) as one:
        stream = await told_some(one, "sam", "sue")
        one.channel.plan = lambda act, at, post: Step(Blocked()) if at == "sam" else Step()
        correct = CorrectUpdate(incident=stream, number=1, words="The generator has stopped.")
        await one.desk.done(correct, "ana")
        await one.advance(MINUTE)
        one.channel.plan = None
        await one.desk.done(ReplayDeliveries(update=f"{stream}/1"), "ana")
        await settled(one)
        assert [told(one, who) for who in ("sam", "sue")] == [0, 0]
        assert told(one, "sam", "The generator has stopped.") == 1
        (order,) = await Reader(one.desk.machine.engine).orders(ana(one))
        assert (order.done, order.kept) == (1, 2)
        withdraw = WithdrawUpdate(incident=stream, number=1, reason="Wrong house")
        await one.desk.done(withdraw, "ana")
        await one.advance(MINUTE)
        await one.desk.done(ReplayDeliveries(fault="blocked"), "ana")
        await settled(one)
        assert [told(one, who) for who in ("sam", "sue")] == [0, 0]


async def test_a_message_of_an_old_update_that_stands_can_be_tried_again(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        stream = await told_some(one, "sam")
        for number in range(LATEST_UPDATES):
            await publish(one, stream, "public", f"Number {number}.")
        await one.advance(MINUTE)
        assert (await one.desk.incident(stream)).update(1) is None
        await one.desk.done(ReplayDeliveries(update=f"{stream}/1"), "ana")
        await settled(one)
        assert told(one, "sam") == 1


async def test_how_it_stood_for_a_newcomer_can_be_tried_again_though_it_was_corrected_before(
    tmp_path: Path,
) -> None:
    async with office(tmp_path) as one:
        stream = await incident(one)
        await publish(one, stream, "public", "Wrong.")
        await one.desk.done(CorrectUpdate(incident=stream, number=1, words="Right."), "ana")
        one.channel.plan = lambda act, at, post: Step(Blocked())
        await one.press(Subscribe(scope="all"), "sam")
        await one.advance(MINUTE)
        one.channel.plan = None
        await one.desk.done(ReplayDeliveries(update=f"{stream}/1"), "ana")
        await settled(one)
        assert told(one, "sam", "Right.") == 1


async def test_what_may_have_arrived_is_looked_up_before_it_is_said_again(tmp_path: Path) -> None:
    clock = VirtualClock()
    channel = ScriptedChannel(clock, capabilities=Capabilities(finds=True))
    async with office(tmp_path, clock=clock, channel=channel) as one:
        await one.desk.join("ana")
        one.channel.plan = lambda act, at, post: LOST if act == "send" else Step(Outage())
        row = await one.say("anna", "Hello", until=one.clock.now() + MINUTE)
        await one.advance(HOUR)
        one.channel.plan = None
        assert (await one.row(row))["state"] == "dead"
        await one.desk.done(ReplayDeliveries(letter=row), "ana")
        await settled(one)
        assert (await one.row(row))["state"] == "delivered"
        assert one.channel.texts("anna") == ["Hello"]


async def test_who_may_not_see_an_incident_settles_none_of_its_messages(
    tmp_path: Path, store: Store
) -> None:
    async with office(tmp_path, store=store) as one:
        stream = await told_some(one, "sam")
        restrict = RestrictIncident(incident=stream, visibility="restricted", reason="Safeguarding")
        await one.desk.done(restrict, "ana")
        await one.desk.join("ben", "agent")
        for command in (
            DiscardDeliveries(update=f"{stream}/1", because="late"),
            DiscardDeliveries(fault="blocked", because="late"),
        ):
            await one.desk.done(command, "ben")
        await settled(one)
        ben = Staff(one.desk.people["ben"], "Ben", ("agent",), "en", available=True)
        reader = Reader(one.desk.machine.engine)
        assert await reader.undelivered() == 1
        assert (await reader.dead(ben, "", 0)).shown == ()
        assert [(x.done, x.kept, x.reference) for x in await reader.orders(ben)] == [
            (0, 1, ""),
            (0, 1, ""),
        ]


async def test_dead_letters_of_one_reason_are_let_go_together(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        await one.desk.join("ana")
        one.channel.will(Blocked(), Unsendable("no such style", final=True), Blocked())
        rows = [await one.say(who, "Hello") for who in ("anna", "ben", "cleo")]
        await one.advance(HOUR)
        assert (await one.desk.press(DiscardDeliveries(fault="blocked"), "ana")).code == "reason"
        assert (await one.desk.press(ReplayDeliveries(), "ana")).code == "nothing_chosen"
        await one.desk.done(DiscardDeliveries(fault="blocked", because="late"), "ana")
        await settled(one)
        ends = await one.ends()
        assert [ends[row] for row in rows] == ["discarded", "dead", "discarded"]
        assert text(await one.row(rows[0]), "reason") == "by hand: 1"
        assert number(await one.row(rows[1]), "tries") == 0


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("anna@example.org", "a…@example.org"),
        ("+447700900123", "…123"),
        ("U12", "…"),
        ("@", "…@"),
    ],
)
def test_an_address_is_shown_so_far_that_nobody_can_use_it(address: str, shown: str) -> None:
    assert masked(address) == shown
