"""The two-way talk of a report, as its state keeps it."""

from typing import Any, Literal

from bot.core.events import Event, Recorded
from bot.core.fold import Step
from bot.core.frozen import Frozen
from bot.core.ids import Millis, PersonId
from bot.core.reaching_words import CustomerUnreached
from bot.core.unanswered_words import AnswerOverdue

WRITTEN_MOST = 30


class Written(Frozen):
    """Who wrote message `number` to the customer."""

    number: int
    author: PersonId


class Conversation(Frozen):
    """Counts and heads of the two-way talk; the messages themselves are read from the log.

    `unanswered_since` is when the customer wrote first without an answer so far; it was said
    `overdue` times that whoever waits since `overdue_since` should have had one. `first_word_at` is
    when somebody of the desk wrote first. `written` are the newest answers, any of which may still
    be on its way.
    """

    count: int = 0
    seen_by_customer: int = 0
    seen_by_desk: int = 0
    first_seen_by_desk_at: Millis | None = None
    last_from: Literal["customer", "desk"] | None = None
    last_at: Millis | None = None
    unanswered_since: Millis | None = None
    first_word_at: Millis | None = None
    overdue_since: Millis | None = None
    overdue: int = 0
    written: tuple[Written, ...] = ()

    def with_answer(self, number: int, author: PersonId) -> tuple[Written, ...]:
        """The newest answers, with message `number` by `author`."""
        return (*self.written, Written(number=number, author=author))[-WRITTEN_MOST:]

    def author_of(self, number: int) -> PersonId | None:
        """Who wrote that message, as far back as is known."""
        return next((one.author for one in self.written if one.number == number), None)


def _overdue(state: Any, event: AnswerOverdue, rec: Recorded) -> dict[str, Any]:
    told = {"overdue_since": event.since, "overdue": event.time}
    return {"conversation": state.conversation.model_copy(update=told)}


def _unreached(state: Any, event: CustomerUnreached, rec: Recorded) -> dict[str, Any]:
    return {}  # Who is called about it stands in the incident; the log keeps the rest.


STEPS: dict[type[Event], Step[Any]] = {AnswerOverdue: _overdue, CustomerUnreached: _unreached}
"""What a report makes of it."""
