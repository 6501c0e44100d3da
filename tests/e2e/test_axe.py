"""Everybody can use every page: axe finds no fault in any of them, light and dark."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect

from tests.e2e.kit import (
    Crew,
    act,
    answer,
    begin,
    crew,
    follow,
    in_time,
    needs_browser,
    open_incident,
    send,
    status_is,
)

pytestmark = [needs_browser, in_time]

# WCAG 2.2 AA and what is good practice.
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
COLOURS = ("color-contrast", "link-in-text-block")
"""All that is otherwise in the dark: colours alone are."""
axe = Axe()


async def faults(page: Page, where: str, rules: Sequence[str] = RULES) -> list[str]:
    """What axe finds on the page as it is now, each with the first element that has it."""
    # Whatever lies half under the head that stays in sight is not the smaller for it.
    await page.evaluate("scrollTo(0, 0)")
    # Of what is right nothing is told: naming every element of a page takes long.
    wanted = {"runOnly": list(rules), "resultTypes": ["violations"]}
    found: Any = (await axe.run(page, options=wanted)).response
    return [f"{where}: {one['id']}: {one['nodes'][0]['html'][:160]}" for one in found["violations"]]


class Walk:
    """Goes from page to page and remembers what was found."""

    def __init__(self, found: Crew) -> None:
        self.crew = found
        self.faults: list[str] = []

    async def look(self, page: Page, where: str) -> None:
        await page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        self.faults += await faults(page, f"{where} (dark)", COLOURS)
        await page.emulate_media(color_scheme="light", reduced_motion="reduce")
        self.faults += await faults(page, f"{where} (light)")
        await self.narrow(page, where)

    async def narrow(self, page: Page, where: str) -> None:
        """At 320 px nothing runs out of sight, from whichever side one reads."""
        size, way = page.viewport_size, await page.evaluate("document.documentElement.dir")
        await page.set_viewport_size({"width": 320, "height": 640})
        for one in ("ltr", "rtl"):
            await page.evaluate("way => (document.documentElement.dir = way)", one)
            if await page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                self.faults.append(f"{where}: wider than 320 px, {one}")
        await page.evaluate("way => (document.documentElement.dir = way)", way)
        if size is not None:
            await page.set_viewport_size(size)

    async def open(self, page: Page, path: str) -> None:
        await page.goto(f"{self.crew.muster.url}{path}")
        await self.look(page, path)


@asynccontextmanager
async def walk(data: Path) -> AsyncIterator[Walk]:
    async with crew(data) as found:
        found.forgiven = r"status of 40[134]"
        walking = Walk(found)
        yield walking
        assert not walking.faults, "\n".join(walking.faults)


async def test_the_customers_pages_have_no_fault(tmp_path: Path) -> None:
    async with walk(tmp_path / "data") as on:
        chat = await on.crew.customer()
        await on.look(chat, "notice")
        await begin(chat)
        await on.look(chat, "first question")
        await answer(chat)
        await on.look(chat, "summary")
        await send(chat)
        await on.look(chat, "sent")
        await chat.get_by_role("button", name="I need help now").click()
        await expect(chat.get_by_role("link", name="Call 999").first).to_be_visible()
        await on.look(chat, "danger")
        for path in ("/", "/status", "/signin", "/nothing"):
            await on.open(chat, path)


async def published(on: Walk, agent: Page) -> None:
    """The page of an incident for everybody, who was told, and what did not arrive."""
    url = on.crew.muster.url
    here = agent.url.removeprefix(url)
    incident = await agent.locator("input[name=incident]").first.get_attribute("value")
    told: dict[str, str | float | bool] = {
        "id": "number-0002",
        "incident": incident or "",
        "words": "Soon.",
        "audience": "public",
        "next_in": "30",
    }
    await agent.request.post(f"{url}/do/publish_update", headers={"origin": url}, form=told)
    reference = here.rpartition("/")[2]
    for path in (f"{here}/updates/1", "/desk/deliveries", f"/status/{reference}", "/status"):
        await on.open(agent, path)


async def programs(on: Walk, agent: Page) -> None:
    """Keys and targets: both forms open, then a key that is shown once."""
    await on.open(agent, "/people/keys")
    for name in ("Make a key", "Add a target"):
        await agent.locator("summary", has_text=name).click()
    await on.look(agent, "programs, both forms open")
    await agent.get_by_label("Name of the program").fill("Ticket system")
    await agent.get_by_label("Add reports of customers").check()
    await follow(agent, agent.get_by_role("button", name="Make the key"))
    await expect(agent.get_by_role("heading", name="The new key")).to_be_visible()
    await on.look(agent, "programs, a new key")


async def merging(on: Walk, agent: Page) -> None:
    """The search for another incident, and both side by side."""
    url = on.crew.muster.url
    told: dict[str, str | float | bool] = {
        "id": "number-0001",
        "category": "power",
        "answer:what": "It is dark",
    }
    await agent.request.post(f"{url}/do/open_incident", headers={"origin": url}, form=told)
    await open_incident(agent, url)
    await on.open(agent, f"{agent.url.removeprefix(url)}/merge")
    await follow(agent, agent.locator("a.door").first)
    await expect(agent.get_by_role("heading", name="This one stays")).to_be_visible()
    await on.look(agent, "merge")


async def test_the_pages_of_a_quiet_desk_have_no_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUSTER_WEBHOOKS", "hooks.example.org")
    async with walk(tmp_path / "data") as on:
        agent = await on.crew.staff("Ana Smith")
        for path in ("/", "/desk", "/desk/new", "/tasks", "/people", "/me"):
            await on.open(agent, path)
        await programs(on, agent)
        await agent.goto(await on.crew.muster.invite("agent"))
        await on.look(agent, "join")


async def test_the_pages_of_an_incident_have_no_fault(tmp_path: Path) -> None:
    async with walk(tmp_path / "data") as on:
        agent = await on.crew.staff("Ana Smith")
        await on.crew.reported()
        await open_incident(agent, on.crew.muster.url)
        await on.look(agent, "incident")
        await agent.get_by_role("button", name="Take", exact=True).click()
        await status_is(agent, "In progress")
        await agent.locator("summary", has_text="Publish update").click()
        await on.look(agent, "incident, an action open")
        form = agent.locator("details[open] > form")
        await form.get_by_label("What people should know").fill("Soon.")
        await form.get_by_role("button", name="Preview").click()
        await expect(form.locator(".preview")).to_be_visible()
        await on.look(agent, "incident, an update before it goes out")
        await agent.locator("summary", has_text="Publish update").click()
        await act(agent, "Note", "Keep the note", **{"For colleagues only": "Called back"})
        await published(on, agent)
        for path in ("/desk", "/tasks"):
            await on.open(agent, path)
        await merging(on, agent)
