"""The webhook: set, posted to with its secret, tried again under the same number."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from telegram import Bot, Update
from telegram.error import BadRequest, Conflict

from tests.clock import VirtualClock
from tests.telegram.conftest import ANA, BO, TEAM
from tests.telegram.deliveries import SECRET
from tests.telegram.fake import FakeTelegram

WRONG = "Wrong response from the webhook:"


class App:
    """Takes updates; `statuses` are what it answers, 200 when there are none left."""

    def __init__(self) -> None:
        self.got: list[tuple[str | None, Any]] = []
        self.statuses: list[int] = []
        self.url = ""

    async def hear(self, request: web.Request) -> web.Response:
        """One update."""
        self.got.append((request.headers.get(SECRET), await request.read()))
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

    def updates(self, bot: Bot) -> list[Update]:
        """What came, as the library reads it."""
        return [Update.de_json(_json(raw), bot) for _, raw in self.got]

    @property
    def numbers(self) -> list[int]:
        """The numbers of what came."""
        return [_json(raw)["update_id"] for _, raw in self.got]


def _json(raw: bytes) -> Any:
    return json.loads(raw)


@pytest.fixture
async def app() -> AsyncIterator[App]:
    app, server = App(), web.Application()
    server.router.add_post("/telegram/updates", app.hear)
    runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    app.url = f"http://127.0.0.1:{runner.addresses[0][1]}/telegram/updates"
    yield app
    await runner.cleanup()


async def tried(fake: FakeTelegram, times: int) -> None:
    """Wait until so many posts have been answered, or not."""
    await fake.until(lambda: len(fake.deliveries.attempts) >= times)


async def test_updates_are_posted_with_the_secret(fake: FakeTelegram, bot: Bot, app: App) -> None:
    await fake.says(ANA, ANA, "before")
    assert await bot.set_webhook(app.url, secret_token="s-1", max_connections=5)
    await fake.says(ANA, ANA, "after")
    await fake.settled()
    texts = [one.message.text for one in app.updates(bot) if one.message]
    assert texts == ["before", "after"]
    assert {secret for secret, _ in app.got} == {"s-1"}
    info = await bot.get_webhook_info()
    assert (info.url, info.pending_update_count, info.max_connections) == (app.url, 0, 5)
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates(timeout=0)
    assert await bot.delete_webhook()
    await fake.says(ANA, ANA, "polled")
    assert len(await bot.get_updates(timeout=0)) == 1
    assert (await bot.get_webhook_info()).url == ""


async def test_a_webhook_ends_whoever_polls(fake: FakeTelegram, bot: Bot, app: App) -> None:
    poll = asyncio.ensure_future(bot.get_updates(timeout=30))
    await fake.until(lambda: fake.updates.polls)
    await bot.set_webhook(app.url)
    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await poll


async def test_what_is_not_taken_comes_again_under_the_same_number(
    fake: FakeTelegram, bot: Bot, app: App, clock: VirtualClock
) -> None:
    app.statuses = [500, 503]
    await bot.set_webhook(app.url)
    await fake.says(ANA, ANA, "hello")
    await tried(fake, 1)
    info = await bot.get_webhook_info()
    assert info.pending_update_count == 1
    assert info.last_error_message == "Wrong response from the webhook: 500 Internal Server Error"
    assert info.last_error_date is not None
    for tries in (2, 3):
        await clock.settle()
        await clock.advance(2_000)
        await tried(fake, tries)
    await fake.settled()
    assert len(app.got) == 3
    assert len(set(app.numbers)) == 1


async def test_an_answer_that_is_lost_brings_the_update_again(
    fake: FakeTelegram, bot: Bot, app: App, clock: VirtualClock
) -> None:
    await bot.set_webhook(app.url)
    fake.deliveries.lose_answers = 1
    await fake.says(ANA, ANA, "hello")
    await tried(fake, 1)
    await clock.settle()
    await clock.advance(1_000)
    await fake.settled()
    assert app.numbers == [app.numbers[0]] * 2
    assert (await bot.get_webhook_info()).last_error_message == "Read timeout expired"


async def test_one_chat_does_not_wait_for_another(fake: FakeTelegram, bot: Bot, app: App) -> None:
    app.statuses = [500]
    await bot.set_webhook(app.url)
    await fake.says(ANA, ANA, "stuck")
    await tried(fake, 1)
    await fake.says(ANA, ANA, "behind it")
    await fake.commands(BO, TEAM, "/status")
    await fake.until(lambda: len(app.got) == 2)
    texts = [one.message.text for one in app.updates(bot) if one.message]
    assert texts == ["stuck", "/status"]
    assert len(fake.updates.waiting) == 2


async def test_no_more_at_once_than_was_asked_for(fake: FakeTelegram, bot: Bot, app: App) -> None:
    for who in range(100, 120):
        fake.user(who, started=True)
        await fake.says(who, who, "hello")
    await bot.set_webhook(app.url, max_connections=3)
    await fake.settled()
    assert (len(app.got), fake.deliveries.at_once) == (20, 3)


async def test_dropping_what_waits(fake: FakeTelegram, bot: Bot, app: App) -> None:
    await fake.says(ANA, ANA, "old")
    await bot.set_webhook(app.url, drop_pending_updates=True)
    await fake.says(ANA, ANA, "new")
    await fake.settled()
    assert len(app.got) == 1
    await fake.deliveries.close()
    await bot.delete_webhook(drop_pending_updates=True)
    assert fake.updates.waiting == []


async def test_nobody_is_there(fake: FakeTelegram, bot: Bot) -> None:
    await bot.set_webhook("http://127.0.0.1:9/telegram/updates")
    await fake.says(ANA, ANA, "hello")
    await tried(fake, 1)
    assert (await bot.get_webhook_info()).last_error_message == "Connection refused"


async def test_strangers_post_too(fake: FakeTelegram, bot: Bot, app: App) -> None:
    """What Telegram never sends: no secret, another bot's, no JSON."""
    await bot.set_webhook(app.url, secret_token="s-1")
    app.statuses = [401, 401, 400]
    assert await fake.posts({"update_id": 1}) == (401, f"{WRONG} 401 Unauthorized")
    assert await fake.posts({"update_id": 1}, "s-2") == (401, f"{WRONG} 401 Unauthorized")
    assert await fake.posts(b"{half", "s-1") == (400, f"{WRONG} 400 Bad Request")
    assert app.got[0][0] is None
    assert app.got[2] == ("s-1", b"{half")


@pytest.mark.parametrize(
    ("url", "good"),
    [
        ("https://muster.x.example/telegram/updates", True),
        ("https://muster.x.example:8443/x", True),
        ("https://muster.x.example:8080/x", False),
        ("http://muster.x.example/x", False),
        ("https://localhost/x", False),
        ("muster", False),
    ],
)
async def test_telegrams_own_server_posts_to_few_addresses(
    fake: FakeTelegram, bot: Bot, url: str, good: bool
) -> None:
    fake.deliveries.local = False
    if good:
        assert await bot.set_webhook(url)
        return
    with pytest.raises(BadRequest, match="Bad webhook"):
        await bot.set_webhook(url)


@pytest.mark.parametrize("secret", ["x" * 257, "a b", "ä"])
async def test_a_secret_is_of_few_signs(bot: Bot, secret: str) -> None:
    with pytest.raises(BadRequest, match=r"(?i)secret token"):
        await bot.set_webhook("http://127.0.0.1:9/x", secret_token=secret)
