"""Forms: questions with types, checks, conditions and a privacy mark; no channel in sight.

A form is asked as a modal, inline or question by question; all three use the functions
here. `answers` maps question keys to checked values; a skipped question has the value None.
What a person typed becomes such a value, or a sentence, in `bot.core.answers`.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import cast

from pydantic import (
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    StrictStr,
    model_validator,
)

from bot.core.frozen import Frozen
from bot.core.texts import Phrase, t


class QuestionType(StrEnum):
    """What kind of value a question takes."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    EMAIL = "email"
    PHONE = "phone"
    DATE = "date"
    TIME = "time"
    CHOICE = "choice"
    MULTI_CHOICE = "multi_choice"
    YES_NO = "yes_no"
    FILE = "file"
    LOCATION = "location"
    PERSON = "person"


class Location(Frozen):
    """A place: words that a person can find, a point on the map, or both (degrees)."""

    text: StrictStr = ""
    lat: float | None = Field(default=None, ge=-90, le=90)
    lon: float | None = Field(default=None, ge=-180, le=180)


Value = StrictBool | StrictInt | StrictFloat | StrictStr | tuple[StrictStr, ...] | Location | None
"""A checked answer. Dates are `2026-11-22`, times `09:05`, files and people opaque ids."""

Answers = Mapping[str, Value]


class Choice(Frozen):
    """One answer to choose; `hint` says what belongs to it, `advice` is shown once it is taken.

    One that is `alone`, such as "none of these", cannot be taken together with others.
    """

    value: str
    label: Phrase
    advice: Phrase | None = None
    alone: bool = False
    hint: Phrase | None = None


class Condition(Frozen):
    """What `question` must have been answered: one of `any_of`, or a number from `at_least` on.

    Of several choices taken one is enough; an unanswered question fulfils nothing.
    """

    question: str
    any_of: tuple[StrictBool | StrictInt | StrictStr, ...] = ()
    at_least: StrictInt | StrictFloat | None = None

    @model_validator(mode="after")
    def _one_test(self) -> "Condition":
        if bool(self.any_of) == (self.at_least is not None):
            raise ValueError("a condition needs either the answers (is) or a number (at_least)")
        return self

    def holds(self, answers: Answers) -> bool:
        """Whether `answers` fulfil the condition."""
        return fulfils(answers.get(self.question), self.any_of, self.at_least)


def fulfils(given: Value, any_of: tuple[bool | int | str, ...], at_least: float | None) -> bool:
    """Whether an answer is one of `any_of`, or a number from `at_least` on."""
    if at_least is not None:
        return type(given) in (int, float) and cast(float, given) >= at_least
    values = given if isinstance(given, tuple) else (given,)
    return any(_among(one, any_of) for one in values)


class Question(Frozen):
    """One question. `minimum` and `maximum` bound length, number, or how many are chosen.

    `personal` answers are sealed under the report's subject and never decide a condition.
    A question that is not `required` may be skipped. `agent` is how the staff ask it aloud,
    `short` what stands beside the answer where there is little room.
    """

    key: str
    type: QuestionType
    label: Phrase
    help: Phrase | None = None
    agent: Phrase | None = None
    short: Phrase | None = None
    required: bool = True
    minimum: float | None = None
    maximum: float | None = None
    personal: bool = False
    when: Condition | None = None
    choices: tuple[Choice, ...] = ()

    @property
    def title(self) -> Phrase:
        """What its answer is called on a card."""
        return self.short or self.label


class Form(Frozen):
    """Questions in the order in which they are asked; keys are unique and stable."""

    key: str
    title: Phrase
    intro: Phrase | None = None
    questions: tuple[Question, ...]
    submit: Phrase = t("Send")

    @model_validator(mode="after")
    def _sound(self) -> "Form":
        if faults := problems(self.questions):
            said = (f"{self.questions[one].key}.{part}: {what}" for one, part, what in faults)
            raise ValueError("; ".join(said))
        return self


class FormState(Frozen):
    """A form with what is known now, and the log position at which each field last changed.

    By the answers to the questions that `decides` names the form itself may become another one,
    beside what its conditions say.
    """

    form: Form
    answers: Mapping[str, Value] = Field(default_factory=dict)
    changed_at: Mapping[str, int] = Field(default_factory=dict)
    decides: tuple[str, ...] = ()


CHOOSING = frozenset({QuestionType.CHOICE, QuestionType.MULTI_CHOICE})
LIMITS = {
    QuestionType.TEXT: 300,
    QuestionType.LONG_TEXT: 3000,
    QuestionType.LOCATION: 300,
    QuestionType.MULTI_CHOICE: 100,
    QuestionType.FILE: 10,
}
"""The most characters, choices or files; 3,000 is what the narrowest input box takes."""


