"""The ledger on the desk: who was told what, and what is done about what did not arrive."""

from pathlib import Path

from bot.core.incident_commands import RestrictIncident
from bot.store.base import Patch, Row, number
from tests.pages.kit import Page, Person, Web, stream, web
from tests.pages.test_desk import reported
from tests.pages.test_status import publish

REASON = "failed: <b>no such style</b>"


async def undelivered(served: Web, ana: Person) -> tuple[str, str, int]:
    """An update that did not reach its customer; the incident, its reference, the letter."""
    _, incident, reference = await reported(served)
    await publish(ana, incident, "An electrician comes at two.", audience="reporters")
    rows = await served.desk.store.select("outbox", {"about": f"{incident}/1"}, order="id")
    (row,) = (row for row in rows if row["member"])
    dead: Row = {"state": "dead", "reason": REASON, "tries": 8}
    await served.desk.store.write([Patch("outbox", {"id": row["id"]}, dead)])
    return incident, reference, number(row, "id")


async def test_the_incident_says_to_how_many_each_update_went(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        _, incident, reference = await reported(served)
        await publish(ana, incident, "An electrician comes at two.", audience="reporters")
        page = await ana.page(f"/desk/incidents/{reference}")
        assert "1 message arrived 1" in page.text
        assert f"/desk/incidents/{reference}/updates/1" in page.links()


async def test_what_arrives_is_counted_on_an_open_page_too(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        _, incident, reference = await reported(served)
        async with stream(ana, f"/desk/incidents/{reference}/live") as opened:
            await opened.next("view")
            await publish(ana, incident, "An electrician comes at two.", audience="reporters")
            _, data = await opened.next("view")
            while "1 message arrived" not in Page(data["html"]).text:
                _, data = await opened.next("view")


async def test_what_did_not_arrive_is_on_the_board_and_is_settled_from_there(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        incident, reference, letter = await undelivered(served, ana)
        board = await ana.page("/desk")
        assert "1 message did not arrive" in board.text
        page = await ana.page("/desk/deliveries")
        for words in ("failed: 1", "<b>no such style</b>", "Customer", "8 tries", reference[1:]):
            assert words in page.text, words
        of_update = f"/desk/incidents/{reference}/updates/1"
        page = await ana.page(f"{of_update}?end=failed&channel=web")
        assert "An electrician comes at two." in page.text
        assert "Try all again" in page.text
        assert "Nothing here." in (await ana.page(f"{of_update}?channel=email")).text
        await ana.done("discard_deliveries", letter=letter, because="told")
        await served.desk.machine.settling.idle()
        page = await ana.page("/desk/deliveries")
        assert "Ana gave them up. They were told another way." in page.text
        assert "Nothing waits for you here" in page.text
        assert "did not arrive" not in (await ana.page("/desk")).text
        await ana.done("replay_deliveries", update=f"{incident}/1")
        await served.desk.machine.settling.idle()
        (row,) = await served.desk.store.select("outbox", {"id": letter})
        assert row["state"] == "discarded"


async def test_a_plain_form_settles_it_without_a_script(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        _, reference, letter = await undelivered(served, ana)
        path = f"/desk/incidents/{reference}/updates/1"
        response = await ana.client.post(
            "/do/discard_deliveries",
            data={"id": "number-0001", "next": path, "letter": str(letter), "because": "late"},
            headers={"origin": served.origin},
        )
        assert (response.status_code, response.headers["location"]) == (303, path)
        await served.desk.machine.settling.idle()
        (row,) = await served.desk.store.select("outbox", {"id": letter})
        assert row["state"] == "discarded"


async def test_who_may_not_see_an_incident_sees_nothing_of_its_messages(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana, ben = await served.staff("Ana"), await served.staff("Ben", "agent")
        incident, reference, _ = await undelivered(served, ana)
        await ana.done("take_incident", incident=incident)
        command = RestrictIncident(
            incident=incident, visibility="restricted", reason="Safeguarding"
        )
        await served.asks(ana, command)
        path = f"/desk/incidents/{reference}/updates/1"
        unknown = await ben.get("/desk/incidents/N-AAA-AAAA/updates/1")
        hidden = await ben.get(path)
        assert (hidden.status_code, hidden.text) == (404, unknown.text)
        page = await ben.page("/desk/deliveries")
        assert "no such style" not in page.text
        assert reference[1:] not in page.text
        assert (await ana.get(path)).status_code == 200


async def test_forged_numbers_and_cursors_lead_nowhere(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        _, reference, _ = await undelivered(served, ana)
        path = f"/desk/incidents/{reference}/updates"
        for forged in ("0", "2", "-1", "x", "9" * 40, "١"):
            assert (await ana.get(f"{path}/{forged}")).status_code == 404, forged
        for forged in ("-1", "x", "9" * 40, "1%00", "' OR 1=1"):
            for page in (f"{path}/1", "/desk/deliveries"):
                text = (await ana.page(f"{page}?after={forged}&end={forged}&channel=web")).text
                assert "no such style" in text, (page, forged)
