"""The status page: what was published for everybody, and nothing else."""

from pathlib import Path
from typing import Any

import pytest

from bot.core.incident_commands import RestrictIncident
from tests.engine.kit import MINUTE
from tests.pages.kit import Person, Web, web
from tests.pages.test_desk import reported


async def publish(ana: Person, incident: str, words: str, **more: Any) -> None:
    fields = {"audience": "public", "next_in": 30, **more}
    await ana.done("publish_update", incident=incident, words=words, **fields)


async def test_when_nothing_is_wrong_it_says_so(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        assert "Everything we know of is working." in (await served.stranger().page("/status")).text


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
        assert "Everything we know of is working." in (await served.stranger().page("/status")).text


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


async def test_what_is_fixed_stays_by_day_below_what_is_not(tmp_path: Path) -> None:
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
        assert "update past" not in page.html
        await served.desk.clock.advance(5 * MINUTE)
        await ana.done(
            "resolve_incident", incident=incident, note="Fuse replaced", call_off_1="yes"
        )
        page = await served.stranger().page("/status")
        assert "Fixed 00:05. Before that: 00:00 An electrician is on the way." in page.text
        assert "Everything we know of is working." in page.text
        assert {"class": "update past"} in page.all("div")
        await served.desk.clock.advance(MINUTE)
        await publish(ana, incident, "All lights are on.", next_in="")
        page = await served.stranger().page("/status")
        assert "Fixed 00:05. 00:06 All lights are on. Before that:" in page.text
        await ana.done("reopen_incident", incident=incident, reason="Dark again")
        assert "Fixed" not in (await served.stranger().page("/status")).text


DAY = 24 * 60 * MINUTE


async def resolved(served: Web, ana: Person, words: str) -> tuple[str, str]:
    """An incident that everyone was told of, fixed a minute later."""
    _, incident, reference = await reported(served)
    await publish(ana, incident, words, next_in="")
    await ana.done("take_incident", incident=incident)
    await ana.done("resolve_incident", incident=incident, note="Fuse", call_off_1="yes")
    return incident, reference


async def test_days_are_read_on_by_a_link_and_none_is_read_twice(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana, reader = await served.staff("Ana", "agent"), served.stranger()
        for number in range(3):
            await resolved(served, ana, f"Outage {number}")
            served.desk.clock.jump(20 * DAY if number == 0 else 9 * DAY)
            ana = await served.staff("Ana", "agent")
        first = await reader.page("/status")
        assert "Nothing to report." in first.text
        assert "Outage 2" in first.text
        assert "Outage 1" not in first.text
        (older,) = (one for one in first.links() if one.startswith("/status?before="))
        second = await reader.page(older)
        assert "Outage 1" in second.text
        assert "Outage 2" not in second.text
        (oldest,) = (one for one in second.links() if one.startswith("/status?before="))
        last = await reader.page(oldest)
        assert "Outage 0" in last.text
        assert "There is nothing older." in last.text
        for forged in ("2999-01-01", "0001-01-01", "x' OR 1=1", "2026-13-40", "-1"):
            assert "Everything we know of" in (await reader.page(f"/status?before={forged}")).text


async def test_the_page_says_how_many_incidents_there_are_now(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        for number in (1, 2):
            _, incident, _ = await reported(served)
            await publish(ana, incident, f"Outage {number}")
        assert "2 incidents now" in (await served.stranger().page("/status")).text


async def test_one_incident_has_a_page_with_all_that_everyone_was_told(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana, reader = await served.staff("Ana", "agent"), served.stranger()
        for words in ("First", "Secnd", "Third, secret"):
            await publish(ana, incident, words)
            await served.desk.clock.advance(MINUTE)
        await ana.done("correct_update", incident=incident, number=2, words="Second")
        await ana.done("withdraw_update", incident=incident, number=3, reason="Wrong house")
        text = (await reader.page(f"/status/{reference.lower()}")).text
        assert "corrected 00:03 Second" in text
        assert "This update was withdrawn." in text
        assert "Next update by" in text
        for gone in ("Third", "Secnd", "Wrong house", "Main street", "Ana"):
            assert gone not in text, gone


async def test_whatever_is_not_public_is_answered_like_what_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same words after the same looks: an answer does not tell by its time either."""
    async with web(tmp_path) as served:
        ana, reader = await served.staff("Ana", "agent"), served.stranger()
        _, silent, never = await reported(served)
        await publish(ana, silent, "For customers", audience="reporters")
        _, incident, restricted = await reported(served)
        await publish(ana, incident, "The 3rd floor has no power.")
        await ana.done("take_incident", incident=incident)
        assert (await reader.get(f"/status/{restricted}")).status_code == 200
        command = RestrictIncident(
            incident=incident, visibility="restricted", reason="Safeguarding"
        )
        await served.asks(ana, command)
        _, back, withdrawn = await reported(served)
        await publish(ana, back, "Not true")
        await ana.done("withdraw_update", incident=back, number=1, reason="Wrong")
        looks: list[str] = []
        select = served.desk.store.select

        async def counted(table: str, *args: Any, **more: Any) -> Any:
            if table in ("refs", "incidents", "updates"):
                looks.append(table)
            return await select(table, *args, **more)

        monkeypatch.setattr(served.desk.store, "select", counted)
        seen: set[tuple[object, ...]] = set()
        for path in ("", "/feed.atom"):
            seen.clear()
            for label in (never, restricted, withdrawn, "N-AAA-AAAA", "x", "%00", "feed"):
                looks.clear()
                answer = await reader.get(f"/status/{label}{path}")
                seen.add((answer.status_code, answer.text, *looks))
            assert len(seen) == 1, seen
            assert next(iter(seen))[0] == 404


async def test_what_was_merged_says_where_it_goes_on(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana, reader = await served.staff("Ana", "agent"), served.stranger()
        _, into, stays = await reported(served)
        _, other, goes = await reported(served)
        await publish(ana, other, "Dark in the east")
        await ana.done("merge_incident", incident=other, into=into, call_off_1="yes")
        text = (await reader.page(f"/status/{goes}")).text
        assert "part of another incident" in text
        assert stays not in text
        await publish(ana, into, "Dark everywhere")
        page = await reader.page(f"/status/{goes}")
        assert f"/status/{stays}" in page.links()
        assert "1 incident now" in (await reader.page("/status")).text


async def test_a_page_is_sent_again_only_when_it_has_changed(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana, reader = await served.staff("Ana", "agent"), served.stranger()
        await publish(ana, incident, "No power")
        for path in ("/status", f"/status/{reference}", "/status/feed.atom", "/status.json"):
            first = await reader.get(path)
            mark = first.headers["etag"]
            assert first.headers["cache-control"] == "public, no-cache"
            assert "Accept-Language" in first.headers["vary"]
            again = await reader.get(path, **{"if-none-match": f'"x", W/{mark}'})
            assert (again.status_code, again.text) == (304, ""), path
            assert again.headers["etag"] == mark
            other = await reader.get(path, **{"if-none-match": mark, "accept-language": "ru"})
            assert other.status_code == 200, path
        own = await ana.get("/status")
        assert own.headers["cache-control"] == "private, no-cache"
