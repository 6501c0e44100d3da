"""Who changes a person is held until it is committed, by whatever way the command came in."""

import asyncio
import random
from pathlib import Path

import pytest

from bot.core.commands import Command
from bot.core.person import Person
from bot.core.person_words import DisablePerson, EndSignIns, GrantRole, RevokeRole, SetAvailability
from bot.store.base import Store
from bot.store.memory import MemoryStore
from tests.engine.kit import Desk, desk

ROUNDS = 25


def kept_in(store: str) -> Store | None:
    return MemoryStore() if store == "memory" else None


async def person(house: Desk, who: str) -> Person:
    state = await house.state(house.people[who])
    assert isinstance(state, Person)
    return state


async def chiefs(house: Desk, *names: str) -> None:
    for name in names:
        await house.join(name, "administrator", "agent")


def against(house: Desk, whom: str, kind: int) -> Command:
    other = house.people[whom]
    if kind == 0:
        return DisablePerson(person=other)
    return RevokeRole(person=other, role="administrator")


async def pressed_at(house: Desk, command: Command, who: str, turns: int) -> str:
    """After so many turns of the loop: presses that meet at every stage of the pipeline."""
    for _ in range(turns):
        await asyncio.sleep(0)
    return (await house.press(command, who)).code


@pytest.mark.parametrize("store", ["memory", "sqlite"])
async def test_two_administrators_never_shut_each_other_out_however_their_presses_meet(
    tmp_path: Path, store: str
) -> None:
    chance = random.Random(3)
    async with desk(tmp_path, store=kept_in(store)) as house:
        for number in range(ROUNDS):
            ann, bob = f"ann{number}", f"bob{number}"
            await chiefs(house, ann, bob)
            turns = 0 if number < 2 else chance.randrange(60)
            first, second = against(house, bob, number % 2), against(house, ann, number // 2 % 2)
            codes = await asyncio.wait_for(
                asyncio.gather(
                    pressed_at(house, first, ann, 0), pressed_at(house, second, bob, turns)
                ),
                10,
            )
            assert sorted(codes) == ["", "not_allowed"], (number, codes)
            both = [await person(house, one) for one in (ann, bob)]
            assert sum("administrator" in one.roles for one in both) == 1


@pytest.mark.parametrize("store", ["memory", "sqlite"])
async def test_a_ring_of_people_who_shut_each_other_out_ends_and_leaves_somebody(
    tmp_path: Path, store: str
) -> None:
    """Nobody waits for one another in a circle, and no two of them act on what is over."""
    chance, names = random.Random(5), ["ann", "bob", "cat", "dan"]
    async with desk(tmp_path, store=kept_in(store)) as house:
        await chiefs(house, *names)
        for _ in range(ROUNDS):
            presses = [
                pressed_at(house, one, who, chance.randrange(20))
                for who in names
                for one in (
                    against(house, chance.choice(names), chance.randrange(2)),
                    EndSignIns(person=house.people[chance.choice(names)]),
                    SetAvailability(available=bool(chance.randrange(2))),
                    GrantRole(person=house.people[chance.choice(names)], role="resource"),
                )
            ]
            await asyncio.wait_for(asyncio.gather(*presses), 10)
            people = [await person(house, one) for one in names]
            assert any("administrator" in one.roles for one in people)
        await house.sound()


async def test_presses_of_one_person_stay_in_order(tmp_path: Path) -> None:
    async with desk(tmp_path) as house:
        await chiefs(house, "ann", "bob")
        bob = house.people["bob"]
        for _ in range(5):
            await asyncio.gather(
                house.done(GrantRole(person=bob, role="resource"), "ann"),
                house.press(EndSignIns(person=house.people["ann"]), "bob"),
                house.done(RevokeRole(person=bob, role="resource"), "ann"),
            )
            assert "resource" not in (await person(house, "bob")).roles
