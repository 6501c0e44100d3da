"""Merging and splitting on the real machine: streams apart, crashes between, crossings, races."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.core.commands import Command
from bot.core.ids import StreamId
from bot.core.incident import Incident
from bot.core.incident_commands import (
    AskForResource,
    CancelIncident,
    ClaimTask,
    CloseIncident,
    OpenIncident,
    PublishUpdate,
    ResolveIncident,
    RestrictIncident,
    TakeIncident,
)
from bot.core.moving_words import MergeIncident, SplitIncident
from bot.core.person_words import Subscribe
from bot.core.report_words import AnswerFixed, ReplyToCustomer, WithdrawReport
from bot.engine.mailbox import Mailbox
from bot.store.base import Store, text
from bot.store.memory import MemoryStore
from tests.engine.delivery import office
from tests.engine.kit import MINUTE, Desk, desk
from tests.engine.test_audience import incident, pause, publish, told
from tests.engine.test_handle import with_incident
from tests.proof.agree import all_agrees

ANA, BEN, RITA = "agatha", "ben", "rita"
STORES = ("memory", "sqlite")


def stored(kind: str) -> Store | None:
    return MemoryStore() if kind == "memory" else None


async def come_to_rest(house: Desk) -> None:
    """Every Do was carried and everybody was told."""
    for _ in range(100):
        await house.settle()
        if not await house.store.count("outbox", {"kind": "say", "state": "waiting"}):
            return
    raise AssertionError("letters do not arrive")


async def heard(house: Desk, report: StreamId) -> list[str]:
    """What the customer of `report` was told: wording and somebody's words."""
    state = await house.report(report)
    mailbox = Mailbox(house.store, house.codec)
    seat = str(state.seat.key.open(house.codec.open))
    letters = await mailbox.read(seat, limit=500)
    return [f"{one.text} {one.words}".strip() for one in letters]


@asynccontextmanager
async def two(folder: Path, kind: str = "memory") -> AsyncIterator[tuple[Desk, "Pair"]]:
    """Two customers with an incident each, and two agents."""
    async with desk(folder, store=stored(kind)) as house:
        await house.join(ANA, "agent")
        await house.join(BEN, "agent")
        first, one = await with_incident(house, "carl")
        second, other = await with_incident(house, "cleo")
        yield house, Pair(first, one, second, other)


class Pair:
    """Carl's report and incident (the older one), and Cleo's."""

    def __init__(self, first: StreamId, one: StreamId, second: StreamId, other: StreamId) -> None:
        self.first, self.one = first, one
        self.second, self.other = second, other


@pytest.mark.parametrize("kind", STORES)
async def test_customers_of_a_merged_incident_go_on_and_are_told_once(
    tmp_path: Path, kind: str
) -> None:
    async with two(tmp_path, kind) as (house, pair):
        await house.done(TakeIncident(incident=pair.one), ANA)
        await house.done(MergeIncident(incident=pair.other, into=pair.one), ANA)
        await come_to_rest(house)
        one, other = await house.incident(pair.one), await house.incident(pair.other)
        assert (other.status, other.kin.merged_into) == ("merged", pair.one)
        assert (one.reports, one.kin.absorbed, one.kin.expects) == (2, (pair.other,), None)
        cleo = await house.report(pair.second)
        assert cleo.incident == pair.one
        assert cleo.taken_by == house.people[ANA]
        told = [one for one in await heard(house, pair.second) if "together with what we" in one]
        assert len(told) == 1
        assert cleo.reference in told[0]
        assert other.reference not in told[0]
        words = PublishUpdate(incident=pair.one, words="The line is cut", audience="reporters")
        await house.done(words, ANA)
        await come_to_rest(house)
        for report in (pair.first, pair.second):
            lines = [one for one in await heard(house, report) if "The line is cut" in one]
            assert len(lines) == 1
        await all_agrees(house)


