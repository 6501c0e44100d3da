"""The chat in a browser: nothing that was typed, sent or heard is ever lost."""

import signal
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, ViewportSize, expect

from tests.e2e.kit import (
    OUTAGE,
    act,
    answer,
    begin,
    crew,
    follow,
    in_time,
    needs_browser,
    open_incident,
    report,
    send,
    write,
)

pytestmark = [needs_browser, in_time]


async def test_reload_at_every_step_shows_it_as_it_was(tmp_path: Path) -> None:
    async with crew(tmp_path / "data") as found:
        chat = await found.customer()
        await chat.reload()
        await begin(chat)
        await chat.reload()
        await chat.get_by_role("button", name="No, everyone is safe").click()
        await chat.get_by_role("button", name="Something is broken or wrong").click()
        box = chat.get_by_role("textbox", name="What has happened")
        await box.fill("Half a sent")
        await chat.reload()
        await expect(box).to_have_value("Half a sent")
        for _ in range(2):
            await chat.get_by_role("button", name="Back").click()
            await expect(box).to_have_count(0)
        await chat.reload()
        await answer(chat)
        await chat.reload()
        await chat.get_by_role("button", name="Change: Where is it?").click()
        await chat.get_by_role("textbox", name="Where is it?").fill("Elm street 2")
        await chat.get_by_role("button", name="Continue").click()
        await expect(chat.get_by_role("heading", name="Is this right?")).to_be_visible()
        await expect(chat.locator("dl.summary")).to_contain_text("Elm street 2")
        reference = await send(chat)
        await chat.get_by_label("Your message").fill("Not yet sent")
        await chat.reload()
        await expect(chat.locator(".reference")).to_have_text(reference)
        await expect(chat.get_by_label("Your message")).to_have_value("Not yet sent")


async def test_killed_and_started_again_the_conversation_stands_and_words_arrive_once(
    tmp_path: Path,
) -> None:
    async with crew(tmp_path / "data") as found:
        found.forgiven = OUTAGE
        chat = await found.customer()
        reference = await report(chat)
        await write(chat, "Before the fall")
        await expect(chat.locator("#log li", has_text="Before the fall")).to_have_count(1)
        await found.muster.end(signal.SIGKILL)
        await write(chat, "While nobody listened")
        await write(chat, "And again")
        await expect(chat.locator("#net")).to_contain_text("No connection")
        await chat.evaluate("window.before = true")
        await found.muster.start()
        for words in ("While nobody listened", "And again"):
            await expect(chat.locator("#log li:not(.unsent)", has_text=words)).to_have_count(1)
        await expect(chat.locator(".unsent")).to_have_count(0)
        await expect(chat.locator("#net")).to_have_text("")
        assert await chat.evaluate("window.before"), "the page was not loaded again"
        await chat.reload()
        await expect(chat.locator(".reference")).to_have_text(reference)
        for words in ("Before the fall", "While nobody listened", "And again"):
            await expect(chat.locator("#log li", has_text=words)).to_have_count(1)


async def test_without_a_network_words_wait_also_over_a_reload(tmp_path: Path) -> None:
    async with crew(tmp_path / "data") as found:
        found.forgiven = OUTAGE
        chat = await found.customer()
        await report(chat)
        await chat.context.set_offline(True)
        await write(chat, "Are you there?")
        await expect(chat.locator(".unsent")).to_contain_text("Are you there?")
        await chat.context.set_offline(False)
        await expect(chat.locator("#log li:not(.unsent)", has_text="Are you there?")).to_have_count(
            1
        )


async def test_two_windows_show_the_same(tmp_path: Path) -> None:
    async with crew(tmp_path / "data") as found:
        first = await found.customer()
        await begin(first)
        second = await found.window(first.context)
        await second.goto(f"{found.muster.url}/chat")
        await first.get_by_role("button", name="No, everyone is safe").click()
        await expect(second.get_by_role("group", name="What can we do")).to_be_visible()
        await second.get_by_role("button", name="Back").click()
        await expect(first.get_by_role("button", name="No, everyone is safe")).to_be_visible()


