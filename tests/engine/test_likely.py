"""Likely duplicates on the real machine: found, offered, joined, shown, and never leaked."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.core.asking import open_question, questions
from bot.core.calendar import HOUR
from bot.core.commands import Command
from bot.core.forms import QuestionType
from bot.core.ids import StreamId
from bot.core.incident_commands import (
    OpenIncident,
    PublishUpdate,
    ResolveIncident,
    RestrictIncident,
    TakeIncident,
)
from bot.core.incident_words import Fact
from bot.core.likely_words import DeclineKnown, JoinKnown, NotTheSame
from bot.core.moving_words import MergeIncident, SplitIncident
from bot.core.person_words import ErasePerson
from bot.core.report import Report
from bot.core.report_words import AnswerQuestion, BeginReport, ConfirmSummary, ReportDanger
from tests.engine.kit import PLAYBOOK, Desk, desk
from tests.engine.test_merging import ANA, STORES, come_to_rest, heard, nobody_is_lost, stored
from tests.proof.agree import all_agrees

CATEGORY = "power"
STORY = "The lights went out in the whole staircase"
PLACE = "12 Mill Lane"


async def says(house: Desk, who: str, what: str = STORY, where: str = PLACE) -> StreamId:
    """`who` has answered what happened, about what, and where."""
    answer = await house.done(BeginReport(), who)
    report: StreamId = answer.data["stream"]
    for field, value in (("safety", "no"), ("what", what), ("category", CATEGORY)):
        await _answered(house, who, report, field, value)
    await _answered(house, who, report, "where", where)
    await house.settle()
    return report


async def _answered(house: Desk, who: str, report: StreamId, field: str, value: object) -> None:
    """Whatever else the playbook asks before it is left for later."""
    answer = await house.press(AnswerQuestion(field=field, value=value), who)
    assert answer.outcome == "done" or field == "where", (field, answer.text)


async def opened(
    house: Desk, what: str = STORY, where: str = PLACE, danger: bool = False
) -> StreamId:
    """An incident that an agent saw."""
    facts = (Fact(field="what", value=what), Fact(field="where", value=where))
    command = OpenIncident(report=None, category=CATEGORY, facts=facts, danger=danger)
    answer = await house.done(command, ANA)
    await house.settle()
    found: StreamId = answer.data["stream"]
    return found


async def offered(house: Desk, report: StreamId) -> list[StreamId]:
    return [one.incident for one in (await house.report(report)).alike.offered]


@pytest.mark.parametrize("kind", STORES)
async def test_who_is_still_answering_is_asked_joins_and_hears_the_next_update_once(
    tmp_path: Path, kind: str
) -> None:
    """Issue 7.6: "Is it this one?" joins the report to it and the customer follows it."""
    async with desk(tmp_path, store=stored(kind)) as house:
        await house.join(ANA, "agent")
        known = await opened(house)
        words = PublishUpdate(incident=known, words="A fuse has blown.", audience="public")
        await house.done(words, ANA)
        report = await says(house, "cora", "No light, the whole staircase is dark")
        assert await offered(house, report) == [known]
        await house.done(JoinKnown(incident=known), "cora")
        await come_to_rest(house)
        state = await house.report(report)
        assert (state.incident, state.stage) == (known, "sent")
        assert (await house.incident(known)).reports == 1
        assert any("A fuse has blown." in one for one in await heard(house, report))
        later = PublishUpdate(incident=known, words="It is mended.", audience="public")
        await house.done(later, ANA)
        await come_to_rest(house)
        told = [one for one in await heard(house, report) if "It is mended." in one]
        assert len(told) == 1
        assert await house.store.count("incidents") == 1
        await all_agrees(house)


async def test_no_goes_on_and_it_is_sent_as_a_report_of_its_own(tmp_path: Path) -> None:
    async with desk(tmp_path) as house:
        await house.join(ANA, "agent")
        known = await opened(house)
        report = await says(house, "cora")
        assert await offered(house, report) == [known]
        await house.done(DeclineKnown(), "cora")
        await _answered(house, "cora", report, "what", f"{STORY}, and on the roof")
        await house.settle()
        assert await offered(house, report) == []
        assert (await house.report(report)).asking


@pytest.mark.parametrize(
    "unseen", ["restricted", "resolved", "elsewhere", "long ago", "danger here", "danger there"]
)
async def test_nothing_is_offered_that_they_may_not_know_or_that_is_not_it(
    tmp_path: Path, unseen: str
) -> None:
    """Restricted incidents are never offered, nor what is over, and danger is never held up."""
    async with desk(tmp_path) as house:
        await house.join(ANA, "supervisor", "agent")
        known = await opened(house, danger=unseen == "danger there")
        before: dict[str, tuple[Command, ...]] = {
            "restricted": (
                RestrictIncident(incident=known, visibility="restricted", reason="Not for all"),
            ),
            "resolved": (
                TakeIncident(incident=known),
                ResolveIncident(incident=known, note="Mended", call_off=tuple(range(1, 51))),
            ),
        }
        for command in before.get(unseen, ()):
            await house.done(command, ANA)
        if unseen == "long ago":
            await house.advance(PLAYBOOK.duplicates.within + HOUR)
        if unseen == "danger here":
            await house.done(BeginReport(), "cora")
            await house.done(ReportDanger(), "cora")
        where = "Harbour Road 77" if unseen == "elsewhere" else PLACE
        what = "A dead socket in the kitchen" if unseen == "elsewhere" else STORY
        report = await says(house, "cora", what, where)
        assert await offered(house, report) == []


async def test_what_was_erased_is_found_by_nobody(tmp_path: Path) -> None:
    async with desk(tmp_path) as house:
        await house.join(ANA)
        first = await says(house, "carl")
        await _sent(house, "carl", first)
        person = (await house.report(first)).person
        await house.done(ErasePerson(person=person, reason="asked by the person"), ANA)
        await house.machine.eraser.finish(person)
        report = await says(house, "cora")
        assert await offered(house, report) == []


async def _sent(house: Desk, who: str, report: StreamId) -> StreamId:
    """Whatever is asked besides is answered with the first choice; then it is sent."""
    for _ in range(20):
        answer = await house.press(ConfirmSummary(), who)
        if answer.outcome == "done":
            break
        field, value = _missing(await house.report(report))
        await house.press(AnswerQuestion(field=field, value=value), who)
    await house.settle()
    incident = (await house.report(report)).incident
    assert incident is not None
    return incident


def _missing(state: Report) -> tuple[str, object]:
    question = open_question(state, questions(state, PLAYBOOK, PLAYBOOK))
    assert question is not None
    values: dict[QuestionType, Sequence[object]] = {
        QuestionType.CHOICE: [one.value for one in question.choices][-1:],
        QuestionType.MULTI_CHOICE: [[one.value for one in question.choices if one.alone][:1]],
        QuestionType.YES_NO: [False],
        QuestionType.NUMBER: [1],
        QuestionType.LOCATION: [PLACE],
        QuestionType.LONG_TEXT: [STORY],
        QuestionType.TEXT: ["Cora"],
        QuestionType.PHONE: ["+44 20 7946 0958"],
    }
    return question.key, (values.get(question.type) or [None])[0]


async def test_agents_see_likely_ones_on_both_until_somebody_says_that_they_are_two(
    tmp_path: Path,
) -> None:
    """Issue 7.6: agents see likely duplicates with the reason; "not the same" is not offered."""
    async with desk(tmp_path) as house:
        await house.join(ANA, "agent")
        one, other = await opened(house), await opened(house, "No light on the stairs")
        for me, them in ((one, other), (other, one)):
            (found,) = (await house.incident(me)).alike.found
            assert found.incident == them
            assert "place" in [reason.what for reason in found.reasons]
        await house.done(NotTheSame(incident=one, other=other), ANA)
        await house.settle()
        for me, them in ((one, other), (other, one)):
            alike = (await house.incident(me)).alike
            assert (alike.found, alike.denied) == ((), (them,))


async def test_a_restricted_one_stands_on_no_other_and_an_exercise_on_none_that_is_real(
    tmp_path: Path,
) -> None:
    async with desk(tmp_path) as house:
        await house.join(ANA, "supervisor", "agent")
        hidden = await opened(house)
        hide = RestrictIncident(incident=hidden, visibility="restricted", reason="Not for all")
        await house.done(hide, ANA)
        drill = OpenIncident(
            report=None,
            category=CATEGORY,
            facts=(Fact(field="what", value=STORY), Fact(field="where", value=PLACE)),
            mode="exercise",
        )
        made = f"inc_{'7' * 26}"
        await house.machine.engine.house(drill, made, "test", "drill")
        await house.settle()
        plain = await opened(house)
        assert (await house.incident(plain)).alike.found == ()
        assert (await house.incident(made)).alike.found == ()


async def test_whoever_joined_hears_the_next_update_once_whatever_is_merged_and_split(
    tmp_path: Path,
) -> None:
    """No reporter is lost in either: those who joined while they answered hear, too."""
    async with desk(tmp_path) as house:
        await house.join(ANA, "agent")
        known, other = await opened(house), await opened(house, "Water", "Harbour Road 77")
        reports = []
        for number in range(4):
            reports.append(await says(house, f"cora{number}"))
            await house.done(JoinKnown(incident=known), f"cora{number}")
        await come_to_rest(house)
        split = SplitIncident(incident=known, reports=(reports[0],), reason="Another street")
        await asyncio.gather(
            house.press(split, ANA),
            house.press(MergeIncident(incident=known, into=other), ANA),
        )
        await come_to_rest(house)
        await nobody_is_lost(house, reports)
        rows = await house.store.select("incidents", {"ended": 0})
        for row in rows:
            said = PublishUpdate(
                incident=str(row["incident"]), words="All is well", audience="reporters"
            )
            await house.press(said, ANA)
        await come_to_rest(house)
        for report in reports:
            told = [one for one in await heard(house, report) if "All is well" in one]
            assert len(told) == 1
        await all_agrees(house)
