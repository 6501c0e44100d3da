"""Words that an incident's commands and events share."""

from collections.abc import Mapping
from typing import Literal

from bot.core.forms import Value
from bot.core.frozen import Frozen
from bot.core.ids import Millis, PersonId
from bot.core.personal import Personal
from bot.core.places import Seat

Brought = Literal["incident", "service_request", "complaint", "enquiry"]
"""The kinds of things that people come with."""
IncidentKind = Literal[Brought, "problem"]
"""A problem is the cause of incidents; the desk alone opens one."""
Visibility = Literal["normal", "restricted"]
Mode = Literal["live", "exercise", "test"]
Target = Literal["acknowledge", "update", "resolve"]
Band = Literal["ok", "50", "75", "90", "breached"]
Audience = Literal["reporters", "public", "staff"]
Status = Literal[
    "open", "acknowledged", "in_progress", "on_hold", "resolved", "closed", "merged", "cancelled"
]


class Flags(Frozen):
    """What a state means, whatever a playbook calls it; all that is decided, is decided by these.

    `created`: nobody has seen it yet. `acknowledged`: somebody has. `owned`: somebody has set to
    work. `resolved`: what was wrong is right. `ended`: nothing more is done.
    """

    created: bool = False
    acknowledged: bool = False
    owned: bool = False
    resolved: bool = False
    ended: bool = False

    @property
    def working(self) -> bool:
        """Whether there is still something to do."""
        return not (self.resolved or self.ended)


FLAGS: Mapping[Status, Flags] = {
    "open": Flags(created=True),
    "acknowledged": Flags(acknowledged=True),
    "in_progress": Flags(acknowledged=True, owned=True),
    "on_hold": Flags(acknowledged=True, owned=True),
    "resolved": Flags(acknowledged=True, resolved=True),
    "closed": Flags(acknowledged=True, resolved=True, ended=True),
    "merged": Flags(ended=True),
    "cancelled": Flags(ended=True),
}
WORKING: tuple[Status, ...] = tuple(one for one, flags in FLAGS.items() if flags.working)
AT_WORK: tuple[Status, ...] = tuple(
    one for one, flags in FLAGS.items() if flags.working and flags.owned
)
ENDED: tuple[Status, ...] = tuple(one for one, flags in FLAGS.items() if flags.ended)
TaskStatus = Literal["open", "claimed", "done", "cancelled"]
PlaceStatus = Literal["claimed", "en_route", "on_site", "done"]
How = Literal["one", "ring", "all", "bids"]
"""Whom a task is asked of: one after the other, one ring more each time nobody came, everybody at
once, or everybody for bids, from which somebody chooses.
"""


class Fact(Frozen):
    """One answer that an incident took over from a report, under that report's subject."""

    field: str
    value: Personal | Value


class Wording(Frozen):
    """The same said in another language."""

    language: str
    words: Personal


class TaskPlace(Frozen):
    """One of the N places of a task, held by `person`.

    `heard_at` is when they last said that all is well on site, `unanswered` how often they were
    asked since then; who called for `help` needs it until they say otherwise. `offered_to` was
    asked to take the place; `read_at` is when the briefing was read. `alone` is where they read us
    alone, for who works here by being in a place and has no account of their own; `offered_in` is
    that place of the playbook, for such a colleague who was asked to take over.
    """

    person: PersonId
    status: PlaceStatus
    claimed_at: Millis
    eta: Millis
    eta_passed: bool = False
    arrived_at: Millis | None = None
    done_at: Millis | None = None
    heard_at: Millis | None = None
    unanswered: int = 0
    help: bool = False
    offered_to: PersonId | None = None
    offered_in: str = ""
    read_at: Millis | None = None
    alone: Seat | None = None


class Ticked(Frozen):
    """A step of a category's script that was done; steps count from 1."""

    category: str
    step: int
    at: Millis
    by: PersonId


class Targets(Frozen):
    """When each promise is due; None where the priority promises nothing."""

    acknowledge: Millis | None = None
    update: Millis | None = None
    resolve: Millis | None = None