async def test_somebody_who_is_coming_still_comes(tmp_path: Path) -> None:
    """The claim moves with its time; a task that was named is called off, aloud."""
    async with two(tmp_path) as (house, pair):
        rita = await house.join(RITA, "resource")
        for what in ("Free them from the lift", "Bring a lamp"):
            await house.done(AskForResource(incident=pair.other, what=what), ANA)
        eta = house.clock.now() + 20 * MINUTE
        await house.done(ClaimTask(incident=pair.other, task=1, eta=eta), RITA)
        await house.done(MergeIncident(incident=pair.other, into=pair.one, call_off=(2,)), ANA)
        await come_to_rest(house)
        (task,) = (await house.incident(pair.one)).tasks
        assert (task.status, task.places[0].person, task.places[0].eta) == ("claimed", rita, eta)
        gone = (await house.incident(pair.other)).tasks
        assert [(one.cancelled, one.moved) for one in gone] == [(True, True), (True, False)]
        await house.advance(30 * MINUTE)
        (task,) = (await house.incident(pair.one)).tasks
        assert task.places[0].eta_passed, "the alarm moved, too"
        assert not (await house.incident(pair.other)).tasks[0].places[0].eta_passed


async def test_who_promised_more_and_presses_more_counts(tmp_path: Path) -> None:
    async with two(tmp_path) as (house, pair):
        soon = house.clock.now() + 5 * MINUTE
        words = PublishUpdate(
            incident=pair.other, words="We look", audience="reporters", next_by=soon
        )
        await house.done(words, ANA)
        await house.done(MergeIncident(incident=pair.other, into=pair.one), ANA)
        await come_to_rest(house)
        assert (await house.incident(pair.one)).targets.update == soon


@pytest.mark.parametrize("kind", STORES)
async def test_two_merged_into_each_other_at_once_become_one(tmp_path: Path, kind: str) -> None:
    async with two(tmp_path, kind) as (house, pair):
        await house.machine.dos.stop()
        answers = await asyncio.gather(
            house.press(MergeIncident(incident=pair.one, into=pair.other), ANA),
            house.press(MergeIncident(incident=pair.other, into=pair.one), BEN),
        )
        await house.machine.dos.start()
        await come_to_rest(house)
        states = [await house.incident(one) for one in (pair.one, pair.other)]
        assert [one.status for one in states] == ["open", "merged"], "the older one stays"
        assert {one.outcome for one in answers} <= {"done", "refused"}
        assert not any(one.kin.expects for one in states)
        for report in (pair.first, pair.second):
            assert (await house.report(report)).incident == pair.one
        assert states[0].reports == 2
        await all_agrees(house)


async def test_three_in_a_circle_at_once_end_in_peace(tmp_path: Path) -> None:
    async with two(tmp_path) as (house, pair):
        third, last = await with_incident(house, "cora")
        await house.machine.dos.stop()
        circle = [(pair.one, pair.other), (pair.other, last), (last, pair.one)]
        await asyncio.gather(
            *(house.press(MergeIncident(incident=a, into=b), ANA) for a, b in circle)
        )
        await house.machine.dos.start()
        await come_to_rest(house)
        await nobody_is_lost(house, [pair.first, pair.second, third])


async def test_merged_into_two_at_once_has_one_winner_and_frees_the_other(tmp_path: Path) -> None:
    async with two(tmp_path) as (house, pair):
        _, last = await with_incident(house, "cora")
        await house.machine.dos.stop()
        await house.press(MergeIncident(incident=last, into=pair.one), ANA)
        await house.press(MergeIncident(incident=last, into=pair.other), BEN)
        await house.machine.dos.start()
        await come_to_rest(house)
        states = [await house.incident(one) for one in (pair.one, pair.other, last)]
        assert sorted(one.status for one in states) == ["merged", "open", "open"]
        assert sorted(one.reports for one in states[:2]) == [1, 2]
        assert not any(one.kin.expects for one in states)


async def test_what_ended_while_it_was_asked_stays_ended_and_the_other_is_free(
    tmp_path: Path,
) -> None:
    async with two(tmp_path) as (house, pair):
        await house.machine.dos.stop()
        await house.done(MergeIncident(incident=pair.other, into=pair.one), ANA)
        busy = await house.press(CancelIncident(incident=pair.one, reason="Not ours"), BEN)
        assert busy.code == "busy"
        await house.done(CancelIncident(incident=pair.other, reason="Not ours"), BEN)
        await house.machine.dos.start()
        await come_to_rest(house)
        assert (await house.incident(pair.one)).kin.expects is None
        assert (await house.report(pair.second)).incident == pair.other
        await house.done(CancelIncident(incident=pair.one, reason="Not ours"), BEN)


