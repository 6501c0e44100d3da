"""What was put off is told as it stands when it is told, not as it stood when it was written."""

from pathlib import Path

from bot.core.following import Wish
from bot.core.ids import StreamId
from bot.core.incident_commands import CorrectUpdate, WithdrawUpdate
from bot.core.person_words import Subscribe
from bot.engine.ports import RateLimited
from tests.channel import Step
from tests.engine.delivery import Office, office
from tests.engine.test_audience import MINUTE, incident, publish
from tests.engine.test_following import HOUR, minute

FIRST, RIGHT = "The lights are back in the east wing.", "The lights are back in the west wing."


async def put_off(one: Office) -> StreamId:
    """An incident, and somebody whom nothing reaches for an hour."""
    stream = await incident(one)
    await one.press(Subscribe(scope="all", wish=quiet_hour(one)), "sam")
    return stream


def quiet_hour(one: Office) -> Wish:
    now = minute(one, 0)
    return Wish(quiet=(now, (now + 60) % 1440), zone="UTC")


async def correct(one: Office, stream: StreamId, words: str, number: int = 1) -> None:
    await one.desk.done(CorrectUpdate(incident=stream, number=number, words=words), "ana")


async def withdraw(one: Office, stream: StreamId, number: int = 1) -> None:
    await one.desk.done(WithdrawUpdate(incident=stream, number=number, reason="wrong"), "ana")


async def heard(one: Office) -> list[str]:
    await one.advance(HOUR + MINUTE)
    assert not await one.store.count("outbox", {"state": "held"})
    return one.channel.texts("sam")


async def test_who_never_heard_the_wrong_words_hears_the_right_ones_alone(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        stream = await put_off(one)
        await publish(one, stream, "public", FIRST)
        await correct(one, stream, "The lights are out.")
        await correct(one, stream, RIGHT)
        (text,) = await heard(one)
        assert RIGHT in text
        assert "correction" not in text
        assert FIRST not in text


async def test_no_promise_is_told_once_its_time_has_passed(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        stream = await put_off(one)
        await publish(one, stream, "public", FIRST)
        (text,) = await heard(one)
        assert FIRST in text
        assert "this is how things stand" in text
        assert "next update" not in text


async def test_what_was_taken_back_before_it_was_told_is_not_told_at_all(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        stream = await put_off(one)
        await publish(one, stream, "public", FIRST)
        await withdraw(one, stream)
        assert await heard(one) == []


async def test_when_the_newest_was_taken_back_the_one_before_it_is_told(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        stream = await put_off(one)
        await publish(one, stream, "public", FIRST)
        await correct(one, stream, RIGHT)
        await publish(one, stream, "public", "All is well.")
        await withdraw(one, stream, 2)
        (text,) = await heard(one)
        assert RIGHT in text
        assert "All is well." not in text


async def test_among_several_each_is_told_as_it_stands(tmp_path: Path) -> None:
    async with office(tmp_path) as one:
        stream = await put_off(one)
        other = await incident(one, "carl")
        await publish(one, stream, "public", FIRST)
        await publish(one, other, "public", "Another.")
        await correct(one, stream, RIGHT)
        (text,) = await heard(one)
        assert "2 updates for you" in text
        assert (RIGHT in text, FIRST in text, "Another." in text) == (True, False, True)


async def test_who_heard_the_wrong_words_hears_the_newest_of_what_mends_them(
    tmp_path: Path,
) -> None:
    async with office(tmp_path) as one:
        stream = await incident(one)
        await one.press(Subscribe(scope="all"), "sam")
        await publish(one, stream, "public", FIRST)
        await one.advance(MINUTE)
        await one.press(Subscribe(scope="all", wish=quiet_hour(one)), "sam")
        await correct(one, stream, RIGHT)
        await withdraw(one, stream)
        first, last = await heard(one)
        assert FIRST in first
        assert "please disregard" in last
        assert RIGHT not in last


async def test_what_was_corrected_before_it_could_be_sent_is_told_once_and_right(
    tmp_path: Path,
) -> None:
    """Also to those who reported it, and without quiet hours: nothing could be sent for a while."""
    async with office(tmp_path) as one:
        stream = await incident(one)
        await one.press(Subscribe(scope="all"), "sam")
        await one.advance(MINUTE)
        before = len(one.channel.texts("carol"))
        one.channel.plan = lambda act, at, post: Step(RateLimited(retry_after=600, whole=True))
        await one.say("somebody", "Hello")
        await one.advance(MINUTE)
        await publish(one, stream, "public", FIRST)
        await correct(one, stream, "The lights are out.")
        await correct(one, stream, RIGHT)
        await publish(one, stream, "public", "All is well.")
        await withdraw(one, stream, 2)
        one.channel.plan = None
        await one.advance(HOUR)
        for texts in (one.channel.texts("sam"), one.channel.texts("carol")[before:]):
            assert [RIGHT in text for text in texts] == [True, False]
            assert "disregard" in texts[1]
            assert not [text for text in texts if FIRST in text or "All is well." in text]
