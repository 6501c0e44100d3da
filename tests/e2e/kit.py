"""The real process and a real browser: started, driven, and listened to for any complaint."""

import asyncio
import json
import os
import re
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Frame,
    Locator,
    Page,
    ViewportSize,
    async_playwright,
    expect,
)

from bot.cli import main
from bot.commands.data import invite
from tests import nursery
from tests.e2e.reporting import reported

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="needs a browser: apt install chromium")
in_time = pytest.mark.timeout(300)
SECONDS = 30
STORY_SECONDS = 240
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1440, "height": 900}
Chat = Page | Frame
"""A chat of its own, or one inside the page of another site."""
OUTAGE = r"net::ERR_|Failed to load resource|ERR_INTERNET_DISCONNECTED"

expect.set_options(timeout=SECONDS * 1000)


@dataclass
class Muster:
    """One `muster run`, on the same data and port whenever it is started again."""

    data: Path
    port: int = 0
    link: str = ""
    said: list[str] = field(default_factory=list)
    process: nursery.Child | None = None
    reading: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        words = ("run", "--port", str(self.port), "--data", str(self.data))
        self.process = await nursery.start(main, words, os.environ)
        async with asyncio.timeout(60):
            while "Stop with" not in (line := await self._line()):
                if found := re.search(r"(http://127\.0\.0\.1:(\d+))/join/(\w+)", line):
                    self.link = found[0]
                if found := re.search(r"http://127\.0\.0\.1:(\d+)/chat", line):
                    self.port = int(found[1])
        self.reading = asyncio.create_task(self._listen())

    async def _line(self) -> str:
        assert self.process is not None
        line = (await self.process.stdout.readline()).decode()
        assert line, "".join(self.said)
        self.said.append(line)
        return line

    async def _listen(self) -> None:
        assert self.process is not None
        while line := await self.process.stdout.readline():
            self.said.append(line.decode())

    async def end(self, by: signal.Signals = signal.SIGTERM) -> int:
        """Send the signal and wait; the exit code."""
        assert self.process is not None
        assert self.reading is not None
        if self.process.returncode is None:
            self.process.send_signal(by)
        async with asyncio.timeout(SECONDS):
            code = await self.process.wait()
        await self.reading
        return code

    async def gone(self) -> None:
        """Whatever became of it, nothing of it is left."""
        if self.process is None:
            return
        if self.process.returncode is None:
            self.process.kill()
        if self.reading is None:
            self.reading = asyncio.create_task(self._listen())
        await self.reading
        await self.process.wait()

    async def invite(self, *roles: str) -> str:
        """A link for somebody else, asked of the running process as the command line does."""
        answer = await invite(self.data, list(roles))
        return f"{self.url}/join/{answer['token']}"

    def faults(self) -> list[str]:
        """Lines that no healthy process writes."""
        return [one for one in self.said if re.search(r"\[(error|critical)|Traceback", one)]


@dataclass
class Crew:
    """Browsers of several people against one process, and all that they complained about."""

    muster: Muster
    browser: Browser
    complaints: list[str] = field(default_factory=list)
    forgiven: str = ""
    contexts: list[BrowserContext] = field(default_factory=list)

    async def somebody(self, viewport: ViewportSize, **more: Any) -> Page:
        """A fresh browser profile with one window."""
        context = await self.browser.new_context(viewport=viewport, **more)
        self.contexts.append(context)
        return await self.window(context)

    async def window(self, context: BrowserContext) -> Page:
        page = await context.new_page()
        page.set_default_timeout(SECONDS * 1000)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        page.on("dialog", lambda dialog: self.complaints.append(f"dialog: {dialog.message}"))
        return page

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.type}: {message.text}")

    async def customer(self, **more: Any) -> Page:
        page = await self.somebody(**{"viewport": PHONE, **more})
        await page.goto(f"{self.muster.url}/chat")
        return page

    async def reported(self, what: str = "The lights went out") -> str:
        """A customer of whom only the report matters: no window; the token of their chat."""
        return await reported(self.muster.url, what)

    async def reporter(self, what: str = "The lights went out") -> Page:
        """A customer who has reported, with the chat open."""
        token = {"name": "muster.visitor", "value": json.dumps(await self.reported(what))}
        origin = {"origin": self.muster.url, "localStorage": [token]}
        return await self.customer(storage_state={"cookies": [], "origins": [origin]})

    async def staff(self, name: str, *roles: str, viewport: ViewportSize | None = None) -> Page:
        """Somebody who joined; the very first one by the link that was printed."""
        link = await self.muster.invite(*roles) if roles else self.muster.link
        page = await self.somebody(viewport or DESK)
        await page.goto(link)
        await page.get_by_label("Your name").fill(name)
        await follow(page, page.get_by_role("button", name="Join"))
        assert page.url == f"{self.muster.url}/"
        return page

    def at_peace(self) -> None:
        """Nobody complained, neither a browser nor the process."""
        rest = [one for one in self.complaints if not re.search(self.forgiven or "^$", one)]
        # Together, since what a page complains of is explained by what the process said.
        assert not [*rest, *self.muster.faults()], [*rest[:5], *self.muster.faults()]


