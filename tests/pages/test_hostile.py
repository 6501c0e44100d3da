"""Hostile words go through every field to every page and do no harm."""

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.pages.hostile import CLEANED, CORPUS, UNSEEN
from tests.pages.kit import Page, Person, Visitor, Web, web

PLAIN = "plain words of a person"
Shape = list[tuple[str, tuple[str, ...]]]


@dataclass
class Seen:
    """What the pages of a whole story look like, by path, and what the customer was sent."""

    pages: dict[str, Page]
    letters: list[str]
    answers: list[str]


OFF = {"call_off_1": "yes", "call_off_2": "yes"}


async def story(served: Web, text: str) -> Seen:
    """Everybody writes `text` wherever anything can be written."""
    visitor = await served.visitor()
    await visitor.report(what=text, where=text, contact="020 7946 0000")
    (row,) = await served.desk.store.select("incidents")
    (found,) = await served.desk.store.select("reports")
    incident, report = str(row["incident"]), str(found["report"])
    ana = await served.staff(text[:80].strip() or "Ana")
    await visitor.did("write_message", words=text)
    await _work(ana, incident, report, text)
    await visitor.did("answer_fixed", fixed=False, words=text)
    await ana.done("take_incident", incident=incident)
    await ana.done("resolve_incident", incident=incident, note=text, **OFF)
    await visitor.did("answer_fixed", fixed=True, words=text)
    await visitor.did("rate_service", score=4, words=text)
    return await _seen(ana, visitor, str(row["reference"]))


async def _work(ana: Person, incident: str, report: str, text: str) -> None:
    here = {"incident": incident}
    task = {**here, "task": 2}
    await ana.done("take_incident", **here)
    await ana.done("write_incident_note", **here, words=text)
    await ana.done("write_note", report=report, words=text)
    await ana.done("reply_to_customer", report=report, words=text)
    await ana.done("ask_for_resource", **here, what=text)
    await ana.done("claim_task", **task, minutes=5)
    await ana.done("release_task", **task, reason=text)
    await ana.done("claim_task", **task, minutes=5)
    await ana.done("hold_incident", **here, reason=text)
    await ana.done("resume_incident", **here)
    # With a number in it, somebody's own place cannot be said to others.
    said = "".join(one for one in text if not one.isdigit())
    await ana.done("publish_update", **here, words=said, audience="reporters", next_in=30)
    own = {"incident": await _own_incident(ana)}
    for audience in ("public", "staff"):
        await ana.done("publish_update", **own, words=text, audience=audience, next_in=30)
    await ana.done("resolve_incident", **here, note=text, **OFF)


async def _own_incident(ana: Person) -> str:
    reference = (await ana.do("open_incident", category="power"))["reference"]
    (row,) = await ana.web.desk.store.select("incidents", {"reference": reference})
    return str(row["incident"])


async def _seen(ana: Person, visitor: Visitor, reference: str) -> Seen:
    state = await visitor.state()
    label = state["report"]["reference"]
    paths = {
        "desk": "/desk",
        "incident": f"/desk/incidents/{reference}",
        "report": f"/desk/reports/{label}",
        "tasks": "/tasks",
        "status": "/status",
        "front": "/",
        "missing": "/nothing",
    }
    pages = {}
    for name, path in paths.items():
        page = Page((await ana.get(path)).text)
        page.html = page.html.replace(reference, "").replace(label, "")
        pages[name] = page
    answers = [one["shown"] for one in state["report"]["answers"]]
    return Seen(pages, [one["words"] for one in state["letters"]], answers)


def shape(page: Page) -> Shape:
    """Elements and the names of their attributes, without what they say."""
    return [(tag, tuple(sorted(attributes))) for tag, attributes in page.elements]


@pytest.fixture(scope="module")
def shapes() -> dict[str, Shape]:
    """What the pages look like when harmless words were written."""
    return {}


@pytest.mark.parametrize("text", CORPUS, ids=range(len(CORPUS)))
async def test_no_words_change_what_a_page_is_made_of(
    tmp_path: Path, text: str, shapes: dict[str, Shape]
) -> None:
    if not shapes:
        async with web(tmp_path) as served:
            seen = await story(served, PLAIN)
            shapes.update({name: shape(page) for name, page in seen.pages.items()})
    async with web(tmp_path) as served:
        seen = await story(served, text)
        for name, page in seen.pages.items():
            assert shape(page) == shapes[name], name
            for link in page.links():
                assert urlsplit(link).scheme in ("", "tel"), link
            assert all("/static/" in one["src"] for one in page.all("script"))
        assert text in seen.letters
        assert seen.answers.count(text) == 2
        read = " ".join(text.split())
        for name in ("incident", "status"):
            assert read in seen.pages[name].text, name


async def test_signs_that_nobody_can_see_are_taken_out_and_the_rest_stays(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        await visitor.report(what=UNSEEN)
        await visitor.did("write_message", words=UNSEEN)
        state = await visitor.state()
        assert CLEANED in [one["words"] for one in state["letters"]]
        assert CLEANED in [one["shown"] for one in state["report"]["answers"]]


@pytest.mark.parametrize("field", ["field", "why", "words", "id", "do", "language"])
@pytest.mark.parametrize("text", [*CORPUS[:4], UNSEEN, "x" * 60_000])
async def test_odd_words_in_any_place_of_a_press_get_an_answer(
    tmp_path: Path, field: str, text: str
) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        for do in ("answer_question", "withdraw_report", "write_message"):
            content = {
                "do": do,
                "id": visitor.number(),
                "field": "what",
                "value": "x",
                "words": "x",
            }
            response = await visitor.post(
                "/chat/do", {**content, "why": "cancelled", field: text}, **visitor.headers
            )
            assert response.status_code in (200, 400)
            assert response.json()["outcome"] in ("done", "refused")


@pytest.mark.parametrize("header", ["accept-language", "x-muster-visitor", "cookie", "user-agent"])
@pytest.mark.parametrize(
    "text", ["<script>", "x" * 4000, "muster=%00; muster-language=<b>", "q=;,"]
)
async def test_odd_headers_get_a_page(tmp_path: Path, header: str, text: str) -> None:
    async with web(tmp_path) as served:
        for path in ("/", "/chat", "/desk", "/chat/state", f"/?lang={text[:20]}"):
            response = await served.stranger().get(path, **{header: text})
            assert response.status_code in (200, 303, 401)
            assert "<b>" not in response.text
