"""Long polling: nothing is confirmed before it is kept, and nothing is handed on twice."""

import asyncio

import pytest

from bot.adapters.telegram.polling import AT_MOST, PEEK, Polling
from bot.core.calendar import DAY, HOUR
from bot.engine.heard import Wrote
from bot.engine.ports import Reply
from tests.adapters.telegram.ears import ANA, BO, TEAM, Connected, begin, connected
from tests.conftest import ExpectedErrors


def words(one: Connected) -> list[str]:
    return [heard.words for heard in one.spy.heard if isinstance(heard, Wrote)]


def polling(one: Connected) -> Polling:
    assert isinstance(one.telegram.hearing, Polling)
    return one.telegram.hearing


async def test_words_are_confirmed_only_once_they_are_kept() -> None:
    async with connected() as one:
        one.spy.waits = asyncio.Event()
        await one.fake.says(ANA, ANA, "The lift is stuck")
        await one.spy.until(lambda: one.spy.heard)
        for _ in range(3):
            await one.clock.advance(PEEK)
        assert len(one.fake.updates.waiting) == 1
        one.spy.waits.set()
        wrote = await one.heard()
        assert isinstance(wrote, Wrote)
        assert (wrote.words, wrote.private, wrote.language) == ("The lift is stuck", True, "en")


async def test_a_chat_goes_in_order_and_another_does_not_wait_for_it() -> None:
    async with connected() as one:
        held = asyncio.Event()
        one.spy.waits = held
        await one.fake.says(ANA, ANA, "first")
        await one.fake.says(ANA, ANA, "second")
        await one.spy.until(lambda: one.spy.heard)
        one.spy.waits = None
        await one.fake.says(ANA, TEAM, "elsewhere", reply_to=0)
        await one.passing(lambda: len(one.spy.heard) == 2)
        assert words(one) == ["first", "elsewhere"]
        held.set()
        await one.rest()
        assert words(one) == ["first", "elsewhere", "second"]


async def test_what_was_not_kept_is_tried_again_and_is_not_overtaken_in_its_chat() -> None:
    async with connected() as one:
        refused = [Reply(text="Not now", again=True)] * 2
        one.spy.says = lambda heard: refused.pop() if refused else Reply()
        await one.fake.says(ANA, ANA, "first")
        await one.spy.until(lambda: one.spy.heard)
        await one.fake.says(ANA, ANA, "second")
        await one.clock.settle(50)
        assert one.fake.updates.waiting
        assert not one.fake.ours(ANA)
        await one.passing(lambda: len(one.spy.heard) == 4)
        await one.rest()
        assert words(one) == ["first", "first", "first", "second"]
        assert len({heard.source for heard in one.spy.heard}) == 2


async def test_what_makes_our_code_fail_three_times_is_left_alone(
    expected_errors: ExpectedErrors,
) -> None:
    def fails(heard: object) -> Reply:
        if isinstance(heard, Wrote) and heard.words == "poison":
            raise RuntimeError("a fault of ours")
        return Reply()

    async with connected() as one:
        one.spy.says = fails
        await one.fake.says(ANA, ANA, "poison")
        await one.fake.says(ANA, ANA, "after it")
        await one.passing(lambda: len(one.spy.heard) == 4)
        await one.rest()
        assert words(one) == ["poison", "poison", "poison", "after it"]
        expected_errors.claim("what somebody did in Telegram failed")
        expected_errors.claim("left alone")


async def test_what_comes_again_after_a_crash_has_the_same_source() -> None:
    sources: list[str] = []
    async with connected() as one:
        sent = await one.fake.says(ANA, ANA, "once")
        await one.rest()
        sources.append(one.spy.heard[0].source)
        one.fake.updates.again(one.fake.updates.all[-1])
        await one.spy.until(lambda: len(one.spy.heard) == 2)
        assert {heard.source for heard in one.spy.heard} == set(sources)
        assert sources == [f"update:{one.telegram.keys.me.id}:{one.fake.updates.all[-1].id}"]
        assert sent.by == ANA


async def test_numbers_that_begin_anew_after_a_quiet_week_are_heard() -> None:
    async with connected() as one:
        await one.fake.says(ANA, ANA, "before")
        await one.rest()
        for _ in range(8):
            one.clock.jump(DAY)
            await one.clock.advance(26_000)
            await one.fake.until(lambda: one.fake.updates.polls > 1)
        one.fake.updates._next = 1_000
        one.fake.updates.last_at = 0
        await one.fake.says(ANA, ANA, "after")
        await one.spy.until(lambda: words(one) == ["before", "after"])
        await one.rest()


async def test_ten_pictures_of_an_album_are_one_message_with_ten_files() -> None:
    async with connected() as one:
        await one.fake.album(ANA, ANA, 10, caption="The ceiling")
        await one.fake.says(ANA, ANA, "and that is all")
        await one.spy.until(lambda: len(one.spy.heard) == 2)
        await one.rest()
        album, after = one.spy.heard
        assert isinstance(album, Wrote)
        assert (album.words, len(album.files)) == ("The ceiling", 10)
        assert len({file.file for file in album.files}) == 10
        assert isinstance(after, Wrote)
        assert after.words == "and that is all"


