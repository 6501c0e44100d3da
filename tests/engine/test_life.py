"""Random lives of the whole desk: whatever people do and whenever it restarts, all agrees."""

import asyncio
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.core.fold import State
from bot.core.report_words import MessageReceived, WriteMessage
from bot.engine.verify import recorded, refold
from tests.engine.kit import Desk, desk
from tests.proof.agree import all_agrees
from tests.proof.days import Place, close, fall_over, lived
from tests.proof.town import Town


@pytest.mark.parametrize("seed", range(1, 5))
async def test_every_life_agrees_with_its_log(tmp_path: Path, seed: int) -> None:
    """State is the fold, lists are the rows of states, the log has no gap, verify is content."""
    assert await lived(tmp_path, seed, days=3, steps=40)


async def test_the_same_seed_lives_the_same_life(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("one", "other", "third")]
    for folder in folders:
        await asyncio.to_thread(folder.mkdir)
    one, other = [await lived(folder, 7, days=2, steps=30) for folder in folders[:2]]
    assert one == other
    assert await lived(folders[2], 5, days=2, steps=30) != one


async def test_a_life_at_full_speed_agrees_too(tmp_path: Path) -> None:
    """On the real thread, with many presses at the same instant."""
    async with desk(tmp_path) as house:
        town = Town(house, Random(3), customers=20)
        await town.found()
        await town.live(120, at_once=30)
        await house.settle()
        await all_agrees(house)


async def test_a_desk_that_fell_over_goes_on_where_it_was(tmp_path: Path) -> None:
    place = Place(tmp_path)
    house = await place.open()
    first = await house.done(WriteMessage(words="The lights went out"), "ana")
    await fall_over(house)
    again = await place.open()
    second = await again.done(WriteMessage(words="They are on again"), "ana")
    assert second.data["stream"] == first.data["stream"]
    await again.settle()
    report = await again.report(first.data["stream"])
    assert report.conversation.count == 2
    assert (await again.state(report.person)).stream == report.person
    await all_agrees(again)
    await close(again)


async def test_a_desk_that_falls_over_again_and_again_loses_no_answered_message(
    tmp_path: Path,
) -> None:
    """Cut off at any moment: what was answered is there, once, in order."""
    place, chance = Place(tmp_path), Random(9)
    answered: list[str] = []
    for day in range(12):
        house = await place.open()
        task = asyncio.create_task(_write(house, day, answered))
        for _ in range(chance.randrange(5, 120)):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await fall_over(house)
    house = await place.open()
    report = (await house.done(WriteMessage(words="last"), "ana")).data["stream"]
    words = await _said(house, report)
    assert len(answered) > 12
    assert [one for one in words if one in set(answered)] == answered
    assert len(set(words)) == len(words)
    await all_agrees(house)
    await close(house)


async def _write(house: Desk, day: int, answered: list[str]) -> None:
    for number in range(1000):
        words = f"message {day}/{number}"
        answer = await house.press(WriteMessage(words=words), "ana", source=words)
        if answer.outcome == "done":
            answered.append(words)


async def _said(house: Desk, report: str) -> list[str]:
    found: list[str] = []
    for one in await house.store.events(report, 0, 10_000):
        event = recorded(house.codec, one).event
        if isinstance(event, MessageReceived):
            found.append(str(event.words.open(house.codec.open)))
    return found


async def test_a_state_of_an_older_fold_is_folded_anew(tmp_path: Path) -> None:
    """A snapshot is a cache: one that another version of the fold wrote is not believed."""
    async with desk(tmp_path) as house:
        first = await house.done(WriteMessage(words="hello"), "ana")
        stream = first.data["stream"]
        parts = house.machine.parts
        fold = parts.book.folds["report"]
        house.machine.engine.streams.clear()
        try:
            fold.revision += 1
            again = await house.done(WriteMessage(words="hello again"), "ana")
            assert again.data["stream"] == stream
            state = await refold(parts.book, house.store, house.codec, stream)
            assert state == await house.state(stream)
            loaded = await house.store.load([], [], [stream])
            assert loaded.snapshots[stream].fold == fold.revision
        finally:
            fold.revision -= 1


async def test_a_look_without_keeping_does_not_believe_an_older_fold_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Delivery looks at whom it tells in this way."""
    decoded: list[asyncio.Task[Any] | None] = []
    async with desk(tmp_path) as house:
        stream = (await house.done(WriteMessage(words="hello"), "ana")).data["stream"]
        await house.settle()
        engine, fold = house.machine.engine, house.machine.parts.book.folds["report"]
        kept = (await engine.look([stream]))[stream]
        whole = engine.codec.decode_state

        def noted(*given: Any) -> State:
            decoded.append(asyncio.current_task())
            return whole(*given)

        monkeypatch.setattr(engine.codec, "decode_state", noted)
        for older in (0, 1):
            engine.streams.clear()
            decoded.clear()
            try:
                fold.revision += older
                assert (await engine.look([stream]))[stream] == kept
                assert engine.streams.get(stream) is None
            finally:
                fold.revision -= older
            # The workers of the house look too; this is what the look of the test has read.
            assert decoded.count(asyncio.current_task()) == 1 - older
