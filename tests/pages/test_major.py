"""A major incident at the desk: declared, posts, METHANE, decisions, the band on every page."""

from pathlib import Path

from bot.core.incident_commands import RestrictIncident
from tests.engine.kit import MINUTE
from tests.pages.kit import stream, web
from tests.pages.test_desk import reported

CRITERION = {"criterion_many_people": "yes"}


async def test_it_is_declared_and_every_page_says_so_until_it_is_stood_down(
    tmp_path: Path,
) -> None:
    """Practice 3.1, 3.4, 4.1: declared by a press, commanded, stood down by its commander."""
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana = await served.staff("Ana Smith", "agent")
        ben = await served.staff("Ben Hill", "agent")
        page = await ana.page(f"/desk/incidents/{reference}")
        assert "Declare a major incident" in page.text
        assert "Many people, or a whole site, are without it" in page.text
        answer = await ana.do("declare_major", incident=incident)
        assert answer["code"] == "no_criterion"
        await ana.done("declare_major", incident=incident, **CRITERION)
        second = await ben.do("declare_major", incident=incident, **CRITERION)
        assert second["code"] == "declared"
        assert "Ana Smith" in second["text"]
        for path in ("/desk", "/tasks", "/me"):
            band = (await ben.page(path)).text
            assert reference in band, path
            assert "Ana Smith commands" in band, path
        whole = (await ben.page(f"/desk/incidents/{reference}")).text
        for words in ("Major incident", "P1", "Customer liaison", "nobody yet", "Next update by"):
            assert words in whole, words
        offered = (await ana.page(f"/desk/incidents/{reference}")).html
        for idle in ("resolve_incident", "cancel_incident", "override_priority"):
            assert f'action="/do/{idle}"' not in offered, "only its commander ends it"
        refused = await ben.do("stand_down_major", incident=incident, recovered="x", data_loss="y")
        assert refused["code"] == "not_commander"
        await ana.done(
            "stand_down_major",
            incident=incident,
            recovered="Power is back everywhere.",
            data_loss="No data was lost.",
        )
        assert "commands" not in (await ben.page("/me")).text
        whole = (await ben.page(f"/desk/incidents/{reference}")).text
        assert "Major incident, stood down" in whole
        assert "No data was lost." in whole


