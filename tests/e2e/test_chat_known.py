"""Is it this one? In a real browser: asked beside the questions, answered by one press."""

from pathlib import Path

from playwright.async_api import expect

from tests.e2e.kit import answer, begin, crew, in_time, needs_browser, report

pytestmark = [needs_browser, in_time]


async def test_whoever_reports_what_is_known_is_asked_and_joins_it_with_a_press(
    tmp_path: Path,
) -> None:
    """Issue 7.6: the second customer joins what the first one reported."""
    async with crew(tmp_path / "data") as found:
        first = await found.customer()
        await report(first)
        second = await found.customer()
        await begin(second)
        await answer(second)
        asked = second.locator("#known")
        await expect(asked).to_contain_text("Is it this one?")
        await expect(asked).to_contain_text("Power outage")
        assert await asked.get_by_text("Main street").count() == 0
        await asked.get_by_role("button", name="Yes, that is it").click()
        await expect(asked).to_be_hidden()
        await expect(second.get_by_role("log")).to_contain_text("added you to it")
