"""Whatever merges and splits come, in whatever order and with crashes between: nobody is lost."""

import asyncio
from pathlib import Path
from random import Random

import pytest

from bot.core.ids import StreamId
from bot.core.incident_commands import PublishUpdate
from bot.core.moving_words import MergeIncident, SplitIncident
from bot.core.report_words import WithdrawReport, WriteMessage
from bot.store.base import Patch, text
from tests.engine.kit import Desk
from tests.engine.test_handle import with_incident
from tests.engine.test_merging import ANA, come_to_rest, heard, nobody_is_lost, stop_at, two
from tests.proof.agree import all_agrees
from tests.proof.days import Place, close, fall_over


@pytest.mark.parametrize("seed", range(4))
async def test_whatever_merges_and_splits_come_nobody_is_lost(tmp_path: Path, seed: int) -> None:
    """With crashes between the streams; then everybody hears the next update exactly once."""
    place, chance = Place(tmp_path, seed), Random(seed)
    house = await place.open()
    await house.join(ANA, "agent")
    people = dict(house.people)
    reports = [(await with_incident(house, f"customer{number}"))[0] for number in range(6)]
    for _ in range(6):
        for _ in range(4):
            await asyncio.gather(*(_press(house, chance, reports) for _ in range(3)))
        for _ in range(chance.randrange(60)):
            await asyncio.sleep(0)
        await fall_over(house)
        house = await place.open()
        house.people = people
    await come_to_rest(house)
    assert await house.store.count("outbox", {"kind": "do", "state": "dead"}) == 0
    await nobody_is_lost(house, reports)
    await _all_hear(house, reports)
    await all_agrees(house)
    await close(house)


async def _press(house: Desk, chance: Random, reports: list[StreamId]) -> None:
    rows = await house.store.select("incidents", {"ended": 0}, limit=100)
    living = [text(row, "incident") for row in rows]
    if len(living) > 1 and chance.random() < 0.6:
        one, other = chance.sample(living, 2)
        await house.press(MergeIncident(incident=one, into=other), ANA)
    elif chance.random() < 0.1:
        await house.press(WithdrawReport(why="solved_itself"), f"customer{chance.randrange(6)}")
    elif chance.random() < 0.3:
        await house.press(WriteMessage(words="Hello?"), f"customer{chance.randrange(6)}")
    else:
        report = chance.choice(reports)
        incident = (await house.report(report)).incident or ""
        split = SplitIncident(incident=incident, reports=(report,), reason="Another street")
        await house.press(split, ANA)


async def _all_hear(house: Desk, reports: list[StreamId]) -> None:
    rows = await house.store.select("incidents", {"ended": 0}, limit=100)
    for row in rows:
        incident = text(row, "incident")
        words = PublishUpdate(incident=incident, words="All is well", audience="reporters")
        await house.press(words, ANA)
    await come_to_rest(house)
    for report in reports:
        if (await house.report(report)).stage != "withdrawn":
            lines = [one for one in await heard(house, report) if "All is well" in one]
            assert len(lines) == 1, report


async def test_a_report_that_is_linked_when_its_incident_has_gone_on_is_sent_after_it(
    tmp_path: Path,
) -> None:
    """Its command was held up for so long that nobody found it where it was told to go."""
    async with two(tmp_path) as (house, pair):
        third, last = await with_incident(house, "cora")
        await house.done(MergeIncident(incident=pair.one, into=pair.other), ANA)
        await stop_at(house, "join_incident")
        while not (held := await house.store.select("outbox", {"target": pair.first})):
            await house.machine.dos.turn()
        key = {"id": held[0]["id"]}
        await house.store.write([Patch("outbox", key, {"state": "parked"})])
        await house.machine.dos.start()
        await come_to_rest(house)
        await house.done(MergeIncident(incident=pair.other, into=last), ANA)
        await come_to_rest(house)
        assert (await house.report(pair.first)).incident == pair.one
        await house.store.write([Patch("outbox", key, {"state": "waiting"})])
        await come_to_rest(house)
        assert (await house.report(pair.first)).incident == last
        await nobody_is_lost(house, [pair.first, pair.second, third])
