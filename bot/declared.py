"""What a chat channel declares of itself before anything of its platform is imported.

Each adapter of one has a module `words` with a `ChatWords`; `bot/chats.py` lists them. By them
command line, doctor, settings and wiring speak of every channel and name none.
"""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from bot.engine.ports import Asides, Channel, Clock, Speak
from bot.places import Where

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from bot.engine.heard import Hears
    from bot.engine.loops import Loop
    from bot.engine.marks import Marks

Told = Mapping[str, str]
"""The settings that are set, by their names, secrets in clear."""


@dataclass(frozen=True, slots=True)
class Found:
    """One thing that was looked at; `words` say what to do when it is not `well`."""

    about: str
    well: bool
    words: str


class ChatAdapter(Channel, Protocol):
    """A channel that hears: what the wiring opens, and closes."""

    def hear(
        self,
        hears: "Hears",
        missed: Callable[[], Awaitable[None]],
        asides: Asides,
        marks: "Marks",
    ) -> None:
        """Hand what is heard to `hears` from now on; `missed` when something may have been lost.
        `asides` carries what goes out at once, `marks` remembers from one start to the next.
        """

    @property
    def workers(self) -> "Sequence[Loop]":
        """What must turn, in the order of starting."""

    @property
    def routes(self) -> "Sequence[BaseRoute]":
        """What is served over HTTP."""

    @property
    def signed(self) -> Sequence[str]:
        """Those paths of `routes` that prove themselves by what they carry."""

    async def close(self) -> None:
        """Finish what is being answered, then let go of every connection."""


@dataclass(frozen=True, slots=True)
class Shape:
    """What an address looks like there, and an example."""

    form: re.Pattern[str]
    like: str


@dataclass(frozen=True, slots=True)
class ChatWords:
    """One channel, in words.

    `name` is what places, identities and the command line call it, and its settings begin with it;
    `needs` is the setting by which it is there. `place` and `group` are the shapes of addresses in
    the settings `places` and `groups`. `commands` are its words on the command line beside
    `doctor` (a function with typer's annotations, what it returns is printed); `looks` is the help
    of that, and `unset` what it says where nothing is set up. `open` makes the adapter, `look` is
    the doctor's: both import what they need only when they are called.
    """

    name: str
    title: str
    help: str
    needs: str
    place: Shape
    group: Shape
    looks: str
    unset: str
    open: Callable[[Told, Clock, Speak], ChatAdapter]
    look: Callable[[Told, Where], Awaitable[Sequence[Found]]]
    commands: Mapping[str, Callable[..., str]] = field(default_factory=lambda: MappingProxyType({}))

    def is_set(self, told: Told) -> bool:
        """By these settings the channel is there."""
        return bool(told.get(self.needs))

    def is_half(self, told: Told) -> bool:
        """Something of it is set, and yet it is not there."""
        return not self.is_set(told) and any(one.startswith(f"{self.name}_") for one in told)
