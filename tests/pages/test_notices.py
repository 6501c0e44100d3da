"""What stands above the board: whom the house calls, what is late, which channel is gone."""

from pathlib import Path

from bot.core.incident_commands import AcknowledgeIncident
from bot.engine.standins import Down
from bot.engine.watchdog import Late
from tests.pages.kit import Person, Web, web

CALLS = 'id="calls-title"'


async def said(served: Web) -> None:
    """All that was to be said has gone out."""
    await served.settle()
    await served.desk.machine.deliveries.idle()


async def called(served: Web) -> tuple[Person, str]:
    """Somebody of the staff, called to an incident that nobody has seen; and its reference."""
    ana = await served.staff("Ana", "agent", "supervisor")
    answer = await ana.do("open_incident", category="power")
    incident = await served.house.reader.stream_of(answer["reference"])
    await ana.done("escalate_incident", incident=incident, reason="Nobody answers the phone")
    await said(served)
    return ana, str(incident)


async def test_who_is_called_sees_it_until_somebody_has_acted(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana, incident = await called(served)
        page = await ana.get("/desk")
        assert CALLS in page.text
        assert 'class="stands"' in page.text
        assert "answer_alarm" in page.text
        reference = (await served.desk.incident(incident)).reference
        above = page.text.split(CALLS)[1].split("</section>")[0]
        assert above.count(f">{reference}</a>") == 1, "named once, and that leads there"
        assert '<span class="said"' in above, "a briefing keeps its lines"
        ben = await served.staff("Ben", "agent")
        assert CALLS not in (await ben.get("/desk")).text
        newest = page.text.split('data-calls="')[1].split('"')[0]
        seen = await ana.post("/desk/calls/seen", {"through": newest})
        assert seen.status_code == 204
        assert CALLS in (await ana.get("/desk")).text
        await ana.done("answer_alarm", incident=incident, cause="manual", about="")
        await served.asks(ana, AcknowledgeIncident(incident=incident))
        await said(served)
        assert 'class="stands"' not in (await ana.get("/desk")).text


async def test_what_is_late_and_which_channel_is_gone_stands_on_the_desk(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        assert "ailing" not in (await ana.get("/desk")).text
        now = served.desk.clock.now()
        served.house.watchdog._found = (Late("timers", now - 90_000, "alarm:manual:"),)
        down = {"web": Down("web", now - 60_000, "The socket is closed.")}
        served.desk.machine.engine.standins.down = down
        told = (await ana.get("/desk")).text
        assert "Clocks are not looked at in time" in told
        assert "Web cannot be reached" in told
        assert "The socket is closed." in told
        probe = await served.stranger("127.0.0.1").get("/healthz")
        assert probe.status_code == 503
        (late,) = probe.json()["late"]
        assert (late["what"], late["about"]) == ("timers", "alarm:manual:")
        assert "late" not in (await served.stranger().get("/healthz")).json()


async def test_an_old_call_speaks_the_language_in_which_the_desk_is_read_now(
    tmp_path: Path,
) -> None:
    """In a chat it stays as it was said; on the desk it is of today."""
    async with web(tmp_path) as served:
        ana, _ = await called(served)

        def line(text: str) -> str:
            return text.split('<span class="said"')[1].split("</span>", maxsplit=1)[0]

        english = line((await ana.get("/desk")).text)
        russian = line((await ana.get("/desk?lang=ru")).text)
        assert russian != english
        assert set("эскалация") & set(russian)
        assert line((await ana.get("/desk?lang=en")).text) == english
