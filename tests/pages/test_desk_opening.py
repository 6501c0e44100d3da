"""An incident typed in by the staff: asked like a customer, assessed like one, found like one."""

from pathlib import Path
from typing import Any

import pytest

from bot.core import caller
from bot.core.forms import Question, QuestionType
from bot.core.incident import Incident
from bot.core.personal import Personal
from bot.core.texts import t
from bot.pages.opening import asked_of
from bot.wiring import read_playbook
from tests.pages.kit import Person, Web, web
from tests.pages.test_desk import reported

CALLER = {
    "category": "power",
    "answer:caller_means": "phone",
    "answer:caller_name": "Mary Canary",
    "answer:contact": "020 7946 0999",
    "answer:safety": "no",
    "answer:what": "The whole mill is dark",
    "answer:power.extent": "building",
    "tick:power.hazards:none": "none",
    "answer:where": "The old mill",
    "answer:how_many": "",
}


async def opened(served: Web, by: Person, **fields: Any) -> Incident:
    """The incident that the form made."""
    answer = await by.do("open_incident", **{**CALLER, **fields})
    assert answer["outcome"] == "done", answer
    rows = await served.desk.store.select("refs", {"reference": answer["reference"]})
    return await served.desk.incident(str(rows[0]["stream"]))


def known(state: Incident) -> dict[str, Any]:
    """The facts, personal ones as their subjects."""
    return {
        one.field: one.value.subject if isinstance(one.value, Personal) else one.value
        for one in state.facts
    }


def test_a_playbook_that_asks_for_the_number_as_text_is_asked_its_own_way(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = Question(key=caller.NUMBER, type=QuestionType.TEXT, label=t("Which number?"))
    every = (*(one for one in caller.QUESTIONS if one.key != caller.NUMBER), own)
    monkeypatch.setattr(caller, "desk_questions", lambda playbook, category: every)
    assert asked_of(read_playbook(None), "").caller[-1].type is QuestionType.TEXT


async def test_an_update_goes_to_somebody_though_no_customer_is_linked(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")

        async def chosen(reference: str) -> list[str]:
            page = await ana.page(f"/desk/incidents/{reference}")
            boxes = [one for one in page.all("input") if one.get("name") == "audience"]
            return [one["value"] for one in boxes if "checked" in one]

        state = await opened(served, ana)
        assert await chosen(state.reference) == ["public"]
        await ana.done("take_incident", incident=state.stream)
        restricted = {"visibility": "restricted", "reason": "A child"}
        await ana.done("restrict_incident", incident=state.stream, **restricted)
        assert await chosen(state.reference) == ["staff"]
        assert await chosen((await reported(served))[2]) == ["reporters"]


async def test_the_category_comes_first_and_then_its_questions(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        first = await ana.page("/desk/new")
        assert {"/desk/new?category=power", "/desk/new?category="} <= set(first.links())
        assert "How much is without power?" not in first.text
        page = await ana.page("/desk/new?category=power")
        assert "How much is without power?" in page.text
        names = {*page.fields(), *(one.get("name", "") for one in page.all("textarea"))}
        assert {one for one in CALLER if one != "category"} <= names
        unsure = await ana.page("/desk/new?category=nonsense")
        assert "How much is without power?" not in unsure.text
        assert "What has happened, or what do you need?" in unsure.text


async def test_there_is_one_field_for_the_number_to_call_back(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        page = await ana.page("/desk/new?category=power")
        assert len([one for one in page.all("input") if one.get("type") == "tel"]) == 1
        assert page.text.count("Number to call back") == 1


async def test_a_caller_is_kept_as_personal_values_of_the_incident(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        state = await opened(served, ana)
        facts = known(state)
        for field in ("caller_name", "contact", "what", "where"):
            assert facts[field] == state.subject, field
        assert facts["caller_means"] == "phone"
        assert facts["power.hazards"] == ("none",)
        assert "how_many" not in facts
        assert (state.category, state.reports, state.danger) == ("power", 0, False)
        page = await ana.page(f"/desk/incidents/{state.reference}")
        for words in ("Caller's name", "Mary Canary", "020 7946 0999", "By phone"):
            assert words in page.text, words
        assert state.reference in (await ana.page("/desk?q=canary")).text


async def test_the_answers_of_a_caller_are_assessed_like_those_of_a_customer(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        told = await opened(served, ana)
        visitor = await served.visitor()
        await visitor.report(**{"power.extent": "building"})
        rows = await served.desk.store.select("incidents", order="opened_at")
        chat = [one for one in rows if one["incident"] != told.stream]
        assert told.priority.value == chat[0]["priority"]


@pytest.mark.parametrize(
    "danger", [{"danger": "yes"}, {"answer:safety": "yes"}, {"answer:safety": "unsure"}]
)
async def test_danger_or_distress_makes_it_p1(tmp_path: Path, danger: dict[str, str]) -> None:
    async with web(tmp_path) as served:
        state = await opened(served, await served.staff("Ana", "agent"), **danger)
        assert (state.priority.value, state.danger) == ("P1", True)


async def test_who_called_stands_in_no_list_that_resources_read(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana, rita = await served.staff("Ana", "agent"), await served.staff("Rita", "resource")
        await opened(served, ana, **{"answer:what": "", "answer:where": ""})
        page = await rita.page("/tasks")
        assert "Electrician wanted" in page.text
        assert "Canary" not in page.html
        (row,) = await served.desk.store.select("tasks")
        assert "caller_name" not in str(row["body"])


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"category": "flood"}, "unknown_category"),
        ({"answer:contact": "no number"}, "answer"),
        ({"answer:caller_means": "pigeon"}, "answer"),
        ({"answer:nothing": "x"}, "unknown_question"),
        ({"tick:power.hazards:sharks": "sharks"}, "answer"),
        ({"tick:": "x"}, "unknown_question"),
        ({"answer:where": "x" * 301}, "answer"),
    ],
)
async def test_what_does_not_fit_the_questions_is_refused_in_place(
    tmp_path: Path, fields: dict[str, str], code: str
) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        answer = await ana.do("open_incident", **{**CALLER, **fields})
        assert (answer["outcome"], answer["code"]) == ("refused", code)
        assert answer["text"]
        assert not await served.desk.store.select("incidents")


async def test_the_form_cannot_name_a_report_or_an_edition_of_the_playbook(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        forged = {"report": "rep_" + "0" * 26, "playbook": "another", "complete": False}
        state = await opened(served, ana, **forged)
        assert (state.reports, state.playbook) == (0, served.house.reader.playbook.version)


async def test_a_plain_form_leads_to_the_new_incident(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        response = await ana.client.post(
            "/do/open_incident",
            data={**CALLER, "id": "number-0001"},
            headers={"origin": served.origin},
        )
        (row,) = await served.desk.store.select("incidents")
        assert response.status_code == 303
        assert response.headers["location"] == "/desk/incidents/" + str(row["reference"])


async def test_sent_twice_it_opens_one_incident_and_leads_there_both_times(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        sent = {**CALLER, "id": "number-0001"}
        answers = [(await ana.post("/do/open_incident", sent)).json() for _ in range(2)]
        assert answers[0]["reference"] == answers[1]["reference"] != ""
        assert len(await served.desk.store.select("incidents")) == 1


def test_what_is_asked_about_a_caller_is_personal_but_for_the_way_it_came() -> None:
    personal = {one.key: one.personal for one in caller.QUESTIONS}
    assert personal == {key: key != caller.MEANS for key in caller.KEYS}
