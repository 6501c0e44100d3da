"""A commit in doubt that was one: what it asked for is done, though no worker was told of it."""

import asyncio
from pathlib import Path

from bot.core.commands import Place
from bot.core.incident_commands import AssessIncident, TakeIncident
from bot.core.priority import Level
from bot.core.report_words import AskForPerson, WriteMessage
from bot.engine.loops import Loop
from tests.clock import VirtualClock
from tests.conftest import ExpectedErrors
from tests.engine.delivery import office
from tests.engine.kit import MINUTE
from tests.proof.faulty import FaultyStore

TEAM = Place(channel="test", address="team")
PLACES = {"triage": [TEAM], "it_desk": [TEAM], "field_crew": [TEAM], "safety_crew": [TEAM]}


async def test_a_card_is_shown_as_it_is_whether_or_not_anybody_knew_of_the_commit(
    tmp_path: Path, expected_errors: ExpectedErrors
) -> None:
    store = FaultyStore(tmp_path / "muster.db")
    async with office(tmp_path, store=store, places=PLACES) as one:
        await one.press(WriteMessage(words="No power"), "carol", "web")
        answer = await one.press(AskForPerson(), "carol", "web")
        await one.desk.join("ana")
        await one.advance(MINUTE)
        report = await one.desk.report(str(answer.data["stream"]))
        incident = str(report.incident)
        await one.desk.done(TakeIncident(incident=incident), "ana")
        await one.advance(MINUTE)
        store.next_faults = ["unknown, written"]
        command = AssessIncident(incident=incident, impact=Level.HIGH, urgency=Level.LOW)
        await one.desk.done(command, "ana")
        await one.advance(MINUTE)
        assert any("priority changed" in said for said in one.channel.texts("team"))
        assert not await store.count("shows", {"state": "waiting"})
    expected_errors.claim("commit in doubt")


class Reader(Loop):
    """A worker that reads slowly what nobody told it."""

    def __init__(self) -> None:
        super().__init__(VirtualClock())
        self.reads = 0
        self.reading, self.go_on = asyncio.Event(), asyncio.Event()

    async def recall(self) -> None:
        self.reads += 1
        if self.reads == 2:
            self.reading.set()
            await self.go_on.wait()

    async def turn(self) -> None:
        return None


async def test_what_comes_into_doubt_while_it_is_read_is_read_once_more() -> None:
    one = Reader()
    await one.start()
    one.untold()
    await one.reading.wait()
    one.untold()
    one.go_on.set()
    for _ in range(2):
        await one.idle()
    assert one.reads == 3
    await one.stop()
