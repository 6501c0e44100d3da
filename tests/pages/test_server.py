"""The embedded server: listens, says when it cannot, ends in time with streams open."""

import asyncio
import resource
import socket
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from bot.pages import server as serving
from bot.pages.server import Connection, PortTaken, Server, listen, port_of, take_all_places


class Endless:
    """An app with a stream that ends only when it is told."""

    def __init__(self) -> None:
        self.closing = asyncio.Event()
        self.open = asyncio.Event()

    def app(self) -> Starlette:
        from_where = Route("/from", self.from_where)
        return Starlette(routes=[Route("/stream", self.stream), from_where, Route("/", self.page)])

    async def from_where(self, request: Request) -> PlainTextResponse:
        assert request.client is not None
        return PlainTextResponse(f"{request.url.scheme} {request.client.host}")

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


@asynccontextmanager
async def served(proxies: Sequence[str] = ()) -> AsyncIterator[tuple[int, Endless]]:
    """A server on a port of its own."""
    endless = Endless()
    listener = listen("127.0.0.1", 0)
    server = Server(endless.app(), endless.closing.set, proxies)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    yield port_of(listener), endless
    server.end()
    await running


HALF = b"GET / HTTP/1.1\r\nhost: x\r\nx-half: "
WHOLE = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"


@pytest.mark.parametrize("said", [b"", HALF, WHOLE + HALF], ids=["nothing", "half", "half again"])
async def test_whoever_does_not_say_what_they_want_is_let_go(
    monkeypatch: pytest.MonkeyPatch, said: bytes
) -> None:
    monkeypatch.setattr(serving, "HEAD_SECONDS", 0.05)
    async with served() as (port, _), asyncio.timeout(10):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        if said.startswith(WHOLE):
            writer.write(WHOLE)
            await reader.readuntil(b"here")
            said = said.removeprefix(WHOLE)
        writer.write(said)
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await reader.readexactly(1)
        writer.close()


async def test_whoever_said_what_they_want_is_not_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    async with served() as (port, endless), asyncio.timeout(10):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        monkeypatch.setattr(serving, "HEAD_SECONDS", 0)
        writer.write(b"GET /stream HTTP/1.1\r\nhost: x\r\n\r\n")
        await endless.open.wait()
        _, other = await asyncio.open_connection("127.0.0.1", port)
        monkeypatch.setattr(serving, "WAITING_MOST", 0)
        _, third = await asyncio.open_connection("127.0.0.1", port)
        endless.closing.set()
        assert (await reader.readuntil(b"0\r\n\r\n")).startswith(b"HTTP/1.1 200")
        for one in (writer, other, third):
            one.close()


async def test_of_too_many_that_say_nothing_the_oldest_makes_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(serving, "WAITING_MOST", 3)
    async with served() as (port, _), asyncio.timeout(10):
        idle = [await asyncio.open_connection("127.0.0.1", port) for _ in range(4)]
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await idle[0][0].readexactly(1)
        for reader, writer in idle[1:]:
            writer.write(WHOLE)
            assert (await reader.readuntil(b"here")).startswith(b"HTTP/1.1 200")
        for _, writer in idle:
            writer.close()


@pytest.mark.parametrize(
    ("proxies", "told"),
    [
        ((), b"http 127.0.0.1"),
        (("192.0.2.0/24",), b"http 127.0.0.1"),
        (("127.0.0.1", "192.0.2.0/24"), b"https 203.0.113.9"),
    ],
    ids=["nobody", "somebody else", "the proxy"],
)
async def test_only_proxies_that_were_named_say_for_whom_they_ask(
    proxies: tuple[str, ...], told: bytes
) -> None:
    async with served(proxies) as (port, _):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            b"GET /from HTTP/1.1\r\nhost: x\r\nconnection: close\r\nx-forwarded-proto: https\r\n"
            b"x-forwarded-for: 198.51.100.1, 203.0.113.9, 192.0.2.7\r\n\r\n"
        )
        assert (await reader.read()).endswith(told)
        writer.close()


async def test_who_came_while_it_was_closing_or_takes_no_answer_holds_nobody_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And no error is logged of it."""
    monkeypatch.setattr(serving, "HANG_UP_SECONDS", 0.3)
    monkeypatch.setattr(Connection, "shutdown", lambda one: None)
    endless = Endless()
    listener = listen("127.0.0.1", 0)
    server = Server(endless.app(), endless.closing.set)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    reader, writer = await asyncio.open_connection("127.0.0.1", port_of(listener))
    writer.write(WHOLE)
    await reader.readuntil(b"here")
    server.end()
    async with asyncio.timeout(10):
        await running
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await reader.readexactly(1)
    writer.close()


def test_it_takes_all_the_places_that_the_system_gives() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(soft, 256), hard))
        take_all_places()
        assert resource.getrlimit(resource.RLIMIT_NOFILE) == (hard, hard)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