async def test_too_long_words_stay_in_the_box_with_a_sentence(tmp_path: Path) -> None:
    async with crew(tmp_path / "data") as found:
        chat = await found.customer()
        await begin(chat)
        await chat.get_by_role("button", name="No, everyone is safe").click()
        await chat.get_by_role("button", name="Something is broken or wrong").click()
        box = chat.get_by_role("textbox", name="What has happened")
        await box.fill("x" * 3001)
        await chat.get_by_role("button", name="Continue").click()
        await expect(chat.get_by_role("alert").filter(has_text="3,001")).to_be_visible()
        await expect(box).to_have_value("x" * 3001)
        await chat.get_by_role("button", name="Talk to a person").click()
        await write(chat, "y" * 8001)
        await expect(chat.get_by_role("alert").filter(has_text="8,001")).to_be_visible()
        await expect(chat.get_by_label("Your message")).to_have_value("y" * 8001)


async def test_help_now_gives_the_advice_at_once_even_without_a_network(tmp_path: Path) -> None:
    async with crew(tmp_path / "data") as found:
        found.forgiven = OUTAGE
        agent = await found.staff("Ana")
        await agent.goto(f"{found.muster.url}/desk")
        chat = await found.customer()
        await expect(chat.get_by_role("button", name="Begin")).to_be_visible()
        await chat.context.set_offline(True)
        await chat.get_by_role("button", name="I need help now").click()
        for name, number in (("Call 999", "999"), ("Call 116 123", "116123")):
            call = chat.locator("#emergency").get_by_role("link", name=name)
            await expect(call).to_be_visible()
            await expect(call).to_have_attribute("href", f"tel:{number}")
        await chat.get_by_role("button", name="Somebody is in danger").click()
        await chat.context.set_offline(False)
        card = agent.locator("article.line[data-kind=incident]")
        await expect(card).to_contain_text("P1")
        await expect(card).to_contain_text("Danger")
        await expect(chat.get_by_role("log")).to_contain_text("We are alerting a person now")


async def test_whoever_stops_is_asked_first_and_offered_to_begin_again(tmp_path: Path) -> None:
    async with crew(tmp_path / "data") as found:
        chat = await found.customer()
        await begin(chat)
        await chat.get_by_role("button", name="It solved itself").click()
        await chat.get_by_role("button", name="No, go on").click()
        await chat.get_by_role("button", name="It solved itself").click()
        await chat.get_by_role("button", name="Yes, it is solved").click()
        stopped = chat.get_by_role("heading", name="You stopped this report")
        await expect(stopped).to_be_visible()
        await chat.get_by_role("button", name="Report something else").click()
        await expect(chat.get_by_role("button", name="No, everyone is safe")).to_be_visible()
        await chat.get_by_role("button", name="Cancel").click()
        await expect(chat.get_by_text("Nothing more is done about it.")).to_be_visible()
        await chat.get_by_role("button", name="Yes, stop").click()
        await expect(stopped).to_be_visible()


async def test_the_whole_intake_works_by_keyboard_alone(tmp_path: Path) -> None:
    async with crew(tmp_path / "data") as found:
        chat = await found.customer()

        async def press(name: str) -> None:
            """Walk with Tab until a control of that name has the focus, and press it."""
            for _ in range(30):
                focused = await chat.evaluate(
                    "document.activeElement.matches('button, a, input')"
                    " ? document.activeElement.innerText : ''"
                )
                if name in focused:
                    await chat.keyboard.press("Enter")
                    return
                await chat.keyboard.press("Tab")
            raise AssertionError(f"Tab never reaches {name}")

        await expect(chat.get_by_role("button", name="Begin")).to_be_visible()
        await press("Begin")
        await expect(chat.get_by_role("button", name="No, everyone is safe")).to_be_visible()
        await press("No, everyone is safe")
        kind = chat.get_by_role("button", name="Something is broken or wrong")
        await expect(kind).to_be_visible()
        await press("Something is broken or wrong")
        box = chat.get_by_role("textbox", name="What has happened")
        await expect(box).to_be_visible()
        await chat.keyboard.press("Tab")
        await expect(box).to_be_focused()
        await chat.keyboard.type("The lights went out")
        await press("Continue")
        await expect(chat.get_by_role("button", name="Power outage")).to_be_visible()
        await press("Power outage")
        await expect(chat.get_by_text("How much is without power?")).to_be_visible()


