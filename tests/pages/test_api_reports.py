"""Reports that a program brings for customers: checked, counted, told of honestly, and erased."""

from pathlib import Path
from typing import Any

import pytest

from bot.core.incident import Incident
from bot.core.person_words import ErasePerson
from bot.core.report import Report
from tests.pages.api_kit import Asker, code, program
from tests.pages.kit import Web, web
from tests.pages.test_subscribing import SAM, UPDATE, link, posted, update
from tests.pages.test_way_back_mail import mailing, quiet
from tests.proof.agree import all_agrees

SAID: dict[str, Any] = {
    "category": "power",
    "answers": {"what": "Dark since nine", "power.extent": "floor"},
    "words": "Quibble says the lift stands still.",
    "contact": {"name": "Zebulon Quux", "number": "+44 20 7946 0001", "email": SAM},
    "language": "en",
}
PERSONAL = ("Zebulon", "7946", SAM, "Quibble")


async def added(served: Web, asks: Asker, path: str = "/reports", **more: Any) -> dict[str, Any]:
    """Bring a report, which must work; the house has come to rest."""
    response = await asks.post(path, {**SAID, **more})
    assert response.status_code == 201, response.text
    await quiet(served)
    told: dict[str, Any] = response.json()
    return told


async def of(served: Web, reference: str) -> Report:
    stream = await served.house.reader.stream_of(reference)
    found = await served.house.reader.state(stream or "")
    assert isinstance(found, Report)
    return found


async def incident_of(served: Web, reference: str) -> Incident:
    found = await served.house.reader.state((await of(served, reference)).incident or "")
    assert isinstance(found, Incident)
    return found


