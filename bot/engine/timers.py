"""Timers: rows that become commands of the house when they are due, in order, once each.

The row is deleted in the transaction of the command that it brings, so a crash in between
fires it again and a crash after it does not. Late ones (the process was down) are caught up
in order of their due time; what a late one means is for its decider to say.
"""

import asyncio
from collections.abc import Callable

import structlog

from bot.core.commands import Answer
from bot.core.errors import Damaged, MusterError
from bot.core.ids import Millis
from bot.core.intents import SetTimer
from bot.engine.handle import Engine
from bot.engine.loops import AFTER_TROUBLE, Loop
from bot.engine.prepare import Planned
from bot.store.base import Drop, Put, Range, Row, number, text

log = structlog.get_logger(__name__)

PAGE = 256
"""Two batches: enough to keep the disk busy, and few enough that a press waits behind little."""
BEHIND_MOST = 15.0
NOT_DONE = ("not_saved", "stopping", "overloaded")


class Timers(Loop):
    """Fires what is due."""

    name = "timers"

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine.clock)
        self._engine = engine
        self._next: Millis | None = None
        self._behind: float | None = None
        self._slept: Millis | None = None
        self.on_caught_up: Callable[[], None] = lambda: None

    @property
    def behind(self) -> bool:
        """It has just begun and what was due before is not done yet; never for long."""
        return self._behind is not None and self._clock.ticks() - self._behind < BEHIND_MOST

    def overslept(self, at: Millis) -> bool:
        """Whether what was decided at `at` may be what was to be done while it slept."""
        return self.behind or (self._slept is not None and at <= self._slept)

    async def start(self) -> None:
        """Begin with what is late."""
        self._behind = self._clock.ticks()
        await super().start()

    def notice(self, planned: Planned) -> None:
        """A unit was committed: wake when it set a timer for earlier than the next one."""
        for _, intent in planned.work.intents if planned.work else ():
            if isinstance(intent, SetTimer) and (self._next is None or intent.due < self._next):
                self.wake()

    async def turn(self) -> Millis | None:
        """Fire a page of what is due; come back at the next due time."""
        now = self._clock.now()
        due = await self._engine.store.select(
            "timers", within=Range("due", below=now + 1), order="due", limit=PAGE
        )
        done = await asyncio.gather(*(self._fire(row, now) for row in due))
        if due and self._behind is not None:
            self._slept = self._clock.now()
        if not all(done):
            self._next = now + AFTER_TROUBLE
        elif due:
            self._next = now
        else:
            rows = await self._engine.store.select("timers", order="due", limit=1)
            self._next = number(rows[0], "due") if rows else None
            if self._behind is not None:
                self._behind = None
                self.on_caught_up()
        return self._next

    async def _fire(self, row: Row, now: Millis) -> bool:
        due = number(row, "due")
        self._engine.metrics.timer_lag.observe(max(0, now - due) / 1000)
        key = {"stream": row["stream"], "name": row["name"], "due": due}
        try:
            command = self._engine.codec.decode_command(text(row, "command"))
        except Damaged as damage:
            await self._put_away(row, damage)
            return True
        try:
            answer = await self._engine.house(
                command,
                text(row, "stream"),
                "timer",
                text(row, "cause"),
                ops=(Drop("timers", key),),
            )
        except MusterError:
            return False
        return done(answer)

    async def _put_away(self, row: Row, damage: Damaged) -> None:
        """What nobody can read must not come again for ever; the desk lists it."""
        log.error("a timer cannot be read", stream=row["stream"], timer=row["name"])
        key = {"stream": row["stream"], "name": row["name"]}
        kept = {
            "id": None,
            "at": self._clock.now(),
            "stream": row["stream"],
            "command": row["name"],
            "state": "waiting",
            "reason": type(damage).__name__,
            "subject": None,
            "body": self._engine.codec.seal_note({"command": str(row["command"])}, None),
        }
        await self._engine.store.write([Put("quarantine", kept), Drop("timers", key)])


def done(answer: Answer) -> bool:
    """Whether the house's command reached the disk, even if it was refused for good."""
    return answer.code not in NOT_DONE
