"""What four people press, and what each of them sees of it then."""

import re
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.async_api import FilePayload, Locator, Page, expect

from tests.e2e.kit import follow
from tests.pictures import from_a_phone
from tests.proof.browser.people import CATEGORY, Four

ZONE = ZoneInfo("Europe/London")
WHAT = {"en": "The lights went out", "ru": "Во всём доме погас свет"}
PLACE = {"en": "Main street 5", "ru": "Лесная улица, дом 5"}
OTHER = {"en": "Main street 7, second floor", "ru": "Лесная улица, дом 7, второй этаж"}
PHONE = "+44 20 7946 0123"
HELLO = {"en": "Somebody will be with you soon.", "ru": "Скоро к вам приедут."}
THANKS = {"en": "Thank you, I am waiting.", "ru": "Спасибо, я жду."}
WANTED = {"en": "Bring a generator", "ru": "Привезите генератор"}
DONE = {"en": "It runs on the generator", "ru": "Работает от генератора"}
UPDATE = {"en": "We are replacing a fuse.", "ru": "Мы меняем предохранитель."}
WAITING = {"en": "We wait for a part", "ru": "Ждём деталь"}
FUSE = {"en": "The fuse was replaced", "ru": "Заменили предохранитель"}
STILL = {"en": "It flickers", "ru": "Свет мигает"}
SECOND = {"en": "A second fuse was replaced", "ru": "Заменили второй предохранитель"}
KIND = {"en": "Kind words", "ru": "Добрые слова"}

Press = Callable[[Four], Awaitable[Locator]]
Then = Callable[[Four], Awaitable[None]]


# --- what the customer does --------------------------------------------------------------------


def next_is(question: str) -> Then:
    async def then(us: Four) -> None:
        await expect(us.customer.locator("legend")).to_have_text(us.label(question))

    return then


async def begin(us: Four) -> Locator:
    return us.button(us.customer, "Begin")


async def heard(us: Four) -> None:
    await next_is("safety")(us)
    await expect(us.agent.locator("article.line[data-kind=report]")).to_have_count(1)


def chosen(question: str, value: str) -> Press:
    async def press(us: Four) -> Locator:
        words = us.choice(question, value)
        return us.customer.get_by_role("button", name=words, exact=True)

    return press


def ticked(question: str, value: str) -> Press:
    async def press(us: Four) -> Locator:
        await us.customer.get_by_label(us.choice(question, value)).check()
        return go_on(us)

    return press


def go_on(us: Four) -> Locator:
    return us.customer.locator("form.question button.primary:not(.big)").first


def typed(words: dict[str, str]) -> Press:
    async def press(us: Four) -> Locator:
        await us.customer.locator("form.question [name=value]").fill(words[us.language])
        return go_on(us)

    return press


async def kind(us: Four) -> Locator:
    return us.customer.get_by_role("button", name=us.said("Something is broken or wrong"))


async def asked_kind(us: Four) -> None:
    await expect(await kind(us)).to_be_visible()


async def category(us: Four) -> Locator:
    return us.customer.get_by_role("button", name=CATEGORY["name"][us.language])


async def no(us: Four) -> Locator:
    return us.customer.locator("form.question .options button").last


async def asked_category(us: Four) -> None:
    await expect(await category(us)).to_be_visible()


async def photo(us: Four) -> Locator:
    file: FilePayload = {"name": "fuse box.jpg", "mimeType": "image/jpeg", "buffer": from_a_phone()}
    if not await us.customer.locator(".tray-items li").count():
        await us.customer.locator("input[type=file][multiple]").set_input_files(file)
    return go_on(us)


async def summed_up(us: Four) -> None:
    await expect(us.customer.locator("dl.summary")).to_contain_text(PLACE[us.language])
    await expect(us.customer.locator("dl.summary")).to_contain_text("fuse box.jpg")


async def changed(us: Four) -> Locator:
    name = f"{us.said('Change')}: {us.label('where')}"
    await us.customer.get_by_role("button", name=name).click()
    return await typed(OTHER)(us)


async def has_changed(us: Four) -> None:
    await expect(us.customer.locator("dl.summary")).to_contain_text(OTHER[us.language])


async def sent(us: Four) -> Locator:
    return us.button(us.customer, "Send the report")


async def referenced(us: Four) -> None:
    await expect(us.customer.locator(".reference")).to_be_visible()
    card = us.agent.locator("article.line[data-kind=incident]")
    await expect(card).to_contain_text(CATEGORY["name"][us.language])
    await expect(us.agent.locator("article.line[data-kind=report]")).to_have_count(0)
    await expect(us.resource.locator(".taskcard")).to_have_count(1)


async def written(us: Four) -> Locator:
    await us.customer.locator("form.write textarea").fill(THANKS[us.language])
    return us.customer.locator("form.write button.primary")


async def read(us: Four) -> None:
    await expect(us.agent.locator(".messages")).to_contain_text(THANKS[us.language])
    state = us.customer.locator("#log .me .state").last
    await expect(state).to_contain_text(us.said("seen by an agent"))


async def not_fixed(us: Four) -> Locator:
    await us.button(us.customer, "No, not fixed").click()
    await us.customer.locator("#composer textarea").fill(STILL[us.language])
    return us.button(us.customer, "Send, and go on working on it")


async def is_fixed(us: Four) -> Locator:
    return us.button(us.customer, "Yes, it is fixed")


async def rated(us: Four) -> Locator:
    await us.customer.locator("#composer .card textarea").first.fill(KIND[us.language])
    return us.customer.get_by_role("button", name="5", exact=True)


async def seen_rating(us: Four) -> None:
    for place in (us.customer.locator("#composer"), us.agent.locator(".talk .callout").last):
        await expect(place).to_contain_text(re.compile(r"\b5\D+5\b"))


