"""The questions of a report in a conversation: each of them stands at a place of its own.

The places are those of the answers in their order, and one behind them for what comes next: the
open question, or the summary. So a question that is asked again is asked where it was.
"""

from bot.core.forms import Form, Question, next_question
from bot.core.playbook import Playbook, ReportPlan
from bot.core.playbook_forms import form_for, reworded
from bot.core.report import Report


def last_place(state: Report) -> int:
    """The place behind all answers."""
    return len(state.answers) + 1


def place_of(state: Report, field: str) -> int:
    """Where the question `field` stands, counted from 1."""
    fields = [one.field for one in state.answers]
    return fields.index(field) + 1 if field in fields else last_place(state)


def open_places(state: Report) -> tuple[int, ...]:
    """Where something may be open: at answers that are thought over again, else at the end."""
    again = (count for count, one in enumerate(state.answers, 1) if one.reopened)
    return tuple(again) or (last_place(state),)


def questions(state: Report, plan: ReportPlan, current: Playbook) -> Form:
    """The questions of the pinned `plan` in the wording of today."""
    known = state.known()
    pinned = form_for(plan, known, danger=state.danger)
    return reworded(pinned, form_for(current, known, danger=state.danger))


def open_question(state: Report, form: Form) -> Question | None:
    """What the person is asked now; None when nothing is asked."""
    return next_question(form, state.known()) if state.asking else None
