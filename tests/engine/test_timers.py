"""Timers fire once, never early, in order when late, and whatever happens in between."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.core.context import Context
from bot.core.ids import StreamId
from bot.core.report_words import BeginReport, GiveUpWaiting, IntakeLeft, WriteMessage
from bot.engine.work import Book
from bot.store.base import Patch, Put, number, text
from bot.wiring import BOOK
from tests.conftest import ExpectedErrors
from tests.engine.kit import MINUTE, PLAYBOOK, Desk, desk
from tests.engine.test_handle import breaking
from tests.proof.days import Place, close, fall_over
from tests.proof.faulty import FaultyStore, through

QUIET = PLAYBOOK.intake.quiet


def always_left(state: Any, command: GiveUpWaiting, ctx: Context) -> list[IntakeLeft]:
    """A decider that looks at nothing, so that each firing leaves its event."""
    return [IntakeLeft(why="quiet")]


def counting() -> Book:
    rules = dict(BOOK.rules)
    rules[GiveUpWaiting] = replace(rules[GiveUpWaiting], decide=always_left)
    return replace(BOOK, rules=rules)


async def begun(house: Desk, who: str = "ana") -> StreamId:
    stream: StreamId = (await house.done(BeginReport(), who)).data["stream"]
    await house.settle()
    return stream


async def fired(house: Desk, stream: StreamId) -> int:
    """How often the timer of the report has come."""
    entries = await house.store.events(stream, 0, 1000)
    return sum(one.row.tag == "intake_left" for one in entries)


async def test_a_timer_fires_at_its_time_and_not_a_moment_before(tmp_path: Path) -> None:
    async with desk(tmp_path, book=counting()) as house:
        stream = await begun(house)
        await house.advance(QUIET - 1)
        assert await fired(house, stream) == 0
        await house.advance(1)
        assert await fired(house, stream) == 1
        await house.advance(3 * QUIET)
        assert await fired(house, stream) == 1


async def test_a_timer_that_is_set_anew_fires_at_the_new_time_only(tmp_path: Path) -> None:
    async with desk(tmp_path, book=counting()) as house:
        stream = await begun(house)
        await house.advance(QUIET // 2)
        await house.done(WriteMessage(words="I am still here"), "ana")
        await house.advance(QUIET - 1)
        assert await fired(house, stream) == 0
        await house.advance(1)
        assert await fired(house, stream) == 1


async def test_an_earlier_timer_is_not_slept_through(tmp_path: Path) -> None:
    async with desk(tmp_path, book=counting()) as house:
        late = await begun(house)
        await house.store.write(
            [Patch("timers", {"stream": late}, {"due": house.clock.now() + 100 * QUIET})]
        )
        house.machine.timers.wake()
        await house.settle()
        early = await begun(house, "ben")
        await house.advance(QUIET)
        assert (await fired(house, early), await fired(house, late)) == (1, 0)


async def test_one_that_was_replaced_or_dropped_meanwhile_does_not_fire(tmp_path: Path) -> None:
    """Between being read and being decided: what counts is what stands there then."""
    async with desk(tmp_path, book=counting()) as house:
        stream = await begun(house)
        (stale,) = await house.store.select("timers", {"stream": stream})
        await house.advance(1)
        await house.done(WriteMessage(words="I am still here"), "ana")
        assert await house.machine.timers._fire(stale, house.clock.now())
        assert await fired(house, stream) == 0
        (fresh,) = await house.store.select("timers", {"stream": stream, "name": stale["name"]})
        assert number(fresh, "due") == number(stale, "due") + 1
        assert await house.machine.timers._fire(fresh, house.clock.now())
        assert await fired(house, stream) == 1
        assert await house.machine.timers._fire(fresh, house.clock.now())
        assert await fired(house, stream) == 1


async def test_late_ones_come_in_order_of_their_times(tmp_path: Path) -> None:
    place = Place(tmp_path)
    house = await place.open()
    streams = []
    for number_ in range(60):
        streams.append(await begun(house, f"customer{number_}"))
        await house.advance(1_000)
    await close(house)
    await place.clock.advance(100 * QUIET)
    house = await place.open()
    await house.settle()
    await house.advance(1)
    entries = await house.store.log(0, 10_000)
    order = [one.row.stream for one in entries if one.row.tag == "intake_left"]
    assert order == streams
    await house.sound()
    await close(house)


async def test_a_thousand_that_are_due_at_once_all_fire_once(tmp_path: Path) -> None:
    async with desk(tmp_path, book=counting()) as house:
        who = [f"customer{number_}" for number_ in range(1_000)]
        answers = await asyncio.gather(*(house.done(BeginReport(), one) for one in who))
        await house.settle()
        await house.advance(QUIET)
        while await house.store.count("timers"):
            await house.settle()
        counts = [await fired(house, answer.data["stream"]) for answer in answers]
        assert counts == [1] * 1_000


@pytest.mark.parametrize("turns", range(0, 60, 3))
async def test_a_crash_at_any_moment_of_firing_neither_loses_nor_doubles_it(
    tmp_path: Path, turns: int
) -> None:
    place = Place(tmp_path, book=counting())
    house = await place.open()
    stream = await begun(house)
    moving = asyncio.create_task(house.clock.advance(QUIET))
    for _ in range(turns):
        await asyncio.sleep(0)
    await fall_over(house)
    await moving
    house = await place.open()
    await house.advance(MINUTE)
    assert await fired(house, stream) == 1
    await close(house)


@pytest.mark.parametrize("fault", ["down", "unknown, not written", "unknown, written"])
async def test_a_store_in_trouble_neither_loses_nor_doubles_it(
    tmp_path: Path, fault: str, expected_errors: ExpectedErrors
) -> None:
    place = Place(tmp_path, book=counting())
    store = FaultyStore(tmp_path / "muster.db")
    house = await place.open(store)
    stream = await begun(house)
    store.next_faults = [fault]
    await through(house, QUIET + 10_000)
    assert await fired(house, stream) == 1
    assert not store.next_faults
    if fault != "down":
        expected_errors.claim("commit in doubt")
    await close(house)


async def test_one_whose_decider_raises_is_quarantined_and_comes_no_more(tmp_path: Path) -> None:
    book = breaking(GiveUpWaiting, RuntimeError("boom"))
    async with desk(tmp_path, book=book) as house:
        await begun(house)
        await house.advance(QUIET)
        assert await house.store.count("timers") == 0
        assert await house.store.count("quarantine") == 1
        await house.advance(QUIET)
        assert await house.store.count("quarantine") == 1


async def test_one_that_cannot_be_read_is_put_away_and_holds_up_no_other(
    tmp_path: Path, expected_errors: ExpectedErrors
) -> None:
    async with desk(tmp_path, book=counting()) as house:
        broken, sound = await begun(house), await begun(house, "ben")
        await house.store.write([Patch("timers", {"stream": broken}, {"command": "{"})])
        await house.advance(QUIET)
        assert (await fired(house, broken), await fired(house, sound)) == (0, 1)
        (kept,) = await house.store.select("quarantine")
        assert (kept["stream"], text(kept, "reason")) == (broken, "Damaged")
        assert await house.store.count("timers") == 0
        expected_errors.claim("a timer cannot be read")


async def test_who_presses_while_hundreds_of_timers_are_due_does_not_wait_for_all_of_them(
    tmp_path: Path,
) -> None:
    """A page of timers is under way at a time, and what people do comes in between."""
    async with desk(tmp_path) as house:
        await begun(house)
        (row, *_) = await house.store.select("timers", limit=1)
        due = house.clock.now() + MINUTE
        many = [f"rep_{number:026}" for number in range(1_000)]
        puts = [Put("timers", {**row, "stream": one, "due": due}) for one in many]
        await house.store.write(puts)
        house.machine.timers.wake()
        await house.settle()
        left: list[int] = []

        async def press() -> None:
            await house.done(BeginReport(), "ben")
            left.append(await house.store.count("timers", {"due": due}))

        house.clock.jump(2 * MINUTE)
        house.machine.timers.wake()
        await asyncio.gather(house.machine.timers.idle(), press())
        assert left[0] >= len(many) // 2
        assert await house.store.count("timers", {"due": due}) == 0
