"""What people write is text: it is shown, and never comes alive."""

from pathlib import Path

from tests.pages.kit import web
from tests.pages.test_desk import reported

ALIVE = "<script>alert(1)</script>"


async def test_words_of_a_customer_stay_text_on_the_desk(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, incident, reference = await reported(served)
        await visitor.did("write_message", words=ALIVE)
        ana = await served.staff(f"Ana {ALIVE}", "agent")
        await ana.done("take_incident", incident=incident)
        await ana.done("write_incident_note", incident=incident, words=ALIVE)
        for path in ("/desk", f"/desk/incidents/{reference}"):
            said = (await ana.get(path)).text
            assert ALIVE not in said, path
        assert "&lt;script&gt;" in (await ana.get(f"/desk/incidents/{reference}")).text
