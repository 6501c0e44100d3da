"""Customers of an incident who wait for an answer, as the board shows it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.core.ids import Millis
from bot.core.listed import ReportRow
from bot.store.base import Scalar


@dataclass(frozen=True, slots=True)
class Waiting:
    """Customers of an incident who want an answer: how many, the first since when.

    `wrote` tells that the first one wrote, and did not only ask for a person. In `distress` is
    one of them, who may have been answered already (`many` 0: all were).
    """

    since: Millis
    wrote: bool
    many: int = 1
    distress: bool = False


def waits(row: ReportRow, lane: Scalar) -> Waiting:
    """That of the person of one report, in `lane`."""
    asked = row.waiting_since is not None and row.waiting_for == "asked"
    wants = row.unanswered_since is not None or asked
    since = row.unanswered_since or row.waiting_since or row.started_at
    wrote = row.unanswered_since is not None
    return Waiting(since, wrote, int(wants), distress=lane == "distress")


def together(waits: Sequence[Waiting]) -> Waiting:
    """That of all of them, as that of their incident."""
    first = min(waits, key=lambda one: (one.many == 0, one.since))
    many, distress = sum(one.many for one in waits), any(one.distress for one in waits)
    return replace(first, many=many, distress=distress)
