"""One connection of Socket Mode: the SDK's client, which we let live as long as its socket.

It answers pings, reads envelopes and sends what acknowledges them. When it ends, or Slack asks it
to go, it says so and does nothing about it.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Protocol

from aiohttp import WSMessage
from slack_bolt import BoltResponse
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack.app import QUIET
from bot.adapters.slack.payloads import ident
from bot.untrusted import Payload, text

PING = 10.0
"""Seconds between two pings of ours."""

Take = Callable[[Payload, int], Awaitable[BoltResponse]]
"""What answers a payload that comes for the so-manieth time again."""


class _Socket(SocketModeClient):
    """The SDK's client, which tells when it should be replaced instead of replacing itself."""

    def __init__(self, url: str, ended: Callable[[], None]) -> None:
        # What it could ask with a token, we ask ourselves.
        super().__init__(
            app_token="",
            logger=QUIET,
            web_client=AsyncWebClient(logger=QUIET, retry_handlers=[]),
            auto_reconnect_enabled=False,
            ping_interval=PING,
        )
        self.wss_uri = url
        self._ended = ended

    async def connect_to_new_endpoint(self, force: bool = False) -> None:
        """Slack asked it to go."""
        self._ended()


class _Client(Protocol):
    """What we ask of it; the SDK says less about its types than it could."""

    closed: bool

    async def connect(self) -> None: ...
    async def close(self) -> None: ...
    async def send_socket_mode_response(self, response: SocketModeResponse) -> None: ...


class Line:
    """One socket. `take` answers what comes, `noticed` is called whenever there is news of it.

    `asked_to_go`: Slack wants another one in its place. `app` is our app's id, as Slack says it in
    its greeting.
    """

    def __init__(self, url: str, take: Take, noticed: Callable[[], None]) -> None:
        self._take = take
        self._noticed = noticed
        self._socket = _Socket(url, self._go)
        self._client: _Client = self._socket
        self._socket.on_close_listeners.append(self._closed)
        self._socket.message_listeners.append(self._message)
        self._socket.socket_mode_request_listeners.append(self._request)
        self._in_hand: set[asyncio.Task[None]] = set()
        self._greeted = asyncio.Event()
        self.asked_to_go = False
        self.app = ""
        self.messages = 0

    async def connect(self) -> None:
        """Return once Slack has greeted us; give up by cancelling."""
        await self._client.connect()
        await self._greeted.wait()

    @property
    def open(self) -> bool:
        """Its socket stands, as far as this side can tell."""
        session = self._socket.current_session
        return session is not None and not session.closed

    @property
    def signs(self) -> tuple[int, float | None]:
        """Another value whenever the other side was heard: messages, and answers to pings."""
        return self.messages, self._socket.last_ping_pong_time

    async def close(self, patience: float) -> None:
        """Finish what came, for so many seconds at the most, then let go of everything."""
        self._socket.socket_mode_request_listeners.clear()
        if self._in_hand:
            await asyncio.wait(self._in_hand, timeout=patience)
        await self._client.close()
        left = (
            self._socket.message_processor,
            self._socket.current_session_monitor,
            self._socket.message_receiver,
        )
        await asyncio.gather(*(one for one in left if one is not None), return_exceptions=True)

    def _go(self) -> None:
        self.asked_to_go = True
        self._noticed()

    async def _closed(self, message: WSMessage) -> None:
        self._noticed()

    async def _message(
        self, client: AsyncBaseSocketModeClient, message: Payload, raw: str | None
    ) -> None:
        self.messages += 1
        kind = text(message, "type")
        if kind == "hello":
            self.app = ident(message, "connection_info", "app_id")
            self._greeted.set()

    async def _request(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        """Beside the others; kept in hand, since nobody else holds on to it."""
        task = asyncio.create_task(self._answer(request))
        self._in_hand.add(task)
        task.add_done_callback(self._in_hand.discard)

    async def _answer(self, request: SocketModeRequest) -> None:
        """What is not acknowledged comes again, and is known by its source."""
        answer = await self._take(request.payload, request.retry_attempt or 0)
        if answer.status != 200:
            return
        said = json.loads(answer.body) if answer.body.startswith("{") else None
        response = SocketModeResponse(envelope_id=request.envelope_id, payload=said)
        try:
            await self._client.send_socket_mode_response(response)
        except (ConnectionError, RuntimeError, AttributeError):
            self._noticed()
