"""The real process killed while it takes a press and words, by each way to hear."""

from pathlib import Path

import pytest

from tests.line.tg import WAYS, By
from tests.proof.telegram_killed import Killed, counted, killed


@pytest.mark.parametrize("by", WAYS)
async def test_what_was_being_taken_when_the_process_was_killed_is_there_once(
    tmp_path: Path, by: By
) -> None:
    """A hundred times each: `./dev prove telegram --full`."""
    found = Killed()
    await killed(tmp_path, by, 1, found)
    await counted(tmp_path, 1, found)
    assert found.bad == []
    assert sum(found.kills.values()) == 2
