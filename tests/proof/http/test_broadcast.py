"""The quick form of `./dev prove broadcast`."""

from pathlib import Path

from tests.proof.http.broadcast import Size, prove


async def test_an_update_that_is_cut_off_while_it_goes_out_reaches_everybody_once(
    tmp_path: Path,
) -> None:
    found = await prove(tmp_path, Size(pages=600, mails=5, kills=1, longest=0.05))
    assert found.well, found.lines()
    assert found.mails_again <= found.size.kills
