"""What the customer learns of their last message: that it arrived, and that somebody read it."""

from pathlib import Path

from tests.pages.kit import stream, web
from tests.pages.test_desk import reported


async def test_delivered_then_seen_then_answered(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, _, _ = await reported(served)
        ana = await served.staff("Ana", "agent")
        (row,) = await served.desk.store.select("reports")
        report = str(row["report"])
        assert (await visitor.state())["report"]["receipt"] == ""
        await visitor.did("write_message", words="Is anyone there?")
        await visitor.did("write_message", words="Hello?")
        assert (await visitor.state())["report"]["receipt"] == "delivered"
        await ana.done("mark_seen", report=report, through=1)
        assert (await visitor.state())["report"]["receipt"] == "delivered"
        async with stream(visitor, "/chat/stream") as opened:
            await opened.next("ring")
            await ana.done("mark_seen", report=report, through=2)
            await opened.next("ring")
        assert (await visitor.state())["report"]["receipt"] == "seen"
        await ana.done("reply_to_customer", report=report, words="Yes, I am here.")
        assert (await visitor.state())["report"]["receipt"] == ""
