"""Four people in four profiles of one browser, and what each of their pages shows."""

import asyncio
import tomllib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from playwright.async_api import Locator, Page, expect

from bot.core.texts import t
from bot.texts import Catalogues
from tests.e2e.kit import PHONE, Crew, Muster, follow
from tests.tidy import ROOT

LOCALES = {"en": "en-GB", "ru": "ru-RU"}
PLAYBOOK = tomllib.loads((ROOT / "bot/playbooks/default.toml").read_text(encoding="utf-8"))
CATEGORY = PLAYBOOK["categories"]["power"]
QUESTIONS = {one["key"]: one for one in (*PLAYBOOK["intake"]["questions"], *CATEGORY["questions"])}
# What is read as text, with what was typed and ticked; without clocks, references, and the word
# that somebody is writing, which comes and goes.
SHOWN = """passing => {
  const main = document.querySelector("main");
  const boxes = [...main.querySelectorAll("textarea, input:not([type=hidden], [type=file])")];
  const seen = boxes.filter((one) => one.checkVisibility());
  const typed = seen.map((one) => (one.type === "checkbox" ? one.checked : one.value));
  const ticks = [...main.querySelectorAll("[role=checkbox]")].map((one) => one.ariaChecked);
  const lines = main.innerText.split("\\n").map((one) => one.trim());
  return [...lines.filter((one) => one && !passing.includes(one)), ...typed, ...ticks]
    .join("\\n")
    .replace(/[RN]-[0-9A-Z]{3}-[0-9A-Z]{4}/g, "REFERENCE")
    .replace(/\\d{1,2}:\\d\\d/g, "CLOCK");
}"""
STILL = f"""async ([passing, least, most]) => {{
  const shown = {SHOWN};
  for (let tries = 0, before = null, same = 0; ; tries += 1) {{
    const now = shown(passing);
    same = now === before ? same + 1 : 0;
    if (same >= least || tries > most) return now;
    before = now;
    await new Promise((done) => setTimeout(done, 150));
  }}
}}"""
LIKE = f"""async ([passing, wanted, most]) => {{
  const shown = {SHOWN};
  for (let tries = 0; tries < most && shown(passing) !== wanted; tries += 1) {{
    await new Promise((done) => setTimeout(done, 150));
  }}
  return shown(passing);
}}"""
SENT = """async () => {
  while (localStorage.getItem("muster.outbox")) {
    await new Promise((done) => setTimeout(done, 50));
  }
}"""
CALM = 4
"""So many looks (of 0.15 s) without a change, and a page is taken to have settled."""
PATIENCE = 130


@dataclass
class Four:
    """Everybody with a page open, at a phone's width, in one language."""

    language: str
    found: Crew
    customer: Page
    agent: Page
    resource: Page
    reader: Page
    said: Callable[[str], str]
    passing: list[str] = field(default_factory=list)

    @property
    def pages(self) -> dict[str, Page]:
        return {
            "customer": self.customer,
            "agent": self.agent,
            "resource": self.resource,
            "stakeholder": self.reader,
        }

    @property
    def muster(self) -> Muster:
        return self.found.muster

    def label(self, question: str) -> str:
        """How the playbook asks it."""
        return str(QUESTIONS[question]["label"][self.language])

    def choice(self, question: str, value: str) -> str:
        """How the playbook calls an answer."""
        found = next(one for one in QUESTIONS[question]["choices"] if one["value"] == value)
        return str(found["label"][self.language])

    def button(self, page: Page, words: str) -> Locator:
        """By its name, which is in English here and in their language there."""
        return page.get_by_role("button", name=self.said(words), exact=True)

    async def settled(self) -> dict[str, str]:
        """What stands on each page once nothing moves any more."""
        return await self._each(lambda who: (STILL, [self.passing, CALM, PATIENCE]))

    async def like(self, wanted: dict[str, str]) -> dict[str, str]:
        """What stands on each page, at the latest when it has had time to become `wanted`."""
        return await self._each(lambda who: (LIKE, [self.passing, wanted[who], PATIENCE]))

    async def _each(self, look: Callable[[str], tuple[str, list[object]]]) -> dict[str, str]:
        found = [page.evaluate(*look(who)) for who, page in self.pages.items()]
        return dict(zip(self.pages, await asyncio.gather(*found), strict=True))

    async def connected(self) -> None:
        """No page says that it has lost the connection."""
        for page in self.pages.values():
            await expect(page.locator("#net, .net[data-net]").first).to_have_text("")


async def four(found: Crew, language: str) -> Four:
    """Everybody joins and opens their page."""
    speak = Catalogues.load().speaker(language)

    def said(words: str) -> str:
        return speak(t(words))

    def window() -> Awaitable[Page]:
        return found.somebody(PHONE, locale=LOCALES[language])

    url = found.muster.url

    async def staff(name: str, link: str) -> Page:
        page = await window()
        await page.goto(link)
        await page.get_by_label(said("Your name, as colleagues will see it")).fill(name)
        await follow(page, page.get_by_role("button", name=said("Join")))
        return page

    agent = await staff("Ana Smith", found.muster.link)
    resource = await staff("Ben Cole", await found.muster.invite("resource"))
    reader, customer = await window(), await window()
    us = (customer, agent, resource, reader)
    for page, path in zip(us, ("chat", "desk", "tasks", "status"), strict=True):
        await page.goto(f"{url}/{path}")
    passing = [said(one) for one in ("An agent is writing …", "The customer is writing …")]
    return Four(language, found, *us, said, passing)