async def test_practice_3_1_open_pages_show_its_band_at_once_and_lose_it_when_it_is_over(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana = await served.staff("Ana Smith", "agent")
        page = f"/desk/incidents/{reference}/live"
        async with stream(ana, "/desk/live") as board, stream(ana, page) as whole:
            assert (await board.next("majors"))[1] == {"html": ""}
            assert (await whole.next("majors"))[1] == {"html": ""}
            await ana.done("declare_major", incident=incident, **CRITERION)
            _, data = await board.next("majors")
            assert reference in data["html"]
            assert "Ana Smith commands" in data["html"]
            assert (await whole.next("majors"))[1] == data
            await ana.done("cancel_major", incident=incident, reason="It is none")
            assert (await board.next("majors"))[1] == {"html": ""}


async def test_posts_are_taken_offered_accepted_and_given_up(tmp_path: Path) -> None:
    """Practice 3.4: post holders stand on the page, and a hand-over takes two."""
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana = await served.staff("Ana Smith", "agent")
        ben = await served.staff("Ben Hill", "agent")
        await ana.done("declare_major", incident=incident, **CRITERION)
        post = {"incident": incident, "post": "deputy"}
        await ben.done("offer_post", **post)
        whole = (await ana.page(f"/desk/incidents/{reference}")).text
        assert "Ben Hill" in whole
        await ana.done("offer_post", incident=incident, post="commander", to=ben.person)
        assert "Ben Hill is asked" in (await ana.page(f"/desk/incidents/{reference}")).text
        await ben.done("accept_post", incident=incident, post="commander")
        whole = (await ana.page(f"/desk/incidents/{reference}")).text
        assert "Ben Hill commands" in whole
        assert "You are Commander" not in whole


async def test_methane_shows_what_is_known_what_is_not_and_what_changed(tmp_path: Path) -> None:
    """Practice 3.2: prefilled, "unknown" visible, each field with time and author, versions."""
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana = await served.staff("Ana Smith", "agent")
        ben = await served.staff("Ben Hill", "agent")
        await ana.done("declare_major", incident=incident, **CRITERION)
        whole = (await ana.page(f"/desk/incidents/{reference}")).text
        for words in ("METHANE", "Main street 5", "as reported", "unknown"):
            assert words in whole, words
        same = {"was_location": "Main street 5", "letter_location": "Main street 5"}
        hazards = {"was_hazards": "", "letter_hazards": "Live wires"}
        await ana.done("write_methane", incident=incident, before="1", **same, **hazards)
        late = await ben.do("write_methane", incident=incident, before="1", letter_access="Bridge")
        assert late["code"] == "overtaken"
        await served.desk.clock.advance(30 * MINUTE)
        fresh = {"was_hazards": "Live wires", "letter_hazards": "None left"}
        await ben.done("write_methane", incident=incident, before="2", **fresh)
        whole = (await ana.page(f"/desk/incidents/{reference}")).text
        for words in ("version 3", "What changed", "Live wires", "None left", "Ben Hill"):
            assert words in whole, words


async def test_a_decision_stands_with_its_reason_and_a_late_one_says_so(tmp_path: Path) -> None:
    """Practice 5.2: decisions with reason and alternatives; a late entry is marked late."""
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana = await served.staff("Ana Smith", "agent")
        given = {"decision": "Evacuate", "reason": "Smoke", "alternatives": "Stay in"}
        await ana.done("record_decision", incident=incident, **given, time="00:01")
        whole = (await ana.page(f"/desk/incidents/{reference}")).text
        for words in ("Evacuate", "Because: Smoke", "Instead of: Stay in", "late entry"):
            assert words in whole, words
        for odd in ("noon", "25:00", "12" * 50):
            asked = {"id": ana.number(), "incident": incident, **given, "time": odd}
            refused = await ana.post("/do/record_decision", asked)
            assert (refused.status_code, refused.json()["code"]) == (400, "no_time")


async def test_a_restricted_one_is_told_to_nobody_who_may_not_see_it(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana = await served.staff("Ana Smith", "agent")
        ben = await served.staff("Ben Hill", "agent")
        chief = await served.staff("Chief", "supervisor")
        await ana.done("take_incident", incident=incident)
        await ana.done("declare_major", incident=incident, **CRITERION)
        why = RestrictIncident(incident=incident, visibility="restricted", reason="Police")
        await chief.done(why.tag, incident=incident, visibility="restricted", reason="Police")
        assert reference not in (await ben.page("/me")).text
        assert reference in (await chief.page("/me")).text


async def test_the_status_page_says_that_it_is_a_major_one_once_everybody_was_told(
    tmp_path: Path,
) -> None:
    """Issue 7, point 5: the status page shows it as major, and no more after the all-clear, which
    is looked at before it goes and approved by a second person (practice 4.1).
    """
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        ana, chief = await served.staff("Ana", "agent"), await served.staff("Chief", "supervisor")
        await ana.done("declare_major", incident=incident, **CRITERION)
        assert "Major incident" not in (await served.stranger().page("/status")).text
        told = {"words": "We are on it.", "audience": "public", "next_in": "5"}
        await ana.done("publish_update", incident=incident, **told)
        await chief.done("approve_update", incident=incident, draft=1, version=1)
        assert "Major incident" in (await served.stranger().page("/status")).text
        clear = {"recovered": "Power is back.", "data_loss": "No data was lost."}
        looked = await ana.post(
            "/desk/preview/stand_down_major",
            {"incident": incident, **clear},
            accept="application/json",
        )
        for words in ("This is what goes out", "1 customer", "No data was lost.", "supervisor"):
            assert words in looked.text, words
        assert 'formaction="/do/stand_down_major"' in looked.text
        await ana.done("stand_down_major", incident=incident, **clear)
        assert "Major incident" in (await served.stranger().page("/status")).text
        await chief.done("approve_update", incident=incident, draft=2, version=1)
        text = (await served.stranger().page("/status")).text
        assert "Major incident" not in text
        assert "No data was lost." in text
