"""Programs are told what happens: each thing once, in order, and only what they may know."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot.adapters.webhook.adapter import WebhookChannel
from bot.core import incident_commands as ic
from bot.core.calendar import DAY, HOUR, MINUTE
from bot.core.delivery_words import ReplayDeliveries
from bot.core.person_words import DisablePerson
from bot.core.program_words import TOPICS, AddHook, Beyond, Topic
from bot.engine.hook_reach import Allowed
from bot.engine.hooks import CHANNEL, Hooks, Mailing
from bot.store.memory import MemoryStore
from tests.adapters.hook_server import CLOSE, Program, program, says
from tests.clock import VirtualClock
from tests.engine.kit import Desk, desk

PACE = 1_000
TAKEN = ("incident.acknowledged", "incident.taken")


class Told:
    """A desk that tells programs, and what came of it."""

    def __init__(self, found: Desk, hooks: Hooks) -> None:
        self.desk = found
        self.hooks = hooks

    async def add(
        self, there: Program, *topics: Topic, beyond: tuple[Beyond, ...] = (), path: str = ""
    ) -> str:
        self.desk.serial += 1
        person = f"per_{self.desk.serial:026}"
        command = AddHook(
            person=person, url=there.url + path, topics=topics or TOPICS, beyond=beyond
        )
        await self.desk.done(command, "chief")
        return person

    async def open(self) -> str:
        answer = await self.desk.done(ic.OpenIncident(report=None, category="power"), "chief")
        return str(answer.data["stream"])

    async def do(self, kind: Any, incident: str, **fields: Any) -> None:
        await self.desk.done(kind(incident=incident, **fields), "chief")

    async def rows(self, state: str) -> int:
        await self.hooks.idle()
        return await self.desk.store.count("outbox", {"channel": CHANNEL, "state": state})

    async def all_sent(self) -> None:
        """Nothing waits any more; time stands still, so nothing that is paused goes out."""
        await self.hooks.idle()
        self.desk.machine.deliveries.wake()
        await until(self.desk.clock, self._none_waiting)

    async def _none_waiting(self) -> bool:
        return not await self.rows("waiting")

    async def replay(self) -> None:
        """All that was given up is to be tried again; the order is carried out."""
        await self.desk.done(ReplayDeliveries(fault="expired"), "chief")
        await self.desk.machine.settling.idle()

    async def sent(self) -> None:
        """What waits arrives, however often it has to be tried."""
        while await self.rows("waiting"):
            await self.desk.clock.advance(MINUTE)
            await self.hooks.idle()

    async def paused(self) -> None:
        """Something was tried in vain, and waits for its next try."""

        async def is_paused() -> bool:
            return bool(await self.desk.store.count("pauses"))

        await until(self.desk.clock, is_paused)


async def until(clock: VirtualClock, met: Callable[[], Awaitable[bool]]) -> None:
    """The loop goes on, sockets and all, until it is so; of time no more than the pace takes."""
    async with asyncio.timeout(30):
        while not await met():
            due = clock.next_due
            if due is not None and due - clock.now() <= PACE:
                await clock.advance(due - clock.now())
            await asyncio.sleep(0)


@asynccontextmanager
async def told(folder: Path, store: MemoryStore | None = None) -> AsyncIterator[Told]:
    holder: list[Hooks] = []

    async def finds(address: str) -> Mailing | None:
        return await holder[0].mailing(address)

    allowed = Allowed.of(["127.0.0.1"])
    clock = VirtualClock()
    channel = WebhookChannel(allowed, finds, clock)
    channels = {CHANNEL: channel}
    async with desk(folder, store=store or MemoryStore(), clock=clock, channels=channels) as found:
        hooks = Hooks(found.machine.engine, found.machine.deliveries.wake)
        holder.append(hooks)
        await hooks.start()
        try:
            await found.join("chief")
            yield Told(found, hooks)
        finally:
            await hooks.stop()


def kinds(there: Program) -> list[str]:
    return [one.told["type"] for one in there.heard]


async def test_each_thing_is_told_once_in_order_and_says_nothing_of_customers(
    tmp_path: Path,
) -> None:
    async with told(tmp_path) as house, program() as there:
        before = await house.open()
        await house.add(there)
        await house.do(ic.AcknowledgeIncident, before)
        one = await house.open()
        await house.do(ic.TakeIncident, one)
        by = house.desk.clock.now() + HOUR
        said = {"words": "The east is back.", "audience": "public", "next_by": by}
        await house.do(ic.PublishUpdate, one, **said)
        await house.do(ic.PublishUpdate, one, **{**said, "audience": "staff", "words": "Hush"})
        await house.do(ic.WriteIncidentNote, one, words="Zebulon called")
        await house.do(ic.OverridePriority, one, priority="P1", reason="Zebulon")
        await house.do(ic.ResolveIncident, one, note="Zebulon fixed it", call_off=(1,))
        await house.all_sent()
        first = there.heard[0].told["data"]["reference"]
        others = [one for one in there.heard if one.told["data"]["reference"] != first]
        assert len(there.heard) == len(others) + 1
        assert [one.told["type"] for one in others] == [
            "incident.opened",
            "incident.acknowledged",
            "incident.taken",
            "update.published",
            "incident.priority_changed",
            "incident.resolved",
        ]
        bodies = b"".join(heard.body for heard in there.heard)
        assert b"The east is back." in bodies
        assert b"Zebulon" not in bodies
        assert b"Hush" not in bodies
        assert b"inc_" not in bodies
        versions = [heard.told["data"]["version"] for heard in others]
        assert versions == sorted(versions)
        assert len({heard.headers["webhook-id"] for heard in there.heard}) == len(there.heard)
        await house.desk.sound()


async def test_what_was_not_asked_for_is_not_told(tmp_path: Path) -> None:
    async with told(tmp_path) as house, program() as there:
        await house.add(there, "update")
        one = await house.open()
        await house.do(ic.RestrictIncident, one, visibility="restricted", reason="A person")
        await house.add(there, "status")
        await house.add(there, "status", beyond=("restricted",), path="/trusted")
        await house.do(ic.TakeIncident, one)
        await house.all_sent()
        assert [heard.line for heard in there.heard] == ["POST /hook/trusted HTTP/1.1"] * 2


async def test_what_is_restricted_meanwhile_is_not_told_any_more(tmp_path: Path) -> None:
    async with told(tmp_path) as house, program() as there:
        there.answers = [says(500)]
        await house.add(there)
        one = await house.open()
        await house.paused()
        await house.do(ic.RestrictIncident, one, visibility="restricted", reason="A person")
        await house.desk.clock.advance(MINUTE)
        await house.all_sent()
        assert len(there.heard) == 1
        assert await house.rows("dead") == 1


async def test_one_that_fails_is_tried_again_in_order_and_holds_up_nothing_else(
    tmp_path: Path,
) -> None:
    async with told(tmp_path) as house, program() as there:
        there.answers = [says(500), says(200)]
        await house.add(there)
        one = await house.open()
        await house.paused()
        await house.do(ic.TakeIncident, one)
        other = await house.open()
        await house.do(ic.TakeIncident, other)

        async def others_through() -> bool:
            return len(there.heard) == 4

        await until(house.desk.clock, others_through)
        states = [(heard.told["type"], heard.told["data"]["reference"]) for heard in there.heard]
        assert {ref for _, ref in states[1:]} != {states[0][1]}
        await house.desk.clock.advance(6_000)
        await house.all_sent()
        assert kinds(there)[4:] == ["incident.opened", *TAKEN]
        again = there.heard[4]
        assert again.told["data"]["reference"] == states[0][1]
        assert again.headers["webhook-id"] == there.heard[0].headers["webhook-id"]


async def test_after_a_day_it_is_given_up_and_listed_as_dead(tmp_path: Path) -> None:
    async with told(tmp_path) as house, program() as there:
        there.answers = [CLOSE]
        await house.add(there)
        await house.open()
        await house.paused()
        tried = len(there.heard)
        house.desk.clock.jump(DAY)
        await house.desk.clock.advance(1)
        await house.all_sent()
        (row,) = await house.desk.store.select("outbox", {"channel": CHANNEL})
        assert (row["state"], row["reason"]) == ("dead", "expired")
        assert len(there.heard) == tried


async def test_what_was_given_up_is_tried_again_for_one_more_day(tmp_path: Path) -> None:
    async with told(tmp_path) as house, program() as there:
        there.answers = [CLOSE]
        await house.add(there)
        await house.open()
        for _ in range(2):
            await house.paused()
            house.desk.clock.jump(DAY)
            await house.desk.clock.advance(1)
            await house.all_sent()
            assert await house.rows("dead") == 1
            await house.replay()
            (row,) = await house.desk.store.select("outbox", {"channel": CHANNEL})
            assert (row["state"], row["until"]) == ("waiting", house.desk.clock.now() + DAY)
        there.answers = [says(200)]
        await house.sent()
        tried = len(there.heard)
        await house.replay()
        await house.all_sent()
        assert len(there.heard) == tried, "what arrived is not told again"


async def test_a_hook_that_is_removed_hears_no_more(tmp_path: Path) -> None:
    async with told(tmp_path) as house, program() as there:
        hook = await house.add(there)
        await house.open()
        await house.all_sent()
        await house.desk.done(DisablePerson(person=hook), "chief")
        await house.open()
        await house.all_sent()
        assert len(there.heard) == 1
        again = await house.add(there)
        assert again != hook
        await house.open()
        await house.all_sent()
        assert len(there.heard) == 2


async def test_a_restart_neither_misses_nor_repeats_anything(tmp_path: Path) -> None:
    async with told(tmp_path) as house, program() as there:
        await house.add(there)
        await house.open()
        await house.all_sent()
        await house.hooks.stop()
        second = await house.open()
        await house.do(ic.TakeIncident, second)
        # Another worker on the same store: what it knows it has read there.
        house.hooks = Hooks(house.desk.machine.engine, house.desk.machine.deliveries.wake)
        await house.hooks.start()
        await house.all_sent()
        assert kinds(there) == ["incident.opened", "incident.opened", *TAKEN]
        await house.hooks.stop()
        house.hooks = Hooks(house.desk.machine.engine, house.desk.machine.deliveries.wake)
        await house.hooks.start()
        await house.all_sent()
        assert len(there.heard) == 4


async def test_nothing_is_kept_of_what_happens_while_nobody_wants_to_know(tmp_path: Path) -> None:
    async with told(tmp_path) as house:
        for _ in range(3):
            await house.open()
        assert await house.rows("waiting") == 0
        assert await house.desk.store.count("marks") == 0
