"""The real process, killed: what was answered stands, what was not is done once when repeated."""

from pathlib import Path
from random import Random

import pytest

from tests.proof.http import messages
from tests.proof.http.killed import at_points, at_random, compared
from tests.proof.http.points import POINTS
from tests.proof.http.story import told

FIRST, APART = 15, 3
AT_RANDOM = (5, 29)


@pytest.mark.timeout(300)
async def test_messages_outlive_kills_none_lost_none_doubled_all_in_order(tmp_path: Path) -> None:
    found = await messages.prove(tmp_path, messages=300, reports=20, kills=2, pointed=1)
    assert (found.messages, found.reports, found.kills) == (300, 20, 2)
    assert found.repeats, "some were committed and had to be asked for again"
    assert found.well, found.lines()


@pytest.mark.timeout(300)
async def test_killed_at_each_named_point_and_at_random_the_line_comes_to_the_same_end(
    tmp_path: Path,
) -> None:
    """One point after the other where a press has consequences: it opens, tells, asks."""
    at = {FIRST + APART * number: (point, 1) for number, point in enumerate(POINTS)}
    plain = await told(tmp_path / "undisturbed")
    around = at_random(Random(1), AT_RANDOM, at_points(at.get))
    found = compared("both", plain, await told(tmp_path / "disturbed", around))
    assert found.kills == len(POINTS) + len(AT_RANDOM)
    assert found.repeats >= 1, "what was committed is answered from memory"
    assert not found.different
