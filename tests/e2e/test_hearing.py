"""Updates on the status page, in a real browser: once, in every window, and after a reload."""

from pathlib import Path

from playwright.async_api import Page, expect

from tests.e2e.kit import crew, in_time, needs_browser, open_incident

pytestmark = [needs_browser, in_time]


async def publish(agent: Page, url: str, words: str) -> None:
    incident = await agent.locator("input[name=incident]").first.input_value()
    told: dict[str, str | float | bool] = {
        "id": f"number-{abs(hash(words))}",
        "incident": incident,
        "words": words,
        "audience": "public",
        "minutes": "30",
    }
    await agent.request.post(f"{url}/do/publish_update", headers={"origin": url}, form=told)


async def test_each_update_is_told_once_where_the_reader_left_off(tmp_path: Path) -> None:
    async with crew(tmp_path / "data") as found:
        url = found.muster.url
        agent = await found.staff("Ana Smith")
        await found.reported()
        await open_incident(agent, url)
        page = await found.customer()
        await page.goto(f"{url}/status")
        await page.get_by_role("button", name="Tell me here").click()
        await expect(page.get_by_role("heading", name="Told to you here")).to_be_visible()
        second = await page.context.new_page()
        await second.goto(f"{url}/status")
        told = page.locator("[data-follows] li")
        await publish(agent, url, "The first.")
        await expect(told).to_have_count(1)
        await expect(second.locator("[data-follows] li")).to_have_count(1)
        await page.goto("about:blank")
        await publish(agent, url, "The second.")
        await expect(second.locator("[data-follows] li")).to_have_count(2)
        await page.goto(f"{url}/status")
        await expect(told).to_have_count(2)
        await expect(told.first).to_contain_text("The second.")
        await page.get_by_role("button", name="Stop telling me here").click()
        await expect(page.get_by_role("button", name="Tell me here")).to_be_visible()
        await expect(second.get_by_role("button", name="Tell me here")).to_be_visible()