@pytest.mark.parametrize("end", ["merged", "closed", "cancelled"])
async def test_a_report_that_arrives_late_follows_to_the_end(tmp_path: Path, end: str) -> None:
    """The one it goes to has ended when the report comes: it is sent on, or told so."""
    async with two(tmp_path) as (house, pair):
        third, last = await with_incident(house, "cora")
        await house.done(TakeIncident(incident=pair.other), ANA)
        await house.done(MergeIncident(incident=pair.one, into=pair.other), ANA)
        await stop_at(house, "attach_report")
        if end == "merged":
            await house.done(MergeIncident(incident=pair.other, into=last), ANA)
        elif end == "cancelled":
            await house.done(CancelIncident(incident=pair.other, reason="Not ours"), ANA)
        else:
            await house.done(ResolveIncident(incident=pair.other, note="New fuse"), ANA)
            await house.done(CloseIncident(incident=pair.other), ANA)
        await house.machine.dos.start()
        await come_to_rest(house)
        carl = await house.report(pair.first)
        assert carl.incident == (last if end == "merged" else pair.other)
        if end != "merged":
            assert (carl.stage, carl.closed_as) == ("closed", end)
        told = [one for one in await heard(house, pair.first) if "together with what we" in one]
        assert len(told) == 1
        await nobody_is_lost(house, [pair.first, pair.second, third])


async def stop_at(house: Desk, tag: str) -> None:
    """Let Dos be carried until the next one is `tag`; then stop carrying."""
    await house.machine.dos.stop()
    while True:
        rows = await house.store.select("outbox", {"kind": "do", "state": "waiting"}, order="id")
        if any(text(row, "body").startswith(f'{{"tag":"{tag}"') for row in rows):
            return
        assert rows
        await house.machine.dos.turn()
        await house.clock.settle()


async def test_who_subscribed_to_the_merged_one_hears_of_the_other(tmp_path: Path) -> None:
    async with two(tmp_path) as (house, pair):
        await house.done(Subscribe(scope=f"incident:{pair.other}"), "sue")
        await house.done(Subscribe(scope="all"), "sol")
        await house.done(Subscribe(scope=f"incident:{pair.other}"), "sol")
        await house.done(MergeIncident(incident=pair.other, into=pair.one), ANA)
        await come_to_rest(house)
        words = PublishUpdate(incident=pair.one, words="The line is cut", audience="public")
        await house.done(words, ANA)
        await come_to_rest(house)
        rows = await house.store.select("mailbox", {"lane": "bulk"})
        assert len(rows) == 2, "both of them, once"


async def test_what_was_published_before_the_merge_reaches_those_who_moved(
    tmp_path: Path,
) -> None:
    """Who is to hear it is fixed when it is said, even if delivery comes late."""
    async with two(tmp_path) as (house, pair):
        await house.machine.deliveries.stop()
        words = PublishUpdate(incident=pair.other, words="Wait for us", audience="reporters")
        await house.done(words, ANA)
        await house.done(MergeIncident(incident=pair.other, into=pair.one), ANA)
        for _ in range(20):
            await house.machine.dos.turn()
        assert (await house.report(pair.second)).incident == pair.other
        await house.machine.deliveries.start()
        await come_to_rest(house)
        assert (await house.report(pair.second)).incident == pair.one
        lines = [one for one in await heard(house, pair.second) if "Wait for us" in one]
        assert len(lines) == 1


async def test_few_do_not_become_many(tmp_path: Path) -> None:
    async with two(tmp_path) as (house, pair):
        await house.join("chief", "supervisor")
        hide = RestrictIncident(incident=pair.other, visibility="restricted", reason="Police")
        await house.done(hide, "chief")
        open_up = await house.press(MergeIncident(incident=pair.other, into=pair.one), "chief")
        assert open_up.code == "restricted"
        blind = await house.press(MergeIncident(incident=pair.one, into=pair.other), ANA)
        unknown = await house.press(MergeIncident(incident="inc_" + "7" * 26, into=pair.one), ANA)
        assert (blind.code, unknown.code) == ("not_found", "not_found")
        await house.done(MergeIncident(incident=pair.one, into=pair.other), "chief")
        await come_to_rest(house)
        assert (await house.incident(pair.other)).reports == 2