async def test_an_album_whose_pieces_come_in_two_batches_is_one_and_a_late_piece_another() -> None:
    async with connected() as one:
        ears = one.telegram.ears
        assert ears is not None

        def gathered() -> list[int]:
            return [len(album.pieces) for album in ears._albums.values()]

        await one.fake.album(ANA, ANA, 2, group="g1")
        await one.until(lambda: gathered() == [2])
        await one.fake.album(ANA, ANA, 1, group="g1")
        await one.clock.advance(PEEK)
        await one.until(lambda: gathered() == [3])
        assert one.spy.heard == []
        await one.passing(lambda: one.spy.heard)
        await one.rest()
        await one.fake.album(ANA, ANA, 1, group="g1")
        await one.passing(lambda: len(one.spy.heard) == 2)
        await one.rest()
        assert [len(one.files) for one in one.spy.heard if isinstance(one, Wrote)] == [3, 1]


async def test_a_second_poller_is_told_and_asked_about_each_minute() -> None:
    async with connected(start=False) as one:
        one.fake.fails(
            "getUpdates", 3, status=409, error="Conflict: terminated by other getUpdates"
        )
        await one.fake.says(ANA, ANA, "still there?")
        for worker in one.telegram.workers:
            await worker.start()
        began = one.clock.now()
        await one.passing(lambda: "Somebody" in one.telegram.health().detail)
        await one.passing(lambda: one.spy.heard, 1_000)
        assert one.clock.now() - began > 2 * AT_MOST
        await one.rest()
        assert one.telegram.health().sound


async def test_one_who_only_looked_costs_a_second() -> None:
    async with connected(start=False) as one:
        one.fake.fails(
            "getUpdates", 1, status=409, error="Conflict: terminated by other getUpdates"
        )
        await one.fake.says(ANA, ANA, "still there?")
        await begin(one)
        began = one.clock.now()
        await one.passing(lambda: one.spy.heard)
        assert one.clock.now() - began < 10_000
        await one.rest()


@pytest.mark.parametrize(
    "fault", [{"status": 500, "body": "x"}, {"retry_after": 3}, {"drop": True}, {"body": "[1"}]
)
async def test_trouble_passes_and_nothing_is_lost(fault: dict[str, object]) -> None:
    async with connected(start=False) as one:
        one.fake.fails("getUpdates", 3, **fault)
        await one.fake.says(ANA, ANA, "hello")
        await begin(one)
        await one.passing(lambda: one.spy.heard)
        await one.rest()
        assert words(one) == ["hello"]
        assert one.telegram.health().sound


async def test_what_cannot_be_read_holds_nothing_up() -> None:
    async with connected() as one:
        bodies: list[object] = [{}, {"message_id": "x"}, {"chat": 7, "from": "?"}, [], 5]
        for body in bodies:
            one.fake.malformed(body)
        one.fake.malformed([], "callback_query")
        one.fake.malformed({"id": 5, "from": {"id": "x"}, "data": 7}, "callback_query")
        await one.fake.says(ANA, ANA, "fine")
        await one.spy.until(lambda: one.spy.heard)
        await one.rest()
        assert words(one) == ["fine"]


async def test_a_webhook_that_was_set_is_ended_and_what_waited_is_kept() -> None:
    async with connected(start=False) as one:
        await one.fake.says(ANA, ANA, "before the start")
        await begin(one)
        await one.spy.until(lambda: one.spy.heard)
        (ended,) = one.fake.called("deleteWebhook")
        assert ended.args.get("drop_pending_updates") in (None, False, "false")


async def test_it_stops_at_once_and_confirms_what_was_kept() -> None:
    async with connected() as one:
        await one.fake.says(ANA, ANA, "last words")
        await one.spy.until(lambda: one.spy.heard)
        await polling(one).stop()
        assert one.fake.updates.waiting == []


async def test_what_is_not_kept_when_it_stops_stays_with_telegram() -> None:
    async with connected() as one:
        one.spy.says = lambda heard: Reply(again=True)
        await one.fake.says(ANA, ANA, "not yet")
        await one.spy.until(lambda: one.spy.heard)
        await polling(one).stop()
        assert len(one.fake.updates.waiting) == 1


async def test_after_a_start_and_a_day_of_silence_memberships_are_asked_anew() -> None:
    async with connected() as one:
        await one.fake.says(ANA, ANA, "hello")
        await one.spy.until(lambda: one.spy.heard)
        await one.rest()
        assert len(one.missed) == 1
        one.clock.jump(21 * HOUR)
        await one.clock.advance(26_000)
        await one.fake.says(ANA, ANA, "again")
        await one.spy.until(lambda: len(one.spy.heard) == 2)
        assert len(one.missed) == 2


async def test_news_of_people_and_places_are_told() -> None:
    async with connected() as one:
        await one.fake.joins(BO, TEAM)
        await one.fake.leaves(BO, TEAM)
        await one.fake.blocks(ANA)
        await one.spy.until(lambda: any(x.what == "blocked" for x in one.spy.changes))
        await one.rest()
        assert {"joined", "left", "blocked"} <= {x.what for x in one.spy.changes}


async def test_it_says_that_all_is_well_before_anything_has_come() -> None:
    async with connected() as one:
        await one.fake.until(lambda: one.fake.updates.polls > 1)
        health = one.telegram.health()
        assert health.sound
        assert "last answer 0 s ago" in health.detail
