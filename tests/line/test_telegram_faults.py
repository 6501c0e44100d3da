"""The whole line again while calls to Telegram fail: everything ends as if nothing had been."""

from pathlib import Path

from tests.line.tg_faults import METHODS, lived

SOME = ("5xx", "lost")
"""All ways with each method for itself: `./dev prove telegram --full`."""


async def test_however_calls_fail_the_line_ends_as_undisturbed(tmp_path: Path) -> None:
    undisturbed = await lived(tmp_path / "calm")
    assert undisturbed
    for way in SOME:
        assert await lived(tmp_path / way, way, *METHODS) == undisturbed, way
