"""The board as somebody works at it all day: views that stay true, keys, alerts, a caller."""

import json
from pathlib import Path

from playwright.async_api import Page, expect

from tests.e2e.kit import (
    DESK,
    act,
    crew,
    follow,
    in_time,
    needs_browser,
    open_incident,
    status_is,
    write,
)

pytestmark = [needs_browser, in_time]

LINES = "[data-lines=incident] > article:visible"


async def counted(page: Page, view: str, number: int) -> None:
    await expect(page.locator(f"[data-count={view}]")).to_have_text(str(number))


async def test_views_counts_and_title_follow_what_others_do(tmp_path: Path) -> None:
    async with crew(tmp_path / "data") as found:
        url = found.muster.url
        ana, ben = await found.staff("Ana Smith"), await found.staff("Ben Cole", "agent")
        await ana.goto(f"{url}/desk")
        await follow(ana, ana.get_by_role("link", name="Needs triage"))
        await expect(ana.get_by_text("Nothing waits to be taken.")).to_be_visible()
        await ben.goto(f"{url}/desk?view=mine")
        await expect(ben.locator(".empty:visible")).to_contain_text("You have none at the moment.")
        chat = await found.reporter()
        await expect(ana.locator(LINES)).to_have_count(1)
        await expect(ana).to_have_title("(1) Desk · the service desk")
        await counted(ben, "triage", 1)
        await open_incident(ben, url)
        await ben.get_by_role("button", name="Take", exact=True).click()
        await status_is(ben, "In progress")
        await expect(ana.locator(LINES)).to_have_count(0)
        await expect(ana.get_by_text("Nothing waits to be taken.")).to_be_visible()
        await expect(ana).to_have_title("Desk · the service desk")
        await write(chat, "Hello?")
        await counted(ana, "waiting", 1)
        await follow(ana, ana.get_by_role("link", name="Waiting for an answer"))
        await expect(ana.locator(LINES)).to_have_count(1)
        await ana.reload()
        await expect(ana.locator(LINES)).to_have_count(1)
        await ben.goto(f"{url}/desk?view=mine")
        await expect(ben.locator(LINES)).to_have_count(1)
        await counted(ana, "mine", 0)


async def test_views_filters_and_search_need_no_script(tmp_path: Path) -> None:
    async with crew(tmp_path / "data") as found:
        url = found.muster.url
        ana = await found.staff("Ana Smith")
        await found.reported("The boiler hums")
        state = await ana.context.storage_state()
        plain = await found.somebody(DESK, storage_state=state, java_script_enabled=False)
        await plain.goto(f"{url}/desk")
        await follow(plain, plain.get_by_role("link", name="Mine"))
        await expect(plain.locator(LINES)).to_have_count(0)
        await follow(plain, plain.get_by_role("link", name="Needs triage"))
        await expect(plain.locator(LINES)).to_have_count(1)
        await plain.get_by_label("Priority").select_option("P1")
        await follow(plain, plain.get_by_role("button", name="Show"))
        await expect(plain.get_by_text("Nothing here fits what you chose")).to_be_visible()
        await plain.get_by_label("Search").fill("boiler")
        await plain.get_by_label("Priority").select_option("")
        await follow(plain, plain.get_by_role("button", name="Show"))
        await expect(plain.locator(".results > article")).to_contain_text("The boiler hums")


