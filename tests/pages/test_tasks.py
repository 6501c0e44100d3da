"""The task board: what is needed and where; the briefing opens with the claim."""

from pathlib import Path

import pytest

from tests.engine.kit import MINUTE
from tests.pages.kit import web
from tests.pages.test_desk import reported

HOUR = 60 * MINUTE
CONTACT = {"contact": "+44 20 7946 0000"}


async def test_an_empty_board_says_what_will_happen(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        page = await (await served.staff("Ben", "resource")).page("/tasks")
        assert "You have no task right now." in page.text
        assert "Nobody is wanted right now." in page.text


async def test_what_where_and_which_skill_before_and_the_customers_words_after_the_claim(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served, **CONTACT)
        ben = await served.staff("Ben", "resource")
        page = await ben.page("/tasks")
        for words in ("Electrician wanted", "Main street 5", "Electrician", "1 of 1 still free"):
            assert words in page.text, words
        assert "7946" not in page.html
        assert "The lights went out" not in page.html
        await ben.done("claim_task", incident=incident, task=1, minutes=15)
        page = await ben.page("/tasks")
        assert "7946" in page.text
        assert "The lights went out" in page.text


async def test_who_is_on_the_way_goes_on_when_the_incident_is_restricted(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served, **CONTACT)
        ana, ben = await served.staff("Ana", "agent"), await served.staff("Ben", "resource")
        cleo = await served.staff("Cleo", "resource")
        await ana.done("take_incident", incident=incident)
        await ben.done("claim_task", incident=incident, task=1, minutes=15)
        await ana.done("ask_for_resource", incident=incident, what="A ladder", skill="")
        await ana.done(
            "restrict_incident", incident=incident, visibility="restricted", reason="A child"
        )
        asked = (await ana.page(f"/desk/incidents/{reference}")).text
        assert "resources do not see what is asked for here" in asked
        page = await ben.page("/tasks")
        assert "7946" in page.text
        assert "A ladder" not in page.text
        assert reference not in (await cleo.page("/tasks")).text
        for tag in ("depart", "arrive", "complete_task"):
            await ben.done(tag, incident=incident, task=1)
            refused = await cleo.do(tag, incident=incident, task=1)
            assert refused["code"] == "not_found"
        for task in (1, 2):
            refused = await ben.do("claim_task", incident=incident, task=task, minutes=5)
            assert refused["code"] == "not_found"
        assert reference not in (await ben.page("/tasks")).text


async def test_ones_own_task_is_shown_however_many_came_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.engine.read.PAGE", 2)
    monkeypatch.setattr("bot.engine.read_tasks.WANTED_MOST", 2)
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ben = await served.staff("Ben", "resource")
        await ben.done("claim_task", incident=incident, task=1, minutes=15)
        for _ in range(2):
            await served.desk.clock.advance(MINUTE)
            await reported(served)
        await served.desk.clock.advance(MINUTE)
        _, _, newest = await reported(served)
        page = await ben.page("/tasks")
        assert reference in page.text
        assert "You have no task right now." not in page.text
        assert newest not in page.text
        assert "1 more task waits. It moves up as these are claimed." in page.text


async def test_times_to_choose_are_the_playbooks(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        await reported(served)
        page = await (await served.staff("Ben", "resource")).page("/tasks")
        minutes = [one["value"] for one in page.all("button") if one.get("name") == "minutes"]
        assert minutes == ["15", "30", "60", "120"]
        assert "30 minutes" in page.text


async def test_claim_change_the_time_set_out_arrive_done(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        ben = await served.staff("Ben", "resource")
        for tag, fields, shown in (
            ("claim_task", {"minutes": 15}, "On my way"),
            ("revise_eta", {"minutes": 45}, "coming"),
            ("depart", {}, "on the way"),
            ("arrive", {}, "on site"),
        ):
            await ben.done(tag, incident=incident, task=1, **fields)
            assert shown in (await ben.page("/tasks")).text
        await ben.done("complete_task", incident=incident, task=1, note="Fuse replaced")
        assert "You have no task right now." in (await ben.page("/tasks")).text


async def test_a_task_given_back_is_wanted_again(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        ben, cleo = await served.staff("Ben", "resource"), await served.staff("Cleo", "resource")
        await ben.done("claim_task", incident=incident, task=1, minutes=15)
        assert "Main street 5" not in (await cleo.page("/tasks")).text
        await ben.done("release_task", incident=incident, task=1, reason="Car broke down")
        assert "Main street 5" in (await cleo.page("/tasks")).text


async def test_whoever_declined_sees_that_they_did(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        ben = await served.staff("Ben", "resource")
        await ben.done("decline_task", incident=incident, task=1, reason="On another job")
        page = await ben.page("/tasks")
        assert "You said that you cannot." in page.text
        assert "/do/decline_task" not in page.html


async def test_agents_watch_the_board_and_are_offered_no_claim(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        ana = await served.staff("Ana", "agent")
        page = await ana.page("/tasks")
        assert "Electrician wanted" in page.text
        assert "/do/claim_task" not in page.html
        answer = await ana.do("claim_task", incident=incident, task=1, minutes=5)
        assert answer["code"] == "not_allowed"


async def test_a_time_of_arrival_is_said_back_with_its_day(tmp_path: Path) -> None:
    """The virtual clock stands at Thursday, 1 January 2026, 00:00 in London."""
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        ben = await served.staff("Ben", "resource")
        at = {"incident": incident, "task": 1}
        answer = await ben.do("claim_task", **at, minutes=20)
        assert answer["text"] == "It is yours. Thank you. Expected at 00:20."
        await served.desk.clock.advance(9 * HOUR)
        response = await ben.post("/do/revise_eta", {"id": ben.number(), **at, "time": "07:00"})
        assert response.status_code == 400
        assert "07:00 has passed today" in response.json()["text"]
        answer = await ben.do("revise_eta", **at, time="07:00", day="tomorrow")
        assert "Expected not today, but " in answer["text"]
        assert "07:00" in answer["text"]
        assert "Fri" in answer["text"]
        assert "If you meant something else" in answer["text"]
        boxes = [one for one in (await ben.page("/tasks")).all("input") if one["name"] == "day"]
        # The first is the one of his own availability.
        assert [("checked" in one) for one in boxes] == [False, True]


async def test_a_press_sent_again_names_no_other_time_of_arrival(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        ben = await served.staff("Ben", "resource")
        content = {"id": "press-number-1", "incident": incident, "task": 1, "minutes": 20}
        await ben.post("/do/claim_task", content)
        await served.desk.clock.advance(HOUR)
        again = (await ben.post("/do/claim_task", content)).json()
        assert (again["repeat"], again["text"]) == (True, "It is yours. Thank you.")


async def test_what_was_asked_for_is_marked_and_not_chosen_again_by_itself(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana = await served.staff("Ana", "agent", "resource")

        async def choices() -> tuple[str, dict[str, bool]]:
            page = await ana.page(f"/desk/incidents/{reference}")
            start = page.elements.index(("select", {"name": "template"}))
            rest = page.elements[start + 1 :]
            found = {one["value"]: "selected" in one for tag, one in rest if tag == "option"}
            return page.text, found

        text, found = await choices()
        (asked,) = [one.template for one in (await served.desk.incident(incident)).tasks]
        assert "already asked, open" in text
        assert not found[asked]
        await ana.done("claim_task", incident=incident, task=1, minutes=20)
        assert "already asked, claimed by Ana" in (await choices())[0]
        await ana.done("ask_for_resource", incident=incident, template=asked)
        assert len((await served.desk.incident(incident)).tasks) == 2
        for task in (1, 2):
            await ana.done("cancel_task", incident=incident, task=task, reason="Not needed")
        text, found = await choices()
        assert "already asked" not in text
        assert found[asked]
