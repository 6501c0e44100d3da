"""How soon Telegram is told that an update is kept: customers write at a steady pace, over long
polling and over the webhook, and beside it the same with one bare row instead of Muster.

The fake Telegram and its people are in this process, `muster run` and the bare one in their own.
"""

import asyncio
import os
import socket
import sys
import time
from asyncio.subprocess import PIPE, Process
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from tests.line.tg_story import SITE
from tests.telegram.deliveries import Hook
from tests.telegram.fake import FakeTelegram

USERS = tuple(range(1_001, 1_041))
RATE = 50
"""Updates a second."""
LONGEST = 60.0
PERSON = "I want a person"
WAYS = ("polling", "webhook")


@dataclass(slots=True)
class Writing:
    """Customers who write to whoever works on their report; `took` are milliseconds."""

    telegram: FakeTelegram
    took: list[float] = field(default_factory=list)

    async def message(self, number: int) -> None:
        """One of them writes; until Telegram was told that it is kept."""
        user, began = USERS[number % len(USERS)], time.perf_counter()
        await self.telegram.says(user, user, f"It is still dark here, number {number}")
        await self.telegram.taken(self.telegram.updates.all[-1], LONGEST)
        self.took.append((time.perf_counter() - began) * 1_000)

    async def steadily(self, seconds: float) -> None:
        """At the rate, whoever is slow."""
        begun = asyncio.get_running_loop().time()
        async with asyncio.TaskGroup() as group:
            for number in range(round(seconds * RATE)):
                at = begun + number / RATE
                await asyncio.sleep(max(0.0, at - asyncio.get_running_loop().time()))
                group.create_task(self.message(number))

    def at(self, share: float) -> float:
        """The time that this share of them took at the most."""
        return sorted(self.took)[min(len(self.took) - 1, int(len(self.took) * share))]


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


async def _muster(folder: Path, telegram: FakeTelegram, way: str) -> Process:
    port = _free_port()
    env = {
        **os.environ,
        "TELEGRAM_BOT_TOKEN": telegram.token,
        "TELEGRAM_API_URL": telegram.api_url,
        "MUSTER_LOG_LEVEL": "error",
    }
    if way == "webhook":
        env["TELEGRAM_WEBHOOK_URL"] = f"http://127.0.0.1:{port}"
    words = ("-m", "bot", "run", "--data", str(folder), "--port", str(port))
    process = await asyncio.create_subprocess_exec(sys.executable, *words, stdout=PIPE, env=env)
    assert process.stdout is not None
    async for line in process.stdout:
        if line.decode().split()[:2] == ["Stop", "with"]:
            return process
    raise RuntimeError("Muster did not start")


async def _bare(folder: Path, telegram: FakeTelegram, way: str) -> Process:
    port, file = _free_port(), folder.with_suffix(".bare")
    url = f"http://127.0.0.1:{port}"
    asked = f"{telegram.api_url}/bot{telegram.token}/getUpdates"
    words = ("-m", "bench.telegram_bare", way, str(file), asked if way == "polling" else url)
    process = await asyncio.create_subprocess_exec(sys.executable, *words)
    if way == "webhook":
        telegram.deliveries.set(Hook(f"{url}/telegram/updates", "bare"))
    return process


async def _talking(telegram: FakeTelegram) -> None:
    """Each of them has reported and asked for a person."""
    for user in USERS:
        await telegram.starts(user, SITE)
    for user in USERS:
        await telegram.until(partial(_is_asked, telegram, user), LONGEST)
        await telegram.taps(user, user, PERSON, wait=False)
    await telegram.settled(LONGEST)


def _is_asked(telegram: FakeTelegram, user: int) -> bool:
    return any(PERSON in each.labels for each in telegram.ours(user))


async def _measured(folder: Path, seconds: float, way: str, bare: bool) -> Writing:
    async with FakeTelegram(pace=False) as telegram:
        for user in USERS:
            telegram.user(user, f"Customer {user}", started=True)
        start = _bare if bare else _muster
        process = await start(folder, telegram, way)
        try:
            if not bare:
                await _talking(telegram)
            first = Writing(telegram)
            for number in range(len(USERS)):
                await first.message(number)
            writing = Writing(telegram)
            await writing.steadily(seconds)
        finally:
            process.terminate()
            await process.wait()
        return writing


async def confirmed(folder: Path, seconds: float) -> dict[str, object]:
    """Milliseconds until an update is confirmed, by the way that it comes."""
    await asyncio.to_thread(folder.mkdir)
    return {f"by {way}": await _by(folder / way, seconds, way) for way in WAYS}


async def _by(folder: Path, seconds: float, way: str) -> dict[str, object]:
    bare = await _measured(folder, seconds, way, bare=True)
    ours = await _measured(folder, seconds, way, bare=False)
    return {
        "updates": len(ours.took),
        "a second": RATE,
        "p50 ms": round(ours.at(0.5), 1),
        "p99 ms": round(ours.at(0.99), 1),
        "slowest ms": round(max(ours.took), 1),
        "one bare row: p50 ms": round(bare.at(0.5), 1),
        "one bare row: p99 ms": round(bare.at(0.99), 1),
        "p50 beside it": round(ours.at(0.5) / bare.at(0.5), 2),
        "p99 beside it": round(ours.at(0.99) / bare.at(0.99), 2),
    }


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory(prefix="muster-bench-") as name:
        found = asyncio.run(confirmed(Path(name) / "telegram", float(sys.argv[1])))
    for key, value in found.items():
        sys.stdout.write(f"{key}: {value}\n")
