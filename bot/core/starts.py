"""Links that begin a report with something answered: a site, an asset, a kind of problem.

A key names an answer that the playbook offers to choose, and nothing else: it gives no right,
and one that no playbook knows begins a report all the same.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from bot.core.forms import Answers, Question, QuestionType, visible
from bot.core.playbook import ReportPlan
from bot.core.playbook_forms import CATEGORY, intake_form
from bot.core.texts import Phrase

PAYLOAD = "s_"
"""Stands before the key in a link."""
KEY_MOST = 62
_PLAIN = re.compile(r"[A-Za-z0-9_-]+")
_CHOSEN = (QuestionType.CHOICE, QuestionType.MULTI_CHOICE)


@dataclass(frozen=True, slots=True)
class Start:
    """What is answered when a report begins by a link, and what that is called."""

    answers: Answers
    label: Phrase


def key_of(field: str, value: str) -> str:
    """What a link calls this answer: at most 62 of A-Z, a-z, 0-9, _ and -."""
    key = f"{field}-{value}".replace(".", "-")
    if len(key) <= KEY_MOST and _PLAIN.fullmatch(key):
        return key
    return sha256(f"{field}:{value}".encode()).hexdigest()[:32]


def starts(plan: ReportPlan) -> Mapping[str, Start]:
    """Every answer that a report may begin with, by its key, in the order of the questions."""
    found: dict[str, Start] = {}
    for category in ("", *plan.categories):
        known: Answers = {CATEGORY: category} if category else {}
        for question in visible(intake_form(plan, category), known):
            for key, start in _of(question, known):
                found.setdefault(key, start)
    return found


def _of(question: Question, known: Answers) -> Iterator[tuple[str, Start]]:
    if question.type not in _CHOSEN or question.personal:
        return
    for one in question.choices:
        several = question.type is QuestionType.MULTI_CHOICE
        value = (one.value,) if several else one.value
        own = {} if "." not in question.key else known
        yield key_of(question.key, one.value), Start({**own, question.key: value}, one.label)
