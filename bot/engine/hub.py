"""Who listens now: committed changes told to open pages and to the house's own workers.

Nothing here is a promise: what is missed is read again from the store.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from bot.core.ids import Millis, PersonId, StreamId


@dataclass(frozen=True, slots=True)
class Changed:
    """A stream moved on to `version`; `tables` are the lists whose rows differ now."""

    stream: StreamId
    version: int
    tables: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rang:
    """Somebody should look: `person`, or all who have `role`, because of `why`."""

    person: PersonId
    role: str
    why: str


@dataclass(frozen=True, slots=True)
class SignedOut:
    """A sign-in ended; `session` is the hash of its token."""

    session: str


@dataclass(frozen=True, slots=True)
class Mailed:
    """Something new lies in the mailbox of `seat` (its keyed hash)."""

    seat: str


@dataclass(frozen=True, slots=True)
class Settled:
    """Messages that `stream` wanted sent are at their end, whatever became of them."""

    stream: StreamId


@dataclass(frozen=True, slots=True)
class Typing:
    """Somebody is writing in the conversation of `report`: its customer, or the desk."""

    report: StreamId
    by: Literal["customer", "desk"]


@dataclass(frozen=True, slots=True)
class Held:
    """Nothing goes to a destination for a while; `until` None: it does again.

    `seat` is a keyed hash, empty for the whole channel; `why` is `rate`, `outage` or `settings`.
    """

    channel: str
    seat: str
    why: str
    detail: str
    until: Millis | None


@dataclass(frozen=True, slots=True)
class Undelivered:
    """Something that `source` wanted said or shown will not arrive, and why."""

    source: StreamId
    channel: str
    reason: str


@dataclass(frozen=True, slots=True)
class Ailed:
    """How the house is has changed: something is late, a channel fails, or all is well again."""


News = Changed | Rang | SignedOut | Mailed | Settled | Typing | Held | Undelivered | Ailed
Listener = Callable[[News], None]


class Hub:
    """Listeners are called on the loop, right after the commit, and must return at once."""

    def __init__(self) -> None:
        self._listeners: dict[int, Listener] = {}
        self._serial = 0

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Be told from now on; call the result to stop."""
        self._serial += 1
        serial = self._serial
        self._listeners[serial] = listener

        def stop() -> None:
            self._listeners.pop(serial, None)

        return stop

    def tell(self, news: News) -> None:
        """Tell everyone."""
        for listener in list(self._listeners.values()):
            listener(news)
