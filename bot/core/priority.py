"""Priority: impact times urgency by the playbook's matrix; danger to life overrides it."""

from enum import StrEnum
from itertools import pairwise

from pydantic import Field

from bot.core.frozen import Frozen
from bot.core.texts import N_


class Level(StrEnum):
    """How far something reaches (impact), or how soon it must be seen to (urgency)."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Priority(StrEnum):
    """P1 is worked first; sorting puts the most pressing first."""

    P1 = "P1"
    P2 = "P2"
    P3 = "P3"
    P4 = "P4"


IMPACT_NAMES = {
    Level.HIGH: N_("impact high"),
    Level.MEDIUM: N_("impact medium"),
    Level.LOW: N_("impact low"),
    None: N_("impact unsure"),
}
URGENCY_NAMES = {
    Level.HIGH: N_("urgency high"),
    Level.MEDIUM: N_("urgency medium"),
    Level.LOW: N_("urgency low"),
    None: N_("urgency unsure"),
}
"""Whole phrases, since the words bend with their noun in many languages."""


class Row(Frozen):
    """The priorities of one impact, by urgency."""

    high: Priority = Field(description="Priority when the urgency is high.")
    medium: Priority = Field(description="Priority when the urgency is medium.")
    low: Priority = Field(description="Priority when the urgency is low.")


class Matrix(Frozen):
    """Nine cells: impact down, urgency across."""

    high: Row = Field(description="Impact high: all or many, or safety.")
    medium: Row = Field(description="Impact medium: a team or group.")
    low: Row = Field(description="Impact low: one person.")

    def cell(self, impact: Level, urgency: Level) -> Priority:
        """The priority of one pair."""
        row: Row = getattr(self, impact)
        found: Priority = getattr(row, urgency)
        return found


def _row(high: Priority, medium: Priority, low: Priority) -> Row:
    return Row(high=high, medium=medium, low=low)


DEFAULT = Matrix(
    high=_row(Priority.P1, Priority.P2, Priority.P3),
    medium=_row(Priority.P2, Priority.P3, Priority.P4),
    low=_row(Priority.P3, Priority.P4, Priority.P4),
)


def priority(
    matrix: Matrix, impact: Level | None, urgency: Level | None, danger: bool = False
) -> Priority:
    """The priority; `danger` to life or of safeguarding is always P1, unsure (None) the higher."""
    if danger:
        return Priority.P1
    impacts = tuple(Level) if impact is None else (impact,)
    urgencies = tuple(Level) if urgency is None else (urgency,)
    return min(matrix.cell(one, two) for one in impacts for two in urgencies)


def higher(*levels: Level | None) -> Level | None:
    """The highest of several levels; unsure (None) outranks every known one, as does no level."""
    if None in levels:
        return None
    return next((level for level in Level if level in levels), None)


def rising(matrix: Matrix) -> bool:
    """Whether more impact or more urgency never gives a lower priority."""
    order = tuple(Level)
    pairs = tuple(pairwise(order))
    across = all(matrix.cell(i, a) <= matrix.cell(i, b) for i in order for a, b in pairs)
    down = all(matrix.cell(a, u) <= matrix.cell(b, u) for u in order for a, b in pairs)
    return across and down
