"""The control socket: the command line talks to the running process, one line of JSON each way.

Only the owner of the data folder can reach it (a Unix socket, mode 0600). While Muster runs
it alone has the database open; data commands therefore ask it, and open the files themselves
only when nobody answers.
"""

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

import structlog

from bot.core.errors import MusterError

log = structlog.get_logger(__name__)

LINE_MOST = 1_000_000
ANSWER_MOST = 64_000_000
"""A sheet holds conversations; only the owner of the folder asks for one."""
Call = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


class NobodyThere(MusterError):
    """No Muster is running on this data."""


class Control:
    """Serves named calls on a Unix socket."""

    def __init__(self, path: Path, calls: Mapping[str, Call]) -> None:
        self._path = path
        self._calls = calls
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen. The caller holds the folder's lock, so an old socket is a dead one."""
        self._path.unlink(missing_ok=True)
        old = os.umask(0o177)
        try:
            self._server = await asyncio.start_unix_server(
                self._serve, str(self._path), limit=LINE_MOST
            )
        finally:
            os.umask(old)

    async def stop(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()
            await self._server.wait_closed()
            self._server = None
        self._path.unlink(missing_ok=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            answer = await self._answer(await reader.readline())
            writer.write(json.dumps(answer).encode() + b"\n")
            await writer.drain()
        except (ConnectionError, ValueError) as trouble:
            log.info("control call broken off", reason=str(trouble))
        finally:
            writer.close()

    async def _answer(self, line: bytes) -> dict[str, Any]:
        try:
            asked = json.loads(line)
            call = self._calls[asked.pop("call")]
        except (ValueError, KeyError, AttributeError, TypeError):
            return {"error": "This Muster does not know that call; use the same version."}
        try:
            return await call(asked)
        except MusterError as trouble:
            return {"error": str(trouble)}
        except Exception:
            log.exception("a control call failed")
            return {"error": "That failed; the log of the running Muster says why."}


async def ask(path: Path, call: str, **given: Any) -> dict[str, Any]:
    """Ask the running process. Raises NobodyThere, or MusterError with its refusal."""
    try:
        reader, writer = await asyncio.open_unix_connection(str(path), limit=ANSWER_MOST)
    except (FileNotFoundError, ConnectionRefusedError) as nobody:
        raise NobodyThere from nobody
    try:
        writer.write(json.dumps({"call": call, **given}).encode() + b"\n")
        await writer.drain()
        line = await reader.readline()
    finally:
        writer.close()
    if not line:
        raise MusterError("Muster ended while it was asked. Try again.")
    answer: dict[str, Any] = json.loads(line)
    if "error" in answer:
        raise MusterError(str(answer["error"]))
    return answer
