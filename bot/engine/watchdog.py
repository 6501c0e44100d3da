"""The watchdog: each minute it looks whether what was due has happened, in the store itself.

It asks nobody how they are but the rows that they should have dealt with: a worker that hangs, or
that believes to have nothing to do, is found by what it left lying. What it finds is on `/healthz`
and on the desk, and holds the heartbeat back (`heartbeat`).
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import structlog

from bot.core.errors import MusterError
from bot.core.ids import Millis
from bot.core.incident import Incident
from bot.engine.audience import audience
from bot.engine.hub import Ailed
from bot.engine.loops import Loop
from bot.engine.machine import Machine
from bot.store.base import Put, Range, Row, number, text
from bot.workflows.escalation_alarms import timer

log = structlog.get_logger(__name__)

SECOND: Millis = 1_000
EVERY: Millis = 60 * SECOND
GRACE: Millis = 60 * SECOND
PATIENCE: Millis = 30 * SECOND
STUCK = 120.0
"""Seconds after which a single turn of a worker is no longer work."""
UNSEEN = 180.0
"""Seconds after which the watchdog itself must have looked again."""
CHECKPOINT: Millis = 180 * SECOND
CARD_WAITS: Millis = 180 * SECOND
MARK = "watchdog"
LOOKED_AT = 500
INCIDENTS = 200

What = Literal[
    "worker",
    "store",
    "timers",
    "orders",
    "audiences",
    "messages",
    "alarms",
    "checkpoint",
    "watchdog",
]
"""A worker hangs or ended; nothing can be committed; a timer, a command from stream to stream, an
audience or a message was due and nothing came of it; an alarm will not sound again; no checkpoint
covers what happened; the watchdog itself does not look any more.
"""
WAITS: dict[str, Millis] = {"safety": GRACE, "reply": 5 * GRACE, "card": 30 * GRACE}
"""How late the first try of a message may be, by its lane; bulk is never late."""


@dataclass(frozen=True, slots=True)
class Late:
    """Something that was due and has not happened; `about` names the worker, or whatever it is."""

    what: What
    since: Millis
    about: str = ""


class Watchdog(Loop):
    """The worker. `late` is what it knows at this moment."""

    name = "watchdog"

    def __init__(self, machine: Machine) -> None:
        super().__init__(machine.parts.clock)
        self._machine = machine
        self._store = machine.parts.store
        self._found: tuple[Late, ...] = ()
        self._looked: float | None = None
        self._above = ""
        self._silent: dict[str, Late] = {}

    @property
    def late(self) -> tuple[Late, ...]:
        """What was found last, and whether that was long ago."""
        if self._looked is None or self._clock.ticks() - self._looked <= UNSEEN:
            return self._found
        gone = round((self._clock.ticks() - self._looked) * SECOND)
        return (*self._found, Late("watchdog", self._clock.now() - gone))

    @property
    def well(self) -> bool:
        """It has looked lately, and all that was due has happened."""
        return self._looked is not None and not self.late

    async def turn(self) -> Millis | None:
        """Look at everything once."""
        found = await self._look(self._clock.now())
        self._looked = self._clock.ticks()
        since = {(one.what, one.about): one.since for one in self._found}
        fresh = tuple(
            Late(x.what, min(x.since, since.get((x.what, x.about), x.since)), x.about)
            for x in found
        )
        before, self._found = self._found, fresh
        self._machine.metrics.late(x.what for x in fresh)
        if fresh != before:
            self._tell(before, fresh)
        return self._clock.now() + EVERY

    def _tell(self, before: Sequence[Late], now: Sequence[Late]) -> None:
        for one in now:
            if one not in before:
                log.error("late", what=one.what, since=one.since, about=one.about)
        if not now:
            log.info("nothing is late any more")
        self._machine.hub.tell(Ailed())

    async def _look(self, now: Millis) -> list[Late]:
        found = self._workers(now)
        checks: Sequence[Callable[[Millis], Awaitable[list[Late]]]] = (
            self._commits,
            self._timers,
            self._outbox,
            self._checkpoint,
            self._alarms,
        )
        for check in checks:
            try:
                found += await self._within(check(now))
            except (MusterError, TimeoutError) as trouble:
                log.warning("the store does not answer", reason=str(trouble))
                return [*found, Late("store", now)]
        return found

    async def _within(self, work: Awaitable[list[Late]]) -> list[Late]:
        """What it finds in time. Raises TimeoutError: whoever watches must not hang as well."""
        task = asyncio.ensure_future(work)
        limit = asyncio.ensure_future(self._clock.wait_until(self._clock.now() + PATIENCE))
        try:
            await asyncio.wait({task, limit}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            limit.cancel()
        if not task.done():
            task.cancel()
            raise TimeoutError("nothing came back")
        return task.result()

    # --- what is looked at -----------------------------------------------------------------

    def _workers(self, now: Millis) -> list[Late]:
        """Those that ended, or have been at one turn for too long."""
        return [
            Late("worker", now - round(one.busy_for * SECOND), one.name)
            for one in self._machine.workers
            if one is not self and (not one.alive or one.busy_for > STUCK)
        ]

    async def _commits(self, now: Millis) -> list[Late]:
        """Nothing else proves that something can be committed."""
        await self._store.write([Put("marks", {"name": MARK, "at": now})])
        return []

    async def _timers(self, now: Millis) -> list[Late]:
        rows = await self._store.select(
            "timers", within=Range("due", below=now - GRACE), order="due", limit=1
        )
        return [Late("timers", number(row, "due"), text(row, "name")) for row in rows]

    async def _outbox(self, now: Millis) -> list[Late]:
        """The first of each kind that nobody has tried, though nothing holds it back."""
        overdue = Range("due", below=now - GRACE)
        waiting = {"state": "waiting"}
        rows = await self._store.select(
            "outbox", waiting, within=overdue, order="due", limit=LOOKED_AT
        )
        pauses = await self._store.select("pauses", limit=LOOKED_AT)
        held = {text(row, "destination") for row in pauses}
        tried = {row["target"] for row in rows if row["tries"] or row["sending"]}
        found: dict[What, Late] = {}
        for row in rows:
            what = _overdue(row, now)
            if what == "messages" and (row["target"] in tried or _is_held(row, held, now)):
                continue
            if what is not None:
                found.setdefault(what, Late(what, number(row, "due")))
        return list(found.values())

    async def _checkpoint(self, now: Millis) -> list[Late]:
        rows = await self._store.select("checkpoints", order="number", descending=True, limit=1)
        covered = number(rows[0], "position") if rows else 0
        first = await self._store.log(covered, 1)
        late = [one.row.at for one in first if one.row.at < now - CHECKPOINT]
        return [Late("checkpoint", at) for at in late]

    async def _alarms(self, now: Millis) -> list[Late]:
        """An alarm without a timer would fall silent; some incidents at each look."""
        rows = await self._store.select(
            "incidents",
            {"ended": 0},
            within=Range("incident", above=self._above),
            order="incident",
            limit=INCIDENTS,
        )
        looked = [text(row, "incident") for row in rows]
        self._above = looked[-1] if len(looked) == INCIDENTS else ""
        for stream, state in (await self._machine.engine.look(looked)).items():
            self._silent.pop(stream, None)
            if isinstance(state, Incident) and (since := await self._silence(state)) is not None:
                self._silent[stream] = Late("alarms", since, state.reference)
        return list(self._silent.values())[:1]

    async def _silence(self, state: Incident) -> Millis | None:
        """Since when an alarm of it has nothing that will sound it again."""
        if not state.alarms:
            return None
        rows = await self._store.select("timers", {"stream": state.stream}, limit=LOOKED_AT)
        set_ = {text(row, "name") for row in rows}
        old = self._clock.now() - GRACE
        silent = (x.at for x in state.alarms if timer(x.cause, x.about) not in set_ and x.at < old)
        return min(silent, default=None)


def _overdue(row: Row, now: Millis) -> What | None:
    """What a row that waits should have come to by now; None while it may wait."""
    late = now - number(row, "due")
    if row["kind"] == "do":
        return "orders"
    if audience(row) is not None:
        return "audiences"
    return "messages" if late > WAITS.get(text(row, "lane"), late) else None


def _is_held(row: Row, held: set[str], now: Millis) -> bool:
    """Whether its destination or its channel takes nothing now, or it waits for its card."""
    channel, seat = text(row, "channel"), text(row, "target")
    beneath = text(row, "member").startswith(("inc_", "rep_"))
    young = now - number(row, "due") < CARD_WAITS
    return (beneath and young) or channel in held or f"{channel}/{seat}" in held
