"""The desk in a browser: live, nothing typed is lost, and whoever comes second is told who won."""

import signal
import time
from pathlib import Path

from playwright.async_api import Route, expect

from tests.e2e.kit import (
    OUTAGE,
    act,
    crew,
    in_time,
    needs_browser,
    open_incident,
    report,
    status_is,
    write,
)
from tests.pages.hostile import CORPUS

pytestmark = [needs_browser, in_time]


async def test_two_agents_at_once_get_one_winner_and_one_plain_sentence(tmp_path: Path) -> None:
    async with crew(tmp_path / "data") as found:
        url = found.muster.url
        ana, ben = await found.staff("Ana Smith"), await found.staff("Ben Cole", "agent")
        await found.reported()
        await open_incident(ana, url)
        await open_incident(ben, url)
        # Ben's page is late: what it shows is no longer true when he presses.
        await expect(ben.locator("[data-tools]")).to_be_visible()
        await ben.route("**/live", lambda route: route.abort())
        await ben.evaluate("document.querySelector('[data-view]').removeAttribute('data-view')")
        take = ben.locator("form[action='/do/take_incident']")
        form = await take.evaluate_handle("form => form.cloneNode(true)")
        await ana.get_by_role("button", name="Take", exact=True).click()
        await status_is(ana, "In progress")
        await ben.evaluate(
            "form => { document.getElementById('main').append(form); form.requestSubmit(); }", form
        )
        told = ben.locator("#main > form .answer")
        await expect(told).to_contain_text("Ana Smith took it at")
        await ben.unroute("**/live")


async def test_who_was_second_hears_it_though_the_button_is_gone_by_then(tmp_path: Path) -> None:
    async with crew(tmp_path / "data") as found:
        ana, ben = await found.staff("Ana Smith"), await found.staff("Ben Cole", "agent")
        await found.reported()
        await open_incident(ana, found.muster.url)
        await open_incident(ben, found.muster.url)

        async def late(route: Route) -> None:
            await ana.get_by_role("button", name="Take", exact=True).click()
            await status_is(ben, "In progress")
            await route.continue_()

        await ben.route("**/do/take_incident", late)
        await ben.get_by_role("button", name="Take", exact=True).click()
        await expect(ben.locator(".toast")).to_contain_text("Ana Smith took it at")


async def test_what_is_being_typed_survives_what_others_do(tmp_path: Path) -> None:
    async with crew(tmp_path / "data") as found:
        agent = await found.staff("Ana")
        chat = await found.reporter()
        await open_incident(agent, found.muster.url)
        reply = agent.get_by_label("Reply to the customer")
        await reply.fill("I am just wri")
        await agent.locator("summary", has_text="Publish update").click()
        update = agent.get_by_label("What people should know")
        await update.fill("Half an update")
        await write(chat, "Hello?")
        await expect(agent.locator(".messages")).to_contain_text("Hello?")
        await expect(reply).to_have_value("I am just wri")
        await expect(update).to_have_value("Half an update")
        await expect(update).to_be_focused()
        await agent.keyboard.press("Escape")
        await expect(update).to_be_hidden()


async def test_practice_point_7_a_ready_answer_fills_the_reply_and_goes_out_as_it_was_changed(
    tmp_path: Path,
) -> None:
    async with crew(tmp_path / "data") as found:
        agent, chat = await found.staff("Ana"), await found.reporter()
        await open_incident(agent, found.muster.url)
        reply = agent.get_by_label("Reply to the customer")
        ready = agent.locator("details.canned")
        await ready.locator("summary").click()
        first = ready.locator("li").first
        text = await first.locator("p[lang]").inner_text()
        await first.get_by_role("button", name="Put it into the reply").click()
        await expect(reply).to_have_value(text)
        await expect(reply).to_be_focused()
        # Whoever waits sees that somebody writes.
        await reply.press("Control+End")
        await reply.press_sequentially(" Thank you.")
        await expect(chat.get_by_text("An agent is writing")).to_be_visible()
        await agent.get_by_role("button", name="Send", exact=True).click()
        await expect(chat.get_by_role("log")).to_contain_text(f"{text} Thank you.")
        await expect(reply).to_have_value("")


