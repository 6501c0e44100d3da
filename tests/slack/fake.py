"""The fake Slack as tests use it: a server, a workspace, and hands to act as its people.

```
async with FakeSlack(clock) as slack:
    slack.user("U1", "Ana Ruiz")
    slack.channel("C1", "triage", members=["U1"])
    client = AsyncWebClient(token=slack.bot_token, base_url=slack.api_url)
    slack.app_url = "http://127.0.0.1:8080/slack/events"   # or nothing, for Socket Mode
    await slack.says("U1", "C1", "Hello")
```
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self, TypeVar

from aiohttp import web

from bot.core.ids import Millis
from bot.engine.ports import Clock
from tests.slack.alive import Alive, alive
from tests.slack.carriers import OverHttp, OverSocket
from tests.slack.deliveries import Carrier, Deliveries
from tests.slack.faults import Call, Fault
from tests.slack.pace import Pace
from tests.slack.people import People
from tests.slack.server import Server
from tests.slack.state import Message, Token, View, World

T = TypeVar("T")
BOT_TOKEN, APP_TOKEN, SECRET = "xoxb-fake-bot", "xapp-fake-app", "fake-signing-secret"
SCOPES = (
    "app_mentions:read",
    "channels:history",
    "channels:join",
    "channels:manage",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "groups:write",
    "im:history",
    "im:read",
    "im:write",
    "team:read",
    "usergroups:read",
    "users:read",
    "users:read.email",
)


class RealClock:
    """The clock of the computer."""

    def now(self) -> Millis:
        """Milliseconds since the epoch."""
        return int(time.time() * 1_000)

    def ticks(self) -> float:
        """Seconds on a clock that never goes back."""
        return time.monotonic()

    async def wait_until(self, at: Millis) -> None:
        """Return at `at`."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[None] = loop.create_future()
        handle = loop.call_later(max(0, at - self.now()) / 1_000, done.set_result, None)
        try:
            await done
        finally:
            handle.cancel()


class FakeSlack(People):
    """One workspace with its server on 127.0.0.1.

    `clock` rules limits, expiries, acknowledgements and retries. `pace`: whether haste is
    refused. Deliveries go to `app_url` when it is set, else through the sockets of the app.
    """

    bot_token, app_token, signing_secret = BOT_TOKEN, APP_TOKEN, SECRET

    def __init__(self, clock: Clock | None = None, *, pace: bool = True) -> None:
        self.clock: Clock = clock or RealClock()
        self.world = World(self.clock)
        self.world.tokens[BOT_TOKEN] = Token("bot", SCOPES)
        self.world.tokens[APP_TOKEN] = Token("app", ("connections:write",))
        self.pace = Pace(on=pace)
        self.violations = self.pace.violations
        self.troubles: list[str] = []
        self.server = Server(self.world, self.pace)
        self.world.tells = self._echo
        self.sockets = OverSocket(self.world)
        self.deliveries = Deliveries(self.world, self._way)
        self.http: OverHttp | None = None
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        self.server.routes(app)
        app.router.add_get("/link/", self.sockets.link)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.world.base = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.deliveries.close()
        await self.sockets.close()
        if self.http is not None:
            await self.http.close()
        if self._runner is not None:
            await self._runner.cleanup()

    # --- where it is, and where the app is ---

    @property
    def api_url(self) -> str:
        """For `SLACK_API_URL` and `AsyncWebClient(base_url=...)`."""
        return f"{self.world.base}/api/"

    @property
    def app_url(self) -> str:
        """Where the app takes requests, "" for Socket Mode."""
        return "" if self.http is None else self.http.url

    @app_url.setter
    def app_url(self, url: str) -> None:
        self.http = OverHttp(url, self.signing_secret)

    def _way(self) -> Carrier:
        return self.http if self.http is not None else self.sockets

    @property
    def scopes(self) -> tuple[str, ...]:
        """What the bot's key may do; set it to take something away."""
        return self.world.tokens[BOT_TOKEN].scopes

    @scopes.setter
    def scopes(self, scopes: tuple[str, ...]) -> None:
        self.world.tokens[BOT_TOKEN].scopes = scopes

    # --- faults ---

    def fails(self, path: str, times: int | None = 1, **how: Any) -> Fault:
        """Let the next `times` requests to `path` fail (None: all of them); see `Fault`."""
        fault = Fault(path, times, **how)
        self.server.faults.append(fault)
        return fault

    def recovers(self) -> None:
        """No fault any more."""
        self.server.faults.clear()

    def holds(self) -> None:
        """Keep events back until `deliveries.release(order)`: late, or out of order."""
        self.deliveries.held = []

    @contextmanager
    def forging(self, secret: str = "", age: int = 0) -> Iterator[None]:
        """Deliveries by HTTP carry a false signature, or one that is `age` seconds old."""
        assert self.http is not None
        before = self.http.secret, self.http.age
        self.http.secret, self.http.age = secret or before[0], age
        yield
        self.http.secret, self.http.age = before

    @contextmanager
    def elsewhere(self, team: str = "T9") -> Iterator[None]:
        """Everything seems to come from another workspace."""
        before, self.team = self.team, team
        yield
        self.team = before

    # --- what the app did ---

    @property
    def calls(self) -> list[Call]:
        """Every request of the app, oldest first."""
        return self.server.calls

    def called(self, path: str) -> list[Call]:
        """Those to one method."""
        return [one for one in self.calls if one.path == path]

    def alive(self, what: Message | View) -> Alive:
        """What would come alive in it; nothing of a customer's ever may."""
        return alive({**what.body, **(what.asked if isinstance(what, Message) else {})})

    def everything(self) -> list[Message | View]:
        """All that the app has shown anybody and that still stands."""
        placed = [one for place in self.world.channels.values() for one in place.messages.values()]
        ours = [one for one in [*placed, *self.world.ephemerals] if "bot_id" in one.body]
        return [*ours, *self.world.open_views()]

    async def until(self, true: Callable[[], T | None], seconds: float = 20) -> T:
        """Wait until something is so, looking again whenever something passes; what it was."""
        try:
            async with asyncio.timeout(seconds):
                while not (found := true()):
                    self.world.stirred.clear()
                    await self.world.stirred.wait()
        except TimeoutError:
            last = [f"{one.path} {one.error or one.fate or 'ok'}" for one in self.calls[-8:]]
            raise AssertionError(f"it did not come; the last calls were {last}") from None
        return found

    async def settled(self) -> None:
        """Wait until nothing is on its way to the app."""
        await self.deliveries.settled()
