"""Four people, one incident, from the first word to the rating, in a real browser."""

from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Page, expect

from tests.e2e.kit import (
    DESK,
    PHONE,
    Crew,
    act,
    answer,
    begin,
    crew,
    in_time,
    needs_browser,
    open_incident,
    send,
    status_is,
    write,
)

pytestmark = [needs_browser, in_time]


@dataclass
class Four:
    """Everybody with their page open; the reader's browser runs no script."""

    url: str
    customer: Page
    agent: Page
    resource: Page
    reader: Page


async def four(found: Crew) -> Four:
    agent = await found.staff("Ana Smith")
    resource = await found.staff("Ben Cole", "resource", viewport=PHONE)
    reader = await found.somebody(DESK, java_script_enabled=False)
    customer = await found.customer()
    await agent.goto(f"{found.muster.url}/desk")
    await expect(agent.get_by_text("Nothing is open.")).to_be_visible()
    await resource.goto(f"{found.muster.url}/tasks")
    return Four(found.muster.url, customer, agent, resource, reader)


async def heard_and_guided(us: Four) -> None:
    """The desk sees the report grow, and then a card by itself."""
    await begin(us.customer)
    lane = us.agent.locator("article.line[data-kind=report]")
    await expect(lane).to_have_count(1)
    await answer(us.customer)
    reference = await send(us.customer)
    await expect(us.customer.get_by_role("log")).to_contain_text(reference)
    card = us.agent.locator("article.line[data-kind=incident]")
    await expect(card).to_contain_text("Power outage")
    await expect(lane).to_have_count(0)


async def taken(us: Four) -> None:
    await open_incident(us.agent, us.url)
    await us.agent.get_by_role("button", name="Take", exact=True).click()
    await status_is(us.agent, "In progress")
    await expect(us.customer.get_by_role("heading", name="An agent has it")).to_be_visible()


async def claimed_with_a_time(us: Four) -> None:
    await expect(us.resource.get_by_text("Electrician wanted:")).to_be_visible()
    await us.resource.get_by_role("button", name="30 minutes").click()
    await expect(us.resource.get_by_role("button", name="On my way")).to_be_visible()
    await expect(us.agent.get_by_text("Ben Cole: coming")).to_be_visible()
    await expect(us.customer.locator("#state")).to_contain_text("field engineer is coming")
    await us.resource.get_by_role("button", name="On my way").click()
    await us.resource.get_by_role("button", name="I am on site").click()
    await expect(us.customer.locator("#state")).to_contain_text("on site")


async def everybody_told(us: Four) -> None:
    await us.agent.locator("summary", has_text="Publish update").click()
    form = us.agent.locator("details[open] > form")
    await form.get_by_label("What people should know").fill("We are replacing a fuse.")
    await form.get_by_label("Everyone").check()
    await form.get_by_role("button", name="Preview").click()
    await form.get_by_role("button", name="Publish").click()
    await expect(us.customer.locator("#state")).to_contain_text("We are replacing a fuse.")
    await us.reader.goto(f"{us.url}/status")
    await expect(us.reader.get_by_text("We are replacing a fuse.")).to_be_visible()
    await expect(us.reader.get_by_text("Next update by")).to_be_visible()


async def talked(us: Four) -> None:
    await write(us.customer, "How long will it take?")
    await expect(us.agent.locator(".messages")).to_contain_text("How long will it take?")
    await us.agent.get_by_label("Reply to the customer").fill("About ten minutes.")
    await us.agent.locator("form.reply button.primary").click()
    await expect(us.customer.get_by_role("log")).to_contain_text("About ten minutes.")


async def not_fixed_then_fixed(us: Four) -> None:
    """The customer has the last word, and only their press opens it again."""
    await act(us.resource, "Done", "It is done", **{"What was done": "New fuse"})
    await expect(us.resource.get_by_text("You have no task right now.")).to_be_visible()
    await act(us.agent, "Resolve", "Resolve", **{"How it was resolved": "Fuse replaced"})
    await status_is(us.agent, "Resolved")
    await us.customer.get_by_role("button", name="No, not fixed").click()
    await us.customer.get_by_label("What is still wrong?").fill("It flickers")
    await us.customer.get_by_role("button", name="Send, and go on working on it").click()
    await status_is(us.agent, "Open")
    await us.agent.get_by_role("button", name="Take", exact=True).click()
    await act(us.agent, "Resolve", "Resolve", **{"How it was resolved": "Second fuse"})
    await us.customer.get_by_role("button", name="Yes, it is fixed").click()
    await status_is(us.agent, "Closed")


async def rated(us: Four) -> None:
    await us.customer.get_by_role("button", name="5", exact=True).click()
    await expect(us.customer.get_by_text("You gave us 5 of 5.")).to_be_visible()
    await expect(us.agent.get_by_text("Rated 5 of 5.")).to_be_visible()
    await us.reader.goto(f"{us.url}/status")
    await expect(us.reader.get_by_text("Fixed", exact=True)).to_be_visible()


async def test_reported_taken_claimed_told_resolved_confirmed_and_rated(tmp_path: Path) -> None:
    async with crew(tmp_path / "data") as found:
        us = await four(found)
        await heard_and_guided(us)
        await taken(us)
        await claimed_with_a_time(us)
        await everybody_told(us)
        await talked(us)
        await not_fixed_then_fixed(us)
        await rated(us)
        text = await us.customer.locator("body").inner_text()
        assert "Ana" not in text
        assert "Ben" not in text
