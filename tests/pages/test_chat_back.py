"""The way back: one link, kept as a hash, that leads the same customer to the same conversation."""

from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response

from bot.adapters.web.house import Limits
from bot.core.person_words import ErasePerson
from bot.engine.limits import Rate
from tests.engine.kit import MINUTE
from tests.pages.kit import Visitor, Web, web

DAY = 24 * 60 * MINUTE


async def sent(served: Web) -> Visitor:
    visitor = await served.visitor()
    await visitor.report()
    return visitor


async def kept(visitor: Visitor) -> str:
    """A fresh link of the visitor's."""
    response = await visitor.post("/chat/keep", {"id": visitor.number()}, **visitor.headers)
    assert response.status_code == 200, response.text
    await visitor.web.settle()
    link: str = response.json()["link"]
    return link


async def comes(served: Web, link: Any, address: str = "192.0.2.9") -> Response:
    """Somebody with another browser opens the link."""
    return await served.stranger(address).post("/chat/back", {"link": link})


async def test_the_link_brings_the_conversation_to_another_browser(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await sent(served)
        await visitor.did("write_message", words="From the old phone")
        response = await comes(served, await kept(visitor))
        other = Visitor(served, served.client(), token=response.json()["token"])
        assert other.token != visitor.token
        before, after = await visitor.state(), await other.state()
        assert after == before
        await other.did("write_message", words="From the new phone")
        words = [one["words"] for one in (await visitor.state())["letters"] if one["by"] == "me"]
        assert words == ["From the old phone", "From the new phone"]


def holding(folder: Path, secret: str) -> list[Path]:
    """Files in which `secret` stands."""
    files = (one for one in folder.rglob("*") if one.is_file())
    return [one for one in files if secret.encode() in one.read_bytes()]


async def test_the_link_itself_is_kept_nowhere(tmp_path: Path) -> None:
    async with web(tmp_path, on_disk=True) as served:
        visitor = await sent(served)
        link = await kept(visitor)
        secret = link.partition(".")[0]
        assert not holding(tmp_path, secret)
        assert len(secret) >= 58


async def test_a_new_link_ends_the_old_one(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await sent(served)
        old, new = await kept(visitor), await kept(visitor)
        assert (await comes(served, old)).status_code == 404
        assert (await comes(served, new)).status_code == 200


async def test_a_link_can_be_ended(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await sent(served)
        link = await kept(visitor)
        assert (await visitor.state())["report"]["way_back"] is True
        await visitor.did("end_way_back")
        assert (await visitor.state())["report"]["way_back"] is False
        assert (await comes(served, link)).status_code == 404


async def test_after_ninety_days_the_link_leads_nowhere(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await sent(served)
        link = await kept(visitor)
        served.desk.clock.jump(90 * DAY - 1)
        assert (await comes(served, link)).status_code == 200
        served.desk.clock.jump(1)
        assert (await comes(served, link)).status_code == 404


async def test_whatever_is_wrong_with_a_link_the_answer_is_the_same(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await sent(served)
        link = await kept(visitor)
        ended = await kept(visitor)
        await visitor.did("end_way_back")
        body, _, mark = link.partition(".")
        wrong: list[Any] = [link, ended, "", "x", "é.é", body, f"{body}.{mark[:-1]}0", "." + mark]
        wrong += [visitor.token, 7, None, ["x"], "a" * 5000]
        limits = Limits(back=Rate(burst=100, per_minute=1))
        served.house.limits = limits
        answers = [await comes(served, one, f"192.0.2.{at}") for at, one in enumerate(wrong)]
        assert {one.status_code for one in answers} == {404}
        assert len({one.text for one in answers}) == 1


async def test_a_link_is_no_token_and_a_token_no_link(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await sent(served)
        thief = Visitor(served, served.client(), token=await kept(visitor))
        response = await thief.client.get("/chat/state", headers=thief.headers)
        assert response.status_code == 401


async def test_links_of_one_address_are_tried_slowly(tmp_path: Path) -> None:
    async with web(tmp_path, limits=Limits(back=Rate(burst=3, per_minute=1))) as served:
        link = await kept(await sent(served))
        statuses = [(await comes(served, "wrong")).status_code for _ in range(4)]
        assert statuses == [404, 404, 404, 429]
        assert (await comes(served, link)).status_code == 429
        assert (await comes(served, link, "198.51.100.7")).status_code == 200


async def test_links_are_made_slowly(tmp_path: Path) -> None:
    async with web(tmp_path, limits=Limits(taken=Rate(burst=1, per_minute=1))) as served:
        visitor = await sent(served)
        await kept(visitor)
        response = await visitor.post("/chat/keep", {"id": "number-0001"}, **visitor.headers)
        assert response.status_code == 429


async def test_who_is_here_already_gets_no_other_token(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await sent(served)
        link = await kept(visitor)
        response = await visitor.post("/chat/back", {"link": link}, **visitor.headers)
        assert response.json() == {"token": ""}


@pytest.mark.parametrize("source", [None, "", "short", "x" * 65, 7])
async def test_a_link_needs_a_sound_number(tmp_path: Path, source: Any) -> None:
    async with web(tmp_path) as served:
        visitor = await sent(served)
        response = await visitor.post("/chat/keep", {"id": source}, **visitor.headers)
        assert response.status_code == 400


async def test_before_the_first_word_there_is_nothing_to_come_back_to(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        response = await visitor.post("/chat/keep", {"id": "number-0001"}, **visitor.headers)
        assert response.json()["code"] == "not_yet"
        assert (await visitor.post("/chat/keep", {"id": "number-0001"})).status_code == 401


async def test_a_report_begun_since_then_is_not_shown_to_whoever_has_the_old_link(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        visitor = await sent(served)
        link = await kept(visitor)
        await visitor.did("withdraw_report", why="solved_itself")
        await visitor.did("begin_report", again=True)
        assert (await comes(served, link)).status_code == 404


async def test_the_link_of_an_erased_customer_leads_nowhere(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await sent(served)
        link = await kept(visitor)
        (row,) = await served.desk.store.select("reports")
        person = str(row["person"])
        command = ErasePerson(person=person, reason="asked")
        await served.house.engine.house(command, person, "cli", "test")
        await served.desk.machine.eraser.finish(person)
        assert (await comes(served, link)).status_code == 404
