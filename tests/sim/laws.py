"""What must hold at every moment, looked at from outside, right after each transaction.

Plain SQL on the very file; the numbers are those of the invariants in docs/design.md, section 7.
"""

import json
import sqlite3
import struct
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any


class Broken(AssertionError):
    """A law does not hold; the text begins with its number."""


@dataclass
class Laws:
    """Follows one file over all lives of its process."""

    seen: int = 0
    heads: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    hashes: bytes = b""
    tags: Counter[str] = field(default_factory=Counter)
    tasks: dict[tuple[str, int], "Places"] = field(default_factory=dict)

    def look(self, raw: sqlite3.Connection) -> None:
        """After a transaction. Raises Broken."""
        rows = raw.execute(
            "SELECT position, stream, version, tag, revision, at, source_at, actor, cause, body, "
            "hash FROM events WHERE position > ? ORDER BY position",
            (self.seen,),
        ).fetchall()
        touched: dict[str, None] = {}
        for row in rows:
            self._entry(row)
            touched[row[1]] = None
        for stream in touched:
            self._state(raw, stream)
        (head,) = raw.execute("SELECT position FROM head").fetchone()
        if head != self.seen:
            raise Broken(f"I4 the head is {head}, the last entry {self.seen}")

    def _entry(self, row: tuple[Any, ...]) -> None:
        position, stream, version, tag = row[:4]
        if position != self.seen + 1:
            raise Broken(f"I4 entry {position} follows {self.seen}")
        before, hash_ = self.heads.get(stream, (0, b"\0" * 32))
        if version != before + 1:
            raise Broken(f"I4 {stream} version {version} follows {before}")
        if linked(hash_, row) != row[10]:
            raise Broken(f"I4 entry {position} does not fit its chain")
        self.seen = position
        self.heads[stream] = version, row[10]
        self.hashes = sha256(self.hashes + row[10]).digest()
        self.tags[tag] += 1
        self._task(stream, tag, row[9])

    def _state(self, raw: sqlite3.Connection, stream: str) -> None:
        found = raw.execute(
            "SELECT version, head FROM snapshots WHERE stream = ?", (stream,)
        ).fetchone()
        if found is None or tuple(found) != self.heads[stream]:
            raise Broken(f"I1 the state of {stream} is not of its last event")

    def _task(self, stream: str, tag: str, text: str) -> None:
        if tag not in TASK_EVENTS:
            return
        body = json.loads(text)
        places = self.tasks.setdefault((stream, body["task"]), Places())
        places.happened(tag, body)
        if len(places.held) > places.needed:
            raise Broken(f"I3 {stream} task {body['task']}: {places.held} for {places.needed}")


TASK_EVENTS = frozenset(
    (
        "task_opened",
        "task_brought",
        "task_claimed",
        "arrived",
        "task_completed",
        "task_released",
        "task_reopened",
        "place_handed_over",
    )
)


@dataclass
class Places:
    """Who has a task: True for those who have come."""

    needed: int = 0
    held: dict[str, bool] = field(default_factory=dict)

    def happened(self, tag: str, body: dict[str, Any]) -> None:
        """By the event's own words. Raises Broken."""
        person = body.get("person", "")
        if tag == "task_opened":
            self.needed = body["needed"]
        elif tag == "task_brought":
            self.needed = body["brought"]["needed"]
            here = ("on_site", "done")
            self.held = {one["person"]: one["status"] in here for one in body["brought"]["places"]}
        elif tag == "task_reopened":
            self.held = {one: True for one, came in self.held.items() if came}
        elif tag == "task_released":
            self.held.pop(person)
        elif tag in ("arrived", "task_completed"):
            self.held[person] = True
        else:
            self._takes(person, body.get("before"))

    def _takes(self, person: str, before: str | None) -> None:
        if before is not None:
            self.held.pop(before)
        if person in self.held:
            raise Broken(f"I3 {person} has it twice")
        self.held[person] = False


_HEAD = struct.Struct(">8sqqqqq??IIIIII")


def linked(before: bytes, row: tuple[Any, ...]) -> bytes:
    """The hash that an entry must have: written anew from docs/design.md, not by the store."""
    position, stream, version, tag, revision, at, source_at, actor, cause, body = row[:10]
    texts = [(actor or "").encode(), stream.encode(), tag.encode(), cause.encode(), body.encode()]
    head = _HEAD.pack(
        b"muster:1",
        position,
        version,
        revision,
        at,
        source_at or 0,
        source_at is not None,
        actor is not None,
        len(before),
        *map(len, texts),
    )
    return sha256(head + before + b"".join(texts)).digest()
