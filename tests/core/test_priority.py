"""Priority is impact times urgency, and danger to life overrides it."""

import pytest

from bot.core.priority import DEFAULT, Level, Matrix, Priority, Row, higher, priority, rising

H, M, L = Level.HIGH, Level.MEDIUM, Level.LOW
TABLE = {
    (H, H): "P1",
    (H, M): "P2",
    (H, L): "P3",
    (M, H): "P2",
    (M, M): "P3",
    (M, L): "P4",
    (L, H): "P3",
    (L, M): "P4",
    (L, L): "P4",
}


@pytest.mark.parametrize(("pair", "expected"), TABLE.items())
def test_each_of_the_nine_cells_is_as_practice_has_it(
    pair: tuple[Level, Level], expected: str
) -> None:
    assert priority(DEFAULT, *pair) == expected


@pytest.mark.parametrize("pair", TABLE)
def test_danger_to_life_is_p1_whatever_the_matrix_says(pair: tuple[Level, Level]) -> None:
    assert priority(DEFAULT, *pair, danger=True) is Priority.P1


def test_unsure_takes_the_higher() -> None:
    assert priority(DEFAULT, None, L) is Priority.P3
    assert priority(DEFAULT, L, None) is Priority.P3
    assert priority(DEFAULT, None, None) is Priority.P1


def test_unsure_takes_the_higher_even_in_a_matrix_that_falls() -> None:
    low, high = (Row(high=p, medium=p, low=p) for p in (Priority.P4, Priority.P2))
    assert priority(Matrix(high=low, medium=low, low=high), None, M) is Priority.P2


def test_of_several_levels_the_highest_counts_and_unsure_outranks_it() -> None:
    assert higher(L, M) is M
    assert higher(L, H, M) is H
    assert higher(L, None) is None
    assert higher() is None


def test_the_default_matrix_rises_and_a_turned_one_does_not() -> None:
    assert rising(DEFAULT)
    assert not rising(Matrix(high=DEFAULT.low, medium=DEFAULT.medium, low=DEFAULT.high))
    swapped = Row(high=Priority.P3, medium=Priority.P2, low=Priority.P1)
    assert not rising(Matrix(high=swapped, medium=DEFAULT.medium, low=DEFAULT.low))


def test_p1_sorts_before_p4() -> None:
    assert sorted([Priority.P4, Priority.P1, Priority.P3]) == ["P1", "P3", "P4"]
