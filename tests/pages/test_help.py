"""Help now on every page that somebody outside sees, and what it leads to (practice 7.1, 2.4)."""

from pathlib import Path

import pytest

from bot.core.distress_words import AskForHelp
from tests.pages.kit import web
from tests.pages.test_desk import reported

PUBLIC = ("/", "/chat", "/chat?embed=1", "/status", "/signin", "/nothing", "/status/N-222-2222")


@pytest.mark.parametrize("path", PUBLIC)
async def test_practice_7_1_every_page_of_somebody_outside_has_it(
    tmp_path: Path, path: str
) -> None:
    """practice 7.1: an "I need help now" choice on every screen, also where nothing is found."""
    async with web(tmp_path) as served:
        page = (await served.stranger().get(path)).text
        assert 'id="help"' in page
        if path.startswith("/chat"):
            assert 'href="tel:999"' in page, "there without the server"
            assert 'href="tel:116123"' in page
        else:
            assert 'href="/help"' in page


async def test_practice_2_4_the_numbers_come_first_and_no_script_is_needed(tmp_path: Path) -> None:
    """practice 2.4: the emergency number first; nothing is asked."""
    async with web(tmp_path) as served:
        page = (await served.stranger().get("/help")).text
        assert page.index("tel:999") < page.index("tel:116123") < page.index("/chat#now")
        assert "<form" not in page
        assert "<script" not in page


async def test_one_press_on_the_page_calls_a_person_and_asks_nothing_more(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, _, _ = await reported(served)
        await visitor.did("ask_for_help", need="distress")
        await served.settle()
        report = (await visitor.state())["report"]
        assert not report["asking"]
        assert (
            report["headline"] == "We are calling a person for you. You can write here at any time"
        )
        assert not report["can_rate"]
        assert report["cared"], "so that the page does not offer to say that it solved itself"
        assert report["expect"] == ""
        assert AskForHelp.tag == "ask_for_help"


async def test_whoever_works_here_reads_the_prompts_beside_it_and_others_nothing(
    tmp_path: Path,
) -> None:
    """practice 7.2 and 7.3: numbers and prompts for who may see it; a call for all others."""
    async with web(tmp_path) as served:
        visitor, incident, reference = await reported(served)
        await visitor.did("ask_for_help", need="distress")
        await served.settle()
        ben = await served.staff("Ben", "agent")
        assert (await ben.get(f"/desk/incidents/{reference}")).status_code == 404
        await ben.done("take_incident", incident=incident)
        await served.settle()
        page = (await ben.get(f"/desk/incidents/{reference}")).text
        for words in ("Breathe", "116 123", "End with a summary", "What this person needs"):
            assert words in page
        (row,) = await served.desk.store.select("reports")
        note = {"report": str(row["report"]), "words": "Hears badly", "days": 30}
        assert (await ben.do("add_vulnerability_note", **note))["code"] == "not_agreed"
        await ben.done("add_vulnerability_note", **note, agreed="yes")
        assert "Hears badly" in (await ben.get(f"/desk/incidents/{reference}")).text
        ending = {"said": "Her week", "next_step": "A walk", "contact": "Ben, at ten"}
        await ben.done("sum_up_distress", report=str(row["report"]), **ending)
        await served.settle()
        assert "A walk" not in str((await visitor.state())["report"]), "no tick, nothing sent"
