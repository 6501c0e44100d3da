"""Timers and Dos: each once, never early, also when the house was away in between."""

from pathlib import Path

import pytest

from bot.core.errors import StoreDown
from bot.core.report_words import AskForPerson, BeginReport, GiveUpWaiting, WriteMessage
from bot.store.base import Outcome, Put, Row, Unit
from tests.engine.kit import Desk, desk

DAY = 24 * 3600 * 1000


async def tags(house: Desk, stream: str) -> list[str]:
    """What happened to a stream, in order."""
    return [one.row.tag for one in await house.store.events(stream, 0, 500)]


async def begun(house: Desk) -> str:
    """A report that somebody began and left."""
    answer = await house.done(BeginReport(), "ana")
    await house.settle()
    stream: str = answer.data["stream"]
    return stream


async def test_a_timer_fires_once_when_it_is_due_and_never_before(tmp_path: Path) -> None:
    async with desk(tmp_path) as house:
        report = await begun(house)
        (timer,) = await house.store.select("timers", {"stream": report})
        due = int(str(timer["due"]))
        await house.advance(due - house.clock.now() - 1)
        assert "intake_left" not in await tags(house, report)
        await house.advance(1)
        assert (await tags(house, report)).count("intake_left") == 1
        assert await house.store.count("timers", {"stream": report, "due": due}) == 0
        await house.advance(DAY)
        assert (await tags(house, report)).count("intake_left") == 1
        await house.sound()


async def test_a_timer_that_came_for_nothing_goes_all_the_same(tmp_path: Path) -> None:
    async with desk(tmp_path) as house:
        report = await begun(house)
        command = house.codec.encode_command(GiveUpWaiting(what="confirmation"))
        row: Row = {
            "stream": report,
            "name": "stale",
            "due": house.clock.now() + 1,
            "command": command,
            "cause": "",
        }
        await house.store.write([Put("timers", row)])
        before = await tags(house, report)
        house.machine.timers.wake()
        await house.advance(10)
        assert await house.store.count("timers", {"name": "stale"}) == 0
        assert await tags(house, report) == before


async def test_what_was_due_while_the_house_was_away_is_made_up_for_once(tmp_path: Path) -> None:
    async with desk(tmp_path) as house:
        report = await begun(house)
        keys, witness, clock = house.keys, house.witness, house.clock
    await clock.advance(3 * DAY)
    async with desk(tmp_path, keys=keys, witness=witness, clock=clock) as house:
        await house.settle()
        assert (await tags(house, report)).count("intake_left") == 1
        assert await house.store.count("timers", {"stream": report}) == 0
        await house.sound()


async def test_a_command_from_stream_to_stream_is_carried_once(tmp_path: Path) -> None:
    async with desk(tmp_path) as house:
        report = await begun(house)
        await house.done(AskForPerson(), "ana")
        await house.settle()
        incident = (await house.report(report)).incident
        assert incident is not None
        happened = await tags(house, incident)
        assert happened.count("incident_opened") == 1
        assert happened.count("report_attached") == 1
        assert await house.store.count("outbox", {"kind": "do"}) == 0


async def test_a_command_that_was_under_way_at_the_end_is_carried_after_the_start(
    tmp_path: Path,
) -> None:
    async with desk(tmp_path) as house:
        await house.machine.dos.stop()
        answer = await house.done(AskForPerson(), "ana")
        assert await house.store.count("outbox", {"kind": "do", "state": "waiting"}) > 0
        keys, witness, clock = house.keys, house.witness, house.clock
    async with desk(tmp_path, keys=keys, witness=witness, clock=clock) as house:
        await house.settle()
        incident = (await house.report(answer.data["stream"])).incident
        assert incident is not None
        assert (await tags(house, incident)).count("incident_opened") == 1
        await house.sound()


async def test_nobody_is_told_done_for_what_is_not_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path) as house:

        async def full(units: list[Unit]) -> list[Outcome]:
            raise StoreDown("the disk is full")

        monkeypatch.setattr(house.store, "commit", full)
        answer = await house.press(WriteMessage(words="hello"), "ana", source="m1")
        assert (answer.outcome, answer.code) == ("refused", "not_saved")
        monkeypatch.undo()
        again = await house.press(WriteMessage(words="hello"), "ana", source="m1")
        assert (again.outcome, again.repeat) == ("done", False)
        assert (await house.report(again.data["stream"])).conversation.count == 1
