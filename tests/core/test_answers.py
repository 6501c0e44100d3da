"""Whatever arrives becomes a checked value or a sentence that says what to do."""

import json
import random
import sys

import pytest

from bot.core.answers import FormError, clean, validate, validate_all
from bot.core.commands import Refused
from bot.core.forms import Choice, Form, Location, Question, QuestionType, Value
from bot.core.free_text import words
from bot.core.texts import t

CHOICES = tuple(Choice(value=one, label=t("Choice")) for one in ("a", "b", "c"))
CHOOSING = (QuestionType.CHOICE, QuestionType.MULTI_CHOICE)


def ask(type_: QuestionType, **more: object) -> Question:
    choices = CHOICES if type_ in CHOOSING else ()
    start: dict[str, object] = {"key": "q", "type": type_, "label": t("Q"), "choices": choices}
    return Question.model_validate(start | more)


def refused(question: Question, raw: object) -> str:
    result = validate(question, raw)
    assert isinstance(result, FormError), result
    assert result.question == "q"
    return result.text.key


TAKEN: list[tuple[QuestionType, object, Value]] = [
    (QuestionType.TEXT, "  two words ", "two words"),
    (QuestionType.TEXT, "two\nlines", "two lines"),
    (QuestionType.LONG_TEXT, "two\r\nlines\ttab", "two\nlines\ttab"),
    (QuestionType.NUMBER, "12", 12),
    (QuestionType.NUMBER, " 1 200 ", 1200),
    (QuestionType.NUMBER, "-2,5", -2.5),
    (QuestionType.NUMBER, "٣", 3),
    (QuestionType.NUMBER, 7.0, 7),
    (QuestionType.NUMBER, 0, 0),
    (QuestionType.EMAIL, "mary.o'neil+x@mail.example.org", "mary.o'neil+x@mail.example.org"),
    (QuestionType.PHONE, "+44 (0)20 7946-0018", "+44 (0)20 7946-0018"),
    (QuestionType.PHONE, "020 7946 0018 ext. 12", "020 7946 0018 ext. 12"),
    (QuestionType.DATE, "2028-02-29", "2028-02-29"),
    (QuestionType.TIME, "9:05", "09:05"),
    (QuestionType.TIME, "23.59", "23:59"),
    (QuestionType.CHOICE, "b", "b"),
    (QuestionType.MULTI_CHOICE, ["c", "a", "c"], ("a", "c")),
    (QuestionType.YES_NO, True, True),
    (QuestionType.YES_NO, "no", False),
    (QuestionType.FILE, ["f_1", "f_2"], ("f_1", "f_2")),
    (QuestionType.FILE, "f_1", ("f_1",)),
    (QuestionType.LOCATION, " High Street 1\n2nd floor", Location(text="High Street 1 2nd floor")),
    (QuestionType.LOCATION, {"lat": 51.5, "lon": -0.1}, Location(lat=51.5, lon=-0.1)),
    (QuestionType.PERSON, "per_01H", "per_01H"),
]


@pytest.mark.parametrize(("type_", "raw", "value"), TAKEN)
def test_a_good_answer_becomes_a_value(type_: QuestionType, raw: object, value: Value) -> None:
    result = validate(ask(type_), raw)
    assert result == value
    assert type(result) is type(value)


