"""Strangers are slowed down, each for themselves; the staff never is."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.web.house import Limits
from bot.engine.limits import Rate
from tests.pages.kit import web

TIGHT = Limits(
    visitor=Rate(burst=3, per_minute=60),
    reader=Rate(burst=5, per_minute=60),
    address=Rate(burst=100, per_minute=60),
    fresh=Rate(burst=2, per_minute=1),
    streams=2,
)


async def test_somebody_who_presses_too_fast_waits_a_moment_and_nobody_else_does(
    tmp_path: Path,
) -> None:
    async with web(tmp_path, limits=TIGHT) as served:
        visitor, other = await served.visitor(), await served.visitor()
        statuses = [(await visitor.say("begin_report")).status_code for _ in range(4)]
        assert statuses == [200, 200, 200, 429]
        slow = await visitor.say("begin_report")
        assert int(slow.headers["retry-after"]) >= 1
        assert "wait a minute" in slow.json()["text"]
        assert (await other.say("begin_report")).status_code == 200
        await served.desk.clock.advance(2000)
        assert (await visitor.say("begin_report")).status_code == 200


async def test_reading_too_fast_is_slowed_down_apart_from_pressing(tmp_path: Path) -> None:
    async with web(tmp_path, limits=TIGHT) as served:
        visitor = await served.visitor()
        path = "/chat/state"
        statuses = [
            (await visitor.client.get(path, headers=visitor.headers)).status_code for _ in range(6)
        ]
        assert statuses == [200] * 5 + [429]
        assert (await visitor.say("begin_report")).status_code == 200


async def test_one_address_cannot_make_visitors_without_end(tmp_path: Path) -> None:
    async with web(tmp_path, limits=TIGHT) as served:
        here = served.stranger()
        statuses = [(await here.post("/chat/visitor", {})).status_code for _ in range(3)]
        assert statuses == [200, 200, 429]
        elsewhere = served.stranger("198.51.100.7")
        assert (await elsewhere.post("/chat/visitor", {})).status_code == 200


async def test_addresses_of_one_line_count_as_one(tmp_path: Path) -> None:
    async with web(tmp_path, limits=TIGHT) as served:
        statuses = [
            (await served.stranger(f"2001:db8::{one}").post("/chat/visitor", {})).status_code
            for one in (1, 2, 3)
        ]
        assert statuses == [200, 200, 429]


async def test_a_claimed_address_is_not_believed(tmp_path: Path) -> None:
    async with web(tmp_path, limits=TIGHT) as served:
        here = served.stranger()
        statuses = [
            (
                await here.post("/chat/visitor", {}, **{"x-forwarded-for": f"203.0.113.{one}"})
            ).status_code
            for one in range(3)
        ]
        assert statuses == [200, 200, 429]


async def test_a_flood_of_strangers_never_slows_the_staff(tmp_path: Path) -> None:
    async with web(tmp_path, limits=TIGHT) as served:
        visitor = await served.visitor()
        await visitor.say("begin_report")
        ana = await served.staff("Ana", "agent", "resource")
        for _ in range(150):
            await visitor.say("go_back")
        for _ in range(150):
            assert (await ana.do("set_availability", available=False))["outcome"] == "done"


@pytest.mark.parametrize(
    ("path", "rate"), [("/chat", "pages"), ("/nothing", "pages"), ("/chat/file/x", "address")]
)
async def test_one_address_gets_only_so_many_pages_and_the_staff_there_all(
    tmp_path: Path, path: str, rate: str
) -> None:
    given: dict[str, Any] = {rate: Rate(burst=20, per_minute=60)}
    limits = replace(Limits(), **given)
    async with web(tmp_path, limits=limits) as served:
        ana, here = await served.staff("Ana"), served.stranger()
        statuses = [(await here.get(path)).status_code for _ in range(25)]
        assert statuses[0] != 429
        assert statuses[-1] == 429
        slow = await here.get(path, **{"accept-language": "ru"})
        assert int(slow.headers["retry-after"]) >= 1
        assert "минуту" in slow.text
        assert "<" not in slow.text
        forged = await here.get(path, cookie="muster=forged; __Host-muster=forged")
        assert forged.status_code == 429
        for _ in range(30):
            assert (await ana.get("/desk")).status_code == 200
        assert (await here.get("/static/base.css")).status_code == 200
        assert (await served.stranger("198.51.100.7").get(path)).status_code != 429
        await served.desk.clock.advance(2000)
        assert (await here.get(path)).status_code != 429


async def test_what_is_too_much_is_not_even_read(tmp_path: Path) -> None:
    limits = Limits(address=Rate(burst=1, per_minute=1))
    async with web(tmp_path, limits=limits) as served:
        here = served.stranger()
        await here.post("/chat/visitor", {})
        answer = await here.post("/chat/do", {"x": "y" * 100_000}, accept="application/json")
        assert answer.json()["code"] == "too_fast"
        assert answer.status_code == 429
        assert answer.headers["connection"] == "close"