async def test_keys_move_open_take_and_search_and_rest_while_somebody_writes(
    tmp_path: Path,
) -> None:
    async with crew(tmp_path / "data") as found:
        url = found.muster.url
        ana = await found.staff("Ana Smith")
        await found.reported()
        await found.reported("The boiler hums")
        await ana.goto(f"{url}/desk")
        links = ana.locator(LINES).locator("h2 a")
        await expect(links).to_have_count(2)
        for key, at in (("j", 0), ("j", 1), ("j", 1), ("k", 0)):
            await ana.keyboard.press(key)
            await expect(links.nth(at)).to_be_focused()
        reference = await links.nth(0).locator(".ref").inner_text()
        await ana.keyboard.press("t")
        await counted(ana, "mine", 1)
        taken = ana.locator(LINES, has_text=reference)
        await expect(taken).to_contain_text("Ana Smith")
        await expect(taken.locator("h2 a")).to_be_focused()
        await ana.keyboard.press("/")
        await expect(ana.get_by_label("Search")).to_be_focused()
        await ana.keyboard.type("jk?t/")
        await expect(ana.get_by_label("Search")).to_have_value("jk?t/")
        await expect(ana.locator("dialog")).to_be_hidden()
        await taken.locator("h2 a").focus()
        await ana.keyboard.press("Enter")
        await expect(ana.get_by_role("heading", name="What we know")).to_be_visible()


async def test_keys_can_be_seen_and_switched_off_for_good(tmp_path: Path) -> None:
    async with crew(tmp_path / "data") as found:
        ana = await found.staff("Ana Smith")
        await found.reported()
        await ana.goto(f"{found.muster.url}/desk")
        await ana.get_by_role("button", name="Keyboard").click()
        await expect(ana.locator("dialog")).to_contain_text("next and previous line of the board")
        await ana.get_by_label("Use these shortcuts").uncheck()
        await ana.get_by_role("button", name="Close this list").click()
        await expect(ana.locator("dialog")).to_be_hidden()
        await ana.reload()
        await expect(ana.locator("[data-tools]")).to_be_visible()
        await ana.keyboard.press("?")
        await ana.keyboard.press("j")
        await expect(ana.locator("dialog")).to_be_hidden()
        await expect(ana.locator(LINES).locator("h2 a")).not_to_be_focused()


RECORD = """
  const heard = { tones: 0, said: [] };
  const note = () => (document.documentElement.dataset.heard = JSON.stringify(heard));
  addEventListener("DOMContentLoaded", note);
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...at) {
    heard.tones++;
    note();
    return start.apply(this, at);
  };
  const Real = window.Notification;
  window.Notification = class extends EventTarget {
    static get permission() { return Real.permission; }
    static requestPermission() { return Real.requestPermission(); }
    constructor(title) { super(); heard.said.push(title); note(); }
    close() {}
  };
"""


async def heard(page: Page, tones: int, *said: str) -> None:
    """What sounded and was shown since the page was opened."""
    wanted = json.dumps({"tones": tones, "said": said}, separators=(",", ":"))
    await expect(page.locator("html")).to_have_attribute("data-heard", wanted)


async def test_alerts_begin_when_asked_for_and_stay_off_when_switched_off(tmp_path: Path) -> None:
    async with crew(tmp_path / "data") as found:
        url = found.muster.url
        ana = await found.staff("Ana Smith")
        await ana.context.grant_permissions(["notifications"], origin=url)
        await ana.context.add_init_script(RECORD)
        chat = await found.reporter()
        await open_incident(ana, url)
        await ana.get_by_role("button", name="Take", exact=True).click()
        await write(chat, "One")
        await expect(ana.locator(".messages")).to_contain_text("One")
        await heard(ana, 0)
        alerts = ana.get_by_role("button", name="Alerts")
        await alerts.click()
        await expect(alerts).to_have_attribute("aria-pressed", "true")
        await heard(ana, 2)
        await ana.reload()
        await expect(alerts).to_have_attribute("aria-pressed", "true")
        await write(chat, "Two")
        await heard(ana, 2, "A customer wrote.")
        await alerts.click()
        await ana.reload()
        await expect(alerts).to_have_attribute("aria-pressed", "false")
        await write(chat, "Three")
        await expect(ana.locator(".messages")).to_contain_text("Three")
        await heard(ana, 0)


