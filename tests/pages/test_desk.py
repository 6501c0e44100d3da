"""The desk: what stands there, what can be done, and who is told what when it cannot."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.core.incident_commands import RestrictIncident
from bot.core.person_words import ErasePerson
from tests.engine.kit import MINUTE
from tests.pages.kit import Visitor, Web, web


async def reported(served: Web, **answers: Any) -> tuple[Visitor, str, str]:
    """A customer who has reported, the incident, its reference."""
    visitor = await served.visitor()
    await visitor.report(**answers)
    rows = await served.desk.store.select("incidents", order="opened_at")
    return visitor, str(rows[-1]["incident"]), str(rows[-1]["reference"])


async def test_the_board_teaches_when_it_is_empty(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        page = await (await served.staff("Ana", "agent")).page("/desk")
        assert "Nothing is open." in page.text
        assert "/chat" in page.links()


async def test_a_line_says_what_where_how_pressing_who_and_until_when(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana = await served.staff("Ana Smith", "agent")
        await ana.done("take_incident", incident=incident)
        page = await ana.page("/desk")
        for words in (
            reference,
            "P3",
            "Power outage",
            "The lights went out",
            "Main street 5",
            "In progress",
            "Ana Smith",
            "Tasks 0 of 1",
            "in time",
        ):
            assert words in page.text, words


async def test_what_presses_most_stands_first(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        await reported(served)
        _, _, pressing = await reported(served, safety="yes")
        _, _, usual = await reported(served)
        text = (await (await served.staff("Ana", "agent")).page("/desk")).text
        assert text.index(pressing) < text.index(usual)


async def test_unfinished_reports_have_a_lane_of_their_own(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        await visitor.did("answer_question", field="safety", value="no")
        await visitor.did("answer_question", field="what", value="Something odd")
        reference = (await visitor.state())["report"]["reference"]
        ana = await served.staff("Ana", "agent")
        page = await ana.page("/desk")
        assert "Something odd" in page.text
        assert "Still answering" in page.text
        assert f"/desk/reports/{reference}" in page.links()
        report = await ana.page(f"/desk/reports/{reference}")
        assert "Something odd" in report.text
        assert "No incident yet" in report.text


async def test_the_page_of_an_incident_has_all_that_belongs_to_it(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, incident, reference = await reported(served)
        ana = await served.staff("Ana Smith", "agent", "resource")
        await ana.done("take_incident", incident=incident)
        await visitor.did("write_message", words="Any news?")
        await ana.done("claim_task", incident=incident, task=1, minutes=20)
        await ana.done("write_incident_note", incident=incident, words="Key is at the gate")
        await ana.done(
            "publish_update",
            incident=incident,
            words="We are on it.",
            audience="public",
            next_in=30,
        )
        page = await ana.page(f"/desk/incidents/{reference}")
        for words in (
            "Any news?",
            "Key is at the gate",
            "We are on it.",
            "How much is without power?",
            "A whole floor or flat",
            "Ana Smith claimed task 1",
            "coming",
            "Update to everyone",
            "Opened from a report as P3",
            "Read back the place",
        ):
            assert words in page.text, words


async def test_a_typed_reference_finds_it_however_it_was_written(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, _, reference = await reported(served)
        ana = await served.staff("Ana", "agent")
        await ana.page(f"/desk/incidents/{reference.lower().replace('-', '')}")
        for wrong in ("N-222-2222", "nothing", "%00", "../desk", "x" * 3000):
            assert (await ana.get(f"/desk/incidents/{wrong}")).status_code == 404


@pytest.mark.parametrize(
    ("tag", "fields", "status"),
    [
        ("acknowledge_incident", {}, "acknowledged"),
        ("take_incident", {}, "in_progress"),
        ("hold_incident", {"reason": "Waiting for the key"}, "on_hold"),
        ("resolve_incident", {"note": "Fuse replaced", "call_off_1": "yes"}, "resolved"),
        ("cancel_incident", {"reason": "A false alarm"}, "cancelled"),
    ],
)
async def test_each_action_moves_the_incident(
    tmp_path: Path, tag: str, fields: dict[str, str], status: str
) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        ana = await served.staff("Ana", "agent")
        if tag in ("hold_incident", "resolve_incident"):
            await ana.done("take_incident", incident=incident)
        await ana.done(tag, incident=incident, **fields)
        assert (await served.desk.incident(incident)).status == status


async def test_what_nobody_has_seen_to_is_shown_and_called_off_by_ticking_it(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana = await served.staff("Ana", "agent")
        await ana.done("take_incident", incident=incident)
        page = await ana.page(f"/desk/incidents/{reference}")
        assert "call_off_1" in page.fields()
        left = await ana.do("resolve_incident", incident=incident, note="Fuse replaced")
        assert left["code"] == "tasks_left"
        assert "Task 1 is not done (Electrician wanted" in left["text"]


async def test_what_is_not_done_is_named_after_a_restart_too(tmp_path: Path) -> None:
    """By then what is personal is no longer at hand in clear, only sealed in the log."""
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        ana = await served.staff("Ana", "agent")
        await ana.done("take_incident", incident=incident)
        served.house.engine.streams.clear()
        left = await ana.do("resolve_incident", incident=incident, note="Fuse replaced")
        assert left["code"] == "tasks_left"
        assert "Task 1 is not done (Electrician wanted" in left["text"]


async def test_resume_reopen_and_close(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        ana = await served.staff("Ana", "agent")
        for tag, fields, status in (
            ("take_incident", {}, "in_progress"),
            ("hold_incident", {"reason": "Waiting for the key"}, "on_hold"),
            ("resume_incident", {}, "in_progress"),
            ("resolve_incident", {"note": "Fuse replaced", "call_off_1": "yes"}, "resolved"),
            ("reopen_incident", {"reason": "Dark again"}, "open"),
            ("take_incident", {}, "in_progress"),
            ("resolve_incident", {"note": "Fuse replaced", "call_off_1": "yes"}, "resolved"),
            ("close_incident", {}, "closed"),
        ):
            await ana.done(tag, incident=incident, **fields)
            assert (await served.desk.incident(incident)).status == status


async def test_assessing_sets_the_priority_by_the_matrix(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        ana = await served.staff("Ana", "agent")
        await ana.done("assess_incident", incident=incident, impact="high", urgency="high")
        assert "P1" in (await ana.page("/desk")).text


async def test_asking_for_resources_by_template_or_in_own_words(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana = await served.staff("Ana", "agent")
        fields = {"template": "", "what": "Bring a ladder", "skill": "electrical", "needed": ""}
        await ana.done("ask_for_resource", incident=incident, **fields)
        page = await ana.page(f"/desk/incidents/{reference}")
        assert "Bring a ladder" in page.text


async def test_whoever_comes_too_late_is_told_who_won(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        ana, ben = await served.staff("Ana Smith", "agent"), await served.staff("Ben", "agent")
        await ana.done("take_incident", incident=incident)
        answer = await ben.do("take_incident", incident=incident)
        assert answer["outcome"] == "refused"
        assert answer["text"].startswith("Ana Smith took it at ")


async def test_of_two_hundred_who_claim_at_once_one_wins_and_all_others_hear_who(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        crew = [await served.staff(f"Resource {one}", "resource") for one in range(200)]
        content = {"incident": incident, "task": 1, "minutes": 15}
        answers = await asyncio.gather(
            *(one.post("/do/claim_task", {"id": one.number(), **content}) for one in crew)
        )
        found = [one.json() for one in answers]
        assert sum(one["outcome"] == "done" for one in found) == 1
        winner = crew[[one["outcome"] for one in found].index("done")]
        name = f"Resource {crew.index(winner)} took it at"
        assert sum(name in one["text"] for one in found) == 199


async def test_a_press_sent_twice_happens_once(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        ana = await served.staff("Ana", "agent")
        content = {"id": "press-number-1", "incident": incident, "words": "Once"}
        for repeat in (False, True):
            answer = (await ana.post("/do/write_incident_note", content)).json()
            assert (answer["outcome"], answer["repeat"]) == ("done", repeat)


async def test_a_restricted_incident_is_not_there_for_other_agents(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, incident, reference = await reported(served)
        ana, ben = await served.staff("Ana", "agent"), await served.staff("Ben", "agent")
        await ana.done("take_incident", incident=incident)
        label = (await visitor.state())["report"]["reference"]
        command = RestrictIncident(
            incident=incident, visibility="restricted", reason="Safeguarding"
        )
        await served.asks(ana, command)
        assert reference in (await ana.page("/desk")).text
        assert reference not in (await ben.page("/desk")).text
        for path in (f"/desk/incidents/{reference}", f"/desk/reports/{label}"):
            hidden, nothing = await ben.get(path), await ben.get("/desk/incidents/N-222-2222")
            assert hidden.status_code == 404
            assert hidden.text.replace(path, "") == nothing.text.replace(
                "/desk/incidents/N-222-2222", ""
            )
        answer = await ben.do("write_incident_note", incident=incident, words="Hello")
        assert answer["code"] == "not_found"


async def test_erased_words_are_shown_as_deleted(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, incident, reference = await reported(served)
        await visitor.did("write_message", words="My name is Canary")
        ana = await served.staff("Ana", "agent")
        (row,) = await served.desk.store.select("reports")
        person = str(row["person"])
        await served.house.engine.house(
            ErasePerson(person=person, reason="asked"), person, "cli", "test"
        )
        await served.desk.machine.eraser.finish(person)
        page = await ana.page(f"/desk/incidents/{reference}")
        assert "Canary" not in page.html
        assert "Main street" not in page.html
        assert "[deleted]" in page.text
        assert "Main street" not in (await ana.page("/desk")).html
        assert (await served.desk.incident(incident)).reference == reference


async def test_a_plain_form_works_without_a_script(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana = await served.staff("Ana", "agent")
        page = await ana.page(f"/desk/incidents/{reference}")
        path = f"/desk/incidents/{reference}"
        fields = {"incident": incident, "id": page.fields()["id"], "next": path}
        response = await ana.client.post(
            "/do/take_incident", data=fields, headers={"origin": served.origin}
        )
        assert (response.status_code, response.headers["location"]) == (303, path)
        ben = await served.staff("Ben", "agent")
        page = await ben.page(path)
        fields = {"incident": incident, "id": page.fields()["id"], "next": path}
        response = await ben.client.post(
            "/do/take_incident", data=fields, headers={"origin": served.origin}
        )
        assert response.status_code == 409
        assert "Ana took it at" in response.text


@pytest.mark.parametrize(
    "to",
    ["//evil.example", "https://evil.example", "/\\evil", "", "/a?b=c", "/" + "a" * 5000 + "!"],
)
async def test_a_plain_form_never_leads_to_another_site(tmp_path: Path, to: str) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent", "resource")
        response = await ana.client.post(
            "/do/set_availability",
            data={"id": "number-123", "available": "false", "next": to},
            headers={"origin": served.origin},
        )
        assert (response.status_code, response.headers["location"]) == (303, "/desk")


FORGED: list[tuple[str, dict[str, Any]]] = [
    ("open_incident", {"category": ["x"]}),
    ("open_incident", {"category": 3}),
    ("erase_person", {"person": "x"}),
    ("note_stage", {}),
    ("nothing", {}),
    ("take_incident", {}),
    ("take_incident", {"incident": 3}),
    ("take_incident", {"incident": None}),
    ("assess_incident", {"incident": "x", "impact": "huge", "urgency": "high"}),
    ("claim_task", {"incident": "x", "task": "one", "minutes": 5}),
    ("claim_task", {"incident": "x", "task": 1}),
    ("claim_task", {"incident": "x", "task": 1, "minutes": "soon"}),
    ("claim_task", {"incident": "x", "task": 1, "minutes": -1}),
    ("claim_task", {"incident": "x", "task": 1, "minutes": 10**9}),
    ("claim_task", {"incident": "x", "task": 1, "time": "25:00"}),
    ("claim_task", {"incident": "x", "task": 1, "time": {}}),
    ("publish_update", {"incident": "x", "words": "y", "audience": "world"}),
    ("publish_update", {"incident": "x", "words": ["y"], "audience": "public"}),
    ("reply_to_customer", {"report": "x", "words": {"a": 1}}),
]


@pytest.mark.parametrize(("tag", "fields"), FORGED, ids=str)
async def test_what_no_page_of_ours_sends_is_refused_with_a_sentence(
    tmp_path: Path, tag: str, fields: dict[str, Any]
) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana")
        response = await ana.post(f"/do/{tag}", {"id": "number-0001", **fields})
        assert response.status_code == 400
        assert response.json()["text"]


STALE = ["inc_" + "0" * 26, "rep_" + "0" * 26, "desk", "x", "per_" + "0" * 26, ""]


@pytest.mark.parametrize("stream", STALE)
async def test_a_press_on_something_that_is_not_there_is_answered(
    tmp_path: Path, stream: str
) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana")
        for tag, fields in (
            ("take_incident", {"incident": stream}),
            ("reply_to_customer", {"report": stream, "words": "Hello"}),
            ("claim_task", {"incident": stream, "task": 7, "minutes": 5}),
        ):
            answer = await ana.do(tag, **fields)
            assert (answer["outcome"], answer["code"]) == ("refused", "not_found"), answer


async def test_words_that_are_too_long_are_refused_with_their_length(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        ana = await served.staff("Ana", "agent")
        answer = await ana.do("write_incident_note", incident=incident, words="x" * 2001)
        assert "2,001" in answer["text"]
        assert "Nothing you wrote is lost" in answer["text"]


async def test_messages_on_an_agents_screen_count_as_seen(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, _, reference = await reported(served)
        await visitor.did("write_message", words="Hello")
        ana = await served.staff("Ana", "agent")
        page = await ana.page(f"/desk/incidents/{reference}")
        (talk,) = [one for one in page.all("section") if "data-seen" in one]
        await ana.done("mark_seen", report=talk["data-seen"], through=int(talk["data-through"]))
        report = await served.desk.report(talk["data-seen"])
        assert report.conversation.seen_by_desk == 1


async def test_a_clock_time_means_the_next_time_that_it_is_so_here(tmp_path: Path) -> None:
    """The virtual clock stands at 1 January 2026, 00:00 in London."""
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        ben = await served.staff("Ben", "resource")
        await ben.done("claim_task", incident=incident, task=1, time="00:45")
        place = (await served.desk.incident(incident)).tasks[0].places[0]
        assert place.eta - served.desk.clock.now() <= 45 * MINUTE
        await ben.done("revise_eta", incident=incident, task=1, time="23:59")
        place = (await served.desk.incident(incident)).tasks[0].places[0]
        assert 23 * 60 * MINUTE < place.eta - served.desk.clock.now() < 24 * 60 * MINUTE
