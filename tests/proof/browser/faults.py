"""What happens to the world in the middle of a press, and what a person does about it."""

import asyncio
import signal
from collections.abc import Awaitable, Callable

from playwright.async_api import Locator, Route, expect
from playwright.async_api import TimeoutError as Late

from tests.e2e.kit import SECONDS
from tests.proof.browser.line import Step
from tests.proof.browser.people import SENT, Four

Fault = Callable[[Four, Step, Locator], Awaitable[None]]
ASIDE = ("/chat/typing", "/desk/typing", "mark_seen")
READ = "/chat/transcript"
SHORT = 3_000


async def nothing(us: Four, step: Step, button: Locator) -> None:
    """Pressed, and that is all."""
    await button.click()


async def reload(us: Four, step: Step, button: Locator) -> None:
    """The customer reloads at once, the staff once it is done; then everybody else."""
    await button.click()
    if step.at_once:
        await us.customer.reload()
    else:
        await answered(us, step, button)
        await step.then(us)
    stood = await us.settled() if not step.at_once else None
    await asyncio.gather(*(page.reload() for page in us.pages.values()))
    if stood is not None:
        assert not (found := different(stood, await us.like(stood), "reloaded")), found


def different(wanted: dict[str, str], shown: dict[str, str], when: str) -> list[str]:
    """Which pages show something else, and what."""
    found = []
    for who, text in wanted.items():
        if shown[who] != text:
            less = [one for one in text.split("\n") if one not in shown[who].split("\n")]
            more = [one for one in shown[who].split("\n") if one not in text.split("\n")]
            found.append(f"{when}: the page of the {who} misses {less} and has {more}")
    return found


def lost(keeps_answer: bool) -> Fault:
    """The network goes with the request, or with its answer when that had been carried out."""

    async def fault(us: Four, step: Step, button: Locator) -> None:
        context = us.pages[step.who].context
        gone = asyncio.Event()

        async def cut(route: Route) -> None:
            asked = route.request
            said = (asked.post_data_buffer or b"")[:2_000].decode(errors="replace")
            aside = any(one in asked.url or one in said for one in ASIDE)
            meant = not aside and (asked.method == "POST" or READ in asked.url)
            if gone.is_set() or not meant:
                await route.fallback()
                return
            if keeps_answer:
                await route.fetch()
            await context.set_offline(True)
            await route.abort("internetdisconnected")
            gone.set()

        await context.route("**/*", cut)
        await button.click()
        async with asyncio.timeout(SECONDS):
            await gone.wait()
        await expect(us.pages[step.who].locator("form[aria-busy]")).to_have_count(0)
        await context.unroute("**/*", cut)
        await context.set_offline(False)

    return fault


def restarted(by: signal.Signals, hurry: bool) -> Fault:
    """The server ends right after the press and comes back. In a hurry pages look at once."""

    async def fault(us: Four, step: Step, button: Locator) -> None:
        await button.click(no_wait_after=True)
        code = await us.muster.end(by)
        assert code == (0 if by == signal.SIGTERM else -by), code
        await us.muster.start()
        if hurry:
            for page in us.pages.values():
                await page.evaluate("dispatchEvent(new Event('online'))")

    return fault


async def answered(us: Four, step: Step, button: Locator) -> None:
    """What was pressed has been answered; whoever is told that it was not presses again."""
    page = us.pages[step.who]
    if step.who == "customer":
        await page.evaluate(SENT)
    await expect(page.locator("form[aria-busy]")).to_have_count(0)
    trouble = page.locator("form .answer.error:visible").filter(has_text=".")
    if await trouble.count():
        try:
            await button.click(timeout=SHORT)
        except Late:
            return  # it is done and there is nothing to be pressed any more
        await expect(page.locator("form[aria-busy]")).to_have_count(0)
