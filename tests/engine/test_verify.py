"""`verify` finds whatever was changed behind Muster's back, and nothing where nothing was."""

import asyncio
import sqlite3
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.core.events import Recorded
from bot.core.fold import Fold
from bot.core.report_words import WriteMessage
from bot.store.base import EventRow
from bot.store.chain import link
from tests.engine.kit import Desk, MemoryWitness, desk
from tests.proof.days import Place
from tests.proof.tamper import EVERY, cut_below_checkpoint, tampered
from tests.proof.town import ADMIN, Town
from tests.proof.verifying import copied, erased, judged, look, town_with_a_past


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A town that lived, with people who were erased, and its database file."""
    return asyncio.run(town_with_a_past(tmp_path_factory.mktemp("past"), 11, 80))


async def test_what_nobody_touched_is_sound(past: Place) -> None:
    report = await look(past, copied(past, "sound.db"))
    assert report.sound
    assert report.events > 100
    assert report.checkpoints > 1


@pytest.mark.parametrize("turn", range(3))
async def test_every_kind_of_change_is_found_and_the_right_entry_named(
    past: Place, turn: int
) -> None:
    chance = Random(turn)
    missed = []
    for change in EVERY:
        loss, wrong = await judged(past, change, chance)
        if wrong:
            missed.append((loss, wrong))
    assert not missed


async def test_a_tail_cut_with_all_that_remembers_it_is_known_by_a_checkpoint(past: Place) -> None:
    database = copied(past, "cut.db")
    loss = tampered(database, cut_below_checkpoint, Random(1))
    report = await look(past, database)
    assert report.found[0].position == loss.position


async def test_a_chain_that_was_computed_anew_is_known_by_a_checkpoint(past: Place) -> None:
    """Whoever can write the file can compute hashes, but not what a checkpoint holds."""
    database = copied(past, "rewritten.db")
    stream = _rewrite(database, "agent", "chief")
    report = await look(past, database)
    assert "differs from checkpoint" in report.found[0].what
    assert report.found[0].stream == stream


def _rewrite(database: Path, old: str, new: str) -> str:
    """Other roles for somebody who was invited, with every hash of the stream made to fit."""
    with sqlite3.connect(database, isolation_level=None) as raw:
        query = f"SELECT stream FROM events WHERE tag = 'person_invited' AND body LIKE '%{old}%'"
        stream: str = raw.execute(query).fetchone()[0]
        columns = "stream, version, tag, revision, at, source_at, actor, cause, body, sealed"
        query = f"SELECT position, {columns} FROM events WHERE stream = ? ORDER BY version"
        head = b"\0" * 32
        for position, *values in raw.execute(query, (stream,)).fetchall():
            row = EventRow(*values)
            body = row.body.replace(old, new)
            head = link(head, position, replace(row, body=body))
            change = "UPDATE events SET body = ?, hash = ? WHERE position = ?"
            raw.execute(change, (body, head, position))
        raw.execute("UPDATE snapshots SET head = ? WHERE stream = ?", (head, stream))
    raw.close()
    return stream


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("DELETE FROM checkpoints WHERE number = 2", "checkpoint 2 was changed or removed"),
        ("UPDATE checkpoints SET at = at + 1 WHERE number = 1", "checkpoint 1 was changed"),
        ("UPDATE checkpoints SET heads = '[]' WHERE number = 1", "checkpoint 1 was changed"),
        ("DELETE FROM checkpoints WHERE number > 1", "checkpoint 2 was removed; the witness"),
        ("DELETE FROM checkpoints", "checkpoint 1 was removed; the witness"),
    ],
)
async def test_a_checkpoint_that_was_changed_or_removed_is_named(
    past: Place, change: str, told: str
) -> None:
    database = copied(past, "checkpoint.db")
    with sqlite3.connect(database, isolation_level=None) as raw:
        raw.execute(change)
    raw.close()
    report = await look(past, database)
    assert any(told in one.what for one in report.found)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("UPDATE snapshots SET state = replace(state, 'agent', 'chief')", "is not the fold"),
        ("UPDATE snapshots SET version = version - 1 WHERE version > 1", "of another version"),
        ("DELETE FROM snapshots WHERE stream LIKE 'rep%'", "has events but no snapshot"),
    ],
)
async def test_a_snapshot_that_does_not_fit_the_log_is_named(
    past: Place, change: str, told: str
) -> None:
    database = copied(past, "snapshot.db")
    with sqlite3.connect(database, isolation_level=None) as raw:
        raw.execute(change)
    raw.close()
    report = await look(past, database)
    assert any(told in one.what for one in report.found)


async def test_what_no_fold_can_take_is_named_and_the_rest_looked_at(
    past: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed entry can make a fold raise anything, and that must not end the look."""
    whole = Fold.__call__
    streams: list[str] = []

    def raising(fold: Fold[Any], state: Any, rec: Recorded) -> Any:
        if rec.event.tag == "report_linked" and rec.stream in [*streams, rec.stream][:1]:
            streams.append(rec.stream)
            raise IndexError("there is no such incident")
        return whole(fold, state, rec)

    monkeypatch.setattr(Fold, "__call__", raising)
    report = await look(past, copied(past, "unfoldable.db"))
    (found,) = report.found
    assert found.what == "the snapshot is not the fold"


