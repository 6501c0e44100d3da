"""A Telegram without a pace, on a virtual clock, and the library that talks to it."""

import logging
from collections.abc import AsyncIterator

import pytest
from telegram import Bot
from telegram.request import HTTPXRequest

from tests.clock import VirtualClock
from tests.telegram.fake import FakeTelegram

ANA, BO = 11, 12
TEAM, FORUM, SMALL = -1001, -1002, -77


def library(fake: FakeTelegram, token: str = "") -> Bot:
    """The real library, pointed at the fake."""
    plain = {"trust_env": False, "verify": False}
    return Bot(
        token or fake.token,
        base_url=f"{fake.api_url}/bot",
        base_file_url=f"{fake.api_url}/file/bot",
        request=HTTPXRequest(connection_pool_size=16, httpx_kwargs=plain),
        get_updates_request=HTTPXRequest(httpx_kwargs=plain),
    )


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """The library warns of how it counts seconds whenever it is told to wait, and logs errors."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    caplog.set_level(logging.CRITICAL, "telegram")


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


@pytest.fixture
async def fake(clock: VirtualClock) -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(clock, pace=False) as fake:
        fake.user(ANA, "Ana Ruiz", started=True)
        fake.user(BO, "Bo Lind", "ru", "bolind")
        fake.group(TEAM, "Triage", [ANA, BO])
        fake.group(FORUM, "Incidents", [ANA], [BO], forum=True)
        fake.group(SMALL, "Small", [ANA, BO], supergroup=False)
        yield fake


@pytest.fixture
async def bot(fake: FakeTelegram) -> AsyncIterator[Bot]:
    """The library, signed in."""
    async with library(fake) as bot:
        yield bot
