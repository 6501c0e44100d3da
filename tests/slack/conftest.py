"""A workspace without a pace, on a virtual clock, and the two that talk to it."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from tests.clock import VirtualClock
from tests.slack.bolts import Echo, serving
from tests.slack.fake import FakeSlack


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
async def slack(clock: VirtualClock) -> AsyncIterator[FakeSlack]:
    async with FakeSlack(clock, pace=False) as fake:
        fake.user("U1", "Ana Ruiz", email="ana@x.example")
        fake.user("U2", "Bo Lind")
        fake.channel("C1", "triage", members=["U1"])
        yield fake


@pytest.fixture
async def client(slack: FakeSlack) -> AsyncIterator[AsyncWebClient]:
    """The SDK, without its own retries."""
    async with aiohttp.ClientSession() as session:
        yield AsyncWebClient(
            slack.bot_token, base_url=slack.api_url, session=session, retry_handlers=[]
        )


@pytest.fixture
async def echo(slack: FakeSlack) -> AsyncIterator[Echo]:
    """A Bolt app that takes requests over HTTP."""
    echo = Echo(slack)
    async with serving(slack, echo):
        yield echo
