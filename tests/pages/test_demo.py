"""A demonstration says on every page that it is one, and lets the visitor in by a link."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.core.report_words import WriteMessage
from bot.demo.doors import WAITING, Doors
from bot.demo.people import GUESTS
from bot.demo.player import Plan, Player
from bot.pages.app import build_app
from tests.pages.kit import Web, web

BAND = "Demonstration: the people and incidents here are made up"
PUBLIC = ("/", "/chat", "/status", "/signin", "/nowhere", "/join/none")
STAFF = ("/desk", "/desk/new", "/tasks", "/me", "/desk/incidents/N-AAA-AAAA")


@asynccontextmanager
async def _demonstration(folder: Path) -> AsyncIterator[tuple[Web, Doors, Player]]:
    async with web(folder) as plain:
        house = plain.house
        house.demo = True
        player = Player(plain.house.desk.machine, Plan(so_far=(), outage=False))
        await player.hire()
        doors = Doors(house, player.stage)
        house.doors = (*house.doors, *doors.routes())
        served = Web(house, build_app(house))
        try:
            yield served, doors, player
        finally:
            await served.close()


async def test_every_page_says_that_all_of_it_is_made_up(tmp_path: Path) -> None:
    async with _demonstration(tmp_path) as (served, doors, _):
        stranger, agent = served.stranger(), served.stranger()
        await agent.get(doors.link("agent"))
        for path in PUBLIC:
            assert BAND in (await stranger.get(path)).text, path
        for path in STAFF:
            assert BAND in (await agent.get(path)).text, path
        russian = await stranger.get("/status?lang=ru")
        assert "Демонстрация: люди и инциденты здесь вымышлены" in russian.text


async def test_a_real_desk_never_says_so(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        stranger, agent = served.stranger(), await served.staff("ana")
        for path in PUBLIC:
            assert BAND not in (await stranger.get(path)).text, path
        for path in STAFF:
            assert BAND not in (await agent.get(path)).text, path
        assert (await stranger.get("/demo/secret/agent")).status_code == 404


async def test_each_link_opens_the_page_of_its_part_at_once(tmp_path: Path) -> None:
    async with _demonstration(tmp_path) as (served, doors, _):
        person = served.stranger()
        for part, guest in GUESTS.items():
            answer = await person.get(doors.link(part))
            assert (answer.status_code, answer.headers["location"]) == (303, guest.page)
            assert guest.staff.name in (await person.get(guest.page)).text


async def test_whoever_does_not_know_the_link_stays_outside(tmp_path: Path) -> None:
    async with _demonstration(tmp_path) as (served, doors, _):
        person = served.stranger()
        secret = doors.link("agent").split("/")[2]
        for path in ("/demo/guess/agent", f"/demo/{secret}/administrator", "/demo/ключ/agent"):
            assert (await person.get(path)).status_code == 404
        assert (await person.get("/desk")).status_code == 303


async def test_a_link_leads_to_the_conversation_of_a_customer(tmp_path: Path) -> None:
    async with _demonstration(tmp_path) as (served, doors, player):
        await player.stage.ask("customer-1", WriteMessage(words="The lights went out."))
        person = served.stranger()
        early = asyncio.create_task(person.get(doors.link(WAITING)))
        await asyncio.sleep(0)
        doors.shows("customer-1")
        for coming in (early, person.get(doors.link(WAITING))):
            came = await coming
            assert came.status_code == 303
            path, _, link = came.headers["location"].partition("#back=")
            assert path == "/chat"
            answer = await (await served.visitor()).post("/chat/back", {"link": link})
            assert answer.json()["token"], answer.text
        assert not player.stage.refused
        assert (await person.get(f"/demo/guess/{WAITING}")).status_code == 404
