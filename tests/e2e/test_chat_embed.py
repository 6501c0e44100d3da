"""The chat inside the page of another site: one line, a strict foreign policy, a real browser."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Frame, Page, expect

from tests.e2e.kit import Crew, answer, begin, crew, in_time, needs_browser, report, send, write

pytestmark = [needs_browser, in_time]

FORGETFUL = """
if (self !== top) {
  const refused = () => { throw new DOMException("refused", "SecurityError"); };
  Object.defineProperty(window, "localStorage", { get: refused });
  navigator.locks.request = async () => refused();
}
"""


class Site:
    """A page of somebody else that allows nothing but the house's script and frame."""

    def __init__(self) -> None:
        self.house = ""
        self.port = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        path = (await reader.readuntil(b"\r\n\r\n")).split()[1]
        body = (
            '<!doctype html><html lang="en"><title>Elm Street School</title>'
            '<link rel="icon" href="data:,"><h1>Welcome to our school</h1>'
            f'<script src="{self.house}/static/embed.js" async></script></html>'
        ).encode()
        policy = f"default-src 'none'; script-src {self.house}; frame-src {self.house}"
        head = (
            f"HTTP/1.1 {'200 OK' if path == b'/' else '404 Not Found'}\r\n"
            "content-type: text/html; charset=utf-8\r\n"
            f"content-security-policy: {policy}; img-src data:\r\n"
            f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        writer.write(head.encode() + body)
        await writer.drain()
        writer.close()


@asynccontextmanager
async def site() -> AsyncIterator[Site]:
    found = Site()
    server = await asyncio.start_server(found.serve, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    async with server:
        yield found


@asynccontextmanager
async def embedded(
    folder: Path, patch: pytest.MonkeyPatch, allowed: bool = True
) -> AsyncIterator[tuple[Crew, Site]]:
    """A house that lets one site show its chat, and that site."""
    async with site() as found:
        patch.setenv("MUSTER_EMBED", found.url if allowed else "https://www.example.org")
        async with crew(folder / "data") as people:
            found.house = people.muster.url
            yield people, found


async def visit(people: Crew, found: Site, script: str = "") -> Page:
    page = await people.somebody({"width": 390, "height": 844})
    if script:
        await page.add_init_script(script)
    await page.goto(found.url)
    return page


async def opened(page: Page) -> Frame:
    """Press the button; what is in the frame."""
    await page.get_by_role("button", name="Report a problem").click()
    element = await page.locator("iframe").element_handle()
    assert element is not None
    frame = await element.content_frame()
    assert frame is not None
    await expect(frame.locator("#composer")).to_be_attached()
    return frame


async def test_the_whole_report_is_made_inside_a_strict_foreign_page_and_survives_a_reload(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with embedded(tmp_path, monkeypatch) as (people, found):
        page = await visit(people, found)
        chat = await opened(page)
        reference = await report(chat)
        await write(chat, "Hello from the school")
        await expect(chat.locator("#log li:not(.unsent)", has_text="Hello from")).to_have_count(1)
        await page.reload()
        chat = await opened(page)
        await expect(chat.locator(".reference")).to_have_text(reference)
        await expect(chat.locator("#log li", has_text="Hello from")).to_have_count(1)
        await expect(chat.locator("#forgets")).to_have_text("")
        async with page.expect_download() as download:
            await chat.get_by_role("button", name="Save the conversation").click()
        saved = await (await download.value).path()
        assert "Hello from the school" in saved.read_text(encoding="utf-8")


async def test_the_button_opens_and_closes_it_by_keyboard_and_the_focus_goes_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with embedded(tmp_path, monkeypatch) as (people, found):
        page = await visit(people, found)
        button = page.get_by_role("button")
        await expect(button).to_have_accessible_name("Report a problem")
        await expect(button).to_have_attribute("aria-expanded", "false")
        await expect(page.locator("iframe")).to_be_hidden()
        await page.keyboard.press("Tab")
        await expect(button).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(button).to_have_attribute("aria-expanded", "true")
        await expect(page.locator("iframe")).to_be_focused()
        await expect(page.get_by_title("Report a problem")).to_be_visible()
        chat = page.frames[1]
        await expect(chat.get_by_role("button", name="Begin")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(page.locator("iframe")).to_be_hidden()
        await expect(button).to_be_focused()
        await expect(button).to_have_attribute("aria-expanded", "false")
        await page.keyboard.press("Enter")
        await expect(chat.get_by_role("button", name="Begin")).to_be_visible()
        await page.get_by_role("button", name="Close the chat").focus()
        await page.keyboard.press("Escape")
        await expect(page.locator("iframe")).to_be_hidden()


async def test_nothing_of_the_house_is_left_when_the_site_is_not_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with embedded(tmp_path, monkeypatch, allowed=False) as (people, found):
        people.forgiven = "frame-ancestors"
        page = await visit(people, found)
        await page.get_by_role("button", name="Report a problem").click()
        await expect(page.locator("iframe")).to_be_visible()
        async with asyncio.timeout(30):
            while not any("frame-ancestors" in one for one in people.complaints):
                await page.evaluate("new Promise(requestAnimationFrame)")
        assert not any(one.url.startswith(people.muster.url) for one in page.frames)


async def test_a_browser_that_keeps_nothing_is_told_so_and_can_still_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with embedded(tmp_path, monkeypatch) as (people, found):
        page = await visit(people, found, FORGETFUL)
        chat = await opened(page)
        await expect(chat.locator("#forgets")).to_contain_text("lasts until you leave")
        await begin(chat)
        await answer(chat)
        await send(chat)
        await write(chat, "Remember me")
        await expect(chat.locator("#log li:not(.unsent)", has_text="Remember me")).to_have_count(1)


async def test_many_windows_of_one_browser_hold_one_stream(tmp_path: Path) -> None:
    async with crew(tmp_path / "data") as people:
        first = await people.customer()
        await begin(first)
        opened: list[str] = []
        first.context.on(
            "request", lambda one: opened.append(one.url) if "/stream" in one.url else None
        )
        windows = [await people.window(first.context) for _ in range(3)]
        for one in windows:
            await one.goto(f"{people.muster.url}/chat")
            await expect(one.get_by_role("group", name="First of all")).to_be_visible()
        await first.get_by_role("button", name="No, everyone is safe").click()
        for one in windows:
            await expect(one.get_by_role("group", name="What can we do")).to_be_visible()
        metrics = await first.context.request.get(f"{people.muster.url}/metrics")
        assert "muster_open_streams 1.0" in await metrics.text()
        await windows[-1].close()
        await first.get_by_role("button", name="Back").click()
        safe = windows[0].get_by_role("button", name="No, everyone is safe")
        await expect(safe).to_be_visible()
