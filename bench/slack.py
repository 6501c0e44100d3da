"""How soon Slack is answered: people press and send forms at a steady pace, over signed HTTP and
over a socket.

Half of what they do opens a form, half is a command that is on disk before it is acknowledged.
The fake Slack and its people are in this process, `muster run` in one of its own.
"""

import asyncio
import os
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Awaitable
from dataclasses import dataclass, field
from pathlib import Path

from tests.slack.fake import APP_TOKEN, BOT_TOKEN, SECRET, FakeSlack
from tests.slack.state import Message

TEAM = "C1"
USERS = tuple(f"U{number}" for number in range(1, 41))
INCIDENTS = 5
RATE = 50
"""Interactions a second."""
AIM_MS = 500
LONGEST = 60.0


@dataclass(slots=True)
class Pressing:
    """People who write notes on a few incidents; `took` are milliseconds until Slack was answered.

    What nobody acknowledged in time counts as `lost`.
    """

    slack: FakeSlack
    cards: list[Message]
    took: list[float] = field(default_factory=list)
    lost: int = 0

    async def note(self, number: int) -> None:
        """One person opens the form of a note, and sends it."""
        user, card = USERS[number % len(USERS)], self.cards[number % len(self.cards)]
        await self._timed(self.slack.presses(user, card, "Note"))
        await self.slack.until(lambda: self.slack.view(user), LONGEST)
        given = {"q.words": f"Note {number}"}
        await self._timed(self.slack.submits(user, None, given))

    async def _timed(self, doing: Awaitable[object]) -> None:
        began = time.perf_counter()
        told = await doing
        self.took.append((time.perf_counter() - began) * 1_000)
        self.lost += not getattr(told, "ok", False)

    async def steadily(self, seconds: float) -> None:
        """At the rate, whoever is slow."""
        begun = asyncio.get_running_loop().time()
        async with asyncio.TaskGroup() as group:
            for number in range(round(seconds * RATE / 2)):
                at = begun + number * 2 / RATE
                await asyncio.sleep(max(0.0, at - asyncio.get_running_loop().time()))
                group.create_task(self.note(number))


async def _opened(slack: FakeSlack, number: int) -> Message:
    """An incident made of a message; its card."""
    words = f"The light went out in hall {number}"
    await slack.says(USERS[0], TEAM, words)
    said = next(one for one in slack.messages(TEAM) if one.text == words)
    await slack.message_shortcut(USERS[0], said, "incident")
    await slack.until(lambda: slack.view(USERS[0]), LONGEST)
    await slack.submits(USERS[0], None, {"q.category": "Power outage"})

    def card() -> Message | None:
        every = (one for one in slack.messages(TEAM) if "bot_id" in one.body)
        return next((one for one in every if words in slack.reads(one)), None)

    return await slack.until(card, LONGEST)


WAYS = {"HTTP": ("SLACK_SIGNING_SECRET", SECRET), "a socket": ("SLACK_APP_TOKEN", APP_TOKEN)}


async def _started(folder: Path, slack: FakeSlack, way: str) -> Process:
    """`muster run` on this folder, connected with the fake."""
    name, key = WAYS[way]
    env = {
        **os.environ,
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        name: key,
        "SLACK_API_URL": slack.api_url,
        "MUSTER_PLACES": f"triage=slack:{TEAM} it_desk=slack:{TEAM}",
        "MUSTER_LOG_LEVEL": "error",
    }
    words = ("-m", "bot", "run", "--data", str(folder), "--port", "0")
    process = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=PIPE, env=env)
    assert process.stdout is not None
    async for line in process.stdout:
        said = line.decode().split()
        if said and said[0].endswith("/chat") and way == "HTTP":
            slack.app_url = said[0].removesuffix("/chat") + "/slack/events"
        elif said[:2] == ["Stop", "with"]:
            if way != "HTTP":
                await slack.until(lambda: bool(slack.sockets.sockets), LONGEST)
            return process
    raise RuntimeError("Muster did not start")


async def acknowledged(folder: Path, seconds: float) -> dict[str, object]:
    """Milliseconds until interactions are acknowledged, by the way that they come."""
    found: dict[str, object] = {}
    for number, way in enumerate(WAYS):
        found[f"over {way}"] = await _by(folder / str(number), seconds, way)
    return found


async def _by(folder: Path, seconds: float, way: str) -> dict[str, object]:
    async with FakeSlack(pace=False) as slack:
        for user in USERS:
            slack.user(user)
        slack.channel(TEAM, members=USERS)
        process = await _started(folder, slack, way)
        try:
            cards = [await _opened(slack, number) for number in range(INCIDENTS)]
            first = Pressing(slack, cards)
            for number in range(len(USERS)):
                await first.note(number)
            pressing = Pressing(slack, cards)
            await pressing.steadily(seconds)
        finally:
            process.terminate()
            await process.wait()
    took = sorted(pressing.took)
    return {
        "interactions": len(took),
        "a second": RATE,
        "p50 ms": round(took[len(took) // 2], 1),
        f"p99 ms (aim: under {AIM_MS})": round(took[len(took) * 99 // 100], 1),
        "slowest ms": round(took[-1], 1),
        "not acknowledged in time": pressing.lost,
        "the first press of each person, p50 ms": round(sorted(first.took)[len(USERS)], 1),
    }