async def test_of_several_bad_entries_the_first_is_named_first(past: Place) -> None:
    database = copied(past, "several.db")
    with sqlite3.connect(database, isolation_level=None) as raw:
        raw.execute("UPDATE events SET at = at + 1 WHERE position IN (90, 20, 55)")
    raw.close()
    report = await look(past, database)
    assert [one.position for one in report.found if one.position in (20, 55, 90)] == [20, 55, 90]
    assert report.found[0].position == 20


async def test_the_desk_may_go_on_while_it_is_checked(tmp_path: Path) -> None:
    """Commands, checkpoints and erasures come in between, and none of it looks like damage."""
    async with desk(tmp_path) as house:
        town = Town(house, Random(5))
        await town.found()
        await town.live(40)
        people = [(await house.report(one)).person for one in town.reports.values()]
        writing = asyncio.create_task(_write_on(house))
        for person in people:
            erasing = asyncio.create_task(erased(house, person))
            await house.sound()
            await house.machine.checkpoints.write()
            await erasing
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
        await house.sound()


async def _write_on(house: Desk) -> None:
    for number in range(10_000):
        words = WriteMessage(words=f"Still dark here {number}")
        await asyncio.gather(*(house.done(words, f"someone{who}") for who in range(5)))


async def test_a_checkpoint_that_the_witness_missed_is_made_up_for(tmp_path: Path) -> None:
    async with desk(tmp_path) as house:
        await house.done(WriteMessage(words="hello"), "ana")
        await house.machine.checkpoints.write()
        witness = house.witness
        assert isinstance(witness, MemoryWitness)
        witness.kept.pop()
        await house.done(WriteMessage(words="hello again"), "ana")
        await house.machine.checkpoints.write()
        assert len(witness.kept) == await house.store.count("checkpoints")
        await house.sound()


async def test_a_sealed_value_that_was_put_back_after_erasing_is_named(tmp_path: Path) -> None:
    async with desk(tmp_path) as house:
        await house.join(ADMIN)
        first = await house.done(WriteMessage(words="hello"), "ana")
        await house.settle()
        report = await house.report(first.data["stream"])
        before = await house.store.events(report.stream, 0, 10)
        await erased(house, report.person)
        await house.sound()
        position, sealed = before[1].position, before[1].row.sealed
        assert sealed is not None
    with sqlite3.connect(tmp_path / "muster.db", isolation_level=None) as raw:
        raw.execute("UPDATE events SET sealed = ? WHERE position = ?", (sealed, position))
    raw.close()
    async with desk(tmp_path, keys=house.keys, witness=house.witness, clock=house.clock) as again:
        report_now = await again.machine.verify()
        assert report_now.found[0].position == position
        assert "although it was erased" in report_now.found[0].what
