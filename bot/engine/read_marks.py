"""What became of each answer on its way to a customer, by the rows of the ledger."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.core.ids import Millis, StreamId
from bot.engine.ledger_views import End, end_of
from bot.engine.read import Reads
from bot.store.base import Row, number, text

ON_ITS_WAY: End = "coming"
ARRIVED: End = "told"
DEAD: tuple[End, ...] = ("blocked", "expired", "failed")


@dataclass(frozen=True, slots=True)
class Mark:
    """`letter` is its number in the ledger, `channel` what people call it by which it goes.

    `at` is when it arrived; `due` when it is tried again after so many `tries`; `down`: nothing
    goes through that channel at the moment. `detail` is what the platform said.
    """

    end: End
    channel: str
    letter: int
    at: Millis | None = None
    due: Millis | None = None
    tries: int = 0
    down: bool = False
    detail: str = ""

    @property
    def waits(self) -> bool:
        """Whether it is still to go out."""
        return self.end == ON_ITS_WAY

    @property
    def arrived(self) -> bool:
        """Whether it is where they read it."""
        return self.end == ARRIVED

    @property
    def can_replay(self) -> bool:
        """Whether it may be tried again by hand."""
        return self.end in DEAD


async def marks(reads: Reads, report: StreamId, numbers: Iterable[int]) -> Mapping[int, Mark]:
    """Those of messages of a report, by their numbers. Whoever fetches what is new by themselves
    has none: it lies there at once, and the report knows whether they have seen it.
    """
    wanted = [f"{report}/{one}" for one in numbers]
    if not wanted:
        return {}
    rows = await reads.store.select(
        "outbox", {"kind": "say", "about": wanted}, order="id", limit=2 * len(wanted)
    )
    found = ((row, _mark(reads, row)) for row in rows)
    return {_number(row): mark for row, mark in found if mark is not None}


def _number(row: Row) -> int:
    return int(text(row, "about").rpartition("/")[2])


def _mark(reads: Reads, row: Row) -> Mark | None:
    name, parts = text(row, "channel"), reads.engine.parts
    channel = parts.channels.get(name)
    if channel is not None and channel.capabilities.pulled:
        return None
    first, _, rest = text(row, "reason").partition(":")
    end, tries = end_of(text(row, "state"), first), number(row, "tries")
    waits = end == ON_ITS_WAY
    return Mark(
        end=end,
        channel=name if channel is None else channel.title,
        letter=number(row, "id"),
        at=number(row, "due") if end == ARRIVED else None,
        due=number(row, "due") if waits and tries else None,
        tries=tries if waits else 0,
        down=waits and name in reads.engine.standins.down,
        detail=rest.strip() if row["state"] == "dead" else "",
    )
