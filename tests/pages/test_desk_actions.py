"""What is needed now and then: the page offers it, with its reason, to those whom it helps."""

from pathlib import Path

import pytest

from tests.pages.kit import Page, Person, stream, web
from tests.pages.test_desk import reported


def hands(page: Page) -> list[str]:
    """Ids of those to whom the page would hand it over."""
    people = [one for one in page.all("option") if one["value"].startswith("per_")]
    return [one["value"] for one in people if one.get("class") != "ask"]


def forms(page: Page) -> set[str]:
    return {one.get("action", "") for one in page.all("form")}


async def test_priority_is_overridden_with_a_reason_that_stays_in_the_timeline(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana = await served.staff("Ana", "agent")
        assert "/do/override_priority" in forms(await ana.page(f"/desk/incidents/{reference}"))
        short = await ana.do("override_priority", incident=incident, priority="P1", reason="")
        assert short["outcome"] == "refused"
        fields = {"priority": "P1", "reason": "A dialysis ward"}
        await ana.done("override_priority", incident=incident, **fields)
        page = await ana.page(f"/desk/incidents/{reference}")
        assert "Priority set to P1 by hand" in page.text
        assert "A dialysis ward" in page.text


async def test_it_is_handed_over_to_those_who_are_there(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana, ben = await served.staff("Ana", "agent"), await served.staff("Ben", "agent")
        away, rita = await served.staff("Away", "supervisor"), await served.staff("R", "resource")
        await away.done("set_availability", be="off")
        await ana.done("take_incident", incident=incident)
        page = await ana.page(f"/desk/incidents/{reference}")
        assert hands(page) == [ben.person], (ana.person, away.person, rita.person)
        await ana.done("hand_over_incident", incident=incident, to=ben.person)
        assert (await served.desk.incident(incident)).owner == ben.person
        assert hands(await ben.page(f"/desk/incidents/{reference}")) == [ana.person]


async def test_nobody_there_is_said_in_words(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana = await served.staff("Ana", "agent")
        await ana.done("take_incident", incident=incident)
        text = (await ana.page(f"/desk/incidents/{reference}")).text
        assert "Nobody else is there at the moment" in text


async def test_a_restriction_is_set_and_lifted_with_a_reason(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana, ben = await served.staff("Ana", "agent"), await served.staff("Ben", "agent")
        await ana.done("take_incident", incident=incident)
        path = f"/desk/incidents/{reference}"
        for visibility, status in (("restricted", 404), ("normal", 200)):
            page = await ana.page(path)
            assert page.fields()["visibility"] == visibility
            fields = {"visibility": visibility, "reason": "Safeguarding"}
            await ana.done("restrict_incident", incident=incident, **fields)
            assert (await ben.get(path)).status_code == status


async def published(ana: Person, incident: str) -> None:
    fields = {"words": "Back at 16:00.", "audience": "public", "next_in": 30}
    await ana.done("publish_update", incident=incident, **fields)


async def test_an_update_is_corrected_in_its_own_words(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana = await served.staff("Ana", "agent")
        await published(ana, incident)
        page = await ana.page(f"/desk/incidents/{reference}")
        assert {"/desk/preview/correct_update", "/do/withdraw_update"} <= forms(page)
        assert ">Back at 16:00.</textarea>" in page.html
        await ana.done("correct_update", incident=incident, number=1, words="Back at 17:00.")
        assert "Back at 17:00." in (await served.stranger().page("/status")).text


async def test_an_update_that_was_withdrawn_offers_no_more_to_change(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana = await served.staff("Ana", "agent")
        await published(ana, incident)
        await ana.done("withdraw_update", incident=incident, number=1, reason="Wrong incident")
        page = await ana.page(f"/desk/incidents/{reference}")
        assert not {"/desk/preview/correct_update", "/do/withdraw_update"} & forms(page)
        assert "Wrong incident" in page.text
        assert "Wrong incident" not in (await served.stranger().page("/status")).text


@pytest.mark.parametrize("status", ["closed", "cancelled"])
async def test_what_has_ended_offers_only_what_can_be_done(tmp_path: Path, status: str) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana = await served.staff("Ana", "agent")
        if status == "cancelled":
            await ana.done("cancel_incident", incident=incident, reason="A false alarm")
        else:
            await ana.done("take_incident", incident=incident)
            note = {"note": "Fuse replaced", "call_off_1": "yes"}
            await ana.done("resolve_incident", incident=incident, **note)
            await ana.done("close_incident", incident=incident)
        offered = forms(await ana.page(f"/desk/incidents/{reference}"))
        assert "/do/restrict_incident" in offered
        assert not {"/do/override_priority", "/do/hand_over_incident"} & offered


async def test_what_was_resolved_in_the_meantime_is_not_cancelled_by_a_page_that_is_late(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana, ben = await served.staff("Ana", "agent"), await served.staff("Ben", "agent")
        await ana.done("take_incident", incident=incident)
        late = await ben.page(f"/desk/incidents/{reference}")
        assert 'name="before" value="in_progress"' in late.html
        await ana.done("resolve_incident", incident=incident, note="Fixed", call_off_1="yes")
        fields = {"incident": incident, "reason": "A false alarm"}
        answer = await ben.do("cancel_incident", before="in_progress", **fields)
        assert (answer["outcome"], answer["code"]) == ("refused", "overtaken")
        assert (await served.desk.incident(incident)).status == "resolved"
        await ben.done("cancel_incident", **fields)


async def test_a_task_is_called_off_with_a_reason(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana = await served.staff("Ana", "agent")
        assert "/do/cancel_task" in forms(await ana.page(f"/desk/incidents/{reference}"))
        fields = {"task": 1, "reason": "It came back by itself"}
        await ana.done("cancel_task", incident=incident, **fields)
        page = await ana.page(f"/desk/incidents/{reference}")
        assert "It came back by itself" in page.text
        assert "/do/cancel_task" not in forms(page)


async def test_who_may_look_and_not_act_is_told_so_and_offered_nothing_to_press(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        visitor, incident, reference = await reported(served)
        label = (await visitor.state())["report"]["reference"]
        chief, ana = await served.staff("Cy", "administrator"), await served.staff("Ana", "agent")
        for path in (f"/desk/incidents/{reference}", f"/desk/reports/{label}"):
            for person, reads in ((ana, False), (chief, True)):
                page = await person.page(path)
                heads = [one["class"] for one in page.all("section") if one["class"][:4] == "head"]
                assert heads == ["head reading" if reads else "head"]
                assert ("takes the role of an agent or a supervisor" in page.text) == reads
                async with stream(person, f"{path}/live") as live:
                    _, data = await live.next("view")
                    assert ("takes the role of an agent" in data["html"]) == reads
        assert "/desk/new" in (await ana.page("/desk")).links()
        assert "/desk/new" not in (await chief.page("/desk")).links()
        assert (await chief.do("take_incident", incident=incident))["code"] == "not_allowed"
