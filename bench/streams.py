"""Many open pages: how soon a change is on the last of them, and what each costs in memory.

Half of the pages are desks, half are chats, each over a connection of its own from another
process. What is timed runs from the press to the changed card's arrival on the last desk.
"""

import asyncio
import json
import re
import time
from dataclasses import dataclass, field
from pathlib import Path

import httpx2

from bench.http import Loaded, begun

CHANGES = 40
LEVELS = ("high", "low")
PATIENCE = 20.0


@dataclass(slots=True)
class Opened:
    """One open stream, and when each of its frames named `line` came."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    lines: list[float] = field(default_factory=list)
    frames: int = 0

    async def follow(self) -> None:
        """Read for as long as it is open."""
        while row := await self.reader.readline():
            if row.startswith(b"event:"):
                self.frames += 1
                if row.startswith(b"event: line"):
                    self.lines.append(time.perf_counter())


async def rates(folder: Path, pages: int) -> dict[str, object]:
    """Percentiles over many changes with `pages` open, and bytes per page."""
    server = await begun(folder, 1)
    try:
        return await _measured(server, pages)
    finally:
        if server.process.stdin is not None:
            server.process.stdin.close()
        await server.process.wait()


async def _measured(server: Loaded, pages: int) -> dict[str, object]:
    url = f"http://127.0.0.1:{server.port}"
    async with httpx2.AsyncClient(base_url=url, headers={"origin": url}) as desk:
        incident = await _staffed(server, desk)
        before = (await server.told("memory"))["bytes"]
        cookie = "; ".join(f"{name}={value}" for name, value in desk.cookies.items())
        desks = [
            await _open(server.port, "/desk/live", f"Cookie: {cookie}") for _ in range(pages // 2)
        ]
        who = f"X-Muster-Visitor: {server.tokens[0]}"
        chats = [await _open(server.port, "/chat/stream", who) for _ in range(pages // 2)]
        following = [asyncio.create_task(one.follow()) for one in (*desks, *chats)]
        await asyncio.sleep(2)
        each = ((await server.told("memory"))["bytes"] - before) / pages
        took = sorted([await _changed(desk, incident, desks, number) for number in range(CHANGES)])
        for task in following:
            task.cancel()
        for one in (*desks, *chats):
            one.writer.close()
    return {
        "open pages": pages,
        "on the last page p50 ms": round(took[len(took) // 2] * 1000),
        "on the last page p95 ms (aim: 150)": round(took[int(len(took) * 0.95)] * 1000),
        "KiB per page (aim: 32)": round(each / 1024, 1),
    }


async def _staffed(server: Loaded, desk: httpx2.AsyncClient) -> str:
    """Somebody with every role is signed in; the incident of the one customer."""
    link = f"/join/{(await server.told('invite'))['token']}"
    fields = dict(
        re.findall(
            r'<input type="hidden" name="(\w+)" value="([^"]*)"', (await desk.get(link)).text
        )
    )
    await desk.post(link, data={**fields, "name": "Ana"})
    wish = {"do": "ask_for_person", "id": "person-00000001"}
    await desk.post("/chat/do", json=wish, headers={"x-muster-visitor": server.tokens[0]})
    for _ in range(100):
        found = re.search(r'data-id="(inc_\w+)"', (await desk.get("/desk")).text)
        if found is not None:
            return found[1]
        await asyncio.sleep(0.05)
    raise RuntimeError("no incident came up on the desk")


async def _open(port: int, path: str, header: str) -> Opened:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{header}\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    if b" 200 " not in head.split(b"\r\n", 1)[0]:
        raise RuntimeError(f"a stream was refused: {head!r}")
    return Opened(reader, writer)


async def _changed(
    desk: httpx2.AsyncClient, incident: str, desks: list[Opened], number: int
) -> float:
    """Seconds from a press until every desk has the changed card."""
    for one in desks:
        one.lines.clear()
    level = LEVELS[number % 2]
    press = {"id": f"bench-{number:08d}", "incident": incident, "impact": level, "urgency": level}
    began = time.perf_counter()
    answer = await desk.post("/do/assess_incident", json=press)
    if answer.json().get("outcome") != "done":
        raise RuntimeError(f"the press was refused: {answer.text}")
    while not all(one.lines for one in desks):
        if time.perf_counter() - began > PATIENCE:
            raise RuntimeError("the change did not come to every page")
        await asyncio.sleep(0.002)
    last = max(one.lines[0] for one in desks)
    await asyncio.sleep(0.2)
    return last - began


if __name__ == "__main__":
    import sys
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        sys.stdout.write(json.dumps(asyncio.run(rates(Path(name), int(sys.argv[1]))), indent=2))
