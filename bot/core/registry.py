"""Every event type, fold and command by its stored tag: what the log may hold."""

from typing import TypeVar

from bot.core import desk, desk_words, incident, incident_fold, person, report
from bot.core import incident_commands as ic
from bot.core import incident_events as ie
from bot.core import person_words as pw
from bot.core import report_words as rw
from bot.core.commands import Command
from bot.core.delivery_words import DeliveriesOrdered
from bot.core.events import Erased, Event, Registry, Upcaster
from bot.core.fold import Fold
from bot.core.ids import Kind
from bot.core.problem_words import OpenProblem

FOLDS: dict[
    Kind, Fold[report.Report] | Fold[incident.Incident] | Fold[person.Person] | Fold[desk.Desk]
] = {
    "report": report.fold,
    "incident": incident_fold.fold,
    "person": person.fold,
    "desk": desk.fold,
}


T = TypeVar("T")


def _leaves(base: type[T]) -> list[type[T]]:
    """Subclasses of `base` that carry a tag of their own, in order of definition."""
    found: list[type[T]] = []
    for sub in base.__subclasses__():
        if "tag" in vars(sub):
            found.append(sub)
        found.extend(_leaves(sub))
    return found


# One entry per (tag, revision) that an old log may hold: the step to the next revision.
UPCASTERS: dict[tuple[str, int], Upcaster] = {}

EVENT_TYPES: tuple[type[Event], ...] = (
    Erased,
    *_leaves(rw.ReportEvent),
    *_leaves(ie.IncidentEvent),
    *_leaves(pw.PersonEvent),
    desk_words.PlaybookAdopted,
    DeliveriesOrdered,
)
EVENTS = Registry(EVENT_TYPES, UPCASTERS)

COMMAND_TYPES: tuple[type[Command], ...] = (
    *_leaves(rw.ReportCommand),
    ic.OpenIncident,
    OpenProblem,
    *_leaves(ic.IncidentCommand),
    *_leaves(pw.PersonCommand),
    *_leaves(desk_words.DeskCommand),
)
COMMANDS: dict[str, type[Command]] = {command.tag: command for command in COMMAND_TYPES}
