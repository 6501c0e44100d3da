"""What is urgent reaches people outside by another of their ways; where there is none, somebody
phones them. Nothing ends silently (practice 4.3, 4.4, 9.2).
"""

from pathlib import Path

import pytest

from bot.core.calendar import HOUR
from bot.core.ids import StreamId
from bot.core.incident_commands import OverridePriority, TakeIncident
from bot.core.person_words import Subscribe
from bot.core.priority import Priority
from bot.core.report_words import ReportDanger, WriteMessage
from bot.core.way_back_words import KeepMail
from bot.engine import other_ways
from bot.engine.paging import DESK
from bot.engine.ports import Outage
from bot.store.base import Patch, Row
from tests.channel import Step
from tests.conftest import ExpectedErrors
from tests.engine.delivery import Office, office
from tests.engine.test_audience import MINUTE, UPDATE, incident, publish
from tests.engine.test_hearing import behind, heard, joins, other

SECOND = 1_000
NUMBERS = "999"
CALL = "could not be delivered"


async def danger(one: Office, who: str = "carol") -> StreamId:
    """Their report, with an incident of Ana's, since they say that somebody is in danger."""
    answer = await one.press(WriteMessage(words="There is smoke"), who)
    report = str(answer.data["stream"])
    await one.quiet()
    await one.desk.join("ana")
    await one.press(ReportDanger(), who)
    await one.desk.settle()
    found = (await one.desk.report(report)).incident
    assert found is not None
    await one.desk.done(TakeIncident(incident=found), "ana")
    return found


async def calls(one: Office) -> list[str]:
    """What Ana's desk called her to about it."""
    found = await one.letters(one.desk.people["ana"], DESK)
    return [x.text for x in found if CALL in x.text]


def blocks(one: Office, *who: str) -> None:
    """They take no messages from us by the first channel any more."""
    one.channel.blocked |= set(who)


async def urgent(one: Office, channel: str) -> list[Row]:
    where: Row = {"kind": "say", "lane": "safety", "channel": channel}
    return await one.store.select("outbox", where, order="id", limit=50)


def advice(one: Office, who: str = "carol") -> tuple[int, int]:
    """How often they were given the emergency number, on either channel."""
    return heard(one, who, NUMBERS)


async def test_urgent_words_go_to_another_account_of_the_customer_and_the_row_says_so(
    tmp_path: Path,
) -> None:
    async with office(tmp_path, beside=["spare"]) as one:
        await one.press(WriteMessage(words="Hello"), "carol")
        await one.press(Subscribe(scope="all"), "carol", "spare")
        await joins(one, "carol")
        blocks(one, "carol")
        await danger(one)
        await one.advance(MINUTE)
        assert advice(one)[1] == 1
        assert await calls(one) == []
        ends = {(row["state"], row["reason"]) for row in await urgent(one, "test")}
        assert ("superseded", "said another way") in ends


async def test_nothing_ends_silently_without_another_way_the_owner_is_called_to_phone_them(
    tmp_path: Path,
) -> None:
    async with office(tmp_path) as one:
        blocks(one, "carol")
        stream = await danger(one)
        await one.advance(MINUTE)
        assert [x.cause for x in (await one.desk.incident(stream)).alarms] == ["undelivered"]
        assert len(await calls(one)) == 1
        kept = [row for row in await urgent(one, "test") if row["target"] == seat(one, "carol")]
        assert kept
        assert {row["state"] for row in kept} == {"dead"}, "it stands with what did not arrive"


def seat(one: Office, who: str, channel: str = "test") -> str:
    return one.desk.codec.seat_key(channel, who)


async def test_practice_9_2_a_dead_channel_does_not_keep_urgent_words_from_a_customer(
    tmp_path: Path,
) -> None:
    async with office(tmp_path, beside=["spare"]) as one:
        await one.press(WriteMessage(words="Hello"), "carol")
        await one.press(Subscribe(scope="all"), "carol", "spare")
        await joins(one, "carol")
        one.channel.plan = lambda *_: Step(Outage("The platform does not answer.", whole=True))
        await danger(one)
        await one.advance(MINUTE)
        assert advice(one) == (0, 1)
        one.channel.plan = None
        await one.advance(5 * MINUTE)
        assert advice(one) == (0, 1), "and not a second time when it is back"


async def test_practice_9_2_who_has_no_other_channel_is_phoned_and_told_once_when_it_is_back(
    tmp_path: Path,
) -> None:
    async with office(tmp_path) as one:
        one.channel.plan = lambda *_: Step(Outage("The platform does not answer.", whole=True))
        await danger(one)
        await one.advance(MINUTE)
        assert len(await calls(one)) == 1
        one.channel.plan = None
        await one.advance(3 * MINUTE)
        assert sum(NUMBERS in x for x in one.channel.texts("carol")) == 1


