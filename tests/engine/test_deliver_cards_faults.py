"""Cards when something goes wrong: an answer is lost, the store or a channel is down, we crash."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.core.errors import StoreDown
from bot.core.incident_commands import TakeIncident
from bot.engine.deliver_desk import DeliveryDesk
from bot.engine.ports import Blocked, Capabilities, Outage, Post, RateLimited
from bot.engine.tokens import Hung
from bot.store.memory import MemoryStore
from tests.channel import DROPPED, LOST, ScriptedChannel, Step
from tests.clock import VirtualClock
from tests.engine.delivery import office
from tests.engine.test_deliver_cards import MINUTE, PLACES, SECOND, card_text, cards, incident

Plan = Callable[[str, str, Post | None], Step | None]


async def test_a_card_whose_answer_was_lost_is_looked_up_or_adopted_by_a_press(
    tmp_path: Path,
) -> None:
    clock = VirtualClock()
    finding = ScriptedChannel(clock, capabilities=Capabilities(finds=True))
    async with office(tmp_path, clock=clock, channel=finding, places=PLACES) as one:
        finding.plan = _first_post(LOST)
        await incident(one)
        await one.advance(MINUTE)
        assert len(cards(one)) == 1


async def test_a_press_on_a_card_that_nobody_knew_had_arrived_adopts_it(tmp_path: Path) -> None:
    async with office(tmp_path, places=PLACES) as one:
        desk = DeliveryDesk(one.desk.machine.engine, one.deliveries)
        one.channel.plan = _first_post(LOST, then=Step(RateLimited(600)))
        stream = await incident(one)
        await one.advance(5 * SECOND)
        (only,) = cards(one)
        assert only.post.card is not None
        assert await desk.pressed(only.post.card.buttons[0].token, only.message) is not None
        one.channel.plan = None
        await one.desk.done(TakeIncident(incident=stream), "ana")
        await one.advance(15 * MINUTE)
        (only,) = cards(one)
        assert "Who has it: Ana" in only.post.text


async def test_a_press_on_a_second_copy_takes_that_copy_away(tmp_path: Path) -> None:
    async with office(tmp_path, places=PLACES) as one:
        desk = DeliveryDesk(one.desk.machine.engine, one.deliveries)
        one.channel.plan = _first_post(LOST)
        await incident(one)
        await one.advance(MINUTE)
        copy, kept = cards(one)
        assert kept.post.repeat
        assert kept.post.card is not None
        token = kept.post.card.buttons[0].token
        assert await desk.pressed(token, copy.message) is not None
        assert cards(one) == [kept]
        assert await desk.pressed(token, kept.message) is not None
        assert cards(one) == [kept]


def _first_post(first: Step, then: Step | None = None) -> Plan:
    """A plan: the first send of an incident's card meets `first`, all later ones `then`."""
    seen: list[str] = []

    def plan(act: str, address: str, post: Post | None) -> Step | None:
        text = post.text if post else ""
        if act != "send" or "Report" in text or "Who has it" not in text:
            return None
        seen.append(text)
        return first if len(seen) == 1 else then

    return plan


async def test_a_card_that_cannot_be_shown_is_tried_again_with_the_next_change(
    tmp_path: Path,
) -> None:
    async with office(tmp_path, places=PLACES) as one:
        one.channel.plan = lambda act, at, post: Step(Blocked()) if at == "team" else None
        stream = await incident(one)
        await one.advance(MINUTE)
        rows = await one.store.select("cards", {"card": "incident"})
        assert [(row["state"], row["reason"]) for row in rows] == [("dead", "blocked")]
        assert await one.store.count("shows", {"state": "waiting"}) == 0
        one.channel.plan = None
        await one.desk.done(TakeIncident(incident=stream), "ana")
        await one.advance(MINUTE)
        assert "Who has it: Ana" in cards(one)[0].post.text


async def test_a_card_waits_for_the_store_and_is_not_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with office(tmp_path, places=PLACES) as one:
        tokens, failures = one.deliveries.tokens, [StoreDown("The disk is full.")]
        known = tokens.of

        async def fails_once(hung: Hung) -> dict[str, str]:
            if failures:
                raise failures.pop()
            return await known(hung)

        monkeypatch.setattr(tokens, "of", fails_once)
        await incident(one)
        await one.advance(MINUTE)
        assert not failures
        assert len(cards(one)) == 1
        assert not await one.store.count("cards", {"state": "dead"})


async def test_an_outage_leaves_no_card_behind(tmp_path: Path) -> None:
    async with office(tmp_path, places=PLACES) as one:
        stream = await incident(one)
        await one.advance(MINUTE)
        one.channel.plan = lambda act, at, post: Step(Outage("503"))
        await one.desk.done(TakeIncident(incident=stream), "ana")
        await one.advance(10 * MINUTE)
        assert "Nobody yet" in cards(one)[0].post.text
        one.channel.plan = None
        await one.advance(2 * MINUTE)
        assert "Who has it: Ana" in cards(one)[0].post.text


async def test_wishes_outlive_a_crash(tmp_path: Path) -> None:
    store, clock = MemoryStore(), VirtualClock()
    channel = ScriptedChannel(clock)
    for turns in range(0, 60, 4):
        channel.places.clear()
        store = MemoryStore()
        async with office(
            tmp_path, store=store, clock=clock, channel=channel, places=PLACES
        ) as one:
            stream = await incident(one)
            await one.advance(MINUTE)
            await one.desk.done(TakeIncident(incident=stream), "ana")
            await one.clock.settle(turns)
            await one.crash()
        async with office(
            tmp_path, store=store, clock=clock, channel=channel, places=PLACES, keys=one.keys
        ) as two:
            await two.advance(MINUTE)
            assert "Who has it: Ana" in card_text(two, "team"), turns
            assert await two.store.count("shows", {"state": "waiting"}) == 0


async def test_a_dropped_post_is_hung_once(tmp_path: Path) -> None:
    clock = VirtualClock()
    channel = ScriptedChannel(clock, capabilities=Capabilities(finds=True))
    async with office(tmp_path, clock=clock, channel=channel, places=PLACES) as one:
        channel.plan = _first_post(DROPPED)
        await incident(one)
        await one.advance(MINUTE)
        assert len(cards(one)) == 1
