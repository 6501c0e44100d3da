"""The golden conversation of a silent ladder: nobody acts for days, and it never falls silent.

Through the real door, store, timers and delivery; whoever is called reads it on their desk.
"""

from pathlib import Path

from bot.core.alarm_words import AlarmSounded
from bot.core.calendar import is_open
from bot.core.ids import StreamId
from bot.core.incident_commands import OpenIncident, TakeIncident
from bot.engine.mailbox import Letter, Mailbox
from bot.engine.paging import DESK
from bot.engine.verify import recorded
from tests.channel import ScriptedChannel
from tests.engine.delivery import Office
from tests.engine.kit import MINUTE, PLAYBOOK, Desk, desk

HOUR = 60 * MINUTE
UNSEEN = "Nobody has acknowledged"


async def letters(house: Desk, who: str) -> list[Letter]:
    """What `who` was called to and found on their desk, once all of it has come."""
    await Office(house, ScriptedChannel(house.clock)).quiet()
    seat = house.codec.seat_key(DESK, house.people[who])
    found: list[Letter] = []
    while more := await Mailbox(house.store, house.codec).read(
        seat, found[-1].number if found else 0
    ):
        found += more
    return found


async def called(house: Desk, who: str, since: int) -> list[int]:
    """In which minutes they were called about an incident that nobody acknowledges."""
    return [(one.at - since) // MINUTE for one in await letters(house, who) if UNSEEN in one.text]


async def sounded(house: Desk, stream: StreamId) -> list[AlarmSounded]:
    entries = await house.store.events(stream, 0, 10_000)
    events = [recorded(house.codec, one).event for one in entries]
    return [
        one for one in events if isinstance(one, AlarmSounded) and one.cause == "unacknowledged"
    ]


async def staffed(house: Desk) -> StreamId:
    """A desk with one of each role, and an incident with people in danger."""
    await house.join("adam", "administrator")
    await house.join("ana", "agent")
    await house.join("sue", "supervisor")
    answer = await house.done(OpenIncident(report=None, category="power", danger=True), "ana")
    await house.settle()
    return str(answer.data["stream"])


async def test_a_silent_ladder_calls_every_rung_at_its_minute(tmp_path: Path) -> None:
    """practice 1.5: there is no silent end."""
    async with desk(tmp_path) as house:
        since = house.clock.now()
        stream = await staffed(house)
        await house.advance(90 * MINUTE)
        last = list(range(20, 91, 10))
        assert await called(house, "ana", since) == [0]
        assert await called(house, "sue", since) == [0, 10, 15, *last]
        assert await called(house, "adam", since) == [5, *last], "nobody is in the team of rung 1"
        rungs = [one.rung for one in await sounded(house, stream)]
        assert rungs == [0, 1, 2, 2, *[3] * len(last)]
        await house.done(TakeIncident(incident=stream), "sue")
        await house.advance(30 * MINUTE)
        assert await called(house, "sue", since) == [0, 10, 15, *last]


async def test_in_five_days_of_silence_somebody_is_called_every_hour_that_the_desk_is_open(
    tmp_path: Path,
) -> None:
    """practice 1.5 and 2.3: by the hours of the office, over a night, a weekend and a pause."""
    async with desk(tmp_path) as house:
        since = house.clock.now()
        await house.join("ana", "agent")
        await house.join("sue", "supervisor")
        await house.done(OpenIncident(report=None, category="it"), "ana")
        for _ in range(5 * 48):
            await house.clock.advance(30 * MINUTE)
            await house.settle()
        calls = hourly(since, since + 2 * HOUR, since + 5 * 24 * HOUR)
        assert len(calls) > 30
        assert await called(house, "ana", since) == calls[:2]
        assert await called(house, "sue", since) == calls[2:]


def hourly(since: int, first: int, end: int) -> list[int]:
    """An hour after the one before, or when the office opens; looked for minute by minute."""
    office, found, at = PLAYBOOK.calendar("office"), [], first
    while at <= end:
        if is_open(office, at):
            found.append((at - since) // MINUTE)
            at += HOUR
        else:
            at += MINUTE
    return found


async def test_a_desk_that_slept_for_three_days_calls_everybody_once(tmp_path: Path) -> None:
    """issue 7: a server that slept for three days; rungs slept through are logged as skipped."""
    async with desk(tmp_path) as house:
        stream = await staffed(house)
        await house.advance(MINUTE)
        before = {who: len(await letters(house, who)) for who in house.people}
    await house.clock.advance(72 * HOUR)
    keys, witness, clock = house.keys, house.witness, house.clock
    async with desk(tmp_path, seed=2, keys=keys, witness=witness, clock=clock) as woken:
        woken.people = house.people
        await woken.settle()
        await woken.advance(MINUTE)
        after = (await sounded(woken, stream))[1:]
        assert [(one.rung, one.skipped) for one in after] == [(3, (1, 2))]
        for who, earlier in before.items():
            late = (await letters(woken, who))[earlier:]
            assert len(late) == 1, who
        await woken.sound()
