"""The chain covers every column of an event but the sealed one, and nothing is ambiguous."""

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.store.base import GENESIS, EventRow
from bot.store.chain import link

ROW = EventRow("rep_a", 3, "said", 1, 5, 4, "per_a", "cause", '{"a":1}', '["token"]')
CHANGED: dict[str, Any] = {
    "stream": "rep_b",
    "version": 4,
    "tag": "saie",
    "revision": 2,
    "at": 6,
    "source_at": None,
    "actor": None,
    "cause": "causf",
    "body": '{"a":2}',
}
TEXT = st.text(max_size=4)
ROWS = st.builds(
    EventRow,
    TEXT,
    st.integers(0, 3),
    TEXT,
    st.integers(0, 3),
    st.integers(-3, 3),
    st.one_of(st.none(), st.integers(-1, 1)),
    st.one_of(st.none(), TEXT),
    TEXT,
    TEXT,
    st.just(None),
)


@pytest.mark.parametrize("column", [one.name for one in fields(EventRow) if one.name != "sealed"])
def test_every_column_changes_the_hash(column: str) -> None:
    assert link(GENESIS, 1, replace(ROW, **{column: CHANGED[column]})) != link(GENESIS, 1, ROW)


def test_position_and_the_hash_before_change_the_hash() -> None:
    assert len({link(GENESIS, 1, ROW), link(GENESIS, 2, ROW), link(b"\1" * 32, 1, ROW)}) == 3
    assert link(GENESIS, 1, replace(ROW, sealed=None)) == link(GENESIS, 1, ROW)


def test_the_hash_is_the_same_for_ever() -> None:
    """A change here would make every log that exists look forged."""
    assert link(GENESIS, 1, ROW).hex() == GOLDEN


GOLDEN = "96b435e8b4c4dc5b5656d366467d473a6c9a86fd0b4555d5dad84120b63d15da"


def test_nothing_and_empty_are_told_apart() -> None:
    assert link(GENESIS, 1, replace(ROW, actor=None)) != link(GENESIS, 1, replace(ROW, actor=""))
    zero, none = replace(ROW, source_at=0), replace(ROW, source_at=None)
    assert link(GENESIS, 1, zero) != link(GENESIS, 1, none)


@given(ROWS, ROWS)
def test_different_rows_have_different_hashes(one: EventRow, other: EventRow) -> None:
    assert (link(GENESIS, 1, one) == link(GENESIS, 1, other)) == (one == other)


def test_text_moved_from_one_column_to_the_next_is_noticed() -> None:
    moved = replace(ROW, stream="rep_as", tag="aid")
    assert link(GENESIS, 1, moved) != link(GENESIS, 1, ROW)


def test_damaged_text_and_hashes_have_a_hash_too() -> None:
    assert len(link(b"short", 1, replace(ROW, body="half \udc80"))) == 32
