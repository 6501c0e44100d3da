"""The two-way talk of a report, as its state keeps it."""

from typing import Any, Literal

from bot.core.events import Event, Recorded
from bot.core.fold import Step
from bot.core.frozen import Frozen
from bot.core.ids import Millis
from bot.core.unanswered_words import AnswerOverdue


class Conversation(Frozen):
    """Counts and heads of the two-way talk; the messages themselves are read from the log.

    `unanswered_since` is when the customer wrote first without an answer so far; it was said
    `overdue` times that whoever waits since `overdue_since` should have had one.
    """

    count: int = 0
    seen_by_customer: int = 0
    seen_by_desk: int = 0
    first_seen_by_desk_at: Millis | None = None
    last_from: Literal["customer", "desk"] | None = None
    last_at: Millis | None = None
    unanswered_since: Millis | None = None
    overdue_since: Millis | None = None
    overdue: int = 0


def _overdue(state: Any, event: AnswerOverdue, rec: Recorded) -> dict[str, Any]:
    told = {"overdue_since": event.since, "overdue": event.time}
    return {"conversation": state.conversation.model_copy(update=told)}


STEPS: dict[type[Event], Step[Any]] = {AnswerOverdue: _overdue}
"""What a report makes of it."""
