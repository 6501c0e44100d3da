"""The guided intake as a form, made from the questions of a playbook.

Questions for everybody keep their key; those of a category are called `category.key`, so that
an answer means the same for ever, whatever category the report ends in.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from bot.core.forms import Answers, Choice, Form, Question, QuestionType
from bot.core.incident_words import IncidentKind
from bot.core.playbook import ReportPlan
from bot.core.playbook_lines import Path
from bot.core.playbook_parts import Category, Intake, QuestionPart
from bot.core.texts import Text, t

KIND = "kind"
CATEGORY = "category"
DETAILS = "details"
UNSURE = "unsure"
"""The answer of somebody who finds no category, or cannot say what kind of thing it is: the desk
chooses the category, and what may be an incident counts as one.
"""
KINDS: Mapping[IncidentKind, tuple[Text, Text]] = {
    "incident": (
        t("Something is broken or wrong"),
        t("A fault, an outage, a danger, somebody hurt."),
    ),
    "service_request": (
        t("I need something"),
        t("Access, equipment, a repair appointment."),
    ),
    "complaint": (
        t("I want to complain"),
        t("About our service, how you were treated, or a bill."),
    ),
    "enquiry": (t("I have a question"), t("Something you would like to know.")),
}
"""The kinds of things that people come with, in their words, and what belongs to each."""

Placed = tuple[Path, Question]


def full_key(key: str, name: str, category: Category | None) -> str:
    """The key under which the answer to question `key` of category `name` is kept."""
    own = category is not None and any(one.key == key for one in category.questions)
    return f"{name}.{key}" if own else key


def intake_form(
    plan: ReportPlan, category: str | None, suggested: Sequence[str] = (), kind: str = ""
) -> Form:
    """The questions of a report; those of `category` once it is known.

    `suggested` categories are offered first. Answers to a category that is not (or no longer)
    there, or to `unsure`, give the form without details. Only categories of the `kind` that was
    answered are offered; what kind it is is not asked where a category was answered without it.
    """
    return _form(_Same(plan), category or "", tuple(suggested), kind, asked=True)


def form_for(
    plan: ReportPlan, known: Answers, suggested: Sequence[str] = (), danger: bool = False
) -> Form:
    """The questions of a report of which so much is known.

    Who is in danger is not asked what kind of thing it is: it is an incident.
    """
    kind = _said(known, KIND) or ("incident" if danger else "")
    asked = KIND in known or not danger
    return _form(_Same(plan), _said(known, CATEGORY), tuple(suggested), kind, asked)


def _said(known: Answers, key: str) -> str:
    value = known.get(key)
    return value if isinstance(value, str) else ""


def kind_of(plan: ReportPlan, category: str | None, known: Answers) -> IncidentKind:
    """What kind of thing it is: as its category says, else as was answered, else an incident."""
    own = plan.categories.get(category or "")
    if own is not None:
        return own.kind
    return next((one for one in KINDS if one == known.get(KIND)), "incident")


def asks_kind(intake: Intake) -> bool:
    """Whether people are asked what kind of thing it is; older playbooks do not say so."""
    return KIND in intake.order and all(one.key != KIND for one in intake.questions)


class _Same:
    """A plan known by being the very same: comparing two key by key takes longer than a form."""

    __slots__ = ("plan",)

    def __init__(self, plan: ReportPlan) -> None:
        self.plan = plan

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.plan is other.plan

    def __hash__(self) -> int:
        return hash(self.plan)


# The same few forms are looked at again and again: by every answer, page and card.
@lru_cache(maxsize=256)
def _form(same: _Same, category: str, suggested: tuple[str, ...], kind: str, asked: bool) -> Form:
    plan = same.plan
    known = plan.categories.get(category)
    first = kind_question() if asks_kind(plan.intake) and (kind or not category) else None
    said = kind if first is not None else ""
    offered = {key: one for key, one in plan.categories.items() if of_kind(one, said)}
    pick = category_question(offered, suggested) if offered or not said else None
    path = known.kind if known is not None else kind if kind not in ("", UNSURE) else "incident"
    placed = placed_questions(plan.intake, category, known, pick, first if asked else None, path)
    return Form(
        key="intake",
        title=t("Report a problem"),
        intro=plan.intake.welcome,
        questions=tuple(question for _, question in placed),
        submit=t("Send the report"),
    )


def of_kind(category: Category, said: str) -> bool:
    """Whether a category is for who answered so; who is unsure may have an incident."""
    return not said or category.kind == ("incident" if said == UNSURE else said)


def placed_questions(
    intake: Intake,
    name: str,
    category: Category | None,
    pick: Question | None,
    kind: Question | None = None,
    only: str = "",
) -> Iterator[Placed]:
    """The questions in order, each with its path in the playbook; None is not asked.

    `only` is the kind of thing that it is, or may be: what is asked for others alone is left out.
    """
    by_key = {part.key: (index, part) for index, part in enumerate(intake.questions)}
    ours = {CATEGORY: pick, KIND: None if KIND in by_key else kind}
    for step in intake.order:
        own = ours.get(step)
        if own is not None:
            yield ("intake", "order"), own
        elif step == DETAILS and category is not None:
            for index, part in enumerate(category.questions):
                path = ("categories", name, "questions", index)
                yield path, _question(part, f"{name}.{part.key}", name, category)
        elif step in by_key:
            index, part = by_key[step]
            if only and KIND not in by_key and part.when and part.when.question == KIND:
                if only not in part.when.any_of:
                    continue
                part = part.model_copy(update={"when": None})
            yield ("intake", "questions", index), _question(part, part.key, "", None)


def _question(part: QuestionPart, key: str, name: str, category: Category | None) -> Question:
    asked = part.when
    full = "" if asked is None else full_key(asked.question, name, category)
    return part.question(key, None if asked is None else asked.condition(full))


def kind_question() -> Question:
    """The question what kind of thing it is."""
    choices = (Choice(value=one, label=said, hint=hint) for one, (said, hint) in KINDS.items())
    unsure = Choice(value=UNSURE, label=t("I am not sure"))
    return Question(
        key=KIND,
        type=QuestionType.CHOICE,
        label=t("What can we do for you?"),
        short=t("Kind"),
        choices=(*choices, unsure),
    )


def category_question(
    categories: Mapping[str, Category], suggested: Sequence[str] = ()
) -> Question:
    """The question that chooses a category."""
    names = [one for one in suggested if one in categories]
    names += [one for one in categories if one not in names]
    every = [(one, categories[one]) for one in names]
    choices = [Choice(value=one, label=own.name, hint=own.hint) for one, own in every]
    return Question(
        key=CATEGORY,
        type=QuestionType.CHOICE,
        label=t("What is it about?"),
        short=t("Category"),
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
