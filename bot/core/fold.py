"""State as the fold of its events: one small function per event type, chosen by a table."""

from collections.abc import Callable, Mapping
from typing import Any, Generic, TypeVar

from bot.core.errors import Fault
from bot.core.events import Erased, Event, Recorded
from bot.core.frozen import Frozen
from bot.core.ids import Kind, StreamId, SubjectId
from bot.core.personal import forget


class State(Frozen):
    """What every stream's state has: its id, and the subjects that were erased from it."""

    stream: StreamId
    erased: tuple[SubjectId, ...] = ()


S = TypeVar("S", bound=State)
Changes = dict[str, Any]
Step = Callable[[S, Any, Recorded], Changes]


class Fold(Generic[S]):
    """The fold of one kind of stream.

    `revision` rises whenever the same events would give another state, so that stored
    snapshots of the old fold are made anew. `first` makes the state from a stream's first
    event; `steps` give the changed fields for each later one, `each` those of any, `beside` those
    that are kept of it besides, from the state before it.
    """

    def __init__(
        self,
        kind: Kind,
        model: type[S],
        revision: int,
        first: Mapping[type[Event], Callable[[Any, Recorded], S]],
        steps: Mapping[type[Event], Step[S]],
        each: Callable[[Recorded], Changes] = lambda rec: {},
        beside: Callable[[S, Recorded], Changes] = lambda state, rec: {},
    ) -> None:
        self.kind = kind
        self.model = model
        self.revision = revision
        self._first = first
        self._steps = steps
        self._each = each
        self._beside = beside

    @property
    def events(self) -> frozenset[type[Event]]:
        """Every event type that this fold understands."""
        return frozenset({*self._first, *self._steps, Erased})

    def __call__(self, state: S | None, rec: Recorded) -> S:
        """The state after `rec`. Raises Fault for an event that cannot stand there."""
        event = type(rec.event)
        if state is None:
            begin = self._first.get(event)
            if begin is None:
                raise Fault(f"{event.__name__} cannot begin a {self.kind}")
            return begin(rec.event, rec)
        if isinstance(rec.event, Erased):
            fresh = forget(state, rec.event.subject)
            return fresh.model_copy(update={"erased": (*state.erased, rec.event.subject)})
        step = self._steps.get(event)
        if step is None:
            raise Fault(f"{event.__name__} cannot happen to a {self.kind}")
        besides = self._beside(state, rec)
        changes = {**self._each(rec), **besides, **step(state, rec.event, rec)}
        return state.model_copy(update=changes) if changes else state
