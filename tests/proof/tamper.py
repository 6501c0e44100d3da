"""Somebody changes the log behind Muster's back, straight in the file; `verify` must name where.

Every kind of change returns the position of the first entry that is not as it was.
"""

import sqlite3
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

_WHOLE = ("position", "version", "revision", "at", "source_at")
COLUMNS = (*_WHOLE, "stream", "tag", "actor", "cause", "body", "sealed", "hash")


class Loss(NamedTuple):
    """What was done, and the first entry of the log that it touched."""

    kind: str
    position: int
    what: str = ""


Tamper = Callable[[sqlite3.Connection, Random], Loss | None]


def tampered(database: Path, change: Tamper, chance: Random) -> Loss:
    """Carry out `change` on the file; kinds that find nothing to change are tried again."""
    loss = None
    with sqlite3.connect(database, isolation_level=None) as raw:
        for _ in range(100):
            raw.execute("BEGIN")
            try:
                loss = change(raw, chance)
            except sqlite3.IntegrityError:
                loss = None
            raw.execute("ROLLBACK" if loss is None else "COMMIT")
            if loss is not None:
                break
    raw.close()
    assert loss is not None, change
    return loss


def _positions(raw: sqlite3.Connection, where: str = "1") -> list[int]:
    return [row[0] for row in raw.execute(f"SELECT position FROM events WHERE {where} ORDER BY 1")]


# --- one bit ---------------------------------------------------------------------------------

_KINDS_OF_ROWS = (
    "1",
    "sealed IS NOT NULL",
    "sealed LIKE '%null%'",
    "tag = 'erased'",
)


def flip(column: str) -> Tamper:
    """One bit of one column of one entry is another one."""

    def change(raw: sqlite3.Connection, chance: Random) -> Loss | None:
        positions = _positions(raw, chance.choice(_KINDS_OF_ROWS))
        if not positions:
            return None
        position = chance.choice(positions)
        query = f"SELECT {column}, typeof({column}) FROM events WHERE position = ?"
        value, kind = raw.execute(query, (position,)).fetchone()
        fresh = _flipped(column, value, chance)
        raw.execute(_set(column, kind), (fresh, position))
        named = min(position, fresh) if column == "position" else position
        what = f"of {position}: {value!r:.80} is {fresh!r:.80}"
        return Loss(f"one bit of {column}", named, what)

    return change


def _set(column: str, kind: str) -> str:
    text = kind == "text"
    return f"UPDATE events SET {column} = {'CAST(? AS TEXT)' if text else '?'} WHERE position = ?"


def _flipped(column: str, value: Any, chance: Random) -> Any:
    if value is None:
        return 0 if column in _WHOLE else ""
    if isinstance(value, int):
        return value ^ (1 << chance.randrange(63))
    raw = bytearray(value.encode() if isinstance(value, str) else value)
    if not raw:
        return None
    raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
    return bytes(raw)


# --- whole entries ---------------------------------------------------------------------------


def delete(raw: sqlite3.Connection, chance: Random) -> Loss | None:
    """One entry is gone."""
    position = chance.choice(_positions(raw, chance.choice(_KINDS_OF_ROWS)) or [0])
    raw.execute("DELETE FROM events WHERE position = ?", (position,))
    return Loss("an entry deleted", position) if position else None


def swap(raw: sqlite3.Connection, chance: Random) -> Loss | None:
    """Two entries stand in each other's place."""
    first, second = sorted(chance.sample(_positions(raw), 2))
    for before, after in ((first, -1), (second, first), (-1, second)):
        raw.execute("UPDATE events SET position = ? WHERE position = ?", (after, before))
    return Loss("two entries swapped", first, f"with {second}")


