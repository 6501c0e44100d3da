"""The status page: what was published for everybody, and nothing else."""

from pathlib import Path
from typing import Any

from bot.core.incident_commands import RestrictIncident
from tests.engine.kit import MINUTE
from tests.pages.kit import Person, web
from tests.pages.test_desk import reported


async def publish(ana: Person, incident: str, words: str, **more: Any) -> None:
    fields = {"audience": "public", "next_in": 30, **more}
    await ana.done("publish_update", incident=incident, words=words, **fields)


async def test_when_nothing_is_wrong_it_says_so(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        assert "Nothing known is wrong." in (await served.stranger().page("/status")).text


async def test_updates_for_everybody_are_read_by_everybody_without_a_script(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        ana = await served.staff("Ana Smith", "agent")
        await publish(ana, incident, "The 3rd floor has no power.")
        text = (await served.stranger().page("/status")).text
        assert "The 3rd floor has no power." in text
        assert "Next update by" in text
        assert "Power outage" in text
        for hidden in ("Main street", "The lights went out", "Smith", "inc_", "P3"):
            assert hidden not in text, hidden


async def test_updates_for_others_are_not_there(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        ana = await served.staff("Ana", "agent")
        await publish(ana, incident, "For customers", audience="reporters")
        await publish(ana, incident, "For us", audience="staff")
        text = (await served.stranger().page("/status")).text
        assert "For customers" not in text
        assert "For us" not in text


async def test_corrected_words_replace_the_old_ones_and_withdrawn_ones_go(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        ana = await served.staff("Ana", "agent")
        await publish(ana, incident, "Back at noon")
        await ana.done("correct_update", incident=incident, number=1, words="Back at two")
        text = (await served.stranger().page("/status")).text
        assert "Back at two" in text
        assert "Back at noon" not in text
        await ana.done("withdraw_update", incident=incident, number=1, reason="Wrong building")
        assert "Nothing known is wrong." in (await served.stranger().page("/status")).text


async def test_a_restricted_incident_disappears_with_all_it_said(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        ana = await served.staff("Ana", "agent")
        await publish(ana, incident, "The 3rd floor has no power.")
        await ana.done("take_incident", incident=incident)
        command = RestrictIncident(
            incident=incident, visibility="restricted", reason="Safeguarding"
        )
        await served.asks(ana, command)
        assert "3rd floor" not in (await served.stranger().page("/status")).text


async def test_what_is_fixed_stays_for_a_week_below_what_is_not(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, first, _ = await reported(served)
        _, second, _ = await reported(served)
        ana = await served.staff("Ana", "agent")
        await publish(ana, second, "Second, open")
        await served.desk.clock.advance(60_000)
        await publish(ana, first, "First, fixed", next_in="")
        await ana.done("take_incident", incident=first)
        await ana.done("resolve_incident", incident=first, note="Fuse replaced", call_off_1="yes")
        text = (await served.stranger().page("/status")).text
        assert "Fixed" in text
        assert text.index("Second, open") < text.index("First, fixed")


async def test_what_is_fixed_says_since_when_and_that_all_else_was_before(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        ana = await served.staff("Ana", "agent")
        await publish(ana, incident, "An electrician is on the way.")
        await ana.done("take_incident", incident=incident)
        page = await served.stranger().page("/status")
        assert "past" not in page.html
        await served.desk.clock.advance(5 * MINUTE)
        await ana.done(
            "resolve_incident", incident=incident, note="Fuse replaced", call_off_1="yes"
        )
        page = await served.stranger().page("/status")
        assert "Fixed 00:05. Before that: 00:00 An electrician is on the way." in page.text
        assert {"class": "update past"} in page.all("div")
        await served.desk.clock.advance(MINUTE)
        await publish(ana, incident, "All lights are on.", next_in="")
        page = await served.stranger().page("/status")
        assert "Fixed 00:05. 00:06 All lights are on. Before that:" in page.text
        await ana.done("reopen_incident", incident=incident, reason="Dark again")
        assert "Fixed" not in (await served.stranger().page("/status")).text
