"""Delivery: each message once, in order, at a pace, and never without a named end."""

from pathlib import Path

import pytest

from bot.core.texts import When, Who, t
from bot.engine.deliver_ends import TRIES
from bot.engine.hub import Held, Mailed, News, Undelivered
from bot.engine.mailbox import said_in
from bot.engine.ports import (
    Blocked,
    Capabilities,
    Limit,
    Outage,
    RateLimited,
    Unsendable,
)
from bot.store.base import Patch, Put, Store
from bot.store.memory import MemoryStore
from bot.store.sqlite.store import SqliteStore
from tests.channel import LOST, ScriptedChannel, Step
from tests.clock import VirtualClock
from tests.conftest import ExpectedErrors
from tests.engine.delivery import Office, office

SECOND = 1_000
MINUTE = 60_000
HOUR = 60 * MINUTE


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Both stores, where it is cheap."""
    return MemoryStore() if request.param == "memory" else SqliteStore(tmp_path / "muster.db")


def heard(one: Office) -> list[News]:
    """What the hub tells from now on, letters apart."""
    found: list[News] = []
    one.desk.machine.hub.listen(
        lambda news: found.append(news) if isinstance(news, Held | Undelivered) else None
    )
    return found


# --- the good way ------------------------------------------------------------------------------


async def test_what_is_said_arrives_once_and_the_words_that_were_sent_are_kept(
    tmp_path: Path, store: Store
) -> None:
    async with office(tmp_path, store=store) as one:
        id_ = await one.say("anna", "An agent wrote:", words="We are on our way.")
        await one.quiet()
        assert one.channel.texts("anna") == ["An agent wrote:\nWe are on our way."]
        row = await one.row(id_)
        assert (row["state"], row["sending"], row["body"]) == ("delivered", 0, "")
        note = one.desk.codec.open_note(str(row["record"]), str(row["subject"]))
        assert note == {
            "text": "An agent wrote:",
            "words": "We are on our way.",
            "message": "m1",
            "address": "anna",
        }


async def test_people_outside_hear_their_own_language_local_time_and_no_names(
    tmp_path: Path,
) -> None:
    async with office(tmp_path) as one:
        at = one.clock.now()
        await one.say("anna", t("{who} took it at {time}.", who=Who(person="x"), time=When(at=at)))
        await one.quiet()
        assert one.channel.texts("anna") == ["someone took it at 00:01."]


async def test_own_words_lie_in_the_mailbox_and_are_sent_to_nobody(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        mailed = await one.say("anna", "You wrote:", channel="web", words="Help", own=True)
        sent = await one.say("anna", "You wrote:", words="Help", own=True)
        await one.quiet()
        assert [(x.author, x.words) for x in await one.letters("anna")] == [("me", "Help")]
        assert one.channel.calls == []
        assert {mailed: "delivered", sent: "delivered"}.items() <= (await one.ends()).items()


async def test_letters_are_numbered_read_by_cursor_and_rung_for(
    tmp_path: Path, store: Store
) -> None:
    async with office(tmp_path, store=store) as one:
        rung: list[str] = []
        one.desk.machine.hub.listen(
            lambda news: rung.append(news.seat) if isinstance(news, Mailed) else None
        )
        for number in range(5):
            await one.say("anna", f"letter {number}", channel="web")
        await one.say("ben", "for Ben", "safety", channel="web")
        await one.quiet()
        letters = await one.letters("anna")
        assert [x.text for x in letters] == [f"letter {number}" for number in range(5)]
        assert [x.number for x in letters] == sorted(x.number for x in letters)
        seat = one.desk.codec.seat_key("web", "anna")
        assert seat in rung
        assert (await one.letters("ben"))[0].pressing
        assert {x.text for x in letters}.isdisjoint(x.text for x in await one.letters("ben"))


async def test_safety_goes_first_then_replies_then_bulk(tmp_path: Path) -> None:
    slow = Capabilities(shared=(Limit("all", 1, SECOND),))
    clock = VirtualClock()
    async with office(
        tmp_path, clock=clock, channel=ScriptedChannel(clock, capabilities=slow)
    ) as one:
        for number in range(3):
            await one.say(f"b{number}", f"bulk {number}", "bulk", wake=False)
        await one.say("r", "reply", wake=False)
        await one.say("s", "safety", "safety", wake=False)
        await one.advance(10 * SECOND)
        order = [call.text for call in one.channel.sends()]
        assert order == ["safety", "reply", "bulk 0", "bulk 1", "bulk 2"]
        assert one.channel.exceeded() == []


# --- faults of the row -------------------------------------------------------------------------


async def test_a_message_that_is_refused_is_tried_eight_times_and_ends_dead_with_the_reason(
    tmp_path: Path, store: Store
) -> None:
    async with office(tmp_path, store=store) as one:
        news = heard(one)
        one.channel.plan = lambda act, at, post: Step(Unsendable("no such style"))
        id_ = await one.say("anna", "Hello")
        await one.advance(HOUR)
        row = await one.row(id_)
        assert (row["state"], row["reason"], row["tries"]) == (
            "dead",
            "failed: no such style",
            TRIES,
        )
        assert len(one.channel.sends()) == TRIES
        gaps = [b.at - a.at for a, b in zip(one.channel.calls, one.channel.calls[1:], strict=False)]
        assert gaps == sorted(gaps)
        assert news == [Undelivered("desk", "test", "failed: no such style")]


async def test_a_message_that_can_never_be_sent_is_not_tried_twice(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        one.channel.will(Unsendable("too long", final=True))
        id_ = await one.say("anna", "Hello")
        await one.advance(HOUR)
        assert (await one.row(id_))["reason"] == "failed: too long"
        assert len(one.channel.sends()) == 1


async def test_who_blocked_us_is_not_tried_again_and_it_is_told(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        news = heard(one)
        one.channel.will(Blocked())
        id_ = await one.say("anna", "Hello")
        await one.advance(HOUR)
        assert ((await one.row(id_))["state"], (await one.row(id_))["reason"]) == (
            "dead",
            "blocked",
        )
        assert news == [Undelivered("desk", "test", "blocked")]


async def test_a_waiting_message_holds_back_its_conversation_and_no_other(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        one.channel.will(Unsendable("busy"))
        await one.say("anna", "first", wake=False)
        await one.say("anna", "second", wake=False)
        await one.say("ben", "for Ben")
        await one.quiet()
        assert (one.channel.texts("anna"), one.channel.texts("ben")) == ([], ["for Ben"])
        await one.say("anna", "Get out now!", "safety")
        await one.quiet()
        assert one.channel.texts("anna") == ["Get out now!"]
        await one.advance(MINUTE)
        assert one.channel.texts("anna") == ["Get out now!", "first", "second"]


async def test_a_channel_that_breaks_its_promise_costs_its_message_only(
    tmp_path: Path, expected_errors: ExpectedErrors
) -> None:
    async with office(tmp_path) as one:

        def plan(act: str, address: str, post: object) -> Step | None:
            if address == "anna":
                raise KeyError("a bug")
            return None

        one.channel.plan = plan
        id_ = await one.say("anna", "Hello")
        await one.say("ben", "for Ben")
        await one.advance(HOUR)
        assert (await one.row(id_))["reason"] == "failed: KeyError"
        assert one.channel.texts("ben") == ["for Ben"]
    expected_errors.claim("a channel failed")


async def test_the_place_of_a_conversation_may_move_and_stays_known(tmp_path: Path) -> None:
    store, clock = MemoryStore(), VirtualClock()
    async with office(tmp_path, store=store, clock=clock) as one:
        one.channel.moved["group"] = "supergroup"
        await one.say("group", "first")
        await one.quiet()
        assert one.channel.texts("supergroup") == ["first"]
        keys, channel = one.desk.keys, one.channel
    async with office(tmp_path, store=store, clock=clock, channel=channel, keys=keys) as one:
        before = len(channel.calls)
        await one.say("group", "second")
        await one.quiet()
        assert channel.texts("supergroup") == ["first", "second"]
        assert len(channel.calls) == before + 1


# --- other ends --------------------------------------------------------------------------------


async def test_what_is_too_late_is_not_sent_and_ends_dead_as_expired(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        news = heard(one)
        one.channel.plan = lambda act, at, post: Step(Outage("down"))
        until = one.clock.now() + 10 * MINUTE
        id_ = await one.say("anna", "Will be there at ten", until=until)
        await one.advance(11 * MINUTE)
        one.channel.plan = None
        await one.advance(5 * MINUTE)
        assert one.channel.texts("anna") == []
        assert ((await one.row(id_))["state"], (await one.row(id_))["reason"]) == (
            "dead",
            "expired",
        )
        assert Undelivered("desk", "test", "expired") in news


async def test_a_newer_update_replaces_one_that_has_not_gone_out(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        one.channel.will(RateLimited(60))
        await one.say("anna", "first word")
        await one.quiet()
        old = await one.say("anna", "update 1", "bulk", supersedes="update:x")
        correction = await one.say("anna", "a correction", "bulk")
        danger = await one.say("anna", "leave!", "safety", supersedes="update:x")
        newest = await one.say("anna", "update 2", "bulk", supersedes="update:x")
        await one.advance(5 * MINUTE)
        ends = await one.ends()
        assert ends[old] == "superseded"
        assert {ends[x] for x in (correction, danger, newest)} == {"delivered"}
        assert "update 1" not in one.channel.texts("anna")
        assert "update 2" in one.channel.texts("anna")


async def test_what_was_delivered_is_not_replaced(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        old = await one.say("anna", "update 1", "bulk", supersedes="update:x")
        await one.quiet()
        await one.say("anna", "update 2", "bulk", supersedes="update:x")
        await one.advance(MINUTE)
        assert (await one.ends())[old] == "delivered"


@pytest.mark.parametrize("channel", ["test", "web"])
async def test_a_say_whose_subject_was_erased_ends_erased(tmp_path: Path, channel: str) -> None:
    async with office(tmp_path) as one:
        await one.desk.codec.keys.ensure(4)
        seat = one.seat("anna", channel)
        id_ = await one.say("anna", "Hello", words="secret", seat=seat, wake=False)
        await one.desk.codec.keys.destroy([seat.key.subject])
        await one.quiet()
        assert (await one.row(id_))["state"] == "erased"
        assert one.channel.calls == []
        assert await one.letters("anna") == []


async def test_the_words_are_fixed_at_the_first_try(tmp_path: Path) -> None:
    """ "Today at 14:05" must not become another day while a message is tried again."""
    async with office(tmp_path) as one:
        at = one.clock.now()
        one.channel.will(LOST)
        await one.say("anna", t("We saw it at {time}.", time=When(at=at)))
        await one.quiet()
        one.clock.jump(3 * 24 * HOUR)
        await one.advance(MINUTE)
        assert one.channel.texts("anna") == ["We saw it at 00:01."] * 2


async def test_a_row_that_cannot_be_read_ends_dead_and_hurts_nobody_else(
    tmp_path: Path, expected_errors: ExpectedErrors
) -> None:
    async with office(tmp_path) as one:
        bad = await one.say("anna", "Hello", wake=False)
        await one.store.write([Patch("outbox", {"id": bad}, {"body": "{broken"})])
        good = await one.say("ben", "for Ben")
        await one.quiet()
        ends = await one.ends()
        assert (ends[bad], ends[good]) == ("dead", "delivered")
    expected_errors.claim("cannot be put into words")
    expected_errors.claim("no other way can be looked for")


async def test_a_listener_that_breaks_stops_no_delivery(
    tmp_path: Path, expected_errors: ExpectedErrors
) -> None:
    async with office(tmp_path) as one:

        def broken(news: News) -> None:
            if isinstance(news, Undelivered):
                raise RuntimeError

        one.desk.machine.hub.listen(broken)
        one.channel.will(Blocked())
        first, second = await one.say("anna", "Hello"), await one.say("ben", "Hello")
        await one.quiet()
        assert await one.ends() == {first: "dead", second: "delivered"}
    expected_errors.claim("follows a delivery")


async def test_a_message_that_the_store_refuses_hurts_nobody_else(
    tmp_path: Path, expected_errors: ExpectedErrors
) -> None:
    """A letter of the same intent lies there already: no second one is put in."""
    async with office(tmp_path) as one:
        bad = await one.say("fay", "again", channel="web", wake=False)
        row = await one.row(bad)
        letter = {"id": None, "seat": "x", "intent": row["cause"], "body": ""}
        await one.store.write([Put("mailbox", letter)])
        good = await one.say("fay", "hello", channel="web")
        await one.advance(5 * SECOND)
        assert await one.ends() == {bad: "dead", good: "delivered"}
        assert [x.text for x in await one.letters("fay")] == ["hello"]
    expected_errors.claim("cannot be kept")


# --- figures -----------------------------------------------------------------------------------


async def test_the_age_of_the_queue_and_the_delay_of_deliveries_are_measured(
    tmp_path: Path,
) -> None:
    async with office(tmp_path) as one:
        registry = one.desk.machine.metrics.registry
        one.channel.will(RateLimited(120))
        await one.say("anna", "Hello")
        await one.advance(90 * SECOND)
        await one.say("ben", "Hello")
        await one.quiet()
        age = registry.get_sample_value("muster_queue_age_seconds")
        assert age is not None
        assert 89 <= age <= 91
        await one.advance(MINUTE)
        assert registry.get_sample_value("muster_queue_age_seconds") == 0
        lag = registry.get_sample_value("muster_delivery_lag_seconds_sum")
        assert lag is not None
        assert 119 <= lag <= 122


def test_an_erased_note_has_neither_wording_nor_words() -> None:
    assert said_in(None) == (None, None)
