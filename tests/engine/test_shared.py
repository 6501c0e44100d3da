"""What is the same for everybody is asked for once, and anew as soon as something changed."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.engine.hub import Changed, Hub
from bot.engine.shared import Shared

CHANGED = Changed("inc_1", 2, frozenset())


def counted(gate: asyncio.Event | None = None) -> tuple[list[int], Callable[[], Awaitable[int]]]:
    asked: list[int] = []

    async def make() -> int:
        asked.append(len(asked))
        if gate is not None:
            await gate.wait()
        return asked[-1]

    return asked, make


async def test_a_thousand_who_ask_at_once_cost_one_question() -> None:
    gate = asyncio.Event()
    asked, make = counted(gate)
    shared = Shared(Hub())
    waiting = [asyncio.create_task(shared.get("board", make)) for _ in range(1_000)]
    await asyncio.sleep(0)
    gate.set()
    assert await asyncio.gather(*waiting) == [0] * 1_000
    assert asked == [0]


async def test_after_a_change_it_is_asked_again_also_when_an_older_answer_is_on_its_way() -> None:
    gate = asyncio.Event()
    asked, make = counted(gate)
    hub = Hub()
    shared = Shared(hub)
    before = asyncio.create_task(shared.get("board", make))
    await asyncio.sleep(0)
    hub.tell(CHANGED)
    gate.set()
    await shared.get("board", make)
    await before
    assert asked == [0, 1]


async def test_who_hangs_up_takes_nothing_from_the_others() -> None:
    gate = asyncio.Event()
    _, make = counted(gate)
    shared = Shared(Hub())
    first, second = (asyncio.create_task(shared.get("board", make)) for _ in range(2))
    await asyncio.sleep(0)
    first.cancel()
    gate.set()
    assert await second == 0
    assert first.cancelled()


async def test_a_failure_is_told_and_not_kept() -> None:
    shared = Shared(Hub())
    _, make = counted()

    async def fails() -> int:
        raise RuntimeError("no store")

    with pytest.raises(RuntimeError):
        await shared.get("board", fails)
    assert await shared.get("board", make) == 0
