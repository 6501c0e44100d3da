"""How far somebody is in a form: the open question follows from what was said, and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from bot.core.answers import FormError, validate_all
from bot.core.forms import Choice, Condition, Form, Question, QuestionType, complete
from bot.core.steps import (
    Walked,
    again,
    asked_now,
    back,
    is_short,
    kept,
    on_the_way,
    taken,
    ticked,
    ticks,
    to_send,
)
from bot.core.texts import t


def _question(key: str, kind: QuestionType, *choices: str, **more: object) -> Question:
    some = tuple(Choice(value=x, label=t("{x}", x=x), alone=x == "none") for x in choices)
    return Question.model_validate(
        {"key": key, "type": kind, "label": t("{key}", key=key), "choices": some, **more}
    )


WHEN = _question("when", QuestionType.CHOICE, "soon", "other")
TIME = _question("time", QuestionType.TIME, when=Condition(question="when", any_of=("other",)))
SEVERAL = _question("several", QuestionType.MULTI_CHOICE, "a", "b", "none", required=False)
NOTE = _question("note", QuestionType.LONG_TEXT, required=False, maximum=20)
MANY = _question("many", QuestionType.NUMBER, minimum=1, maximum=9)
FORM = Form(key="f", title=t("Form"), questions=(WHEN, TIME, SEVERAL, NOTE, MANY))
SHORT = Form(key="s", title=t("Short"), questions=(WHEN, TIME))


def _after(walked: Walked, key: str, raw: object, form: Form = FORM) -> Walked:
    found = taken(form, walked, key, raw)
    assert isinstance(found, Walked), found
    return found


def test_what_depends_on_an_answer_is_asked_after_it_and_counts_only_then() -> None:
    walked = _after(Walked(), "when", "other", SHORT)
    question = asked_now(SHORT, walked)
    assert question is not None
    assert question.key == "time"
    walked = _after(walked, "time", "9:05", SHORT)
    assert asked_now(SHORT, walked) is None
    walked = _after(again(walked, "when"), "when", "soon", SHORT)
    assert to_send(SHORT, walked) == {"when": "soon"}


def test_a_form_of_one_question_with_what_depends_on_it_needs_no_summary() -> None:
    assert is_short(SHORT)
    assert not is_short(FORM)


def test_back_asks_the_question_before_and_its_answer_can_be_kept() -> None:
    walked = _after(_after(Walked(), "when", "other"), "time", "9:05")
    walked = back(FORM, walked)
    question = asked_now(FORM, walked)
    assert question is not None
    assert question.key == "time"
    assert kept(question, walked) == "09:05"
    first = back(FORM, walked)
    assert back(FORM, first) == first


def test_what_does_not_do_is_refused_and_changes_nothing() -> None:
    for key, raw in (("when", "never"), ("many", "12"), ("many", "x"), ("time", "25:00")):
        walked = Walked(given={"when": "other"})
        assert isinstance(taken(FORM, walked, key, raw), FormError)
    assert taken(FORM, Walked(), "nobody asked", "x") == Walked()


def test_what_is_known_and_would_not_do_cannot_be_kept() -> None:
    assert kept(NOTE, Walked(known={"note": "x" * 21})) is None
    assert kept(NOTE, Walked(known={"note": "x" * 20})) == "x" * 20
    assert kept(NOTE, Walked()) is None


def test_what_stands_alone_takes_the_place_of_the_others() -> None:
    walked = ticked(SEVERAL, ticked(SEVERAL, Walked(), "b"), "a")
    assert ticks(SEVERAL, walked) == ("a", "b")
    walked = ticked(SEVERAL, walked, "none")
    assert ticks(SEVERAL, walked) == ("none",)
    assert ticks(SEVERAL, ticked(SEVERAL, walked, "a")) == ("a",)
    assert ticks(SEVERAL, ticked(SEVERAL, walked, "none")) == ()
    assert ticked(SEVERAL, walked, "unknown") == walked
    assert ticks(SEVERAL, Walked(known={"several": ("b",)})) == ("b",)


MOVES = st.one_of(
    st.just(("back", "", None)),
    st.tuples(st.just("again"), st.sampled_from([x.key for x in FORM.questions]), st.none()),
    st.tuples(
        st.just("take"),
        st.sampled_from([*(x.key for x in FORM.questions), "?"]),
        st.one_of(
            st.none(),
            st.booleans(),
            st.integers(-3, 12),
            st.text(max_size=30),
            st.sampled_from(["soon", "other", "9:05", "none"]),
            st.lists(st.sampled_from(["a", "b", "none"]), max_size=3),
        ),
    ),
)


@given(st.lists(MOVES, max_size=30))
def test_whatever_is_said_the_end_is_reached_only_with_a_form_that_can_be_sent(
    moves: list[tuple[str, str, object]],
) -> None:
    walked = Walked()
    for do, key, raw in moves:
        if do == "take":
            found = taken(FORM, walked, key, raw)
            walked = walked if isinstance(found, FormError) else found
        else:
            walked = back(FORM, walked) if do == "back" else again(walked, key)
        assert on_the_way(FORM, walked)
        assert Walked.model_validate(walked.model_dump(mode="json")) == walked
    if asked_now(FORM, walked) is None:
        assert complete(FORM, walked.given)
        assert validate_all(FORM, walked.given) == to_send(FORM, walked)
