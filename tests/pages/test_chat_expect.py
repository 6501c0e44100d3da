"""What the chat says about when somebody will look at it: true by the playbook, at every hour."""

from pathlib import Path
from typing import Any

from tests.engine.kit import MINUTE
from tests.pages.kit import Page, Visitor, Web, web
from tests.pages.test_desk import reported

HOUR = 60 * MINUTE
# Monday 4 January 2027, 10:00 in London.
MONDAY = 1_799_056_800_000


async def on(served: Web, moment: int) -> None:
    await served.desk.clock.advance(moment - served.desk.clock.now())


async def summary(served: Web, **answers: Any) -> Visitor:
    visitor = await served.visitor()
    await visitor.did("begin_report")
    await visitor.answer(**answers)
    return visitor


async def expects(visitor: Visitor) -> str:
    found: str = (await visitor.state())["report"]["expect"]
    return found


async def test_by_night_the_first_page_says_until_when_nobody_is_there(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        await on(served, MONDAY + 11 * HOUR)
        page = Page((await served.stranger().get("/chat")).text)
        assert "The service desk is closed until 08:00 on Tue." in page.text
        assert "in danger, we aim to look within 15 minutes, also now" in page.text


async def test_while_the_desk_is_open_the_first_page_says_nothing_of_it(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        await on(served, MONDAY)
        page = Page((await served.stranger().get("/chat")).text)
        assert "closed" not in page.text


async def test_before_sending_the_aim_of_its_priority_is_told(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        await on(served, MONDAY)
        visitor = await summary(served)
        assert await expects(visitor) == (
            "We aim to look at a report like this within 4 hours of our opening hours."
        )


async def test_what_is_pressing_is_promised_by_the_clock(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        await on(served, MONDAY)
        visitor = await summary(served, **{"power.extent": "area"})
        assert (await expects(visitor)).endswith("day or night.")


async def test_after_sending_it_says_by_when_and_owns_up_when_that_is_past(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        await on(served, MONDAY)
        visitor = await served.visitor()
        await visitor.report()
        # Four hours of opening time, and half an hour in which the desk is closed at midday.
        assert await expects(visitor) == "We aim to look at it by 14:30."
        assert (await visitor.state())["report"]["again_in"] == 4 * HOUR + 30 * MINUTE
        await served.desk.advance(4 * HOUR + 30 * MINUTE)
        await served.settle()
        assert await expects(visitor) == (
            "This takes longer than we aimed for. We are sorry. It is not forgotten."
        )
        assert (await visitor.state())["report"]["again_in"] is None


async def test_a_report_by_night_hears_until_when_nobody_is_there(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        await on(served, MONDAY + 11 * HOUR)
        visitor = await served.visitor()
        report = {"power.extent": "part", "power.depends": ["none"]}
        await visitor.report(**report)
        assert (await expects(visitor)).startswith("The service desk is closed until 08:00 on Tue.")


async def test_once_somebody_has_it_nothing_more_is_promised(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        await on(served, MONDAY)
        visitor, incident, _ = await reported(served)
        ana = await served.staff("Ana Smith", "agent")
        await ana.done("acknowledge_incident", incident=incident)
        assert await expects(visitor) == ""
