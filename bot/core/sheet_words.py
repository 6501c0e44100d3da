"""The words of printing a sheet: whoever has it on paper has seen all that stands there."""

from bot.core.ids import StreamId
from bot.core.incident_commands import IncidentCommand
from bot.core.incident_events import IncidentEvent
from bot.core.personal import Personal
from bot.core.report_words import ReportCommand, ReportEvent


class NoteSheet(IncidentCommand):
    """`who`, of this computer, has the incident's sheet on paper now (by the house)."""

    tag = "note_sheet"
    who: str


class NoteReportSheet(ReportCommand):
    """The same of a report for which no incident stands."""

    tag = "note_report_sheet"
    report: StreamId
    who: str


class SheetPrinted(IncidentEvent):
    """Everything that was known of it was printed by `who`, an account of this computer."""

    tag = "sheet_printed"
    who: Personal | None


class ReportSheetPrinted(ReportEvent):
    """Everything that was known of the report was printed by `who`."""

    tag = "report_sheet_printed"
    who: Personal | None
