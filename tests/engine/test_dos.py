"""Dos: each command from one stream to another happens exactly once, in order."""

import asyncio
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.core.commands import Refused
from bot.core.context import Context
from bot.core.events import Event
from bot.core.ids import StreamId
from bot.core.incident_commands import (
    OpenIncident,
    ReopenIncident,
    ResolveIncident,
    TakeIncident,
)
from bot.core.person_words import AcceptInvite, MeetPerson
from bot.core.report_words import (
    AskForPerson,
    BeginReport,
    NoteStage,
    ReportLinked,
    ReportTaken,
    WithdrawReport,
    WriteMessage,
)
from bot.core.rules import refuse
from bot.core.texts import t
from bot.engine.work import Book
from bot.store.base import Patch
from bot.wiring import BOOK
from tests.conftest import ExpectedErrors
from tests.engine.kit import Desk, desk
from tests.engine.test_handle import with_incident
from tests.proof.agree import all_agrees
from tests.proof.days import Place, close, fall_over
from tests.proof.faulty import FAULTS, FaultyStore, through

AGENT = "agatha"
MANY = 1_200
WAITING = {"kind": "do", "state": "waiting"}


def deciding(**instead: Any) -> Book:
    """The book with other deciders, by the tag of their command."""
    rules = {
        command: replace(rule, decide=instead[command.tag]) if command.tag in instead else rule
        for command, rule in BOOK.rules.items()
    }
    return replace(BOOK, rules=rules)


def always_taken(state: Any, command: NoteStage, ctx: Context) -> list[Event]:
    """A decider that looks at nothing, so that each arrival leaves its event."""
    return [ReportTaken(by=command.person or "")]


async def tags(house: Desk, stream: StreamId) -> list[str]:
    return [one.row.tag for one in await house.store.events(stream, 0, 10_000)]


@pytest.mark.parametrize("seed", range(6))
async def test_a_crash_anywhere_neither_loses_nor_doubles_one(tmp_path: Path, seed: int) -> None:
    place, chance = Place(tmp_path, seed), Random(seed)
    reports: dict[str, StreamId] = {}
    for day in range(6):
        house = await place.open()
        for number in range(5):
            who = f"customer{day}/{number}"
            reports[who] = (await house.done(AskForPerson(), who)).data["stream"]
        for _ in range(chance.randrange(80)):
            await asyncio.sleep(0)
        await fall_over(house)
    house = await place.open()
    await house.settle()
    for stream in reports.values():
        report = await house.report(stream)
        assert report.incident is not None
        assert (await tags(house, report.incident)).count("incident_opened") == 1
        assert (await tags(house, report.person)).count("person_met") == 1
        assert (await house.incident(report.incident)).reports == 1
    assert await house.store.count("outbox", WAITING) == 0
    await all_agrees(house)
    await close(house)


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_store_in_trouble_neither_loses_nor_doubles_one(
    tmp_path: Path, fault: str, expected_errors: ExpectedErrors
) -> None:
    place = Place(tmp_path, book=deciding(note_stage=always_taken))
    store = FaultyStore(tmp_path / "muster.db")
    house = await place.open(store)
    await house.join(AGENT, "agent")
    report, incident = await with_incident(house)
    await house.done(TakeIncident(incident=incident), AGENT)
    store.next_faults = [fault]
    await through(house, 10_000)
    assert not store.next_faults
    assert (await tags(house, report)).count("report_taken") == 1
    if fault != "down":
        expected_errors.claim("commit in doubt")
    await close(house)


async def test_two_carriers_at_once_carry_each_once(tmp_path: Path) -> None:
    """The row must still be there when its command is decided."""
    async with desk(tmp_path, book=deciding(note_stage=always_taken)) as house:
        await house.join(AGENT, "agent")
        report, incident = await with_incident(house)
        await house.machine.dos.stop()
        await house.done(TakeIncident(incident=incident), AGENT)
        while await house.store.count("outbox", WAITING):
            await asyncio.gather(*(house.machine.dos.turn() for _ in range(3)))
        assert (await tags(house, report)).count("report_taken") == 1


async def test_from_one_stream_to_another_they_come_in_order(tmp_path: Path) -> None:
    """To many and to one alike: what was decided later never arrives earlier."""
    async with desk(tmp_path) as house:
        await house.join(AGENT, "agent")
        report, incident = await with_incident(house)
        for _ in range(3):
            await house.done(TakeIncident(incident=incident), AGENT)
            fixed = ResolveIncident(incident=incident, note="A fuse", call_off=(1, 2, 3))
            await house.done(fixed, AGENT)
            await house.done(ReopenIncident(incident=incident, reason="It is dark again"), AGENT)
        await house.done(TakeIncident(incident=incident), AGENT)
        await house.settle()
        noted = ("report_taken", "fix_asked", "report_reopened")
        found = [tag for tag in await tags(house, report) if tag in noted]
        assert found == [*noted * 3, "report_taken"]
        await all_agrees(house)


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> tuple[Place, StreamId, list[StreamId]]:
    """An incident with twelve hundred reports beside the first, that an agent just took."""
    return asyncio.run(_crowd(Place(tmp_path_factory.mktemp("crowd"), book=_joining())))


def _joining() -> Book:
    """Reports join the incident that the word to withdraw them names in its stead."""

    def join(state: Any, command: WithdrawReport, ctx: Context) -> list[Event]:
        return [ReportLinked(incident=LINKED[0], how="joined")]

    book = deciding(note_stage=always_taken, withdraw_report=join)
    return replace(book, reactors={**book.reactors, ReportLinked: ()})


