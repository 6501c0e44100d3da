"""Everybody presses at the same moment."""

from pathlib import Path

import pytest

from tests.proof.http.claims import prove


@pytest.mark.timeout(300)
async def test_of_many_who_claim_at_once_one_gets_it_and_all_others_hear_who(
    tmp_path: Path,
) -> None:
    found = await prove(tmp_path, 20)
    assert (found.winners, found.told, found.events) == (1, 19, 1)
    assert not found.others
