"""A process with customers in Telegram, killed around each of their presses and words."""

import asyncio
import socket
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from bot.store.base import text
from bot.wiring import House
from tests.line.tg import By
from tests.line.tg_story import SITE
from tests.proof import telegram_server
from tests.proof.http import points
from tests.proof.http.keeper import Keeper, kept
from tests.telegram.fake import FakeTelegram
from tests.telegram.updates import Update

LONGEST = 60
POINTS = (points.BEFORE_COMMIT, points.BEFORE_ANSWER)
"""Between receipt and commit, between commit and acknowledgement."""
PERSON = "I want a person"
PRESSED, WRITTEN = "intake_left", "message_received"


@dataclass
class Killed:
    """What was done and found; `kills` by way and point."""

    kills: Counter[str] = field(default_factory=Counter)
    words: int = 0
    presses: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def bad(self) -> list[str]:
        """Everything that should not be."""
        return [*self.lost, *self.doubled, *self.wrong]


@dataclass
class Life:
    """One process that is started again and again, and the customers who talk to it."""

    by: By
    keeper: Keeper
    telegram: FakeTelegram
    found: Killed

    async def over(self, point: str, act: Callable[[], Awaitable[object]]) -> None:
        """It is killed at `point` by what they do, and they do nothing more."""
        await self.keeper.asked("rest")
        life = self.keeper.lives
        await self.keeper.asked("light", point=point, count=1)
        await act()
        update = self.telegram.updates.all[-1]
        await asyncio.wait_for(self.keeper.after(life), LONGEST)
        self.found.kills[f"{self.by}, {point}"] += 1
        await self.telegram.settled(LONGEST)
        if self._handed_over(update) < 2:
            self.found.wrong.append(f"it was not killed while it took update {update.id}")

    def _handed_over(self, update: Update) -> int:
        """How often Telegram gave it to us."""
        if self.by == "webhook":
            return sum(one.update == update.id for one in self.telegram.deliveries.attempts)
        given = (one.result or () for one in self.telegram.called("getUpdates"))
        return sum(update.body in one for one in given)

    async def customer(self, number: int, pressing: str, writing: str) -> None:
        """Somebody asks for a person, and then writes to them; both with a kill at that point."""
        user, telegram = 1_000 + number, self.telegram
        telegram.user(user, f"Customer {number}")
        await telegram.starts(user, SITE)
        await telegram.until(lambda: self._asked(user), LONGEST)
        await self.over(pressing, lambda: telegram.taps(user, user, PERSON, wait=False))
        self.found.presses += 1
        await self.over(writing, lambda: telegram.says(user, user, f"These are words {number}."))
        self.found.words += 1

    def _asked(self, user: int) -> bool:
        return any(PERSON in one.labels for one in self.telegram.ours(user))


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


async def counted(folder: Path, customers: int, found: Killed) -> None:
    """Look into the log that is left: each press and each word is there, once."""
    house = House(folder / "data")
    await house.open()
    try:
        rows = await house.store.select("reports", limit=10_000)
        for row in rows:
            stream = text(row, "report")
            log = await house.store.events(stream, 0, 500)
            tags = Counter(one.row.tag for one in log)
            for tag in (PRESSED, WRITTEN):
                _once(found, tags[tag], f"{tag} in {stream}")
        if len(rows) != customers:
            found.wrong.append(f"{len(rows)} reports of {customers} customers")
    finally:
        await house.stop()


def _once(found: Killed, count: int, what: str) -> None:
    if count < 1:
        found.lost.append(what)
    elif count > 1:
        found.doubled.append(f"{what}: {count} times")


def _shown(telegram: FakeTelegram, found: Killed) -> None:
    """Nobody was answered the same twice, and nothing is left over."""
    for chat in telegram.world.chats.values():
        for said, count in Counter(one.text for one in telegram.ours(chat.id)).items():
            if count > 1:
                found.doubled.append(f"{count} times in one chat: {said[:60]}")
    if telegram.updates.waiting:
        found.lost.append(f"{len(telegram.updates.waiting)} updates were never taken")


async def killed(folder: Path, by: By, each: int, found: Killed) -> None:
    """Lives through `each` kills at each point, by this way, and looks at what Telegram shows."""
    port = _free_port()
    async with FakeTelegram(pace=False) as telegram:
        settings = {
            "TELEGRAM_BOT_TOKEN": telegram.token,
            "TELEGRAM_API_URL": telegram.api_url,
        }
        if by == "webhook":
            settings["TELEGRAM_WEBHOOK_URL"] = f"http://127.0.0.1:{port}"
        async with kept(folder, telegram_server.run, settings, port) as keeper:
            life = Life(by, keeper, telegram, found)
            try:
                for number in range(1, each + 1):
                    await life.customer(number, *POINTS[:: 1 if number % 2 else -1])
                await keeper.asked("rest")
            except AssertionError as trouble:
                found.wrong.append(f"{trouble}; its log ends: {keeper.tail()}")
        _shown(telegram, found)
        found.wrong += telegram.violations