async def test_a_refusal_stands_where_the_words_are_and_the_words_stay(tmp_path: Path) -> None:
    async with crew(tmp_path / "data") as found:
        agent = await found.staff("Ana")
        await found.reported()
        await open_incident(agent, found.muster.url)
        await act(agent, "Note", "Keep the note", **{"For colleagues only": "x" * 2001})
        form = agent.locator("details[open] > form")
        await expect(form.locator(".answer")).to_contain_text("2,001")
        await expect(form.get_by_label("For colleagues only")).to_have_value("x" * 2001)


async def test_an_action_opens_below_buttons_that_stay_where_they_are(tmp_path: Path) -> None:
    async with crew(tmp_path / "data") as found:
        agent = await found.staff("Ana")
        await found.reported()
        await open_incident(agent, found.muster.url)
        buttons = agent.locator(
            ".head + .actions > .action > summary, .head + .actions > .press button"
        )
        for width in (1440, 375):
            await agent.set_viewport_size({"width": width, "height": 900})
            await expect(agent.locator(".brand .name")).to_be_visible()
            before = [await one.bounding_box() for one in await buttons.all()]
            await agent.locator("summary", has_text="Ask for resources").click()
            assert [await one.bounding_box() for one in await buttons.all()] == before
            form = await agent.locator("details[open] > form").bounding_box()
            assert form is not None
            assert all(one is not None and one["y"] + one["height"] <= form["y"] for one in before)
            await agent.keyboard.press("Escape")


PRESSED = """async (box) => {
  const { calmly } = await import("/static/calm.js");
  const did = [];
  const note = (what) => did.push(what);
  const first = () => note("first");
  const finger = (name, more) =>
    box.dispatchEvent(new PointerEvent(name, { bubbles: true, isPrimary: true, ...more }));
  calmly(() => note("free"));
  finger("pointerdown", { button: 2 });
  calmly(() => note("the other button"));
  finger("pointerdown");
  calmly(first);
  calmly(() => note("second"));
  calmly(first);
  note("held");
  finger("pointerup");
  note("clicked");
  calmly(() => note("third"));
  await new Promise((done) => calmly(done));
  return did;
}"""


async def test_nothing_moves_while_somebody_presses(tmp_path: Path) -> None:
    async with crew(tmp_path / "data") as found:
        ana, ben = await found.staff("Ana Smith"), await found.staff("Ben Cole", "agent")
        await found.reported()
        for one in (ana, ben):
            await open_incident(one, found.muster.url)
        did = await ben.locator("main").evaluate(PRESSED)
        assert did == ["free", "the other button", "held", "clicked", "second", "first", "third"]
        # Whoever holds on for long is told all the same.
        await ben.get_by_role("button", name="Take", exact=True).hover()
        await ben.mouse.down()
        await ana.get_by_role("button", name="Take", exact=True).click()
        await status_is(ben, "In progress")


async def test_what_was_sent_leaves_nothing_behind_when_the_news_overtakes_the_answer(
    tmp_path: Path,
) -> None:
    async with crew(tmp_path / "data") as found:
        agent = await found.staff("Ana")
        await found.reported()
        await agent.goto(f"{found.muster.url}/tasks")
        mine = agent.locator("[data-region=mine] article")

        async def late(route: Route) -> None:
            answer = await route.fetch()
            await expect(mine).to_be_visible()
            await route.fulfill(response=answer)

        await agent.route("**/do/claim_task", late)
        await agent.locator("summary", has_text="At another time").click()
        await agent.get_by_label("I will be there at").fill("07:00")
        await agent.locator(".taskcard").get_by_label("Tomorrow").check()
        await agent.get_by_role("button", name="Claim it").click()
        await expect(agent.locator(".toast")).to_contain_text("Expected not today, but ")
        await expect(agent.locator("summary", has_text="At another time")).to_have_count(0)