async def test_a_report_opens_an_incident_by_the_rules_and_the_desk_reads_it(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        asks = await program(served)
        told = await added(served, asks)
        assert told["told"] == "no"
        found = (await asks.get(f"/reports/{told['reference']}")).json()
        assert (found["status"], found["complete"]) == ("sent", False)
        incident = await incident_of(served, told["reference"])
        assert found["incident"] == incident.reference
        assert (incident.category, incident.reports) == ("power", 1)
        ana = await served.staff("Ana", "agent")
        for path in (f"/desk/incidents/{incident.reference}", f"/desk/reports/{told['reference']}"):
            page = await ana.page(path)
            assert {one for one in PERSONAL if one in page.text} == set(PERSONAL), path
            assert "Nothing from here reaches this customer" in page.text, path
        for answer in (found, (await asks.get("/search", q=incident.reference)).json()):
            assert not {one for one in PERSONAL if one in str(answer)}


async def test_a_report_of_an_incident_is_counted_there_and_says_what_is_not_known_yet(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        asks = await program(served)
        reference = await asks.opened(answers={"what": "Quiet"})
        told = await added(served, asks, f"/incidents/{reference}/reports")
        incident = await incident_of(served, told["reference"])
        facts = {one.field for one in incident.facts}
        assert (incident.reference, incident.reports) == (reference, 1)
        assert "power.extent" in facts
        assert "caller_name" not in facts, "how one of many is reached stays with their report"
        assert (await asks.get(f"/reports/{told['reference']}")).json()["incident"] == reference


async def test_danger_calls_for_people_on_both_ways(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        asks = await program(served)
        new = await added(served, asks, danger=True)
        assert (await incident_of(served, new["reference"])).priority.value == "P1"
        reference = await asks.opened()
        more = await added(served, asks, f"/incidents/{reference}/reports", danger=True)
        incident = await incident_of(served, more["reference"])
        assert (incident.danger, incident.priority.value) == (True, "P1")


@pytest.mark.parametrize(
    ("given", "status", "why"),
    [
        ({"category": "flood", "answers": {}}, 409, "unknown_category"),
        ({"answers": {"power.colour": "red"}}, 409, "unknown_question"),
        ({"answers": {"power.extent": "galaxy"}}, 409, "answer"),
        ({"answers": {"photo": ["f1"]}}, 409, "unknown_question"),
        ({"contact": {"email": "nobody"}}, 409, "answer"),
        ({"language": "tlh"}, 409, "language"),
        ({"category": "", "answers": {}, "words": " ", "contact": {}}, 409, "nothing_said"),
        ({"answers": {f"q{n}": "x" for n in range(51)}}, 409, "too_many"),
        ({"words": "x" * 4_001}, 422, "invalid"),
        ({"words": "a\u0007b"}, 422, "signs"),
        ({"told": "yes"}, 422, "invalid"),
        ({"contact": {"means": "pigeon"}}, 422, "invalid"),
    ],
)
async def test_what_does_not_fit_is_refused_whole(
    tmp_path: Path, given: dict[str, Any], status: int, why: str
) -> None:
    async with web(tmp_path) as served:
        asks = await program(served)
        assert code(await asks.post("/reports", {**SAID, **given}), status) == why
        assert await served.desk.store.count("reports") == 0
        assert await served.desk.store.count("incidents") == 0


async def test_the_same_wish_again_is_the_same_report(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        asks = await program(served)
        first, second = [await asks.post("/reports", SAID, "the-same-key") for _ in range(2)]
        assert first.json() == second.json()
        assert second.headers["idempotent-replayed"] == "true"
        other = {**SAID, "words": "Another one"}
        assert code(await asks.post("/reports", other, "the-same-key"), 409) == "key_reused"
        assert code(await asks.post("/reports", SAID, None), 400) == "idempotency_key"
        assert await served.desk.store.count("reports") == 1


async def test_nothing_is_added_to_what_has_ended_or_may_not_be_seen(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        asks = await program(served)
        reference = await asks.opened()
        ana = await served.staff("Ana", "supervisor")
        (row,) = await served.desk.store.select("incidents")
        told = {"incident": row["incident"], "reason": "A named person"}
        await ana.done("cancel_incident", **told)
        path = f"/incidents/{reference}/reports"
        assert code(await asks.post(path, SAID), 409) == "cancelled"
        await ana.done("restrict_incident", visibility="restricted", **told)
        nothing = await asks.post("/incidents/N-222-222P/reports", SAID)
        hidden = await asks.post(path, SAID)
        assert {code(one, 404) for one in (nothing, hidden)} == {"not_found"}
        assert nothing.text == hidden.text


async def test_a_report_is_there_for_the_program_alone_that_brought_it(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        asks, other = await program(served), await program(served)
        told = await added(served, asks)
        hidden = await other.get(f"/reports/{told['reference']}")
        assert hidden.text == (await other.get("/reports/R-222-222P")).text
        assert code(hidden, 404) == "not_found"
        visitor = await served.visitor()
        chats = await visitor.report()
        assert code(await asks.get(f"/reports/{chats}"), 404) == "not_found"


async def test_who_cannot_be_told_is_neither_written_to_nor_counted(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        asks = await program(served)
        told = await added(served, asks)
        report = await of(served, told["reference"])
        ana = await served.staff("Ana", "agent")
        answer = await ana.do("reply_to_customer", report=report.stream, words="Hello")
        assert (answer["outcome"], answer["code"]) == ("refused", "not_here")
        incident = await incident_of(served, told["reference"])
        said = {"words": "It goes on.", "audience": "reporters"}
        path = f"/incidents/{incident.reference}/updates"
        heard = await asks.post(f"{path}/preview", said, source=None)
        assert code(heard, 409) == "nobody"
        await ana.done("take_incident", incident=incident.stream)
        mended = {"incident": incident.stream, "note": "Mended", "call_off_1": "yes"}
        await ana.done("resolve_incident", **mended)
        assert await served.desk.store.count("outbox", {"channel": "nowhere"}) == 0
        assert (await asks.get(f"/reports/{told['reference']}")).json()["status"] == "confirming"


async def test_who_wants_to_hear_is_asked_by_mail_once_and_decides_alone(tmp_path: Path) -> None:
    async with mailing(tmp_path, public_url="http://muster.test") as (served, inbox):
        asks = await program(served)
        assert (await added(served, asks))["told"] == "no", "nobody said that they want it"
        wish = {**SAID, "ask_for_updates": True}
        answers = [await asks.post("/reports", wish, "the-same-key") for _ in range(2)]
        await quiet(served)
        assert [one.json()["told"] for one in answers] == ["asked", "asked"]
        assert [mail["To"] for mail in inbox.mails] == [SAM]
        incident = await incident_of(served, answers[0].json()["reference"])
        await update(served, incident.stream, UPDATE)
        await quiet(served)
        assert len(inbox.mails) == 1, "nobody said yes yet"
        response = await posted(served.stranger(), link(inbox))
        assert response.status_code == 200, response.text
        await quiet(served)
        assert UPDATE in inbox.words()[-1]


async def test_without_mail_nobody_is_told_and_the_answer_says_so(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        asks = await program(served)
        assert (await added(served, asks, ask_for_updates=True))["told"] == "no"


async def test_erasing_takes_all_that_a_program_wrote_of_somebody(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        asks = await program(served)
        told = await added(served, asks)
        report = await of(served, told["reference"])
        incident = await incident_of(served, told["reference"])
        kept = await of(served, (await added(served, asks))["reference"])
        caller = await served.house.reader.person(asks.person)
        assert caller is not None
        held = await served.desk.store.select("subjects", {"subject": caller.subject})
        assert [row["stream"] for row in held] == [asks.person], "the program's own stays its own"
        await served.desk.join("Ada", "administrator")
        await served.desk.done(ErasePerson(person=report.person, reason="asked"), "Ada")
        await served.settle()
        ana = await served.staff("Ana", "agent")
        for path in (f"/desk/incidents/{incident.reference}", f"/desk/reports/{report.reference}"):
            page = (await ana.page(path)).text
            assert not {one for one in PERSONAL if one in page}, path
        for one in PERSONAL:
            rows = await served.desk.store.search(one, 10)
            assert {row["stream"] for row in rows} <= {kept.stream, kept.incident}
        await all_agrees(served.desk)
