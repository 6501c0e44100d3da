"""The fake Telegram as tests use it: a server, its chats, and hands to act as people.

```
async with FakeTelegram(clock) as fake:
    fake.user(11, "Ana Ruiz")
    fake.group(-1001, "Triage", members=[11], forum=True)
    bot = Bot(fake.token, base_url=f"{fake.api_url}/bot", base_file_url=f"{fake.api_url}/file/bot")
    await fake.starts(11)                       # before this the bot cannot write to her
    await fake.says(11, 11, "Hello")            # an update that waits for getUpdates
    tap = await fake.taps(11, 11, "Open")       # tap.toast, tap.alert, tap.url
```
"""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TypeVar

from aiohttp import web

from bot.engine.ports import Clock
from tests.slack.fake import RealClock
from tests.telegram.deliveries import Deliveries
from tests.telegram.faults import Call, Fault
from tests.telegram.pace import Pace
from tests.telegram.people import People
from tests.telegram.server import Server
from tests.telegram.state import BOT, Me, Message, World
from tests.telegram.texts import Live, detected
from tests.telegram.updates import Update, Updates

T = TypeVar("T")
TOKEN = f"{BOT}:{'fake-token':-<35}"
LIMIT = 64 * 1024 * 1024


class FakeTelegram(People):
    """One bot with its server on 127.0.0.1.

    `clock` rules limits, expiries, long polls and redelivery. `pace`: whether haste is refused.
    `local`: webhooks may be at any address, as with a server of one's own.
    """

    def __init__(
        self, clock: Clock | None = None, *, pace: bool = True, local: bool = True
    ) -> None:
        self.clock: Clock = clock or RealClock()
        self.world = World(self.clock, Me(TOKEN))
        self.violations = self.world.violations
        self.pace = Pace(self.violations, on=pace)
        self.updates = Updates(self.world)
        self.deliveries = Deliveries(self.world, self.updates, local)
        self.server = Server(self.world, self.updates, self.deliveries, self.pace)
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=LIMIT)
        self.server.routes(app)
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
        self.updates.closing = True
        self.updates.stir()
        await self.deliveries.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def token(self) -> str:
        """For `TELEGRAM_BOT_TOKEN`."""
        return self.world.me.token

    @property
    def api_url(self) -> str:
        """For `TELEGRAM_API_URL`."""
        return self.world.base

    @property
    def username(self) -> str:
        """The bot's name in links and commands."""
        return self.world.me.username

    def link(self, payload: str) -> str:
        """The address that opens the private chat and says this."""
        return f"https://t.me/{self.username}?start={payload}"

    # --- faults ---

    def fails(self, method: str, times: int | None = 1, **how: Any) -> Fault:
        """Let the next `times` requests to `method` fail (None: all of them); see `Fault`."""
        fault = Fault(method, times, **how)
        self.server.faults.append(fault)
        return fault

    def recovers(self) -> None:
        """No fault any more."""
        self.server.faults.clear()

    def revokes(self, token: str = "") -> None:
        """The bot's token is good no longer, another is."""
        self.world.me.token = token or f"{BOT}:{'another':-<35}"

    def holds(self) -> None:
        """Keep updates back until `updates.release(order)`: late, or out of order."""
        self.updates.held = []

    def malformed(self, body: Any = None, kind: str = "message", chat: int = 0) -> Update | None:
        """An update comes that is not as it should be."""
        return self.updates.put(kind, chat, {"message_id": "x"} if body is None else body)

    async def posts(self, body: object, secret: str | None = None) -> tuple[int, str]:
        """Somebody else posts to the webhook, with a secret of theirs or none; (status, why)."""
        return await self.deliveries.post(body, secret)

    # --- what the bot did ---

    @property
    def calls(self) -> list[Call]:
        """Every request of the bot, oldest first."""
        return self.server.calls

    def called(self, method: str) -> list[Call]:
        """Those to one method."""
        return [one for one in self.calls if one.method == method]

    def alive(self, message: Message) -> list[Live]:
        """Links, mentions, commands and the like that Telegram makes of bare words in it."""
        return detected(message.text, message.entities)

    def everything(self) -> list[Message]:
        """All that the bot has said and that still stands."""
        return [one for chat in self.world.chats.values() for one in self.ours(chat.id)]

    # --- waiting ---

    async def until(self, true: Callable[[], T | None], seconds: float = 20) -> T:
        """Wait until something is so, looking again whenever something passes; what it was."""
        try:
            async with asyncio.timeout(seconds):
                while not (found := true()):
                    self.world.stirred.clear()
                    await self.world.stirred.wait()
        except TimeoutError:
            last = [f"{one.method} {one.error or one.fate or 'ok'}" for one in self.calls[-8:]]
            raise AssertionError(f"it did not come; the last calls were {last}") from None
        return found

    async def settled(self, seconds: float = 20) -> None:
        """Wait until every update has been taken: confirmed by a poll, or answered with 2xx."""
        await self.until(lambda: not self.updates.waiting and not self.deliveries.busy, seconds)

    async def taken(self, update: Update, seconds: float = 20) -> None:
        """The same for one of them."""
        await self.until(lambda: update not in self.updates.waiting, seconds)
