"""A report goes on elsewhere by a link that works once: for its person, and for nobody else."""

from pathlib import Path

import pytest

from bot.core.commands import Identity, Place
from bot.core.joining_words import IssueLink
from bot.core.report import Report
from bot.core.report_words import AnswerFixed, AskForPerson, ReplyToCustomer, WriteMessage
from bot.engine.going_on import LASTS, issue, link_secret, ways
from bot.engine.heard import Arrived, Pressed
from bot.engine.ports import Reply
from tests.channel import ScriptedChannel
from tests.engine.front_kit import token_of
from tests.engine.talking import CAROL, STORY, Chat, chat
from tests.engine.test_arriving import arrives, presses, types, works

KIM = "kim"


async def web_report(one: Chat, who: str = KIM) -> Report:
    """Somebody has reported on the web and asked for a person."""
    await one.office.press(WriteMessage(words="The lift is stuck"), who, "web")
    answer = await one.office.press(AskForPerson(), who, "web")
    await one.settled()
    return await one.office.desk.report(str(answer.data["stream"]))


async def link(one: Chat, report: Report, who: str = KIM) -> str:
    """The payload of a link that they got on the web."""
    engine = one.office.desk.machine.engine
    answer, made = await issue(engine, report, lambda x: one.office.desk.envelope(x, who))
    assert answer.outcome == "done", answer
    ((_, url),) = ways(engine, "web", made)
    assert url == f"https://test.example/start?start=g_{made.token}"
    assert made.token not in str(await one.office.store.select("links"))
    return f"g_{made.token}"


async def goes_on(one: Chat, payload: str, who: str = CAROL) -> Reply:
    reply = await arrives(one, payload, who)
    return await presses(one, reply, "Go on here", who) if reply.cards else reply


async def test_a_report_of_the_web_goes_on_in_the_chat_with_all_that_comes(tmp_path: Path) -> None:
    async with chat(tmp_path, sheets=False) as one:
        report = await web_report(one)
        payload = await link(one, report)
        reply = await arrives(one, payload)
        assert "Go on only if you made this link yourself." in reply.cards[0].summary
        assert (await one.office.desk.report(report.stream)).seat == report.seat
        told = await presses(one, reply, "Go on here")
        assert not told.refused
        assert told.text == "One moment, please. Your report comes here."
        said = one.office.channel.texts(CAROL)
        assert f"We go on here with your report {report.reference}." in said[0]
        assert (await one.report()).stream == report.stream
        await one.writes("I am in the lift")
        assert (await one.report()).conversation.count == 2
        await one.office.desk.join("ana", "agent")
        await one.office.desk.done(
            ReplyToCustomer(report=report.stream, words="We are coming"), "ana"
        )
        await one.settled()
        assert one.office.channel.texts(CAROL)[-1] == "An agent wrote:\nWe are coming"
        assert report.reference in (await types(one, "status")).cards[0].summary + str(
            (await types(one, "status")).cards
        )


async def test_the_old_place_says_where_it_goes_on(tmp_path: Path) -> None:
    async with chat(tmp_path, beside=("other",)) as one:
        await one.writes(STORY)
        report = await one.report()
        reply = await types(one, "go on")
        assert report.reference in reply.text
        assert reply.link_label == "Go on in Other"
        assert reply.link.startswith("https://other.example/start?start=g_")
        payload = reply.link.partition("start=")[2]
        other = one.office.desk.machine.parts.channels["other"]
        assert isinstance(other, ScriptedChannel)
        await _elsewhere(one, payload)
        assert "goes on in the other app" in one.office.channel.texts(CAROL)[-1]
        assert "We go on here" in str(other.places["carol2"])
        again = await types(one, "go on")
        assert again.link, "and back again from here"


async def _elsewhere(one: Chat, payload: str) -> None:
    who, place = Identity("other", "carol2"), Place("other", "carol2")
    came = Arrived("e1", who, place, private=True, language="en", alone=place, payload=payload)
    reply = await one.front.arrive(came)
    token = token_of(reply.cards[0], "Go on here")
    await one.front.press(
        Pressed("e2", who, place, private=True, language="en", alone=place, token=token)
    )
    await one.settled()


async def test_a_link_works_once_and_not_for_long(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        report = await web_report(one)
        payload = await link(one, report)
        await goes_on(one, payload)
        for who in (CAROL, "dave"):
            assert "has been used" in (await goes_on(one, payload, who)).text
        late = await link(one, report)
        await one.office.advance(LASTS)
        assert "has been used, or its time is over" in (await goes_on(one, late, "dave")).text
        assert (await one.office.desk.report(report.stream)).person == report.person


async def test_a_newer_link_ends_the_one_before(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        report = await web_report(one)
        old, new = await link(one, report), await link(one, report)
        assert "has been used" in (await goes_on(one, old)).text
        assert "One moment" in (await goes_on(one, new)).text


async def test_the_second_of_two_who_press_is_told(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        report = await web_report(one)
        payload = await link(one, report)
        first, second = await arrives(one, payload), await arrives(one, payload, "dave")
        await presses(one, first, "Go on here")
        refused = await presses(one, second, "Go on here", "dave")
        assert "does not work" in refused.text or "has been used" in refused.text
        assert refused.refused
        assert (await one.report()).stream == report.stream


async def test_whoever_works_here_never_goes_on_with_a_report(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        report = await web_report(one)
        payload = await link(one, report)
        await works(one, "ana")
        reply = await arrives(one, payload, "ana")
        assert "Your account works here" in reply.text
        assert not reply.cards
        assert reply.refused
        await goes_on(one, payload)
        assert (await one.report()).stream == report.stream, "and the link still works"


async def test_staff_get_no_such_link(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        await one.office.desk.join("ana", "agent")
        report = await web_report(one)
        made = link_secret(one.office.desk.machine.engine)
        command = IssueLink(token=made.key, until=made.until, report=report.stream)
        answer = await one.office.desk.press(command, "ana")
        assert answer.code == "customers_only"


async def test_a_link_moves_nothing_that_is_not_its_person_s(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        report, mine = await web_report(one), await web_report(one, "eve")
        payload = await link(one, report, "eve")  # As no page of ours would make it.
        await goes_on(one, payload)
        assert (await one.office.desk.report(report.stream)).seat == report.seat
        assert (await one.office.desk.report(mine.stream)).seat == mine.seat


async def test_whoever_opens_their_own_link_moves_it_at_once(tmp_path: Path) -> None:
    async with chat(tmp_path) as one:
        report = await web_report(one)
        await goes_on(one, await link(one, report))
        await one.office.desk.press(AnswerFixed(fixed=True), KIM)
        payload = await link(one, report)
        reply = await arrives(one, payload)
        assert reply.text == "One moment, please. Your report comes here."
        assert "has been used" in (await arrives(one, payload)).text


async def test_no_link_is_given_where_others_read(tmp_path: Path) -> None:
    async with chat(tmp_path, beside=("other",)) as one:
        await one.writes(STORY)
        reply = await one.types("go on")
        assert reply.text == "Please write this to me in a message of your own."
        assert not reply.link


@pytest.mark.parametrize("line", ["go on", "elsewhere"])
async def test_without_a_report_or_another_app_no_link_is_given(tmp_path: Path, line: str) -> None:
    async with chat(tmp_path) as one:
        assert (await types(one, line)).text.startswith("You have no open report here")
        await one.writes(STORY)
        assert (await types(one, line)).text.startswith("There is no other app here")
