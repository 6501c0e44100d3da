"""A program on this computer that is told things, and behaves as it is told to."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


def says(status: int, *headers: str, body: bytes = b"") -> bytes:
    """An answer of that status."""
    lines = [f"HTTP/1.1 {status} X", f"content-length: {len(body)}", *headers, "", ""]
    return "\r\n".join(lines).encode() + body


@dataclass
class Heard:
    """What came in one request."""

    line: str
    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> Any:
        return json.loads(self.body)


@dataclass
class Program:
    """`answers` are given one after the other, the last one for ever: bytes, or HANG or CLOSE."""

    port: int = 0
    answers: list[bytes] = field(default_factory=lambda: [OK])
    heard: list[Heard] = field(default_factory=list)
    hangs: list[asyncio.Event] = field(default_factory=list)
    serving: set[asyncio.Task[Any]] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        here = asyncio.current_task()
        assert here is not None
        self.serving.add(here)
        try:
            self.heard.append(await _read(reader))
            answer = self.answers[0] if len(self.answers) == 1 else self.answers.pop(0)
            if answer == HANG:
                ends = asyncio.Event()
                self.hangs.append(ends)
                await ends.wait()
            elif answer != CLOSE:
                writer.write(answer)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()


HANG = b"hang"
CLOSE = b"close"


async def _read(reader: asyncio.StreamReader) -> Heard:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    pairs = (one.partition(": ") for one in head[1:] if one)
    headers = {name.lower(): value for name, _, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Heard(head[0], headers, body)


@asynccontextmanager
async def program() -> AsyncIterator[Program]:
    """One that listens on this computer."""
    found = Program()
    server = await asyncio.start_server(found.serve, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        for one in found.hangs:
            one.set()
        await asyncio.gather(*found.serving)
        server.close()
        await server.wait_closed()
