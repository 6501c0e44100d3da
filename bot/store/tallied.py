"""What became of messages, counted: what the triggers of a database keep, for a store without."""

from collections import Counter
from collections.abc import Iterable

from bot.store.base import Row, Scalar

Key = tuple[Scalar, ...]


def tallies(outbox: Iterable[Row]) -> list[Row]:
    """The rows of `tallies`; those of the whole house have an empty `about`.

    A message to an audience is none: its copies are. But one that died is, since nobody heard it.
    """
    found: Counter[Key] = Counter()
    for row in outbox:
        if row["kind"] != "say" or (":" in str(row["target"]) and row["state"] != "dead"):
            continue
        why = str(row["reason"] or "").partition(":")[0]
        for about in ("", row["about"]):
            if about is not None:
                found[about, row["state"] or "", why, row["channel"] or ""] += 1
    columns = ("about", "state", "why", "channel")
    return [{**dict(zip(columns, key, strict=True)), "many": n} for key, n in found.items()]
