"""What machines ask: alive, ready, numbers."""

from pathlib import Path

from tests.channel import ScriptedChannel
from tests.clock import VirtualClock
from tests.pages.kit import web


async def test_alive_and_ready(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        probe = served.stranger()
        assert (await probe.get("/healthz")).status_code == 200
        assert (await probe.get("/readyz")).status_code == 200
        served.house.is_ready = False
        assert (await probe.get("/readyz")).status_code == 503
        assert (await probe.get("/healthz")).status_code == 200


async def test_a_loop_that_has_died_is_not_healthy(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        await served.desk.machine.timers.stop()
        assert (await served.stranger().get("/healthz")).status_code == 503
        await served.desk.machine.timers.start()


async def test_how_the_channels_are_is_for_this_computer_and_for_administrators(
    tmp_path: Path,
) -> None:
    channel = ScriptedChannel(VirtualClock())
    async with web(tmp_path, channels={channel.name: channel}) as served:
        chief = await served.staff("Chief", "administrator")
        for probe in (served.stranger("127.0.0.1"), chief):
            told = (await probe.get("/healthz")).json()
            assert told["channels"] == {channel.title: {"sound": True, "detail": ""}}
        assert (await served.stranger().get("/healthz")).json() == {"alive": True, "on_time": True}


async def test_numbers_are_for_this_computer_and_for_administrators(tmp_path: Path) -> None:
    async with web(tmp_path) as served:
        assert (await served.stranger("127.0.0.1").get("/metrics")).status_code == 200
        assert (await served.stranger("::1").get("/metrics")).status_code == 200
        assert (await served.stranger().get("/metrics")).status_code == 403
        passed_on = await served.stranger("127.0.0.1").get(
            "/metrics", **{"x-forwarded-for": "203.0.113.9"}
        )
        assert passed_on.status_code == 403
        ana = await served.staff("Ana", "agent")
        assert (await ana.get("/metrics")).status_code == 403
        chief = await served.staff("Chief", "administrator")
        numbers = await chief.get("/metrics")
        assert numbers.status_code == 200
        for name in ("muster_queue_age", "muster_delivery_lag", "muster_handle", "muster_open"):
            assert name in numbers.text
