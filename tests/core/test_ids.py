"""Ids follow time, references survive being read out over the phone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core import ids

CHANCE = bytes(range(10))
times = st.integers(min_value=0, max_value=2**47)
chances = st.binary(min_size=10, max_size=10)


@given(times, times, chances, chances)
def test_ids_sort_by_the_time_of_their_making(
    one: int, two: int, chance: bytes, other: bytes
) -> None:
    first, second = sorted((one, two))
    if first < second:
        assert ids.unique(first, chance) < ids.unique(second, other)


@pytest.mark.parametrize("kind", ["report", "incident", "person", "desk"])
def test_a_stream_id_tells_its_kind(kind: ids.Kind) -> None:
    assert ids.kind_of(ids.stream_id(kind, 1_700_000_000_000, CHANCE)) == kind


@pytest.mark.parametrize(
    "wrong", ["", "rep_", "inc_01", "xyz_" + "0" * 26, "rep_" + "o" * 26, "rep" + "0" * 27, "../x"]
)
def test_what_is_no_stream_id_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError, match="not a stream id"):
        ids.kind_of(wrong)


@given(st.sampled_from(["report", "incident"]), st.binary(min_size=8, max_size=8))
def test_a_reference_is_read_back_however_it_is_written(kind: ids.Kind, chance: bytes) -> None:
    reference = ids.reference(kind, chance)
    assert reference[0] == ids.REFERENCE_LETTER[kind]
    spoken = reference.lower().replace("-", " ")
    assert ids.read_reference(spoken) == reference
    assert ids.read_reference(reference.replace("-", "")) == reference


@given(st.binary(min_size=8, max_size=8), st.integers(0, 6), st.sampled_from(ids._SPEAKABLE))
def test_one_wrong_sign_is_noticed(chance: bytes, place: int, sign: str) -> None:
    signs = list(ids.reference("report", chance).replace("-", ""))
    if signs[place + 1] == sign:
        return
    signs[place + 1] = sign
    assert ids.read_reference("".join(signs)) is None


@given(st.binary(min_size=8, max_size=8), st.integers(1, 5))
def test_two_swapped_signs_are_noticed(chance: bytes, place: int) -> None:
    signs = list(ids.reference("incident", chance).replace("-", ""))
    if signs[place] == signs[place + 1]:
        return
    signs[place], signs[place + 1] = signs[place + 1], signs[place]
    assert ids.read_reference("".join(signs)) is None


@pytest.mark.parametrize(
    "wrong", ["", "R", "hello", "R-000-0000", "Q-234-5678", "Ｒ-234-5678", "🔥"]
)
def test_what_is_no_reference_is_not_taken_for_one(wrong: str) -> None:
    assert ids.read_reference(wrong) is None
