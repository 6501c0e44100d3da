"""Through HTTP to the durable answer: the real pages, loaded by wrk from another process.

Without wrk a small client of our own makes the load, which is then the limit; the figure
says so.
"""

import asyncio
import json
import re
import shutil
import sys
import time
from asyncio.subprocess import PIPE, Process
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.durable import WORDS

VISITORS = 200
SECONDS = 8

SCRIPT = """
local tokens = {%s}
local threads = 0
function setup(thread) thread:set("mine", threads); threads = threads + 1 end
function init() number = 0 end
function request()
  number = number + 1
  local body = string.format('{"do":"write_message","id":"load-%%s-%%d-%%d","words":"%s"}',
    "%s", mine, number)
  return wrk.format("POST", "/chat/do", {
    ["X-Muster-Visitor"] = tokens[(number %% #tokens) + 1],
    ["Origin"] = "http://127.0.0.1:%d", ["Content-Type"] = "application/json"}, body)
end
"""


@dataclass(slots=True)
class Loaded:
    """A server process of `bench.server`, and the tokens of visitors who have a report."""

    process: Process
    port: int
    tokens: list[str]

    async def told(self, *words: str) -> dict[str, Any]:
        """Say words to it (one line each) and read its next answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        for word in words:
            self.process.stdin.write(word.encode() + b"\n")
        await self.process.stdin.drain()
        answer: dict[str, Any] = json.loads(await self.process.stdout.readline())
        return answer


async def rates(folder: Path, seconds: int) -> dict[str, object]:
    """Rows for 1, 8 and 64 connections."""
    server = await begun(folder, VISITORS)
    found: dict[str, object] = {"load from": "wrk" if shutil.which("wrk") else "our own client"}
    try:
        for connections in (1, 8, 64):
            found[f"{connections} connections"] = await _run(server, folder, connections, seconds)
    finally:
        if server.process.stdin is not None:
            server.process.stdin.close()
        await server.process.wait()
    return found


async def begun(folder: Path, visitors: int) -> Loaded:
    """A server, and so many visitors who have said their first word."""
    _made(folder)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.server", str(folder), stdin=PIPE, stdout=PIPE
    )
    server = Loaded(process, 0, [])
    server.port = int((await server.told())["port"])
    for number in range(visitors):
        token = str((await _post(server.port, "/chat/visitor", {}, ""))["token"])
        words = {"do": "write_message", "id": f"first-{number:08d}", "words": WORDS}
        answer = await _post(server.port, "/chat/do", words, token)
        if answer["outcome"] != "done":
            raise RuntimeError(f"the first word was refused: {answer}")
        server.tokens.append(token)
    return server


def _made(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)


async def _run(server: Loaded, folder: Path, connections: int, seconds: int) -> dict[str, object]:
    await server.told("tape")
    began = time.perf_counter()
    load = _wrk if shutil.which("wrk") else _own
    p50, p99, refused = await load(server, folder, connections, seconds)
    took = time.perf_counter() - began
    told = await server.told("end")
    events = told["events"]
    return {
        "answers per second": round(events / took),
        "of bare SQLite (aim: 0.5)": round(told["bare"] / took, 3),
        "p50 ms": round(p50, 2),
        "p99 ms (aim: 10 at 8, 25 at 64)": round(p99, 2),
        "refused": refused,
        "server CPU us per event": round(told["cpu"] / max(events, 1) * 1e6),
        "commits per event": round(told["commits"] / max(events, 1), 3),
    }


async def _wrk(
    server: Loaded, folder: Path, connections: int, seconds: int
) -> tuple[float, float, int]:
    script = folder / "load.lua"
    tokens = ",".join(f'"{token}"' for token in server.tokens)
    script.write_text(SCRIPT % (tokens, WORDS, connections, server.port))
    process = await asyncio.create_subprocess_exec(
        "wrk",
        *("-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(script)),
        f"http://127.0.0.1:{server.port}",
        stdout=PIPE,
    )
    out, _ = await process.communicate()
    said = out.decode()
    bad = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    return _time(said, "50%"), _time(said, "99%"), int(bad[1]) if bad else 0


def _time(said: str, share: str) -> float:
    found = re.search(rf"{share}\s+([\d.]+)(us|ms|s)", said)
    if found is None:
        raise RuntimeError(f"wrk said no percentiles: {said}")
    return float(found[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[found[2]]


async def _own(
    server: Loaded, folder: Path, connections: int, seconds: int
) -> tuple[float, float, int]:
    times: list[float] = []
    refused = 0
    until = time.perf_counter() + seconds

    async def client(mine: int) -> None:
        nonlocal refused
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        number = 0
        while time.perf_counter() < until:
            number += 1
            words = {
                "do": "write_message",
                "id": f"own-{connections}-{mine}-{number}",
                "words": WORDS,
            }
            token = server.tokens[(mine + number * connections) % len(server.tokens)]
            began = time.perf_counter()
            answer = await _exchange(reader, writer, server.port, "/chat/do", words, token)
            times.append((time.perf_counter() - began) * 1000)
            refused += answer.get("outcome") != "done"
        writer.close()

    await asyncio.gather(*(client(number) for number in range(connections)))
    times.sort()
    return times[len(times) // 2], times[int(len(times) * 0.99)], refused


async def _post(port: int, path: str, words: dict[str, str], token: str) -> dict[str, object]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        return await _exchange(reader, writer, port, path, words, token)
    finally:
        writer.close()


async def _exchange(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    port: int,
    path: str,
    words: dict[str, str],
    token: str,
) -> dict[str, object]:
    body = json.dumps(words).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"
        f"X-Muster-Visitor: {token}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    answer = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", answer)
    if length is None:
        raise RuntimeError(f"no length in the answer: {answer!r}")
    found: dict[str, object] = json.loads(await reader.readexactly(int(length[1])))
    return found
