"""What an event is, and how a stored one is read back for ever.

Every event type has a tag and a revision of its own, stored beside the body, so that a
class may be renamed without touching old logs. A changed shape raises the revision and
leaves an upcaster from the one before.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from bot.core.errors import UnknownEvent
from bot.core.frozen import Frozen
from bot.core.ids import Kind, Millis, StreamId, SubjectId

Body = dict[str, Any]
Upcaster = Callable[[Body], Body]


class Event(Frozen):
    """Something that happened. Subclasses are named in the past and carry a stored tag."""

    tag: ClassVar[str]
    revision: ClassVar[int] = 1
    kinds: ClassVar[tuple[Kind, ...]]


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event with its place in its stream.

    `version` counts from 1 in the stream; `at` is when the desk recorded it and `source_at`
    when the platform says that it happened, None when that is the same; `actor` is a person
    id, `system`, or None for somebody who is not yet known; `cause` is the id of the event that
    led to it, or of a command from outside the membership by which it was allowed
    (`commands.granted_in`), "" when it was by a role of their own.
    """

    stream: StreamId
    version: int
    at: Millis
    source_at: Millis | None
    actor: str | None
    cause: str
    event: Event

    @property
    def id(self) -> str:
        """The event's id, from which ids of intents and of further commands are derived."""
        return f"{self.stream}:{self.version}"


class Erased(Event):
    """The personal values of `subject` up to version `through` of this stream were deleted."""

    tag = "erased"
    kinds = ("report", "incident", "person", "desk")
    subject: SubjectId
    classes: tuple[str, ...]
    through: int


class Registry:
    """All event types by tag, and the upcasters between their revisions."""

    def __init__(
        self,
        types: Iterable[type[Event]],
        upcasters: dict[tuple[str, int], Upcaster] | None = None,
    ) -> None:
        self._types: dict[str, type[Event]] = {}
        for event in types:
            if event.tag in self._types:
                raise ValueError(f"two event types share the tag {event.tag}")
            self._types[event.tag] = event
        self._upcasters = upcasters or {}

    @property
    def types(self) -> tuple[type[Event], ...]:
        """Every event type, in the order in which they were given."""
        return tuple(self._types.values())

    def read(self, tag: str, revision: int, body: Body) -> Event:
        """The event that was stored as (tag, revision, body), in today's shape.

        Raises UnknownEvent for a tag that nothing claims, a revision from the future or a
        step without an upcaster.
        """
        event = self._types.get(tag)
        if event is None or revision > event.revision:
            raise UnknownEvent(tag, revision)
        while revision < event.revision:
            step = self._upcasters.get((tag, revision))
            if step is None:
                raise UnknownEvent(tag, revision)
            body = step(body)
            revision += 1
        return event.model_validate(body)
