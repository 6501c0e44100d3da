"""Where conversations go on that their platform has moved.

The house goes on calling such a place by its first address, so all that hangs there, follows or
is known of it stays as it is; only what is sent goes to the new one, and what is heard from there
counts as heard at the first. What stands behind a slash is a part of the place, such as those who
run it, and goes along.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import TypeVar

from bot.core.commands import Place
from bot.core.ids import Millis
from bot.engine.heard import Changed, Heard
from bot.store.base import Op, Put, Store
from bot.store.codec import Codec

EVERY_ROW = 1_000_000
H = TypeVar("H", bound=Heard)


class Moves:
    """Every place that moved."""

    def __init__(self) -> None:
        self._now: dict[Place, str] = {}
        self._homes: dict[Place, Place] = {}

    async def load(self, store: Store, codec: Codec) -> None:
        """What is known already."""
        for row in await store.select("moves", limit=EVERY_ROW):
            note = codec.open_note(str(row["body"]), None)
            if isinstance(note, Mapping):
                self._learn(Place(str(note["channel"]), str(note["old"])), str(note["new"]))

    def _learn(self, home: Place, address: str) -> None:
        self._now[home] = address
        self._homes[replace(home, address=address)] = home

    def home(self, place: Place) -> Place:
        """The place as the house calls it."""
        whole, part = _parted(place)
        return _with(self._homes.get(whole, whole).address, part, place)

    def address(self, place: Place) -> str:
        """Where that is now."""
        whole, part = _parted(place)
        home = self._homes.get(whole, whole)
        return f"{self._now.get(home, whole.address)}{part}"

    def moved(self, place: Place, address: str, codec: Codec, at: Millis) -> Op:
        """A place goes on under another address; what must be written of that."""
        home = self.home(place)
        self._learn(home, address)
        note = {"channel": home.channel, "old": home.address, "new": address}
        key = codec.seat_key(home.channel, home.address)
        return Put("moves", {"seat": key, "at": at, "body": codec.seal_note(note, None)})

    def at_home(self, heard: H) -> H:
        """What was heard, in the place as the house calls it."""
        home = self.home(heard.place)
        return heard if home == heard.place else replace(heard, place=home)

    def changed_at_home(self, changed: Changed) -> Changed:
        """The same for what changed."""
        return (
            changed if changed.place is None else replace(changed, place=self.home(changed.place))
        )

    def homes(self, places: Mapping[str, Iterable[Place]]) -> dict[str, tuple[Place, ...]]:
        """Places of the settings as the house calls them, each once."""
        return {key: tuple(dict.fromkeys(map(self.home, of))) for key, of in places.items()}

    def named(self, places: Mapping[str, Iterable[Place]]) -> list[tuple[str, Place, str]]:
        """Those that are still named by an old address: by which key, and the new one."""
        every = [(key, at) for key, of in places.items() for at in of]
        return [(key, at, self.address(at)) for key, at in every if _parted(at)[0] in self._now]


def _parted(place: Place) -> tuple[Place, str]:
    """The place itself, and which part of it is meant."""
    address, slash, part = place.address.partition("/")
    return (replace(place, address=address), slash + part) if slash else (place, "")


def _with(address: str, part: str, place: Place) -> Place:
    return place if place.address == address + part else replace(place, address=address + part)
