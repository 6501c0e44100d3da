"""Sheets: who printed one is kept, as it is of whoever looks who a customer is."""

from bot.core import sheet_words as w
from bot.core.context import Context
from bot.core.handling import over
from bot.core.ids import SubjectId
from bot.core.incident import Incident
from bot.core.personal import Personal
from bot.core.report import Report
from bot.core.rules import Decision, Rule, Workflow

WHO_MOST = 80


def _who(named: str, subject: SubjectId, erased: tuple[SubjectId, ...]) -> Personal | None:
    return None if subject in erased else Personal(subject, named[:WHO_MOST])


def note(state: Incident | None, command: w.NoteSheet, ctx: Context) -> Decision:
    """Keep it in the incident's log."""
    if state is None:
        return over(None)
    return [w.SheetPrinted(who=_who(command.who, state.subject, state.erased))]


def note_report(state: Report | None, command: w.NoteReportSheet, ctx: Context) -> Decision:
    """Keep it in the report's log."""
    if state is None:
        return over(None)
    return [w.ReportSheetPrinted(who=_who(command.who, state.subject, state.erased))]


WORKFLOW = Workflow(
    rules=(
        Rule(w.NoteSheet, note, "named", by_system=True, named_by="incident"),
        Rule(w.NoteReportSheet, note_report, "named", by_system=True, named_by="report"),
    ),
)
