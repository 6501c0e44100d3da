"""The socket to Slack is looked after: closed, silent, deaf or asked to go, another one hears."""

import asyncio

import pytest

from bot.adapters.slack.acquaintance import app_of
from bot.adapters.slack.socket_mode import LOOK, QUIET, SILENT, SocketMode
from bot.engine.ports import Reply
from tests.adapters.slack.ears import Connected, connected


def _socket(one: Connected) -> SocketMode:
    assert one.slack.socket is not None
    return one.slack.socket


async def _renewed(one: Connected, times: int) -> None:
    """Return once that many connections have been opened."""
    for _ in range(5_000):
        if _socket(one).renewed >= times:
            return
        await _socket(one).idle()
    raise AssertionError(f"{_socket(one).renewed} connections were opened, not {times}")


async def _alone(one: Connected) -> None:
    """Return once the fake knows of one connection only."""
    while len(one.fake.sockets.sockets) > 1:
        await _socket(one).idle()


async def _is_heard(one: Connected) -> None:
    before = len(one.spy.heard)
    told = await one.fake.says("U1", "C1", "hello")
    assert told.ok
    assert len(one.spy.heard) == before + 1


async def test_a_socket_that_was_closed_is_opened_again_and_said_to_have_missed_something() -> None:
    async with connected() as one:
        await _is_heard(one)
        assert one.slack.health().sound
        before = len(one.missed)
        await one.fake.sockets.cut()
        await _renewed(one, 2)
        assert len(one.missed) == before + 1
        await _is_heard(one)


async def test_a_silent_socket_is_replaced_after_half_a_minute() -> None:
    async with connected() as one:
        (socket,) = one.fake.sockets.sockets
        socket.deaf, socket.pongs = True, False
        await one.clock.advance(SILENT - LOOK)
        assert _socket(one).renewed == 1
        await one.clock.advance(3 * LOOK)
        await _renewed(one, 2)
        await _alone(one)
        await _is_heard(one)


async def test_a_deaf_socket_that_still_answers_pings_is_replaced_in_time() -> None:
    async with connected() as one:
        (socket,) = one.fake.sockets.sockets
        socket.deaf = True
        watched = _socket(one)
        assert watched._line is not None
        for passed in range(0, QUIET, LOOK):
            # What a ping that was answered leaves behind.
            watched._line._socket.last_ping_pong_time = float(passed)
            await one.clock.advance(LOOK)
        assert watched.renewed == 1
        await one.clock.advance(2 * LOOK)
        await _renewed(one, 2)
        await _alone(one)
        await _is_heard(one)


async def test_a_socket_that_slack_asks_to_go_makes_room_without_a_gap() -> None:
    async with connected() as one:
        await _renewed(one, 1)
        one.spy.waits = asyncio.Event()
        telling = asyncio.create_task(one.fake.says("U1", "C1", "in the middle of it"))
        await one.spy.came.wait()
        before = len(one.missed)
        await one.fake.sockets.disconnect("warning")
        await _renewed(one, 2)
        await one.clock.settle(500)
        one.spy.waits.set()
        async with asyncio.timeout(5):
            assert (await telling).ok, "what came over the old one is acknowledged there"
        await _alone(one)
        assert len(one.missed) == before
        await _is_heard(one)


async def test_slack_that_cannot_be_reached_is_tried_again_ever_more_slowly() -> None:
    async with connected() as one:
        fault = one.fake.fails("apps.connections.open", None, status=503)
        await one.fake.sockets.cut()
        while one.slack.health().sound:
            await _socket(one).idle()
        assert "503" in one.slack.health().detail
        tries = fault.hits
        await one.clock.advance(120_000)
        assert fault.hits - tries < 12
        one.fake.recovers()
        await one.clock.advance(60_000)
        await _renewed(one, 2)
        assert one.slack.health().sound
        await _is_heard(one)


async def test_slack_that_asks_to_wait_is_left_alone_so_long() -> None:
    async with connected() as one:
        later = {"Retry-After": "90"}
        fault = one.fake.fails("apps.connections.open", 1, status=429, headers=later)
        await one.fake.sockets.cut()
        while one.slack.health().sound:
            await _socket(one).idle()
        await one.clock.advance(89_000)
        assert _socket(one).renewed == 1
        await one.clock.advance(2_000)
        await _renewed(one, 2)
        assert fault.hits == 1


async def test_a_key_that_serves_no_more_is_told_and_forgiven() -> None:
    async with connected() as one:
        one.fake.fails("auth.test", None, error="token_revoked")
        await one.clock.advance(6 * 60_000)
        await one.slack.acquaintance.idle()
        assert "SLACK_BOT_TOKEN" in one.slack.health().detail
        one.fake.recovers()
        await one.clock.advance(60_000)
        await one.slack.acquaintance.idle()
        assert one.slack.acquaintance.health().sound


async def test_at_the_end_what_came_is_finished_and_nothing_is_left() -> None:
    before = asyncio.all_tasks()
    async with connected() as one:
        one.spy.waits = asyncio.Event()
        one.spy.says = lambda heard: Reply(text="Just in time.")
        telling = asyncio.create_task(one.fake.command("U1", "C1", text="list"))
        await one.spy.came.wait()
        stopping = asyncio.create_task(_socket(one).stop())
        await asyncio.sleep(0)
        one.spy.waits.set()
        assert (await telling).ok
        await stopping
        assert one.fake.ephemerals("U1")[-1].text == "Just in time."
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before


@pytest.mark.parametrize(
    ("token", "app"), [("xapp-1-A0123-99-abc", "A0123"), ("xapp-fake-app", ""), ("", "")]
)
def test_the_app_is_known_by_its_token(token: str, app: str) -> None:
    assert app_of(token) == app
