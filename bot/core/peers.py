"""Colleagues to whom something can be handed over."""

from bot.core.frozen import Frozen
from bot.core.ids import Millis, PersonId


class Peer(Frozen):
    """Somebody who works incidents and is on: what they carry, and whether they are at hand."""

    person: PersonId
    available: bool = True
    away_until: Millis | None = None
    owns: int = 0
    tasks: int = 0
