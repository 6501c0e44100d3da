"""Messages about somebody who was erased are taken away, however long that takes."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.core.calendar import DAY
from bot.engine.ports import MessageGone, Outage, SendFault, Unsendable
from bot.store.base import Put
from tests.channel import Step
from tests.engine.delivery import Office, office


async def told(one: Office) -> None:
    """Two messages to Anna; then her words are deleted here."""
    await one.desk.codec.keys.ensure(4)
    seat = one.seat("anna")
    for words in ("first", "second"):
        await one.say("anna", "An agent wrote:", words=words, seat=seat)
        await one.quiet()
    await one.desk.machine.eraser._rows(seat.key.subject)


async def waiting(one: Office) -> int:
    return await one.store.count("removals")


async def test_what_went_out_is_taken_away_where_it_stands(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        await told(one)
        await one.advance(5_000)
        assert one.channel.texts("anna") == []
        assert await waiting(one) == 0


@pytest.mark.parametrize("fault", [Outage, lambda: Unsendable("Not now.")])
async def test_what_cannot_be_taken_away_now_is_later(
    tmp_path: Path, fault: Callable[[], SendFault]
) -> None:
    async with office(tmp_path) as one:
        one.channel.plan = lambda act, at, post: Step(fault()) if act == "delete" else None
        await told(one)
        await one.advance(60_000)
        assert await waiting(one) == 2
        one.channel.plan = None
        await one.advance(10 * 60_000)
        assert one.channel.texts("anna") == []
        assert await waiting(one) == 0


@pytest.mark.parametrize("fault", [MessageGone, lambda: Unsendable("Never.", final=True)])
async def test_what_can_never_be_taken_away_is_let_go(
    tmp_path: Path, fault: Callable[[], SendFault]
) -> None:
    async with office(tmp_path) as one:
        one.channel.plan = lambda act, at, post: Step(fault()) if act == "delete" else None
        await told(one)
        await one.advance(5_000)
        assert await waiting(one) == 0


@pytest.mark.parametrize(("age", "left"), [(6 * DAY, 1), (8 * DAY, 0)])
async def test_after_a_week_it_is_given_up(tmp_path: Path, age: int, left: int) -> None:
    async with office(tmp_path) as one:
        body = one.desk.codec.seal_note("anna", None)
        key = {"channel": "not connected", "message": "m1"}
        at = one.clock.now() - age
        await one.store.write(
            [Put("removals", {**key, "at": at, "due": 0, "tries": 0, "body": body})]
        )
        one.desk.machine.removals.wake()
        await one.advance(5_000)
        assert await waiting(one) == left
