"""A small Bolt app for the fake's own tests; Muster's has tests of its own."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from slack_bolt import BoltResponse
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

from tests.slack.fake import FakeSlack

Json = dict[str, Any]
Answer = Callable[[Json], Awaitable[BoltResponse]]


class Echo:
    """Keeps what it was told in `heard`, and answers with whatever `answer` is.

    `own`: Bolt lets through what concerns the app's own messages.
    """

    def __init__(self, slack: FakeSlack, *, own: bool = False) -> None:
        self.slack = slack
        self.client = AsyncWebClient(
            slack.bot_token, base_url=slack.api_url, retry_handlers=[], timeout=5
        )
        self.bolt = AsyncApp(
            client=self.client,
            signing_secret=slack.signing_secret,
            process_before_response=True,
            ignoring_self_events_enabled=not own,
        )
        self.heard: list[Json] = []
        self.headers: list[dict[str, str]] = []
        self.answer = BoltResponse(status=200, body="")
        self.gate: asyncio.Event | None = None
        self.acts: Answer | None = None
        self.bolt.middleware(self._take)

    async def _take(self, body: Json, req: AsyncBoltRequest) -> BoltResponse:
        self.heard.append(body)
        self.slack.world.stirred.set()
        self.headers.append({key: values[0] for key, values in req.headers.items()})
        if self.gate is not None:
            await self.gate.wait()
        return self.answer if self.acts is None else await self.acts(body)

    def says(self, answer: Json) -> None:
        """Answer with this from now on."""
        self.answer = BoltResponse(status=200, body=answer)

    def fails(self, status: int, headers: dict[str, str] | None = None) -> None:
        """Answer with this status from now on."""
        self.answer = BoltResponse(status=status, body="", headers=dict(headers or {}))

    def types(self) -> list[str]:
        """The kinds of what was heard."""
        told = [one.get("event") or one for one in self.heard]
        return [str(one.get("type") or one.get("command")) for one in told]


@asynccontextmanager
async def serving(slack: FakeSlack, echo: Echo) -> AsyncIterator[None]:
    """The app takes requests over HTTP on a port of its own."""

    async def take(request: web.Request) -> web.Response:
        asked = await to_bolt_request(request)
        return await to_aiohttp_response(await echo.bolt.async_dispatch(asked))

    app = web.Application()
    app.router.add_post("/slack/events", take)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.app_url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    yield
    await runner.cleanup()
