"""How fast the bot may go, and what follows when it does not wait."""

from collections.abc import AsyncIterator

import pytest
from telegram import Bot, InputMediaPhoto
from telegram.error import RetryAfter

from tests.clock import VirtualClock
from tests.telegram.conftest import ANA, BO, TEAM, library
from tests.telegram.fake import FakeTelegram
from tests.telegram.pace import Pace

SECOND = 1_000


@pytest.fixture
async def fake(clock: VirtualClock) -> AsyncIterator[FakeTelegram]:
    async with FakeTelegram(clock) as fake:
        fake.user(ANA, "Ana", started=True)
        fake.group(TEAM, "Triage", [ANA, BO])
        yield fake


@pytest.fixture
async def bot(fake: FakeTelegram) -> AsyncIterator[Bot]:
    async with library(fake) as bot:
        yield bot


async def test_too_much_at_once_is_told_to_wait(
    fake: FakeTelegram, bot: Bot, clock: VirtualClock
) -> None:
    for _ in range(3):
        await bot.send_message(ANA, "x")
    with pytest.raises(RetryAfter, match="Retry in 0:00:03"):
        await bot.send_message(ANA, "x")
    await clock.advance(3 * SECOND)
    assert (await bot.send_message(ANA, "x")).id == 4
    assert fake.violations == []


async def test_going_on_is_a_violation_and_makes_the_wait_longer(
    fake: FakeTelegram, bot: Bot, clock: VirtualClock
) -> None:
    await bot.send_message(TEAM, "x")
    for _ in range(4):
        with pytest.raises(RetryAfter):
            await bot.send_message(TEAM, "x")
    assert [one.wait for one in fake.called("sendMessage")] == [0, 1, 30, 60, 120]
    assert fake.violations == [
        f"chat {TEAM}: 1.0 s before the end of a 429",
        f"chat {TEAM}: 30.0 s before the end of a 429",
        f"chat {TEAM}: 60.0 s before the end of a 429",
    ]
    assert (await bot.send_message(ANA, "another chat goes on")).id == 1


async def test_answers_to_presses_and_looking_cost_nothing(fake: FakeTelegram, bot: Bot) -> None:
    await bot.send_message(TEAM, "x")
    for _ in range(5):
        await bot.get_chat(TEAM)
        await bot.send_chat_action(TEAM, "typing")
        await bot.delete_messages(TEAM, [99])
    assert fake.pace.refused == 0


async def test_a_fault_that_tells_to_wait_counts_too(fake: FakeTelegram, bot: Bot) -> None:
    fake.fails("sendMessage", retry_after=7)
    for _ in range(2):
        with pytest.raises(RetryAfter):
            await bot.send_message(ANA, "x")
    assert [one.wait for one in fake.called("sendMessage")] == [7, 30]
    assert fake.violations == [f"chat {ANA}: 7.0 s before the end of a 429"]


def test_a_group_bears_twenty_a_minute_edits_and_albums_counted() -> None:
    pace, now = Pace([]), 0
    for at in range(17):
        assert pace.judge(TEAM, now + at * SECOND) == 0
    now = 17 * SECOND
    assert pace.judge(TEAM, now, many=3) == 0
    assert pace.judge(TEAM, now + SECOND) == 42
    assert pace.judge(TEAM, now + 43 * SECOND) == 0
    assert pace.busiest(TEAM) == 20
    assert pace.violations == []


def test_three_seconds_between_messages_to_a_group_are_never_too_fast() -> None:
    group, private = Pace([]), Pace([])
    assert {group.judge(TEAM, at * 3_100) for at in range(100)} == {0}
    assert {private.judge(ANA, at * 1_100) for at in range(100)} == {0}


def test_all_chats_together_bear_thirty_a_second() -> None:
    pace = Pace([])
    assert [pace.judge(chat, 0) for chat in range(1, 32)] == [0] * 30 + [1]
    for chat in range(40, 50):
        assert pace.judge(chat, 500) == 1
    assert pace.violations == []
    assert pace.judge(51, 500) == 30
    assert pace.violations == ["all: 0.5 s before the end of a 429"]
    wide = Pace([], scale=100)
    assert {wide.judge(chat, 0) for chat in range(1, 3_001)} == {0}


def test_who_waits_is_trusted_again() -> None:
    pace = Pace([])
    for _ in range(3):
        pace.judge(TEAM, 0)
    assert pace.judge(TEAM, 30_000) == 0
    assert pace.judge(TEAM, 30_000) == 1
    assert pace.judge(TEAM, 30_500) == 60
    assert pace.judge(TEAM, 900_000) == 0
    assert pace.judge(TEAM, 900_000) == 1
    assert pace.judge(TEAM, 900_000) == 30


async def test_an_album_counts_by_its_files(fake: FakeTelegram, bot: Bot) -> None:
    await bot.send_media_group(TEAM, [InputMediaPhoto(b"a"), InputMediaPhoto(b"b")])
    assert fake.pace.busiest(TEAM) == 2
