"""Facts of an incident: answers checked against the playbook, and what its rules make of them."""

from collections.abc import Iterable

from bot.core.answers import FormError, validate
from bot.core.caller import desk_questions
from bot.core.commands import Refused
from bot.core.forms import Question, QuestionType, Value
from bot.core.frozen import Frozen
from bot.core.ids import SubjectId
from bot.core.incident_words import Fact
from bot.core.personal import JsonValue, Personal
from bot.core.playbook import ReportPlan
from bot.core.playbook_assess import Assessment, assess
from bot.core.playbook_forms import KIND
from bot.core.texts import t


def observed(
    plan: ReportPlan, category: str, given: Iterable[Fact], subject: SubjectId
) -> tuple[Fact, ...] | Refused:
    """What an agent saw or was told, checked like a customer's answers, about `subject`."""
    if category and category not in plan.categories:
        text = t("There is no such category. Choose one of the list.")
        return Refused(code="unknown_category", text=text)
    given = tuple(given)
    kind = next((str(one.value) for one in given if one.field == KIND and one.value), "")
    every = desk_questions(plan, category, kind)
    # A file is sent by whoever has it; an id that somebody types stands for nothing.
    asked = {one.key: one for one in every if one.type is not QuestionType.FILE}
    facts: list[Fact] = []
    for one in given:
        fact = _checked(asked.get(one.field), one, subject)
        if isinstance(fact, Refused):
            return fact
        facts.append(fact)
    return tuple(facts)


def _checked(question: Question | None, given: Fact, subject: SubjectId) -> Fact | Refused:
    if question is None:
        text = t("One of the answers belongs to no question. Reload the page and try again.")
        return Refused(code="unknown_question", text=text)
    value = validate(question, given.value)
    if isinstance(value, FormError):
        return Refused(code="answer", text=value.text)
    if question.personal and value is not None:
        return Fact(field=given.field, value=Personal(subject, as_json(value)))
    return Fact(field=given.field, value=value)


def as_json(value: Value) -> JsonValue:
    """A checked answer in the form in which a personal value keeps it."""
    if isinstance(value, Frozen):
        found: JsonValue = value.model_dump()
        return found
    return list(value) if isinstance(value, tuple) else value


def plain(facts: Iterable[Fact]) -> dict[str, Value]:
    """The answers that rules may look at."""
    return {one.field: one.value for one in facts if not isinstance(one.value, Personal)}


def assessed(plan: ReportPlan, category: str, facts: Iterable[Fact], danger: bool) -> Assessment:
    """What the playbook's rules say of the facts, and whether somebody said: danger."""
    found = assess(plan, category, plain(facts))
    return found.model_copy(update={"danger": danger or found.danger})


def merged(old: Iterable[Fact], fresh: Iterable[Fact]) -> tuple[Fact, ...]:
    """The facts when `fresh` ones have replaced old ones of the same field."""
    return tuple({one.field: one for one in (*old, *fresh)}.values())
