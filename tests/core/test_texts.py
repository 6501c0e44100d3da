"""A message is data: its key, its arguments, and nothing that only one language could say."""

import pytest
from pydantic import ValidationError

from bot.core.personal import Personal
from bot.core.texts import (
    Arg,
    Ref,
    Span,
    Text,
    When,
    Who,
    Words,
    fill,
    named_in,
    placeholders,
    replace,
    t,
    tn,
)

EVERY = t(
    "{a} {b} {c} {d} {e} {f} {g} {h}",
    a="words",
    b=7,
    c=When(at=3),
    d=Span(ms=60_000),
    e=Who(person="per_1"),
    f=Ref(ref="R-7K4-M2QX"),
    g=Words(by={"en": "Power", "ru": "Свет"}),
    h=tn("{n} report", "{n} reports", n=2),
)


def test_a_message_with_every_kind_of_argument_survives_being_stored() -> None:
    assert Text.model_validate_json(EVERY.model_dump_json()) == EVERY


def test_a_sealed_value_may_stand_in_a_message_and_a_plain_one_is_never_written() -> None:
    sealed = t("They wrote: {words}", words=Personal("sub_1", sealed="token"))
    assert Text.model_validate_json(sealed.model_dump_json()) == sealed
    with pytest.raises(ValueError, match="Personal"):
        t("They wrote: {words}", words=Personal("sub_1", "secret")).model_dump_json()


def test_arguments_of_other_kinds_are_refused() -> None:
    for odd in (1.5, True, None, ["a"], {"kind": "other"}):
        with pytest.raises(ValidationError):
            Text.model_validate({"key": "{a}", "args": {"a": odd}})


def test_a_message_cannot_be_changed() -> None:
    name = "key"
    with pytest.raises(ValidationError, match="frozen"):
        setattr(EVERY, name, "other")


def test_filling_in_never_reads_a_value_as_a_pattern() -> None:
    assert fill("{a} and {b}", {"a": "{b}", "b": "{a} {0} {x.__class__}"}) == (
        "{b} and {a} {0} {x.__class__}"
    )
    assert fill("{a} {missing} {0} {} {A}", {"a": "x"}) == "x {missing} {0} {} {A}"


def test_placeholders_are_the_plain_names_in_braces() -> None:
    assert placeholders("{who} took it at {time_1}; {0} {} {a.b} {A}") == {"who", "time_1"}


def test_arguments_can_be_replaced_however_deep_they_lie() -> None:
    inner = t("{who}", who=Who(person="per_1"))

    def named(arg: Arg) -> Arg:
        return "Ana" if isinstance(arg, Who) else arg

    outer = replace(t("{a} {b}", a=inner, b=5), named)
    assert outer == t("{a} {b}", a=t("{who}", who="Ana"), b=5)


def test_people_are_found_however_deep_a_text_names_them() -> None:
    inner = t("{who} is there", who=Who(person="per_2"))
    assert named_in(t("{a}: {b} {n}", a=Who(person="per_1"), b=inner, n=2)) == ("per_1", "per_2")


def test_words_are_picked_by_the_first_language_that_has_them() -> None:
    words = Words(by={"en": "Power", "ru": "Свет"})
    assert words.pick("ru-RU", "ru", "en") == "Свет"
    assert words.pick("de", "en") == "Power"
    assert words.pick("de") == "Power"
    assert Words(by={}).pick("en") == ""
