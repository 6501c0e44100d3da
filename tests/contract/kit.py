"""Units to write, and places where stores keep what they are given."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from bot.core.ids import StreamId
from bot.store.base import (
    GENESIS,
    Committed,
    DedupeRow,
    EventRow,
    Op,
    Outcome,
    Row,
    Store,
    Unit,
    Violated,
)
from bot.store.memory import MemoryStore
from bot.store.sqlite import SqliteStore


class Place(Protocol):
    """Where a kind of store keeps its data."""

    async def store(self) -> Store:
        """An open store on what is kept there."""


class InMemory:
    def __init__(self) -> None:
        self._store = MemoryStore()

    async def store(self) -> Store:
        await self._store.open()
        return self._store


class InFile:
    def __init__(self, folder: Path) -> None:
        self.path = folder / "muster.db"

    async def store(self) -> SqliteStore:
        store = SqliteStore(self.path)
        await store.open()
        return store


def event(stream: StreamId, version: int, **changes: Any) -> EventRow:
    plain: dict[str, Any] = {
        "tag": "message_received",
        "revision": 1,
        "at": 1_700_000_000_000 + version,
        "source_at": None,
        "actor": "per_1",
        "cause": "press",
        "body": f'{{"number":{version}}}',
        "sealed": None,
    }
    return EventRow(stream, version, **{**plain, **changes})


def answer(key: int, at: int = 1) -> DedupeRow:
    return DedupeRow(key, b"payload", b"answer", at)


@dataclass
class Hand:
    """Somebody who writes and remembers where each stream stands."""

    store: Store
    stands: dict[StreamId, tuple[int, bytes]] = field(default_factory=dict)

    def unit(self, stream: StreamId, *ops: Op, events: int = 1, key: int | None = None) -> Unit:
        """The next unit of a stream."""
        version, head = self.stands.get(stream, (0, GENESIS))
        rows = tuple(event(stream, version + number) for number in range(1, events + 1))
        state = f'{{"version":{version + events}}}'
        dedupe = None if key is None else answer(key)
        return Unit(stream, version, head, rows, 1, state, dedupe, ops)

    async def commit(self, *units: Unit) -> list[Outcome]:
        outcomes = await self.store.commit(units)
        for unit, outcome in zip(units, outcomes, strict=True):
            if isinstance(outcome, Committed) and unit.events:
                self.stands[unit.stream] = (unit.expected + len(unit.events), outcome.head)
        return outcomes

    async def write(self, stream: StreamId, *ops: Op, events: int = 1) -> Committed:
        """Commit one unit that must stand."""
        (outcome,) = await self.commit(self.unit(stream, *ops, events=events))
        assert isinstance(outcome, Committed)
        return outcome


def stood(outcomes: Sequence[Outcome]) -> list[str]:
    """Each outcome in a word."""
    return [one.what if isinstance(one, Violated) else "committed" for one in outcomes]


def ref(name: str, stream: StreamId = "rep_a") -> Row:
    return {"reference": name, "stream": stream}


def timer(stream: StreamId, name: str, due: int | None) -> Row:
    return {"stream": stream, "name": name, "due": due, "command": "{}", "cause": ""}


def message(target: str, state: str = "waiting", **changes: Any) -> Row:
    plain = {"id": None, "kind": "say", "target": target, "state": state, "at": 1, "due": 1}
    return {**plain, "member": "", "cause": "", **changes}
