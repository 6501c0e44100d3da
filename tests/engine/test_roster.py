"""Who is on and how much each carries is read whole once, and then only what moved."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.core.calendar import HOUR
from bot.core.incident_commands import AskForResource, CancelIncident, ClaimTask, TakeIncident
from bot.core.person_words import (
    DescribePerson,
    DisablePerson,
    ErasePerson,
    SetAvailability,
)
from bot.engine.roster import Colleague, Roster, able, hands
from bot.store.base import Row
from bot.store.memory import MemoryStore
from tests.engine.kit import Desk, desk
from tests.engine.test_handle import with_incident


async def carried(roster: Roster) -> dict[str, tuple[int, int]]:
    return {one.name: (len(one.owns), len(one.tasks)) for one in await roster.colleagues()}


async def claimed(house: Desk) -> str:
    """An incident of Ana's with a task of Rita's."""
    _, incident = await with_incident(house)
    await house.done(TakeIncident(incident=incident), "ana")
    await house.done(AskForResource(incident=incident, what="Help", skill="lift"), "ana")
    eta = house.clock.now() + HOUR
    tasks = (await house.incident(incident)).tasks
    claim = ClaimTask(incident=incident, task=tasks[-1].number, eta=eta)
    await house.done(claim, "rita")
    return incident


async def test_it_follows_what_moved_and_is_the_same_as_read_anew(tmp_path: Path) -> None:
    async with desk(tmp_path, store=MemoryStore()) as house:
        roster = Roster(house.machine.engine)
        await house.join("ana", "agent")
        assert await carried(roster) == {"Ana": (0, 0)}
        await house.join("rita", "resource")
        await house.join("dana", "administrator", "supervisor")
        incident = await claimed(house)
        assert await carried(roster) == {"Ana": (1, 0), "Rita": (0, 1), "Dana": (0, 0)}
        assert await carried(Roster(house.machine.engine)) == await carried(roster)
        await house.done(CancelIncident(incident=incident, reason="None"), "ana")
        await house.done(DisablePerson(person=house.people["rita"]), "dana")
        assert await carried(roster) == {"Ana": (0, 0), "Dana": (0, 0)}
        await house.done(ErasePerson(person=house.people["ana"], reason="Asked"), "dana")
        await house.machine.eraser.idle()
        assert await carried(roster) == {"Dana": (0, 0)}


async def test_it_is_read_whole_once_however_many_ask_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, store=MemoryStore()) as house:
        await house.join("ana", "agent")
        read: list[str] = []
        plain = house.store.select

        async def counted(table: str, *given: Any, **named: Any) -> list[Row]:
            read.append(table)
            return await plain(table, *given, **named)

        monkeypatch.setattr(house.store, "select", counted)
        roster = Roster(house.machine.engine)
        found = await asyncio.gather(*(roster.colleagues() for _ in range(5)))
        assert all([one.name for one in few] == ["Ana"] for few in found)
        await house.done(SetAvailability(available=False), "ana")
        assert [one.available for one in await roster.colleagues()] == [False]
        assert read.count("people") == 1


async def test_after_a_commit_in_doubt_it_is_read_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with desk(tmp_path, store=MemoryStore()) as house:
        roster = Roster(house.machine.engine)
        await house.join("ana", "agent")
        await roster.colleagues()
        await house.join("ben", "agent")
        # What was committed then was told to nobody.
        monkeypatch.setattr(roster, "_moved", {})
        assert set(await carried(roster)) == {"Ana"}
        house.machine.engine.doubts += 1
        assert set(await carried(roster)) == {"Ana", "Ben"}


def somebody(name: str, *roles: str, **more: Any) -> Colleague:
    return replace(Colleague(name, name, roles, (), True, False, None), **more)


def test_hands_are_sorted_by_who_is_there_and_carries_least() -> None:
    people = [
        somebody("Ana", "agent", owns=("N-1", "N-2")),
        somebody("Ben", "supervisor", owns=("N-3",), tasks=("N-3",)),
        somebody("Cy", "agent", owns=("N-4",)),
        somebody("Dee", "agent", available=False, away_until=5),
        somebody("Eve", "agent", available=False, off=True),
        somebody("Rita", "resource"),
        somebody("Owner", "agent"),
    ]
    assert [one.name for one in hands(people, "Owner")] == ["Cy", "Ben", "Ana", "Dee"]


def test_only_resources_who_are_available_count_for_a_skill() -> None:
    people = [
        somebody("Rita", "resource", skills=("lift",)),
        somebody("Busy", "resource", skills=("lift",), available=False),
        somebody("Agent", "agent", skills=("lift",)),
        somebody("Plain", "resource"),
    ]
    assert able(people, ["lift", "water"]) == (("", 2), ("lift", 1), ("water", 0))


async def test_availability_and_skills_are_seen_at_once(tmp_path: Path) -> None:
    async with desk(tmp_path, store=MemoryStore()) as house:
        roster = Roster(house.machine.engine)
        await house.join("rita", "resource")
        await house.join("dana", "administrator")
        assert able(await roster.colleagues(), ["lift"]) == (("", 1), ("lift", 0))
        await house.done(DescribePerson(person=house.people["rita"], skills=("lift",)), "dana")
        assert able(await roster.colleagues(), ["lift"]) == (("", 1), ("lift", 1))
        until = house.clock.now() + HOUR
        await house.done(SetAvailability(available=False, until=until), "rita")
        assert able(await roster.colleagues(), ["lift"]) == (("", 0), ("lift", 0))
        await house.advance(HOUR)
        assert able(await roster.colleagues(), ["lift"]) == (("", 1), ("lift", 1))