async def test_an_address_left_as_a_way_back_is_another_way(tmp_path: Path) -> None:
    async with office(tmp_path, beside=["spare"]) as one:
        await one.press(WriteMessage(words="Hello"), "carol")
        address = "carol@example.org"
        left = KeepMail(channel="spare", address=address, key=seat(one, address, "spare"))
        await one.press(left, "carol")
        blocks(one, "carol")
        await danger(one)
        await one.advance(MINUTE)
        assert sum(NUMBERS in x for x in other(one).texts(address)) == 1


async def test_who_follows_hears_of_danger_on_another_channel_while_one_is_down(
    tmp_path: Path,
) -> None:
    async with office(tmp_path, beside=["spare"]) as one:
        stream = await incident(one)
        await one.press(Subscribe(scope="all"), "sam", "spare")
        await one.press(Subscribe(scope="all"), "sam")
        await joins(one, "sam", "test", onto="spare")
        grave = OverridePriority(incident=stream, priority=Priority.P1, reason="smoke")
        await one.desk.done(grave, "ana")
        one.channel.plan = lambda *_: Step(Outage("The platform does not answer.", whole=True))
        await publish(one, stream, "public")
        await one.advance(MINUTE)
        assert heard(one) == (0, 1)
        one.channel.plan = None
        await one.advance(5 * MINUTE)
        assert heard(one) == (0, 1)


async def test_a_reply_goes_where_the_customer_wrote_last(tmp_path: Path) -> None:
    async with office(tmp_path, beside=["spare"]) as one:
        stream = await incident(one)
        await one.press(Subscribe(scope="all"), "carol", "spare")
        await joins(one, "carol")
        await one.press(WriteMessage(words="I am outside now"), "carol", "spare")
        await publish(one, stream, "reporters", UPDATE)
        await one.advance(MINUTE)
        assert heard(one, "carol") == (0, 1)
        assert await behind(one, "carol", "spare") == await behind(one, "carol")


# --- what must not keep it from them --------------------------------------------------------


async def test_a_damaged_message_keeps_no_other_from_another_way_and_is_itself_not_silent(
    tmp_path: Path, expected_errors: ExpectedErrors
) -> None:
    async with office(tmp_path) as one:
        answer = await one.press(WriteMessage(words="Hello"), "lou")
        broken = await one.say("lou", "Leave the house.", lane="safety", wake=False)
        spoilt = {"body": "{", "source": str(answer.data["stream"])}
        await one.store.write([Patch("outbox", {"id": broken}, spoilt)])
        one.deliveries.wake()
        await one.quiet()
        assert (await one.row(broken))["progress"] == "called"
        blocks(one, "carol")
        stream = await danger(one)
        await one.advance(MINUTE)
        assert [x.cause for x in (await one.desk.incident(stream)).alarms] == ["undelivered"]
        expected_errors.claim("cannot be put into words")
        expected_errors.claim("no other way can be looked for")


async def test_practice_9_2_a_damaged_message_keeps_no_other_on_a_dead_channel(
    tmp_path: Path,
) -> None:
    async with office(tmp_path) as one:
        one.channel.plan = lambda *_: Step(Outage("The platform does not answer.", whole=True))
        broken = await one.say("lou", "Leave the house.", lane="safety")
        await one.quiet()
        await one.store.write([Patch("outbox", {"id": broken}, {"body": "{"})])
        await danger(one)
        assert await calls(one) == []
        await one.desk.machine.fallback._turn_aside("test")
        await one.quiet()
        assert len(await calls(one)) == 1


async def test_urgent_words_that_died_while_nobody_looked_are_found_again_among_many_days_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process ended between the end of a message and the way that was to be found for it."""
    monkeypatch.setattr(other_ways, "PAGE", 2)
    async with office(tmp_path) as one:
        one.deliveries.ends.missed = lambda job: None
        blocks(one, "carol", "lou")
        stream = await danger(one)
        for _ in range(5):
            await one.say("lou", "Take care.", lane="bulk")
        await one.advance(MINUTE)
        assert await calls(one) == []
        await one.advance(2 * HOUR)
        again = other_ways.OtherWays(one.desk.machine.engine, one.deliveries)
        await again.start()
        await again.idle()
        await again.stop()
        assert "undelivered" in {x.cause for x in (await one.desk.incident(stream)).alarms}
