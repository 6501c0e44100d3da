"""HTTP by hand: one connection kept open, bytes as they are, and a word for a lost answer."""

import asyncio
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

BODY_MOST = 16_000_000


class Lost(Exception):
    """The connection broke: nobody knows whether it was done."""


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def cookie(self) -> str:
        """The cookie that was set, as it is sent back."""
        return self.headers["set-cookie"].partition(";")[0]


def request(
    port: int, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> bytes:
    """A whole request as a browser would send it to its own page; `headers` have the last word."""
    origin = f"http://127.0.0.1:{port}"
    told = {"host": f"127.0.0.1:{port}", "origin": origin, "content-length": str(len(body))}
    lines = [f"{name}: {value}" for name, value in {**told, **(headers or {})}.items()]
    return "\r\n".join([f"{method} {path} HTTP/1.1", *lines, "", ""]).encode() + body


async def read_reply(reader: asyncio.StreamReader) -> Reply:
    """The next answer on the connection. Raises EOFError when it ends before."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.strip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)}
    if "content-length" in headers:
        body = await reader.readexactly(int(headers["content-length"]))
    else:
        body = await reader.read() if headers.get("connection") == "close" else b""
    return Reply(int(first.split()[1]), headers, body)


async def hang_up(writer: asyncio.StreamWriter) -> None:
    """Close it, whatever has become of it."""
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


class Wire:
    """A connection that is opened when it is needed."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Ask and read the whole answer. Raises Lost."""
        try:
            reader, writer = await self.open()
            writer.write(request(self.port, method, path, body, headers))
            reply = await read_reply(reader)
        except (OSError, EOFError) as broken:
            await self.close()
            raise Lost from broken
        if reply.headers.get("connection") == "close":
            await self.close()
        return reply

    async def open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Both ends of the connection. Raises OSError."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self.port, limit=BODY_MOST)
        return self._streams

    async def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            writer, self._streams = self._streams[1], None
            await hang_up(writer)
