"""Delivery by Slack, whatever goes wrong on the way: one message for each card, and it is right."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.slack.adapter import SlackChannel
from bot.adapters.slack.client import SlackApi
from bot.core.commands import Command, Place
from bot.core.incident_commands import AssessIncident, TakeIncident
from bot.core.intents import Lane
from bot.core.priority import Level
from bot.core.report_words import AskForPerson, WriteMessage
from bot.store.memory import MemoryStore
from tests.channel import ScriptedChannel
from tests.clock import VirtualClock
from tests.engine.delivery import Office
from tests.engine.kit import Desk, desk
from tests.slack.fake import FakeSlack
from tests.slack.state import Message

MINUTE, TEAM, CREW = 60_000, "C1", "C2"
PLACES = {
    "triage": [Place("slack", TEAM)],
    "it_desk": [Place("slack", TEAM)],
    "field_crew": [Place("slack", CREW)],
}
LEVELS = tuple(Level)


@dataclass
class House:
    """A desk whose team is in Slack."""

    desk: Desk
    slack: FakeSlack

    async def rest(self) -> None:
        """Everything that can happen at this moment has happened, over the network too."""
        deliveries, same, before = self.desk.machine.deliveries, 0, -1
        while same < 2:
            await self.desk.settle()
            while deliveries._flights:
                await asyncio.wait(deliveries._flights)
                await self.desk.clock.settle()
            await deliveries.idle()
            await self.desk.clock.settle()
            same = same + 1 if before == len(self.slack.calls) else 0
            before = len(self.slack.calls)

    async def advance(self, milliseconds: int) -> None:
        """Time goes by."""
        clock = self.desk.clock
        end = clock.now() + milliseconds
        await self.rest()
        while (due := clock.next_due) is not None and due <= end:
            await clock.advance(max(0, due - clock.now()))
            await self.rest()
        await clock.advance(end - clock.now())
        await self.rest()

    async def incident(self, who: str = "carol") -> str:
        """Somebody reports from a page, and wants a person."""
        await self.desk.done(WriteMessage(words=f"No power, says {who}"), who)
        answer = await self.desk.done(AskForPerson(), who)
        await self.desk.settle()
        report = await self.desk.report(str(answer.data["stream"]))
        assert report.incident is not None
        return report.incident

    async def does(self, command: Command) -> None:
        """Ana does it."""
        if "ana" not in self.desk.people:
            await self.desk.join("ana")
        await self.desk.done(command, "ana")

    def cards(self, place: str = TEAM) -> list[Message]:
        """The cards of incidents that stand there."""
        return [one for one in self.slack.messages(place) if ", N-" in one.text]


@asynccontextmanager
async def house(folder: Path, seed: int = 1) -> AsyncIterator[House]:
    clock = VirtualClock()
    async with FakeSlack(clock) as slack:
        slack.channel(TEAM)
        slack.channel(CREW)
        channel = SlackChannel(SlackApi(slack.bot_token, slack.api_url))
        try:
            async with desk(
                folder,
                store=MemoryStore(),
                clock=clock,
                channels={"slack": channel},
                places=PLACES,
                seed=seed,
            ) as one:
                await clock.advance(MINUTE)
                yield House(one, slack)
        finally:
            await channel.close()
        assert slack.violations == []


async def test_a_hundred_quick_changes_cost_a_handful_of_edits_and_end_right(
    tmp_path: Path,
) -> None:
    async with house(tmp_path) as one:
        stream = await one.incident()
        await one.rest()
        chance = random.Random(7)
        await one.does(TakeIncident(incident=stream))
        for _ in range(100):
            before = (await one.desk.incident(stream)).impact
            impact = chance.choice([level for level in LEVELS if level is not before])
            await one.does(AssessIncident(incident=stream, impact=impact, urgency=Level.HIGH))
            await one.advance(chance.choice((1, 20, 50)))
        await one.advance(MINUTE)
        state = await one.desk.incident(stream)
        (card,) = one.cards()
        assert card.blocks[0]["text"]["text"].startswith(state.priority.value)
        assert "Ana" in json.dumps(card.blocks)
        assert 1 <= card.edits <= 8
        assert one.slack.pace.refused == 0


async def test_many_incidents_at_once_end_right_at_slack_s_pace_and_before_bulk(
    tmp_path: Path,
) -> None:
    async with house(tmp_path) as one:
        bulk: Lane = "bulk"
        office = Office(one.desk, ScriptedChannel(one.desk.clock, name="slack"))
        for number in range(60):
            one.slack.user(f"U{number}")
            await office.say(f"U{number}", f"News {number}", bulk, wake=False)
        began = one.desk.clock.now()
        streams = [await one.incident(f"c{number}") for number in range(50)]
        for stream in streams[:10]:
            await one.does(TakeIncident(incident=stream))
        await one.advance(3 * MINUTE)
        cards = one.cards()
        assert len(cards) == len(streams)
        states = [await one.desk.incident(stream) for stream in streams]
        for state in states:
            (card,) = (each for each in cards if state.reference in each.text)
            assert ("Ana" in json.dumps(card.blocks)) is (state.owner is not None)
        posted = [each for each in one.slack.called("chat.postMessage") if each.ok]
        last = max(each.at for each in posted if each.args["channel"] == TEAM)
        news = [each.at for each in posted if str(each.args["channel"]).startswith("U")]
        assert len(news) == 60
        # The team's channel takes one a second; nothing but that held its cards back.
        assert last - began <= (len(posted) - len(news) + 3) * 1_000
        assert one.slack.pace.refused == 0


WAYS: tuple[dict[str, Any], ...] = (
    {"lose": True},
    {"drop": True},
    {"garbage": True},
    {"status": 500, "body": "oops"},
    {"status": 429, "headers": {"Retry-After": "3"}},
    {"error": "internal_error"},
    {"error": "not_in_channel"},
)


@pytest.mark.parametrize("how", WAYS, ids=range(len(WAYS)))
async def test_every_call_may_fail_once_in_every_way_and_the_card_is_right(
    tmp_path: Path, how: dict[str, Any]
) -> None:
    async with house(tmp_path) as one:
        for method in ("chat.postMessage", "chat.update", "conversations.history"):
            one.slack.fails(method, **how)
        stream = await one.incident()
        await one.advance(10 * MINUTE)
        await one.does(TakeIncident(incident=stream))
        await one.advance(10 * MINUTE)
        (card,) = one.cards()
        assert "Ana" in json.dumps(card.blocks)
        assert (await one.desk.store.select("pauses", limit=9)) == []


async def test_a_card_whose_message_was_deleted_is_posted_anew(tmp_path: Path) -> None:
    async with house(tmp_path) as one:
        stream = await one.incident()
        await one.advance(MINUTE)
        (first,) = one.cards()
        await one.slack.deletes(first)
        await one.does(TakeIncident(incident=stream))
        await one.advance(10 * MINUTE)
        (second,) = one.cards()
        assert second.ts != first.ts
        assert "Ana" in json.dumps(second.blocks)


async def test_while_the_token_is_revoked_all_waits_and_goes_on_by_itself(tmp_path: Path) -> None:
    async with house(tmp_path) as one:
        fault = one.slack.fails("*", times=None, error="token_revoked")
        await one.incident()
        await one.advance(30 * MINUTE)
        (pause,) = await one.desk.store.select("pauses", limit=9)
        assert "SLACK_BOT_TOKEN" in str(pause["detail"])
        assert fault.hits <= 12
        one.slack.recovers()
        await one.advance(15 * MINUTE)
        assert len(one.cards()) == 1
