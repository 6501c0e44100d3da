"""A distress call, played through the real door, store and delivery: who is told what, who comes,
what the team's place shows, and what happens when nobody comes.
"""

from itertools import pairwise
from pathlib import Path

import pytest

from bot.core import distress_words as dw
from bot.core.commands import Command
from bot.core.incident import Incident
from bot.core.incident_commands import ResolveIncident, TakeIncident
from bot.core.moving_words import MergeIncident
from bot.core.report import Report
from bot.core.report_words import AskForPerson, ReplyToCustomer, WriteMessage
from bot.core.welfare_words import SayHowIAm
from bot.engine.read import Staff
from bot.engine.reader import Reader
from tests.engine.test_paging import MINUTE, TEAM, Ward, ward

SAD = "I can’t go on. I want to die tonight."
MORE = "Nobody would miss me."


async def crew(one: Ward) -> None:
    """Two agents and a supervisor with accounts on the platform; the boss can do all."""
    await one.join("ana", "agent")
    await one.join("ben", "agent")
    await one.join("sue", "supervisor")


async def begun(one: Ward, who: str = "carol") -> Report:
    """Their report, with an incident whose card hangs in the team's place."""
    await one.one.press(WriteMessage(words="No power in the whole house"), who)
    answer = await one.one.press(AskForPerson(), who)
    await one.one.quiet()
    return await one.one.desk.report(str(answer.data["stream"]))


async def now(one: Ward, report: Report) -> tuple[Report, Incident]:
    fresh = await one.one.desk.report(report.stream)
    assert fresh.incident is not None
    return fresh, await one.one.desk.incident(fresh.incident)


def everything(one: Ward) -> str:
    """All that ever stood in the team's place, and all that stands there."""
    return "\n".join(one.one.channel.texts(TEAM.address))


def to_carol(one: Ward) -> str:
    return "\n".join(one.one.channel.texts("carol"))


async def calls(one: Ward, who: str) -> list[str]:
    """What they were called to, on the platform, without what was said before."""
    await one.one.quiet()
    return one.told(who)


async def by(one: Ward, who: str, command: Command) -> None:
    await one.one.desk.done(command, who)
    await one.one.quiet()


async def test_a_distress_call_from_the_first_word_to_the_end(tmp_path: Path) -> None:
    """practice 7.2 and 7.3, golden: what the customer reads, who is paged, what a team sees."""
    async with ward(tmp_path) as one:
        await crew(one)
        report = await begun(one)
        before = report.incident
        assert before is not None
        await one.one.press(WriteMessage(words=SAD), "carol")
        await one.one.advance(2_000)
        report, incident = await now(one, report)
        assert incident.stream == before, "their own stays their own"
        assert (incident.visibility, incident.priority) == ("restricted", "P1")
        # What the customer reads: both numbers, at once and once; no question any more.
        assert "116 123" in to_carol(one)
        assert "999" in to_carol(one)
        assert not report.asking
        # Who is paged: every agent, and the supervisor, alone; nothing of what was said.
        for who in ("ana", "ben", "sue"):
            said = await calls(one, who)
            assert said, who
            assert not any(word in one_ for one_ in said for word in ("die", "go on", "tonight"))
        # What the team's place shows: that it is restricted.
        assert "restricted" in everything(one)
        for words in (SAD, MORE, "distress"):
            assert words not in everything(one)
        # Whoever comes first has it, though they saw nothing of it before.
        await by(one, "ana", TakeIncident(incident=incident.stream))
        told = "\n".join(await calls(one, "ana"))
        assert "Breathe" in told
        assert "116 123" in told
        heard = {who: len(await calls(one, who)) for who in ("ana", "ben", "sue")}
        await one.one.press(WriteMessage(words=MORE), "carol")
        await by(one, "ana", ReplyToCustomer(report=report.stream, words="I am here with you."))
        await one.one.advance(10 * MINUTE)
        assert "I am here with you." in to_carol(one)
        assert {who: len(await calls(one, who)) for who in ("ben", "sue")} == {
            who: heard[who] for who in ("ben", "sue")
        }, "nobody is called any more"
        await _looked_after(one)
        await _ended(one, report, incident)


async def _looked_after(one: Ward) -> None:
    """Whoever helps for half an hour is asked how they are, alone."""
    await one.one.advance(21 * MINUTE)
    assert "How are you?" in (await calls(one, "ana"))[-1]
    await by(one, "ana", SayHowIAm(how="pause"))
    await one.one.advance(2_000)
    assert "takes a break" in (await calls(one, "sue"))[-1]
    assert "distress" not in (await calls(one, "sue"))[-1]


async def _ended(one: Ward, report: Report, incident: Incident) -> None:
    """A summary, nothing to confirm, nothing to rate."""
    ending = dw.SumUpDistress(
        report=report.stream,
        said="You told me about your week.",
        next_step="Your sister comes over.",
        contact="I write to you tomorrow at ten.",
    )
    await by(one, "ana", ending)
    assert "Your sister comes over." in to_carol(one)
    await by(one, "ana", ResolveIncident(incident=incident.stream, note="Talked."))
    await one.one.advance(2_000)
    fresh = await one.one.desk.report(report.stream)
    assert (fresh.stage, fresh.confirm_until) == (report.stage, None)
    assert "How did we do" not in to_carol(one)
    assert "is fixed" not in to_carol(one)
    for words in (SAD, MORE, "sister", "week"):
        assert words not in everything(one)
    await one.one.desk.sound()


