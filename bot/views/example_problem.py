"""A problem for the gallery, and an incident of which it is the cause."""

from bot.core import problem_words as w
from bot.core.events import Event
from bot.core.ids import PersonId, StreamId
from bot.core.moving_words import KindChanged
from bot.core.personal import Personal


def known_error(
    cause: Personal, workaround: Personal, other: StreamId, ana: PersonId
) -> tuple[Event, ...]:
    """It is the cause of another incident, and what helps meanwhile was found."""
    return (
        KindChanged(before="incident", incident_kind="problem"),
        w.IncidentGathered(other=other, by=ana),
        w.CauseDescribed(words=cause, by=ana),
        w.WorkaroundSet(words=workaround, by=ana),
    )


def caused(workaround: Personal, problem: StreamId, ana: PersonId) -> tuple[Event, ...]:
    """It is one of those that the problem has."""
    return (
        w.ProblemLinked(problem=problem, by=ana),
        w.ProblemHeard(reference="N-9H2-KPW4", standing="known_error", workaround=workaround),
    )
