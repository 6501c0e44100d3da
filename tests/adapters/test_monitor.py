"""The monitor outside is pinged by the rules of hooks, and whatever it does harms nobody."""

from pathlib import Path

import pytest

from bot.adapters.webhook.monitor import Monitor
from bot.commands.doctor import examine
from bot.engine.ports import Misconfigured, Outage, SendFault
from bot.settings import Settings
from bot.shapes import heartbeat
from bot.wiring import beat_of
from tests.adapters.hook_server import CLOSE, HANG, Program, program, says

EVERY = 60_000


def monitor(there: Program, patience: float = 5) -> Monitor:
    return Monitor(there.url + "/secret-of-ours", EVERY, patience=patience)


async def test_a_ping_is_one_plain_get() -> None:
    async with program() as there:
        await monitor(there)()
        (heard,) = there.heard
        assert heard.line == "GET /hook/secret-of-ours HTTP/1.1"
        assert heard.headers["host"] == f"127.0.0.1:{there.port}"


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (says(500), "answered 500"),
        (says(302, "location: http://127.0.0.1:1/elsewhere"), "answered 302"),
        (CLOSE, "cannot be reached"),
        (HANG, "too long"),
    ],
)
async def test_a_monitor_that_fails_redirects_or_hangs_is_told_without_its_secret(
    answer: bytes, why: str
) -> None:
    async with program() as there:
        there.answers = [answer]
        with pytest.raises(Outage, match=why) as told:
            await monitor(there, patience=0.3)()
        assert "secret" not in str(told.value)
        assert len(there.heard) == 1


async def test_a_name_that_leads_inside_is_not_followed_unless_the_setting_names_it() -> None:
    async def inside(host: str, port: int) -> list[str]:
        return ["10.1.2.3"]

    ping = Monitor("https://monitor.example.org/x", EVERY, resolve=inside, patience=0.3)
    with pytest.raises(Misconfigured, match="address inside"):
        await ping()
    named = Monitor("https://monitor.example.org/x", EVERY, ["10.0.0.0/8"], inside, patience=0.3)
    with pytest.raises(SendFault) as told:
        await named()
    assert not isinstance(told.value, Misconfigured)


@pytest.mark.parametrize(
    "wrong", ["watch.example.org", "http://watch.example.org/x", "https://a b/", "ftp://x/y"]
)
def test_a_monitor_is_asked_over_https_and_a_wrong_address_is_not_told_back(wrong: str) -> None:
    with pytest.raises(ValueError, match="write it like") as told:
        heartbeat(wrong)
    assert wrong not in str(told.value)


def test_without_a_setting_nobody_is_pinged() -> None:
    assert beat_of(Settings()) is None
    given = {"heartbeat_url": "https://m.example.org/p", "heartbeat_every": 30}
    found = beat_of(Settings.model_validate(given))
    assert found is not None
    assert (found.host, found.every) == ("m.example.org", 30_000)


async def test_the_doctor_tries_the_monitor(tmp_path: Path) -> None:
    async with program() as there:
        given = {"heartbeat_url": there.url, "data": tmp_path / "data", "port": 0}
        settings = Settings.model_validate(given)
        lines = [one for one in await examine(settings) if one.about == "heartbeat"]
        assert [(one.well, "takes our pings" in one.words) for one in lines] == [(True, True)]
        there.answers = [says(500)]
        (line,) = [one for one in await examine(settings) if one.about == "heartbeat"]
        assert (line.well, line.words[:24]) == (False, "The monitor answered 500")