async def test_distress_rings_through_and_who_is_called_by_name_hears_it_without_alerts(
    tmp_path: Path,
) -> None:
    async with crew(tmp_path / "data") as found:
        found.forgiven = "AudioContext"  # A call sounds, and nobody has touched that page yet.
        url = found.muster.url
        ana, ben = await found.staff("Ana Smith"), await found.staff("Ben Cole", "agent")
        for one in (ana, ben):
            await one.context.grant_permissions(["notifications"], origin=url)
            await one.context.add_init_script(RECORD)
            await one.goto(f"{url}/desk")
        await ana.get_by_role("button", name="Alerts").click()
        await heard(ana, 2)
        # Distress waits for no other ring; every other one is kept from sounding.
        await ana.evaluate("localStorage.setItem('muster-rang', Date.now() + 1e6)")
        chat = await found.reporter()
        reference = await ben.locator("article.line[data-kind=incident] .ref").inner_text()
        await heard(ana, 2)
        await heard(ben, 0)
        await write(chat, "I cannot go on")
        await heard(ana, 4, "A customer may be in great distress. Please look at once.")
        call = "you are needed now. Few may see what it is about: open it on the desk."
        await heard(ben, 2, f"{reference}: {call} You are the first to be called.")


async def test_a_caller_is_written_down_and_the_incident_opens_on_the_screen(
    tmp_path: Path,
) -> None:
    async with crew(tmp_path / "data") as found:
        url = found.muster.url
        ana = await found.staff("Ana Smith")
        await ana.goto(f"{url}/desk")
        await follow(ana, ana.get_by_role("link", name="New incident"))
        await follow(ana, ana.get_by_role("link", name="Power outage"))
        await ana.get_by_label("Caller's name").fill("Mary Canary")
        await ana.get_by_label("Number to call back").fill("none")
        await ana.get_by_label("What has happened, or what do you need?").fill("The mill is dark")
        advice = ana.locator(".advice", has_text="Call 999 now").first
        await expect(advice).to_be_hidden()
        await ana.get_by_label("Yes", exact=False).first.check()
        await expect(advice).to_be_visible()
        await ana.get_by_role("button", name="Open the incident").click()
        await expect(ana.locator("form.opening .answer")).to_contain_text("phone number")
        await expect(ana.get_by_label("Caller's name")).to_have_value("Mary Canary")
        await ana.get_by_label("Number to call back").fill("020 7946 0999")
        await ana.get_by_role("button", name="Open the incident").click()
        await expect(ana.get_by_role("heading", name="What we know")).to_be_visible()
        await expect(ana.locator("h1")).to_contain_text("P1")
        await expect(ana.locator("main")).to_contain_text("Mary Canary")


async def test_rare_actions_are_under_more_and_hand_it_to_somebody_who_is_there(
    tmp_path: Path,
) -> None:
    async with crew(tmp_path / "data") as found:
        url = found.muster.url
        ana, ben = await found.staff("Ana Smith"), await found.staff("Ben Cole", "agent")
        await found.reported()
        await open_incident(ana, url)
        await expect(ana.get_by_text("Hand over", exact=True)).to_be_hidden()
        await ana.locator("summary", has_text="More").click()
        await ana.locator("summary", has_text="Hand over").click()
        await ana.get_by_label("To whom").select_option("Ben Cole: 0 incidents")
        await ana.get_by_role("button", name="Hand it over").click()
        await expect(ana.locator(".brief")).to_contain_text("Ben Cole")
        await ben.goto(f"{url}/desk?view=mine")
        await expect(ben.locator(LINES)).to_have_count(1)
        await act(ana, "Publish update", "Preview", What_people_should_know="Back at 16:00.")
        await ana.get_by_role("button", name="Publish", exact=True).click()
        updates = ana.locator("[data-region=updates]")
        await updates.locator("summary", has_text="Correct").click()
        right = ana.get_by_label("The right words")
        await expect(right).to_have_value("Back at 16:00.")
        await right.fill("Back at 17:00.")
        await ana.get_by_role("button", name="Preview").and_(ana.locator(":visible")).click()
        await ana.get_by_role("button", name="Publish the correction").click()
        await expect(updates).to_contain_text("Back at 17:00.")
