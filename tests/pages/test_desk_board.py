"""The views of the board, its filters and its search: what stands where, and for whom."""

import re
from pathlib import Path

import pytest

from bot.core.person_words import ErasePerson
from tests.engine.kit import MINUTE
from tests.pages.kit import Page, Person, Web, web
from tests.pages.test_desk import reported
from tests.pages.test_words import left_over


async def counts(person: Person, path: str = "/desk") -> dict[str, int]:
    """How many stand in each view, as the page says."""
    found = re.findall(r'data-count="(\w+)">(\d+)<', (await person.page(path)).html)
    return {view: int(number) for view, number in found}


async def lines(person: Person, path: str) -> list[str]:
    """The references on the lines that a page shows."""
    html = (await person.page(path)).html
    return re.findall(r'<article class="line.*?<span class="ref">([^<]+)</span>', html, re.DOTALL)


async def test_an_incident_needs_triage_until_somebody_takes_it(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana, ben = await served.staff("Ana", "agent"), await served.staff("Ben", "agent")
        assert await lines(ana, "/desk?view=triage") == [reference]
        assert await lines(ana, "/desk?view=mine") == []
        await ana.done("take_incident", incident=incident)
        assert await lines(ana, "/desk?view=triage") == []
        assert await lines(ana, "/desk?view=mine") == [reference]
        assert await lines(ben, "/desk?view=mine") == []
        assert await lines(ben, "/desk") == [reference]
        assert (await counts(ana))["mine"] == 1
        assert (await counts(ben))["mine"] == 0


async def test_what_nobody_touched_for_long_stays_on_the_board(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.engine.read.PAGE", 2)
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        references = []
        for _ in range(3):
            references.append((await reported(served))[2])
            await served.desk.clock.advance(MINUTE)
        assert sorted(await lines(ana, "/desk")) == sorted(references)
        assert (await counts(ana))["all"] == 3


async def test_what_was_handed_over_or_opened_again_needs_somebody_to_begin(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana, ben = await served.staff("Ana", "agent"), await served.staff("Ben", "agent")
        await ana.done("hand_over_incident", incident=incident, to=ben.person)
        assert await lines(ben, "/desk?view=mine") == [reference]
        assert await lines(ben, "/desk?view=triage") == [reference]
        await ben.done("take_incident", incident=incident)
        note = {"note": "Fuse replaced", "call_off_1": "yes"}
        await ben.done("resolve_incident", incident=incident, **note)
        assert (await counts(ben))["triage"] == 0
        await ben.done("reopen_incident", incident=incident, reason="Dark again")
        assert await lines(ben, "/desk?view=triage") == [reference]


async def test_breaching_begins_with_the_last_warning_and_ends_with_the_deed(
    tmp_path: Path,
) -> None:
    """A P3 of the built-in playbook is to be acknowledged within four hours of work."""
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served, how_many="one")
        ana = await served.staff("Ana", "agent")
        targets = (await served.desk.incident(incident)).targets
        assert targets.acknowledge is not None
        left = targets.acknowledge - served.desk.clock.now()
        await served.desk.clock.advance(left // 2)
        await served.settle()
        assert await lines(ana, "/desk?view=breaching") == []
        await served.desk.clock.advance(left - left // 2 + MINUTE)
        await served.settle()
        assert await lines(ana, "/desk?view=breaching") == [reference]
        assert (await counts(ana))["breaching"] == 1


async def test_waiting_holds_those_whose_customer_has_no_answer(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, _, reference = await reported(served)
        ana = await served.staff("Ana", "agent")
        assert (await counts(ana))["waiting"] == 0
        await visitor.did("write_message", words="Hello?")
        assert await lines(ana, "/desk?view=waiting") == [reference]
        (row,) = await served.desk.store.select("reports")
        await ana.done("reply_to_customer", report=row["report"], words="I am coming.")
        assert (await counts(ana))["waiting"] == 0


async def test_unfinished_reports_are_a_view_and_stand_beside_all_that_is_open(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        _, _, reference = await reported(served)
        visitor = await served.visitor()
        await visitor.did("answer_question", field="safety", value="no")
        label = (await visitor.state())["report"]["reference"]
        ana = await served.staff("Ana", "agent")
        assert await lines(ana, "/desk?view=unfinished") == [label]
        assert await lines(ana, "/desk") == [reference, label]
        assert await lines(ana, "/desk?view=triage") == [reference]


async def test_filters_stay_in_the_links_of_the_views(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, _, usual = await reported(served)
        _, _, pressing = await reported(served, safety="yes")
        ana = await served.staff("Ana", "agent")
        assert await lines(ana, "/desk?priority=P1") == [pressing]
        assert await lines(ana, "/desk?category=power&priority=P3") == [usual]
        assert await lines(ana, "/desk?category=injury") == []
        page = await ana.page("/desk?view=triage&priority=P1&category=power")
        assert "/desk?view=mine&category=power&priority=P1" in page.links()
        assert (await counts(ana, "/desk?priority=P1"))["all"] == 2, "a count is of the whole view"


@pytest.mark.parametrize(
    "address",
    ["view=x&category=x&priority=P9", "view=%00", "q=%00", "q=" + "x" * 5000, "q=%ff*%22)", "q=*"],
)
async def test_an_address_that_makes_no_sense_shows_the_board(tmp_path: Path, address: str) -> None:
    async with web(tmp_path) as served:
        await reported(served)
        ana = await served.staff("Ana", "agent")
        assert (await ana.get(f"/desk?{address}")).status_code == 200


@pytest.mark.parametrize("view", ["triage", "mine", "breaching", "waiting", "unfinished"])
async def test_every_empty_view_says_what_it_is_for(tmp_path: Path, view: str) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        shown = await ana.page(f"/desk?view={view}")
        (current,) = [one for one in shown.all("a") if one.get("aria-current") == "page"][1:]
        assert current["href"] == f"/desk?view={view}"
        said = {one: (await ana.page(f"/desk?view={one}")).text for one in ("all", view)}
        assert "Nothing is open." not in said[view]
        filtered = await ana.page(f"/desk?view={view}&priority=P1")
        assert "Nothing here fits what you chose." in filtered.text
        problems = await ana.page("/desk?kind=problem")
        assert "None fits what you chose." in problems.text
        assert "Nobody is in the middle of a report." not in problems.text


async def closed(served: Web, by: Person, incident: str) -> None:
    note = {"note": "Fuse replaced", "call_off_1": "yes"}
    for tag, fields in (("take_incident", {}), ("resolve_incident", note), ("close_incident", {})):
        await by.done(tag, incident=incident, **fields)


async def test_search_finds_by_reference_and_words_what_is_closed_as_well(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, incident, reference = await reported(served, what="The boiler hums")
        label = (await visitor.state())["report"]["reference"]
        _, _, other = await reported(served, what="The lift is stuck")
        ana = await served.staff("Ana", "agent")
        await closed(served, ana, incident)
        assert await lines(ana, "/desk") == [other]
        for words in (reference, reference.lower().replace("-", " "), label, "boiler", "boil"):
            assert await lines(ana, f"/desk?q={words}") == [reference], words
        assert "Closed" in (await ana.page("/desk?q=boiler")).text
        assert await lines(ana, "/desk?q=submarine") == []
        assert "Nothing was found." in (await ana.page("/desk?q=submarine")).text


async def test_search_finds_a_report_that_has_no_incident(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        await visitor.did("answer_question", field="safety", value="no")
        await visitor.did("answer_question", field="what", value="A parrot")
        label = (await visitor.state())["report"]["reference"]
        ana = await served.staff("Ana", "agent")
        assert await lines(ana, "/desk?q=parrot") == [label]
        await visitor.did("withdraw_report", why="cancelled")
        assert await lines(ana, f"/desk?q={label}") == [label]
        assert "Ended without an incident" in (await ana.page(f"/desk?q={label}")).text


async def test_search_finds_nothing_that_is_hidden_or_deleted(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, incident, reference = await reported(served, what="The boiler hums")
        label = (await visitor.state())["report"]["reference"]
        ana, ben = await served.staff("Ana", "agent"), await served.staff("Ben", "agent")
        await ana.done("take_incident", incident=incident)
        hide = {"visibility": "restricted", "reason": "Safeguarding"}
        await ana.done("restrict_incident", incident=incident, **hide)
        for words in ("boiler", reference, label):
            assert await lines(ana, f"/desk?q={words}") == [reference], words
            assert await lines(ben, f"/desk?q={words}") == [], words
        (row,) = await served.desk.store.select("reports")
        person = str(row["person"])
        order = ErasePerson(person=person, reason="asked")
        await served.house.engine.house(order, person, "cli", "test")
        await served.desk.machine.eraser.finish(person)
        assert await lines(ana, "/desk?q=boiler") == []
        assert await lines(ana, f"/desk?q={reference}") == [reference]


async def test_what_was_searched_for_is_shown_as_it_was_typed(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        page = await ana.page("/desk?q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
        assert page.fields()["q"] == '"><script>alert(1)</script>'
        assert "alert(1)" not in [one.strip() for one in page.texts]


async def test_every_view_and_form_is_complete_in_the_second_language(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana = await served.staff("1", "agent")
        words = {"words": "1234", "audience": "public", "next_in": 30}
        await ana.done("publish_update", incident=incident, **words)
        await ana.page("/status?lang=ru")
        views = ("triage", "mine", "breaching", "waiting", "unfinished")
        forms = ("/desk/new", "/desk/new?category=power", f"/desk/incidents/{reference}")
        for path in (*forms, *(f"/desk?view={one}" for one in views), "/desk?q=zzz"):
            page = await ana.page(path)
            assert page.all("html")[0]["lang"] == "ru"
            odd = left_over(page, reference)
            assert not odd, (path, odd)


async def test_a_line_tells_a_script_where_it_stands(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        ana = await served.staff("Ana", "agent")
        await ana.done("take_incident", incident=incident)
        (line,) = Page((await ana.page("/desk")).html).all("article")
        assert line["data-in"].split() == ["all"]
        assert (line["data-owner"], line["data-category"]) == (ana.person, "power")
        assert line["data-priority"] == "P3"