async def taken_away(us: Four) -> Locator:
    return us.button(us.customer, "Save the conversation")


async def has_it(us: Four) -> None:
    async with us.customer.expect_download() as coming:
        await (await taken_away(us)).click()
    path = await (await coming.value).path()
    text = path.read_text(encoding="utf-8")
    for words in (HELLO, THANKS, UPDATE):
        assert text.count(words[us.language]) == 1, text


# --- what the agent does -----------------------------------------------------------------------


async def take(us: Four) -> Locator:
    if us.agent.url.endswith("/desk"):
        await follow(us.agent, us.agent.locator("article.line[data-kind=incident] a").first)
    return us.agent.locator("form[action='/do/take_incident'] button")


def status(words: str, headline: str = "") -> Then:
    async def then(us: Four) -> None:
        await expect(us.agent.locator("h1 .badge.status")).to_have_text(us.said(words))
        if headline:
            await expect(us.customer.locator("#state-title")).to_have_text(us.said(headline))

    return then


async def tick(us: Four) -> Locator:
    return us.agent.locator(".script [role=checkbox]").first


async def is_ticked(us: Four) -> None:
    await expect(us.agent.locator(".script [role=checkbox]").first).to_be_checked()
    await expect(us.agent.locator(".script li.done")).to_contain_text("Ana Smith")


async def reply(us: Four) -> Locator:
    await us.agent.locator("form.reply textarea").fill(HELLO[us.language])
    return us.agent.locator("form.reply button.primary")


async def replied(us: Four) -> None:
    await expect(us.customer.locator("#log")).to_contain_text(HELLO[us.language])
    mark = us.agent.locator(".messages .message.desk .meta")
    await expect(mark).to_contain_text(us.said("seen by the customer"))


async def opened(us: Four, key: str, page: Page | None = None) -> Locator:
    """The form behind a button of the page, open."""
    details = (page or us.agent).locator(f"details[data-key^='{key}']")
    if not await details.evaluate("one => one.open"):
        await details.locator("> summary").click()
    return details.locator("form")


def saying(key: str, words: dict[str, str]) -> Press:
    async def press(us: Four) -> Locator:
        form = await opened(us, key)
        await form.locator("textarea").first.fill(words[us.language])
        for box in await form.locator("input[type=checkbox]").all():
            await box.check()
        return form.locator("button").last

    return press


async def ask(us: Four) -> Locator:
    form = await opened(us, "ask")
    await form.locator("[name=template]").select_option("")
    await form.locator("[name=what]").fill(WANTED[us.language])
    return form.locator("button").last


async def asked(us: Four) -> None:
    for place in (us.agent.locator("article.task"), us.resource.locator(".taskcard")):
        await expect(place.filter(has_text=WANTED[us.language])).to_have_count(1)


async def publish(us: Four) -> Locator:
    form = await opened(us, "update")
    words = form.locator("[name=words]")
    await words.fill(f"{UPDATE['en']} {PHONE}")
    await form.locator("[name='also:ru']").fill(UPDATE["ru"])
    await form.locator("[name=audience][value=public]").check()
    preview = us.button(us.agent, "Preview")
    await preview.click()
    await expect(form.locator("[data-preview] .error")).to_be_visible()
    await words.fill(UPDATE["en"])
    await preview.click()
    await expect(form.locator(".reading").first).to_contain_text(UPDATE["en"])
    return form.locator("[data-preview] button")


async def published(us: Four) -> None:
    await expect(us.agent.locator("article.update")).to_have_count(1)
    for page in (us.customer.locator("#state"), us.reader.locator(".update")):
        await expect(page).to_contain_text(UPDATE[us.language])


# --- what the resource does --------------------------------------------------------------------


def mine(us: Four) -> Locator:
    return us.resource.locator(".taskcard").filter(has_text=WANTED[us.language])


async def claim(us: Four) -> Locator:
    return mine(us).locator("button[name=minutes][value='30']")


async def claimed(us: Four) -> None:
    await expect(us.button(us.resource, "On my way")).to_be_visible()
    place = us.agent.locator("article.task", has_text=WANTED[us.language])
    await expect(place).to_contain_text("Ben Cole")
    await expect(us.customer.locator("#state")).to_contain_text(us.said("Who is coming"))


def minutes(ahead: int) -> str:
    return f"{datetime.now(ZONE) + timedelta(minutes=ahead):%H:%M}"


async def later(us: Four) -> Locator:
    form = await opened(us, "eta-", us.resource)
    await form.locator("[name=time]").fill(minutes(50))
    return form.locator("button").last


async def is_later(us: Four) -> None:
    await expect(us.resource.locator("details[data-key^='eta-'][open]")).to_have_count(0)


def moves(words: str) -> Press:
    async def press(us: Four) -> Locator:
        return mine(us).get_by_role("button", name=us.said(words), exact=True)

    return press


def stands(words: str) -> Then:
    async def then(us: Four) -> None:
        await expect(mine(us).locator("dl.brief strong").first).to_have_text(us.said(words))
        place = us.agent.locator("article.task", has_text=WANTED[us.language])
        await expect(place).to_contain_text(us.said(words))

    return then


async def finish(us: Four) -> Locator:
    form = await opened(us, "done-", us.resource)
    await form.locator("textarea").fill(DONE[us.language])
    return form.locator("button").last


async def finished(us: Four) -> None:
    await expect(mine(us)).to_have_count(0)
    place = us.agent.locator("article.task.done", has_text=WANTED[us.language])
    await expect(place).to_have_count(1)


async def is_asked(us: Four) -> None:
    await status("Resolved")(us)
    await expect(us.button(us.customer, "Yes, it is fixed")).to_be_visible()
