"""Messages that are taken away where they stand, since they were about somebody who was erased.

Each is a row from the moment at which its words are deleted here, so none is forgotten when the
channel cannot be reached or the house stops. They go one by one, so that nothing else waits.
"""

import asyncio
from collections.abc import Iterator

import structlog

from bot.core.calendar import DAY
from bot.core.errors import Damaged, KeyGone
from bot.core.ids import Millis, SubjectId
from bot.engine.handle import Engine
from bot.engine.loops import Loop
from bot.engine.ports import Blocked, Channel, MessageGone, PlaceMoved, SendFault, Unsendable
from bot.store.base import Drop, Op, Patch, Put, Range, Row, number, text

log = structlog.get_logger(__name__)

PAUSE: Millis = 1_500
"""Between two: platforms let no more than fifty a minute be taken away."""
FIRST: Millis = 2_000
LONGEST: Millis = 600_000
TRIED_FOR: Millis = 7 * DAY
PATIENCE = 10.0
"""Seconds that a channel may take over one."""
OVER = (Blocked, MessageGone, PlaceMoved)
"""After these there is nothing of ours to be seen there, or no way to it."""


class Removals(Loop):
    """Takes messages away. Write what `of_say` and `of_card` give, and `wake` it."""

    name = "removals"

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine.clock)
        self._engine = engine

    # --- what is to go -----------------------------------------------------------------------

    def of_say(self, row: Row, subject: SubjectId) -> Iterator[Op]:
        """The message that an outbox row went out as."""
        try:
            note = self._engine.codec.open_note(text(row, "record"), subject)
        except (KeyGone, Damaged):
            return
        if isinstance(note, dict) and note.get("message"):
            yield from self._of(row, str(note["message"]), str(note.get("address") or ""))

    def of_card(self, row: Row, subject: SubjectId) -> Iterator[Op]:
        """The message that is a card of theirs."""
        try:
            address = self._engine.codec.open_note(text(row, "body"), subject)
        except (KeyGone, Damaged):
            return
        if row["message"]:
            yield from self._of(row, text(row, "message"), str(address or ""))

    def _of(self, row: Row, message: str, address: str) -> Iterator[Op]:
        channel = self._engine.parts.channels.get(text(row, "channel"))
        if channel is not None and not _takes_away(channel):
            return
        now = self._clock.now()
        body = self._engine.codec.seal_note(address, None)
        key = {"channel": text(row, "channel"), "message": message}
        yield Put("removals", {**key, "at": now, "due": now, "tries": 0, "body": body})

    # --- taking away -------------------------------------------------------------------------

    async def turn(self) -> Millis | None:
        """Take one away; when the next one is due."""
        now, store = self._clock.now(), self._engine.store
        due = Range("due", below=now + 1)
        rows = await store.select("removals", within=due, order="due", limit=1)
        for row in rows:
            await self._remove(row)
        left = await store.select("removals", order="due", limit=1)
        if not left:
            return None
        return max(number(left[0], "due"), now + PAUSE if rows else now)

    async def _remove(self, row: Row) -> None:
        channel = self._engine.parts.channels.get(text(row, "channel"))
        key: Row = {"channel": row["channel"], "message": row["message"]}
        try:
            if channel is None:
                raise SendFault("No such channel is connected.")
            if _takes_away(channel):
                address = str(self._engine.codec.open_note(text(row, "body"), None) or "")
                async with asyncio.timeout(PATIENCE):
                    await channel.delete(address, text(row, "message"))
        except (SendFault, TimeoutError) as fault:
            if not self._is_over(row, fault):
                await self._engine.store.write([self._later(row, key)])
                return
        await self._engine.store.write([Drop("removals", key)])

    def _is_over(self, row: Row, fault: Exception) -> bool:
        if isinstance(fault, OVER):
            return True
        given_up = isinstance(fault, Unsendable) and fault.final
        if not given_up and self._clock.now() - number(row, "at") < TRIED_FOR:
            return False
        log.warning("a message about somebody who was erased stays", reason=str(fault))
        return True

    def _later(self, row: Row, key: Row) -> Op:
        tries = number(row, "tries") + 1
        due = self._clock.now() + min(LONGEST, FIRST << min(tries, 20))
        return Patch("removals", key, {"tries": tries, "due": due})


def _takes_away(channel: Channel) -> bool:
    """Whether what was sent there can be taken away; what people fetch went with its row."""
    return channel.capabilities.deletes and not channel.capabilities.pulled
