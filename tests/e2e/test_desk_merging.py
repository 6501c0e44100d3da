"""Two incidents become one on the desk, in a browser, and an incident is taken through its life."""

from pathlib import Path

from playwright.async_api import Page, expect

from tests.e2e.kit import (
    act,
    crew,
    follow,
    in_time,
    needs_browser,
    open_incident,
    status_is,
)

pytestmark = [needs_browser, in_time]

LINES = "[data-lines=incident] > article:visible"


async def more(desk: Page) -> None:
    await desk.locator("summary", has_text="More").click()


async def test_an_agent_merges_two_and_both_customers_stay_with_them(tmp_path: Path) -> None:
    async with crew(tmp_path / "data") as found:
        url = found.muster.url
        ana, ben = await found.staff("Ana Smith"), await found.staff("Ben Cole", "agent")
        one = await found.reporter("The lights went out")
        two = await found.reporter("It is dark on the second floor")
        await ben.goto(f"{url}/desk")
        await expect(ben.locator(LINES)).to_have_count(2)
        await ana.goto(f"{url}/desk?q=dark")
        await follow(ana, ana.locator(".results > article a").first)
        await more(ana)
        actions = ana.get_by_role("region", name="Actions")
        await follow(ana, actions.get_by_role("link", name="Merge …"))
        await ana.get_by_label("Reference, or words").fill("lights")
        await follow(ana, ana.get_by_role("button", name="Search"))
        await follow(ana, ana.locator("a.door", has_text="The lights went out"))
        await expect(ana.get_by_role("heading", name="This one stays")).to_be_visible()
        await follow(ana, ana.get_by_role("button", name="Merge into"))
        await expect(ana.locator("[data-region=ties]")).to_contain_text("Merged into this one")
        await expect(ana.get_by_label("Reply to the customer")).to_have_count(2)
        await expect(ben.locator(LINES)).to_have_count(1)
        await expect(two.get_by_text("together with what we already know")).to_be_visible()
        for index in range(2):
            form = ana.locator("form[action='/do/reply_to_customer']").nth(index)
            await form.get_by_label("Reply to the customer").fill("We are on it")
            await form.get_by_role("button", name="Send").click()
            await expect(form.get_by_label("Reply to the customer")).to_have_value("")
        for chat in (one, two):
            await expect(chat.get_by_text("We are on it")).to_be_visible()


async def test_an_incident_is_held_resumed_closed_reopened_restricted_and_cancelled(
    tmp_path: Path,
) -> None:
    async with crew(tmp_path / "data") as found:
        ana, ben = await found.staff("Ana Smith"), await found.staff("Ben Cole", "agent")
        await found.reported()
        for one in (ana, ben):
            await open_incident(one, found.muster.url)
        await ana.get_by_role("button", name="Take", exact=True).click()
        await status_is(ana, "In progress")
        await act(ana, "Hold", "Put on hold", **{"Why, and what we wait for": "The parts"})
        await status_is(ana, "On hold")
        await act(ana, "Resume", "Go on", **{"Why it goes on": "The parts are here"})
        await status_is(ana, "In progress")
        await expect(ana.locator(".timeline")).to_contain_text("The parts are here")
        await ana.locator("summary", has_text="Resolve").first.click()
        form = ana.locator("details[open] > form")
        await form.get_by_label("How it was resolved").fill("New fuse")
        await form.get_by_role("checkbox").check()
        await form.get_by_role("button", name="Resolve").click()
        await status_is(ana, "Resolved")
        await ana.get_by_role("button", name="Close", exact=True).click()
        await status_is(ana, "Closed")
        await act(ana, "Reopen", "Reopen", **{"Why it is opened again": "It went out again"})
        await status_is(ana, "Open")
        await status_is(ben, "Open")
        await more(ana)
        await act(ana, "Restrict", "Restrict it", **{"Why few people may see it": "The police"})
        await expect(ben.get_by_text("is for few people now")).to_be_visible()
        await expect(ben.get_by_role("heading", name="Open incidents")).to_be_visible()
        await ana.locator("summary", has_text="Cancel incident").click()
        form = ana.locator("details[data-key=cancel] > form")
        await form.get_by_label("Why it was none").fill("Not ours after all")
        await form.get_by_role("button", name="Cancel the incident").click()
        await status_is(ana, "Cancelled")