WRONG: list[tuple[QuestionType, object]] = [
    (QuestionType.TEXT, 5),
    (QuestionType.TEXT, ["a"]),
    (QuestionType.LONG_TEXT, {"a": 1}),
    (QuestionType.NUMBER, "many"),
    (QuestionType.NUMBER, "1.2.3"),
    (QuestionType.NUMBER, True),
    (QuestionType.NUMBER, float("nan")),
    (QuestionType.NUMBER, float("inf")),
    (QuestionType.NUMBER, 10**400),
    (QuestionType.NUMBER, "9" * 5000),
    (QuestionType.EMAIL, "nobody"),
    (QuestionType.EMAIL, "a@b"),
    (QuestionType.EMAIL, "a b@example.org"),
    (QuestionType.EMAIL, "a@" + "b" * 300 + ".org"),
    (QuestionType.PHONE, "call me"),
    (QuestionType.PHONE, "12"),
    (QuestionType.PHONE, "+" * 30),
    (QuestionType.DATE, "2027-02-29"),
    (QuestionType.DATE, "20270228"),
    (QuestionType.DATE, "22.11.2026"),
    (QuestionType.TIME, "24:00"),
    (QuestionType.TIME, "noon"),
    (QuestionType.CHOICE, "d"),
    (QuestionType.CHOICE, ["a"]),
    (QuestionType.MULTI_CHOICE, "a"),
    (QuestionType.MULTI_CHOICE, ["a", "d"]),
    (QuestionType.MULTI_CHOICE, [["a"]]),
    (QuestionType.YES_NO, "maybe"),
    (QuestionType.YES_NO, 1.5),
    (QuestionType.FILE, ["../etc/passwd"]),
    (QuestionType.FILE, [1]),
    (QuestionType.FILE, ["f"] * 11),
    (QuestionType.LOCATION, 5),
    (QuestionType.LOCATION, {"lat": 91, "lon": 0}),
    (QuestionType.LOCATION, {"lat": float("nan"), "lon": 0}),
    (QuestionType.LOCATION, {"lat": 51.5}),
    (QuestionType.LOCATION, {"text": ""}),
    (QuestionType.LOCATION, {"text": "x", "extra": 1}),
    (QuestionType.PERSON, "<script>"),
    (QuestionType.PERSON, 5),
]


@pytest.mark.parametrize(("type_", "raw"), WRONG)
def test_a_wrong_answer_gets_a_sentence_that_says_what_to_do(
    type_: QuestionType, raw: object
) -> None:
    sentence = refused(ask(type_), raw)
    assert sentence.endswith((".", "lost."))
    assert "Please" in sentence


@pytest.mark.parametrize("type_", QuestionType)
def test_nothing_is_a_skip_where_that_is_allowed_and_asked_again_where_not(
    type_: QuestionType,
) -> None:
    empty: tuple[object, ...] = (None, "", "  \n", "\x00", [], ())
    for nothing in empty:
        assert validate(ask(type_, required=False), nothing) is None
        assert "needs an answer" in refused(ask(type_), nothing)


def test_over_long_text_is_refused_whole_and_never_cut() -> None:
    for type_, limit in ((QuestionType.TEXT, 300), (QuestionType.LONG_TEXT, 3000)):
        assert validate(ask(type_), "я" * limit) == "я" * limit
        assert "Nothing you wrote is lost" in refused(ask(type_), "я" * (limit + 1))
    assert "shorten" in refused(ask(QuestionType.TEXT, maximum=5), "sixsix")
    assert "a little more" in refused(ask(QuestionType.TEXT, minimum=5), "four")


def test_numbers_and_counts_keep_their_bounds() -> None:
    few = ask(QuestionType.NUMBER, minimum=1, maximum=3)
    assert validate(few, 3) == 3
    assert "at least" in refused(few, 0)
    assert "at most" in refused(few, 3.1)
    some = ask(QuestionType.MULTI_CHOICE, minimum=2, maximum=2)
    assert validate(some, ["a", "b"]) == ("a", "b")
    assert "between" in refused(some, ["a"])


def test_what_cannot_be_seen_is_removed_and_all_else_stays() -> None:
    seen = "Ω 👩‍🚒 שלום <script>alert(1)</script> <!channel> javascript:x &amp; `*_{}`"
    assert clean(f" \x00{seen}\x1b\x7f\u202e ") == seen
    assert clean("a\x0bb\u2028c\r\nd\re") == "a\nb\nc\nd\ne"
    assert clean("half \ud83d pair") == "half \ufffd pair"
    assert clean("\ud800").encode()


NOTHING = (
    "\u200b",
    "\u2060",
    "\ufeff",
    "\u00ad",
    "\u200e",
    "\u200f",
    "\u200d",
    "\u3164",
    "\u2800",
    "\ufe0f",
)


