"""A place of its own for a major incident: opened beside the team's, its cards hang there, too."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.core.cards import plain
from bot.core.commands import Identity, Place
from bot.core.ids import StreamId
from bot.core.incident_commands import RestrictIncident
from bot.core.major_words import CancelMajor, DeclareMajor
from bot.engine.membership import Memberships
from bot.engine.ports import Capabilities, Misconfigured
from tests.channel import ScriptedChannel
from tests.clock import VirtualClock
from tests.engine.delivery import Office, office
from tests.engine.test_audience import incident

TEAM = Place("test", "team")
PLACES = {"triage": [TEAM], "it_desk": [TEAM]}
OPENS = Capabilities(opens=("channel",))


class Opening(ScriptedChannel):
    """Opens channels, or says no."""

    no: str = ""

    async def open(self, kind: str, at: str, title: str) -> str:
        if self.no:
            raise Misconfigured(self.no)
        return await super().open(kind, at, title)


@asynccontextmanager
async def opening(folder: Path, no: str = "") -> AsyncIterator[tuple[Office, StreamId]]:
    clock = VirtualClock()
    channel = Opening(clock, capabilities=OPENS)
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
