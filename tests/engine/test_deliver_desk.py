"""What a message that did not arrive is when somebody wants it tried again."""

import pytest

from bot.core.calendar import DAY
from bot.engine.deliver_desk import replayed

NOW = 2_000_000_000_000


@pytest.mark.parametrize(("until", "then"), [(None, None), (NOW - 1, NOW + DAY)])
def test_a_replayed_message_has_all_its_tries_again_and_one_more_day(
    until: int | None, then: int | None
) -> None:
    fresh = replayed({"state": "dead", "tries": 8, "until": until}, NOW)
    assert fresh == {"state": "waiting", "reason": "", "tries": 0, "until": then}
