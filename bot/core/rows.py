"""Lists as data: the rows that a state stands for, written in the transaction that changed it.

A list function is pure: state in, rows out. The engine writes only what differs from the
rows of the state before, so a change that no list shows costs nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.core.frozen import Frozen
from bot.core.personal import Personal

Cell = str | int | float | Personal | None
"""A personal cell (a keyed hash to find by) is opened on the way in, None once erased."""


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row of `table` (see `store/tables`): plain columns, and a body that may hold personal
    values, sealed on the way in. `new` refuses a key that exists (references, identities);
    a `lasting` row stays when the bounded state no longer knows of it.
    """

    table: str
    columns: Mapping[str, Cell]
    body: Frozen | None = None
    new: bool = False
    lasting: bool = False


@dataclass(frozen=True, slots=True)
class Findable:
    """Words by which a stream is found; `field` tells them from others of the stream."""

    field: str
    words: Personal


Listed = ListRow | Findable
