"""A personal value is never written in clear, never printed, and can be forgotten anywhere."""

import pytest
from pydantic import Field, ValidationError

from bot.core.frozen import Frozen
from bot.core.personal import Personal, forget, personals


class Holder(Frozen):
    one: Personal | None = None
    many: tuple[Personal, ...] = ()
    plain: str = ""


class Outer(Frozen):
    inner: Holder
    table: dict[str, Personal] = Field(default_factory=dict)


def sealed(subject: str, token: str) -> Personal:
    return Personal(subject, sealed=token)


def test_a_plain_value_cannot_be_written() -> None:
    with pytest.raises(ValueError, match="must be sealed"):
        Holder(one=Personal("sub_a", "my leg")).model_dump_json()


def test_a_sealed_value_comes_back_as_it_was_written() -> None:
    before = Outer(inner=Holder(one=sealed("sub_a", "t1"), many=(sealed("sub_b", "t2"),)))
    assert Outer.model_validate_json(before.model_dump_json()) == before


def test_what_is_no_personal_value_is_refused() -> None:
    for wrong in ("text", 7, {"sealed": "x"}, {"subject": 1, "sealed": "x"}):
        with pytest.raises(ValidationError):
            Holder.model_validate({"one": wrong})


def test_it_never_prints_its_value() -> None:
    value = Personal("sub_a", "my leg")
    assert "leg" not in repr(value)
    assert "leg" not in repr(Holder(one=value))


def test_opening_asks_the_opener_only_when_it_must() -> None:
    def opener(subject: str, token: str) -> str:
        return f"{subject}/{token}"

    assert Personal("sub_a", "clear").open(opener) == "clear"
    assert sealed("sub_a", "t").open(opener) == "sub_a/t"
    assert Personal("sub_a").open(opener) is None


def test_a_sealed_or_erased_value_has_no_plain_form() -> None:
    with pytest.raises(LookupError):
        sealed("sub_a", "t").plain()


def test_values_are_found_at_every_depth_in_order() -> None:
    deep = Outer(
        inner=Holder(one=sealed("a", "1"), many=(sealed("b", "2"), sealed("a", "3"))),
        table={"x": sealed("c", "4")},
    )
    assert [value.sealed for value in personals(deep)] == ["1", "2", "3", "4"]


def test_forgetting_one_subject_leaves_the_others() -> None:
    deep = Outer(
        inner=Holder(one=sealed("a", "1"), many=(sealed("b", "2"), sealed("a", "3")), plain="p"),
        table={"x": sealed("a", "4"), "y": sealed("b", "5")},
    )
    after = forget(deep, "a")
    assert [(value.subject, value.sealed) for value in personals(after)] == [
        ("a", None),
        ("b", "2"),
        ("a", None),
        ("a", None),
        ("b", "5"),
    ]
    assert after.inner.plain == "p"
    assert after.inner.one is not None
    assert after.inner.one.erased


def test_forgetting_somebody_unknown_changes_nothing_at_all() -> None:
    deep = Outer(inner=Holder(one=sealed("a", "1")))
    assert forget(deep, "z") is deep


def test_erased_and_sealed_are_different() -> None:
    assert Personal("a") != sealed("a", "1")
    assert Personal("a") == Personal("a")
    assert sealed("a", "1") == sealed("a", "1")
    assert sealed("a", "1") != sealed("b", "1")
