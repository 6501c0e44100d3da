"""Faults in front of the methods, as the real library meets them."""

import asyncio
from typing import Any

import aiohttp
import pytest
from telegram import Bot
from telegram.error import BadRequest, NetworkError, TelegramError, TimedOut

from tests.clock import VirtualClock
from tests.telegram.conftest import ANA
from tests.telegram.fake import FakeTelegram
from tests.telegram.listen import said


@pytest.mark.parametrize(
    ("how", "stored", "fate"),
    [
        ({"drop": True}, 0, "dropped"),
        ({"lose": True}, 1, "lost"),
        ({"garbage": True}, 1, "garbled"),
        ({"half": True}, 1, "garbled"),
        ({"status": 500}, 0, "refused"),
        ({"status": 502, "body": "<html>Bad Gateway"}, 0, "refused"),
        ({"status": 200, "body": ""}, 0, "refused"),
    ],
)
async def test_whether_it_was_done_cannot_be_seen_from_outside(
    fake: FakeTelegram,
    bot: Bot,
    how: dict[str, Any],
    stored: int,
    fate: str,
) -> None:
    fault = fake.fails("sendMessage", **how)
    with pytest.raises(TelegramError) as told:
        await bot.send_message(ANA, "x")
    assert not isinstance(told.value, BadRequest)
    assert (len(fake.messages(ANA)), fault.hits) == (stored, 1)
    assert (await bot.send_message(ANA, "y")).text == "y"
    assert [one.fate for one in fake.called("sendMessage")] == [fate, ""]


async def test_a_refusal_can_be_in_any_words(fake: FakeTelegram, bot: Bot) -> None:
    fake.fails("*", status=400, error="Bad Request: CHAT_WRITE_FORBIDDEN", times=2, skip=1)
    await bot.send_message(ANA, "x")
    for call in (bot.send_message(ANA, "x"), bot.get_chat(ANA)):
        with pytest.raises(BadRequest, match="Chat_write_forbidden"):
            await call
    fake.fails("getMe", None, status=503)
    fake.recovers()
    assert (await bot.get_me()).is_bot
    assert [one.ok for one in fake.calls] == [True, True, False, False, True]


async def test_an_answer_can_be_late(fake: FakeTelegram, bot: Bot, clock: VirtualClock) -> None:
    fault = fake.fails("sendMessage", delay=5_000)
    sending = asyncio.ensure_future(bot.send_message(ANA, "x"))
    await fake.until(lambda: fault.waiting)
    await clock.settle()
    assert fake.messages(ANA) == []
    await clock.advance(5_000)
    assert (await sending).id == 1


async def test_too_late_for_the_library(fake: FakeTelegram, bot: Bot) -> None:
    fault = fake.fails("sendMessage", until=asyncio.Event())
    with pytest.raises(TimedOut):
        await bot.send_message(ANA, "x", read_timeout=0.05)
    assert fault.until is not None
    fault.until.set()
    await fake.until(lambda: fake.messages(ANA))


async def test_faults_can_choose_by_what_is_sent(fake: FakeTelegram, bot: Bot) -> None:
    fake.fails("sendMessage", None, lose=True, where=lambda args: args["text"] == "bad")
    await bot.send_message(ANA, "good")
    with pytest.raises(NetworkError):
        await bot.send_message(ANA, "bad")


async def test_fetching_updates_and_files_fails_too(fake: FakeTelegram, bot: Bot) -> None:
    await fake.sends(ANA, ANA, "voice", b"ogg")
    fake.fails("getUpdates", lose=True)
    with pytest.raises(NetworkError):
        await bot.get_updates(timeout=0)
    voice = (await said(bot)).voice
    assert voice is not None
    file = await voice.get_file()
    for how in ({"drop": True}, {"status": 500}, {"lose": True}):
        fake.fails("file", **how)
        with pytest.raises(NetworkError):
            await file.download_as_bytearray()
    assert bytes(await file.download_as_bytearray()) == b"ogg"


async def test_every_way_of_writing_a_request_is_read(fake: FakeTelegram) -> None:
    """Query, form, JSON and multipart; names in any case; anything else is not found."""
    base = f"{fake.api_url}/bot{fake.token}"
    args = {"chat_id": str(ANA), "text": "x"}
    async with aiohttp.ClientSession() as session:

        async def told(request: Any) -> tuple[int, Any]:
            async with request as answer:
                return answer.status, await answer.json()

        for request in (
            session.get(f"{base}/sendMessage", params=args),
            session.post(f"{base}/sendmessage", data=args),
            session.post(f"{base}/SENDMESSAGE", json=args),
            session.post(f"{base}/sendMessage", data=aiohttp.FormData(args, quote_fields=True)),
        ):
            status, answer = await told(request)
            assert (status, answer["result"]["text"]) == (200, "x")
        assert await told(session.get(f"{base}/sendSpam")) == (
            404,
            {"ok": False, "error_code": 404, "description": "Not Found"},
        )
        assert await told(session.get(f"{fake.api_url}/bot5:x/getMe")) == (
            401,
            {"ok": False, "error_code": 401, "description": "Unauthorized"},
        )
        status, answer = await told(session.get(f"{base}/sendMessage", params={"chat_id": ANA}))
        assert (status, answer["description"]) == (400, "Bad Request: message text is empty")
