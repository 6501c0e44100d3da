"""How the fake slows an app down, and what it does to one that does not listen."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.clock import VirtualClock
from tests.slack.fake import FakeSlack
from tests.slack.pace import Pace


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack(VirtualClock()) as fake:
        fake.channel("C1")
        fake.channel("C2")
        yield fake


async def wait(slack: FakeSlack, channel: str) -> int:
    """Post; the seconds after which to try again, 0 when it went out."""
    async with aiohttp.ClientSession() as session:
        client = AsyncWebClient(
            slack.bot_token, base_url=slack.api_url, session=session, retry_handlers=[]
        )
        try:
            await client.chat_postMessage(channel=channel, text="a")
        except SlackApiError as error:
            return int(error.response.headers["Retry-After"])
        return 0


async def test_a_channel_takes_a_message_a_second_after_a_small_burst(slack: FakeSlack) -> None:
    clock = slack.clock
    assert isinstance(clock, VirtualClock)
    assert [await wait(slack, "C1") for _ in range(4)] == [0, 0, 0, 1]
    assert await wait(slack, "C2") == 0
    clock.jump(1_000)
    assert await wait(slack, "C1") == 0
    assert slack.violations == []


async def test_who_goes_on_during_a_429_is_written_down_and_banned(slack: FakeSlack) -> None:
    clock = slack.clock
    assert isinstance(clock, VirtualClock)
    for _ in range(4):
        await wait(slack, "C1")
    clock.jump(500)
    assert await wait(slack, "C1") == 60
    assert slack.violations == ["messages of C1: 0.5 s before the end of a 429"]
    clock.jump(59_000)
    assert await wait(slack, "C1") == 60
    clock.jump(60_000)
    assert await wait(slack, "C1") == 0


def test_each_method_has_its_tier() -> None:
    pace = Pace()
    tries = [pace.judge("chat.update", 3, "C1", 0) for _ in range(51)]
    assert (tries[:50], tries[50]) == ([0] * 50, 2)
    assert pace.judge("users.info", 4, "", 0) == 0
    assert pace.judge("chat.update", 3, "C1", 2_000) == 0


def test_requests_that_were_under_way_are_no_violation_when_many_share_a_limit() -> None:
    pace = Pace()
    for _ in range(51 + 5):
        pace.judge("chat.update", 3, "C1", 0)
    assert pace.violations == []
    pace.judge("chat.update", 3, "C1", 0)
    assert len(pace.violations) == 1


def test_a_workspace_takes_so_much_and_no_more() -> None:
    pace = Pace()
    tries = [pace.judge("chat.postMessage", 0, f"C{at}", 0) for at in range(31)]
    assert (tries[:30], tries[30]) == ([0] * 30, 1)


def test_a_day_at_the_right_pace_is_never_refused() -> None:
    pace = Pace()
    for second in range(5_000):
        assert pace.judge("chat.postMessage", 0, "C1", second * 1_000) == 0
        assert pace.judge("chat.update", 3, "C1", second * 1_200) == 0
