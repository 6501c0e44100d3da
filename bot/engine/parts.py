"""What the engine is built from; wiring puts it together once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.core.commands import Place
from bot.core.intents import Say, Show
from bot.core.places import Seat
from bot.engine.moves import Moves
from bot.engine.ports import Chance, Channel, Clock
from bot.engine.work import Book
from bot.store.base import Store
from bot.store.codec import Codec


@dataclass(frozen=True, slots=True)
class Parts:
    """The table of workflows, the store and its codec, time and chance, channels and places.

    `places` says where each of the playbook's places is; one that stands nowhere has no cards.
    `public_url` is where links in messages lead, "" when nobody said. `moves`: the places that
    their platform has moved. `beside`: places of a major incident's own, by the team's place to
    which they belong.
    """

    book: Book
    store: Store
    codec: Codec
    clock: Clock
    chance: Chance
    channels: Mapping[str, Channel] = field(default_factory=dict)
    places: Mapping[str, Sequence[Place]] = field(default_factory=dict)
    public_url: str = ""
    moves: Moves = field(default_factory=Moves)
    beside: dict[Place, Place] = field(default_factory=dict)

    def hangs(self, show: Show | Say) -> bool:
        """Whether a card can be hung there, or has words beneath it; who fetches by themselves
        reads lists instead.
        """
        if isinstance(show, Say) or not isinstance(show.place, Seat):
            return any(self.places.values())
        channel = self.channels.get(show.place.channel)
        return channel is not None and not channel.capabilities.pulled