@pytest.mark.parametrize("sign", [*NOTHING, " \u200b\u2060 \n\ufeff "])
def test_text_of_which_nothing_shows_is_empty(sign: str) -> None:
    assert clean(sign * 5) == ""
    assert "needs an answer" in refused(ask(QuestionType.LONG_TEXT), sign * 5)
    assert "where it is" in refused(ask(QuestionType.LOCATION), {"text": sign * 5})
    assert validate(ask(QuestionType.TEXT, required=False), sign * 5) is None
    said = words(sign * 5)
    assert isinstance(said, Refused)
    assert said.code == "empty"


def test_what_stands_around_words_and_shows_nothing_does_not_count_as_words() -> None:
    assert clean("\u200b\ufeff a \u2060\u00ad") == "a"
    assert "a little more" in refused(ask(QuestionType.TEXT, minimum=3), "a\u200b\u200b\u200b")


@pytest.mark.parametrize(
    "seen", ["👩\u200d🚒", "❤\ufe0f", "می\u200cخواهم", "ක්\u200dෂ", "(שלום)\u200f", "🏴󠁧󠁢󠁥󠁮󠁧󠁿"]
)
def test_joiners_and_marks_that_words_and_emoji_need_stay(seen: str) -> None:
    assert clean(seen) == seen


def test_an_answer_that_means_none_cannot_be_taken_together_with_others() -> None:
    alone = Choice(value="none", label=t("None of these"), alone=True)
    question = ask(QuestionType.MULTI_CHOICE, choices=(*CHOICES, alone))
    assert "does not go together" in refused(question, ["a", "none"])
    assert validate(question, ["none", "none"]) == ("none",)
    assert validate(question, ["b", "a"]) == ("a", "b")


def test_hostile_values_of_every_shape_are_answered_for_every_type() -> None:
    """Random JSON never raises, and what is taken can be stored and read again."""
    chance = random.Random(7)
    for _ in range(4000):
        raw = _random_json(chance, 4)
        for type_ in QuestionType:
            result = validate(ask(type_, required=False), raw)
            if isinstance(result, str):
                assert json.loads(json.dumps(result).encode()) == result


def _random_json(chance: random.Random, depth: int) -> object:
    kind = chance.randrange(9 if depth else 6)
    if kind == 0:
        return chance.choice([None, True, False])
    if kind == 1:
        return chance.choice([0, -1, 2**63, 10**300, 1.5, float("inf"), -0.0])
    if kind in (2, 3, 4, 5):
        signs = (chance.randrange(sys.maxunicode + 1) for _ in range(chance.randrange(12)))
        return chance.choice(["a", "yes", "2026-01-01", "".join(map(chr, signs))])
    if kind == 6:
        names = ("text", "lat", "lon", "a")
        return {chance.choice(names): _random_json(chance, depth - 1) for _ in range(3)}
    return [_random_json(chance, depth - 1) for _ in range(chance.randrange(4))]


def test_a_deeply_nested_value_is_refused_like_any_other() -> None:
    raw: object = "x"
    for _ in range(5000):
        raw = [raw]
    for type_ in QuestionType:
        refused(ask(type_), raw)


def test_a_whole_form_gives_every_error_at_once_or_the_answers_that_count() -> None:
    questions = (
        ask(QuestionType.CHOICE, key="kind"),
        ask(QuestionType.NUMBER, key="n", when={"question": "kind", "any_of": ["a"]}),
        ask(QuestionType.EMAIL, key="mail"),
        ask(QuestionType.TEXT, key="note", required=False),
    )
    form = Form(key="f", title=t("Form"), questions=questions)
    errors = validate_all(form, {"kind": "a", "n": "x", "mail": "y"})
    assert isinstance(errors, tuple)
    assert [one.question for one in errors] == ["n", "mail"]
    good = validate_all(form, {"kind": "b", "n": "x", "mail": "a@b.org", "odd": 1})
    assert good == {"kind": "b", "mail": "a@b.org", "note": None}
