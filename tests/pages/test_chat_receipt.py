"""What each side learns of its messages: that they arrived, were read, and that one is written."""

from pathlib import Path

from tests.pages.kit import Visitor, stream, web
from tests.pages.test_desk import reported


async def _states(visitor: Visitor) -> list[tuple[int, bool]]:
    """The number of each message of their own, and whether the desk has seen it."""
    state = await visitor.state()
    read = state["report"]["read"]
    own = [one["message"] for one in state["letters"] if one["by"] == "me"]
    return [(number, number <= read) for number in own if number]


async def test_each_message_is_delivered_and_then_seen(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, _, _ = await reported(served)
        ana = await served.staff("Ana", "agent")
        (row,) = await served.desk.store.select("reports")
        report = str(row["report"])
        assert await _states(visitor) == []
        await visitor.did("write_message", words="Is anyone there?")
        await visitor.did("write_message", words="Hello?")
        assert await _states(visitor) == [(1, False), (2, False)]
        await ana.done("mark_seen", report=report, through=1)
        assert await _states(visitor) == [(1, True), (2, False)]
        async with stream(visitor, "/chat/stream") as opened:
            await opened.next("ring")
            await ana.done("mark_seen", report=report, through=2)
            await opened.next("ring")
        assert await _states(visitor) == [(1, True), (2, True)]


async def test_the_agent_sees_when_the_customer_has_read(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, _, reference = await reported(served)
        ana = await served.staff("Ana", "agent")
        path = f"/desk/incidents/{reference}"
        (row,) = await served.desk.store.select("reports")
        await ana.done("reply_to_customer", report=str(row["report"]), words="I am on it.")
        assert "seen by the customer" not in (await ana.get(path)).text
        await visitor.did("mark_seen", through=1)
        assert "seen by the customer" in (await ana.get(path)).text


async def test_each_side_is_told_that_the_other_one_is_writing(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, _, incident = await reported(served)
        ana = await served.staff("Ana", "agent")
        reference = (await visitor.state())["report"]["reference"]
        async with (
            stream(visitor, "/chat/stream") as customer,
            stream(ana, f"/desk/incidents/{incident}/live") as desk,
        ):
            await customer.next("ring")
            await desk.next("view")
            assert (await visitor.post("/chat/typing", {}, **visitor.headers)).status_code == 204
            assert (await desk.next("typing", "view"))[1] == {"reference": reference}
            assert (await ana.post("/desk/typing", {"report": reference})).status_code == 204
            await customer.next("typing")


async def test_nobody_else_is_told_and_nobody_else_can_tell(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, _, _ = await reported(served)
        reference = (await visitor.state())["report"]["reference"]
        rita = await served.staff("Rita", "resource")
        assert (await rita.post("/desk/typing", {"report": reference})).status_code == 403
        assert (await served.stranger().post("/chat/typing", {})).status_code == 401
        ana = await served.staff("Ana", "agent")
        for odd in ({}, {"report": "rep_x"}, {"report": 5}, {"report": ["R"]}):
            assert (await ana.post("/desk/typing", odd)).status_code == 204
        other = await served.visitor()
        await other.did("begin_report")
        async with stream(other, "/chat/stream") as opened:
            await opened.next("ring")
            await ana.post("/desk/typing", {"report": reference})
            assert opened.waiting() == 0
