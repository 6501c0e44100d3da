"""Somebody opens a link by which a report goes on in the browser, or gets one that leads away."""

from pathlib import Path

from playwright.async_api import expect

from tests.e2e.kit import PHONE, crew, in_time, needs_browser

pytestmark = [needs_browser, in_time]

OFFERED = """async () => {
  const { goingOn } = await import("/static/elsewhere.js");
  const apps = [{ title: "Go on in Elsewhere", link: "https://elsewhere.example/start" }];
  const ask = async () => ({ json: async () => ({ apps }) });
  const shown = goingOn({
    t: { way_hint: "It works once." },
    report: { can_write: true, asking: false },
    ask,
    press() {},
    elsewhere: false,
    ways: ["Go on in Elsewhere"],
  });
  document.querySelector("main").append(shown);
}"""


async def test_a_link_that_is_over_says_so_and_one_to_elsewhere_is_asked_for(
    tmp_path: Path,
) -> None:
    async with crew(tmp_path / "data") as found:
        found.forgiven = r"status of 404"
        page = await found.somebody(PHONE)
        await page.goto(f"{found.muster.url}/chat#on=g_{'0' * 32}")
        await expect(page.get_by_role("heading", name="Go on here with your")).to_be_visible()
        await expect(page.locator("#back [role=alert]")).to_contain_text("has been used")
        await expect(page.get_by_role("button", name="Go on here")).to_be_hidden()
        assert "#" not in page.url
        await page.get_by_role("button", name="Leave it").click()
        await expect(page.locator("#back")).to_be_hidden()
        await page.evaluate(OFFERED)
        await page.get_by_role("button", name="Go on in Elsewhere").click()
        link = page.get_by_role("link", name="Go on in Elsewhere")
        await expect(link).to_have_attribute("href", "https://elsewhere.example/start")
