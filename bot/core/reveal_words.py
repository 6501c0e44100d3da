"""Who a customer is: looked up by somebody of the staff, which is in the log, and told to nobody
but them.
"""

from bot.core.ids import PersonId, StreamId
from bot.core.incident_commands import IncidentCommand
from bot.core.incident_events import IncidentEvent
from bot.core.report_words import ReportCommand, ReportEvent


class RevealCustomer(IncidentCommand):
    """Be told who the customers of `incident` are, and how they can be reached."""

    tag = "reveal_customer"


class RevealReporter(ReportCommand):
    """The same of `report`, for which no incident stands."""

    tag = "reveal_reporter"
    report: StreamId


class CustomerRevealed(IncidentEvent):
    """`by` was told who its customers are."""

    tag = "customer_revealed"
    by: PersonId


class ReporterRevealed(ReportEvent):
    """`by` was told who reported."""

    tag = "reporter_revealed"
    by: PersonId
