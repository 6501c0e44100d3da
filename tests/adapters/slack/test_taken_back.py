"""What somebody wrote to us alone in Slack and deleted there."""

from typing import Any

import pytest

from bot.core.commands import Identity, Place
from bot.engine.heard import Changed, Wrote
from tests.adapters.slack.test_receive import STAMP, event, hear


def deleted(channel: str = "D1", **before: Any) -> dict[str, Any]:
    gone = {"type": "message", "subtype": "message_deleted", "channel": channel}
    was = {"type": "message", "user": "U1", "text": "Never mind", "ts": STAMP, **before}
    return event({**gone, "deleted_ts": STAMP, "previous_message": was})


def test_it_is_heard_as_words_that_are_none_any_more() -> None:
    lost, back = hear(deleted())
    assert isinstance(lost, Changed)
    assert isinstance(back, Wrote)
    assert (back.edited, back.words, back.private) == (True, "", True)
    assert (back.who, back.place) == (Identity("slack", "T1:U1"), Place("slack", "U1"))
    assert back.message == f"D1/{STAMP}"


@pytest.mark.parametrize(
    "payload",
    [
        deleted("C1"),
        deleted(user="U9"),
        deleted(bot_id="B1"),
        deleted(user=None),
        deleted(subtype="channel_join"),
    ],
)
def test_what_others_deleted_or_stood_elsewhere_is_not(payload: dict[str, Any]) -> None:
    assert not [x for x in hear(payload) if isinstance(x, Wrote)]
