"""The embedded server: listens, says when it cannot, ends in time with streams open."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from bot.pages.server import PortTaken, Server, listen, port_of


class Endless:
    """An app with a stream that ends only when it is told."""

    def __init__(self) -> None:
        self.closing = asyncio.Event()
        self.open = asyncio.Event()

    def app(self) -> Starlette:
        return Starlette(routes=[Route("/stream", self.stream), Route("/", self.page)])

    async def page(self, request: Request) -> PlainTextResponse:
        return PlainTextResponse("here")

    async def stream(self, request: Request) -> StreamingResponse:
        async def frames() -> AsyncIterator[bytes]:
            yield b": here\n\n"
            self.open.set()
            await self.closing.wait()

        return StreamingResponse(frames(), media_type="text/event-stream")


async def test_told_to_stop_it_ends_at_once_with_streams_open() -> None:
    endless = Endless()
    listener = listen("127.0.0.1", 0)
    server = Server(endless.app(), endless.closing.set)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    reader, writer = await asyncio.open_connection("127.0.0.1", port_of(listener))
    writer.write(b"GET /stream HTTP/1.1\r\nhost: x\r\n\r\n")
    await endless.open.wait()
    began = time.monotonic()
    server.end()
    server.end()
    async with asyncio.timeout(10):
        await running
        rest = await reader.read()
    assert rest.endswith(b"0\r\n\r\n")
    assert time.monotonic() - began < 2
    writer.close()


async def test_it_names_no_software() -> None:
    endless = Endless()
    listener = listen("127.0.0.1", 0)
    server = Server(endless.app(), endless.closing.set)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    reader, writer = await asyncio.open_connection("127.0.0.1", port_of(listener))
    writer.write(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
    answer = await reader.read()
    assert b"here" in answer
    assert b"uvicorn" not in answer.lower()
    writer.close()
    server.end()
    await running


def test_a_taken_port_is_told_with_what_to_do() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"{port}.*choose another with --port"):
            listen("127.0.0.1", port)


def test_an_address_of_another_computer_is_told_too() -> None:
    with pytest.raises(PortTaken, match="cannot listen"):
        listen("192.0.2.1", 0)


def test_the_newer_kind_of_address_works() -> None:
    try:
        listener = listen("::1", 0)
    except PortTaken:
        pytest.skip("this computer has no IPv6")
    with listener:
        assert port_of(listener) > 0
