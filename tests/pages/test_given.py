"""Bodies: whatever comes in, what comes out is small, shallow and can be stored."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.pages.given import DEPTH_MOST, THINGS_MOST, Unreadable, from_form, from_json

LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
)
TREES = st.recursive(
    LEAVES, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=40
)


def depth(thing: Any) -> int:
    if isinstance(thing, dict):
        return 1 + max(map(depth, thing.values()), default=0)
    if isinstance(thing, list):
        return 1 + max(map(depth, thing), default=0)
    return 0


def size(thing: Any) -> int:
    inner = thing.values() if isinstance(thing, dict) else thing
    return 1 + sum(map(size, inner)) if isinstance(thing, dict | list) else 1


@given(st.binary(max_size=300) | TREES.map(lambda tree: json.dumps(tree).encode()))
def test_any_bytes_are_read_or_refused_and_never_more_than_is_allowed(body: bytes) -> None:
    try:
        found = from_json(body)
    except Unreadable:
        return
    assert depth(found) <= DEPTH_MOST + 1
    assert size(found) <= THINGS_MOST + 1
    json.dumps(found, ensure_ascii=False).encode()


@given(st.dictionaries(st.text(), LEAVES, max_size=20))
def test_a_flat_object_comes_through_as_it_is(content: dict[str, Any]) -> None:
    assert from_json(json.dumps(content).encode()) == content


@given(st.binary(max_size=300))
def test_any_bytes_are_a_form_or_refused(body: bytes) -> None:
    try:
        found = from_form(body)
    except Unreadable:
        return
    assert all(isinstance(one, str) for pair in found.items() for one in pair)


def test_half_a_character_becomes_the_sign_for_it() -> None:
    assert from_json(rb'{"a\ud800": "b\udfff"}') == {"a\ufffd": "b\ufffd"}
