"""The feeds: what everybody may read, for machines, in shapes that others have written down."""

import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from bot.core.incident_commands import RestrictIncident
from tests.engine.kit import MINUTE
from tests.pages.hostile import CORPUS
from tests.pages.kit import ORIGIN, Person, web
from tests.pages.test_desk import reported
from tests.pages.test_status import publish

A = "{http://www.w3.org/2005/Atom}"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
URN = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
REL_ONCE = ("self", "alternate")


def moment(element: ET.Element, name: str) -> datetime:
    """A date as RFC 3339 wants it: with seconds and an offset."""
    words = said(element, name)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)", words), words
    return datetime.fromisoformat(words)


def said(element: ET.Element, name: str) -> str:
    found = element.findall(f"{A}{name}")
    assert len(found) == 1, (name, len(found))
    return found[0].text or ""


def sound(feed: ET.Element) -> list[ET.Element]:
    """What RFC 4287 asks of a feed (4.1.1) and of its entries (4.1.2); the entries."""
    assert feed.tag == f"{A}feed"
    entries = feed.findall(f"{A}entry")
    names = [said(one, "id") for one in (feed, *entries)]
    assert all(URN.fullmatch(one) for one in names), names
    assert len(set(names)) == len(names)
    for one in (feed, *entries):
        assert said(one, "title")
        moment(one, "updated")
        links = [(link.get("rel"), link.get("href") or "") for link in one.findall(f"{A}link")]
        assert all(href.startswith(f"{ORIGIN}/status") for _, href in links), links
        assert len({rel for rel, _ in links}) == len(links)
    assert said(feed.findall(f"{A}author")[0], "name")
    assert {link.get("rel") for link in feed.findall(f"{A}link")} == set(REL_ONCE)
    for one in entries:
        assert moment(one, "updated") >= moment(one, "published")
        assert one.findall(f"{A}content")[0].get("type") == "text"
    return entries


async def atom(person: Person, path: str = "/status/feed.atom") -> ET.Element:
    response = await person.get(path)
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] == "application/atom+xml; charset=utf-8"
    return ET.fromstring(response.content)


async def data(person: Person, path: str = "/status.json") -> dict[str, Any]:
    response = await person.get(path)
    assert response.headers["content-type"].startswith("application/json")
    found: dict[str, Any] = json.loads(response.content)
    return found


