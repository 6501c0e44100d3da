"""The webhook: only Telegram comes in, and is answered once what it brought is kept."""

import asyncio
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from bot.adapters.telegram.door import PROOF, secret_of
from bot.adapters.telegram.receive import PATH, READ
from bot.adapters.telegram.webhook import EVERY, RECENT
from bot.engine.heard import Wrote
from bot.engine.ports import Reply
from bot.untrusted import BODY_MOST
from tests.adapters.telegram.ears import ANA, Connected, begin, connected


@dataclass
class Web:
    """The adapter served over HTTP."""

    one: Connected
    url: str

    async def posts(self, body: object, **headers: str) -> int:
        async with httpx.AsyncClient(trust_env=False) as client:
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            told = await client.post(self.url, content=raw, headers=headers)
            return told.status_code


@asynccontextmanager
async def served(start: bool = True) -> AsyncIterator[Web]:
    app = Starlette()
    config = uvicorn.Config(app, port=0, log_level="critical", lifespan="off")
    config.load()
    server = uvicorn.Server(config)
    server.lifespan = config.lifespan_class(config)
    await server.startup()
    try:
        port = server.servers[0].sockets[0].getsockname()[1]
        url = f"http://127.0.0.1:{port}"
        async with connected(lambda telegram: url, start=False) as one:
            app.routes.extend(one.telegram.routes)
            if start:
                await begin(one)
                await one.fake.until(lambda: one.fake.deliveries.hook)
                await one.passing(lambda: one.telegram.health().sound)
            yield Web(one, url + PATH)
    finally:
        await server.shutdown()


def update(number: int = 5, text: str = "Hello") -> dict[str, Any]:
    ana = {"id": ANA, "first_name": "Ana"}
    chat = {"id": ANA, "type": "private"}
    return {
        "update_id": number,
        "message": {"message_id": 1, "date": 1, "from": ana, "chat": chat, "text": text},
    }


async def test_telegram_is_told_where_to_send_what_and_how_it_proves_itself() -> None:
    async with served() as web:
        (call,) = web.one.fake.called("setWebhook")
        assert call.args["url"] == web.url
        assert call.args["secret_token"] == secret_of(web.one.fake.token)
        assert set(web.one.fake.updates.allowed) == set(READ)
        assert web.one.fake.called("deleteWebhook") == []
        assert web.one.telegram.signed == [PATH]
        assert len(web.one.missed) == 1


async def test_words_come_through_it_and_are_acknowledged_once_they_are_kept() -> None:
    async with served() as web:
        one = web.one
        one.spy.waits = asyncio.Event()
        await one.fake.says(ANA, ANA, "The lift is stuck")
        await one.spy.until(lambda: one.spy.heard)
        assert one.fake.updates.waiting
        one.spy.waits.set()
        wrote = await one.heard()
        assert isinstance(wrote, Wrote)
        assert wrote.words == "The lift is stuck"


async def test_what_was_not_kept_comes_again_with_the_same_source() -> None:
    async with served() as web:
        one = web.one
        replies = [Reply(), Reply(again=True)]
        one.spy.says = lambda heard: replies.pop()
        await one.fake.says(ANA, ANA, "hello")
        await one.passing(lambda: len(one.spy.heard) == 2)
        await one.rest()
        assert [x.status for x in one.fake.deliveries.attempts] == [503, 200]
        assert len({x.source for x in one.spy.heard}) == 1


async def test_nobody_else_comes_in_and_nothing_of_theirs_is_read() -> None:
    async with served() as web:
        other = secret_of("900:another-bot")
        for headers in ({}, {PROOF: ""}, {PROOF: other}, {PROOF: other[:5]}, {PROOF: "x" * 300}):
            assert await web.posts(b"{", **headers) == 401
        assert web.one.spy.heard == []


async def test_the_secret_is_compared_in_constant_time_before_anything_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    compared: list[tuple[bytes, bytes]] = []

    def noting(one: bytes, other: bytes) -> bool:
        compared.append((one, other))
        return False

    async with served() as web:
        monkeypatch.setattr(hmac, "compare_digest", noting)
        right = {PROOF: secret_of(web.one.fake.token)}
        assert await web.posts(update(), **right) == 401
        assert len(compared) == 1


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400),
        (b"[]", 400),
        (b"\xff\xfe", 400),
        (b"[" * 200_000, 400),
        (b" " * (BODY_MOST + 1), 413),
        (b"{}", 200),
        (b'{"update_id": "x", "message": {}}', 200),
    ],
)
async def test_what_telegram_would_never_send_harms_nothing(body: bytes, status: int) -> None:
    async with served() as web:
        right = {PROOF: secret_of(web.one.fake.token)}
        assert await web.posts(body, **right) == status
        assert web.one.spy.heard == []


async def test_until_we_know_who_we_are_it_comes_again() -> None:
    async with served(start=False) as web:
        right = {PROOF: secret_of(web.one.fake.token)}
        assert await web.posts(update(), **right) == 503
        await begin(web.one)
        assert await web.posts(update(), **right) == 200


async def test_when_somebody_took_the_webhook_away_it_is_set_again() -> None:
    async with served() as web:
        one = web.one
        one.fake.deliveries.set(None)
        await one.passing(lambda: one.fake.deliveries.hook, EVERY)
        assert len(one.fake.called("setWebhook")) == 2


async def test_health_says_when_telegram_cannot_reach_us_and_when_it_can_again() -> None:
    async with served() as web:
        one = web.one
        hook = one.fake.deliveries.hook
        assert hook is not None
        hook.error, hook.error_at = "Connection refused", one.clock.now() // 1_000 + 290
        await one.passing(lambda: not one.telegram.health().sound, EVERY)
        assert "Connection refused" in one.telegram.health().detail
        await one.passing(lambda: one.telegram.health().sound, RECENT)


async def test_an_album_is_one_message_here_too() -> None:
    async with served() as web:
        right = {PROOF: secret_of(web.one.fake.token)}
        pieces = []
        for number in range(10):
            body = update(number, "")
            body["message"] |= {"media_group_id": "g", "photo": [{"file_id": f"f{number}"}]}
            pieces.append(web.posts(body, **right))
        assert set(await asyncio.gather(*pieces)) == {200}
        (album,) = web.one.spy.heard
        assert isinstance(album, Wrote)
        assert {x.file for x in album.files} == {f"f{number}" for number in range(10)}
