"""Four people, one incident, from the first word to the rating, in a real browser."""

from pathlib import Path

from playwright.async_api import expect

from tests.e2e.kit import (
    DESK,
    PHONE,
    act,
    answer,
    begin,
    crew,
    needs_browser,
    open_incident,
    send,
    status_is,
    write,
)


@needs_browser
async def test_reported_taken_claimed_told_resolved_confirmed_and_rated(tmp_path: Path) -> None:
    async with crew(tmp_path / "data") as found:
        url = found.muster.url
        agent = await found.staff("Ana Smith")
        resource = await found.staff("Ben Cole", "resource", viewport=PHONE)
        reader = await found.somebody(DESK, java_script_enabled=False)
        customer = await found.customer()
        await agent.goto(f"{url}/desk")
        await expect(agent.get_by_text("Nothing is open.")).to_be_visible()
        await resource.goto(f"{url}/tasks")

        # The customer is heard at once and guided; the desk sees it grow.
        await begin(customer)
        lane = agent.locator("article.line[data-kind=report]")
        await expect(lane).to_have_count(1)
        await answer(customer)
        reference = await send(customer)
        await expect(customer.get_by_role("log")).to_contain_text(reference)

        # It becomes a card by itself; the agent takes it.
        card = agent.locator("article.line[data-kind=incident]")
        await expect(card).to_contain_text("Power outage")
        await expect(lane).to_have_count(0)
        await open_incident(agent, url)
        await agent.get_by_role("button", name="Take", exact=True).click()
        await status_is(agent, "In progress")
        await expect(customer.get_by_role("heading", name="An agent has it")).to_be_visible()

        # The playbook asked for an electrician; one claims it and says when.
        await expect(resource.get_by_text("Electrician wanted")).to_be_visible()
        await resource.get_by_role("button", name="30 minutes").click()
        await expect(resource.get_by_role("button", name="On my way")).to_be_visible()
        await expect(agent.get_by_text("Ben Cole: coming")).to_be_visible()
        await expect(customer.locator("#state")).to_contain_text("field engineer is coming")
        await resource.get_by_role("button", name="On my way").click()
        await resource.get_by_role("button", name="I am on site").click()

        # Everybody is told; whoever reads without a script, too.
        await agent.locator("summary", has_text="Publish update").click()
        form = agent.locator("details[open] > form")
        await form.get_by_label("What people should know").fill("We are replacing a fuse.")
        await form.get_by_label("Everyone").check()
        await form.get_by_role("button", name="Publish").click()
        await expect(customer.locator("#state")).to_contain_text("We are replacing a fuse.")
        await reader.goto(f"{url}/status")
        await expect(reader.get_by_text("We are replacing a fuse.")).to_be_visible()
        await expect(reader.get_by_text("Next update by")).to_be_visible()

        # Two-way words.
        await write(customer, "How long will it take?")
        talk = agent.locator(".messages")
        await expect(talk).to_contain_text("How long will it take?")
        await agent.get_by_label("Reply to the customer").fill("About ten minutes.")
        await agent.locator("form.reply button").click()
        await expect(customer.get_by_role("log")).to_contain_text("About ten minutes.")

        # Done, resolved, and the customer has the last word.
        await act(resource, "Done", "It is done", **{"What was done": "New fuse"})
        await expect(resource.get_by_text("You have no task right now.")).to_be_visible()
        await act(agent, "Resolve", "Resolve", **{"How it was resolved": "Fuse replaced"})
        await status_is(agent, "Resolved")
        await customer.get_by_role("button", name="No, not fixed").click()
        await status_is(agent, "Open")
        await agent.get_by_role("button", name="Take", exact=True).click()
        await act(agent, "Resolve", "Resolve", **{"How it was resolved": "Second fuse"})
        await customer.get_by_role("button", name="Yes, it is fixed").click()
        await status_is(agent, "Closed")
        await customer.get_by_role("button", name="5", exact=True).click()
        await expect(customer.get_by_text("You gave us 5 of 5.")).to_be_visible()
        await expect(agent.get_by_text("Rated 5 of 5.")).to_be_visible()
        await reader.goto(f"{url}/status")
        await expect(reader.get_by_text("Fixed", exact=True)).to_be_visible()
        text = await customer.locator("body").inner_text()
        assert "Ana" not in text
        assert "Ben" not in text