LINKED: list[StreamId] = []


async def _crowd(place: Place) -> tuple[Place, StreamId, list[StreamId]]:
    opening = Place(place.folder, clock=place.clock, witness=place.witness)
    house = await opening.open()
    await house.join(AGENT, "agent")
    _, incident = await with_incident(house)
    await close(house)
    LINKED[:] = [incident]
    place.keys = opening.keys
    house = await place.open()
    who = [f"neighbour{number}" for number in range(MANY)]
    begun = await asyncio.gather(*(house.done(BeginReport(), one) for one in who))
    while await house.store.count("outbox", WAITING):
        await house.settle()
    joining = WithdrawReport(why="cancelled")
    await asyncio.gather(*(house.done(joining, one) for one in who))
    await house.machine.dos.stop()
    await house.done(TakeIncident(incident=incident), AGENT)
    await fall_over(house)
    return place, incident, [one.data["stream"] for one in begun]


@pytest.mark.parametrize("turns", [None, 12, 60, 200])
async def test_one_to_many_streams_arrives_once_at_each(
    tmp_path: Path, crowd: tuple[Place, StreamId, list[StreamId]], turns: int | None
) -> None:
    """To twelve hundred reports of one incident, with a restart in the middle."""
    place, _, reports = crowd
    place = replace(place, folder=copied(place, tmp_path))
    house = await place.open()
    if turns is not None:
        for _ in range(turns):
            await asyncio.sleep(0)
        await fall_over(house)
        house = await place.open()
    while await house.store.count("outbox", WAITING):
        await house.clock.settle()
    arrived: Counter[StreamId] = Counter()
    last = 0
    while page := await house.store.log(last, 500):
        arrived.update(one.row.stream for one in page if one.row.tag == "report_taken")
        last = page[-1].position
    assert [arrived[stream] for stream in reports] == [1] * MANY
    await close(house)


def copied(place: Place, folder: Path) -> Path:
    for file in place.folder.iterdir():
        shutil.copyfile(file, folder / file.name)
    return folder


def refusing(state: Any, command: Any, ctx: Context) -> Refused:
    return refuse("no_room", t("There is nothing here under that name, or you may not see it."))


async def test_a_refused_one_stays_listed_with_its_reason(tmp_path: Path) -> None:
    async with desk(tmp_path, book=deciding(open_incident=refusing)) as house:
        await house.done(AskForPerson(), "ana")
        await house.settle()
        (row,) = await house.store.select("outbox", {"kind": "do", "state": "refused"})
        assert row["reason"] == "no_room"


async def test_a_refused_one_sends_back_what_the_table_says(tmp_path: Path) -> None:
    def back(command: OpenIncident, refused: Refused) -> NoteStage:
        return NoteStage(incident=incident_of[0], stage="cancelled")

    incident_of: list[StreamId] = []
    book = deciding(open_incident=refusing)
    rules = dict(book.rules)
    rules[OpenIncident] = replace(rules[OpenIncident], sends_back=back)
    async with desk(tmp_path, book=replace(book, rules=rules)) as house:
        await house.machine.dos.stop()
        stream = (await house.done(AskForPerson(), "ana")).data["stream"]
        incident_of.append((await house.report(stream)).incident or "")
        await house.machine.dos.start()
        await house.settle()
        assert (await house.report(stream)).closed_as == "cancelled"
        assert await house.store.count("outbox", WAITING) == 0


async def test_one_that_raises_is_quarantined_and_holds_up_no_other(tmp_path: Path) -> None:
    def boom(state: Any, command: Any, ctx: Context) -> list[Event]:
        raise RuntimeError("boom")

    async with desk(tmp_path, book=deciding(meet_person=boom)) as house:
        stream = (await house.done(AskForPerson(), "ana")).data["stream"]
        await house.settle()
        assert await house.store.count("outbox", {"kind": "do", "state": "dead"}) == 1
        assert await house.store.count("quarantine", {"command": MeetPerson.tag}) == 1
        assert (await house.report(stream)).incident is not None


async def test_one_that_cannot_be_read_is_listed_and_holds_up_no_other(
    tmp_path: Path, expected_errors: ExpectedErrors
) -> None:
    async with desk(tmp_path) as house:
        await house.machine.dos.stop()
        await house.done(AskForPerson(), "ana")
        rows = await house.store.select("outbox", WAITING, order="id")
        await house.store.write([Patch("outbox", {"id": rows[0]["id"]}, {"body": "{"})])
        await house.machine.dos.start()
        await house.settle()
        (dead,) = await house.store.select("outbox", {"kind": "do", "state": "dead"})
        assert (dead["id"], dead["reason"]) == (rows[0]["id"], "damaged")
        assert await house.store.count("outbox", WAITING) == 0
        expected_errors.claim("a Do cannot be read")


async def test_somebody_who_joins_the_staff_keeps_nothing_of_the_stranger(tmp_path: Path) -> None:
    """The link's person takes the identity; the next word comes from that person."""
    async with desk(tmp_path) as house:
        person = await house.join("ben", "agent")
        stream = (await house.done(WriteMessage(words="It is dark"), "ben")).data["stream"]
        assert (await house.report(stream)).person == person
        again = await house.press(AcceptInvite(person=person, token="x", name="Ben"), "eve")
        assert again.outcome == "refused"
        await all_agrees(house)
