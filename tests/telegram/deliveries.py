"""The webhook: updates are posted, several chats at a time, until the bot takes them."""

import asyncio
from collections.abc import Awaitable, Coroutine
from dataclasses import dataclass
from typing import Any

import aiohttp

from bot.core.ids import Millis
from tests.telegram.state import World
from tests.telegram.updates import Update, Updates

Json = dict[str, Any]
SECRET = "X-Telegram-Bot-Api-Secret-Token"
PATIENCE: Millis = 60_000
LONGEST: Millis = 60_000


@dataclass(slots=True, eq=False)
class Hook:
    """Where updates go; `most` at once. `error` is what went wrong last, `error_at` in seconds."""

    url: str
    secret: str = ""
    most: int = 40
    error: str = ""
    error_at: int = 0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One post: which update, when, and the status (0: no answer)."""

    update: int
    at: Millis
    status: int


class Deliveries:
    """Posts what waits in the queue. Within a chat one after the other; chats do not wait.

    What is not answered with 2xx within a minute comes again under the same number, later each
    time, by the clock of the test. `local`: as a server of one's own, it posts to any address.
    `lose_answers`: so many of the next answers do not arrive. `pause`: how long after the first
    failure it is tried again; after each further one twice as long, at most a minute.
    """

    def __init__(self, world: World, updates: Updates, local: bool) -> None:
        self.world = world
        self.updates = updates
        self.local = local
        self.hook: Hook | None = None
        self.attempts: list[Attempt] = []
        self.lose_answers = 0
        self.pause: Millis = 1_000
        self.busy = 0
        self.at_once = 0
        self._chats: set[int] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._session: aiohttp.ClientSession | None = None
        updates.came = self.go

    def set(self, hook: Hook | None) -> None:
        """Post there from now on, or nowhere."""
        self.hook = hook
        self.updates.webhook = hook is not None
        self.updates.stir()

    def go(self) -> None:
        """Begin with every chat that has something waiting, as far as there is room."""
        if self.hook is None or self.updates.closing:
            return
        for update in self.updates.waiting:
            if len(self._chats) >= self.hook.most:
                return
            if update.chat not in self._chats:
                self._chats.add(update.chat)
                self._work(self._chat(update.chat))

    def _work(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _chat(self, chat: int) -> None:
        try:
            while self.hook is not None and (update := self._next(chat)) is not None:
                if not await self._deliver(update):
                    await self._wait(min(LONGEST, self.pause << min(update.tries - 1, 16)))
        finally:
            self._chats.discard(chat)
            self.world.stirred.set()
            self.go()

    def _next(self, chat: int) -> Update | None:
        self.updates.forget()
        return next((one for one in self.updates.waiting if one.chat == chat), None)

    async def _wait(self, delay: Millis) -> None:
        end = self.world.clock.now() + delay
        while self.world.clock.now() < end:
            await self.world.clock.wait_until(end)

    async def _deliver(self, update: Update) -> bool:
        hook = self.hook
        if hook is None:
            return False
        update.tries += 1
        self.busy += 1
        self.at_once = max(self.at_once, self.busy)
        try:
            status, error = await self._within(self.post(update.body, hook.secret))
        finally:
            self.busy -= 1
        if self.lose_answers > 0:
            self.lose_answers, status, error = self.lose_answers - 1, 0, "Read timeout expired"
        self.attempts.append(Attempt(update.id, self.world.clock.now(), status))
        good = 200 <= status < 300
        if good and update in self.updates.waiting:
            self.updates.waiting.remove(update)
        if not good:
            hook.error_at = self.world.seconds()
            hook.error = error
        self.world.stirred.set()
        return good

    async def post(self, body: object, secret: str | None) -> tuple[int, str]:
        """One request to the app, whatever is in it: the status, and what went wrong."""
        assert self.hook is not None
        if self._session is None:
            self._session = aiohttp.ClientSession()
        headers = {SECRET: secret} if secret else {}
        raw = isinstance(body, bytes)
        how: Json = {"data": body} if raw else {"json": body}
        if raw:
            headers["Content-Type"] = "application/json"
        try:
            async with self._session.post(self.hook.url, headers=headers, **how) as told:
                await told.read()
                wrong = f"Wrong response from the webhook: {told.status} {told.reason}"
                return told.status, "" if told.status < 300 else wrong
        except aiohttp.ClientError:
            return 0, "Connection refused"

    async def _within(self, posting: Awaitable[tuple[int, str]]) -> tuple[int, str]:
        post = asyncio.ensure_future(posting)
        alarm = asyncio.ensure_future(self._wait(PATIENCE))
        try:
            await asyncio.wait({post, alarm}, return_when=asyncio.FIRST_COMPLETED)
            return post.result() if post.done() else (0, "Read timeout expired")
        finally:
            for task in (post, alarm):
                task.cancel()
            await asyncio.gather(post, alarm, return_exceptions=True)

    async def close(self) -> None:
        """Post nothing more."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
