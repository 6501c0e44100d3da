"""Pages speak the reader's language, all of it, in its direction."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from bot.core import incident_events as ie
from bot.core.incident_words import ENDED, WORKING
from bot.core.playbook_labels import STATUS
from bot.core.texts import Words
from bot.engine.read_timeline import _SAYS
from bot.pages import labels
from tests.engine.kit import PLAYBOOK
from tests.pages.kit import CATALOGUES, Page, web
from tests.pages.test_desk import reported
from tests.tidy import ROOT

PSEUDO = "xx"
TRANSLATED = re.compile(r"[àçéîļñöšûýÀÇÉÎĻÑÖŠÛÝ]")
LETTERS = re.compile(r"[A-Za-z]{3,}(?! \d\d:\d\d)")
LENGTH_OF_TIME = re.compile(r"[0-9]+ (?:minutes?|hours?)")  # written by the locale data, not by us


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("ru", "ru"),
        ("ru-RU,ru;q=0.9,en;q=0.8", "ru"),
        ("de, ru;q=0.5, en;q=0.4", "ru"),
        ("de", "en"),
        ("en;q=0.1, ru;q=0.9", "ru"),
        ("", "en"),
        ("*", "en"),
        ("ru;q=x, en", "en"),
        (",;q=,,;;", "en"),
        ("x" * 10_000, "en"),
    ],
)
async def test_the_browsers_wish_counts(tmp_path: Path, header: str, language: str) -> None:
    async with web(tmp_path) as served:
        response = await served.stranger().get("/chat", **{"accept-language": header})
        assert f'<html lang="{language}"' in response.text


async def test_a_choice_counts_more_and_is_remembered(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        person = served.stranger()
        assert '<html lang="ru"' in (await person.get("/status?lang=ru")).text
        response = await person.get("/chat", **{"accept-language": "en"})
        assert '<html lang="ru"' in response.text
        assert '<html lang="en"' in (await person.get("/chat?lang=en")).text
        assert "evil" not in (await person.get("/chat?lang=evil")).headers.get("set-cookie", "")


async def test_nothing_on_any_page_is_left_untranslated(tmp_path: Path) -> None:
    """In the test language every product text carries marks; what has none was written by people
    or belongs to the playbook.
    """
    async with web(tmp_path) as served:
        visitor, incident, reference = await reported(served)
        _, _, other = await reported(served)
        await visitor.did("write_message", words="1234")
        ana = await served.staff("1 2 3")
        await ana.done("take_incident", incident=incident)
        await ana.done("claim_task", incident=incident, task=1, minutes=5)
        await ana.done(
            "publish_update", incident=incident, words="5678", audience="public", next_in=30
        )
        label = (await visitor.state())["report"]["reference"]
        playbook = set(worded(PLAYBOOK))
        for path in (
            "/",
            "/chat",
            "/desk",
            f"/desk/incidents/{reference}",
            f"/desk/incidents/{reference}/merge",
            f"/desk/incidents/{reference}/merge?with={other}",
            f"/desk/reports/{label}",
            "/tasks",
            "/status",
            "/nothing",
        ):
            mark = "&" if "?" in path else "?"
            page = Page((await ana.get(f"{path}{mark}lang={PSEUDO}")).text)
            for text in page.texts:
                words = text.strip()
                if LENGTH_OF_TIME.fullmatch(words):
                    continue
                if LETTERS.search(words) and not TRANSLATED.search(words):
                    known = {*playbook, *FROM_PEOPLE, reference, other, label}
                    ours = words in known or words.removesuffix(":") in known
                    assert ours or not words.isascii(), (path, words)


def worded(thing: object) -> Iterator[str]:
    """Every text of a playbook, in English."""
    if isinstance(thing, Words):
        yield thing.pick("en")
    elif isinstance(thing, BaseModel):
        for name in type(thing).model_fields:
            yield from worded(getattr(thing, name))
    elif isinstance(thing, dict):
        yield from (text for one in thing.values() for text in worded(one))
    elif isinstance(thing, tuple):
        yield from (text for one in thing for text in worded(one))


# What people wrote, and a name that is the same in every language.
FROM_PEOPLE = ("The lights went out", "Main street 5", "English", "service desk", "xx", "JSON")
# Whole texts that stay as they are: a name, and what goes to a customer who reads English.
AS_IT_IS = {"ETHANE", *(one.text.pick("en").strip() for one in PLAYBOOK.canned.values())}


def left_over(page: Page, *names: str) -> list[str]:
    """The texts of a page in the second language that are still in the first."""
    latin = [one for one in page.texts if re.search(r"[A-Za-z]{4,}", one)]
    known = (*FROM_PEOPLE, *names)
    return [x for x in latin if x.strip() not in AS_IT_IS and not any(one in x for one in known)]


async def test_every_page_is_complete_in_the_second_language(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana = await served.staff("1")
        await ana.done("take_incident", incident=incident)
        for path in (
            "/",
            "/desk",
            f"/desk/incidents/{reference}",
            f"/desk/incidents/{reference}/merge",
            "/tasks",
            "/people",
            "/me",
            "/status",
        ):
            page = Page((await ana.get(f"{path}?lang=ru")).text)
            odd = left_over(page, reference)
            assert not odd, (path, odd)


@pytest.mark.parametrize("path", ["/", "/chat", "/status", "/signin", "/nothing"])
async def test_a_language_that_is_written_from_the_right_turns_the_page(
    tmp_path: Path, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with web(tmp_path) as served:
        playbook = served.house.reader.playbook
        organisation = playbook.organisation.model_copy(update={"languages": ("en", "ar")})
        version = playbook.model_copy(update={"organisation": organisation, "version": "rtl"})
        served.house.engine.editions.add("rtl", version)
        served.house.engine.editions.adopt("rtl")
        response = await served.stranger().get(f"{path}?lang=ar")
        assert '<html lang="ar" dir="rtl">' in response.text


def test_no_style_knows_left_from_right() -> None:
    """Sizes and places are named by the direction of writing."""
    physical = re.compile(
        r"(?<![\w-])(left|right|margin-(left|right|top|bottom)|padding-(left|right|top|bottom)|"
        r"border-(left|right)|width|height|(min|max)-(width|height))\s*:"
    )
    for path in sorted((ROOT / "bot" / "pages" / "static").glob("*.css")):
        plain = re.sub(r"@media[^{]*\{", "", path.read_text())
        assert not physical.search(plain), (path.name, physical.search(plain))


def test_every_state_has_a_word() -> None:
    statuses = {*WORKING, *ENDED, "resolved"}
    assert set(STATUS) == statuses
    assert set(labels.PUBLIC_STATUS) == statuses


def test_every_event_of_an_incident_has_a_sentence() -> None:
    leaves = [one for one in ie.IncidentEvent.__subclasses__() if "tag" in vars(one)]
    leaves += ie.TaskEvent.__subclasses__()
    assert not [one.__name__ for one in leaves if one not in _SAYS]


def test_there_is_a_second_language() -> None:
    assert {"en", "ru", PSEUDO} <= set(CATALOGUES.languages)
