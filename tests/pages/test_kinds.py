"""Complaints, requests and enquiries on the pages: what comes next, and figures left alone."""

import re
from pathlib import Path
from typing import Any

from bot.core.incident import Incident
from tests.pages.api_kit import program
from tests.pages.kit import Person, Web, web
from tests.pages.test_desk_board import counts, lines
from tests.pages.test_status import publish


async def made(served: Web, category: str) -> tuple[str, str]:
    """A report of that category, sent; its incident, and the reference."""
    visitor = await served.visitor()
    own: dict[str, dict[str, Any]] = {
        "complaint": {"complaint.about": "silence"},
        "equipment": {"equipment.what": "supplies", "equipment.count": 2},
        "enquiry": {"enquiry.about": "hours"},
        "power": {},
    }
    kinds = {"complaint": "complaint", "equipment": "service_request", "enquiry": "enquiry"}
    kind = kinds.get(category, "incident")
    await visitor.report(kind=kind, category=category, what="It is about this", **own[category])
    rows = await served.desk.store.select("incidents", {"category": category})
    found = await served.desk.incident(str(rows[-1]["incident"]))
    return found.stream, found.reference


async def state(served: Web, incident: str) -> Incident:
    return await served.desk.incident(incident)


async def others(person: Person) -> str:
    found = re.search(r'data-others="all"[^>]*>([^<]*)<', (await person.page("/desk")).html)
    assert found
    return found[1]


async def test_incidents_are_counted_alone_and_nothing_else_is_overlooked(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        _, outage = await made(served, "power")
        _, complaint = await made(served, "complaint")
        _, question = await made(served, "enquiry")
        assert (await counts(ana))["all"] == 1
        assert await others(ana) == "+2"
        assert sorted(await lines(ana, "/desk")) == sorted([outage, complaint, question])
        assert await lines(ana, "/desk?kind=complaint") == [complaint]
        assert (await counts(ana, "/desk?kind=complaint"))["all"] == 1
        assert await lines(ana, "/desk?kind=nonsense") == await lines(ana, "/desk")
        assert "kind=complaint" in (await ana.page("/desk?kind=complaint")).html


async def test_a_complaint_is_never_told_to_everybody(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        incident, _ = await made(served, "complaint")
        told = await ana.do(
            "publish_update", incident=incident, words="We know.", audience="public", next_in=30
        )
        assert (told["outcome"], told["code"]) == ("refused", "no_incident")


async def test_what_becomes_a_complaint_is_on_the_status_page_no_more(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        incident, _ = await made(served, "power")
        await publish(ana, incident, "The lights are out.")
        assert "The lights are out." in (await served.stranger().page("/status")).text
        await ana.done("set_kind", incident=incident, incident_kind="complaint")
        assert "The lights are out." not in (await served.stranger().page("/status")).text


async def test_programs_choose_the_kinds_that_they_list(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        asks = await program(served)
        _, outage = await made(served, "power")
        _, complaint = await made(served, "complaint")
        every = (await asks.get("/incidents")).json()["incidents"]
        assert {one["kind"] for one in every} == {"incident", "complaint"}
        alone = (await asks.get("/incidents", kind="incident")).json()["incidents"]
        assert [one["reference"] for one in alone] == [outage]
        own = (await asks.get("/incidents", kind="complaint")).json()["incidents"]
        assert [one["reference"] for one in own] == [complaint]
        assert (await asks.get("/incidents", kind="x")).status_code == 422


async def test_a_complaint_is_answered_step_by_step_on_its_page(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        incident, reference = await made(served, "complaint")
        path = f"/desk/incidents/{reference}"
        page = await ana.page(path)
        assert "Next: Acknowledge" in page.text
        assert "do_path_step" in page.html
        assert 'action="/do/resolve_incident"' not in page.html
        report = (await state(served, incident)).first_report
        for step in ("acknowledge", "apologise", "act", "assure"):
            fields = {"step": step, "words": f"We {step}.", "report": report}
            await ana.done("do_path_step", incident=incident, **fields)
        page = await ana.page(path)
        assert "Dealt with" in page.text
        assert "Done: Apologise" in page.text
        assert "We apologise." in page.text


async def test_a_request_is_promised_on_its_page_for_a_day_and_a_time(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        incident, reference = await made(served, "equipment")
        fields = {"by_whom": "The store", "day": "2026-01-05", "time": "17:00", "before": "0"}
        await ana.done("set_fulfilment", incident=incident, **fields)
        promised = (await state(served, incident)).path.fulfil_by
        assert promised == 1_767_632_400_000
        text = (await ana.page(f"/desk/incidents/{reference}")).text
        assert "The store" in text
        assert "Fulfil it" in text
        wrong = {"id": ana.number(), "incident": incident, **fields, "day": "soon"}
        assert (await ana.post("/do/set_fulfilment", wrong)).status_code == 400


async def test_an_enquiry_is_handed_on_and_answered_on_its_page(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        incident, reference = await made(served, "enquiry")
        when = {"day": "2026-01-05", "time": "12:00"}
        fields = {"to": "", "who": "The bank", "reason": "They keep it", **when}
        await ana.done("hand_enquiry_on", incident=incident, **fields)
        assert "The bank" in (await ana.page(f"/desk/incidents/{reference}")).text
        report = (await state(served, incident)).first_report
        await ana.done("answer_enquiry", incident=incident, words="At eight.", report=report)
        page = await ana.page(f"/desk/incidents/{reference}")
        assert "Answered" in page.text
        assert "At eight." in page.text


async def test_the_chat_says_what_belongs_to_each_answer_and_asks_in_its_words(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        await visitor.did("answer_question", field="safety", value="no")
        question = (await visitor.state())["report"]["question"]
        assert question["choices"][0]["hint"] == "A fault, an outage, a danger, somebody hurt."
        ana = await served.staff("Ana", "agent")
        incident, _ = await made(served, "enquiry")
        await ana.done("answer_enquiry", incident=incident, words="At eight.")
        assert (await state(served, incident)).status == "resolved"
