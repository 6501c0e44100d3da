"""Coming in, coming back and being shut out, in real browsers."""

from pathlib import Path

from playwright.async_api import Page, expect

from tests.e2e.kit import PHONE, crew, follow, in_time, needs_browser

pytestmark = [needs_browser, in_time]

PASSWORD = "five calm green old chairs"


def card(name: str) -> str:
    return f"article.person:has(h3:has-text('{name}'))"


async def link_for(chief: Page) -> str:
    """The link that the page shows this once."""
    return await chief.get_by_label("Copy it now").input_value()


async def keep(page: Page, button: str) -> None:
    await page.get_by_label("Name to sign in with").fill("ben@example.org")
    await page.get_by_label("New password").fill(PASSWORD)
    await follow(page, page.get_by_role("button", name=button))


async def test_invited_by_link_signed_in_by_password_and_shut_out_on_the_open_page(
    tmp_path: Path,
) -> None:
    async with crew(tmp_path / "data") as found:
        url = found.muster.url
        chief = await found.staff("Dana")
        await follow(chief, chief.get_by_role("link", name="People", exact=True))
        await chief.locator("summary", has_text="Invite somebody").click()
        await chief.locator("form[action='/people/invite']").get_by_label("Agent").check()
        await follow(chief, chief.get_by_role("button", name="Make the link"))
        ben = await found.somebody(PHONE)
        await ben.goto(await link_for(chief))
        await ben.get_by_label("Your name").fill("Ben Cole")
        await follow(ben, ben.get_by_role("button", name="Join"))
        # The page of the one who invited shows it by itself, and the link stays on it.
        await expect(chief.locator(card("Ben Cole"))).to_be_visible()
        await expect(chief.get_by_label("Copy it now")).to_be_visible()
        await follow(ben, ben.get_by_role("link", name="Ben Cole"))
        await keep(ben, "Keep these")
        await follow(ben, ben.get_by_role("banner").get_by_role("button", name="Sign out"))
        await ben.get_by_label("Name").fill("Ben@Example.org")
        await ben.get_by_label("Password").fill(PASSWORD)
        await follow(ben, ben.get_by_role("button", name="Sign in"))
        assert ben.url == f"{url}/"
        await ben.goto(f"{url}/desk")
        theirs = chief.locator(card("Ben Cole"))
        await theirs.locator("summary", has_text="Close the account").click()
        await theirs.get_by_role("button", name="Close the account").click()
        await ben.wait_for_url(f"{url}/signin")
        await expect(chief.locator("article.person.closed")).to_contain_text("Ben Cole")


async def test_a_reset_signs_out_the_open_page_and_lets_in_by_its_link(tmp_path: Path) -> None:
    async with crew(tmp_path / "data") as found:
        url = found.muster.url
        chief, ben = await found.staff("Dana"), await found.staff("Ben Cole", "agent")
        await ben.goto(f"{url}/desk")
        await chief.goto(f"{url}/people")
        theirs = chief.locator(card("Ben Cole"))
        await theirs.locator("summary", has_text="Sign-in").click()
        await follow(chief, theirs.get_by_role("button", name="Make a link for a new password"))
        await ben.wait_for_url(f"{url}/signin")
        await ben.goto(await link_for(chief))
        await keep(ben, "Keep these and sign in")
        assert ben.url == f"{url}/"
        await expect(ben.get_by_role("link", name="Ben Cole")).to_be_visible()
