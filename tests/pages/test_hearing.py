"""Hearing on the page itself: each update once, where the reader left off, and never by a guess."""

from pathlib import Path
from typing import Any

import pytest

from bot.core.calendar import DAY
from bot.pages.hearing import ASKER, HEADER
from tests.pages.kit import Page, Person, Stream, Web, web
from tests.pages.test_desk import reported

UPDATE = "The generator is running."


async def follows(person: Person, about: str = "", token: str = "", **more: str) -> str:
    """Somebody presses "Tell me here"; the token of their browser."""
    response = await person.post("/status/here", {"about": about, **more}, **{HEADER: token})
    assert response.status_code == 200, response.text
    await settled(person.web)
    found: str = response.json()["token"]
    return found


async def settled(served: Web) -> None:
    await served.desk.machine.deliveries.idle()
    await served.settle()


async def letters(person: Person, token: str) -> list[dict[str, Any]]:
    response = await person.get("/status/here", **{HEADER: token})
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["letters"]
    return found


async def publish(served: Web, incident: str, words: str = UPDATE) -> None:
    ana = await served.staff("Ana")
    await ana.done("publish_update", incident=incident, words=words, audience="public", minutes=30)
    await settled(served)


async def test_each_update_arrives_once_also_after_the_page_was_closed(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        await publish(served, incident, "Before.")
        reader = served.stranger()
        token = await follows(reader)
        assert await follows(reader, token=token) == token
        (first,) = await letters(reader, token)
        assert first["words"] == "Before."
        await publish(served, incident)
        again = served.stranger("198.51.100.7")
        found = await letters(again, token)
        assert [one["words"] for one in found] == [UPDATE, "Before."]
        assert found[0]["number"] > found[1]["number"] == first["number"]


async def test_a_page_follows_what_was_chosen_and_says_what_that_is(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        page = Page((await served.stranger().get("/status")).text)
        offered = [one["value"] for one in page.all("option") if one["value"]]
        assert {"power", "P2"} <= set(offered)
        token = await follows(served.stranger(), about="power", serious="P2")
        response = await served.stranger().get("/status/here", **{HEADER: token})
        assert response.json()["what"] == ["Power outage · The serious ones"]
        rows = await served.desk.store.select("subscriptions")
        assert [row["scope"] for row in rows] == ["category:power+priority:P2"]


async def test_a_page_hears_at_the_time_that_was_chosen(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        daily = {"digest": "18:00", "zone": "Europe/Berlin"}
        token = await follows(served.stranger(), **daily)
        await publish(served, incident)
        assert await letters(served.stranger(), token) == []
        await served.desk.advance(DAY)
        await settled(served)
        (one,) = await letters(served.stranger(), token)
        assert UPDATE in one["text"] + one["words"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"digest": "25:00", "zone": "Europe/Berlin"},
        {"digest": "18:00", "zone": "Mars/Base"},
        {"quiet_from": "22:00", "zone": "Europe/Berlin"},
    ],
)
async def test_times_that_cannot_be_are_said_and_nothing_is_followed(
    tmp_path: Path, wrong: dict[str, str]
) -> None:
    async with web(tmp_path) as served:
        response = await served.stranger().post("/status/here", wrong)
        assert (response.status_code, response.json()["code"]) == (400, "no_time")
        assert "quiet hours" in response.json()["text"] or "22:00" in response.json()["text"]
        assert not await served.desk.store.count("subscriptions")


async def test_an_open_page_is_rung_when_something_is_new(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        token = await follows(served.stranger())
        opened = Stream(served, "/status/here/live", {"host": "muster.test", HEADER: token})
        await opened.next("ring")
        await publish(served, incident)
        await opened.next("ring")
        await opened.close()


async def test_who_stops_is_forgotten(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        await publish(served, incident)
        reader = served.stranger()
        token = await follows(reader, about=reference)
        await follows(reader, about="power", token=token)
        response = await reader.post("/status/here/end", {}, **{HEADER: token})
        assert response.json()["outcome"] == "done"
        await served.desk.machine.eraser.idle()
        assert (await reader.get("/status/here", **{HEADER: token})).status_code == 404
        assert not await served.desk.store.count("subscriptions")
        assert not await served.desk.store.count("mailbox", {"lane": "bulk"})
        assert len(await letters(reader, await follows(reader))) == 1


async def test_who_does_not_come_for_three_months_is_forgotten_and_who_comes_is_not(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        reader = served.stranger()
        token = await follows(reader)
        served.desk.clock.jump(60 * DAY)
        assert await letters(reader, token) == []
        served.desk.clock.jump(60 * DAY)
        await served.desk.clock.advance(1)
        await served.settle()
        assert await letters(reader, token) == []
        served.desk.clock.jump(91 * DAY)
        await served.desk.clock.advance(1)
        await served.settle()
        assert (await reader.get("/status/here", **{HEADER: token})).status_code == 404
        assert not await served.desk.store.count("subscriptions")


async def test_guessed_tokens_read_nothing_and_strangers_are_limited(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, _, secret = await reported(served)
        reader = served.stranger()
        for token in ("", "x", "A" * 32, "A" * 4_000):
            path, told = "/status/here", {HEADER: token}
            assert (await reader.get(path, **told)).status_code == 404
            assert (await reader.get("/status/here/live", **told)).status_code == 404
        answers = [
            await reader.post("/status/here", {"about": about})
            for about in (secret, "I-000-0000", "no-such", "all")
        ]
        assert {one.status_code for one in answers} == {404}
        assert len({one.text for one in answers}) == 1
        many = [await reader.post("/status/here", {}) for _ in range(ASKER.burst)]
        left = ASKER.burst - len(answers)
        assert [one.status_code for one in many] == [200] * left + [429] * len(answers)
        assert not await served.desk.store.count("subscriptions", {"scope": "no-such"})
