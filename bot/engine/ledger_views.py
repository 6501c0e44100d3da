"""What the delivery ledger shows of messages, orders and pauses, and what their ends are called."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

from bot.core.ids import Millis, StreamId
from bot.core.texts import Text
from bot.engine.read import Said
from bot.store.base import Row, number, text

End = Literal[
    "told",
    "coming",
    "expired",
    "blocked",
    "failed",
    "superseded",
    "gathered",
    "unsubscribed",
    "not",
    "given",
]
_ENDS: Mapping[str, End] = {
    "delivered": "told",
    "waiting": "coming",
    "held": "coming",
    "superseded": "superseded",
    "erased": "not",
    "refused": "not",
    "discarded": "given",
}
_WHYS: Mapping[tuple[str, str], End] = {
    ("dead", "expired"): "expired",
    ("dead", "blocked"): "blocked",
    ("refused", "unsubscribed"): "unsubscribed",
    ("superseded", "gathered"): "gathered",
}


def end_of(state: str, why: str) -> End:
    """What a state and the first word of its reason come to for whoever reads."""
    return _WHYS.get((state, why)) or _ENDS.get(state, "failed")


class Counts(NamedTuple):
    """How many came to which end; those of which there is none are left out."""

    by: tuple[tuple[End, int], ...]
    dead: int

    @property
    def all(self) -> int:
        """How many there were."""
        return sum(many for _, many in self.by)


@dataclass(frozen=True, slots=True)
class LetterView:
    """A message to somebody: by which channel, to whom (masked), what became of it and why.

    `role` is reporter, subscriber, staff or audience; `at` when it was decided, `due` when it
    is tried next. `detail` is what the platform said.
    """

    id: int
    channel: str
    whom: Said
    role: str
    end: End
    detail: str
    tries: int
    at: Millis
    due: Millis | None
    can_replay: bool
    reference: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Letters:
    """Some of them, and behind which one to go on (0: that is all)."""

    shown: tuple[LetterView, ...]
    after: int


@dataclass(frozen=True, slots=True)
class OrderView:
    """What somebody ordered, and how far it is; `reference` and `update` say of what."""

    number: int
    at: Millis
    what: str
    by: str
    because: Text | None
    open: bool
    done: int
    kept: int
    wanted: int
    reference: str
    update: int


@dataclass(frozen=True, slots=True)
class PauseView:
    """A channel that takes nothing now, why and until when; `many` destinations alone do not."""

    channel: str
    why: str
    detail: str
    since: Millis
    until: Millis
    many: int


@dataclass(frozen=True, slots=True)
class StuckView:
    """What the house itself could not do: a command that was refused, or could not be handled."""

    at: Millis
    kind: Literal["refused", "quarantined"]
    reason: str
    reference: str


@dataclass(frozen=True, slots=True)
class GlassView:
    """Who sent an update without the second person, why, and when they proved that it was them."""

    by: str
    at: Millis
    reason: Said
    approver: str
    proved_at: Millis | None


@dataclass(frozen=True, slots=True)
class LedgerOf:
    """The ledger of one update; `approved_by` is "" where nobody approved it."""

    incident: StreamId
    reference: str
    number: int
    at: Millis
    words: Said
    withdrawn: bool
    counts: Counts
    channels: tuple[str, ...]
    letters: Letters
    approved_by: str = ""
    glass: GlassView | None = None


def counted(rows: Sequence[Row]) -> Counts:
    """Tallies as ends."""
    by: Counter[End] = Counter()
    for row in rows:
        by[end_of(text(row, "state"), text(row, "why"))] += number(row, "many")
    order: tuple[End, ...] = get_args(End)
    dead = sum(number(row, "many") for row in rows if row["state"] == "dead")
    return Counts(tuple((one, by[one]) for one in order if by[one]), dead)
