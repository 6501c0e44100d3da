"""The chat in a browser when things are slow, broken, or changed by somebody else."""

from pathlib import Path

from playwright.async_api import Page, Route, expect

from tests.e2e.kit import (
    OUTAGE,
    act,
    begin,
    crew,
    in_time,
    needs_browser,
    open_incident,
    report,
)

pytestmark = [needs_browser, in_time]
TOO_MUCH = r"429 \(Too Many Requests\)"


async def refuse(route: Route) -> None:
    await route.fulfill(status=429, json={"outcome": "refused"}, headers={"retry-after": "5"})


async def test_while_the_house_is_slow_the_page_says_so_and_goes_on_by_itself(
    tmp_path: Path,
) -> None:
    async with crew(tmp_path / "data") as found:
        found.forgiven = TOO_MUCH
        chat = await found.customer()
        await chat.route("**/chat/visitor", refuse)
        await chat.get_by_role("button", name="Begin").click()
        said = chat.get_by_role("status").filter(has_text="longer than usual")
        await expect(said).to_be_visible()
        await chat.unroute("**/chat/visitor")
        await expect(chat.get_by_role("group", name="First of all")).to_be_visible()
        await expect(said).to_have_count(0)


async def gap(upper: tuple[Page, str], lower: str) -> float:
    """Pixels between the first of what is found and what is below it."""
    page, first = upper
    above = await page.locator(first).first.bounding_box()
    below = await page.locator(lower).first.bounding_box()
    assert above is not None
    assert below is not None
    return below["y"] - above["y"] - above["height"]


async def test_a_question_its_box_and_its_button_do_not_touch(tmp_path: Path) -> None:
    async with crew(tmp_path / "data") as found:
        chat = await found.customer()
        await begin(chat)
        assert await gap((chat, ".options"), ".row") >= 8
        await chat.get_by_role("button", name="No, everyone is safe").click()
        await chat.get_by_role("button", name="Something is broken or wrong").click()
        await expect(chat.get_by_role("textbox", name="What has happened")).to_be_visible()
        assert await gap((chat, "#hint"), "textarea") >= 8
        assert await gap((chat, "textarea"), "button.primary:visible") >= 8


async def test_whoever_writes_goes_on_writing_when_the_desk_changes_something(
    tmp_path: Path,
) -> None:
    async with crew(tmp_path / "data") as found:
        agent = await found.staff("Ana")
        chat = await found.customer()
        await begin(chat)
        await chat.get_by_role("button", name="Talk to a person").click()
        await expect(chat.locator(".reference")).to_be_visible()
        await open_incident(agent, found.muster.url)
        await agent.get_by_role("button", name="Take", exact=True).click()
        box = chat.get_by_label("Your message")
        await box.press_sequentially("Half a sence")
        await box.press("ArrowLeft")
        await box.press("ArrowLeft")
        await act(agent, "Resolve", "Resolve", **{"How it was resolved": "Fuse replaced"})
        await expect(chat.get_by_role("button", name="Yes, it is fixed")).to_be_visible()
        await expect(box).to_be_focused()
        await chat.keyboard.type("ten")
        await expect(box).to_have_value("Half a sentence")


async def test_without_a_connection_a_link_is_refused_in_words_of_the_house(
    tmp_path: Path,
) -> None:
    async with crew(tmp_path / "data") as found:
        found.forgiven = OUTAGE
        chat = await found.customer()
        await report(chat)
        await chat.context.set_offline(True)
        await chat.get_by_role("button", name="Copy a link to come back").click()
        await expect(chat.locator("#composer")).to_contain_text("There is no connection")
        await expect(chat.locator("#composer")).not_to_contain_text("Failed")