async def test_the_customers_language_is_kept_in_every_word(tmp_path: Path) -> None:
    async with crew(tmp_path / "data") as found:
        chat = await found.customer(locale="ru-RU")
        await chat.locator("#begin").click()
        await chat.get_by_role("button", name="Нет, все в безопасности").click()
        kind = chat.get_by_role("button", name="Что-то сломалось или не так")
        await expect(kind).to_be_visible()
        text = await chat.locator("main").inner_text()
        assert not any(word in text for word in ("Back", "Skip", "Continue", "Talk", "Question"))


async def test_what_the_desk_wrote_counts_as_read_once_it_is_on_the_screen(tmp_path: Path) -> None:
    async with crew(tmp_path / "data") as found:
        agent = await found.staff("Ana")
        chat = await found.customer()
        await report(chat)
        await open_incident(agent, found.muster.url)
        await agent.get_by_label("Reply to the customer").fill("Hello")
        async with chat.expect_request(lambda one: "mark_seen" in (one.post_data or "")) as seen:
            await agent.locator("form.reply button.primary").click()
        assert (await seen.value).url.endswith("/chat/do")


SMALL: ViewportSize = {"width": 375, "height": 667}


async def on_screen(chat: Page, what: Locator) -> bool:
    """Whether all of it stands between the head of the page and the lower edge."""
    box = await what.bounding_box()
    head = await chat.locator("header.top").bounding_box()
    assert box is not None
    assert head is not None
    return box["y"] >= head["y"] + head["height"] and box["y"] + box["height"] <= SMALL["height"]


async def test_on_a_phone_help_now_leaves_its_advice_and_the_number_on_the_screen(
    tmp_path: Path,
) -> None:
    async with crew(tmp_path / "data") as found:
        chat = await found.customer(viewport=SMALL)
        await chat.get_by_role("button", name="I need help now").click()
        await chat.get_by_role("button", name="Somebody is in danger").click()
        await expect(chat.get_by_role("log")).to_contain_text("We are alerting a person now")
        await expect(chat.get_by_role("group", name="First of all")).to_be_attached()
        assert await on_screen(chat, chat.locator("#emergency"))
        await expect(chat.locator("#state")).to_contain_text("Please go on if it is safe")
        await chat.get_by_role("button", name="No, everyone is safe").click()
        await expect(chat.get_by_role("textbox", name="What has happened")).to_be_in_viewport()
        await expect(chat.locator("header #call")).to_be_in_viewport()
        await chat.reload()
        await expect(chat.locator("header #call")).to_be_in_viewport()


async def test_on_a_phone_the_advice_of_an_answer_stays_and_the_number_can_be_tapped(
    tmp_path: Path,
) -> None:
    async with crew(tmp_path / "data") as found:
        chat = await found.customer(viewport=SMALL)
        await begin(chat)
        await expect(chat.locator("#call")).to_be_hidden()
        await chat.get_by_role("group").get_by_role("button", name="Yes").click()
        await expect(chat.get_by_role("textbox", name="What has happened")).to_be_attached()
        advice = chat.locator(".vital", has_text="Move away from the danger").first
        await expect(advice.get_by_role("link", name="999")).to_have_attribute("href", "tel:999")
        assert await on_screen(chat, advice)
        await expect(chat.locator("header #call")).to_have_attribute("href", "tel:999")
        await expect(chat.locator("header #call")).to_be_in_viewport()


