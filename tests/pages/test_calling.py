"""Who is called stands on the desk, ticking, and can be seen to and escalated there."""

from pathlib import Path

from tests.pages.kit import web
from tests.pages.test_desk import reported


async def test_the_page_says_who_is_called_next_and_ticks_until_then(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana = await served.staff("Ana", "agent")
        page = await ana.page(f"/desk/incidents/{reference}")
        assert "Who is called If nobody acts: agents" in page.text
        assert any("data-tick" in one for one in page.all("time"))
        await ana.done("take_incident", incident=incident)
        assert "Who is called" not in (await ana.page(f"/desk/incidents/{reference}")).text


async def test_it_is_escalated_with_a_reason_and_answered_by_whoever_was_called(
    tmp_path: Path,
) -> None:
    """practice 1.5: manual escalation with a reason at any time, on page and board."""
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana, sue = await served.staff("Ana", "agent"), await served.staff("Sue", "supervisor")
        await ana.done("take_incident", incident=incident)
        assert "Escalate" in (await ana.page(f"/desk/incidents/{reference}")).text
        why = await ana.do("escalate_incident", incident=incident, reason="")
        assert why["outcome"] == "refused"
        for _ in range(2):
            await ana.done("escalate_incident", incident=incident, reason="I cannot do it alone")
        page = await sue.page(f"/desk/incidents/{reference}")
        assert "a colleague asks for help Called: supervisors" in page.text
        assert "I cannot do it alone" in page.text, "the reason stands in the timeline"
        assert "Somebody is called: a colleague asks for help" in (await sue.page("/desk")).text
        alarm = {"incident": incident, "cause": "manual", "about": ""}
        assert (await ana.do("answer_alarm", **alarm))["code"] == "not_called"
        await sue.done("answer_alarm", **alarm)
        assert "a colleague asks for help Called" not in (await sue.page("/desk")).text
        page = await sue.page(f"/desk/incidents/{reference}")
        assert "Sue acted, so nobody is called any more" in page.text


async def test_how_long_it_was_on_hold_in_all_is_shown(tmp_path: Path) -> None:
    """practice 2.3: clocks pause only in named states, and show the pause total."""
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana = await served.staff("Ana", "agent")
        await ana.done("take_incident", incident=incident)
        await ana.done("hold_incident", incident=incident, reason="Waits for parts")
        await served.house.desk.clock.advance(90 * 60_000)
        await ana.done("resume_incident", incident=incident)
        page = await ana.page(f"/desk/incidents/{reference}")
        assert "On hold in all" in page.text
        assert "Waits for parts" in page.text, "the reason is in the log"
