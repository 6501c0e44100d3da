"""Practice 1.5: a watchdog flags what is overdue within 60 seconds, by what lies in the store."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.core.alarm_words import Alarm, EscalateIncident
from bot.core.errors import StoreDown
from bot.core.ids import Millis
from bot.engine.heartbeat import Heartbeat
from bot.engine.hub import Ailed
from bot.engine.loops import Loop
from bot.engine.ports import Outage
from bot.engine.watchdog import Watchdog
from bot.store.base import Drop, Op, Patch
from bot.store.memory import MemoryStore
from bot.workflows.escalation_alarms import timer
from tests.conftest import ExpectedErrors
from tests.engine.delivery import Office, office
from tests.engine.test_paging import opened

SECOND = 1_000
MINUTE = 60 * SECOND


class Stuck(Loop):
    """A worker whose turn never ends."""

    name = "stuck"

    async def turn(self) -> Millis | None:
        await asyncio.Event().wait()
        return None


@asynccontextmanager
async def watched(folder: Path) -> AsyncIterator[tuple[Office, Watchdog]]:
    """An office with a watchdog that has looked once."""
    async with office(folder, store=MemoryStore()) as one:
        dog = Watchdog(one.desk.machine)
        await dog.start()
        await one.quiet()
        try:
            yield one, dog
        finally:
            await dog.stop()


def what(dog: Watchdog) -> list[tuple[str, str]]:
    return [(one.what, one.about) for one in dog.late]


async def test_all_is_well_and_that_is_known_only_once_somebody_has_looked(tmp_path: Path) -> None:
    async with watched(tmp_path) as (one, dog):
        assert (dog.well, dog.late) == (True, ())
        assert not Watchdog(one.desk.machine).well


async def test_practice_1_5_a_loop_that_was_stopped_is_found_by_what_it_leaves_lying(
    tmp_path: Path, expected_errors: ExpectedErrors
) -> None:
    async with watched(tmp_path) as (one, dog):
        told: list[object] = []
        one.desk.machine.hub.listen(told.append)
        await opened(one)
        await one.desk.machine.timers.stop()
        due = one.clock.now() + 10 * SECOND
        (row, *_) = await one.store.select("timers", limit=1)
        key = {"stream": row["stream"], "name": row["name"]}
        await one.store.write([Patch("timers", key, {"due": due})])
        await one.clock.advance(2 * MINUTE + 10 * SECOND)
        assert ("worker", "timers") in what(dog)
        (late,) = (x for x in dog.late if x.what == "timers")
        assert (late.about, late.since) == (row["name"], due)
        assert sum(isinstance(x, Ailed) for x in told) >= 1
        await one.desk.machine.timers.start()
        await one.clock.advance(2 * MINUTE)
        assert dog.well
    expected_errors.claim("late")


async def test_a_worker_that_hangs_in_its_turn_is_found_and_named(
    tmp_path: Path, expected_errors: ExpectedErrors
) -> None:
    async with watched(tmp_path) as (one, dog):
        stuck = Stuck(one.clock)
        one.desk.machine.add(stuck)
        await stuck.start()
        try:
            await one.clock.advance(4 * MINUTE)
            assert what(dog) == [("worker", "stuck")]
            assert one.clock.now() - dog.late[0].since >= 2 * MINUTE
        finally:
            one.desk.machine._workers.remove(stuck)
            assert stuck._task is not None
            stuck._task.cancel()
            await asyncio.gather(stuck._task, return_exceptions=True)
    expected_errors.claim("late")


async def test_messages_that_nobody_tries_are_found_and_those_that_wait_for_a_pause_are_not(
    tmp_path: Path, expected_errors: ExpectedErrors
) -> None:
    async with watched(tmp_path) as (one, dog):
        one.channel.will(Outage("down", whole=True))
        await one.say("kim", "wait", lane="safety")
        await one.quiet()
        one.channel.plan = None
        await one.deliveries.stop()
        await one.say("lee", "get out of the building", lane="safety", wake=False)
        await one.clock.advance(3 * MINUTE)
        assert ("worker", "deliveries") in what(dog)
        # The channel is paused, as its row says: that is not for want of trying.
        assert ("messages", "") not in what(dog)
        await one.store.write([Drop("pauses", {"channel": "test"})])
        await one.clock.advance(2 * MINUTE)
        assert ("messages", "") in what(dog)
    expected_errors.claim("late")


async def test_a_store_that_takes_nothing_is_found_though_it_hangs(
    tmp_path: Path, expected_errors: ExpectedErrors, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with watched(tmp_path) as (one, dog):

        async def hangs(ops: list[Op]) -> None:
            await one.clock.wait_until(one.clock.now() + 10 * MINUTE)
            raise StoreDown("nothing is written")

        with monkeypatch.context() as patched:
            patched.setattr(one.store, "write", hangs)
            await one.clock.advance(3 * MINUTE)
        assert ("store", "") in what(dog)
    expected_errors.claim("late")


async def test_an_alarm_without_a_timer_would_be_silent_and_is_found(
    tmp_path: Path, expected_errors: ExpectedErrors
) -> None:
    async with watched(tmp_path) as (one, dog):
        stream = await opened(one)
        (alarm,) = await alarms(one, stream)
        named = timer(alarm.cause, alarm.about)
        await one.clock.advance(2 * MINUTE)
        assert dog.well
        await one.store.write([Drop("timers", {"stream": stream, "name": named})])
        await one.clock.advance(2 * MINUTE)
        state = await one.desk.incident(stream)
        assert what(dog) == [("alarms", state.reference)]
    expected_errors.claim("late")


async def alarms(one: Office, stream: str) -> tuple[Alarm, ...]:
    """Somebody has asked for help with it, and nobody acts."""
    await one.desk.join("boss")
    command = EscalateIncident(incident=stream, reason="Nobody answers the phone")
    await one.desk.done(command, "boss")
    await one.quiet()
    return (await one.desk.incident(stream)).alarms[-1:]


async def test_a_watchdog_that_does_not_look_any_more_is_itself_what_is_late(
    tmp_path: Path,
) -> None:
    async with watched(tmp_path) as (one, dog):
        await dog.stop()
        await one.clock.advance(4 * MINUTE)
        assert what(dog) == [("watchdog", "")]


async def test_a_clock_that_is_set_back_makes_nothing_late(tmp_path: Path) -> None:
    async with watched(tmp_path) as (one, dog):
        one.clock.jump(-3_600 * SECOND)
        await dog.turn()
        assert dog.well


# --- the heartbeat -----------------------------------------------------------------------------


class Monitor:
    """A monitor outside that takes pings, or fails as it is told."""

    every = MINUTE

    def __init__(self) -> None:
        self.pings = 0
        self.fault: Outage | None = None

    async def __call__(self) -> None:
        self.pings += 1
        if self.fault is not None:
            raise self.fault


async def test_a_ping_goes_out_each_minute_while_all_is_well_and_stays_away_when_not(
    tmp_path: Path, expected_errors: ExpectedErrors
) -> None:
    async with watched(tmp_path) as (one, dog):
        monitor = Monitor()
        beat = Heartbeat(monitor, dog, one.clock, one.desk.machine.hub)
        await beat.start()
        await one.clock.advance(3 * MINUTE)
        assert monitor.pings == 3
        await one.desk.machine.timers.stop()
        await one.clock.advance(MINUTE)
        seen = monitor.pings
        await one.clock.advance(5 * MINUTE)
        assert (monitor.pings, beat.held) == (seen, True)
        await one.desk.machine.timers.start()
        await one.clock.advance(3 * MINUTE)
        assert monitor.pings > seen
        assert not beat.held
        await beat.stop()
    expected_errors.claim("late")


async def test_a_ping_that_fails_is_told_and_stops_nothing(tmp_path: Path) -> None:
    async with watched(tmp_path) as (one, dog):
        monitor = Monitor()
        beat = Heartbeat(monitor, dog, one.clock, one.desk.machine.hub)
        monitor.fault = Outage("The monitor answered 500.")
        await beat.start()
        await one.clock.advance(2 * MINUTE)
        assert beat.trouble == "The monitor answered 500."
        assert beat.alive
        monitor.fault = None
        await one.clock.advance(MINUTE)
        assert beat.trouble == ""
        await beat.stop()