async def test_on_a_phone_the_advice_of_a_hazard_stays_on_the_screen(tmp_path: Path) -> None:
    async with crew(tmp_path / "data") as found:
        chat = await found.customer(viewport=SMALL)
        await begin(chat)
        await chat.get_by_role("button", name="No, everyone is safe").click()
        await chat.get_by_role("button", name="Something is broken or wrong").click()
        await chat.get_by_role("textbox", name="What has happened").fill("The lights went out")
        await expect(chat.locator(".step")).to_have_text("Question 3")
        await chat.get_by_role("button", name="Continue").click()
        await chat.get_by_role("button", name="Power outage").click()
        await expect(chat.locator(".step")).to_contain_text("Question 5 of")
        await chat.get_by_role("button", name="A whole floor or flat").click()
        await chat.get_by_role("button", name="Continue").click()
        await expect(chat.get_by_text("This one needs an answer")).to_be_visible()
        await chat.get_by_label("None of these").check()
        await expect(chat.get_by_text("This one needs an answer")).to_have_count(0)
        await chat.get_by_label("Water near sockets").check()
        await expect(chat.get_by_label("None of these")).not_to_be_checked()
        await chat.get_by_label("None of these").check()
        await expect(chat.get_by_label("Water near sockets")).not_to_be_checked()
        await chat.get_by_label("Water near sockets").check()
        await chat.get_by_label("Damaged or fallen wires").check()
        await expect(chat.get_by_label("Water near sockets")).to_be_checked()
        await chat.get_by_role("button", name="Continue").click()
        await expect(chat.get_by_text("Does anything important depend on it?")).to_be_attached()
        assert await on_screen(chat, chat.locator(".vital").first)
        await expect(chat.locator("header #call")).to_be_in_viewport()


async def test_once_it_is_fixed_one_can_say_no_in_words_or_report_something_else(
    tmp_path: Path,
) -> None:
    async with crew(tmp_path / "data") as found:
        agent = await found.staff("Ana")
        chat = await found.customer()
        await begin(chat)
        await chat.get_by_role("button", name="Talk to a person").click()
        first = await chat.locator(".reference").inner_text()
        await open_incident(agent, found.muster.url)
        await agent.get_by_role("button", name="Take", exact=True).click()
        await act(agent, "Resolve", "Resolve", **{"How it was resolved": "Fuse replaced"})
        await expect(chat.get_by_role("button", name="Yes, it is fixed")).to_be_visible()
        await expect(chat.get_by_label("What is still wrong?")).to_have_count(0)
        await chat.get_by_role("button", name="No, not fixed").click()
        await expect(chat.get_by_label("What is still wrong?")).to_be_visible()
        await expect(chat.get_by_role("textbox")).to_have_count(1)
        await chat.locator("#composer").get_by_role("button", name="Back").click()
        await chat.get_by_role("button", name="Yes, it is fixed").click()
        await chat.get_by_role("button", name="Report something else").click()
        await answer(chat, "The lift stopped")
        assert await send(chat) != first


@pytest.mark.parametrize("locale", ["en", "ru-RU"])
@pytest.mark.parametrize("width", [320, 375])
async def test_on_a_phone_the_name_of_the_desk_can_be_read(
    tmp_path: Path, locale: str, width: int
) -> None:
    async with crew(tmp_path / "data") as found:
        chat = await found.customer(viewport={"width": width, "height": 667}, locale=locale)
        await expect(chat.locator("#begin")).to_be_visible()
        cut = "one => one.scrollWidth > one.clientWidth"
        assert not await chat.locator(".brand .name").evaluate(cut)
        assert not await chat.locator("html").evaluate(cut)


async def test_practice_7_1_whoever_cannot_go_on_says_so_by_one_press_at_any_time(
    tmp_path: Path,
) -> None:
    """practice 7.1 and 7.2: before the notice is read; the questions stop, a person is called."""
    async with crew(tmp_path / "data") as found:
        found.forgiven = "AudioContext"  # A call sounds, and nobody has touched that page yet.
        agent = await found.staff("Ben", "agent")
        await agent.goto(f"{found.muster.url}/desk")
        chat = await found.customer(viewport=SMALL)
        await chat.get_by_role("button", name="I need help now").click()
        assert await on_screen(chat, chat.locator("#emergency").get_by_role("link").first)
        await chat.get_by_role("button", name="I cannot go on, I want to talk").click()
        await expect(chat.get_by_role("log")).to_contain_text("You do not have to be alone with it")
        await expect(chat.locator(".step")).to_have_count(0)
        await expect(chat.get_by_role("button", name="I need help now")).to_be_in_viewport()
        called = agent.locator(".calls")
        await expect(called).to_be_visible()
        await expect(called).not_to_contain_text("go on")
        await follow(agent, agent.get_by_role("button", name="I am coming").first)
        await expect(called).to_contain_text("Breathe")
        talk = agent.locator(".callout.distress")
        await expect(talk).to_contain_text("Breathe")
        await expect(talk).to_contain_text("116 123")