def swap_words(raw: sqlite3.Connection, chance: Random) -> Loss | None:
    """Two entries have each other's sealed values. A value that went on from a report to its
    incident is sealed once, so both may hold the same: then nothing would be changed.
    """
    first, second = sorted(chance.sample(_positions(raw, "sealed LIKE '[\"%'"), 2))
    get = "SELECT sealed FROM events WHERE position = ?"
    one, other = (raw.execute(get, (at,)).fetchone()[0] for at in (first, second))
    if one == other:
        return None
    for sealed, at in ((other, first), (one, second)):
        raw.execute("UPDATE events SET sealed = ? WHERE position = ?", (sealed, at))
    return Loss("sealed values swapped", first, f"with {second}")


def unseal(raw: sqlite3.Connection, chance: Random) -> Loss | None:
    """Sealed values are taken away as if they had been erased."""
    position = chance.choice(_positions(raw, "sealed LIKE '[\"%\"]'"))
    count = "SELECT json_array_length(sealed) FROM events WHERE position = ?"
    values = raw.execute(count, (position,)).fetchone()[0]
    blank = "[" + ",".join(["null"] * values) + "]"
    raw.execute("UPDATE events SET sealed = ? WHERE position = ?", (blank, position))
    return Loss("sealed values taken away", position)


def cut(raw: sqlite3.Connection, chance: Random) -> Loss | None:
    """The newest entries are gone."""
    positions = _positions(raw)
    position = positions[-min(len(positions), chance.choice((1, 1, 2, 3, 10, 50, 200)))]
    raw.execute("DELETE FROM events WHERE position >= ?", (position,))
    return Loss("the tail cut off", position, f"of {positions[-1]}")


def cut_and_forget(raw: sqlite3.Connection, chance: Random) -> Loss | None:
    """... and what the store remembers of the length fits."""
    loss = cut(raw, chance)
    if loss is not None:
        raw.execute("UPDATE head SET position = ?", (loss.position - 1,))
        loss = loss._replace(kind="the tail cut off, its length forgotten")
    return loss


def cut_below_checkpoint(raw: sqlite3.Connection, chance: Random) -> Loss | None:
    """... and so do the snapshots: whole streams, the newest ones, have never been."""
    covered = raw.execute("SELECT max(position) FROM checkpoints").fetchone()[0]
    firsts = raw.execute(
        "SELECT min(position) FROM events GROUP BY stream HAVING min(position) <= ?", (covered,)
    ).fetchall()
    position = chance.choice(firsts)[0]
    torn = raw.execute(
        "SELECT count(*) FROM events WHERE position >= ?1 AND stream IN"
        " (SELECT stream FROM events WHERE position < ?1)",
        (position,),
    ).fetchone()[0]
    if torn:
        return None
    raw.execute(
        "DELETE FROM snapshots WHERE stream IN (SELECT stream FROM events WHERE position >= ?)",
        (position,),
    )
    raw.execute("DELETE FROM events WHERE position >= ?", (position,))
    raw.execute("UPDATE head SET position = ?", (position - 1,))
    return Loss("the tail cut off, snapshots too", position)


def remove_stream(raw: sqlite3.Connection, chance: Random) -> Loss | None:
    """A whole stream is gone, its snapshot perhaps as well."""
    streams = [row[0] for row in raw.execute("SELECT stream FROM snapshots ORDER BY 1")]
    stream = chance.choice(streams)
    first = raw.execute("SELECT min(position) FROM events WHERE stream = ?", (stream,))
    position = first.fetchone()[0]
    raw.execute("DELETE FROM events WHERE stream = ?", (stream,))
    if chance.random() < 0.5:
        raw.execute("DELETE FROM snapshots WHERE stream = ?", (stream,))
    return Loss("a whole stream removed", position, stream)


WHOLE_ENTRIES: tuple[Tamper, ...] = (
    delete,
    swap,
    swap_words,
    unseal,
    cut,
    cut_and_forget,
    remove_stream,
)
FLIPS: tuple[Tamper, ...] = tuple(map(flip, COLUMNS))
EVERY: tuple[Tamper, ...] = (*FLIPS, *WHOLE_ENTRIES)
