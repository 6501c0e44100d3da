"""Commands: everything that somebody, or the clock, wants. One door takes them all."""

from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from pydantic import Field

from bot.core.frozen import Frozen
from bot.core.ids import Kind, Millis, PersonId, StreamId, SubjectId
from bot.core.texts import Text

Entry = str
"""How a command came in: `web`, `api`, `timer`, `do`, `cli`, or an adapter's own name."""


class Command(Frozen):
    """A wish in the imperative. `tag` names it in timers, outbox rows and the quarantine."""

    tag: ClassVar[str]
    kind: ClassVar[Kind]


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation on a channel: `channel` is an adapter's name, `address` is opaque to us."""

    channel: str
    address: str


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody as a channel knows them: unique as (channel, opaque id)."""

    channel: str
    opaque: str


@dataclass(frozen=True, slots=True)
class Grant:
    """Evidence that the person is a member of a place that grants `role`, seen at `seen_at`.

    `place` is a key of the playbook's places, "" for a group whose members have it everywhere.
    """

    role: str
    place: str
    seen_at: Millis


@dataclass(frozen=True, slots=True)
class Envelope:
    """A command on its way to the door.

    `source` is the platform's own id of the press or message and makes a repeat harmless;
    `identity` and `place` say who and where (None for the house itself); `stream` is set
    only by the house (timers and Dos) and by staff views that name what they act on. `said` is
    what was sent, where the command was made of more than that: "in 15 minutes", sent again a
    minute later, makes another command and is a repeat all the same. `proved_at` is when whoever
    asks last proved on this very sign-in that it is them; an entry that cannot tell leaves it out.
    `alone` is the conversation that they have with us alone on that channel, where one is known.
    `anew`: a refusal is not kept, since whoever sends the same once more wants another try.
    `report` is the report of theirs that a press is about, where it is not the one that what they
    write there belongs to; it is nothing unless it is theirs.
    """

    entry: Entry
    source: str
    command: Command
    identity: Identity | None = None
    place: Place | None = None
    stream: StreamId | None = None
    cause: str | None = None
    source_at: Millis | None = None
    language: str = ""
    grants: tuple[Grant, ...] = ()
    said: str = ""
    proved_at: Millis | None = None
    alone: Place | None = None
    anew: bool = False
    report: StreamId = ""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, as access and deciders see it.

    `roles` are the person's own and those granted by the place of this command; `also` are
    people who go on as this one, so that what is theirs is this one's. `proved_at` is when they
    last proved that it is them, None when that is not known. `granted` is by which place they may
    ask for this, where it is not by a role of their own; `stale` are roles that a place would
    grant, had it been seen lately that they are there. `behind` let the program in that
    asks, and answers for it; "" for who asks as themselves.
    """

    person: PersonId | None = None
    subject: SubjectId | None = None
    roles: tuple[str, ...] = ()
    language: str = ""
    is_system: bool = False
    also: tuple[PersonId, ...] = ()
    proved_at: Millis | None = None
    granted: Grant | None = None
    stale: tuple[str, ...] = ()
    behind: PersonId = ""

    def stands_for(self, person: PersonId) -> bool:
        """Whether it is this person, or somebody who goes on as them."""
        return person == self.person or person in self.also

    @property
    def name(self) -> str | None:
        """What the log says of the actor: the person's id, `system`, or None."""
        return "system" if self.is_system else self.person

    @property
    def evidence(self) -> str:
        """What the log keeps of the place by which they may: role, place and when it was seen."""
        by = self.granted
        return "" if by is None else f"grant:{by.role}:{by.place}:{by.seen_at}"


def granted_in(cause: str) -> Grant | None:
    """The evidence that an event's `cause` keeps, None when they may by a role of their own."""
    kind, _, rest = cause.partition(":")
    role, _, rest = rest.partition(":")
    place, _, seen_at = rest.rpartition(":")
    return Grant(role, place, int(seen_at)) if kind == "grant" and seen_at.isdecimal() else None


SYSTEM = Actor(is_system=True)


class Refused(Frozen):
    """No, and why: a sentence with what to do. `transient` refusals may be tried again as is."""

    text: Text
    code: str
    transient: bool = False


UNKEPT = ("not_saved", "stopping", "overloaded")


class Answer(Frozen):
    """What the door says back: rides on the platform's reply, best effort.

    `refused` carries the code of a refusal; `repeat` marks the answer to a press that had
    been handled before; `data` holds labels and ids that the caller may show.
    """

    outcome: Literal["done", "refused", "quarantined"] = "done"
    text: Text | None = None
    code: str = ""
    data: dict[str, Any] = Field(default_factory=dict)
    repeat: bool = False

    @property
    def unkept(self) -> bool:
        """Whether nothing of it is known to be kept, so that the same should be sent again."""
        return self.outcome == "refused" and self.code in UNKEPT
