"""How the fake reaches the app: signed HTTP requests, or envelopes through a socket."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlencode

import aiohttp
from aiohttp import WSMsgType, web
from slack_sdk.signature import SignatureVerifier

from tests.slack.state import APP, World

Json = dict[str, Any]
Kind = Literal["event", "interaction", "command", "options"]
ENVELOPES = {
    "event": "events_api",
    "interaction": "interactive",
    "options": "interactive",
    "command": "slash_commands",
}
SOCKETS = 10


@dataclass(frozen=True, slots=True)
class Ack:
    """What the app answered. `reason` is Slack's word for why it does not count, "" if it does."""

    status: int
    answer: Json
    reason: str = ""
    last: bool = False


class OverHttp:
    """Posts to the app's address, signed over the raw body.

    `secret` and `age` (seconds) make a false or an old signature. The signature's time is that of
    the real clock, because Bolt checks it against that.
    """

    def __init__(self, url: str, secret: str) -> None:
        self.url = url
        self.secret = secret
        self.age = 0
        self._session: aiohttp.ClientSession | None = None

    async def carry(self, kind: Kind, payload: Json, retry: int = 0, reason: str = "") -> Ack:
        """One request."""
        body, media = _written(kind, payload)
        stamp = str(int(time.time()) - self.age)
        signature = SignatureVerifier(self.secret).generate_signature(timestamp=stamp, body=body)
        headers = {
            "Content-Type": media,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature or "",
        }
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": reason}
        try:
            return await self._post(body, headers)
        except aiohttp.ClientError:
            return Ack(0, {}, "connection_failed")

    async def _post(self, body: bytes, headers: dict[str, str]) -> Ack:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        async with self._session.post(self.url, data=body, headers=headers) as told:
            text = await told.text()
            last = told.headers.get("X-Slack-No-Retry") == "1"
            good = 200 <= told.status < 300
            return Ack(told.status, _read(text), "" if good else "http_error", last)

    async def close(self) -> None:
        """No more requests."""
        if self._session is not None:
            await self._session.close()


def _written(kind: Kind, payload: Json) -> tuple[bytes, str]:
    if kind == "event":
        return json.dumps(payload).encode(), "application/json"
    fields = payload if kind == "command" else {"payload": json.dumps(payload)}
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


def _read(text: str) -> Json:
    """An answer: an object, or words, which are one of text."""
    if not text:
        return {}
    try:
        told = json.loads(text)
    except ValueError:
        return {"text": text}
    return told if isinstance(told, dict) else {"text": text}


@dataclass(slots=True, eq=False)
class Socket:
    """One connection of Socket Mode. `deaf`: it stays open and nothing comes through.

    `pings` counts those of the app; a deaf one that still `pongs` looks healthy to it.
    """

    wire: web.WebSocketResponse
    transport: asyncio.Transport | None = None
    deaf: bool = False
    pongs: bool = True
    pings: int = 0
    sent: int = 0
    waiting: dict[str, asyncio.Future[Ack]] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class OverSocket:
    """The server of Socket Mode: hello, envelopes, acks, at most ten connections.

    While `refuses` is set nobody gets a connection.
    """

    world: World
    refuses: bool = False
    sockets: list[Socket] = field(default_factory=list)
    _turn: int = 0

    async def link(self, request: web.Request) -> web.StreamResponse:
        """A connection comes in, with a ticket that is good for one."""
        ticket = request.query.get("ticket", "")
        if self.refuses:
            return web.Response(status=503)
        if ticket not in self.world.tickets:
            return web.Response(status=400, text="invalid ticket")
        self.world.tickets.discard(ticket)
        wire = web.WebSocketResponse(autoping=False)
        await wire.prepare(request)
        if len(self.sockets) >= SOCKETS:
            await wire.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await wire.close()
            return wire
        await self._serve(Socket(wire, request.transport))
        return wire

    async def _serve(self, socket: Socket) -> None:
        self.sockets.append(socket)
        await socket.wire.send_json(self._hello())
        self.world.stirred.set()
        try:
            async for message in socket.wire:
                await self._hear(socket, message)
        finally:
            self.sockets.remove(socket)
            for waiting in socket.waiting.values():
                if not waiting.done():
                    waiting.set_result(Ack(0, {}, "connection_failed"))
            self.world.stirred.set()

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": len(self.sockets),
            "connection_info": {"app_id": APP},
            "debug_info": {"host": "applink-fake", "approximate_connection_time": 18_060},
        }

    async def _hear(self, socket: Socket, message: aiohttp.WSMessage) -> None:
        if message.type is WSMsgType.PING:
            socket.pings += 1
            self.world.stirred.set()
            if socket.pongs:
                await socket.wire.pong(message.data)
        elif message.type is WSMsgType.TEXT and not socket.deaf:
            told = json.loads(message.data)
            waiting = socket.waiting.get(str(told.get("envelope_id")))
            if waiting is not None and not waiting.done():
                waiting.set_result(Ack(200, told.get("payload") or {}))

    async def carry(self, kind: Kind, payload: Json, retry: int = 0, reason: str = "") -> Ack:
        """One envelope, through one of the connections in turn; it is acknowledged there.

        Never ends while that connection stays and nobody acknowledges.
        """
        if not self.sockets:
            return Ack(0, {}, "connection_failed")
        self._turn += 1
        socket = self.sockets[self._turn % len(self.sockets)]
        name = f"envelope-{self.world.serial()}"
        envelope: Json = {
            "envelope_id": name,
            "type": ENVELOPES[kind],
            "payload": payload,
            "accepts_response_payload": kind != "event",
        }
        if kind == "event":
            envelope |= {"retry_attempt": retry, "retry_reason": reason}
        waiting: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        socket.waiting[name] = waiting
        socket.sent += 1
        self.world.stirred.set()
        try:
            if not socket.deaf:
                await socket.wire.send_json(envelope)
            return await waiting
        except ConnectionError:
            return Ack(0, {}, "connection_failed")
        finally:
            socket.waiting.pop(name, None)

    async def disconnect(self, reason: str = "refresh_requested") -> None:
        """Ask every connection to come again; `warning` says that it will happen soon."""
        for socket in list(self.sockets):
            if not socket.deaf:
                await socket.wire.send_json({"type": "disconnect", "reason": reason})

    async def cut(self, abrupt: bool = False) -> None:
        """Close every connection; `abrupt`: as when a cable is pulled, without goodbye."""
        for socket in list(self.sockets):
            if abrupt and socket.transport is not None:
                socket.transport.abort()
            else:
                await socket.wire.close()

    async def close(self) -> None:
        """No connection any more."""
        await self.cut()
