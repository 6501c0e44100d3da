"""Stand-ins: where work goes on while a channel cannot be reached.

A place that has no other channel left is stood in for by the place that the playbook names, for
what is pressing: its cards hang there, too, and people are called there. People are called on all
of their channels anyway.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.commands import Place
from bot.core.fold import State
from bot.core.ids import Millis
from bot.core.incident import Incident
from bot.core.notices import lane
from bot.engine.editions import Editions
from bot.engine.parts import Parts


@dataclass(frozen=True, slots=True)
class Down:
    """A channel that cannot be reached since then, and why, in a sentence."""

    channel: str
    since: Millis
    why: str


def is_pressing(state: State | None) -> bool:
    """What must not wait for a channel to come back."""
    return isinstance(state, Incident) and lane(state) == "safety"


class StandIns:
    """Which channels are down, and where places are meanwhile."""

    def __init__(self, parts: Parts, editions: Editions) -> None:
        self._parts = parts
        self._editions = editions
        self.down: Mapping[str, Down] = {}

    def at(self, name: str, state: State | None) -> tuple[Place, ...]:
        """Where a place of the playbook is for `state`."""
        own = tuple(self._parts.places.get(name, ()))
        return (*own, *self.instead_of(name)) if is_pressing(state) else own

    def instead_of(self, name: str) -> tuple[Place, ...]:
        """Where those are who stand in for a place; nowhere while it can be reached."""
        if not self.down or self._live(name) or not self._parts.places.get(name):
            return ()
        return self._live(self.named(name))

    def named(self, name: str) -> str:
        """The next place after `name` that can be reached, "" for none."""
        places, seen = self._editions.current.places, {name}
        after = places[name].fallback if name in places else None
        while after is not None and after in places and after not in seen:
            if self._live(after):
                return after
            seen.add(after)
            after = places[after].fallback
        return ""

    def _live(self, name: str) -> tuple[Place, ...]:
        channels = self._parts.channels
        every: Sequence[Place] = self._parts.places.get(name, ())
        return tuple(x for x in every if x.channel in channels and x.channel not in self.down)

    def cut_off(self, channel: str) -> list[tuple[str, str]]:
        """The playbook's places that cannot be reached without a channel, each with who stands in
        for it ("" for nobody).
        """
        return [
            (name, self.named(name))
            for name, where in self._parts.places.items()
            if any(one.channel == channel for one in where) and not self._live(name)
        ]