@pytest.mark.parametrize("kind", STORES)
async def test_reports_split_off_get_an_incident_with_what_is_known(
    tmp_path: Path, kind: str
) -> None:
    async with two(tmp_path, kind) as (house, pair):
        third, last = await with_incident(house, "cora")
        for one in (pair.other, last):
            await house.done(MergeIncident(incident=one, into=pair.one), ANA)
            await come_to_rest(house)
        both = SplitIncident(
            incident=pair.one, reports=(pair.second, third), reason="Another street"
        )
        before = [await heard(house, one) for one in (pair.second, third)]
        first, again = await asyncio.gather(house.press(both, ANA), house.press(both, BEN))
        assert {first.code or "done", again.code or "done"} == {"done", "moved"}
        await come_to_rest(house)
        states = [await house.report(one) for one in (pair.second, third)]
        assert states[0].incident == states[1].incident not in (pair.one, pair.other)
        fresh = await house.incident(states[0].incident or "")
        assert (fresh.reports, fresh.kin.split_from) == (2, pair.one)
        old = await house.incident(pair.one)
        assert (old.reports, old.kin.leaving, old.kin.split_off) == (1, (), (fresh.stream,))
        assert [await heard(house, one) for one in (pair.second, third)] == before
        everything = SplitIncident(incident=pair.one, reports=(pair.first,), reason="Elsewhere")
        assert (await house.press(everything, ANA)).code == "all_chosen"
        await all_agrees(house)


async def nobody_is_lost(house: Desk, reports: list[StreamId]) -> None:
    """Each report hangs under one incident that lives, or under the one that ended with it."""
    counted: dict[StreamId, int] = {}
    for one in reports:
        state = await house.report(one)
        incident = await house.incident(state.incident or "")
        assert incident.status != "merged", "whatever came there was sent on"
        assert not incident.ended or state.stage in ("closed", "done", "withdrawn")
        counted[incident.stream] = counted.get(incident.stream, 0) + 1
    for stream, count in counted.items():
        assert (await house.incident(stream)).reports == count
    for row in await house.store.select("incidents", limit=500):
        incident = await house.incident(text(row, "incident"))
        assert incident.kin.expects is None
        assert incident.kin.leaving == ()


async def test_what_a_customer_says_during_the_merge_is_not_lost(tmp_path: Path) -> None:
    """They take it back while their report is on the way: the one that stays counts it."""
    async with two(tmp_path) as (house, pair):
        await house.done(MergeIncident(incident=pair.other, into=pair.one), ANA)
        await stop_at(house, "join_incident")
        await house.done(WithdrawReport(why="solved_itself"), "cleo")
        await house.machine.dos.start()
        await come_to_rest(house)
        state = await house.incident(pair.one)
        assert (state.reports, state.reports_withdrawn) == (2, 1)


async def test_after_a_merge_everything_ends_as_for_one(tmp_path: Path) -> None:
    async with two(tmp_path) as (house, pair):
        await house.done(MergeIncident(incident=pair.other, into=pair.one), ANA)
        await come_to_rest(house)
        await house.done(TakeIncident(incident=pair.one), ANA)
        await house.done(ReplyToCustomer(report=pair.second, words="We are here"), ANA)
        await house.done(ResolveIncident(incident=pair.one, note="New fuse"), ANA)
        await come_to_rest(house)
        for who in ("carl", "cleo"):
            await house.done(AnswerFixed(fixed=True), who)
        await come_to_rest(house)
        state = await house.incident(pair.one)
        assert isinstance(state, Incident)
        assert state.status == "closed"
        for report in (pair.first, pair.second):
            assert (await house.report(report)).stage == "closed"


@pytest.mark.parametrize("how", ["merged", "split"])
async def test_what_waits_for_a_channel_goes_with_a_merge_and_not_with_a_split(
    tmp_path: Path, how: str
) -> None:
    """Who was moved away by hand did not belong there, so it is not for them."""
    async with office(tmp_path) as one:
        first = await incident(one)
        fresh = OpenIncident(report=None, category="power")
        other = (await one.desk.done(fresh, "ana")).data["stream"]
        if how == "split":
            await one.desk.done(MergeIncident(incident=first, into=other), "ana")
            await one.quiet()
        await pause(one)
        await publish(one, other if how == "split" else first, "reporters")
        await one.quiet()
        (row,) = await one.store.select("reports")
        report = text(row, "report")
        move: Command = MergeIncident(incident=first, into=other)
        if how == "split":
            move = SplitIncident(incident=other, reports=(report,), reason="Another street")
        await one.desk.done(move, "ana")
        await one.quiet()
        assert (await one.desk.report(report)).incident not in (first, None)
        await one.advance(5 * MINUTE)
        assert told(one, "carol") == (1 if how == "merged" else 0)
