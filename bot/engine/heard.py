"""What a chat channel hears, in the words of the house.

An adapter turns whatever its platform sends into one of these and hands it to `Hears`, which
answers once everything that follows is on disk. The adapter knows nothing of incidents, and
`Hears` nothing of platforms.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol

from bot.core.commands import Identity, Place
from bot.core.forms import Location
from bot.core.ids import Millis
from bot.engine.ports import Reply

Given = str | int | float | bool | tuple[str, ...] | Location | None
"""An answer as a channel brings it: not checked, None when it was left out."""


@dataclass(frozen=True, slots=True)
class Heard:
    """Something that somebody did somewhere.

    `source` is the platform's own id of it and the same when the platform repeats it. `place`
    is where: a conversation with us alone (`private`) or one of many people, and `alone` is then
    the conversation that they have with us alone. `at` is when, as the platform says. `within` is
    the topic of the place in which it was, as `Channel.open` called it ("": none, or no matter).
    """

    source: str
    who: Identity
    place: Place
    private: bool = False
    at: Millis | None = None
    language: str = ""
    alone: Place | None = None
    within: str = ""


@dataclass(frozen=True, slots=True)
class Pressed(Heard):
    """A button with `token`, on the message `message` ("": none that stays)."""

    token: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Submitted(Heard):
    """A form that was sent, or (`part`) in which something was chosen that others depend on.

    `ref` is what `Opened.ref` was, `seen` the highest position in its `changed_at`, `given` the
    answers by the keys of their questions.
    """

    ref: str = ""
    given: Mapping[str, Given] | None = None
    seen: int = 0
    part: bool = False


@dataclass(frozen=True, slots=True)
class Attached:
    """A file that came with a message: by `file` the adapter fetches it."""

    file: str
    name: str
    size: int
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class Wrote(Heard):
    """Words, files or both. `message` is the platform's id of them, `beneath` that of the message
    under which they were written ("": none). `edited`: the words stand from now on where others
    of the same `message` stood; none at all: they took it back. `location` is where something is
    (degrees north, degrees east), `phone` a number that they shared on purpose. What has the same
    `album` ("": none) was sent at once, by the same person, and may come one by one.
    """

    words: str = ""
    message: str = ""
    beneath: str = ""
    files: tuple[Attached, ...] = ()
    edited: bool = False
    location: tuple[float, float] | None = None
    phone: str = ""
    album: str = ""


@dataclass(frozen=True, slots=True)
class Typed(Heard):
    """A line for us in particular, such as `show N-7K4-M2QX`; empty: whatever comes first."""

    line: str = ""


@dataclass(frozen=True, slots=True)
class Arrived(Heard):
    """They came to us alone by a link that `Channel.way_in` made of `payload`; nobody vouches for
    what it says.
    """

    payload: str = ""


@dataclass(frozen=True, slots=True)
class Pointed(Heard):
    """Somebody chose another's message to make an incident of it; `link` leads back to it."""

    words: str = ""
    link: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """What a platform tells about a place without anybody asking for anything.

    `joined` and `left`: `who` is, or is no longer, a member of `place`. `role`: what they are
    may have changed everywhere. `gone`: the place, or our access to it, is no more; `back`: it
    is there again. `lost`: the message `message` there was deleted. `blocked`: `who` is no
    longer there at all. `moved`: the conversation goes on in `to`.
    """

    what: Literal["joined", "left", "role", "gone", "back", "lost", "blocked", "moved"]
    place: Place | None = None
    who: Identity | None = None
    message: str = ""
    to: Place | None = None


class Hears(Protocol):
    """Whoever takes what was heard. Everything that goes wrong is a reply; nothing raises."""

    async def press(self, pressed: Pressed) -> Reply:
        """A button."""

    async def submit(self, sent: Submitted) -> Reply:
        """A form."""

    async def write(self, wrote: Wrote) -> Reply:
        """Words."""

    async def line(self, typed: Typed) -> Reply:
        """A line for us."""

    async def arrive(self, arrived: Arrived) -> Reply:
        """They came by a link."""

    async def stood(self, asks: str, heard: Heard, message: str) -> None:
        """What a reply to `heard` with this `Reply.asks` asks stands as `message`."""

    async def point(self, pointed: Pointed) -> Reply:
        """Another's message."""

    async def home(self, heard: Heard) -> Reply:
        """Their own page: `cards` say what it shows now."""

    async def change(self, changed: Changed) -> None:
        """Something about a place."""
