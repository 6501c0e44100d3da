"""A passkey in a real browser: added, signed in with, and asked for over the page."""

from pathlib import Path

from playwright.async_api import Page, Route, expect

from tests.e2e.kit import DESK, crew, follow, in_time, needs_browser
from tests.e2e.test_axe import faults
from tests.e2e.test_people import card

pytestmark = [needs_browser, in_time]

STICK = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


async def with_stick(page: Page) -> None:
    """The browser of `page` has a key that says yes by itself."""
    session = await page.context.new_cdp_session(page)
    await session.send("WebAuthn.enable")
    await session.send("WebAuthn.addVirtualAuthenticator", {"options": STICK})


async def grown_stale(page: Page) -> None:
    """The next press is told that the proof is too old, as it is after a quarter of an hour."""

    async def too_old(route: Route) -> None:
        said = {"outcome": "refused", "code": "prove", "text": "Please prove it once more."}
        await route.fulfill(json=said)

    await page.route("**/do/grant_role", too_old, times=1)


async def test_a_passkey_is_added_lets_in_and_answers_over_the_page(tmp_path: Path) -> None:
    async with crew(tmp_path / "data") as found:
        await found.staff("Ben Cole", "agent")
        # A number is no name that a passkey could be bound to.
        url = found.muster.url.replace("127.0.0.1", "localhost")
        page = await found.somebody(DESK)
        await with_stick(page)
        await page.goto(found.muster.link.replace("127.0.0.1", "localhost"))
        await page.get_by_label("Your name").fill("Dana")
        await follow(page, page.get_by_role("button", name="Join"))
        assert page.url == f"{url}/"
        await page.goto(f"{url}/me")
        await page.get_by_label("What do you call it?").fill("My laptop")
        await follow(page, page.get_by_role("button", name="Add a passkey"))
        await expect(page.locator("section", has_text="My laptop").last).to_be_visible()
        assert not await faults(page, "/me")
        await follow(page, page.get_by_role("banner").get_by_role("button", name="Sign out"))
        assert not await faults(page, "/signin")
        await follow(page, page.get_by_role("button", name="Sign in with a passkey"))
        assert page.url == f"{url}/"
        await page.goto(f"{url}/people")
        await grown_stale(page)
        ben = page.locator(card("Ben Cole"))
        await ben.locator("summary", has_text="Roles").click()
        await ben.get_by_role("button", name="Give: Resource").click()
        asked = page.get_by_role("dialog", name="Is it you?")
        await expect(asked).to_contain_text("Please prove it once more.")
        assert not await faults(page, "the question")
        await asked.get_by_role("button", name="Use a passkey").click()
        await expect(ben.get_by_role("list", name="Roles")).to_contain_text("Resource")
        await expect(asked).to_have_count(0)
