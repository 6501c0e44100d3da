"""A form asks what is to be asked, in order, and knows when it is complete."""

import pytest
from pydantic import ValidationError

from bot.core.forms import (
    Choice,
    Condition,
    Form,
    FormState,
    Location,
    Question,
    QuestionType,
    Value,
    advice,
    changed_since,
    complete,
    next_question,
    previous_question,
    problems,
    relevant,
    visible,
)
from bot.core.texts import t


def ask(key: str, type_: QuestionType = QuestionType.TEXT, **more: object) -> Question:
    return Question.model_validate({"key": key, "type": type_, "label": t("Label"), **more})


def choice(key: str, *values: str, **more: object) -> Question:
    choices = tuple(Choice(value=one, label=t("Choice")) for one in values)
    return ask(key, QuestionType.CHOICE, choices=choices, **more)


def when(question: str, *any_of: bool | int | str) -> Condition:
    return Condition(question=question, any_of=any_of)


def form(*questions: Question) -> Form:
    return Form(key="f", title=t("Form"), questions=questions)


def keys(questions: tuple[Question, ...]) -> list[str]:
    return [one.key for one in questions]


TREE = form(
    choice("kind", "a", "b"),
    choice("more", "x", "y", when=when("kind", "a")),
    ask("deep", when=when("more", "y")),
    ask("last", required=False),
)


ALONE = Choice(value="none", label=t("None"), alone=True)


def test_questions_come_in_order_and_only_those_whose_condition_holds() -> None:
    assert keys(visible(TREE, {})) == ["kind", "last"]
    assert keys(visible(TREE, {"kind": "a", "more": "y"})) == ["kind", "more", "deep", "last"]


def test_an_answer_to_a_question_that_is_no_longer_asked_counts_for_nothing() -> None:
    answers: dict[str, Value] = {"kind": "b", "more": "y", "deep": "words"}
    assert keys(visible(TREE, answers)) == ["kind", "last"]
    assert relevant(TREE, answers) == {"kind": "b"}


def test_the_next_question_is_the_first_one_neither_answered_nor_skipped() -> None:
    asked = next_question(TREE, {"kind": "b"})
    assert asked is not None
    assert asked.key == "last"
    assert next_question(TREE, {"kind": "b", "last": None}) is None


def test_back_goes_to_the_question_answered_before_past_those_not_asked() -> None:
    answers: dict[str, Value] = {"kind": "b", "last": "x"}
    back = previous_question(TREE, answers, "last")
    assert back is not None
    assert back.key == "kind"
    assert previous_question(TREE, answers, "kind") is None
    latest = previous_question(TREE, answers)
    assert latest is not None
    assert latest.key == "last"


def test_a_form_is_complete_when_every_required_question_that_is_asked_has_an_answer() -> None:
    assert not complete(TREE, {"kind": "a"})
    assert complete(TREE, {"kind": "b"})
    assert not complete(TREE, {"kind": None})


def test_a_condition_tells_yes_from_one_and_takes_any_of_several_choices() -> None:
    assert when("q", True).holds({"q": True})
    assert not when("q", True).holds({"q": 1})
    assert not when("q", 1).holds({"q": True})
    assert when("q", "b", "c").holds({"q": ("a", "c")})
    assert not when("q", "b").holds({"q": None})
    assert not when("q", "b").holds({})


def test_a_condition_on_a_number_holds_from_that_number_on() -> None:
    many = Condition(question="n", at_least=3)
    assert many.holds({"n": 3})
    assert many.holds({"n": 3.5})
    assert not many.holds({"n": 2})
    assert not many.holds({"n": True})
    assert not many.holds({"n": "30"})
    assert not many.holds({"n": None})


def test_a_condition_needs_exactly_one_test() -> None:
    with pytest.raises(ValidationError, match="either"):
        Condition(question="n")
    with pytest.raises(ValidationError, match="either"):
        Condition(question="n", any_of=("a",), at_least=1)


@pytest.mark.parametrize(
    ("questions", "expected"),
    [
        ((ask("a"), ask("a")), (1, "key", "used twice")),
        ((ask("a", when=when("b", "x")), choice("b", "x")), (0, "when", "asked earlier")),
        ((ask("a"), ask("b", when=when("zz", 1))), (1, "when", "unknown question 'zz'")),
        ((choice("a", "x"), ask("b", when=when("a", "y"))), (1, "when", "no answer 'y'")),
        (
            (choice("a", "x", personal=True), ask("b", when=when("a", "x"))),
            (1, "when", "personal"),
        ),
        (
            (ask("a", QuestionType.YES_NO), ask("b", when=when("a", "yes"))),
            (1, "when", "no answer 'yes'"),
        ),
        (
            (ask("a"), ask("b", when=Condition(question="a", at_least=2))),
            (1, "when", "at_least needs a number"),
        ),
        ((ask("a", QuestionType.CHOICE),), (0, "choices", "need them")),
        ((choice("a", "x", "x"),), (0, "choices", "same value")),
        (
            (choice("a", "x").model_copy(update={"choices": (ALONE,)}),),
            (0, "choices", "belongs to a multi_choice"),
        ),
        ((ask("a", minimum=5, maximum=3),), (0, "min", "above max")),
        ((ask("a", maximum=9999),), (0, "max", "every channel takes")),
    ],
)
def test_what_makes_questions_unusable_is_named_with_its_place(
    questions: tuple[Question, ...], expected: tuple[int, str, str]
) -> None:
    (index, part, sentence), *more = problems(questions)
    assert (index, part) == expected[:2]
    assert expected[2] in sentence
    assert not more
    with pytest.raises(ValidationError):
        form(*questions)


def test_advice_comes_with_the_choice_that_calls_for_it() -> None:
    shout = t("Call now")
    choices = (
        Choice(value="fire", label=t("Fire"), advice=shout),
        Choice(value="none", label=t("None")),
    )
    one = ask("q", QuestionType.CHOICE, choices=choices)
    many = ask("q", QuestionType.MULTI_CHOICE, choices=choices)
    assert advice(one, "fire") == (shout,)
    assert advice(one, "none") == ()
    assert advice(many, ("none", "fire")) == (shout,)
    assert advice(many, None) == ()


def test_a_field_that_somebody_else_changed_is_shown_and_not_overwritten() -> None:
    state = FormState(
        form=TREE,
        answers={"kind": "a", "more": "x", "last": "mine"},
        changed_at={"kind": 5, "more": 9, "last": 9},
    )
    submitted: dict[str, Value] = {"kind": "b", "more": "y", "last": "mine"}
    assert changed_since(state, submitted, seen_at=7) == ("more",)
    assert changed_since(state, submitted, seen_at=9) == ()


def test_a_form_and_its_answers_survive_being_stored() -> None:
    answers: dict[str, Value] = {
        "text": "1",
        "count": 3,
        "share": 2.5,
        "yes": True,
        "list": ("a", "b"),
        "place": Location(text="Here", lat=1.5, lon=-2.25),
        "skipped": None,
    }
    state = FormState(form=TREE, answers=answers, changed_at={"text": 1})
    again = FormState.model_validate_json(state.model_dump_json())
    assert again == state
    assert {key: type(one) for key, one in again.answers.items()} == {
        key: type(one) for key, one in answers.items()
    }
