"""The queue of updates: kept until they are confirmed, for a day, fetched by one at a time."""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from telegram.constants import PollingLimit, UpdateType

from bot.core.ids import Millis
from tests.telegram.state import BOT, ApiError, World

Json = dict[str, Any]
DAY: Millis = 86_400_000
WEEK = 7 * DAY
UNASKED = ("chat_member", "message_reaction", "message_reaction_count")
"""Kinds that come only to those who ask for them by name."""
KINDS = tuple(one.value for one in UpdateType)
ACTIVE = (
    "can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)
TERMINATED = (
    "terminated by other getUpdates request; make sure that only one bot instance is running"
)


@dataclass(slots=True, eq=False)
class Update:
    """Something that happened; `body` is what the bot gets, its id included."""

    id: int
    kind: str
    chat: int
    at: Millis
    body: Json
    tries: int = 0


class Updates:
    """`allowed` is what the bot last asked for, empty: everything but `UNASKED`.

    While `held` is a list, what happens goes there, to be `release`d later and in any order.
    `polls` counts the calls; `came` is told whenever something waits.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.waiting: list[Update] = []
        self.held: list[Update] | None = None
        self.allowed: tuple[str, ...] = ()
        self.all: list[Update] = []
        self.webhook = False
        self.closing = False
        self.polls = 0
        self.came: Callable[[], None] = lambda: None
        self.last_at: Millis = 0
        self._next = 800_000_001
        self._chance = random.Random(BOT)
        self._turn = 0
        self._came = asyncio.Event()

    def put(self, kind: str, chat: int, body: Json) -> Update | None:
        """It happened; None when the bot has not asked to hear of such a thing."""
        wanted = kind in self.allowed if self.allowed else kind not in UNASKED
        if not wanted:
            return None
        number = self._number()
        update = Update(
            number, kind, chat, self.world.clock.now(), {"update_id": number, kind: body}
        )
        self.all.append(update)
        if self.held is None:
            self.come(update)
        else:
            self.held.append(update)
        return update

    def come(self, update: Update) -> None:
        """It is there to be fetched."""
        self.waiting.append(update)
        self.stir()

    def release(self, order: Sequence[int] | None = None) -> list[Update]:
        """Let what was held come, in the order of these indices, and hold no longer."""
        held, self.held = self.held or [], None
        chosen = held if order is None else [held[at] for at in order]
        for one in chosen:
            self.come(one)
        return chosen

    def again(self, update: Update) -> None:
        """The same once more, although it was confirmed."""
        self.waiting.insert(0, update)
        self.stir()

    def stir(self) -> None:
        """Something is to be fetched, or somebody must stop waiting for it."""
        self._came.set()
        self.world.stirred.set()
        self.came()

    def forget(self) -> None:
        """What is older than a day is gone."""
        now = self.world.clock.now()
        self.waiting = [one for one in self.waiting if now - one.at < DAY]

    def _number(self) -> int:
        now = self.world.clock.now()
        if self.last_at and now - self.last_at >= WEEK:
            self._next = self._chance.randrange(10_000_000, 999_000_000)
        self.last_at = now
        self._next += 1
        return self._next - 1

    # --- polling ---

    async def fetch(self, offset: int, limit: int, seconds: int) -> list[Json]:
        """What waits, after everything below `offset` was confirmed; waits for something to come.

        Raises ApiError 409 for whoever is polling when somebody else begins, or with a webhook.
        """
        if self.webhook:
            raise ApiError(ACTIVE, 409)
        self._turn += 1
        turn = self._turn
        self.polls += 1
        self.stir()
        self._confirm(offset)
        end = self.world.clock.now() + seconds * 1_000
        while not self.waiting and not self.closing:
            if self.world.clock.now() >= end or not await self._until(end, turn):
                break
        if turn != self._turn:
            raise ApiError(TERMINATED, 409)
        if self.webhook:
            raise ApiError("terminated by setWebhook request", 409)
        self.forget()
        return [one.body for one in self.waiting[: limit or int(PollingLimit.MAX_LIMIT)]]

    def _confirm(self, offset: int) -> None:
        self.forget()
        if offset < 0:
            self.waiting = self.waiting[offset:]
        elif offset > 0:
            self.waiting = [one for one in self.waiting if one.id >= offset]

    async def _until(self, end: Millis, turn: int) -> bool:
        """Wait for the next thing to happen; whether this poll still counts."""
        self._came.clear()
        came = asyncio.ensure_future(self._came.wait())
        over = asyncio.ensure_future(self.world.clock.wait_until(end))
        try:
            await asyncio.wait({came, over}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (came, over):
                task.cancel()
            await asyncio.gather(came, over, return_exceptions=True)
        return turn == self._turn and not self.webhook
