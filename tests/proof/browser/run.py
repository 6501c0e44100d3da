"""The line in both languages under every fault, each beside the same line undisturbed."""

import asyncio
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.async_api import Browser
from playwright.async_api import Error as Trouble

from bot.core.report_words import MessagesSeen
from tests.e2e.kit import OUTAGE, a_browser, crew_in
from tests.proof.browser import faults
from tests.proof.browser.faults import Fault, different
from tests.proof.browser.line import LINE, Step
from tests.proof.browser.people import Four, four
from tests.proof.http.stopped import differences, picture

LONGEST = 1_800
NAMES = {"en": "English", "ru": "Russian"}
SAME = "every page as it should be, every press once"
Plan = Callable[[int], Fault]
Say = Callable[[str], None]
Shots = dict[str, dict[str, str]]


@dataclass
class Pass:
    """One telling of the line: what every page showed after each step, what is in the log."""

    language: str
    fault: str
    wanted: Shots | None = None
    settle: bool = False
    seconds: float = 0
    steps: int = 0
    shots: Shots = field(default_factory=dict)
    left: dict[str, Any] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{NAMES[self.language]}, {self.fault}"

    @property
    def line(self) -> str:
        how = f"{len(self.wrong)} WRONG: {self.wrong[:3]}" if self.wrong else SAME
        return f"{self.name}: {self.steps} of {len(LINE)} steps, {how} ({self.seconds:.0f} s)"


def silent(line: str) -> None:
    """Nobody asked how far it is."""


def events(left: dict[str, Any]) -> dict[str, list[str]]:
    """By stream; how often somebody looked depends on when pages came back, and harms nobody."""
    found: dict[str, list[str]] = left["events"]
    return {
        stream: [one for one in tags if one != MessagesSeen.tag] for stream, tags in found.items()
    }


def once(left: dict[str, Any]) -> list[str]:
    """Presses whose event is not in the log exactly as often as they were made."""
    meant = Counter(tag for step in LINE for tag in step.once)
    found = Counter(tag for tags in left["events"].values() for tag in tags)
    return [
        f"{tag}: {found[tag]} times in the log, pressed {many} times"
        for tag, many in meant.items()
        if found[tag] != many
    ]


async def told(
    browser: Browser,
    folder: Path,
    language: str,
    name: str,
    plan: Plan,
    *,
    wanted: Shots | None = None,
    settle: bool = False,
    say: Say = silent,
) -> Pass:
    """Tell the line once; `wanted` are the pages of an undisturbed one, `settle` takes such.

    What cannot be gone on from is noted, too, and ends the line.
    """
    found = Pass(language, name, wanted=wanted, settle=settle)
    began = time.monotonic()
    try:
        await _told(browser, folder, found, plan, say)
    except (AssertionError, Trouble, TimeoutError) as trouble:
        found.wrong.append(f"after {found.steps} steps: {str(trouble)[:1_500]}")
    if found.steps == len(LINE):
        found.left = await picture(folder)
        found.wrong += once(found.left)
    found.seconds = time.monotonic() - began
    say(found.line)
    return found


async def _told(browser: Browser, folder: Path, found: Pass, plan: Plan, say: Say) -> None:
    async with crew_in(browser, folder, LONGEST) as people:
        people.forgiven = OUTAGE
        us = await four(people, found.language)
        for number, step in enumerate(LINE):
            say(f"{found.name}: {number + 1} of {len(LINE)}, the {step.who} {step.name}")
            await _step(us, found, step, plan(number))
            found.steps += 1
        for page in us.pages.values():
            await page.close()
        assert await us.muster.end() == 0


async def _step(us: Four, found: Pass, step: Step, fault: Fault) -> None:
    button = await step.press(us)
    await fault(us, step, button)
    await faults.answered(us, step, button)
    await step.then(us)
    await us.connected()
    if found.settle:
        found.shots[step.name] = await us.settled()
    if found.wanted:
        wanted = found.wanted[step.name]
        found.wrong += different(wanted, await us.like(wanted), step.name)


def plans(hurry: bool = False) -> dict[str, Plan]:
    """Each fault at every step."""
    ends = (signal.SIGTERM, signal.SIGKILL)
    return {
        "every page loaded again": lambda number: faults.reload,
        "the network gone with the press": lambda number: faults.lost(keeps_answer=False),
        "the network gone with the answer": lambda number: faults.lost(keeps_answer=True),
        "restarted, SIGTERM and SIGKILL in turn": lambda number: faults.restarted(
            ends[number % 2], hurry
        ),
    }


def in_turn(number: int) -> Fault:
    """One fault per step; what takes long comes less often."""
    again, press, answer, restart = plans(hurry=True).values()
    turns = (again, press, answer, restart, answer, press, answer, press)
    return turns[number % len(turns)](number // len(turns))


def compared(plain: Pass, found: Pass) -> None:
    """Note what the disturbed line left otherwise than the undisturbed one."""
    found.wrong += differences(events(plain.left), events(found.left), "log")
    found.wrong += differences(plain.left["letters"], found.left["letters"], "letters")


async def prove(browser: Browser, folder: Path, language: str, say: Say) -> list[Pass]:
    """Every step under every fault."""
    place = folder / language
    plain = await told(browser, place, language, "undisturbed", undisturbed, settle=True, say=say)
    results = [plain]
    for number, (name, plan) in enumerate(plans().items()):
        place = folder / f"{language}{number}"
        found = await told(browser, place, language, name, plan, wanted=plain.shots, say=say)
        if plain.left and found.left:
            compared(plain, found)
        results.append(found)
    return results


def undisturbed(number: int) -> Fault:
    return faults.nothing


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


async def shown(folder: Path, full: bool) -> tuple[bool, list[str]]:
    """Whether it holds, and what to publish of it."""
    async with a_browser() as browser:
        if full:
            both = [prove(browser, folder, language, _say) for language in NAMES]
            results = [one for each in await asyncio.gather(*both) for one in each]
        else:
            place = folder / "data"
            results = [await told(browser, place, "en", "one fault a step", in_turn, say=_say)]
    presses = sum(one.steps for one in results)
    whole = (
        f"customer, agent, resource and a reader of the status page, 390 px wide, in four profiles "
        f"of one chromium against `muster run`: {len(LINE)} presses from the notice to the "
        f"transcript, {presses} in all; after each, with nothing loaded anew by hand, all four "
        "pages show what they show when nothing happens, and nobody's browser or log complains"
    )
    ended = (
        "in the end the log holds the undisturbed events, each once, and the letters are the same"
    )
    return not any(one.wrong for one in results), [whole, ended, *(one.line for one in results)]
