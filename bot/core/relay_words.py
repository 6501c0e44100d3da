"""The words of a report that a program brings for somebody whom Muster cannot tell anything.

Such a report has a person and a subject of its own, as every other; only its place is nowhere, so
nothing is said there, and whoever works on it calls or writes by what is known of them.
"""

from bot.core.ids import StreamId
from bot.core.incident_words import Fact
from bot.core.report_words import ReportCommand, ReportEvent


class AddReport(ReportCommand):
    """Write down what somebody said elsewhere: for `incident`, or (None) to open one.

    `facts` are answers and what is known of them; `words` what they said beside these.
    """

    tag = "add_report"
    incident: StreamId | None = None
    category: str = ""
    facts: tuple[Fact, ...] = ()
    words: str = ""
    danger: bool = False
    language: str = ""


class ReportRelayed(ReportEvent):
    """A program brought it; `complete` when nothing that must be answered was left open."""

    tag = "report_relayed"
    complete: bool
