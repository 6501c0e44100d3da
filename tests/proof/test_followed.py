"""The quick form of `./dev prove followed`."""

from pathlib import Path

from tests.proof.followed import Size, prove


async def test_an_update_in_telegram_that_is_cut_off_reaches_everybody_and_nobody_unmarked_twice(
    tmp_path: Path,
) -> None:
    found = await prove(tmp_path, Size(people=150, kills=1, lost=2, haste=3.0))
    assert found.once, found.lines()
    assert found.middle == 1
    assert found.unsure >= 2
