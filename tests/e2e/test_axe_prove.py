"""The question who is there and what leads to it: everybody can use them, light and dark."""

from pathlib import Path

from playwright.async_api import Page, Route, expect

from tests.e2e.kit import follow, in_time, needs_browser
from tests.e2e.test_axe import Walk, walk
from tests.pages.test_organisation import BACK, place

pytestmark = [needs_browser, in_time]

PASSWORD = "five calm green old chairs"
ASK = """async () => {
  const { prove } = await import("/static/prove.js");
  prove(async () => ({ code: "not_proved", text: "This is not your password." }), "This is grave.");
}"""


async def thanks(folder: Path) -> str:
    """What the organisation's provider leads back to, once it has proved who is there."""
    async with place(folder) as at:
        ana = await at.known()
        assert await at.round(ana, "/me/organisation") == 303
        page = (await ana.get("/me/prove")).text
        # The tests' own language is none that a browser could know.
        return page.replace('lang="xx"', 'lang="en"')


async def asked(on: Walk, page: Page, where: str) -> None:
    """The question over a page, when the answer was wrong."""
    await on.open(page, "/me")
    await page.evaluate(ASK)
    dialog = page.get_by_role("dialog", name="Is it you?")
    # It is fetched first; until then nobody can tell what it asks for.
    await expect(dialog).to_be_visible()
    if await dialog.locator("[name=proof_password]").count():
        await dialog.get_by_label("Your password").fill("not this one, I fear")
    await dialog.locator("button.primary").click()
    await expect(dialog.get_by_role("alert")).to_be_visible()
    await on.look(page, where)
    await on.open(page, "/me/prove?next=/people")


async def password(page: Page, url: str) -> None:
    await page.goto(f"{url}/me")
    await page.get_by_label("Name to sign in with").fill("ana")
    await page.get_by_label("New password").fill(PASSWORD)
    await follow(page, page.get_by_role("button", name="Keep these"))
    await expect(page.get_by_label("Your password now")).to_be_visible()


async def test_the_question_who_is_there_has_no_fault(tmp_path: Path) -> None:
    html = await thanks(tmp_path / "elsewhere")

    async def shown(route: Route) -> None:
        await route.fulfill(body=html, content_type="text/html")

    async with walk(tmp_path / "data") as on:
        page = await on.crew.staff("Ana Smith")
        await page.route(f"**{BACK}", shown)
        await asked(on, page, "the question, without any way to answer")
        await password(page, on.crew.muster.url)
        await asked(on, page, "the question for a password")
        await on.open(page, BACK)
        await expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
        for path, more in (("/people", "Invite somebody"), ("/people/keys", "Make a key")):
            await on.open(page, path)
            await page.locator("summary", has_text=more).click()
            await on.look(page, f"{path}, open")
