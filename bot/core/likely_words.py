"""The words of likely duplicates: what is offered, joined, and told apart again."""

from typing import Literal

from bot.core.frozen import Frozen
from bot.core.ids import Millis, PersonId, StreamId
from bot.core.incident_commands import IncidentCommand
from bot.core.incident_events import IncidentEvent
from bot.core.report_words import ReportCommand, ReportEvent

Likeness = Literal["place", "address", "near", "category", "words", "many"]
"""The same place; an address much like it; so many metres away; the same category; so many words
in common; so many people reported it.
"""


class Reason(Frozen):
    """Why two are likely the same; `n` are the metres, words or people, 0 for the rest."""

    what: Likeness
    n: int = 0


class Likely(Frozen):
    """An open incident that may be the same, with `score` points of 100.

    `shown`: customers may know of it.
    """

    incident: StreamId
    reference: str
    opened_at: Millis
    score: int
    reasons: tuple[Reason, ...]
    shown: bool = False


# --- commands: the report --------------------------------------------------------------------


class OfferKnown(ReportCommand):
    """Look whether what this report says is known already (by the house)."""

    tag = "offer_known"
    report: StreamId


class JoinKnown(ReportCommand):
    """Yes, `incident`, which was offered, is what happened here, too."""

    tag = "join_known"
    incident: StreamId


class DeclineKnown(ReportCommand):
    """No, none of what was offered is what happened here."""

    tag = "decline_known"


# --- commands: the incident ------------------------------------------------------------------


class NoteLikely(IncidentCommand):
    """Look which open incidents may be the same (by the house).

    `answering` is asked by another one that has just found this one, and is told nobody further.
    """

    tag = "note_likely"
    answering: bool = False


class NotTheSame(IncidentCommand):
    """These are two: `other` is not offered any more."""

    tag = "not_the_same"
    other: StreamId


class LinkIncidents(IncidentCommand):
    """These are two that belong together, such as one caused by the `other`."""

    tag = "link_incidents"
    other: StreamId


# --- events ----------------------------------------------------------------------------------


class KnownOffered(ReportEvent):
    """The person is asked whether it is one of these; none: what was offered is not any more."""

    tag = "known_offered"
    found: tuple[Likely, ...]


class KnownJoined(ReportEvent):
    """The person says that this is it; the questions end, and they hear what is heard of it."""

    tag = "known_joined"
    incident: StreamId


class KnownDeclined(ReportEvent):
    """It is none of these, says the person (`no`), or they were `over` before they said yes."""

    tag = "known_declined"
    incidents: tuple[StreamId, ...]
    why: Literal["no", "over"] = "no"


class LikelyNoted(IncidentEvent):
    """These open incidents may be the same, the likeliest first; what was noted before is not."""

    tag = "likely_noted"
    found: tuple[Likely, ...]
    answering: bool = False


class LikenessDenied(IncidentEvent):
    """`by` says that these are two."""

    tag = "likeness_denied"
    other: StreamId
    reference: str
    by: PersonId


class IncidentsLinked(IncidentEvent):
    """`by` says that these are two that belong together."""

    tag = "incidents_linked"
    other: StreamId
    reference: str
    by: PersonId
