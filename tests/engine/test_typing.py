"""That an answer is being written is shown where the customer's channel can show it, and kept
nowhere.
"""

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.core.ids import StreamId
from bot.core.report_words import AskForPerson, WriteMessage
from bot.engine.hub import Typing
from bot.engine.ports import Blocked, Limit, SendFault
from bot.store.memory import MemoryStore
from tests.channel import ScriptedChannel, Step
from tests.clock import VirtualClock
from tests.engine.delivery import Office, office

SECOND = 1_000


@dataclass(slots=True)
class Shows(ScriptedChannel):
    """A channel that can show it."""

    shown: list[tuple[int, str]] = field(default_factory=list)
    refuses: SendFault | None = None

    async def typing(self, address: str) -> None:
        self.shown.append((self.clock.now(), address))
        if self.refuses is not None:
            raise self.refuses


def shows(own: tuple[Limit, ...] = ()) -> tuple[VirtualClock, Shows]:
    clock = VirtualClock()
    return clock, Shows(clock, own=own)


async def report(one: Office) -> StreamId:
    await one.press(WriteMessage(words="No power"), "carol")
    answer = await one.press(AskForPerson(), "carol")
    await one.advance(60 * SECOND)
    return str(answer.data["stream"])


async def writes(one: Office, stream: StreamId, seconds: int = 0) -> None:
    """Somebody at the desk writes, each half second for so long."""
    for _ in range(2 * seconds or 1):
        one.desk.machine.hub.tell(Typing(stream, "desk"))
        await one.advance(500)


async def test_the_customer_sees_it_at_most_every_four_seconds_and_nothing_is_kept(
    tmp_path: Path,
) -> None:
    clock, channel = shows()
    store = MemoryStore()
    async with office(tmp_path, store=store, clock=clock, channel=channel) as one:
        stream = await report(one)
        events, rows = len(await store.events(stream, 0, 100)), await store.count("outbox", {})
        began = clock.now()
        await writes(one, stream, seconds=9)
        assert [(at - began, who) for at, who in channel.shown] == [
            (0, "carol"),
            (4 * SECOND, "carol"),
            (8 * SECOND, "carol"),
        ]
        assert len(await store.events(stream, 0, 100)) == events
        assert await store.count("outbox", {}) == rows


async def test_it_keeps_the_pace_and_never_comes_before_what_waits(tmp_path: Path) -> None:
    clock, channel = shows((Limit("gap", 1, 3 * SECOND),))
    async with office(tmp_path, clock=clock, channel=channel) as one:
        stream = await report(one)
        await one.say("carol", "a message")
        await one.quiet()
        await writes(one, stream)
        assert channel.shown == []
        await one.advance(10 * SECOND)
        await writes(one, stream)
        assert len(channel.shown) == 1
        assert channel.exceeded() == []


async def test_while_a_message_is_under_way_nothing_says_that_one_is_written(
    tmp_path: Path,
) -> None:
    clock, channel = shows()
    async with office(tmp_path, clock=clock, channel=channel) as one:
        stream = await report(one)
        channel.plan = lambda act, at, post: Step(takes=5 * SECOND)
        await one.say("carol", "a message")
        await one.quiet()
        await writes(one, stream)
        assert channel.shown == []
        await one.advance(10 * SECOND)
        await writes(one, stream)
        assert len(channel.shown) == 1


async def test_where_it_is_refused_or_cannot_be_shown_nobody_hears_of_it(tmp_path: Path) -> None:
    clock, channel = shows()
    channel.refuses = Blocked()
    async with office(tmp_path, clock=clock, channel=channel) as one:
        stream = await report(one)
        with capture_logs() as logged:
            await writes(one, stream)
        assert (len(channel.shown), logged) == (1, [])
        await one.say("carol", "a message")
        await one.advance(SECOND)
        assert channel.texts("carol")[-1] == "a message"
    async with office(tmp_path) as one:  # A channel without it: nothing is tried.
        stream = await report(one)
        await writes(one, stream)
        assert {x.act for x in one.channel.calls} <= {"send", "edit"}


async def test_nothing_is_shown_of_what_the_customer_writes_nor_once_nothing_reaches_them(
    tmp_path: Path,
) -> None:
    clock, channel = shows()
    async with office(tmp_path, clock=clock, channel=channel) as one:
        stream = await report(one)
        one.desk.machine.hub.tell(Typing(stream, "customer"))
        one.desk.machine.hub.tell(Typing("rep_unknown", "desk"))
        await one.advance(SECOND)
        assert channel.shown == []


@pytest.mark.parametrize("change", [{"mode": "exercise"}, {"stage": "withdrawn"}])
async def test_an_exercise_and_what_is_over_reach_nobody_outside(
    tmp_path: Path, change: dict[str, str]
) -> None:
    clock, channel = shows()
    async with office(tmp_path, clock=clock, channel=channel) as one:
        stream = await report(one)
        streams = one.desk.machine.engine.streams
        changed = (await one.desk.report(stream)).incident if "mode" in change else stream
        live = streams.get(changed or "")
        assert live is not None
        assert live.state is not None
        streams.put(replace(live, state=live.state.model_copy(update=change)))
        await writes(one, stream)
        assert channel.shown == []
