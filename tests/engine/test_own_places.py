"""A place of its own for a major incident: opened beside the team's, its cards hang there, too.

It is opened once whatever happens, and shut some time after all is over (issue 7, point 5).
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from itertools import pairwise
from pathlib import Path

import pytest

from bot.core.cards import plain
from bot.core.commands import Identity, Place
from bot.core.ids import StreamId
from bot.core.incident_commands import RestrictIncident, WriteIncidentNote
from bot.core.major_words import CancelMajor, DeclareMajor
from bot.engine.membership import Memberships
from bot.engine.ports import AnswerLost, Capabilities, Limit, Misconfigured
from bot.store.memory import MemoryStore
from tests.channel import FOREVER, Call, ScriptedChannel
from tests.clock import VirtualClock
from tests.engine.delivery import Office, office
from tests.engine.test_audience import incident
from tests.engine.test_paging import Ward

TEAM = Place("test", "team")
PLACES = {"triage": [TEAM], "it_desk": [TEAM]}
OPENS = Capabilities(opens=("channel",))


class Opening(ScriptedChannel):
    """Opens channels, each title once as long as it is not shut, or says no; hangs at one step."""

    no: str = ""
    hangs_at: str = ""
    lost: int = 0

    def __init__(self, clock: VirtualClock) -> None:
        super().__init__(clock, capabilities=OPENS)
        self.made: list[str] = []
        self.archived: list[str] = []
        self.inside: dict[str, set[str]] = {}

    async def open(self, kind: str, at: str, title: str) -> str:
        await self._step("open:before")
        if self.no:
            raise Misconfigured(self.no)
        self.calls.append(Call(self.clock.now(), "open", at, title))
        address = f"channel:{at}:{title}"
        standing = [one for one in self.made if one.partition("#")[0] == address]
        number = len(standing) + 1
        if standing and standing[-1] not in self.archived:
            found = standing[-1]
        else:
            found = address if number == 1 else f"{address}#{number}"
            self.made.append(found)
        await self._step("open:after")
        if self.lost:
            self.lost -= 1
            raise AnswerLost
        return found

    async def invite(self, address: str, people: Sequence[str]) -> None:
        await self._step("invite:before")
        self.inside.setdefault(address, set()).update(people)
        await self._step("invite:after")

    async def shut(self, address: str, within: str, shut: bool) -> None:
        await self._step("shut:before")
        self.archived.append(address)
        await self._step("shut:after")

    async def _step(self, name: str) -> None:
        if name == self.hangs_at:
            await self.clock.wait_until(FOREVER)


@asynccontextmanager
async def opening(folder: Path, no: str = "") -> AsyncIterator[tuple[Office, StreamId]]:
    clock = VirtualClock()
    channel = Opening(clock)
    channel.no = no
    async with office(folder, clock=clock, channel=channel, places=PLACES) as one:
        yield one, await incident(one)


async def declared(one: Office, stream: StreamId) -> str:
    """Where it stands, besides."""
    await one.desk.done(DeclareMajor(incident=stream, reason="The whole street"), "ana")
    await one.desk.machine.own_places.idle()
    await one.advance(60_000)
    reference = (await one.desk.incident(stream)).reference
    return f"channel:team:major-{reference}"


def cards(one: Office, address: str) -> list[str]:
    return [plain(x.post.card) for x in one.channel.places[address] if x.post.card]


async def test_both_of_its_cards_hang_in_it_and_change_with_those_of_the_team(
    tmp_path: Path,
) -> None:
    async with opening(tmp_path) as (one, stream):
        own = await declared(one, stream)
        assert len(cards(one, own)) == len(cards(one, "team")) == 2
        state = await one.desk.incident(stream)
        assert [(x.channel, x.reason) for x in state.major.own] == [("test", "")]
        await one.desk.done(CancelMajor(incident=stream, reason="It is none"), "ana")
        await one.advance(60_000)
        assert any("Not a major incident after all" in words for words in cards(one, own))


async def test_what_somebody_may_do_there_they_may_by_being_in_the_teams_place(
    tmp_path: Path,
) -> None:
    async with opening(tmp_path) as (one, stream):
        own = await declared(one, stream)
        members = Memberships(one.desk.machine.engine)
        there = Place("test", own)
        given = members._giving(Identity("test", "ben"), there)
        assert {(x.place, x.role) for x in given} == {(TEAM, "agent")}


async def test_where_the_platform_says_no_it_stays_where_it_is_and_says_why(
    tmp_path: Path,
) -> None:
    async with opening(tmp_path, no="The app lacks groups:write.") as (one, stream):
        own = await declared(one, stream)
        assert cards(one, own) == []
        assert len(cards(one, "team")) == 2
        (found,) = (await one.desk.incident(stream)).major.own
        assert (found.seat, found.reason) == (None, "The app lacks groups:write.")


async def test_a_restricted_one_never_has_one(tmp_path: Path) -> None:
    async with opening(tmp_path) as (one, stream):
        hidden = RestrictIncident(incident=stream, visibility="restricted", reason="Police")
        await one.desk.done(hidden, "ana")
        own = await declared(one, stream)
        assert one.channel.places[own] == []
        assert (await one.desk.incident(stream)).major.own == ()
        seen = RestrictIncident(incident=stream, visibility="normal", reason="It is known")
        await one.desk.done(seen, "ana")
        await one.desk.machine.own_places.idle()
        await one.advance(60_000)
        assert cards(one, own), "and has one as soon as it is restricted no more"


# --- killed at any step --------------------------------------------------------------------------


def fake(one: Office) -> Opening:
    assert isinstance(one.channel, Opening)
    return one.channel


@asynccontextmanager
async def again(folder: Path, first: Office, store: MemoryStore) -> AsyncIterator[Office]:
    """The process died, and the next one begins with what was kept."""
    await first.crash()
    channel = fake(first)
    channel.hangs_at = ""
    async with office(
        folder, store=store, clock=channel.clock, channel=channel, places=PLACES, keys=first.keys
    ) as two:
        yield two


@pytest.mark.parametrize("step", ["open:before", "open:after", "invite:before", "invite:after"])
async def test_killed_while_it_opens_there_is_one_place_and_each_card_hangs_in_it_once(
    tmp_path: Path, step: str
) -> None:
    clock, store = VirtualClock(), MemoryStore()
    channel = Opening(clock)
    async with office(tmp_path, clock=clock, channel=channel, places=PLACES, store=store) as one:
        stream = await incident(one)
        await boss(one)
        channel.hangs_at = step
        declare = DeclareMajor(incident=stream, reason="The whole street")
        await one.desk.done(declare, "ana")
        await clock.settle()
        assert (await one.desk.incident(stream)).major.own == ()
        async with again(tmp_path, one, store) as two:
            await two.advance(60_000)
            (own,) = (await two.desk.incident(stream)).major.own
            assert own.seat is not None
            assert len(channel.made) == 1
            assert len(cards(two, channel.made[0])) == 2
            assert channel.inside[channel.made[0]] == {"direct-boss"}


async def boss(one: Office) -> None:
    """A supervisor who works elsewhere, and is met on this channel."""
    await Ward(one).join("boss", "supervisor")


async def test_an_answer_that_is_lost_makes_no_second_one(tmp_path: Path) -> None:
    async with opening(tmp_path) as (one, stream):
        fake(one).lost = 2
        await declared(one, stream)
        await one.advance(120_000)
        assert len(fake(one).made) == 1
        assert (await one.desk.incident(stream)).major.own[0].seat is not None


async def test_it_keeps_the_pace_of_everything_else_that_goes_there(tmp_path: Path) -> None:
    async with opening(tmp_path) as (one, stream):
        fake(one).own = [Limit("place", 1, 10_000, ("send",))]
        await declared(one, stream)
        await one.advance(120_000)
        counted = [x.at for x in one.channel.calls if x.address == "team" and x.act != "edit"]
        assert len(fake(one).made) == 1
        assert all(late - early >= 10_000 for early, late in pairwise(counted[1:]))


# --- when it is over -----------------------------------------------------------------------------

KEPT = 600_000


def keeps(one: Office) -> None:
    """The playbook says ten minutes, so that nobody waits for a day of alarms."""
    editions = one.desk.machine.engine.editions
    now = editions.current
    assert now.major.keep_place == 86_400_000, "a day, unless it says otherwise"
    soon = now.major.model_copy(update={"keep_place": KEPT})
    editions.add("soon", now.model_copy(update={"version": "soon", "major": soon}))
    editions.adopt("soon")


async def over(one: Office, stream: StreamId) -> None:
    if one.desk.machine.engine.editions.current.version != "soon":
        keeps(one)
    await one.desk.done(CancelMajor(incident=stream, reason="It is none"), "ana")


async def test_some_time_after_it_is_over_it_is_shut_once_and_what_was_said_stays(
    tmp_path: Path,
) -> None:
    async with opening(tmp_path) as (one, stream):
        own = await declared(one, stream)
        await over(one, stream)
        await one.advance(KEPT - 120_000)
        assert fake(one).archived == []
        await one.advance(240_000)
        assert fake(one).archived == [own]
        assert len(cards(one, own)) == 2, "nothing is taken away"
        (known,) = (await one.desk.incident(stream)).major.own
        assert (known.left, known.shut) == (True, True)
        written = len(cards(one, own)), one.channel.calls[-1]
        await one.desk.done(WriteIncidentNote(incident=stream, words="Thank you all"), "ana")
        await one.advance(KEPT)
        assert (len(cards(one, own)), fake(one).archived) == (written[0], [own])
        assert not [x for x in one.channel.calls if x.address == own and x.at > written[1].at]


@pytest.mark.parametrize("step", ["shut:before", "shut:after"])
async def test_killed_while_it_is_shut_it_is_shut_all_the_same(tmp_path: Path, step: str) -> None:
    clock, store = VirtualClock(), MemoryStore()
    channel = Opening(clock)
    async with office(tmp_path, clock=clock, channel=channel, places=PLACES, store=store) as one:
        stream = await incident(one)
        own = await declared(one, stream)
        await over(one, stream)
        channel.hangs_at = step
        await one.advance(KEPT + 1_000)
        async with again(tmp_path, one, store) as two:
            await two.advance(10 * 60_000)
            assert set(channel.archived) == {own}
            assert (await two.desk.incident(stream)).major.own[0].shut


async def test_declared_anew_before_that_it_goes_on_and_after_that_another_is_opened(
    tmp_path: Path,
) -> None:
    async with opening(tmp_path) as (one, stream):
        own = await declared(one, stream)
        await over(one, stream)
        await one.advance(60_000)
        assert await declared(one, stream) == own
        kept = {"stream": stream, "name": "own_places"}
        assert not await one.store.count("timers", kept), "it is needed"
        await over(one, stream)
        await one.advance(KEPT + 60_000)
        assert fake(one).archived == [own]
        await declared(one, stream)
        assert fake(one).made == [own, f"{own}#2"]
        assert len(cards(one, f"{own}#2")) == 2
