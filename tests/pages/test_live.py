"""Streams: the newest view of what changed, for those who may see it, for as long as they may."""

import asyncio
from contextlib import ExitStack
from pathlib import Path

import pytest

from bot.adapters.web.house import Limits
from bot.core.incident_commands import RestrictIncident
from bot.core.person_words import DisablePerson, RevokeRole
from bot.engine.hub import Changed
from bot.engine.live import BOARD, TURN, Change, Feed, customers_of
from tests.pages.kit import ORIGIN, Page, Web, stream, web
from tests.pages.test_desk import reported


async def test_a_stream_begins_with_what_stands_there_now(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, _, reference = await reported(served)
        ana = await served.staff("Ana", "agent")
        async with stream(ana, "/desk/live") as opened:
            event, data = await opened.next()
            assert opened.status == 200
            assert opened.headers["content-type"].startswith("text/event-stream")
            assert opened.headers["cache-control"] == "no-store"
            assert opened.headers["x-accel-buffering"] == "no"
            assert event == "board"
            assert reference in data["cards"][0]


async def test_a_changed_card_comes_by_itself(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana = await served.staff("Ana Smith", "agent")
        async with stream(ana, "/desk/live") as opened:
            await opened.next("board")
            await ana.done("take_incident", incident=incident)
            _, data = await opened.next("line")
            assert data["id"] == incident
            assert "Ana Smith" in Page(data["html"]).text
            assert reference in data["html"]


async def test_a_card_that_has_ended_goes(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        ana = await served.staff("Ana", "agent")
        async with stream(ana, "/desk/live") as opened:
            await opened.next("board")
            await ana.done("cancel_incident", incident=incident, reason="A false alarm")
            _, data = await opened.next("line")
            assert data == {"id": incident, "html": ""}


async def test_ten_quick_changes_cost_a_slow_page_one_frame(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        with served.house.feeds.open("board") as feed:
            ana = await served.staff("Ana", "agent")
            for one in range(10):
                level = "high" if one % 2 else "low"
                await ana.done("assess_incident", incident=incident, impact=level, urgency=level)
            changes = await feed.take()
        assert [thing for topic, thing in changes if topic == "board"].count(incident) == 1


async def test_the_page_of_an_incident_follows_its_reports_too(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, _, reference = await reported(served)
        ana = await served.staff("Ana", "agent")
        async with stream(ana, f"/desk/incidents/{reference}/live") as opened:
            await opened.next("view")
            await visitor.did("write_message", words="Is anyone there?")
            _, data = await opened.next("view")
            while "Is anyone there?" not in data["html"]:
                _, data = await opened.next("view")


async def test_a_report_in_the_making_is_followed(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        await visitor.did("answer_question", field="safety", value="no")
        reference = (await visitor.state())["report"]["reference"]
        ana = await served.staff("Ana", "agent")
        async with stream(ana, f"/desk/reports/{reference}/live") as opened:
            await opened.next("view")
            await visitor.did("answer_question", field="what", value="Something odd")
            _, data = await opened.next("view")
            assert "Something odd" in data["html"]


async def test_tasks_appear_and_go_on_every_open_task_board(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        ben, cleo = await served.staff("Ben", "resource"), await served.staff("Cleo", "resource")
        async with stream(cleo, "/tasks/live") as opened:
            _, data = await opened.next("view")
            assert "Main street 5" in data["html"]
            await ben.done("claim_task", incident=incident, task=1, minutes=15)
            _, data = await opened.next("view")
            assert "Main street 5" not in data["html"]


async def test_the_status_page_of_a_stranger_follows_public_updates(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        ana = await served.staff("Ana", "agent")
        async with stream(served.stranger(), "/status/live") as opened:
            await opened.next("view")
            await ana.done(
                "publish_update",
                incident=incident,
                words="Power is back by noon.",
                audience="public",
                next_in=60,
            )
            _, data = await opened.next("view")
            while "Power is back by noon." not in data["html"]:
                _, data = await opened.next("view")


async def later(served: Web) -> None:
    """Fifteen seconds go by, once the heart has begun to beat."""
    await served.desk.clock.settle()
    await served.desk.clock.advance(15_000)


# --- who may -----------------------------------------------------------------------------------


async def test_a_role_taken_away_closes_the_stream_at_once(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent", "resource")
        chief = await served.staff("Chief", "administrator")
        async with stream(ana, "/desk/live") as opened:
            await opened.next("board")
            await served.asks(chief, RevokeRole(person=ana.person, role="agent"))
            assert (await opened.next("gone", "end"))[0] == "gone"
            await opened.next("end")


async def test_a_closed_account_closes_its_streams(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        chief = await served.staff("Chief", "administrator")
        async with stream(ana, "/tasks/live") as opened:
            await opened.next("view")
            await served.asks(chief, DisablePerson(person=ana.person))
            await opened.next("gone")


async def test_signing_out_closes_the_stream_of_that_browser_and_no_other(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana, ben = await served.staff("Ana", "agent"), await served.staff("Ben", "agent")
        async with stream(ana, "/desk/live") as mine, stream(ben, "/desk/live") as other:
            await mine.next("board")
            await other.next("board")
            await other.next("notices")
            await other.next("majors")
            await ana.client.post("/signout", data={}, headers={"origin": ORIGIN})
            await mine.next("gone")
            await served.settle()
            assert other.waiting() == 0


async def test_a_sign_in_that_runs_out_closes_the_stream_at_the_next_heartbeat(
    tmp_path: Path,
) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        async with stream(ana, "/desk/live") as opened:
            await opened.next("board")
            served.house.sessions._idle = 1
            await later(served)
            await opened.next("gone")


async def test_restricted_means_gone_for_other_agents_while_they_look(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana, ben = await served.staff("Ana", "agent"), await served.staff("Ben", "agent")
        await ana.done("take_incident", incident=incident)
        page = f"/desk/incidents/{reference}/live"
        async with stream(ben, "/desk/live") as board, stream(ben, page) as opened:
            await board.next("board")
            await opened.next("view")
            command = RestrictIncident(
                incident=incident, visibility="restricted", reason="Safeguarding"
            )
            await served.asks(ana, command)
            _, data = await board.next("line")
            assert data == {"id": incident, "html": ""}
            await opened.next("gone")


async def test_a_restricted_incident_has_no_stream_for_other_agents(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        _, incident, reference = await reported(served)
        ana, ben = await served.staff("Ana", "agent"), await served.staff("Ben", "agent")
        await ana.done("take_incident", incident=incident)
        command = RestrictIncident(
            incident=incident, visibility="restricted", reason="Safeguarding"
        )
        await served.asks(ana, command)
        response = await ben.get(f"/desk/incidents/{reference}/live")
        assert response.status_code == 404


async def test_agents_who_read_one_language_are_sent_the_same_bytes(tmp_path: Path) -> None:
    """Made once, sent to all; whoever may not see it has none of it."""
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        ana, ben = await served.staff("Ana", "agent"), await served.staff("Ben", "supervisor")
        async with stream(ana, "/desk/live") as first, stream(ben, "/desk/live") as second:
            await first.next("board")
            await second.next("board")
            await ana.done("take_incident", incident=incident)
            assert await first.next("line") == await second.next("line")


# --- the customer's stream ---------------------------------------------------------------------


async def test_a_customers_stream_only_rings(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, incident, _ = await reported(served)
        ana = await served.staff("Ana", "agent")
        async with stream(visitor, "/chat/stream") as opened:
            assert await opened.next() == ("ring", {})
            await ana.done("take_incident", incident=incident)
            assert await opened.next() == ("ring", {})


async def test_what_a_customer_does_not_see_does_not_ring(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, incident, _ = await reported(served)
        ana = await served.staff("Ana", "agent")
        await ana.done("take_incident", incident=incident)
        async with stream(visitor, "/chat/stream") as opened:
            await opened.next("ring")
            await ana.done("write_incident_note", incident=incident, words="For us only")
            await ana.done("assess_incident", incident=incident, impact="low", urgency="low")
            assert opened.waiting() == 0


async def test_a_second_window_hears_what_the_first_one_did(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor = await served.visitor()
        async with stream(visitor, "/chat/stream") as opened:
            await opened.next("ring")
            await visitor.did("begin_report")
            await opened.next("ring")


async def test_one_customer_does_not_hear_of_another(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        visitor, other = await served.visitor(), await served.visitor()
        await other.did("begin_report")
        async with stream(other, "/chat/stream") as opened:
            await opened.next("ring")
            await served.settle()
            await visitor.report()
            assert opened.waiting() == 0


async def test_streams_of_one_address_are_counted(tmp_path: Path) -> None:
    async with web(tmp_path, limits=Limits(streams=1)) as served:
        visitor = await served.visitor()
        async with stream(visitor, "/chat/stream") as opened:
            await opened.next("ring")
            response = await visitor.client.get("/chat/stream", headers=visitor.headers)
            assert response.status_code == 429
        async with stream(visitor, "/chat/stream") as again:
            await again.next("ring")


async def test_streams_of_the_status_page_are_counted_too(tmp_path: Path) -> None:
    async with web(tmp_path, limits=Limits(streams=1)) as served:
        here = served.stranger()
        async with stream(here, "/status/live") as opened:
            await opened.next("view")
            assert (await here.get("/status/live")).status_code == 429
            async with stream(await served.staff("Ana"), "/desk/live") as other:
                await other.next("board")
        async with stream(here, "/status/live") as again:
            await again.next("view")


# --- life --------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/desk/live", "/tasks/live", "/status/live"])
async def test_every_page_hears_a_heartbeat_within_fifteen_seconds(
    tmp_path: Path, path: str
) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        async with stream(ana, path) as opened:
            await opened.next("board", "view")
            for _ in range(3):
                await later(served)
                await opened.next("beat")


async def test_when_the_house_closes_every_stream_ends(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana, visitor = await served.staff("Ana", "agent"), await served.visitor()
        async with stream(ana, "/desk/live") as first, stream(visitor, "/chat/stream") as second:
            await first.next("board")
            await second.next("ring")
            assert served.house.feeds.count == 2
            served.house.feeds.close()
            await asyncio.gather(first.next("end"), second.next("end"))
            assert served.house.feeds.count == 0


async def test_a_browser_that_goes_away_leaves_nothing_behind(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        ana = await served.staff("Ana", "agent")
        for _ in range(5):
            async with stream(ana, "/desk/live") as opened:
                await opened.next("board")
        assert served.house.feeds.count == 0
        assert not served.house.feeds._by_topic
        metrics = await served.stranger("127.0.0.1").get("/metrics")
        assert "muster_open_streams 0.0" in metrics.text


async def _change(feed: Feed) -> list[Change]:
    """What it is told; heartbeats apart."""
    while not (found := await feed.take()):
        continue
    return found


async def test_a_crowd_of_customers_is_told_some_at_a_time_and_all_in_the_end(
    tmp_path: Path,
) -> None:
    """So they do not hold up the desk, which is told at once."""
    async with web(tmp_path) as served:
        _, incident, _ = await reported(served)
        feeds, hub = served.house.feeds, served.house.engine.hub
        with ExitStack() as stack:
            crowd = [
                stack.enter_context(feeds.open(customers_of(incident))) for _ in range(3 * TURN)
            ]
            desk = stack.enter_context(feeds.open(BOARD))
            told = [asyncio.create_task(_change(one)) for one in crowd]
            working = asyncio.create_task(_change(desk))
            await asyncio.sleep(0)
            hub.tell(Changed(incident, 9, frozenset({"incidents"})))
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            assert working.done()
            assert sum(one.done() for one in told) == TURN
            assert await asyncio.gather(*told) == [[(customers_of(incident), incident)]] * 3 * TURN
