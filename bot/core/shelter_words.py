"""The words of the lane that few may see: a report of somebody in distress comes, and leaves it."""

from bot.core.distress_words import Why
from bot.core.ids import StreamId
from bot.core.incident_commands import IncidentCommand
from bot.core.incident_events import IncidentEvent
from bot.core.incident_words import Targets

# --- commands --------------------------------------------------------------------------------


class ShelterReport(IncidentCommand):
    """Somebody of `report` is in distress (by the house): from now on few may see this.

    `own`: it was opened for that, and seen by few from its first moment.
    """

    tag = "shelter_report"
    report: StreamId
    own: bool = False


class EndShelter(IncidentCommand):
    """Somebody looked at `report` (by the house): it was no distress, or they are being helped."""

    tag = "end_shelter"
    report: StreamId
    why: Why


# --- events ----------------------------------------------------------------------------------


class ReportSheltered(IncidentEvent):
    """`report` is of somebody in distress; `restricted` by that, and not by a person before."""

    tag = "report_sheltered"
    report: StreamId
    restricted: bool


class ReportParted(IncidentEvent):
    """`report` goes on for itself, as `into`, which few may see: others are a part of this one."""

    tag = "report_parted"
    report: StreamId
    into: StreamId


class ShelterEnded(IncidentEvent):
    """Nobody of `report` is in distress any more. Where it was a false alarm the clocks run again,
    `targets` having moved by as long as they stood.
    """

    tag = "shelter_ended"
    report: StreamId
    why: Why
    targets: Targets | None
