"""The guided intake as a form, made from the questions of a playbook.

Questions for everybody keep their key; those of a category are called `category.key`, so that
an answer means the same for ever, whatever category the report ends in.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from bot.core.forms import Choice, Form, Question, QuestionType
from bot.core.playbook import ReportPlan
from bot.core.playbook_lines import Path
from bot.core.playbook_parts import Category, Intake, QuestionPart
from bot.core.texts import t

CATEGORY = "category"
DETAILS = "details"
UNSURE = "unsure"
"""The answer of somebody who finds no category: the desk chooses one."""

Placed = tuple[Path, Question]


def full_key(key: str, name: str, category: Category | None) -> str:
    """The key under which the answer to question `key` of category `name` is kept."""
    own = category is not None and any(one.key == key for one in category.questions)
    return f"{name}.{key}" if own else key


def intake_form(plan: ReportPlan, category: str | None, suggested: Sequence[str] = ()) -> Form:
    """The questions of a report; those of `category` once it is known.

    `suggested` categories are offered first. Answers to a category that is not (or no longer)
    there, or to `unsure`, give the form without details.
    """
    return _form(plan, category or "", tuple(suggested))


# The same few forms are looked at again and again: by every answer, page and card.
@lru_cache(maxsize=256)
def _form(plan: ReportPlan, category: str, suggested: tuple[str, ...]) -> Form:
    known = plan.categories.get(category)
    pick = category_question(plan.categories, suggested)
    placed = placed_questions(plan.intake, category, known, pick)
    return Form(
        key="intake",
        title=t("Report a problem"),
        intro=plan.intake.welcome,
        questions=tuple(question for _, question in placed),
        submit=t("Send the report"),
    )


def placed_questions(
    intake: Intake, name: str, category: Category | None, pick: Question
) -> Iterator[Placed]:
    """The questions in order, each with its path in the playbook."""
    by_key = {part.key: (index, part) for index, part in enumerate(intake.questions)}
    for step in intake.order:
        if step == CATEGORY:
            yield ("intake", "order"), pick
        elif step == DETAILS and category is not None:
            for index, part in enumerate(category.questions):
                path = ("categories", name, "questions", index)
                yield path, _question(part, f"{name}.{part.key}", name, category)
        elif step in by_key:
            index, part = by_key[step]
            yield ("intake", "questions", index), _question(part, part.key, "", None)


def _question(part: QuestionPart, key: str, name: str, category: Category | None) -> Question:
    asked = part.when
    full = "" if asked is None else full_key(asked.question, name, category)
    return part.question(key, None if asked is None else asked.condition(full))


def category_question(
    categories: Mapping[str, Category], suggested: Sequence[str] = ()
) -> Question:
    """The question that chooses a category."""
    names = [one for one in suggested if one in categories]
    names += [one for one in categories if one not in names]
    choices = [Choice(value=one, label=categories[one].name) for one in names]
    return Question(
        key=CATEGORY,
        type=QuestionType.CHOICE,
        label=t("What is it about?"),
        choices=(*choices, Choice(value=UNSURE, label=t("Something else, or not sure"))),
    )


def reworded(form: Form, current: Form) -> Form:
    """`form` with the wording, help and advice that `current` has for the same questions.

    A running report keeps its questions; wording and emergency numbers in it are today's.
    """
    now = {question.key: question for question in current.questions}
    questions = tuple(_reworded(one, now.get(one.key, one)) for one in form.questions)
    return current.model_copy(update={"questions": questions})


def _reworded(old: Question, new: Question) -> Question:
    if old.type is not new.type:
        return old
    choices = {choice.value: choice for choice in new.choices}
    fresh = tuple(choices.get(choice.value, choice) for choice in old.choices)
    said = {"label": new.label, "help": new.help, "agent": new.agent}
    return old.model_copy(update={**said, "choices": fresh})
