"""Photos and files in a browser: chosen, taken out, sent after a failure, seen by the desk."""

from pathlib import Path

from playwright.async_api import FilePayload, Route, expect

from tests.e2e.kit import answer, begin, crew, in_time, needs_browser, open_incident, send, write
from tests.e2e.test_axe import faults
from tests.pictures import HTML, from_a_phone, picture

pytestmark = [needs_browser, in_time]


def chosen(name: str, content: bytes) -> FilePayload:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


async def test_a_photo_goes_with_the_report_and_more_of_them_in_the_conversation(
    tmp_path: Path,
) -> None:
    async with crew(tmp_path / "data") as found:
        found.forgiven = r"net::ERR_|Failed to load resource"
        chat = await found.customer()
        await begin(chat)
        await answer(chat)
        await chat.get_by_role("button", name="Change: Would you like to add").click()
        picker = chat.locator("input[type=file][multiple]")
        await picker.set_input_files(
            [chosen("fuse box.jpg", from_a_phone()), chosen("page.png", HTML)]
        )
        await chat.get_by_role("button", name="Continue").click()
        await expect(chat.locator(".note.error")).to_contain_text("something else")
        assert not await faults(chat, "question")
        await chat.get_by_role("button", name="Remove: page.png").press("Enter")
        await expect(chat.get_by_role("button", name="Add a photo or file")).to_be_focused()
        await chat.get_by_role("button", name="Continue").click()
        await expect(chat.locator("dl.summary")).to_contain_text("fuse box.jpg")
        await send(chat)

        async def broken(route: Route) -> None:
            await route.abort()

        await chat.route("**/chat/file?*", broken)
        await picker.set_input_files(chosen("stairs.png", picture("PNG")))
        await chat.get_by_label("Your message").fill("The stairs")
        await write(chat, "The stairs")
        await expect(chat.locator(".tray-items .note")).to_have_text("not sent")
        await expect(chat.locator("#log li", has_text="The stairs")).to_have_count(1)
        await chat.unroute("**/chat/file?*")
        await chat.get_by_role("button", name="Try again").click()
        shown = chat.locator("#log figure img")
        await expect(shown).to_have_js_property("naturalWidth", 60)
        await expect(chat.locator(".tray-items li")).to_have_count(0)
        assert not await faults(chat, "talk")
        await chat.reload()
        await expect(shown).to_have_js_property("naturalWidth", 60)
        desk = await found.staff("Ana")
        await open_incident(desk, found.muster.url)
        seen = desk.locator(".messages img")
        await expect(seen).to_have_count(2)
        await expect(seen.last).to_have_js_property("naturalWidth", 60)
        await expect(desk.locator(".messages")).to_contain_text("stairs.png")
        assert not await faults(desk, "desk")