async def test_when_nobody_comes_for_ten_minutes_it_climbs_and_never_falls_silent(
    tmp_path: Path,
) -> None:
    """practice 7.2, 1.5: agents at once, supervisors in a minute, all in two, then again."""
    async with ward(tmp_path) as one:
        await crew(one)
        report = await begun(one)
        await one.one.press(dw.AskForHelp(need="distress"), "carol")
        await one.one.advance(5_000)
        counts = []
        for _ in range(10):
            counts.append([len(await calls(one, who)) for who in ("ana", "sue")])
            await one.one.advance(MINUTE)
        ana, sue = ([one_[who] for one_ in counts] for who in (0, 1))
        assert ana[0] >= 1
        assert sue[0] == 1, "supervisors know from the first moment"
        assert sue[1] > sue[0], "and are called in a minute"
        assert all(later > earlier for earlier, later in pairwise(sue[1:]))
        report, incident = await now(one, report)
        (alarm,) = [x for x in incident.alarms if x.cause == "distress"]
        assert (alarm.ladder, alarm.rung) == ("distress", 2)
        assert "distress" not in everything(one)


async def test_who_asks_again_when_whoever_took_it_is_gone_has_people_called_at_once(
    tmp_path: Path,
) -> None:
    """practice 7.2: whoever came may have left; a press is never without effect."""
    async with ward(tmp_path) as one:
        await crew(one)
        report = await begun(one)
        await one.one.press(dw.AskForHelp(need="distress"), "carol")
        await one.one.advance(5_000)
        report, incident = await now(one, report)
        await by(one, "ana", TakeIncident(incident=incident.stream))
        await by(one, "ana", ReplyToCustomer(report=report.stream, words="I am with you."))
        await one.one.advance(60 * MINUTE)
        before = len(await calls(one, "ben"))
        assert not (await now(one, report))[1].alarms
        await one.one.press(dw.AskForHelp(need="distress"), "carol")
        await one.one.advance(5_000)
        assert [x.cause for x in (await now(one, report))[1].alarms] == ["distress"]
        assert len(await calls(one, "ben")) > before
        await by(one, "ana", ReplyToCustomer(report=report.stream, words="Here I am."))
        assert not (await now(one, report))[1].alarms, "and whoever answers has come"


async def test_practice_7_3_one_of_many_reporters_gets_a_lane_of_their_own(tmp_path: Path) -> None:
    """practice 7.3: others go on as before, and learn nothing of it."""
    async with ward(tmp_path) as one:
        await crew(one)
        report = await begun(one)
        shared = report.incident
        assert shared is not None
        other = await begun(one, "dora")
        assert other.incident is not None
        await by(one, "ana", MergeIncident(incident=other.incident, into=shared))
        await one.one.advance(2_000)
        await one.one.press(WriteMessage(words=SAD), "carol")
        await one.one.advance(2_000)
        report, own = await now(one, report)
        assert own.stream != shared
        assert (own.visibility, own.reports, own.shelter.lifts) == ("restricted", 1, True)
        left = await one.one.desk.incident(shared)
        assert (left.visibility, left.reports) == ("normal", 1)
        assert SAD not in everything(one)
        assert not left.kin.leaving
        clear = dw.ClearDistress(report=report.stream, why="false_alarm", words="A song.")
        await by(one, "sue", clear)
        await one.one.advance(2_000)
        report, own = await now(one, report)
        assert own.visibility == "normal"
        assert not [one_ for one_ in own.alarms if one_.cause == "distress"]
        assert not report.care.unclocked


async def test_practice_7_3_only_few_find_or_read_it(tmp_path: Path) -> None:
    """practice 7.3: search, lists and pages of the unprivileged never show it."""
    async with ward(tmp_path) as one:
        await crew(one)
        report = await begun(one)
        await one.one.press(WriteMessage(words=SAD), "carol")
        await one.one.advance(2_000)
        report, incident = await now(one, report)
        reader = Reader(one.one.desk.machine.engine)
        for who, sees in (("ben", False), ("sue", True)):
            staff = await reader.staff(one.one.desk.people[who])
            assert isinstance(staff, Staff)
            found = await reader.search(staff, "tonight")
            assert bool(found) == sees
            page = await reader.incident(staff, incident.reference)
            assert (page is not None) == sees
            talk = await reader.report(staff, report.reference)
            assert (talk is not None) == sees


@pytest.mark.parametrize("first", [True, False])
async def test_whoever_asks_for_a_person_in_distress_is_not_kept_waiting_by_questions(
    tmp_path: Path, first: bool
) -> None:
    async with ward(tmp_path, places=False) as one:
        await crew(one)
        if not first:
            await one.one.press(AskForPerson(), "carol")
        answer = await one.one.press(dw.AskForHelp(need="distress"), "carol")
        await one.one.advance(2_000)
        report = await one.one.desk.report(str(answer.data["stream"]))
        assert report.care.sheltered
        assert report.waiting_since is None
        assert "116 123" in to_carol(one)
