"""Words that an incident's commands and events share."""

from typing import Literal

from bot.core.forms import Value
from bot.core.frozen import Frozen
from bot.core.ids import Millis, PersonId
from bot.core.personal import Personal
from bot.core.places import Seat

IncidentKind = Literal["incident", "service_request", "complaint", "enquiry"]
Visibility = Literal["normal", "restricted"]
Mode = Literal["live", "exercise", "test"]
Target = Literal["acknowledge", "update", "resolve"]
Band = Literal["ok", "50", "75", "90", "breached"]
Audience = Literal["reporters", "public", "staff"]
Status = Literal[
    "open", "acknowledged", "in_progress", "on_hold", "resolved", "closed", "merged", "cancelled"
]
WORKING: tuple[Status, ...] = ("open", "acknowledged", "in_progress", "on_hold")
ENDED: tuple[Status, ...] = ("closed", "merged", "cancelled")
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
    alone, for who works here by being in a place and has no account of their own.
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
