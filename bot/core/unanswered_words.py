"""The words about a customer who waits too long for an answer."""

from bot.core.ids import Millis
from bot.core.report_words import ReportCommand, ReportEvent


class NoteUnanswered(ReportCommand):
    """Whoever has waited since `since` has no answer yet."""

    tag = "note_unanswered"
    since: Millis


class AnswerOverdue(ReportEvent):
    """Since `since` the customer has waited for an answer that was due at `due`; it is said
    for the `time`-th time.
    """

    tag = "answer_overdue"
    since: Millis
    due: Millis
    time: int
