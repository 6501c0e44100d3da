"""`muster run` itself: it starts, says where its pages are, and ends when it is told."""

import asyncio
from pathlib import Path

import pytest

from tests.proof.http.keeper import GENUINE, Keeper, kept
from tests.proof.http.people import Browser, customer, joined
from tests.proof.http.wire import request

SECONDS = 5


async def streaming(who: Browser, path: str) -> asyncio.StreamReader:
    """A stream that has begun: its first frame has come."""
    reader, writer = await who.wire.open()
    writer.write(request(who.wire.port, "GET", path, headers=who.headers))
    head = await reader.readuntil(b"\r\n\r\n")
    assert b" 200 " in head.partition(b"\r\n")[0], head
    assert b"text/event-stream" in head
    await reader.readuntil(b"\n\n")
    return reader


async def ended(reader: asyncio.StreamReader) -> bool:
    """Whether the stream came to an end of its own, and was not cut off."""
    return (await reader.read()).endswith(b"0\r\n\r\n")


@pytest.mark.timeout(120)
async def test_with_open_streams_it_ends_within_five_seconds_and_in_good_order(
    tmp_path: Path,
) -> None:
    async with kept(tmp_path, GENUINE) as keeper:
        ana = await joined(keeper, keeper.link, "Ana Smith")
        visitor = await customer(keeper)
        await visitor.press("first-word", "write_message", words="The lights went out")
        streams = [await streaming(visitor, "/chat/stream"), await streaming(ana, "/desk/live")]
        began = asyncio.get_running_loop().time()
        assert await keeper.end() == 0
        assert asyncio.get_running_loop().time() - began < SECONDS
        assert [await ended(one) for one in streams] == [True, True]


@pytest.mark.timeout(120)
async def test_its_greeting_leads_to_every_page_and_to_the_first_account_once(
    tmp_path: Path,
) -> None:
    async with kept(tmp_path, GENUINE) as keeper:
        await _greets_with(keeper, pages=("/chat", "/status"))
        ana = await joined(keeper, keeper.link, "Ana Smith")
        for path in ("/desk", "/tasks"):
            assert "Ana Smith" in (await ana.page(path)).text
        assert (await Browser(keeper).ask("GET", keeper.link)).status == 404
        link, keeper.link = keeper.link, ""
        keeper.kill()
        await keeper.after(1)
        assert (link, keeper.link) == (link, ""), "somebody has joined: no more links are printed"
        assert "Ana Smith" in (await ana.page("/desk")).text


async def _greets_with(keeper: Keeper, pages: tuple[str, ...]) -> None:
    stranger = Browser(keeper)
    for path in pages:
        await stranger.page(path)
