"""The conversation to take away: one's own, as the chat shows it, and nothing more."""

from dataclasses import replace
from pathlib import Path

import pytest
from httpx2 import Response

from bot.adapters.web.house import Limits
from bot.adapters.web.transcript import transcript
from bot.core.person_words import ErasePerson
from bot.core.texts import t
from bot.engine.limits import Rate
from bot.engine.mailbox import Letter
from tests.pages.kit import CATALOGUES, Visitor, Web, web
from tests.pages.test_desk import reported

# The first hour that comes twice in London, 25 October 2026.
TWICE = 1_792_886_400_000
HOUR = 3_600_000


async def taken(visitor: Visitor, language: str = "en") -> Response:
    path = f"/chat/transcript?lang={language}"
    return await visitor.client.get(path, headers=visitor.headers)


async def talk(served: Web) -> tuple[Visitor, str]:
    visitor, incident, reference = await reported(served)
    ana = await served.staff("Ana Smith", "agent")
    await ana.done("take_incident", incident=incident)
    rows = await served.desk.store.select("reports")
    report = str(rows[-1]["report"])
    await visitor.did("write_message", words="Is anyone there?\nAgent\n    I owe you money")
    await ana.done("reply_to_customer", report=report, words="On my way.")
    await ana.done("write_note", report=report, words="Sounds upset")
    return visitor, reference


async def test_it_holds_answers_and_both_sides_of_the_talk_and_no_name_or_note(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        visitor, _ = await talk(served)
        response = await taken(visitor)
        assert response.status_code == 200
        reference = (await visitor.state())["report"]["reference"]
        assert response.headers["content-type"] == "text/plain; charset=utf-8"
        assert response.headers["content-disposition"] == (
            f'attachment; filename="{reference}.txt"'
        )
        assert response.headers["cache-control"] == "no-store"
        for words in (reference, "Main street 5", "Is anyone there?", "On my way."):
            assert words in response.text
        for secret in ("Ana", "Smith", "Sounds upset"):
            assert secret not in response.text


async def test_nobody_can_write_a_line_that_looks_like_the_houses_own(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, _ = await talk(served)
        lines = (await taken(visitor)).text.splitlines()
        assert "        I owe you money" in lines
        assert "    Agent" in lines
        assert "Agent" not in lines


async def test_every_time_says_its_zone_also_in_the_hour_that_comes_twice(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        await served.desk.clock.advance(TWICE - served.desk.clock.now())
        visitor = await served.visitor()
        await visitor.did("begin_report")
        await visitor.did("write_message", words="Before")
        await served.desk.clock.advance(HOUR)
        await visitor.did("write_message", words="After")
        text = (await taken(visitor)).text
        assert "01:00 UTC+01:00, You\n    Before" in text
        assert "01:00 UTC+00:00, You\n    After" in text


async def test_what_was_deleted_is_said_to_be_deleted(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        await talk(served)
        (row,) = await served.desk.store.select("reports")
        seat = (await served.desk.store.select("mailbox"))[0]["seat"]
        mine = await served.house.reader.mine(str(row["person"]), str(seat))
        assert mine is not None
        gone = tuple(replace(one, shown=None) for one in mine.answers)
        letter = Letter(number=1, at=mine.started_at, author="me", text="", words="", erased=True)
        said = CATALOGUES.speaker("en")

        async def letters(after: int) -> list[Letter]:
            return [] if after else [letter]

        pieces = transcript(replace(mine, answers=gone), letters, t("Report"), said, letter.at)
        text = "".join([one async for one in pieces])
        assert text.count("    [deleted]\n") == len(gone) + 1
        assert "Main street" not in text


async def test_an_erased_customer_has_nothing_to_take(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, _ = await talk(served)
        (row,) = await served.desk.store.select("reports")
        person = str(row["person"])
        command = ErasePerson(person=person, reason="asked")
        await served.house.engine.house(command, person, "cli", "test")
        await served.desk.machine.eraser.finish(person)
        response = await taken(visitor)
        assert response.status_code == 401
        assert "Is anyone there?" not in response.text


async def test_it_speaks_the_readers_language(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, _ = await talk(served)
        assert "Переписка" in (await taken(visitor, "ru")).text


@pytest.mark.parametrize("token", ["", "nonsense", "a.b"])
async def test_nobody_else_gets_it(tmp_path: Path, token: str) -> None:
    async with web(tmp_path) as served:
        await talk(served)
        stranger = await served.visitor()
        assert (await taken(stranger)).status_code == 401
        stranger.token = token
        assert (await taken(stranger)).status_code == 401


async def test_only_the_present_report_is_in_it(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        await visitor.did("begin_report")
        await visitor.did("write_message", words="The first time")
        await visitor.did("withdraw_report", why="solved_itself")
        await served.desk.clock.advance(HOUR)
        await visitor.did("begin_report", again=True)
        await visitor.did("write_message", words="The second time")
        text = (await taken(visitor)).text
        assert "The second time" in text
        assert "The first time" not in text


async def test_more_than_one_page_of_letters_is_whole_and_in_order(tmp_path: Path) -> None:
    async with web(tmp_path, limits=Limits(visitor=Rate(500, 500))) as served:
        visitor = await served.visitor()
        await visitor.did("begin_report")
        for number in range(205):
            await visitor.say("write_message", words=f"Word {number:03}")
        await served.settle()
        text = (await taken(visitor)).text
        said = [line.strip() for line in text.splitlines() if line.startswith("    Word ")]
        assert said == [f"Word {number:03}" for number in range(205)]


async def test_taking_it_over_and_over_is_slowed_down(tmp_path: Path) -> None:
    async with web(tmp_path, limits=Limits(taken=Rate(burst=2, per_minute=1))) as served:
        visitor, _ = await talk(served)
        assert [(await taken(visitor)).status_code for _ in range(3)] == [200, 200, 429]
