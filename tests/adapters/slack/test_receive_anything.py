"""Whatever it is that comes as Slack's, reading it raises nothing."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.slack import filled
from bot.adapters.slack.payloads import Me
from bot.adapters.slack.receive import heard
from bot.adapters.slack.ways import way_of
from bot.engine.heard import Changed
from tests.adapters.slack.test_receive import (
    ME,
    MODAL,
    ON_CARD,
    STAMP,
    VALUES,
    acted,
    event,
    message,
)

ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "id", "user", "channel", "ts", "event", "view", "text", "x"]),
            inside,
            max_size=4,
        )
    ),
    max_leaves=12,
)
SAMPLES: list[dict[str, Any]] = [
    message(text="x", files=[{"id": "F1"}]),
    event({"type": "subteam_members_changed", "subteam_id": "S1", "added_users": ["U1"]}),
    event({"type": "user_change", "user": {"id": "U1"}}),
    event({"type": "app_home_opened", "user": "U1", "tab": "home"}),
    acted(**ON_CARD),
    acted(view={**MODAL, "state": {"values": VALUES}}),
    {**acted(), "type": "view_submission", "view": {**MODAL, "state": {"values": VALUES}}},
    {**acted(), "type": "message_action", "callback_id": "incident", "message": {"ts": STAMP}},
    {"command": "/incident", "user_id": "U1", "trigger_id": "1", "team_id": "T1"},
]


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = (
        value.items()
        if isinstance(value, dict)
        else enumerate(value)
        if isinstance(value, list)
        else ()
    )
    return [path, *(below for key, one in inside for below in _paths(one, (*path, key)))]


def _with(value: Any, path: tuple[Any, ...], odd: Any) -> Any:
    if not path:
        return odd
    copy: Any = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = _with(copy[path[0]], path[1:], odd)
    return copy


@given(ODD)
@settings(max_examples=100, deadline=None)
def test_nothing_that_is_sent_raises(odd: Any) -> None:
    for me in (ME, Me()):
        heard(odd, me, filled.given)
        way_of(odd)


@given(st.sampled_from(SAMPLES), st.data())
@settings(max_examples=200, deadline=None)
def test_no_part_that_is_something_else_raises(sample: dict[str, Any], data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(_paths(sample)))
    odd = _with(sample, path, data.draw(ODD | st.just("\ud800")))
    for found in heard(odd, ME, filled.given):
        assert isinstance(found, Changed) or found.source.encode("utf-8", "replace")
    way_of(odd)
