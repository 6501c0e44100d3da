"""What the deciders of a report share: forms as pinned, facts that count, who is told."""

import pytest

from bot.core.forms import Form
from bot.core.playbook_forms import intake_form
from bot.core.playbook_parse import parse
from bot.core.reporting import chosen, facts_of, form_of
from bot.core.texts import Words
from tests.tidy import ROOT
from tests.workflows.kit import PLAYBOOK, context
from tests.workflows.reports import POWER, REQUIRED, SAFE, WHAT, answered, personal, report

TEXT = (ROOT / "bot" / "playbooks" / "default.toml").read_text()


def label(form: Form, key: str) -> object:
    return next(one.label for one in form.questions if one.key == key)


def test_a_report_keeps_its_questions_in_todays_wording() -> None:
    """The newer edition words one question anew and drops another; the report has both."""
    wording = TEXT.replace("What has happened, or what do you need?", "What is the matter?")
    text = wording.replace('"photo", "contact"]', '"photo"]')
    start = text.index('[[intake.questions]]\nkey = "contact"')
    newer = parse(text[:start] + text[text.index("[[intake.rules]]", start) :], "newer.toml")
    assert not hasattr(newer, "faults"), newer
    form = form_of(report().state, {}, context(playbook=newer))
    found = label(form, "what")
    assert isinstance(found, Words)
    assert found.pick("en") == "What is the matter?"
    assert [one.key for one in form.questions][-1] == "contact"


def test_a_form_follows_its_plan_not_the_name_of_its_edition() -> None:
    """Forms are remembered; another plan of the same version must not get this one's."""
    names = ("power", "it")
    fewer = PLAYBOOK.model_copy(
        update={"categories": {name: PLAYBOOK.categories[name] for name in names}}
    )
    assert hash(fewer) == hash(PLAYBOOK)
    pick = [
        next(q for q in intake_form(one, "").questions if q.key == "category")
        for one in (PLAYBOOK, fewer)
    ]
    assert [len(one.choices) for one in pick] == [len(PLAYBOOK.categories) + 1, 3]


@pytest.mark.parametrize(
    ("known", "category"),
    [({}, ""), ({"category": "unsure"}, ""), ({"category": "it"}, "it"), ({"category": None}, "")],
)
def test_a_category_is_known_once_it_was_chosen(known: dict[str, str], category: str) -> None:
    assert chosen(known) == category


def test_only_answers_to_questions_that_are_asked_count() -> None:
    story = report(SAFE, WHAT, answered("it.service", "mail"), POWER)
    fields = [one.field for one in facts_of(story.state, context())]
    assert fields == ["safety", "what", "category"]


def test_facts_keep_the_subject_of_the_person() -> None:
    (what,) = (one for one in facts_of(report(*REQUIRED).state, context()) if one.field == "what")
    assert what.value == personal("The lights went out.")
