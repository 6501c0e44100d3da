"""How long an incident took: on its page, on its sheet, and for programs (practice 1.6)."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.engine.read_sheet import Sheets
from tests.engine.front_kit import room
from tests.pages.api_kit import program
from tests.pages.kit import Web, web
from tests.pages.test_desk import reported

MINUTES = 60_000


def shown(served: Web, ago: int) -> dict[str, str]:
    """A moment of the past as a browser sends it."""
    zone = ZoneInfo(served.house.reader.playbook.organisation.time_zone)
    at = datetime.fromtimestamp((served.desk.clock.now() - ago) / 1000, UTC).astimezone(zone)
    return {"day": f"{at:%Y-%m-%d}", "time": f"{at:%H:%M}"}


async def test_practice_1_6_its_page_and_sheet_say_how_long_it_took_with_every_correction(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana = await served.staff("Ana", "agent")
        await served.house.desk.clock.advance(20 * MINUTES)
        await ana.done("take_incident", incident=incident)
        page = await ana.page(f"/desk/incidents/{reference}")
        for words in ("How long it took", "20 minutes", "Correct a time", "not yet"):
            assert words in page.text, words
        fields = {"incident": incident, "milestone": "opened", "reason": "They rang before"}
        wrong = {"id": "press-noon", **fields, "time": "noon"}
        assert (await ana.post("/do/correct_milestone", wrong)).json()["code"] == "no_time"
        await ana.done("correct_milestone", **fields, **shown(served, 80 * MINUTES))
        page = await ana.page(f"/desk/incidents/{reference}")
        for words in (
            "1 hour 20 minutes",
            "with a corrected time",
            "A time was corrected. When it was reported",
            "They rang before",
        ):
            assert words in page.text, words
        sheet = await Sheets(served.house.reader).sheet(reference)
        assert sheet is not None
        assert any(str(one.title).find("How long it took") >= 0 for one in sheet.parts)


async def test_programs_read_figures_with_their_status_and_nobodys_name(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        asks = await program(served)
        reference = await asks.opened()
        await served.settle()
        ana = await served.staff("Ana", "agent")
        incident = await served.house.reader.stream_of(reference)
        await served.house.desk.clock.advance(20 * MINUTES)
        await ana.done("take_incident", incident=incident)
        told = (await asks.get(f"/incidents/{reference}")).json()
        found = {one["figure"]: one for one in told["figures"]}
        seen = found["acknowledge"]
        assert (seen["status"], seen["seconds"], seen["corrected"]) == ("recorded", 1200.0, False)
        assert found["restore"]["status"] == "pending"
        assert found["restore"]["seconds"] is None
        assert ana.person not in str(told)


async def test_a_time_is_corrected_in_chat_too(tmp_path: Path) -> None:
    async with room(tmp_path) as one:
        await one.joins("ana", "agent")
        stream = await one.incident()
        (card,) = (await one.press("ana", one.button("More"))).cards
        mend = next(x for x in card.buttons if x.label == "Correct a time")
        form = await one.press("ana", mend.token)
        assert form.form is not None
        given = {"milestone": "first_word", "time": "00:00", "reason": "I rang them"}
        done = await one.send("ana", form.form, given)
        assert done.text == "Corrected. The figures are worked out anew.", done
        state = await one.office.desk.incident(stream)
        assert [x.milestone for x in state.measured.corrected] == ["first_word"]


async def test_a_time_that_cannot_be_says_so_in_one_sentence(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana = await served.staff("Ana", "agent")
        fields = {"incident": incident, "milestone": "acknowledged", "reason": "On paper"}
        await ana.done("correct_milestone", **fields, **shown(served, 80 * MINUTES))
        page = await ana.page(f"/desk/incidents/{reference}")
        assert "cannot be: the end lies before the beginning; correct one of the times" in page.text
        assert "with a corrected time" not in page.text
