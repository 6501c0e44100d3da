"""Whether the questions of a playbook can be asked, and the conditions on them can ever hold."""

from collections.abc import Iterator, Mapping, Sequence

from bot.core import forms
from bot.core.playbook_forms import (
    CATEGORY,
    DETAILS,
    KIND,
    UNSURE,
    asks_kind,
    category_question,
    full_key,
    kind_question,
    placed_questions,
)
from bot.core.playbook_lines import Path
from bot.core.playbook_parts import Category, Intake, When

Found = tuple[Path, str]


def questions_problems(intake: Intake, categories: Mapping[str, Category]) -> list[Found]:
    """Every error in the order, the questions and the conditions, some of them more than once."""
    found = [*_order(intake), *_names(intake, categories)]
    for name, category in [("", None), *categories.items()]:
        found += _asked(intake, categories, name, category)
    return found


def _order(intake: Intake) -> Iterator[Found]:
    path: Path = ("intake", "order")
    order = list(intake.order)
    ours = [KIND] if asks_kind(intake) else []
    wanted = [*(one.key for one in intake.questions), *ours, CATEGORY, DETAILS]
    for key in [one for one in order if one not in wanted]:
        yield path, f"[[intake.questions]] has no {key!r}"
    for key in [one for one in dict.fromkeys(wanted) if order.count(one) != 1]:
        yield path, f"{key!r} must stand in it once"
    if CATEGORY in order and DETAILS in order[: order.index(CATEGORY)]:
        yield path, "`details` must come after `category`"
    if ours and CATEGORY in order and KIND not in order[: order.index(CATEGORY)]:
        yield path, "`kind` must come before `category`"
    if order and not _asks_for_danger(intake, order[0]):
        yield path, "safety comes first: a rule must set danger from the first question"


def _asks_for_danger(intake: Intake, key: str) -> bool:
    return any(
        rule.set.danger and [one.question for one in rule.when] == [key] for rule in intake.rules
    )


def _names(intake: Intake, categories: Mapping[str, Category]) -> Iterator[Found]:
    """Names that Muster needs for itself, and names used twice."""
    for index, question in enumerate(intake.questions):
        if question.key in (CATEGORY, DETAILS):
            yield ("intake", "questions", index, "key"), f"the name {question.key!r} is taken"
    yield from _twice(("intake", "questions"), [one.key for one in intake.questions])
    for name, category in categories.items():
        if name == UNSURE:
            yield ("categories", name), f"the name {name!r} is taken"
        yield from _twice(("categories", name, "tasks"), [one.key for one in category.tasks])


def _twice(path: Path, keys: Sequence[str]) -> Iterator[Found]:
    for index, key in enumerate(keys):
        if key in keys[:index]:
            yield (*path, index, "key"), f"the key {key!r} is used twice"


def _asked(
    intake: Intake, categories: Mapping[str, Category], name: str, category: Category | None
) -> Iterator[Found]:
    """Errors of the form that a report in `category` gets, and of what refers to it."""
    kind = kind_question() if asks_kind(intake) else None
    pick = category_question(categories)
    placed = list(placed_questions(intake, name, category, pick, kind))
    questions = [question for _, question in placed]
    for index, part, fault in forms.problems(questions):
        yield (*placed[index][0], part), fault
    known = {question.key: question for question in reversed(questions)}
    for path, when in _conditions(intake, name, category):
        condition = when.condition(full_key(when.question, name, category))
        for fault in forms.condition_faults(condition, known):
            yield path, fault


def _conditions(
    intake: Intake, name: str, category: Category | None
) -> Iterator[tuple[Path, When]]:
    """Every condition of rules, script and tasks, with its path."""
    tables: list[tuple[Path, Sequence[Sequence[When]]]] = [
        (("intake", "rules"), [one.when for one in intake.rules])
    ]
    if category is not None:
        tables += [
            (("categories", name, "rules"), [one.when for one in category.rules]),
            (("categories", name, "script"), [one.when for one in category.script]),
            (("categories", name, "tasks"), [one.when for one in category.tasks]),
        ]
    for path, items in tables:
        for index, whens in enumerate(items):
            yield from (((*path, index, "when"), when) for when in whens)
