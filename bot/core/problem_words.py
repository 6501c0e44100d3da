"""The words of problems: the cause behind incidents, and what helps until it is gone."""

from typing import Literal

from bot.core.commands import Command
from bot.core.ids import PersonId, StreamId
from bot.core.incident_commands import IncidentCommand
from bot.core.incident_events import IncidentEvent
from bot.core.personal import Personal

Standing = Literal["", "open", "known_error", "resolved", "ended"]
"""How far a problem is: its cause is sought, a workaround is known, it is put right, it is over.
Empty: nothing may be said of it.
"""

# --- commands --------------------------------------------------------------------------------


class OpenProblem(Command):
    """Open a problem: `what` is behind `incident` and `others`."""

    tag = "open_problem"
    kind = "incident"
    incident: StreamId
    what: str
    others: tuple[StreamId, ...] = ()


class LinkProblem(IncidentCommand):
    """The cause of this incident is `problem`; of a problem that `by` opened the house says so."""

    tag = "link_problem"
    problem: StreamId
    by: PersonId = ""


class UnlinkProblem(IncidentCommand):
    """The cause of this incident is not `problem` after all."""

    tag = "unlink_problem"
    problem: StreamId


class DescribeCause(IncidentCommand):
    """Say what is known of the cause of this problem; what was said before stays in the log."""

    tag = "describe_cause"
    words: str


class SetWorkaround(IncidentCommand):
    """Say what helps until this problem is put right; without words nothing does any more."""

    tag = "set_workaround"
    words: str = ""


class GatherIncident(IncidentCommand):
    """`other` is an incident of this problem (by the house), as `by` said."""

    tag = "gather_incident"
    other: StreamId
    by: PersonId


class LetIncidentGo(IncidentCommand):
    """`other` is no incident of this problem (by the house)."""

    tag = "let_incident_go"
    other: StreamId


class LearnOfProblem(IncidentCommand):
    """Look how this incident's problem stands now (by the house)."""

    tag = "learn_of_problem"
    problem: StreamId


# --- events: the problem ---------------------------------------------------------------------


class IncidentGathered(IncidentEvent):
    """`other` is an incident of this problem."""

    tag = "incident_gathered"
    other: StreamId
    by: PersonId


class IncidentLetGo(IncidentEvent):
    """`other` is none of its incidents any more."""

    tag = "incident_let_go"
    other: StreamId


class CauseDescribed(IncidentEvent):
    """This is known of the cause."""

    tag = "cause_described"
    words: Personal
    by: PersonId


class WorkaroundSet(IncidentEvent):
    """This helps until it is put right; None: nothing does any more."""

    tag = "workaround_set"
    words: Personal | None
    by: PersonId


# --- events: the incident --------------------------------------------------------------------


class ProblemLinked(IncidentEvent):
    """The cause of this incident is `problem`."""

    tag = "problem_linked"
    problem: StreamId
    by: PersonId


class ProblemUnlinked(IncidentEvent):
    """The cause of this incident is not `problem` after all."""

    tag = "problem_unlinked"
    problem: StreamId


class ProblemHeard(IncidentEvent):
    """How this incident's problem stands; empty where few may see that."""

    tag = "problem_heard"
    reference: str
    standing: Standing
    workaround: Personal | None
