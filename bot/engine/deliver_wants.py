"""What is wanted of cards: what is to be seen where, and what hangs there already."""

from dataclasses import dataclass, field
from typing import NamedTuple

from bot.core.ids import Millis, StreamId
from bot.core.intents import Lane
from bot.engine.deliver_lines import gravest
from bot.engine.tokens import Hung
from bot.store.base import Scalar

PLACES = ("team", "resources")
"""The places of the playbook in which cards hang, beside those of one person alone."""


class Wish(NamedTuple):
    """What is to be seen where."""

    stream: StreamId
    card: str
    number: int
    place: str

    @property
    def key(self) -> dict[str, Scalar]:
        """The columns that name it."""
        return dict(self._asdict())


@dataclass(slots=True)
class Wanted:
    """A wish under way: what asked for it last, and its cards that do not fulfil it yet."""

    wish: Wish
    cause: str
    lane: Lane
    at: Millis
    left: dict[str, None] = field(default_factory=dict)

    def instead_of(self, before: "Wanted | None") -> "Wanted":
        """It stands for the wish `before`, too, and is as pressing until it is fulfilled."""
        if before is not None:
            self.lane = gravest(self.lane, before.lane)
        return self


@dataclass(slots=True)
class Hanging:
    """A card in a place, as its row says: `body` is the sealed address, `subject` whose it is.

    `posts` counts how often it was hung anew; `unsure`: nobody knows whether the last try of
    that arrived; `doubted`: nor whether what arrived still hangs.
    """

    hung: Hung
    channel: str
    place: str
    address: str
    subject: str | None
    body: str
    message: str = ""
    shown: int = 0
    digest: str = ""
    posts: int = 0
    unsure: bool = False
    doubted: bool = False

    @property
    def key(self) -> str:
        """Its name among jobs."""
        return key_of(self.hung)

    @property
    def wish(self) -> Wish:
        """What wants it."""
        return Wish(self.hung.stream, self.hung.card, self.hung.number, self.place)


def key_of(hung: Hung) -> str:
    """How the job is called that shows it."""
    return f"{hung.stream}:{hung.card}:{hung.number}:{hung.seat}"
