"""What a decider or reactor may know beside the state: time, actor, ids, declared reads."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.core import ids
from bot.core.commands import Actor
from bot.core.disclosure import People
from bot.core.errors import Fault
from bot.core.frozen import Frozen
from bot.core.ids import Kind, Millis, StreamId, SubjectId
from bot.core.likely_words import Likely
from bot.core.personal import Personal
from bot.core.places import Seat
from bot.core.playbook import Playbook
from bot.core.suggesting import Crew


@dataclass(frozen=True, slots=True)
class Context:
    """Everything a pure decision is given. All chance and all time come from here.

    `identity` is the keyed hash of who asked (None for the house), `version` that of the
    stream before this command. `state_of` answers for the streams that the command's rule
    declares, no others; `playbook` is the current one, `edition(version)` any that was ever
    adopted. `people` is there when the command's rule asks for it. `reach` is how many people the
    command speaks to, None when nobody counted. `alone` is where we speak with whoever asks alone.
    `likely` are open incidents that may be the same, where the rule asks for them; None when they
    could not be read. `crew` are the resources to choose from, likewise.
    """

    at: Millis
    actor: Actor
    stream: StreamId
    version: int
    entry: str
    identity: Personal | None
    seat: Seat | None
    source_at: Millis | None
    playbook: Playbook
    chance: Callable[[int], bytes]
    mint_subject: Callable[[], SubjectId]
    edition: Callable[[str], Playbook]
    reads: Mapping[StreamId, Frozen | None] = field(default_factory=dict)
    people: People | None = None
    reach: int | None = None
    alone: Seat | None = None
    likely: tuple[Likely, ...] | None = None
    crew: Crew | None = None

    def new_stream(self, kind: Kind) -> StreamId:
        """An id for a stream that a `Do` is about to begin."""
        return ids.stream_id(kind, self.at, self.chance(10))

    def reference(self, kind: Kind) -> str:
        """A fresh reference for a report or an incident."""
        return ids.reference(kind, self.chance(8))

    def state_of(self, stream: StreamId) -> Frozen | None:
        """The state of another stream that the rule declared. Raises Fault for any other."""
        if stream not in self.reads:
            raise Fault(f"the rule does not declare that it reads {ids.kind_of(stream)} streams")
        return self.reads[stream]
