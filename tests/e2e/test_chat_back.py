"""What else a customer has in a browser: a link to come back, and word of what was read."""

from pathlib import Path

from playwright.async_api import expect

from tests.e2e.kit import (
    PHONE,
    begin,
    crew,
    in_time,
    needs_browser,
    open_incident,
    report,
    write,
)

pytestmark = [needs_browser, in_time]

GRANTED = ["clipboard-read", "clipboard-write"]


async def test_a_copied_link_brings_the_conversation_to_another_browser_until_it_is_ended(
    tmp_path: Path,
) -> None:
    async with crew(tmp_path / "data") as found:
        found.forgiven = r"status of 404"
        chat = await found.customer(permissions=GRANTED)
        reference = await report(chat)
        await chat.get_by_role("button", name="Copy a link to come back").click()
        await expect(chat.locator("#net")).to_have_text("The link was copied.")
        link = await chat.evaluate("navigator.clipboard.readText()")
        assert link.startswith(f"{found.muster.url}/chat#back=")
        await expect(chat.get_by_label("Keep this link to come back")).to_have_value(link)

        other = await found.somebody(PHONE)
        await other.goto(f"{found.muster.url}/chat")
        await begin(other)
        await other.goto(link)
        await expect(other.get_by_role("heading", name="Open the conversation of")).to_be_visible()
        assert "#" not in other.url
        await other.get_by_role("button", name="Open the conversation").click()
        await expect(other.locator(".reference")).to_have_text(reference)
        await write(other, "It is me again")
        await expect(chat.locator("#log li", has_text="It is me again")).to_have_count(1)
        await other.reload()
        await expect(other.locator(".reference")).to_have_text(reference)

        await chat.get_by_role("button", name="End this link").click()
        await expect(chat.get_by_role("button", name="Copy a link to come back")).to_be_visible()
        third = await found.somebody(PHONE)
        await third.goto(link)
        await third.get_by_role("button", name="Open the conversation").click()
        await expect(third.get_by_role("alert")).to_contain_text("does not work any more")
        await expect(third.get_by_role("button", name="Begin")).to_be_visible()


async def test_the_customer_sees_that_words_have_arrived_and_were_read(tmp_path: Path) -> None:
    async with crew(tmp_path / "data") as found:
        chat = await found.customer()
        await report(chat)
        await write(chat, "Is anyone there?")
        await expect(chat.locator("#log .me .state").last).to_have_text(" · delivered")
        desk = await found.staff("Ana")
        await open_incident(desk, found.muster.url)
        await expect(chat.locator("#log .me .state").last).to_have_text(" · seen by an agent")