async def test_an_empty_feed_is_sound_too(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        feed = await atom(served.stranger())
        assert sound(feed) == []
        found = await data(served.stranger())
        assert (found["version"], found["working"], found["incidents"]) == (1, True, [])


async def test_an_update_keeps_its_name_when_it_is_corrected_and_is_marked_as_changed(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana, reader = await served.staff("Ana", "agent"), served.stranger()
        await publish(ana, incident, "Back at noon")
        (before,) = sound(await atom(reader))
        await served.desk.clock.advance(5 * MINUTE)
        await ana.done("correct_update", incident=incident, number=1, words="Back at two")
        for path in ("/status/feed.atom", f"/status/{reference}/feed.atom"):
            (after,) = sound(await atom(reader, path))
            assert said(after, "id") == said(before, "id")
            assert said(after, "content") == "Back at two"
            assert "corrected" in said(after, "title")
            assert moment(after, "updated") > moment(before, "updated")
            assert moment(after, "published") == moment(before, "published")
        (one,) = (await data(reader))["incidents"]
        assert one["updates"][0]["text"] == "Back at two"
        assert one["updates"][0]["corrected"]
        assert one["updates"][0]["id"] != one["id"]


async def test_the_end_is_an_entry_of_its_own(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana, reader = await served.staff("Ana", "agent"), served.stranger()
        await publish(ana, incident, "No power", next_in="")
        await ana.done("take_incident", incident=incident)
        await served.desk.clock.advance(MINUTE)
        await ana.done("resolve_incident", incident=incident, note="Fuse", call_off_1="yes")
        titles = [said(one, "title") for one in sound(await atom(reader))]
        assert titles == [f"Power outage ({reference}): Fixed", f"Power outage ({reference})"]
        found = await data(reader)
        assert found["working"]
        (one,) = found["past"]
        assert (one["status"], one["reference"], one["goes_on_in"]) == ("fixed", reference, None)


async def test_hostile_words_come_out_as_words(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        ana, reader = await served.staff("Ana", "agent"), served.stranger()
        words = [one for one in CORPUS if "https:" not in one and "127" not in one]
        words.append("left\x00\x1b[31m\u202eright\x07 \ufffe\uffff")
        for one in words:
            await publish(ana, incident, one)
        entries = sound(await atom(reader))
        told = {said(one, "content") for one in entries}
        shown = {one["text"] for one in (await data(reader))["incidents"][0]["updates"]}
        for one in words[:-1]:
            assert one.strip() in told
            assert one.strip() in shown
        assert "left[31mright \ufffd\ufffd" in told
        assert not any("\u202e" in one for one in (*told, *shown))


async def test_each_language_has_its_feed_and_says_where_words_are_not_in_it(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        ana, reader = await served.staff("Ana", "agent"), served.stranger()
        await publish(ana, incident, "No power", **{"also:ru": "Нет света"})
        await publish(ana, incident, "Only English")
        english = await atom(reader, "/status/feed.atom?lang=en")
        russian = await atom(reader, "/status/feed.atom?lang=ru")
        assert said(english, "id") != said(russian, "id")
        assert (english.get(LANG), russian.get(LANG)) == ("en", "ru")
        assert russian.findall(f"{A}link")[0].get("href") == f"{ORIGIN}/status/feed.atom?lang=ru"
        own, other = sorted(sound(russian), key=lambda one: said(one, "content").isascii())[:2]
        texts = {said(own, "content"), said(other, "content")}
        assert "Нет света" in texts
        assert any(one.endswith("\nOnly English") for one in texts)
        found = await data(reader, "/status.json?lang=ru")
        by = {one["text"]: one for one in found["incidents"][0]["updates"]}
        assert by["Нет света"]["is_own_language"]
        assert not by["Only English"]["is_own_language"]
        assert by["Only English"]["language"] == "en"


async def test_what_is_restricted_withdrawn_or_for_others_is_in_no_feed_at_once(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana, reader = await served.staff("Ana", "agent"), served.stranger()
        await publish(ana, incident, "For us", audience="staff")
        await publish(ana, incident, "Withdrawn words")
        await publish(ana, incident, "Public words")
        await ana.done("withdraw_update", incident=incident, number=2, reason="Wrong")
        paths = ("/status/feed.atom", "/status.json", "/status", f"/status/{reference}")
        for path in paths:
            # What can be followed names every priority, and none of this incident.
            text = re.sub("<select.*?</select>", "", (await reader.get(path)).text, flags=re.DOTALL)
            assert "Public words" in text, path
            for hidden in ("For us", "Withdrawn words", "inc_", "Main street", "Ana", '"P3"'):
                assert hidden not in text, (path, hidden)
        marks = {path: (await reader.get(path)).headers["etag"] for path in paths}
        await ana.done("take_incident", incident=incident)
        command = RestrictIncident(
            incident=incident, visibility="restricted", reason="Safeguarding"
        )
        await served.asks(ana, command)
        for path in paths:
            answer = await reader.get(path, **{"if-none-match": marks[path]})
            assert answer.status_code in (200, 404), path
            assert "Public words" not in answer.text, path
            assert reference not in answer.text, path


async def test_readers_of_one_address_are_slowed_down_and_others_are_not(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        busy, other = served.stranger(), served.stranger("198.51.100.7")
        answers = [(await busy.get("/status.json")).status_code for _ in range(125)]
        assert answers[:100] == [200] * 100
        assert answers[-1] == 429
        assert (await other.get("/status.json")).status_code == 200


async def test_it_is_read_and_made_once_for_all_readers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        ana = await served.staff("Ana", "agent")
        await publish(ana, incident, "No power")
        looks: list[str] = []
        select = served.desk.store.select

        async def counted(table: str, *args: Any, **more: Any) -> Any:
            looks.append(table)
            return await select(table, *args, **more)

        paths = ("/status.json", "/status/feed.atom", "/status")
        for path in paths:
            await served.stranger().get(path)
        monkeypatch.setattr(served.desk.store, "select", counted)
        readers = [served.stranger(f"198.51.100.{number}") for number in range(20)]
        for path in paths:
            assert len({(await one.get(path)).text for one in readers}) == 1
        assert not {"updates", "incidents", "refs"} & set(looks)
