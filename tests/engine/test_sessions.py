"""Sign-ins: random, hashed, ended by use, time, and on purpose."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.engine.hub import News, SignedOut
from bot.engine.sessions import ABSOLUTE, IDLE, TOUCH, Sessions
from bot.store.base import Patch
from bot.wiring import House
from tests.engine.kit import Desk, desk

ANA = "per_" + "A" * 26


def sessions_of(found: Desk) -> Sessions:
    parts = found.machine.parts
    return Sessions(parts.store, parts.codec, parts.clock, parts.chance, found.machine.hub)


@asynccontextmanager
async def house(folder: Path) -> AsyncIterator[tuple[Desk, Sessions]]:
    async with desk(folder) as found:
        yield found, sessions_of(found)


async def test_a_token_is_known_again_also_by_another_process(tmp_path: Path) -> None:
    async with house(tmp_path) as (found, sessions):
        token = await sessions.begin(ANA, "account:1")
        for again in (sessions, sessions_of(found)):
            session = await again.find(token)
            assert session is not None
            assert (session.person, session.account) == (ANA, "account:1")
        assert await sessions.find(token + "x") is None
        assert await sessions.find("") is None


async def test_tokens_are_long_and_never_the_same(tmp_path: Path) -> None:
    async with house(tmp_path) as (_, sessions):
        tokens = {await sessions.begin(ANA, "account:1") for _ in range(20)}
        assert len(tokens) == 20
        assert min(map(len, tokens)) >= 32


async def test_one_that_takes_the_place_of_another_ends_it(tmp_path: Path) -> None:
    async with house(tmp_path) as (_, sessions):
        old = await sessions.begin(ANA, "account:1")
        new = await sessions.begin(ANA, "account:2", instead=old)
        assert await sessions.find(old) is None
        assert await sessions.find(new) is not None


async def test_whoever_holds_an_ended_one_in_hand_learns_of_it(tmp_path: Path) -> None:
    async with house(tmp_path) as (found, sessions):
        heard: list[News] = []
        found.machine.hub.listen(heard.append)
        session = await sessions.find(await sessions.begin(ANA, "account:1"))
        assert session is not None
        assert sessions.serves(session)
        await sessions.end(session)
        assert not sessions.serves(session)
        assert SignedOut(session.key) in heard


async def test_somebody_can_be_signed_out_everywhere(tmp_path: Path) -> None:
    async with house(tmp_path) as (_, sessions):
        tokens = [await sessions.begin(ANA, f"account:{one}") for one in range(3)]
        other = await sessions.begin("per_" + "B" * 26, "account:9")
        assert len(await sessions.of(ANA)) == 3
        await sessions.end_all(ANA)
        assert [await sessions.find(one) for one in tokens] == [None, None, None]
        assert await sessions.find(other) is not None


async def test_use_keeps_it_alive_up_to_the_last_day(tmp_path: Path) -> None:
    async with house(tmp_path) as (found, sessions):
        token = await sessions.begin(ANA, "account:1")
        passed = 0
        while passed + IDLE - 1 < ABSOLUTE:
            await found.clock.advance(IDLE - 1)
            passed += IDLE - 1
            assert await sessions.find(token) is not None
        await found.clock.advance(ABSOLUTE - passed - 1)
        assert await sessions.find(token) is not None
        await found.clock.advance(1)
        assert await sessions.find(token) is None


async def test_unused_it_ends_at_the_very_moment(tmp_path: Path) -> None:
    async with house(tmp_path) as (found, sessions):
        token = await sessions.begin(ANA, "account:1")
        await found.clock.advance(IDLE)
        assert await sessions.find(token) is None


async def test_reading_writes_only_now_and_then(tmp_path: Path) -> None:
    async with house(tmp_path) as (found, sessions):
        token = await sessions.begin(ANA, "account:1")
        await found.clock.advance(TOUCH - 1)
        await sessions.find(token)
        (row,) = await found.store.select("sessions")
        assert row["seen_at"] == row["at"]
        await found.clock.advance(1)
        await sessions.find(token)
        (row,) = await found.store.select("sessions")
        assert row["seen_at"] == found.clock.now()


async def test_what_can_never_serve_again_is_swept_away(tmp_path: Path) -> None:
    async with house(tmp_path) as (found, sessions):
        for one in range(150):
            await sessions.begin(ANA, f"account:{one}")
        await found.clock.advance(IDLE + 1)
        fresh = await sessions.begin(ANA, "account:fresh")
        await sessions.sweep()
        assert await found.store.count("sessions") == 1
        assert await sessions.find(fresh) is not None


async def test_the_running_house_sweeps_them_away(tmp_path: Path) -> None:
    house = House(tmp_path)
    await house.open()
    await house.start()
    await house.sessions.begin(ANA, "account:1")
    await house.sessions.begin(ANA, "account:2")
    row, kept = await house.store.select("sessions", order="at")
    await house.store.write([Patch("sessions", {"token": row["token"]}, {"seen_at": 0})])
    await house.machine.sweep.turn()
    left = [one["token"] for one in await house.store.select("sessions")]
    await house.stop()
    assert left == [kept["token"]]


async def test_all_but_one_can_be_ended(tmp_path: Path) -> None:
    async with house(tmp_path) as (_, sessions):
        kept, *others = [await sessions.begin(ANA, "account:1") for _ in range(3)]
        session = await sessions.find(kept)
        assert session is not None
        await sessions.end_others(session)
        assert [await sessions.find(one) for one in others] == [None, None]
        assert await sessions.find(kept) is not None
