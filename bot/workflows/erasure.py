"""Erasing one person: ordered at the person, done stream by stream, finished when none is left.

The engine's eraser walks the streams that hold values of the subjects; each of them decides
for itself, so that the log of every stream says what was deleted from it.
"""

from bot.core.commands import Command
from bot.core.context import Context
from bot.core.events import Erased, Event
from bot.core.fold import State
from bot.core.ids import SubjectId
from bot.core.incident_commands import EraseFromIncident
from bot.core.person import Person
from bot.core.person_words import (
    EraseFromPerson,
    ErasePerson,
    ErasureDone,
    ErasureOrdered,
    FinishErasure,
)
from bot.core.report_words import EraseFromReport
from bot.core.retained import erased_of
from bot.core.rules import Decision, Rule, Workflow, refuse
from bot.core.texts import t


def order(state: Person | None, command: ErasePerson, ctx: Context) -> Decision:
    """Begin; asking again while it runs, or when nothing is left, changes nothing."""
    if state is None:
        return refuse("not_found", t("There is no such person. Check the reference."))
    if state.joined_into:
        return refuse(
            "joined_elsewhere",
            t("This person goes on as another one. Erase that one: it takes everything along."),
        )
    left = tuple(one for one in state.subjects if one not in state.erased)
    if state.erasing_since is not None or not left:
        return []
    return [ErasureOrdered(subjects=left, reason=command.reason)]


def _erase(state: State | None, subject: SubjectId, version: int) -> list[Event]:
    if state is None or subject in state.erased:
        return []
    return [Erased(subject=subject, classes=erased_of(state), through=version)]


def erase(state: State | None, command: Command, ctx: Context) -> Decision:
    """Let go of everything about the subject up to now."""
    if isinstance(command, EraseFromReport | EraseFromIncident | EraseFromPerson):
        return _erase(state, command.subject, ctx.version)
    return []


def finish(state: Person | None, command: FinishErasure, ctx: Context) -> Decision:
    """Every stream has let go."""
    if state is None or state.erasing_since is None:
        return []
    return [ErasureDone(subjects=command.subjects, streams=command.streams)]


WORKFLOW = Workflow(
    rules=(
        Rule(
            ErasePerson,
            order,
            "named",
            roles=("administrator",),
            by_system=True,
            named_by="person",
            proof="always",
        ),
        Rule(EraseFromReport, erase, "named", by_system=True, erases=True),
        Rule(EraseFromIncident, erase, "named", by_system=True, erases=True),
        Rule(EraseFromPerson, erase, "named", by_system=True, erases=True),
        Rule(FinishErasure, finish, "named", by_system=True),
    ),
)
