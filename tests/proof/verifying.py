"""The figure: so many changes behind Muster's back, all found, the right entry named."""

import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from bot.core.ids import PersonId
from bot.core.person_words import ErasePerson
from bot.engine.verify import Report, Verifier
from bot.store.codec import Codec
from bot.store.sqlite.store import SqliteStore
from bot.wiring import BOOK
from tests.engine.kit import MINUTE, Desk
from tests.proof.days import Place, close, fall_over
from tests.proof.tamper import EVERY, Loss, Tamper, tampered
from tests.proof.town import ADMIN, Town


@dataclass
class Tally:
    """How it went: changes by kind, and each one that was not found where it was."""

    tried: int = 0
    sound: int = 0
    by_kind: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)


async def town_with_a_past(folder: Path, seed: int, steps: int) -> Place:
    """A town that lived for a while, some people erased, at some distance from a checkpoint."""
    place, chance = Place(folder, seed), Random(seed)
    house = await place.open()
    town = Town(house, chance)
    await town.found()
    await town.live(steps // 2)
    for who in chance.sample(sorted(town.reports), min(2, len(town.reports))):
        report = await house.report(town.reports.pop(who))
        await erased(house, report.person)
        assert report.subject in (await house.report(report.stream)).erased
    await town.live(steps // 2)
    if chance.random() < 0.3:
        await house.advance(2 * MINUTE)
    await (fall_over(house) if chance.random() < 0.7 else close(house))
    return place


async def erased(house: Desk, person: PersonId) -> None:
    """The administrator has somebody erased, and it is done."""
    await house.done(ErasePerson(person=person, reason="asked for it"), ADMIN)
    while await house.store.count("erasures"):
        await house.clock.settle()


async def look(place: Place, database: Path) -> Report:
    """What `verify` says of a database file of that place."""
    assert place.keys is not None
    store = SqliteStore(database)
    await store.open()
    try:
        codec = Codec(place.keys, Random(0).randbytes)
        return await Verifier(BOOK, store, codec, place.witness).run()
    finally:
        await store.close()


def copied(place: Place, name: str) -> Path:
    """A copy of its database, with the log beside it if there is one."""
    copy = place.folder / name
    for suffix in ("", "-wal"):
        source = place.folder / f"muster.db{suffix}"
        copy.with_name(name + suffix).unlink(missing_ok=True)
        if source.exists():
            shutil.copyfile(source, copy.with_name(name + suffix))
    return copy


async def judged(place: Place, change: Tamper, chance: Random) -> tuple[Loss, str]:
    """What was done, and what is wrong with what `verify` said of it (nothing: empty)."""
    database = copied(place, "tampered.db")
    loss = tampered(database, change, chance)
    report = await look(place, database)
    if report.sound:
        return loss, "not found"
    first = report.found[0]
    return loss, "" if first.position == loss.position else f"named otherwise: {first}"


def _new(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


async def tamper_with_towns(folder: Path, seed: int, towns: int, each: int, steps: int) -> Tally:
    """`each` changes to each of so many towns; the kinds take turns."""
    tally = Tally()
    for number in range(towns):
        place = await town_with_a_past(_new(folder / f"town{number}"), seed + number, steps)
        assert (await look(place, copied(place, "sound.db"))).sound
        tally.sound += 1
        chance = Random(f"{seed}/{number}")
        for turn in range(each):
            change = EVERY[(number * each + turn) % len(EVERY)]
            loss, wrong = await judged(place, change, chance)
            tally.tried += 1
            tally.by_kind[loss.kind] += 1
            if wrong:
                tally.missed.append(f"{loss}: {wrong}")
        shutil.rmtree(place.folder)
    return tally
