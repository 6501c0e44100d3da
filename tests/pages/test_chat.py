"""The chat channel: guided, remembered, private to whoever has the token."""

from pathlib import Path
from typing import Any

import pytest

from bot.core.person_words import ErasePerson
from tests.engine.kit import MINUTE
from tests.pages.kit import Visitor, Web, web
from tests.pages.test_desk import reported

DAY = 24 * 60 * MINUTE


def said(state: dict[str, Any]) -> list[str]:
    """What lies in the mailbox, as the page shows it."""
    return [one["words"] or one["text"] for one in state["letters"]]


async def test_the_first_press_begins_a_report_and_shows_the_first_question(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        assert (await visitor.state())["report"] is None
        await visitor.did("begin_report")
        report = (await visitor.state())["report"]
        assert report["question"]["key"] == "safety"
        assert [one["value"] for one in report["question"]["choices"]] == ["no", "yes", "unsure"]
        assert (report["step"], report["can_go_back"]) == (1, False)


async def test_questions_come_one_after_the_other_until_the_summary_is_sent(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        reference = await visitor.report()
        state = await visitor.state()
        assert state["report"]["stage"] == "sent"
        assert state["report"]["reference"] == reference
        shown = {one["key"]: one["shown"] for one in state["report"]["answers"]}
        assert shown["where"] == "Main street 5"
        assert shown["category"] == "Power outage"
        assert any(reference in one for one in said(state))


async def test_the_category_that_the_words_speak_of_is_offered_first(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        await visitor.did("answer_question", field="safety", value="no")
        await visitor.did("answer_question", field="kind", value="incident")
        await visitor.did("answer_question", field="what", value="the internet and wifi are down")
        choices = (await visitor.state())["report"]["question"]["choices"]
        assert "IT" in choices[0]["label"]


async def test_an_answer_that_does_not_fit_is_refused_and_nothing_is_lost(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        await visitor.did("answer_question", field="safety", value="no")
        await visitor.did("answer_question", field="kind", value="incident")
        answer = await visitor.did("answer_question", field="what", value="x" * 3001)
        assert answer["outcome"] == "refused"
        assert "3,001" in answer["text"]
        assert (await visitor.state())["report"]["question"]["key"] == "what"


async def test_going_back_offers_the_old_answer_to_be_changed(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        await visitor.did("answer_question", field="safety", value="no")
        await visitor.did("answer_question", field="kind", value="incident")
        await visitor.did("answer_question", field="what", value="The lights went out")
        await visitor.did("go_back")
        report = (await visitor.state())["report"]
        assert report["question"]["key"] == "what"
        assert report["question"]["raw"] == "The lights went out"
        assert [one["key"] for one in report["answers"]] == ["safety", "kind"]


async def test_an_answer_can_be_changed_from_the_summary(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        await visitor.did("begin_report")
        await visitor.answer()
        assert (await visitor.state())["report"]["ready"]
        await visitor.did("answer_question", field="where", value={"text": "Elm street 2"})
        report = (await visitor.state())["report"]
        assert report["ready"]
        assert {one["key"]: one["shown"] for one in report["answers"]}["where"] == "Elm street 2"


async def test_the_same_number_sent_twice_happens_once(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        await visitor.report()
        content = {"do": "write_message", "id": "message-0001", "words": "Hello"}
        first = (await visitor.post("/chat/do", content, **visitor.headers)).json()
        second = (await visitor.post("/chat/do", content, **visitor.headers)).json()
        await served.settle()
        assert (first["repeat"], second["repeat"]) == (False, True)
        assert said(await visitor.state()).count("Hello") == 1


async def test_help_now_alerts_people_and_gives_the_advice(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        await visitor.did("report_danger")
        state = await visitor.state()
        assert any("999" in one for one in said(state))
        assert [one["pressing"] for one in state["letters"]].count(True) >= 1
        ana = await served.staff("Ana", "agent")
        assert "Danger" in (await ana.page("/desk")).text


async def test_that_somebody_has_taken_it_is_no_advice_that_keeps_one_safe(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, incident, _ = await reported(served, safety="yes")
        ana = await served.staff("Ana", "agent")
        await ana.done("take_incident", incident=incident)
        await served.settle()
        letters = (await visitor.state())["letters"]
        told = {one["text"]: one["pressing"] for one in letters}
        assert told["An agent has taken it."] is False
        assert [pressing for text, pressing in told.items() if "999" in text] == [True, True]


async def test_ones_own_words_and_the_agents_stand_in_one_conversation(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        reference = await visitor.report()
        ana = await served.staff("Ana", "agent")
        (report,) = [row["report"] for row in await served.desk.store.select("reports")]
        await visitor.did("write_message", words="Is anyone coming?")
        await ana.done("reply_to_customer", report=report, words="Yes, in ten minutes.")
        letters = (await visitor.state())["letters"]
        assert [(one["by"], one["words"]) for one in letters[-2:]] == [
            ("me", "Is anyone coming?"),
            ("desk", "Yes, in ten minutes."),
        ]
        assert reference
        assert "Ana" not in str(letters)


async def test_letters_are_read_on_from_a_cursor(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        await visitor.report()
        before = await visitor.state()
        await visitor.did("write_message", words="More")
        after = await visitor.state(before["cursor"])
        assert said(after) == ["More"]
        assert (await visitor.state(after["cursor"]))["letters"] == []


@pytest.mark.parametrize("after", ["-1", "x", "1e9", "٣", "9" * 40, "0; DROP TABLE mailbox"])
async def test_a_nonsense_cursor_reads_from_the_beginning(tmp_path: Path, after: str) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        await visitor.report()
        response = await visitor.client.get(
            "/chat/state", params={"after": after}, headers=visitor.headers
        )
        assert response.status_code == 200
        assert response.json()["letters"]


async def test_how_it_stands_names_roles_and_times_and_no_names(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        await visitor.report()
        ana = await served.staff("Ana Smith", "agent", "resource")
        (incident,) = [row["incident"] for row in await served.desk.store.select("incidents")]
        await ana.done("take_incident", incident=incident)
        await ana.done("claim_task", incident=incident, task=1, minutes=30)
        await ana.done(
            "publish_update", incident=incident, words="Soon.", audience="reporters", next_in=30
        )
        state = await visitor.state()
        assert state["report"]["headline"] == "An agent has it"
        lines = dict(state["report"]["progress"]["lines"])
        assert "expected at" in lines["Who is coming"]
        assert lines["Latest update"] == "Soon."
        assert "Smith" not in str(state)
        assert "inc_" not in str(state)
        assert "per_" not in str(state)


async def test_resolved_asked_disputed_and_open_again(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, ana, incident = await resolved(served)
        assert (await visitor.state())["report"]["stage"] == "confirming"
        answer = await visitor.did("answer_fixed", fixed=False, words="Still dark")
        assert answer["outcome"] == "done"
        assert (await visitor.state())["report"]["stage"] == "sent"
        assert (
            "Opened again by the customer" in (await ana.page(f"/desk/incidents/{incident}")).text
        )


async def test_resolved_confirmed_and_rated(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, ana, incident = await resolved(served)
        await visitor.did("answer_fixed", fixed=True)
        report = (await visitor.state())["report"]
        assert report["can_rate"]
        assert (await visitor.did("rate_service", score=6))["outcome"] == "refused"
        assert (await visitor.did("rate_service", score=5, words="Quick"))["outcome"] == "done"
        assert (await visitor.state())["report"]["rating"] == 5
        assert "Rated 5 of 5" in (await ana.page(f"/desk/incidents/{incident}")).text


async def resolved(served: Web) -> tuple[Visitor, Any, str]:
    """A customer who is being asked, an agent, the incident's reference."""
    visitor = await served.visitor()
    await visitor.report()
    ana = await served.staff("Ana", "agent")
    (row,) = await served.desk.store.select("incidents")
    await ana.done("take_incident", incident=row["incident"])
    await ana.done("cancel_task", incident=row["incident"], task=1, reason="Not needed")
    await ana.done("resolve_incident", incident=row["incident"], note="Fuse replaced")
    return visitor, ana, str(row["reference"])


async def test_taken_back_it_is_over_and_a_new_one_can_begin(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        first = await visitor.report()
        await visitor.did("withdraw_report", why="solved_itself")
        report = (await visitor.state())["report"]
        assert (report["stage"], report["can_write"]) == ("withdrawn", False)
        await visitor.did("begin_report", again=True)
        report = (await visitor.state())["report"]
        assert report["stage"] == "answering"
        assert report["reference"] != first


async def test_nobody_reads_or_writes_in_another_customers_conversation(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, other = await served.visitor(), await served.visitor()
        reference = await visitor.report()
        (report,) = [row["report"] for row in await served.desk.store.select("reports")]
        state = await other.state()
        assert (state["report"], state["letters"]) == (None, [])
        await other.did("mark_seen", through=1, report=report)
        await other.did("write_message", words="Hello", report=report, reference=reference)
        assert "Hello" not in said(await visitor.state())
        assert (await other.state())["report"]["reference"] != reference


FORGED: list[dict[str, Any]] = [
    {},
    {"do": None},
    {"do": "take_incident", "incident": "inc_" + "0" * 26},
    {"do": "reply_to_customer", "report": "rep_" + "0" * 26, "words": "x"},
    {"do": "erase_from_report", "subject": "x"},
    {"do": "note_stage"},
    {"do": "write_message"},
    {"do": "write_message", "words": 3},
    {"do": "write_message", "words": ["x"]},
    {"do": "write_message", "words": None},
    {"do": "answer_question", "value": "no"},
    {"do": "answer_question", "field": {}, "value": "no"},
    {"do": "rate_service", "score": "many"},
    {"do": "rate_service", "score": None},
    {"do": "answer_fixed", "fixed": "perhaps"},
    {"do": "mark_seen", "through": "x"},
    {"do": ["begin_report"]},
]


@pytest.mark.parametrize("content", FORGED, ids=str)
async def test_what_no_page_of_ours_sends_is_refused_with_a_sentence(
    tmp_path: Path, content: dict[str, Any]
) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        told = {"id": "number-0001", **content}
        response = await visitor.post("/chat/do", told, **visitor.headers)
        assert response.status_code == 400
        assert response.json()["text"]
        assert await served.desk.store.head() == 0


ODD: list[Any] = [None, 3, -1.5, True, [], ["x"], {}, {"text": {}}, "x" * 400, 10**300, "\x00"]


@pytest.mark.parametrize("value", ODD, ids=lambda one: repr(one)[:20])
async def test_an_answer_of_the_wrong_kind_is_refused_by_every_question(
    tmp_path: Path, value: Any
) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        answer = await visitor.did("answer_question", field="safety", value=value)
        assert answer["outcome"] == "refused"
        for field in ("nothing", "power.extent", "", "x" * 9000, "__class__", "\ud800"):
            answer = await visitor.did("answer_question", field=field, value=value)
            assert answer["outcome"] == "refused"


@pytest.mark.parametrize("number", ["", "short", "x" * 65, "has space", 12345678, None, "a;b" * 4])
async def test_a_press_needs_a_number_of_its_own(tmp_path: Path, number: Any) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        content = {"do": "begin_report", "id": number}
        response = await visitor.post("/chat/do", content, **visitor.headers)
        assert response.status_code == 400


async def test_the_conversation_speaks_the_customers_language(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        await visitor.did("begin_report", language="ru")
        state = await visitor.state(language="ru")
        assert "опасности" in state["report"]["question"]["label"]
        await visitor.did("ask_for_person", language="ru")
        letters = said(await visitor.state(language="ru"))
        assert any("человек" in one.lower() or "номер" in one.lower() for one in letters), letters


async def test_a_token_ends_after_half_a_year(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        await visitor.did("begin_report")
        served.desk.clock.jump(179 * DAY)
        assert (await visitor.client.get("/chat/state", headers=visitor.headers)).status_code == 200
        served.desk.clock.jump(2 * DAY)
        assert (await visitor.client.get("/chat/state", headers=visitor.headers)).status_code == 401


async def test_what_is_over_is_no_longer_shown_to_whoever_has_the_browser_weeks_later(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        await visitor.report()
        await visitor.did("withdraw_report", why="cancelled")
        served.desk.clock.jump(46 * DAY)
        assert (await visitor.client.get("/chat/state", headers=visitor.headers)).status_code == 401


async def test_the_token_itself_is_stored_nowhere(tmp_path: Path) -> None:
    async with web(tmp_path, on_disk=True) as served:
        visitor = await served.visitor()
        await visitor.report()
    files = kept_in(tmp_path)
    assert files
    assert not any(visitor.token.encode() in one for one in files)


def kept_in(folder: Path) -> list[bytes]:
    return [one.read_bytes() for one in folder.iterdir() if one.is_file()]


async def test_an_erased_customer_is_nobody_to_the_page(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        await visitor.report()
        (row,) = await served.desk.store.select("reports")
        person = str(row["person"])
        await served.house.engine.house(
            ErasePerson(person=person, reason="asked"), person, "cli", "test"
        )
        await served.desk.machine.eraser.finish(person)
        state = await visitor.state()
        assert "Main street" not in str(state)
        assert state["letters"] == []
