"""A form question by question: each question of each form is a small card with a way out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.cards import BUTTONS_MOST, Card, Context, Header, plain, spoken
from bot.core.forms import Choice, Form, Location, Question, QuestionType, Value
from bot.core.steps import Walked, asked_now, on_the_way
from bot.core.texts import Phrase, t
from bot.texts import Catalogues
from bot.views.examples import an_incident
from bot.views.forms import FORMS
from bot.views.look import Look
from bot.views.steps import Shown, answered, card, over, said
from bot.wiring import read_playbook

PLAYBOOK = read_playbook(None)
LOOK = Look(PLAYBOOK, lambda version: PLAYBOOK, {})
SPEAK = Catalogues.load().speaker("en", "UTC", 0, lambda person: None)


def _question(kind: QuestionType, *choices: str, **more: object) -> Question:
    some = tuple(Choice(value=x, label=t("{x}", x=x)) for x in choices)
    return Question.model_validate(
        {"key": "q", "type": kind, "label": t("What?"), "choices": some, **more}
    )


def _shown(question: Question, walked: Walked | None = None, name: str = "") -> Card[str]:
    form = Form(key="f", title=t("Form"), questions=(question,))
    return spoken(card(Shown("walk_1", form, walked or Walked(), name)), SPEAK)


def _labels(one: Card[str]) -> list[str]:
    return [x.label for x in one.buttons]


def _example(question: Question) -> Value:
    if question.choices:
        value = question.choices[-1].value
        return (value,) if question.type is QuestionType.MULTI_CHOICE else value
    some: dict[QuestionType, Value] = {
        QuestionType.NUMBER: 2,
        QuestionType.YES_NO: True,
        QuestionType.TIME: "09:30",
    }
    return some.get(question.type, "x" * 3_000)


@pytest.mark.parametrize("name", ["", "Ana"])
@pytest.mark.parametrize("key", list(FORMS))
def test_every_question_of_every_form_fits_on_a_card_and_has_a_way_out(key: str, name: str) -> None:
    kind, state = FORMS[key], an_incident(PLAYBOOK)
    form, walked = kind.ask(state, LOOK), Walked()
    for _ in range(40):
        shown: Card[Phrase] = card(Shown("walk_1", form, walked, name))
        assert "Cancel" in _labels(spoken(shown, SPEAK))
        assert len({x.action.text for x in shown.buttons}) == len(shown.buttons)
        question = asked_now(form, walked)
        if question is None:
            break
        walked = Walked(given={**walked.given, question.key: _example(question)})
        if kind.again is not None:
            form = kind.again(state, LOOK, walked.given)
    assert asked_now(form, walked) is None
    choosing = card(Shown("walk_1", form, walked.model_copy(update={"choosing": True}), name))
    assert len(choosing.buttons) >= min(len(on_the_way(form, walked)), BUTTONS_MOST)


@given(st.integers(1, 60), st.booleans(), st.booleans(), st.booleans())
def test_many_choices_come_in_pages_and_every_one_can_be_reached_once(
    count: int, several: bool, known: bool, required: bool
) -> None:
    kind = QuestionType.MULTI_CHOICE if several else QuestionType.CHOICE
    choices = [f"c{n}" for n in range(count)]
    question = _question(kind, *choices, required=required)
    before: Value = (choices[0],) if several else choices[0]
    walked = Walked(known={"q": before} if known else {})
    found: list[str] = []
    for page in range(count + 1):
        labels = _labels(_shown(question, walked.model_copy(update={"page": page})))
        found += [x.removeprefix("✓ ") for x in labels if x.removeprefix("✓ ") in choices]
        assert ("Previous choices" in labels) == (page > 0)
        assert ("Keep this" in labels) == (known and not several)
        assert ("Skip" in labels) == (not required)
        if "More choices" not in labels:
            break
    assert found == choices


def test_what_is_asked_is_what_the_card_is_about() -> None:
    asked = _shown(_question(QuestionType.YES_NO))
    assert asked.blocks[:2] == (Context("Form"), Header("What?"))


def test_what_is_known_is_said_and_what_is_ticked_is_marked() -> None:
    shown = _shown(_question(QuestionType.CHOICE, "a", "b"), Walked(known={"q": "b"}))
    assert "Now: b" in plain(shown)
    shown = _shown(_question(QuestionType.MULTI_CHOICE, "a", "b"), Walked(ticked=("b",)))
    assert _labels(shown) == ["a", "✓ b", "Done", "Cancel"]


@pytest.mark.parametrize(
    ("question", "hint"),
    [
        (_question(QuestionType.DATE), "year-month-day"),
        (_question(QuestionType.TIME), "14:05"),
        (_question(QuestionType.NUMBER), "in figures"),
        (_question(QuestionType.NUMBER, minimum=1, maximum=99), "from 1 to 99"),
        (_question(QuestionType.NUMBER, minimum=1), "at least 1"),
        (_question(QuestionType.NUMBER, maximum=2.5), "at most 2.5"),
        (_question(QuestionType.EMAIL), "name@example.org"),
        (_question(QuestionType.PHONE), "area code"),
        (_question(QuestionType.LOCATION), "address"),
        (_question(QuestionType.LONG_TEXT), "Write your answer here"),
    ],
)
def test_what_is_written_says_how(question: Question, hint: str) -> None:
    assert hint in plain(_shown(question))
    assert "Reply to this message to answer." in plain(_shown(question, name="Ana"))
    assert "Asked of Ana." in plain(_shown(question, name="Ana"))


def test_a_card_asks_for_a_place_or_a_number_only_alone() -> None:
    assert _shown(_question(QuestionType.LOCATION)).wants == "location"
    assert _shown(_question(QuestionType.PHONE)).wants == "contact"
    assert _shown(_question(QuestionType.PHONE), name="Ana").wants == ""


def test_long_answers_are_shown_shortened_and_places_by_their_point() -> None:
    long = _question(QuestionType.LONG_TEXT)
    assert len(SPEAK(said(long, "x" * 3_000))) < 250
    place = _question(QuestionType.LOCATION)
    assert SPEAK(said(place, Location(lat=51.5, lon=-0.1))) == "51.50000, -0.10000"
    assert SPEAK(said(place, Location(text="Gate 4", lat=51.5, lon=-0.1))) == "Gate 4"
    assert SPEAK(said(long, None)) == "left out"
    assert plain(spoken(answered(long, "{walk} %s"), SPEAK)) == "What? {walk} %s"


def test_the_end_is_a_sentence_and_leads_to_where_more_can_be_done() -> None:
    assert plain(spoken(over("Published."), SPEAK)) == "Published."
    (button,) = over("Not here.", "http://x.test/me", "Your own page").buttons
    assert button.link == "http://x.test/me"
