"""The figure: canary persons erased, the desk falling over meanwhile, and not a byte left."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from bot.core.person_words import ErasePerson
from bot.engine.loops import AFTER_TROUBLE
from tests.engine.kit import Desk
from tests.proof.agree import all_agrees
from tests.proof.canaries import AGENT, Canary, canary, found_of, hidden, note_needles, reads, sings
from tests.proof.filed import FiledPlace, logged, scanned
from tests.proof.town import ADMIN, rest

AT_ONCE = 25


@dataclass
class Tally:
    """How it went: how much was looked for, and whatever was not as it must be."""

    erased: int = 0
    kept: int = 0
    crashes: int = 0
    needles: int = 0
    missed_before: list[str] = field(default_factory=list)
    left_after: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)


async def erase_a_flock(folder: Path, seed: int, erased: int, kept: int, crashes: int) -> Tally:
    """`erased` canaries are erased, `kept` are not; the desk falls over `crashes` times."""
    place, chance, tally = FiledPlace(folder, seed), Random(seed), Tally()
    with logged(folder):
        house = await place.begin()
        birds = await _settled(house, [canary(number, chance) for number in range(erased + kept)])
        leaving, staying = birds[:erased], birds[erased:]
        await _look_before(folder, birds, tally)
        house = await _erased(place, house, leaving, chance, crashes, tally)
        await _look_after(folder, house, leaving, staying, tally)
        await all_agrees(house)
        await place.end(house)
    return tally


async def _settled(house: Desk, birds: list[Canary]) -> list[Canary]:
    await house.join(ADMIN)
    await house.join(AGENT, "agent")
    for begun in range(0, len(birds), AT_ONCE):
        await asyncio.gather(*(sings(house, one) for one in birds[begun : begun + AT_ONCE]))
    await rest(house)
    for one in birds:
        await note_needles(house, one)
    return birds


async def _look_before(folder: Path, birds: list[Canary], tally: Tally) -> None:
    files = await scanned(folder)
    found = await asyncio.to_thread(found_of, files, {one.number: one.needles for one in birds})
    for one in birds:
        tally.needles += len(one.needles)
        missing = sorted(set(one.needles) - set(found[one.number]))
        tally.missed_before += [f"{one.number}: {name}" for name in missing]


async def _erased(
    place: FiledPlace,
    house: Desk,
    leaving: list[Canary],
    chance: Random,
    crashes: int,
    tally: Tally,
) -> Desk:
    """Order them all, and fall over at any moment while they are carried out."""
    for one in leaving:
        await house.done(ErasePerson(person=one.person, reason="asked for it"), ADMIN)
        tally.erased += 1
    for _ in range(crashes):
        for _ in range(chance.randrange(2_000)):
            await asyncio.sleep(0)
        await place.end(house, crash=True)
        house = await place.begin()
        tally.crashes += 1
    while await house.store.count("erasures"):
        await house.advance(AFTER_TROUBLE)
    return house


async def _look_after(
    folder: Path, house: Desk, leaving: list[Canary], staying: list[Canary], tally: Tally
) -> None:
    flock = {one.number: one.needles | hidden(one) for one in leaving}
    flock |= {one.number: one.needles for one in staying}
    found = await asyncio.to_thread(found_of, await scanned(folder), flock)
    for one in leaving:
        tally.left_after += [f"{one.number}: {name}" for name in found[one.number]]
        tally.left_after += [
            f"{one.number}: can be read: {name}" for name in await reads(house, one)
        ]
    for one in staying:
        tally.kept += 1
        lost = sorted(set(one.needles) - set(found[one.number]))
        tally.unreadable += [f"{one.number}: {name}" for name in lost]
        if set(await reads(house, one)) != set(one.words):
            tally.unreadable.append(f"{one.number}: cannot be read")
