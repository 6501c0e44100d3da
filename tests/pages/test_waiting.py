"""The board says at once that a customer wants an answer, and no longer than they do."""

from pathlib import Path

from bot.store.base import Put, Unit
from tests.engine.kit import MINUTE
from tests.pages.kit import Page, stream, web
from tests.pages.test_desk import reported

WAITS = "Customer wrote 00:05, waits for an answer"


def stands_out(page: Page) -> bool:
    """Whether a line of the board says that somebody waits, in words or by how it looks."""
    looks = any("waits" in one["class"].split() for one in page.all("article"))
    return looks or "waits" in page.text


async def test_a_customers_words_stand_out_on_the_board_at_once_until_they_are_answered(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        visitor, incident, _ = await reported(served)
        ana = await served.staff("Ana", "agent")
        assert not stands_out(await ana.page("/desk"))
        async with stream(ana, "/desk/live") as opened:
            await opened.next("board")
            await served.desk.clock.advance(5 * MINUTE)
            await visitor.did("write_message", words="He is getting faint in there!!")
            line = await opened.next("line")
            while line[1]["id"] != incident:
                line = await opened.next("line")
            assert WAITS in Page(line[1]["html"]).text
            (article,) = Page(line[1]["html"]).all("article")
            assert "waits" in article["class"].split()
            await served.desk.clock.advance(MINUTE)
            await visitor.did("write_message", words="Hello?")
            board = await ana.page("/desk")
            assert WAITS in board.text
            assert stands_out(board)
            (row,) = await served.desk.store.select("reports")
            await ana.done("reply_to_customer", report=row["report"], words="I am coming.")
            while not line[1]["html"] or "waits" in line[1]["html"]:
                line = await opened.next("line")
            assert line[1]["id"] == incident
        assert not stands_out(await ana.page("/desk"))


async def test_several_customers_of_one_incident_are_counted_from_the_first(
    tmp_path: Path,
) -> None:
    """Nothing links two reports to one incident yet, so the second row is written by hand."""
    async with web(tmp_path) as served:
        visitor, _, _ = await reported(served)
        await served.desk.clock.advance(5 * MINUTE)
        await visitor.did("write_message", words="Hello?")
        store, now = served.desk.store, served.desk.clock.now()
        (row,) = await store.select("reports")
        body = str(row["body"]).replace(
            f'"unanswered_since":{now}', f'"unanswered_since":{now + MINUTE}'
        )
        assert body != row["body"]
        other = {**row, "report": "rep_" + "1" * 26, "body": body}
        await store.commit([Unit("desk", 0, b"", ops=(Put("reports", other),))])
        text = (await (await served.staff("Ana", "agent")).page("/desk")).text
        assert "2 customers wait for an answer, the first since 00:05" in text


async def test_who_asks_for_a_person_waits_until_somebody_takes_the_incident(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        await visitor.did("answer_question", field="safety", value="no")
        await visitor.did("ask_for_person")
        (row,) = await served.desk.store.select("incidents")
        ana = await served.staff("Ana", "agent")
        assert "Customer asked for a person 00:00, waits" in (await ana.page("/desk")).text
        await ana.done("take_incident", incident=row["incident"])
        assert "asked for a person" not in (await ana.page("/desk")).text


async def test_a_report_that_was_only_sent_is_no_question(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        await reported(served)
        (row,) = await served.desk.store.select("reports")
        assert row["lane"] == ""


async def test_a_restricted_incident_tells_no_other_agent_that_its_customer_wrote(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        visitor, incident, _ = await reported(served)
        ana, ben = await served.staff("Ana", "agent"), await served.staff("Ben", "agent")
        await ana.done("take_incident", incident=incident)
        await ana.done(
            "restrict_incident", incident=incident, visibility="restricted", reason="Safeguarding"
        )
        async with stream(ben, "/desk/live") as opened:
            await opened.next("board")
            await visitor.did("write_message", words="Hello?")
            _, data = await opened.next("line")
            assert data["html"] == ""
        assert not stands_out(await ben.page("/desk"))
        assert stands_out(await ana.page("/desk"))
        assert WAITS.replace("05", "00") in (await ana.page("/desk")).text
