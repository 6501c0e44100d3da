"""The status page on its worst day: many incidents, and everybody looks at once.

What everybody reads is made once after a change and given out many times; here is what the
first reader costs beside each of those who follow, and what it costs to say that nothing is new.
"""

import time
from dataclasses import dataclass
from pathlib import Path

from starlette.types import ASGIApp, Message, Scope

from bench.house import Measured
from bot.core.calendar import MINUTE
from bot.core.ids import StreamId
from bot.core.incident_commands import OpenIncident, PublishUpdate
from bot.pages.app import build_app
from bot.store.sqlite.store import SqliteStore
from bot.wiring import House

INCIDENTS = 40
PATHS = ("/status", "/status.json", "/status/feed.atom")
EACH = 100
"""Readers of one address, which is fewer than one address may have."""


@dataclass(slots=True)
class Crowd:
    """Everybody who looks, and whoever publishes."""

    staff: Measured
    app: ASGIApp
    incident: StreamId
    readers: int
    looks: int = 0

    async def look(self, path: str, mark: str = "") -> tuple[float, str]:
        """Seconds that one reader's look takes, and the mark of what they got."""
        found = ""

        async def send(message: Message) -> None:
            nonlocal found
            if message["type"] == "http.response.start":
                if message["status"] not in (200, 304):
                    raise RuntimeError(f"{path} was answered with {message['status']}")
                found = dict(message["headers"])[b"etag"].decode()

        self.looks += 1
        house = self.looks // EACH
        scope = _scope(path, f"198.51.{house // 256}.{house % 256}", mark)
        began = time.perf_counter()
        await self.app(scope, _nothing, send)
        return time.perf_counter() - began, found

    async def publish(self) -> None:
        """Something changed for everybody."""
        update = PublishUpdate(
            incident=self.incident,
            words="An electrician is on the way to the main switch.",
            audience="public",
            next_by=self.staff.machine.engine.clock.now() + 30 * MINUTE,
        )
        answer = await self.staff.staff(update)
        if answer.outcome != "done":
            raise RuntimeError(f"nothing was published: {answer.code}")

    async def page(self, path: str) -> dict[str, object]:
        """What the first look after a change costs, and each of the others."""
        firsts = []
        for _ in range(5):
            await self.publish()
            firsts.append((await self.look(path))[0])
        first = sorted(firsts)[2]
        whole = [await self.look(path) for _ in range(self.readers)]
        again = [await self.look(path, whole[0][1]) for _ in range(self.readers)]
        each = sum(took for took, _ in whole) / self.readers
        same = sum(took for took, _ in again) / self.readers
        return {
            "first look after a change ms": round(first * 1000, 2),
            "each other look us": round(each * 1e6),
            "that nothing is new us": round(same * 1e6),
            "first look beside the others": round(first / each, 1),
            "10,000 readers in seconds": round(each * 10_000, 1),
        }


async def _nothing() -> Message:
    return {"type": "http.request", "body": b"", "more_body": False}


def _scope(path: str, address: str, mark: str) -> Scope:
    headers = [(b"host", b"127.0.0.1:8080"), (b"accept-language", b"en")]
    if mark:
        headers.append((b"if-none-match", mark.encode()))
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": headers,
        "client": (address, 1),
        "server": ("127.0.0.1", 8080),
        "state": {},
    }


async def costs(folder: Path, readers: int) -> dict[str, object]:
    """Each page on its worst day."""
    house = House(folder, "http://127.0.0.1:8080")
    await house.open()
    await house.start()
    try:
        assert isinstance(house.store, SqliteStore)
        staff = Measured(house.machine, house.store, house.folder)
        await staff.hire(staff.agent.opaque)
        for _ in range(INCIDENTS):
            await staff.staff(OpenIncident(report=None, category="power"))
        rows = await house.store.select("incidents", {"ended": 0}, limit=INCIDENTS)
        crowd = Crowd(staff, build_app(house), "", readers)
        for row in rows:
            crowd.incident = str(row["incident"])
            await crowd.publish()
        return {path: await crowd.page(path) for path in PATHS}
    finally:
        await house.stop()
