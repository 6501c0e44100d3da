"""Who read what few may see: on the page for supervisors, by whichever way it was read."""

from pathlib import Path

from bot.core.looking_words import RestrictedRead
from bot.engine.reader import Reader
from tests.pages.kit import Web, web
from tests.pages.test_desk import reported
from tests.pages.test_files import TEXT


async def looks(served: Web, incident: str) -> list[tuple[str, str]]:
    """Who read it, and by which way, as the log has it."""
    live = await served.desk.machine.engine.live(incident)
    log = await Reader(served.desk.machine.engine).log(incident, live.version, 500)
    events = [one.event for one in log]
    return [(one.by, one.where) for one in events if isinstance(one, RestrictedRead)]


async def test_practice_7_3_who_opens_the_page_of_somebody_in_distress_is_in_its_log(
    tmp_path: Path,
) -> None:
    """practice 7.3: once per day, seen by supervisors and not by who looked."""
    async with web(tmp_path) as served:
        visitor, incident, reference = await reported(served)
        ana = await served.staff("Ana Smith", "agent")
        sue = await served.staff("Sue Park", "supervisor")
        await ana.page(f"/desk/incidents/{reference}")
        assert await looks(served, incident) == [], "what all may see is read by all"
        await ana.done("take_incident", incident=incident)
        await visitor.did("ask_for_help", need="distress")
        page = await ana.page(f"/desk/incidents/{reference}")
        await ana.page(f"/desk/incidents/{reference}")
        assert await looks(served, incident) == [(ana.person, "desk")]
        assert "read it on the desk" not in page.text
        page = await sue.page(f"/desk/incidents/{reference}")
        assert "Ana Smith read it on the desk" in page.text
        assert "special category of personal data" in page.text
        assert await looks(served, incident) == [(ana.person, "desk"), (sue.person, "desk")]


async def test_practice_7_3_who_fetches_a_file_by_its_address_alone_is_in_the_log(
    tmp_path: Path,
) -> None:
    """practice 7.3: whoever kept an address from before reads nothing unnoticed."""
    async with web(tmp_path) as served:
        visitor, incident, _ = await reported(served)
        file = await visitor.sent_file(TEXT)
        label = (await visitor.state())["report"]["reference"]
        sue = await served.staff("Sue Park", "supervisor")
        at = f"/desk/reports/{label}/files/{file}"
        assert (await sue.get(at)).status_code == 200
        assert await looks(served, incident) == []
        await visitor.did("ask_for_help", need="distress")
        assert (await sue.get(at[:-1] + "x")).status_code == 404
        assert await looks(served, incident) == [], "what is not there is not read"
        for _ in range(2):
            assert (await sue.get(at)).status_code == 200
        assert await looks(served, incident) == [(sue.person, "desk")]
