"""`./dev pictures`: the demonstration in a real browser, and pictures of its pages.

Written to `docs/pictures`, in few colours so that each is small. What is on them changes with
each run, since times and references do.
"""

import asyncio
import io
import os
import re
import sys
import tempfile
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.e2e.kit import a_browser, begin
from tests.tidy import ROOT

FOLDER = ROOT / "docs" / "pictures"
WIDE: ViewportSize = {"width": 1280, "height": 800}
TALL: ViewportSize = {"width": 1280, "height": 1000}
PHONE: ViewportSize = {"width": 390, "height": 780}
COLOURS = 128
BYTES_MOST = 150_000
SECONDS = 120
PLAYED = "at the pace of the clock"
LINK = re.compile(r"http://127\.0\.0\.1:\d+/\S+")
Scheme = Literal["light", "dark"]
Links = dict[str, str]


@asynccontextmanager
async def demonstration(folder: Path) -> AsyncIterator[Links]:
    """A running one whose shift so far has been played: where each part begins.

    The parts are `agent`, `resource`, `status` and `waiting`, a customer's own conversation.
    """
    command = ("-m", "bot", "run", "--demo", "--port", "0", "--data", str(folder / "demo"))
    told = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, cwd=ROOT, stdout=PIPE, stderr=STDOUT, env=told
    )
    assert process.stdout is not None
    links: Links = {}
    try:
        async with asyncio.timeout(SECONDS):
            line = ""
            while PLAYED not in line:
                line = (await process.stdout.readline()).decode()
                assert line, "the demonstration ended"
                links |= {link.rpartition("/")[2]: link for link in LINK.findall(line)}
        yield links
    finally:
        process.terminate()
        await process.communicate()


async def opened(browser: Browser, link: str, size: ViewportSize) -> Page:
    """Somebody with a browser of their own."""
    context = await browser.new_context(viewport=size, locale="en-GB")
    page = await context.new_page()
    await page.goto(link)
    return page


async def keep(page: Page, name: str, scheme: Scheme = "light") -> None:
    """One picture of what is on the screen now, without a caret or a pointer in it."""
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    await page.mouse.move(0, 0)
    await expect(page.locator(".toast:visible")).to_have_count(0)
    shot = await page.screenshot(animations="disabled", caret="hide")
    out = io.BytesIO()
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)
    assert len(out.getvalue()) < BYTES_MOST, (name, len(out.getvalue()))
    (FOLDER / f"{name}.png").write_bytes(out.getvalue())
    print(f"docs/pictures/{name}.png: {len(out.getvalue()) // 1000} kB")


async def desk(browser: Browser, links: Links) -> None:
    """The board by day and by night, and the incident on top of it."""
    page = await opened(browser, links["agent"], WIDE)
    lines = page.locator("article.line[data-kind=incident]")
    await expect(lines.nth(2)).to_be_visible()
    await keep(page, "desk")
    await keep(page, "desk-dark", "dark")
    await page.set_viewport_size(TALL)
    await lines.first.locator("a").click()
    await expect(page.get_by_role("heading", name="What we know")).to_be_visible()
    await keep(page, "incident")


async def chat(browser: Browser, links: Links) -> None:
    """The first question, and how it goes on for somebody who waits for help."""
    fresh = await opened(browser, links["chat"], PHONE)
    await begin(fresh)
    await keep(fresh, "chat-begins")
    page = await opened(browser, links["waiting"], PHONE)
    await page.get_by_role("button", name="Open the conversation").click()
    await expect(page.locator(".bubble.desk").last).to_be_visible()
    await page.locator(".bubble.desk").last.evaluate("one => one.scrollIntoView({block: 'end'})")
    await keep(page, "chat")


async def card(browser: Browser, name: str, height: int) -> None:
    """An incident's card in a chat by day and by night, from the page that shows all of them."""
    page = await opened(browser, (ROOT / "docs" / f"gallery-{name}.html").as_uri(), WIDE)
    title = page.locator("h3", has_text="Card: incident, people on the way")
    box = await title.bounding_box()
    assert box is not None
    await page.set_viewport_size({"width": 1280, "height": height})
    await page.evaluate("y => window.scrollTo(0, y)", box["y"])
    await keep(page, name)


async def take() -> None:
    """All of them anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        async with demonstration(Path(folder)) as links, a_browser() as browser:
            await desk(browser, links)
            await chat(browser, links)
            await card(browser, "slack", 640)
            await card(browser, "telegram", 780)
            tasks = await opened(browser, links["resource"], PHONE)
            await expect(tasks.get_by_role("button", name="15 minutes").first).to_be_visible()
            await keep(tasks, "tasks")
            status = await opened(browser, links["status"], WIDE)
            await expect(status.get_by_text("Next update by").first).to_be_visible()
            await keep(status, "status")


if __name__ == "__main__":
    asyncio.run(take())
