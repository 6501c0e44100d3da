"""A new incident typed in by the staff: what is asked, and what the fields of the form say."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.core import caller
from bot.core.forms import Question, QuestionType
from bot.core.incident_words import Fact
from bot.core.playbook import Playbook
from bot.core.playbook_forms import CATEGORY
from bot.pages.given import Given

ANSWER = "answer:"
TICK = "tick:"
NOT_TYPED = (QuestionType.FILE, QuestionType.PERSON)


@dataclass(frozen=True, slots=True)
class Asked:
    """The questions of the form: about the caller, then about what happened."""

    caller: tuple[Question, ...]
    rest: tuple[Question, ...]


def asked_of(playbook: Playbook, category: str) -> Asked:
    """The questions for a category ("": none is known yet).

    The playbook's own question for a number stands with the caller, in place of ours.
    """
    every = caller.desk_questions(playbook, category)
    by_key = {one.key: one for one in every}
    phone = next((one for one in every if one.type is QuestionType.PHONE), by_key[caller.NUMBER])
    number = phone.model_copy(update={"label": by_key[caller.NUMBER].label, "help": None})
    about = tuple(by_key[key] for key in (caller.MEANS, caller.NAME))
    left_out = {CATEGORY, number.key, *caller.KEYS}
    rest = (one for one in every if one.key not in left_out and one.type not in NOT_TYPED)
    return Asked((*about, number), tuple(rest))


def opening_of(given: Given) -> dict[str, Any]:
    """The fields of the command; what was left empty was not answered."""
    return {
        "report": None,
        "category": given.get("category", ""),
        "facts": tuple(_facts(given)),
        "danger": given.get("danger") == "yes",
    }


def _facts(given: Given) -> Iterator[Fact]:
    ticked: dict[str, list[str]] = {}
    for name, value in given.items():
        if name.startswith(ANSWER) and isinstance(value, str) and value.strip():
            yield Fact(field=name.removeprefix(ANSWER), value=value)
        elif name.startswith(TICK):
            key, _, choice = name.removeprefix(TICK).partition(":")
            ticked.setdefault(key, []).append(choice)
    for key, choices in ticked.items():
        yield Fact(field=key, value=tuple(choices))
