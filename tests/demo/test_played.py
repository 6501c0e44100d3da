"""A shift played through the real door to its end, in virtual time."""

from collections import Counter
from pathlib import Path

from bot.core import incident_commands as ic
from bot.core import report_words as rw
from bot.core.incident import Incident
from bot.core.report import Report
from bot.demo.people import GUESTS
from bot.demo.player import Plan
from bot.demo.programme import SO_FAR
from bot.demo.stories_it import LAPTOP, WIFI
from bot.demo.stories_safe import GLASS, LIFT
from bot.store.base import Row
from bot.store.memory import MemoryStore
from tests.demo.kit import Playing, played, tags
from tests.engine.kit import Desk, desk
from tests.proof.agree import all_agrees, every_snapshot
from tests.proof.inline import InlineStore

WANTED = {
    # Customers: questions, danger, going quiet, a person wanted, taken back, talk, the fix, rating.
    "question_answered",
    "question_skipped",
    "danger_reported",
    "intake_left",
    "report_withdrawn",
    "message_received",
    "messages_seen",
    "fix_confirmed",
    "fix_disputed",
    "service_rated",
    # The desk.
    "incident_opened",
    "incident_acknowledged",
    "incident_taken",
    "message_sent",
    "incident_note_written",
    "step_ticked",
    "priority_changed",
    "incident_handed_over",
    "incident_held",
    "incident_resumed",
    "update_drafted",
    "draft_approved",
    "update_published",
    "incident_resolved",
    "incident_reopened",
    "incident_closed",
    "incident_merged",
    # The crew.
    "task_opened",
    "task_declined",
    "task_claimed",
    "eta_revised",
    "departed",
    "arrived",
    "task_completed",
    "task_cancelled",
    # Those who follow.
    "subscribed",
}
GUEST = GUESTS["agent"].staff.key


def _house(folder: Path) -> InlineStore:
    return InlineStore(folder / "muster.db")


async def _incidents(house: Desk) -> list[Row]:
    return list(await house.store.select("incidents", limit=500))


async def test_a_whole_shift_keeps_every_promise_of_its_list(tmp_path: Path) -> None:
    async with desk(tmp_path, store=MemoryStore()) as house:
        async with played(house, Plan(ends=0)) as playing:
            await playing.reach()
        player = playing.player
        assert not player.stage.refused
        assert player.failed == []
        assert not player.stage.ours
        assert {str(row["status"]) for row in await _incidents(house)} <= {"closed", "merged"}
        assert WANTED - set(await tags(house)) == set()
        await _one_incident_of_many(house)
        await _ratings_and_languages(house)
        await all_agrees(house)


async def _states(house: Desk) -> list[object]:
    return [
        (await house.machine.engine.live(one.stream)).state
        for one in await every_snapshot(house.store)
    ]


async def _one_incident_of_many(house: Desk) -> None:
    incidents = [one for one in await _states(house) if isinstance(one, Incident)]
    outage = max(incidents, key=lambda one: one.reports)
    assert outage.reports >= 20
    assert outage.updates >= 2
    assert {one.category for one in incidents} == {"power", "it", "injury"}
    assert any(one.danger for one in incidents)
    assert any(one.first_report is None for one in incidents)  # the caller on the phone


async def _ratings_and_languages(house: Desk) -> None:
    reports = [one for one in await _states(house) if isinstance(one, Report)]
    assert Counter(one.language for one in reports)["ru"] >= 1
    assert {one.rating for one in reports} >= {3, 4, 5}


async def test_the_desk_is_alive_when_the_visitor_comes_in(tmp_path: Path) -> None:
    stories = tuple(one for one in SO_FAR if one[0] > -60)
    async with (
        desk(tmp_path, store=_house(tmp_path)) as house,
        played(house, Plan(so_far=stories, outage=False)) as playing,
    ):
        await playing.reach(0)
        opened = [str(row["status"]) for row in await _incidents(house) if not row["ended"]]
        assert len(opened) >= 6
        assert len(set(opened)) >= 3


async def test_the_same_seed_plays_the_same_shift(tmp_path: Path) -> None:
    said = []
    for number, seed in enumerate(("one", "one", "two")):
        folder = tmp_path / str(number)
        folder.mkdir()
        plan = Plan(seed, ((-5, LIFT), (-4, LAPTOP)), outage=False, ends=0)
        async with desk(folder, store=_house(folder), seed=number) as house:
            async with played(house, plan) as playing:
                await playing.reach()
            said.append(playing.player.stage.said)
    assert said[0] == said[1]
    assert said[0] != said[2]


async def test_stopped_in_the_middle_it_leaves_a_sound_house(tmp_path: Path) -> None:
    async with desk(tmp_path, store=_house(tmp_path)) as house:
        async with played(house, Plan(so_far=((-9, GLASS), (-4, LIFT)), outage=False)) as playing:
            await playing.reach(1)
        assert playing.player.failed == []
        await all_agrees(house)


async def test_what_the_visitor_takes_is_left_to_them(tmp_path: Path) -> None:
    """Its customer answers them; nobody else of the desk does anything there."""
    plan = Plan(so_far=((-4.5, WIFI),), outage=False, ends=0)
    async with (
        desk(tmp_path, store=_house(tmp_path)) as house,
        played(house, plan) as playing,
    ):
        ask = playing.player.stage.ask
        await playing.reach(0.5)
        [row] = await _incidents(house)
        incident = str(row["incident"])
        assert row["status"] == "open"
        await ask(GUEST, ic.TakeIncident(incident=incident))
        report = (await house.incident(incident)).first_report or ""
        await ask(GUEST, rw.ReplyToCustomer(report=report, words="Hello, I am here."))
        await playing.reach(12)
        state = await house.incident(incident)
        assert (state.status, state.owner) == ("in_progress", _guest(playing))
        assert (await house.report(report)).conversation.last_from == "customer"
        await ask(GUEST, ic.ResolveIncident(incident=incident, note="Solved.", call_off=(1,)))
        await playing.reach(20)
        assert (await house.incident(incident)).status == "closed"
        assert (await house.report(report)).rating == 5


async def test_whoever_the_visitor_asks_for_comes(tmp_path: Path) -> None:
    async with (
        desk(tmp_path, store=_house(tmp_path)) as house,
        played(house, Plan(so_far=(), outage=False, ends=30)) as playing,
    ):
        ask = playing.player.stage.ask
        await playing.reach(1)
        answer = await ask(GUEST, ic.OpenIncident(report=None, category="power"))
        incident = answer.data["stream"]
        await ask(GUEST, ic.TakeIncident(incident=incident))
        await playing.reach(14)
        state = await house.incident(incident)
        assert [one.status for one in state.tasks] == ["done"]
        assert state.status == "in_progress"


async def test_a_report_of_the_visitor_is_answered(tmp_path: Path) -> None:
    async with (
        desk(tmp_path, store=_house(tmp_path)) as house,
        played(house, Plan(so_far=(), outage=False, ends=30)) as playing,
    ):
        ask = playing.player.stage.ask
        await playing.reach(1)
        answer = await ask("visitor", rw.WriteMessage(words="Nothing works here."))
        report = answer.data["stream"]
        await ask("visitor", rw.AskForPerson())
        await playing.reach(6)
        assert (await house.report(report)).conversation.last_from == "desk"
        await playing.reach(16)
        assert (await house.report(report)).stage == "confirming"


def _guest(playing: Playing) -> str:
    """The person whom the visitor plays as an agent."""
    return playing.player.stage.people[GUEST]
