"""Dos: commands from one stream to another, carried over after the commit that decided them.

The outbox row is deleted in the target's own transaction, so each happens exactly once.
From one stream to one target they run in order, one after the other; unpaced, and before
anything is sent to people. A Do to many streams is first unfolded in chunks.
"""

import asyncio
from collections import defaultdict

import structlog

from bot.core.errors import Damaged, MusterError
from bot.core.ids import Millis
from bot.core.intents import Do
from bot.core.report_words import JoinIncident
from bot.engine.audience import Unfolder, audience
from bot.engine.handle import Engine
from bot.engine.loops import AFTER_TROUBLE, Loop
from bot.engine.prepare import Planned
from bot.engine.timers import done
from bot.store.base import Drop, Patch, Row, number, text

log = structlog.get_logger(__name__)

PAGE = 500
_MOVES = f'{{"tag":"{JoinIncident.tag}"'
"""What the row of a command begins with that moves a report to another incident."""


class Dos(Loop):
    """Carries commands between streams."""

    name = "dos"

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine.clock)
        self._engine = engine
        self._unfolder = Unfolder(engine)
        self._one_at_a_time = asyncio.Lock()
        self._held = False

    def notice(self, planned: Planned) -> None:
        """A unit was committed: wake when it left a Do."""
        if planned.work and any(isinstance(intent, Do) for _, intent in planned.work.intents):
            self.wake()

    async def turn(self) -> Millis | None:
        """Carry a page; come back at once when there was one."""
        async with self._one_at_a_time:
            return await self._page()

    async def _page(self) -> Millis | None:
        rows = await self._engine.store.select(
            "outbox", {"kind": "do", "state": "waiting"}, order="id", limit=PAGE
        )
        self._held = False
        lines: dict[tuple[object, object], list[Row]] = defaultdict(list)
        for row in await self._unfolded(sorted(rows, key=_decided)):
            lines[row["source"], row["target"]].append(row)
        results = await asyncio.gather(*(self._line(line) for line in lines.values()))
        if self._held or not all(results):
            return self._clock.now() + AFTER_TROUBLE
        return self._clock.now() if rows else None

    async def _unfolded(self, rows: list[Row]) -> list[Row]:
        """The rows for one stream each. What a stream wants after a Do to many waits for that."""
        single: list[Row] = []
        held: dict[object, None] = {}
        looked: dict[tuple[object, object], bool] = {}
        for row in rows:
            whom, said = audience(row), (row["source"], row["position"])
            if said not in looked and _moves(row):
                looked[said] = await self._too_early(row)
            if looked.get(said) and row["source"] not in held:
                held[row["source"]] = None
                self._held = True
            if row["source"] in held:
                continue
            if whom is None:
                single.append(row)
            else:
                await self._unfolder.chunk(row, whom)
                held[row["source"]] = None
        return single

    async def _too_early(self, row: Row) -> bool:
        """Whether it moves reports to whom something that was said before is not addressed yet.

        Who is to hear it is read from where reports hang, so they stay until that was read.
        """
        says = {"kind": "say", "state": "waiting", "target": f"reporters::{text(row, 'source')}"}
        position = number(row, "position")
        waiting = await self._engine.store.select("outbox", says, limit=PAGE)
        return any(number(one, "position") < position for one in waiting)

    async def _line(self, rows: list[Row]) -> bool:
        for row in rows:
            if not await self._carry(row, text(row, "target")):
                return False
        return True

    async def _carry(self, row: Row, target: str) -> bool:
        try:
            command = self._engine.codec.decode_command(text(row, "body"))
        except Damaged:
            log.exception("a Do cannot be read", source=row["source"], target=target)
            dead = {"state": "dead", "reason": "damaged"}
            await self._engine.store.write([Patch("outbox", {"id": row["id"]}, dead)])
            return True
        try:
            answer = await self._engine.house(
                command,
                target,
                "do",
                text(row, "cause"),
                ops=(Drop("outbox", {"id": row["id"]}),),
                source=text(row, "source"),
            )
        except MusterError:
            return False
        return done(answer)


def _moves(row: Row) -> bool:
    return text(row, "body").startswith(_MOVES)


def _decided(row: Row) -> tuple[int, int]:
    """Copies stand where the row stood that they were made of."""
    return number(row, "position"), number(row, "id")