@asynccontextmanager
async def a_browser() -> AsyncIterator[Browser]:
    """One chromium, with room for the profiles of many people."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        await browser.close()


class OneBrowser:
    """The browser of this worker, started by the first test that needs it."""

    def __init__(self) -> None:
        self._open = AsyncExitStack()
        self._browser: Browser | None = None

    async def get(self) -> Browser:
        """A running one, without a profile left of those before."""
        if self._browser is not None and not self._browser.is_connected():
            await self.close()
        if self._browser is None:
            self._browser = await self._open.enter_async_context(a_browser())
        assert not self._browser.contexts, "a test has left its windows open"
        return self._browser

    async def close(self) -> None:
        """For good, or until it is asked for again."""
        self._browser = None
        await self._open.aclose()


house_browser = OneBrowser()


@asynccontextmanager
async def crew(data: Path, seconds: float = STORY_SECONDS) -> AsyncIterator[Crew]:
    """A running Muster on `data` and a browser; at the end nobody must have complained."""
    async with crew_in(await house_browser.get(), data, seconds) as found:
        yield found


@asynccontextmanager
async def crew_in(browser: Browser, data: Path, seconds: float) -> AsyncIterator[Crew]:
    """The same in a browser in which there may be others."""
    muster = Muster(data)
    try:
        await muster.start()
        async with asyncio.timeout(seconds):
            found = Crew(muster, browser)
            try:
                yield found
            finally:
                for one in found.contexts:
                    await one.close()
            found.at_peace()
    finally:
        await muster.gone()


# --- what everybody does -----------------------------------------------------------------------


async def follow(page: Page, what: Locator) -> None:
    """Press what leads to another page, and wait until that page's scripts work.

    A press before that does what it does without scripts, and words typed into the page that is
    being left are lost: people see where they are, a test does not.
    """
    async with page.expect_navigation():
        await what.click()


# --- what customers do -------------------------------------------------------------------------


async def begin(chat: Chat) -> None:
    await chat.get_by_role("button", name="Begin").click()
    await expect(chat.get_by_role("group", name="First of all")).to_be_visible()


async def answer(chat: Chat, what: str = "The lights went out") -> None:
    """Answer the questions of a power outage as they come, up to the summary."""
    await chat.get_by_role("button", name="No, everyone is safe").click()
    await chat.get_by_role("button", name="Something is broken or wrong").click()
    await chat.get_by_role("textbox", name="What has happened").fill(what)
    await chat.get_by_role("button", name="Continue").click()
    await chat.get_by_role("button", name="Power outage").click()
    await chat.get_by_role("button", name="A whole floor or flat").click()
    for label in ("None of these", "Nothing of that kind"):
        await chat.get_by_label(label).check()
        await chat.get_by_role("button", name="Continue").click()
        await expect(chat.get_by_label(label)).to_have_count(0)
    while True:
        skip = chat.get_by_role("button", name="Skip this question")
        where = chat.get_by_role("textbox", name="Where is it?")
        summary = chat.get_by_role("heading", name="Is this right?")
        await expect(skip.or_(where).or_(summary).first).to_be_visible()
        if await summary.is_visible():
            return
        question = await chat.locator("legend").inner_text()
        if await where.is_visible():
            await where.fill("Main street 5")
            await chat.get_by_role("button", name="Continue").click()
        else:
            await skip.click()
        await expect(chat.locator("legend", has_text=question)).to_have_count(0)


async def send(chat: Chat) -> str:
    """Send the report; its reference."""
    await chat.get_by_role("button", name="Send the report").click()
    await expect(chat.locator(".reference")).to_be_visible()
    return await chat.locator(".reference").inner_text()


async def report(chat: Chat, what: str = "The lights went out") -> str:
    """The whole way; the reference."""
    await begin(chat)
    await answer(chat, what)
    return await send(chat)


async def write(chat: Chat, words: str) -> None:
    await chat.get_by_label("Your message").fill(words)
    await chat.get_by_role("button", name="Send", exact=True).click()


# --- what the staff does -----------------------------------------------------------------------


async def open_incident(desk: Page, url: str) -> None:
    """From the board to the page of its first incident."""
    await desk.goto(f"{url}/desk")
    await follow(desk, desk.locator("article.line[data-kind=incident] a").first)
    await expect(desk.get_by_role("heading", name="What we know")).to_be_visible()


async def act(desk: Page, action: str, submit: str, **fields: str) -> None:
    """Open an action, fill it in by its labels, send it."""
    await desk.locator("summary", has_text=action).first.click()
    form = desk.locator("details[open] > form")
    for label, words in fields.items():
        await form.get_by_label(label.replace("_", " ")).fill(words)
    await form.get_by_role("button", name=submit).click()


async def status_is(desk: Page, words: str) -> None:
    await expect(desk.locator("h1 .badge.status")).to_have_text(words)
