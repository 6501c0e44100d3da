"""Checkpoints: every minute, a sealed note of where each stream that moved stands.

Chained and keyed, so that whoever rewrites the log would have to know the key; copied to a
witness outside the database, so that a shorter log cannot pass for the whole.
"""

import asyncio
import json
from typing import Protocol

from bot.core.ids import Millis, StreamId
from bot.engine.loops import Loop
from bot.engine.ports import Clock
from bot.store.base import Put, Row, Store, number, text
from bot.store.codec import Codec

EVERY: Millis = 60_000
SLICE = 500

Heads = dict[StreamId, tuple[int, bytes]]


class Witness(Protocol):
    """A place outside the database that keeps one line per checkpoint."""

    async def append(self, line: str) -> None:
        """Keep `line`, durable at return."""

    async def lines(self) -> list[str]:
        """All lines in order."""


def heads_text(heads: Heads) -> str:
    """Canonical text of the heads that a checkpoint covers."""
    rows = [[stream, version, head.hex()] for stream, (version, head) in sorted(heads.items())]
    return json.dumps(rows, separators=(",", ":"))


def read_heads(text: str) -> Heads:
    """The heads of a checkpoint row. Raises ValueError for what is not one."""
    return {stream: (version, bytes.fromhex(head)) for stream, version, head in json.loads(text)}


def line_of(row: Row) -> str:
    """What the witness keeps of a checkpoint."""
    serial, at, position = (number(row, name) for name in ("number", "at", "position"))
    return f"{serial} {at} {position} {text(row, 'mac')}"


def seal(codec: Codec, before: str, serial: int, at: Millis, position: int, heads: str) -> str:
    """The keyed hash that ties a checkpoint to the one before it."""
    return codec.checkpoint_mac(str(serial), str(at), str(position), before, heads)


class Checkpoints(Loop):
    """Writes a checkpoint each minute in which something happened."""

    name = "checkpoints"

    def __init__(self, store: Store, codec: Codec, clock: Clock, witness: Witness) -> None:
        super().__init__(clock)
        self._store = store
        self._codec = codec
        self._witness = witness
        self._one_at_a_time = asyncio.Lock()

    async def turn(self) -> Millis:
        """One checkpoint, if the log has moved."""
        await self.write()
        return self._clock.now() + EVERY

    async def catch_up(self) -> None:
        """Give the witness what a crash kept from it. What it has too much is for `verify`."""
        lines = await self._witness.lines()
        seen = int(lines[-1].split()[0]) if lines else 0
        newest = await self._newest()
        if newest is None or number(newest, "number") <= seen:
            return
        for missing in range(seen + 1, number(newest, "number") + 1):
            rows = await self._store.select("checkpoints", {"number": missing}, limit=1)
            if rows:
                await self._witness.append(line_of(rows[0]))

    async def write(self) -> int:
        """A checkpoint of everything up to now; returns its number, or 0 when nothing moved."""
        async with self._one_at_a_time:
            await self.catch_up()
            return await self._write()

    async def _write(self) -> int:
        newest = await self._newest()
        last, since, before = 0, 0, ""
        if newest is not None:
            last, since = number(newest, "number"), number(newest, "position")
            before = text(newest, "mac")
        heads, position = await self._moved(since)
        if position == since:
            return 0
        covered = heads_text(heads)
        at = self._clock.now()
        row: Row = {
            "number": last + 1,
            "at": at,
            "position": position,
            "heads": covered,
            "mac": seal(self._codec, before, last + 1, at, position, covered),
        }
        await self._store.write([Put("checkpoints", row, new=True)])
        await self._witness.append(line_of(row))
        return last + 1

    async def _newest(self) -> Row | None:
        rows = await self._store.select("checkpoints", order="number", descending=True, limit=1)
        return rows[0] if rows else None

    async def _moved(self, since: int) -> tuple[Heads, int]:
        heads: Heads = {}
        position = since
        while page := await self._store.log(position, SLICE):
            for one in page:
                heads[one.row.stream] = (one.row.version, one.hash)
            position = page[-1].position
        return heads, position
