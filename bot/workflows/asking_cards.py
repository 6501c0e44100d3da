"""The questions of a report, pushed to where its person writes: a card for each of them.

People who fetch what is new read the report instead; for them nothing is hung.
"""

from collections.abc import Iterator

from bot.core import report_words as w
from bot.core.asking import last_place, open_places, place_of
from bot.core.context import Context
from bot.core.events import Event, Recorded
from bot.core.going_on_words import ConversationMoved
from bot.core.intents import Intent, Show
from bot.core.report import Report
from bot.core.rules import Workflow

ANSWERS = (w.QuestionAnswered, w.QuestionSkipped, w.QuestionReopened)
SHOWN: tuple[type[Event], ...] = (
    w.ReportStarted,
    *ANSWERS,
    w.DangerReported,
    w.SummaryConfirmed,
    w.IntakeLeft,
    w.ReportWithdrawn,
    ConversationMoved,
)


def show(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """The question that was answered, and those that are open now or were until now."""
    event = rec.event
    own = [place_of(state, event.field)] if isinstance(event, ANSWERS) else []
    for place in sorted({*own, *open_places(state), last_place(state)}):
        yield Show(card="asking", stream=state.stream, number=place, place=state.seat, lane="reply")


WORKFLOW = Workflow(reactors=tuple((event, show) for event in SHOWN))
