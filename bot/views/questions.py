"""The questions of which most forms are made."""

from collections.abc import Callable, Iterable

from bot.core.fold import State
from bot.core.forms import Choice, Condition, Form, Question, QuestionType
from bot.core.texts import Phrase, Text
from bot.views.look import Look

REASON_MOST = 2_000
WORDS_MOST = 3_000


def words(
    key: str,
    label: Phrase,
    most: int = REASON_MOST,
    *,
    required: bool = True,
    hint: Phrase | None = None,
) -> Question:
    """A text of one's own, which is personal."""
    return Question(
        key=key,
        type=QuestionType.LONG_TEXT,
        label=label,
        help=hint,
        maximum=most,
        required=required,
        personal=True,
    )


def choice(
    key: str,
    label: Phrase,
    choices: Iterable[tuple[str, Phrase]],
    *,
    required: bool = True,
    when: Condition | None = None,
) -> Question:
    """One of several answers, each as its value and what it says."""
    return Question(
        key=key,
        type=QuestionType.CHOICE,
        label=label,
        required=required,
        choices=tuple(Choice(value=value, label=said) for value, said in choices),
        when=when,
    )


def simple(key: str, title: Text, *questions: Question) -> Callable[[State | None, Look], Form]:
    """A form that asks the same whatever it is about."""
    form = Form(key=key, title=title, questions=questions)
    return lambda state, look: form
