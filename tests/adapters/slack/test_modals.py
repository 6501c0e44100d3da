"""Every form is a window that Slack opens, and what is filled in there comes back as it was."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given as any_of
from hypothesis import settings
from hypothesis import strategies as st

from bot.adapters.slack import limits
from bot.adapters.slack.filled import MARK, given
from bot.adapters.slack.modals import Modals, window
from bot.adapters.slack.text import Json
from bot.core.answers import FormError, validate
from bot.core.forms import (
    LIMITS,
    Choice,
    Condition,
    Form,
    FormState,
    Location,
    Question,
    QuestionType,
    Value,
    visible,
)
from bot.core.texts import t
from bot.engine.ports import Opened, Speak
from bot.views.examples import AT, NAMES
from bot.views.gallery import forms
from bot.views.help import EVERYWHERE, pressable
from tests.slack.blocks import view_faults
from tests.views.test_cards import PLAYBOOK, SPEECH

FORMS = forms(PLAYBOOK)
LONG = "long words & <many> of them, " * 104
REF = "m" + "x" * 199
Q = QuestionType


def speaker(language: str = "en", longer: str = "") -> Speak:
    say = SPEECH.speaker(language, "Europe/London", AT, NAMES.get)
    return lambda phrase: say(phrase) + longer


def opened(
    form: Form, say: Speak | None = None, answers: Mapping[str, Value] | None = None
) -> Opened:
    state = FormState(form=form, answers=answers or {}, changed_at={"what": 7, "where": 12})
    return Opened(REF, state, say or speaker())


def asked(*questions: Question) -> Form:
    return Form(key="form", title=t("Form"), questions=questions)


def one(kind: Q, key: str = "q", **more: Any) -> Question:
    return Question(key=key, type=kind, label=t("What"), **more)


def choices(count: int, label: str = "Choice", value: str = "v") -> tuple[Choice, ...]:
    return tuple(Choice(value=f"{value}{n}", label=t(f"{label} {n}")) for n in range(count))


def inputs(view: Json) -> dict[str, Json]:
    """The input blocks by the keys of their questions."""
    blocks = [each for each in view["blocks"] if each["type"] == "input"]
    return {each["block_id"].removeprefix(MARK): each for each in blocks}


def options(shown: Json) -> list[Json]:
    """Everything that can be chosen."""
    groups = shown.get("option_groups", [{"options": shown.get("options", [])}])
    return [each for group in groups for each in group["options"]]


def state_of(shown: Json, value: Value) -> Json:
    """What Slack sends back of an input in which somebody gave `value`."""
    kind = shown["type"]
    if kind in ("radio_buttons", "static_select"):
        return {"type": kind, "selected_option": chosen(shown, (value,))[0]}
    if kind in ("checkboxes", "multi_static_select"):
        return {"type": kind, "selected_options": chosen(shown, value)}
    if kind == "file_input":
        assert isinstance(value, tuple)
        return {"type": kind, "files": [{"id": each, "name": "x"} for each in value]}
    names = {"datepicker": "selected_date", "timepicker": "selected_time"}
    return {"type": kind, names.get(kind, "value"): value}


def chosen(shown: Json, values: Any) -> list[Json]:
    """The options that stand for these values; what is not offered cannot be chosen."""
    return [each for each in options(shown) if each["text"]["text"] in values]


def submitted(view: Json, typed: Mapping[str, Value]) -> Json:
    """The view as it comes back."""
    blocks = inputs(view)
    values = {
        f"{MARK}{key}": {
            blocks[key]["element"]["action_id"]: state_of(blocks[key]["element"], each)
        }
        for key, each in typed.items()
    }
    return {**view, "id": "V1", "state": {"values": values}}


@pytest.mark.parametrize("name", list(FORMS))
@pytest.mark.parametrize("language", SPEECH.languages)
def test_every_form_is_a_window_in_every_language(name: str, language: str) -> None:
    state = opened(FORMS[name], speaker(language))
    made = window(state)
    assert view_faults(made.view) == []
    assert [one for one in made.losses if one.what != "choice"] == []
    assert list(inputs(made.view)) == [each.key for each in visible(FORMS[name], {})]


@pytest.mark.parametrize("name", list(FORMS))
@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_form_fits_with_the_longest_texts(name: str, language: str) -> None:
    made = window(opened(FORMS[name], speaker(language, LONG)), at="C123")
    assert view_faults(made.view) == []
    assert made.losses
    assert list(inputs(made.view)) == [each.key for each in visible(FORMS[name], {})]
    assert "answer" not in {each.what for each in made.losses}


def longest(question: Question) -> Value:
    """The longest answer that the house takes."""
    most = int(question.maximum or LIMITS.get(question.type, 40))
    several = tuple(each.value for each in question.choices)
    by_type: Mapping[Q, Value] = {
        Q.NUMBER: question.maximum or 10**15,
        Q.DATE: "2026-12-31",
        Q.TIME: "23:59",
        Q.YES_NO: True,
        Q.CHOICE: several[-1] if several else None,
        Q.MULTI_CHOICE: several[:most],
        Q.FILE: tuple(f"F{number}" for number in range(most)),
        Q.LOCATION: Location(text="&" * most),
    }
    return by_type.get(question.type, "&" * most)


@pytest.mark.parametrize("name", list(FORMS))
def test_every_form_fits_with_the_longest_answers_in_it(name: str) -> None:
    known = {each.key: longest(each) for each in FORMS[name].questions}
    made = window(opened(FORMS[name], speaker("ru", LONG), known), at="C123")
    assert view_faults(made.view) == []
    assert "answer" not in {each.what for each in made.losses}
    assert list(inputs(made.view)) == [each.key for each in visible(FORMS[name], known)]


@pytest.mark.parametrize("name", list(FORMS))
def test_practice_7_1_help_is_above_the_questions_of_every_window(name: str) -> None:
    """practice 7.1: a button that works in a window, and is never what finds no room."""
    say = speaker("en", LONG)
    shown = replace(opened(FORMS[name], say), help=pressable(say))
    made = window(shown).view
    assert view_faults(made) == []
    (row,) = [one for one in made["blocks"] if one["type"] == "actions"]
    asked = [one["type"] for one in made["blocks"]].index("input")
    assert made["blocks"].index(row) < asked
    assert [one["value"] for one in row["elements"]] == [EVERYWHERE]


def test_what_must_come_back_comes_back() -> None:
    made = window(opened(asked(one(Q.TEXT))), at="C123").view
    assert json.loads(made["private_metadata"]) == {"ref": REF, "seen": 12, "at": "C123"}
    assert window(opened(asked(one(Q.TEXT)))).view["blocks"] == made["blocks"]


@pytest.mark.parametrize(
    ("question", "known", "expected"),
    [
        (one(Q.TEXT), "Hi", {"type": "plain_text_input", "max_length": 300, "initial_value": "Hi"}),
        (one(Q.TEXT, maximum=20, minimum=2), None, {"max_length": 20, "min_length": 2}),
        (
            one(Q.LONG_TEXT),
            "a\nb",
            {"multiline": True, "max_length": 3000, "initial_value": "a\nb"},
        ),
        (
            one(Q.NUMBER, minimum=0, maximum=10**15),
            12.5,
            {"min_value": "0", "initial_value": "12.5"},
        ),
        (one(Q.NUMBER, maximum=10**15), 1_000_000, {"max_value": "1000000000000000"}),
        (one(Q.NUMBER), "12,5", {"type": "number_input", "is_decimal_allowed": True}),
        (one(Q.EMAIL), "a@b.example", {"type": "email_text_input", "initial_value": "a@b.example"}),
        (one(Q.PHONE), "+44 20", {"type": "plain_text_input", "initial_value": "+44 20"}),
        (one(Q.DATE), "2026-11-22", {"type": "datepicker", "initial_date": "2026-11-22"}),
        (one(Q.DATE), "soon", {"type": "datepicker"}),
        (one(Q.TIME), "09:05", {"type": "timepicker", "initial_time": "09:05"}),
        (one(Q.TIME), "9:05", {"type": "timepicker"}),
        (one(Q.FILE, maximum=3), None, {"type": "file_input", "max_files": 3}),
        (one(Q.LOCATION), Location(text="here"), {"max_length": 300, "initial_value": "here"}),
        (one(Q.PERSON), "per_1", {"type": "plain_text_input", "initial_value": "per_1"}),
        (one(Q.CHOICE, choices=choices(10)), "v3", {"type": "radio_buttons"}),
        (one(Q.CHOICE, choices=choices(11)), "v3", {"type": "static_select"}),
        (one(Q.CHOICE, choices=choices(250)), "v249", {"type": "static_select"}),
        (one(Q.MULTI_CHOICE, choices=choices(10)), ("v1", "v2"), {"type": "checkboxes"}),
        (one(Q.MULTI_CHOICE, choices=choices(99), maximum=4), (), {"max_selected_items": 4}),
        (one(Q.YES_NO), True, {"type": "radio_buttons"}),
    ],
)
def test_every_type_of_question_has_its_input(
    question: Question, known: Value, expected: Json
) -> None:
    view = window(opened(asked(question), answers={question.key: known})).view
    assert view_faults(view) == []
    shown = inputs(view)[question.key]["element"]
    assert {key: shown.get(key) for key in expected} == expected
    first = [shown[key] for key in ("initial_option",) if key in shown] + shown.get(
        "initial_options", []
    )
    values = known if isinstance(known, tuple) else (known,)
    assert len(first) == (len(values) if options(shown) else 0)


@pytest.mark.parametrize(
    ("question", "typed", "checked"),
    [
        (one(Q.TEXT), "Hi <there> & *you*", "Hi <there> & *you*"),
        (one(Q.NUMBER), "12.5", 12.5),
        (one(Q.DATE), "2026-11-22", "2026-11-22"),
        (one(Q.TIME), "14:05", "14:05"),
        (one(Q.CHOICE, choices=choices(12)), "Choice 11", "v11"),
        (one(Q.CHOICE, choices=choices(250)), "Choice 240", "v240"),
        (one(Q.MULTI_CHOICE, choices=choices(4)), ("Choice 1", "Choice 3"), ("v1", "v3")),
        (one(Q.CHOICE, choices=choices(9, value="w" * 90)), "Choice 8", "w" * 90 + "8"),
        (one(Q.CHOICE, choices=choices(9, value="~")), "Choice 8", "~8"),
        (one(Q.YES_NO), "No", False),
        (one(Q.FILE), ("F1", "F2"), ("F1", "F2")),
        (one(Q.LOCATION), "12 Mill Lane", Location(text="12 Mill Lane")),
        (one(Q.TEXT, key="power.what-is.it"), "dots", "dots"),
    ],
)
def test_what_is_filled_in_comes_back_as_it_was(
    question: Question, typed: Value, checked: Value
) -> None:
    view = window(opened(asked(question))).view
    assert view_faults(view) == []
    back = given(submitted(view, {question.key: typed}))
    assert list(back) == [question.key]
    assert validate(question, back[question.key]) == checked


def test_values_that_are_too_long_for_slack_travel_with_the_form_as_far_as_there_is_room() -> None:
    many = one(Q.CHOICE, choices=choices(40, value='"\\' * 40))
    made = window(opened(asked(many)), at="C123")
    assert view_faults(made.view) == []
    assert len(made.view["private_metadata"]) <= limits.METADATA
    assert {each.what for each in made.losses} == {"choices"}
    assert 0 < len(options(inputs(made.view)["q"]["element"])) < 40


def test_what_was_left_out_comes_back_as_nothing() -> None:
    question = one(Q.MULTI_CHOICE, choices=choices(4), required=False)
    view = window(opened(asked(question, one(Q.TEXT, key="r", required=False)))).view
    assert [each["optional"] for each in inputs(view).values()] == [True, True]
    empty: Json = {f"{MARK}q": {"answer": {"type": "checkboxes", "selected_options": []}}}
    empty[f"{MARK}r"] = {"answer": {"type": "plain_text_input", "value": None}}
    back = given({**view, "state": {"values": empty}})
    assert back == {"q": (), "r": None}
    assert not isinstance(validate(question, back["q"]), FormError)


def test_only_what_others_depend_on_tells_at_once() -> None:
    form = asked(
        one(Q.CHOICE, key="when", choices=choices(3)),
        one(Q.NUMBER, key="many"),
        one(Q.TEXT, key="other", when=Condition(question="when", any_of=("v2",))),
        one(Q.TEXT, key="more", when=Condition(question="many", at_least=3)),
    )
    first = inputs(window(opened(form)).view)
    assert list(first) == ["when", "many"]
    assert all(each["dispatch_action"] for each in first.values())
    assert first["many"]["element"]["dispatch_action_config"] == {
        "trigger_actions_on": ["on_character_entered"]
    }
    then = window(opened(form, answers={"when": "v2", "many": 4})).view
    assert view_faults(then) == []
    assert [each.get("dispatch_action") for each in inputs(then).values()] == [
        True,
        True,
        None,
        None,
    ]


def test_the_advice_of_a_choice_is_shown_as_soon_as_it_is_taken() -> None:
    urgent = Choice(value="fire", label=t("Fire"), advice=t("Leave the building first."))
    question = one(Q.MULTI_CHOICE, choices=(urgent, *choices(2)))
    assert inputs(window(opened(asked(question))).view)["q"]["dispatch_action"] is True
    view = window(opened(asked(question), answers={"q": ("fire",)})).view
    assert view["blocks"][1]["text"]["text"] == "▲ Leave the building first."
    assert view_faults(view) == []


def test_a_long_title_or_label_is_cut_and_stands_in_full_elsewhere() -> None:
    title = "Which of the many things that can be wrong is it?"
    label = (
        "The lift has stopped between two floors and somebody with a dog is in it, calmly waiting"
    )
    question = one(
        Q.CHOICE, choices=(Choice(value="a", label=t(label)), *choices(1)), help=t("Help")
    )
    form = Form(key="f", title=t(title), questions=(question,))
    made = window(opened(form))
    assert view_faults(made.view) == []
    assert made.view["title"]["text"] == "Which of the many…"
    assert made.view["blocks"][0] == {
        "type": "header",
        "text": {"type": "plain_text", "text": title, "emoji": False},
    }
    assert inputs(made.view)["q"]["hint"]["text"] == f"Help\n• {label}"
    assert [each.what for each in made.losses] == ["choice"]


def test_a_form_that_is_too_large_says_what_is_missing() -> None:
    many = asked(*(one(Q.TEXT, key=f"q{n}") for n in range(130)))
    made = window(opened(many))
    assert view_faults(made.view) == []
    assert len(inputs(made.view)) == limits.VIEW_BLOCKS - 1
    (loss,) = made.losses
    assert (loss.what, loss.count) == ("questions", 31)
    assert "in words" in made.view["blocks"][-1]["text"]["text"]
    odd = window(opened(asked(one(Q.TEXT, key="k" * 300))))
    assert view_faults(odd.view) == []
    assert [each.what for each in odd.losses] == ["questions"]
    thick = asked(
        *(one(Q.CHOICE, key=f"q{n}", choices=choices(100, label="🙂" * 70)) for n in range(60))
    )
    heavy = window(opened(thick))
    assert view_faults(heavy.view) == []
    assert heavy.losses


def test_what_does_not_do_is_said_where_it_stands() -> None:
    form = asked(one(Q.TEXT, key="a.b"), one(Q.TEXT, key="c"))
    view = window(opened(form)).view
    assert Modals().faults(view, {"a.b": "Too <short>."}) == {"q.a.b": "Too &lt;short&gt;."}
    assert Modals().faults(view, {}) == {}
    assert Modals().faults({**view, "blocks": []}, {"a.b": "No."}) == {}
    assert len(Modals().faults(view, {"a.b": "<" * 9_000})["q.a.b"]) <= 2_000
    beside = Modals().faults(view, {"": "Somebody else was first.", "c": "No.", "gone": "Odd."})
    assert beside == {"q.a.b": "Somebody else was first. Odd.", "q.c": "No."}
    again = window(opened(form), faults={"": "Somebody else was first.", "c": "No."}).view
    assert view_faults(again) == []
    said = [each["text"]["text"] for each in again["blocks"] if each["type"] == "section"]
    assert said == ["▲ Somebody else was first.", "▲ No."]
    assert list(inputs(again)) == ["a.b", "c"]


def test_files_that_are_there_already_need_not_be_sent_again() -> None:
    view = window(opened(asked(one(Q.FILE)), answers={"q": ("F1", "F2")})).view
    assert inputs(view)["q"]["optional"] is True
    assert inputs(view)["q"]["hint"]["text"] == "2 files are there."


def test_an_answer_longer_than_its_input_is_told() -> None:
    made = window(opened(asked(one(Q.TEXT, maximum=10)), answers={"q": "more than ten signs"}))
    assert view_faults(made.view) == []
    assert [each.what for each in made.losses] == ["answer"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3)
    ),
    max_leaves=9,
)
NAMES_OF = st.sampled_from(
    ["value", "selected_option", "selected_options", "selected_date", "files", "id", "type"]
)
ANSWER = st.dictionaries(NAMES_OF, JSON | st.dictionaries(NAMES_OF, JSON, max_size=3), max_size=4)


@settings(max_examples=60, deadline=None)
@any_of(
    values=JSON | st.dictionaries(st.just("q.a"), st.dictionaries(st.text(), ANSWER)), kept=JSON
)
def test_nothing_that_is_sent_breaks_the_reading(values: Any, kept: Any) -> None:
    for state in ({"values": values}, values):
        back = given({"state": state, "private_metadata": json.dumps(kept)})
        for value in back.values():
            assert value is None or isinstance(value, str | tuple)
    assert given({"state": [], "private_metadata": "{{"}) == {}
