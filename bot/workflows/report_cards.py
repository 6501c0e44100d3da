"""What is seen of a report: the desk's lane while no incident stands for it, then the incident's
card, and the person's own view of where things stand.
"""

from collections.abc import Iterator

from bot.core import report_words as w
from bot.core.context import Context
from bot.core.events import Erased, Event, Recorded
from bot.core.file_words import FileAdded
from bot.core.fold import State
from bot.core.intents import Intent, Show
from bot.core.relay_words import ReportRelayed
from bot.core.report import Report
from bot.core.rules import Workflow

INTAKE: tuple[type[Event], ...] = (w.QuestionAnswered, w.QuestionSkipped, w.QuestionReopened)
SHOWN: tuple[type[Event], ...] = (
    w.ReportStarted,
    *INTAKE,
    w.DangerReported,
    w.SummaryConfirmed,
    ReportRelayed,
    w.IntakeLeft,
    w.ReportWithdrawn,
    w.ReportLinked,
    w.WaitBegan,
    w.WaitEnded,
    w.ReportTaken,
    w.MessageReceived,
    FileAdded,
    w.MessageSent,
    w.MessagesSeen,
    w.FixAsked,
    w.FixConfirmed,
    w.FixDisputed,
    w.ServiceRated,
    w.ReportClosed,
    w.ReportReopened,
)


def show(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """Cards that differ now. Answers reach the incident's card with its facts, not one by one."""
    kind = type(rec.event)
    if kind is not w.WaitBegan:
        yield Show(card="progress", stream=state.stream, place=state.seat)
    if state.incident is None or kind is w.ReportLinked:
        yield Show(card="report", stream=state.stream, place="team")
    if state.incident is not None and kind not in INTAKE:
        yield Show(card="incident", stream=state.incident, place="team")


def show_erased(rec: Recorded, state: State, ctx: Context) -> Iterator[Intent]:
    """What was deleted stands on no card of the team's."""
    if isinstance(state, Report):
        yield Show(card="report", stream=state.stream, place="team")


WORKFLOW = Workflow(
    reactors=(*((event, show) for event in SHOWN), (Erased, show_erased)),
)
