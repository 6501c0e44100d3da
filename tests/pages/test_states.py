"""What the states are called on every page, holding until a time, and leaving what became few's."""

from pathlib import Path

from bot.core.incident_commands import RestrictIncident
from bot.core.incident_words import FLAGS
from bot.core.playbook_labels import Labels, StateWords
from bot.core.texts import Words
from bot.engine.read_sheet import Sheets
from tests.pages.api_kit import program
from tests.pages.kit import Web, stream, web
from tests.pages.test_desk import reported

HOUR = 3_600_000
PARKED = Words(by={"en": "Parked", "ru": "Отложено"})
WAITS = Words(by={"en": "Waiting for the grid", "ru": "Ждём сетевиков"})
OWN = Labels(on_hold=PARKED, public=StateWords(on_hold=WAITS))


def renamed(served: Web) -> None:
    """A playbook with its own words for a hold."""
    editions = served.house.engine.editions
    own = editions.current.model_copy(update={"labels": OWN, "version": "own"})
    editions.add("own", own)
    editions.adopt("own")


async def test_practice_1_2_a_playbooks_words_stand_wherever_a_state_is_named(
    tmp_path: Path,
) -> None:
    """practice 1.2: labels are free per playbook, in each language; flags are what counts."""
    async with web(tmp_path) as served:
        renamed(served)
        _, incident, reference = await reported(served)
        ana, asks = await served.staff("Ana", "agent"), await program(served)
        await ana.done("take_incident", incident=incident)
        update = {"incident": incident, "words": "A street is dark.", "audience": "public"}
        await ana.done("publish_update", **update, next_in="60", sure="yes")
        await ana.done("hold_incident", incident=incident, reason="Waits for parts")
        await served.settle()
        for path in ("/desk", f"/desk/incidents/{reference}"):
            assert "Parked" in (await ana.page(f"{path}?lang=en")).text, path
            assert "Отложено" in (await ana.page(f"{path}?lang=ru")).text, path
        anybody = served.stranger()
        for path in ("/status", f"/status/{reference}", "/status.json"):
            assert "Waiting for the grid" in (await anybody.get(f"{path}?lang=en")).text, path
            assert "Ждём сетевиков" in (await anybody.get(f"{path}?lang=ru")).text, path
        told = (await asks.get(f"/incidents/{reference}")).json()
        assert told["status"] == "on_hold", "programs go by what never changes"
        assert told["state"] == {"label": "Parked", **FLAGS["on_hold"].model_dump()}
        assert told["state"]["acknowledged"]
        sheet = await Sheets(served.house.reader).sheet(reference)
        assert sheet is not None
        assert PARKED in [said for part in sheet.parts for _, said in part.lines]


async def test_practice_1_3_on_the_desk_whoever_has_it_gives_it_back(tmp_path: Path) -> None:
    """practice 1.3: release; the log says by whom and why."""
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana = await served.staff("Ana", "agent")
        page = f"/desk/incidents/{reference}"
        assert "/do/release_incident" not in (await ana.get(page)).text
        await ana.done("take_incident", incident=incident)
        assert "/do/release_incident" in (await ana.get(page)).text
        other, head = await served.staff("Bo", "agent"), await served.staff("Eve", "supervisor")
        assert "/do/release_incident" not in (await other.get(page)).text
        assert "/do/release_incident" in (await head.get(page)).text
        await ana.done("release_incident", incident=incident, reason="My shift ends")
        shown = (await ana.get(page)).text
        assert "Given back by Ana" in shown
        assert "My shift ends" in shown
        assert "/do/take_incident" in shown


async def test_practice_1_3_on_the_desk_it_is_held_for_a_while_or_until_a_time(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana, clock = await served.staff("Ana", "agent"), served.desk.clock
        await ana.done("take_incident", incident=incident)
        why = {"incident": incident, "reason": "Waits for parts", "time": "", "day": ""}
        await ana.done("hold_incident", **why, **{"for": "60"})
        state = await served.desk.incident(incident)
        assert state.held_until == clock.now() + HOUR
        assert "On hold until" in (await ana.page(f"/desk/incidents/{reference}")).text
        await clock.advance(HOUR)
        await served.settle()
        page = (await ana.page(f"/desk/incidents/{reference}")).text
        assert "Returned by itself" in page, "the log says so"
        assert "its hold is over" in page, "and somebody is called"
        for given, code in ((("23:59", ""), ""), (("12:00", "2020-01-01"), "past")):
            time, day = given
            answer = await ana.do("hold_incident", **{**why, "time": time, "day": day, "for": ""})
            assert answer["code"] == code, answer
            if not code:
                await ana.done("resume_incident", incident=incident)


async def test_practice_1_3_reopening_on_the_desk_says_what_is_missing(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        ana = await served.staff("Ana", "agent")
        await ana.done("take_incident", incident=incident)
        tasks = {f"call_off_{number}": "yes" for number in range(1, 5)}
        await ana.done("resolve_incident", incident=incident, note="Fixed it", **tasks)
        answer = await ana.do("reopen_incident", incident=incident, reason="again")
        assert (answer["outcome"], answer["code"]) == ("refused", "too_short")
        assert "at least 10 characters" in answer["text"]
        await ana.done("reopen_incident", incident=incident, reason="It is dark again")


async def test_whoever_stands_on_what_becomes_few_peoples_is_led_to_the_board(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana, ben = await served.staff("Ana", "agent"), await served.staff("Ben", "agent")
        await ana.done("take_incident", incident=incident)
        async with stream(ben, f"/desk/incidents/{reference}/live") as opened:
            await opened.next("view")
            hide = RestrictIncident(incident=incident, visibility="restricted", reason="The police")
            await served.asks(ana, hide)
            _, data = await opened.next("gone")
        assert data == {"left": True}
        page = (await ben.page("/desk?left=1")).text
        assert "is for few people now" in page
        assert reference not in page, "nothing is said of what it is"
        assert "is for few people now" not in (await ben.page("/desk")).text


async def test_what_to_ask_for_first_follows_from_what_is_known(tmp_path: Path) -> None:
    """Nobody is in a lift, so nobody is to be freed from one."""
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana = await served.staff("Ana", "agent")
        await ana.done("take_incident", incident=incident)
        form = (await ana.get(f"/desk/incidents/{reference}")).text
        select = form.partition('<select name="template">')[2].partition("</select>")[0]
        (chosen,) = [one for one in select.split("<option ") if " selected" in one]
        assert 'value=""' in chosen, chosen
        assert "Free people from the lift" in select, "it can be asked for all the same"