Problem = tuple[int, str, str]
"""Number of the question, the part of it that is wrong, and why, in English."""


def problems(questions: Sequence[Question]) -> list[Problem]:
    """Everything that makes a list of questions unusable."""
    found: list[Problem] = []
    seen: dict[str, Question] = {}
    for index, question in enumerate(questions):
        if question.key in seen:
            found.append((index, "key", f"the key {question.key!r} is used twice"))
        found += [(index, part, fault) for part, fault in _own_faults(question)]
        if question.when is not None:
            found += [(index, "when", fault) for fault in condition_faults(question.when, seen)]
        seen.setdefault(question.key, question)
    return found


def _own_faults(question: Question) -> Iterator[tuple[str, str]]:
    values = [choice.value for choice in question.choices]
    if (question.type in CHOOSING) != bool(values):
        yield "choices", "choices belong to the types choice and multi_choice, which need them"
    if question.type is not QuestionType.MULTI_CHOICE and any(c.alone for c in question.choices):
        yield "choices", "alone = true belongs to a multi_choice, where several can be taken"
    if len(set(values)) < len(values):
        yield "choices", "two choices have the same value"
    low, high = question.minimum, question.maximum
    if low is not None and high is not None and low > high:
        yield "min", "min is above max"
    limit = LIMITS.get(question.type)
    if limit is not None and high is not None and high > limit:
        yield "max", f"max is above {limit}, the most that every channel takes"


def condition_faults(when: Condition, asked: Mapping[str, Question]) -> list[str]:
    """Why `when` cannot decide anything after the questions `asked`; empty when it can."""
    question = asked.get(when.question)
    if question is None:
        return [f"unknown question {when.question!r} (it must be asked earlier)"]
    if question.personal:
        return [f"{when.question!r} is personal and must not decide anything"]
    if when.at_least is not None and question.type is not QuestionType.NUMBER:
        return [f"at_least needs a number, and {when.question!r} is {question.type}"]
    possible: tuple[object, ...] = tuple(choice.value for choice in question.choices)
    if question.type is QuestionType.YES_NO:
        possible = (True, False)
    odd = [one for one in when.any_of if possible and not _among(one, possible)]
    return [f"{when.question!r} has no answer {one!r}" for one in odd]


def _among(value: object, possible: tuple[object, ...]) -> bool:
    """Membership that tells 1 from True."""
    return any(type(one) is type(value) and one == value for one in possible)


def visible(form: Form, answers: Answers) -> tuple[Question, ...]:
    """The questions to ask, in order; an answer to a hidden question counts for nothing."""
    shown: list[Question] = []
    known: dict[str, Value] = {}
    for question in form.questions:
        if question.when is None or question.when.holds(known):
            shown.append(question)
            known[question.key] = answers.get(question.key)
    return tuple(shown)


def next_question(form: Form, answers: Answers) -> Question | None:
    """The first visible question that is neither answered nor skipped; None at the end."""
    return next((one for one in visible(form, answers) if one.key not in answers), None)


def previous_question(form: Form, answers: Answers, key: str | None = None) -> Question | None:
    """The visible question before `key`, or, without a key, the last one that was answered."""
    shown = visible(form, answers)
    keys = [one.key for one in shown]
    end = keys.index(key) if key in keys else len(keys)
    return next((one for one in reversed(shown[:end]) if one.key in answers), None)


def complete(form: Form, answers: Answers) -> bool:
    """Every visible required question has an answer, so the form can be sent."""
    asked = visible(form, answers)
    return all(answers.get(one.key) is not None for one in asked if one.required)


def relevant(form: Form, answers: Answers) -> dict[str, Value]:
    """The answers that count: those to visible questions, in the order of the form."""
    shown = visible(form, answers)
    return {one.key: answers[one.key] for one in shown if one.key in answers}


def advice(question: Question, value: Value) -> tuple[Phrase, ...]:
    """What to tell the person who just gave `value`, such as an emergency number."""
    taken = value if isinstance(value, tuple) else (value,)
    return tuple(one.advice for one in question.choices if one.advice and one.value in taken)


def changed_since(state: FormState, submitted: Answers, seen_at: int) -> tuple[str, ...]:
    """The fields that someone else changed after `seen_at` and that `submitted` would overwrite.

    `seen_at` is the log position the person's form was drawn at. The caller shows these
    fields with both values and takes the rest.
    """
    return tuple(
        key
        for key, value in submitted.items()
        if state.changed_at.get(key, seen_at) > seen_at and state.answers.get(key) != value
    )