async def test_killed_and_started_again_the_desk_comes_back_by_itself(tmp_path: Path) -> None:
    async with crew(tmp_path / "data") as found:
        found.forgiven = OUTAGE
        agent = await found.staff("Ana")
        await agent.goto(f"{found.muster.url}/desk")
        await found.muster.end(signal.SIGKILL)
        await expect(agent.locator(".net[data-net]")).to_contain_text("No connection to Muster")
        await found.muster.start()
        await found.reported()
        card = agent.locator("article.line[data-kind=incident]")
        await expect(card).to_contain_text("Power outage")
        await expect(agent.locator(".net[data-net]")).to_have_text("")


async def test_signing_out_leaves_no_other_window_behind(tmp_path: Path) -> None:
    async with crew(tmp_path / "data") as found:
        url = found.muster.url
        first = await found.staff("Ana")
        second = await found.window(first.context)
        await second.goto(f"{url}/desk")
        await first.get_by_role("button", name="Sign out").click()
        await second.wait_for_url(f"{url}/signin")


async def test_hostile_words_of_a_customer_are_words_on_every_screen(tmp_path: Path) -> None:
    """A script that ran would open a dialog; a refused one would be a complaint of the browser."""
    async with crew(tmp_path / "data") as found:
        url = found.muster.url
        agent = await found.staff("Ana")
        chat = await found.customer()
        await report(chat, CORPUS[0])
        await agent.goto(f"{url}/desk")
        await expect(agent.locator("article.line")).to_contain_text("<script>alert(1)</script>")
        await open_incident(agent, url)
        for words in CORPUS:
            await write(chat, words)
            shown = " ".join(words.split())
            await expect(agent.locator(".message.customer").last).to_contain_text(shown)
            await expect(chat.locator("#log li.bubble").last).to_contain_text(shown)
            await agent.get_by_label("Reply to the customer").fill(words)
            await agent.locator("form.reply button.primary").click()
            # Theirs, not the customer's own, which says the same.
            await expect(chat.locator("#log li.bubble.desk").last).to_contain_text(shown)
        for path in ("/desk", "/tasks", "/status"):
            await agent.goto(url + path)
        assert not await agent.locator("main a[href^='javascript'], main img").count()


async def test_told_to_stop_it_ends_in_five_seconds_with_pages_open(tmp_path: Path) -> None:
    async with crew(tmp_path / "data") as found:
        found.forgiven = OUTAGE
        url = found.muster.url
        agent = await found.staff("Ana")
        for path in ("/desk", "/tasks", "/status"):
            await (await found.window(agent.context)).goto(url + path)
        await found.reporter()
        began = time.monotonic()
        assert await found.muster.end() == 0
        assert time.monotonic() - began < 5


WIDTHS = (320, 768, 1440)


async def test_no_page_needs_to_be_pushed_sideways(tmp_path: Path) -> None:
    async with crew(tmp_path / "data") as found:
        url = found.muster.url
        agent = await found.staff("Ana Maria Ivanova-Featherstonehaugh")
        chat = await found.customer()
        await report(chat, "Donaudampfschifffahrtsgesellschaftskapitän " * 20)
        await open_incident(agent, url)
        incident = agent.url
        for width in WIDTHS:
            for page, paths in (
                (agent, [f"{url}/", f"{url}/desk", incident, f"{url}/tasks", f"{url}/status"]),
                (chat, [f"{url}/chat"]),
            ):
                await page.set_viewport_size({"width": width, "height": 800})
                for path in paths:
                    await page.goto(path)
                    await expect(page.locator("main")).to_be_visible()
                    assert await page.evaluate("document.documentElement.scrollWidth") <= width
