"""The whole line on four phones, and at every step the page, the network or the server goes."""

from pathlib import Path

from tests.e2e.kit import house_browser, in_time, needs_browser
from tests.proof.browser.run import in_turn, told

pytestmark = [needs_browser, in_time]


async def test_whatever_goes_at_any_step_every_press_counts_once_and_every_page_comes_back(
    tmp_path: Path,
) -> None:
    browser = await house_browser.get()
    found = await told(browser, tmp_path / "data", "en", "one fault per step", in_turn)
    assert not found.wrong, found.wrong
