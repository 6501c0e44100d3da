"""Socket Mode: the real handler of Bolt and the real client of the SDK against the fake."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import WSCloseCode, WSMsgType
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_sdk.web.async_client import AsyncWebClient

from tests.clock import VirtualClock
from tests.slack.bolts import Echo
from tests.slack.fake import FakeSlack

Json = dict[str, Any]


@asynccontextmanager
async def connected(slack: FakeSlack) -> AsyncIterator[Echo]:
    echo = Echo(slack)
    handler: Any = AsyncSocketModeHandler(echo.bolt, slack.app_token)
    await handler.connect_async()
    try:
        await slack.until(lambda: slack.sockets.sockets)
        yield echo
    finally:
        await handler.close_async()


async def test_events_commands_and_forms_come_through_the_socket(slack: FakeSlack) -> None:
    async with connected(slack) as echo:
        assert (await slack.says("U1", "C1", "Fire")).ok
        echo.says({"text": "Nothing open."})
        assert (await slack.command("U1", "C1", "/incident", "list")).ok
        await slack.shortcut("U1", "report")
        assert echo.types() == ["message", "/incident", "shortcut"]
        assert [one.text for one in slack.ephemerals("U1")] == ["Nothing open."]


async def test_an_envelope_nobody_acknowledges_comes_again(
    slack: FakeSlack, clock: VirtualClock
) -> None:
    async with connected(slack) as echo:
        echo.fails(500)
        saying = asyncio.ensure_future(slack.says("U1", "C1", "Fire"))
        await slack.until(lambda: slack.sockets.sockets[0].sent)
        await clock.advance(3_000)
        told = await saying
        await slack.until(lambda: slack.sockets.sockets[0].sent == 2)
        echo.says({})
        assert told.attempts[0].ack.reason == "http_timeout"
        await slack.until(lambda: len(echo.heard) == 2)
        assert len({one["event_id"] for one in echo.heard}) == 1


async def test_a_deaf_socket_looks_healthy_and_brings_nothing(
    slack: FakeSlack, clock: VirtualClock
) -> None:
    async with connected(slack) as echo:
        (socket,) = slack.sockets.sockets
        await slack.until(lambda: socket.pings)
        socket.deaf = True
        saying = asyncio.ensure_future(slack.says("U1", "C1", "Fire"))
        await slack.until(lambda: socket.sent)
        await clock.advance(3_000)
        assert not (await saying).ok
        assert (echo.heard, socket.wire.closed) == ([], False)


async def test_an_app_that_is_asked_to_comes_again(slack: FakeSlack) -> None:
    async with connected(slack) as echo:
        (old,) = slack.sockets.sockets
        await slack.sockets.disconnect("warning")
        await slack.until(lambda: slack.sockets.sockets and old not in slack.sockets.sockets)
        assert (await slack.says("U1", "C1", "Fire")).ok
        assert (echo.types(), len(slack.called("apps.connections.open"))) == (["message"], 2)


async def test_a_connection_that_is_closed_is_made_anew(slack: FakeSlack) -> None:
    async with connected(slack) as echo:
        (old,) = slack.sockets.sockets
        await slack.sockets.cut()
        await slack.until(lambda: slack.sockets.sockets and old not in slack.sockets.sockets)
        assert (await slack.says("U1", "C1", "Fire")).ok
        assert echo.types() == ["message"]


async def test_what_a_broken_connection_carried_comes_again(slack: FakeSlack) -> None:
    async with connected(slack) as echo:
        (old,) = slack.sockets.sockets
        echo.gate = asyncio.Event()
        saying = asyncio.ensure_future(slack.says("U1", "C1", "Fire"))
        await slack.until(lambda: echo.heard)
        await slack.sockets.cut()
        told = await saying
        assert told.attempts[0].ack.reason == "connection_failed"
        await slack.until(lambda: slack.sockets.sockets and old not in slack.sockets.sockets)
        echo.gate.set()
        await slack.deliveries.again(told)
        assert told.ok


async def test_a_cable_is_pulled_without_goodbye(slack: FakeSlack) -> None:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(slack.app_token, base_url=slack.api_url, session=session)
        wire = await link(client, session)
        assert (await wire.receive_json())["type"] == "hello"
        await slack.sockets.cut(abrupt=True)
        assert (await wire.receive()).type in (WSMsgType.CLOSED, WSMsgType.ERROR)
        assert wire.close_code == WSCloseCode.ABNORMAL_CLOSURE


async def test_nobody_comes_in_while_connections_are_refused(slack: FakeSlack) -> None:
    slack.sockets.refuses = True
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(slack.app_token, base_url=slack.api_url, session=session)
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await link(client, session)
        assert not (await slack.says("U1", "C1", "Fire")).ok
        slack.sockets.refuses = False
        await (await link(client, session)).close()


async def test_ten_connections_are_enough(slack: FakeSlack) -> None:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(slack.app_token, base_url=slack.api_url, session=session)
        wires = [await link(client, session) for _ in range(11)]
        told = [await wire.receive_json() for wire in wires]
        assert [one["type"] for one in told] == ["hello"] * 10 + ["disconnect"]
        assert told[-1]["reason"] == "too_many_websockets"
        assert told[9]["num_connections"] == 10
        for wire in wires:
            await wire.close()


async def link(client: AsyncWebClient, session: aiohttp.ClientSession) -> Any:
    url = (await client.apps_connections_open(app_token=str(client.token)))["url"]
    return await session.ws_connect(url)


async def test_a_ticket_is_good_for_one_connection(slack: FakeSlack) -> None:
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(slack.app_token, base_url=slack.api_url, session=session)
        url = (await client.apps_connections_open(app_token=slack.app_token))["url"]
        wire = await session.ws_connect(url)
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)
        await wire.close()
