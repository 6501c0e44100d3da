"""Likely duplicates on cards and in their form: which, why, and what each answer brings."""

import pytest

from bot.core.commands import Command
from bot.core.incident import Incident
from bot.core.likely_words import LikelyNoted, LinkIncidents, NotTheSame, Reason
from bot.core.moving_words import MergeIncident
from bot.texts import Catalogues
from bot.views import alike, alike_forms
from bot.views.examples import ALIKE, INCIDENT, OTHER, an_incident
from bot.views.form_kinds import Filled
from bot.views.look import Look
from tests.workflows.kit import PLAYBOOK

SAY = Catalogues.load()


def look(**more: object) -> Look:
    other = an_incident(PLAYBOOK).model_copy(update={"stream": OTHER, **more})
    return Look(PLAYBOOK, lambda version: PLAYBOOK, {OTHER: other})


def found() -> Incident:
    return an_incident(PLAYBOOK, LikelyNoted(found=(ALIKE,)))


def test_the_card_says_which_and_why_in_words() -> None:
    """Issue 7.6: with the reason, in the reader's language."""
    line = alike.line(found(), look())
    assert line is not None
    english, russian = (SAY.text(line.text, language) for language in ("en", "ru"))
    assert english.startswith(f"Likely the same as {ALIKE.reference}: same category, same place")
    assert "3 words in common" in english
    assert "opened" in english
    assert ALIKE.reference in russian
    assert "same" not in russian


def test_every_reason_has_its_words() -> None:
    for what in ("place", "address", "near", "category", "words", "many"):
        one = ALIKE.model_copy(update={"reasons": (Reason.model_validate({"what": what, "n": 2}),)})
        assert SAY.text(alike.why(one), "ru") != SAY.text(alike.why(one), "en")


@pytest.mark.parametrize(
    "gone", [{"visibility": "restricted"}, {"status": "closed"}, {"status": "merged"}]
)
def test_what_is_over_or_for_few_by_now_is_named_no_more(gone: dict[str, object]) -> None:
    assert alike.line(found(), look(**gone)) is None
    assert list(alike.offer(found(), look(**gone))) == []


def test_the_older_or_larger_of_two_stays() -> None:
    mine = found()
    older = mine.model_copy(update={"stream": OTHER, "opened_at": mine.opened_at - 1})
    assert alike.goes_into(mine, older) == (mine, older)
    larger = mine.model_copy(update={"reports": 40})
    assert alike.goes_into(larger, older) == (older, larger)
    assert alike.goes_into(older, larger) == (older, larger)


@pytest.mark.parametrize(
    ("what", "brings"),
    [
        ("into", MergeIncident(incident=INCIDENT, into=OTHER)),
        ("from", MergeIncident(incident=OTHER, into=INCIDENT)),
        ("apart", NotTheSame(incident=INCIDENT, other=OTHER)),
        ("link", LinkIncidents(incident=INCIDENT, other=OTHER)),
    ],
)
def test_the_form_brings_what_was_chosen(what: str, brings: Command) -> None:
    form = alike_forms.FORMS["alike"]
    assert [one.value for one in form.ask(found(), look()).questions[0].choices] == [OTHER]
    filled = Filled({"incident": INCIDENT}, {"other": OTHER, "what": what}, 0, "UTC")
    assert form.command(filled) == brings
