"""Somebody with several running reports who writes to us alone is asked which one is meant."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.core.cards import plain
from bot.core.commands import Envelope, Identity, Place
from bot.core.joining_words import ConfirmJoin, IssueLink, JoinIdentity
from bot.core.report import Report
from bot.core.report_words import AskForPerson, BeginReport, WithdrawReport, WriteMessage
from bot.engine.heard import Pressed
from bot.engine.links import code
from bot.engine.ports import Reply
from tests.engine.front_kit import token_of
from tests.engine.talking import CAROL, Chat, asdict_of, chat


@asynccontextmanager
async def two(folder: Path) -> AsyncIterator[tuple[Chat, Report, Report]]:
    """Carol has reported on the web and here, and both accounts are hers."""
    async with chat(folder) as one:
        one.talk.own = one.front.cards.own
        desk, office = one.office.desk, one.office
        await office.press(WriteMessage(words="The lift is stuck"), "kim", "web")
        answer = await office.press(AskForPerson(), "kim", "web")
        await one.writes("I would like to talk to somebody about my bill")
        await one.writes("person")
        here, there = await one.report(), await desk.report(str(answer.data["stream"]))
        kim = await desk.machine.engine.person_behind("web", "kim")
        assert kim is not None
        made = code(desk.machine.parts)
        await office.press(IssueLink(token=made.key, until=made.until), "kim", "web")
        join = JoinIdentity(person=kim, token=made.key, name="@carol", sure=True)
        await office.press(join, CAROL)
        await one.settled()
        await office.press(ConfirmJoin(number=1), "kim", "web")
        await one.settled()
        yield one, here, there


async def pressed(one: Chat, reply: Reply, report: Report) -> Reply:
    (card,) = reply.cards
    label = next(x.label for x in card.buttons if report.reference in x.label)
    heard = asdict_of(one._heard(CAROL))
    answer = await one.front.press(Pressed(**heard, token=token_of(card, label)))
    await one.settled()
    return answer


async def counts(one: Chat, *reports: Report) -> list[int]:
    return [(await one.office.desk.report(x.stream)).conversation.count for x in reports]


async def test_they_are_asked_once_and_nothing_waits_meanwhile(tmp_path: Path) -> None:
    async with two(tmp_path) as (one, here, there):
        was, other = await counts(one, here, there)
        await one.writes("Are you coming today?", source="again")
        await one.writes("Are you coming today?", source="again")
        reply = await one.writes("I am waiting outside.")
        assert f"it stands with {here.reference}" in plain(reply.cards[0])
        assert await counts(one, here, there) == [was + 2, other]
        answer = await pressed(one, reply, there)
        assert there.reference in answer.text
        assert await counts(one, here, there) == [was + 2, other + 2]
        assert await one.writes("Hello?") == Reply()
        assert await counts(one, here, there) == [was + 2, other + 3]
        # They change their mind by the same card.
        await pressed(one, reply, here)
        await one.writes("And my bill?")
        assert await counts(one, here, there) == [was + 3, other + 3]
        assert await one.office.store.count("drafts") == 0


async def test_what_they_meant_holds_after_a_restart_and_until_they_begin_another(
    tmp_path: Path,
) -> None:
    async with two(tmp_path) as (one, here, there):
        was, other = await counts(one, here, there)
        reply = await one.writes("Are you coming today?")
        await pressed(one, reply, there)
        directory = one.office.desk.machine.engine.directory
        directory.forget()  # As a house that was started anew.
        assert await one.writes("Hello?") == Reply()
        assert await counts(one, here, there) == [was + 1, other + 2]
        directory.forget()
        await one.office.press(BeginReport(beside=True), CAROL)
        for _ in range(2):
            found = await one.report()
            assert found.stream not in (here.stream, there.stream)
            directory.forget()
        assert await one.office.store.count("chosen") == 1


async def test_who_means_the_newest_has_said_it_once(tmp_path: Path) -> None:
    async with two(tmp_path) as (one, here, there):
        was, other = await counts(one, here, there)
        reply = await one.writes("Are you coming today?")
        await pressed(one, reply, here)
        assert await counts(one, here, there) == [was + 1, other]


async def test_what_is_deleted_meanwhile_is_passed_on_nowhere(tmp_path: Path) -> None:
    async with two(tmp_path) as (one, here, there):
        _, other = await counts(one, here, there)
        reply = await one.writes("My PIN is 4711")
        one.serial -= 1  # The same message.
        assert await one.writes("", edited=True, source="deleted") == Reply()
        await pressed(one, reply, there)
        assert (await counts(one, there)) == [other]


async def test_danger_waits_for_no_answer(tmp_path: Path) -> None:
    async with two(tmp_path) as (one, here, there):
        before = sum(await counts(one, here, there))
        reply = await one.writes("I want to kill myself")
        assert reply.cards == ()
        assert sum(await counts(one, here, there)) == before + 1


async def test_with_one_left_nobody_is_asked(tmp_path: Path) -> None:
    async with two(tmp_path) as (one, here, there):
        reply = await one.writes("Are you coming today?")
        await one.office.press(WithdrawReport(why="solved_itself"), CAROL)
        running = [x for x in (here, there) if (await one.office.desk.report(x.stream)).is_open]
        assert len(running) == 1
        assert (await one.writes("Hello?")).cards == ()
        over = here if running == [there] else there
        assert "has ended" in (await pressed(one, reply, over)).text


async def test_a_press_names_the_report_that_it_is_about_and_only_ones_own(tmp_path: Path) -> None:
    """The envelope names it; the door looks whether it is theirs, and nothing else changes."""
    async with two(tmp_path) as (one, here, there):
        engine = one.office.desk.machine.engine

        async def ask(who: str, report: str) -> str:
            envelope = Envelope(
                entry="test",
                source=f"{who} {report}",
                command=WriteMessage(words="About that one"),
                identity=Identity("test", who),
                place=Place("test", who),
                report=report,
            )
            return (await engine.handle(envelope)).code

        was = await counts(one, here, there)
        assert await ask(CAROL, there.stream) == ""
        assert await counts(one, here, there) == [was[0], was[1] + 1]
        for stranger, report in (("mallory", there.stream), (CAROL, "rep_" + "0" * 26)):
            assert await ask(stranger, report) == "not_found"
        assert await counts(one, here, there) == [was[0], was[1] + 1]
