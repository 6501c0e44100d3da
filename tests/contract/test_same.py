"""All stores are one: whatever is written, they answer alike."""

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.store.base import Blank, Drop, Index, Op, Outcome, Patch, Put, Range, Store, Unit
from bot.store.memory import MemoryStore
from bot.store.sqlite import SqliteStore
from tests.contract.kit import Hand, answer

NAMES = st.sampled_from(["a", "b", "c"])
STREAMS = st.sampled_from(["rep_a", "rep_b", "rep_c", "rep_d"])
SMALL = st.integers(-1, 3)
MAYBE = st.one_of(st.none(), SMALL)
TIMER = st.fixed_dictionaries({"stream": STREAMS, "name": NAMES, "due": MAYBE})
REF = st.fixed_dictionaries({"reference": NAMES, "stream": st.one_of(st.none(), STREAMS)})
MESSAGE = st.fixed_dictionaries(
    {
        "id": st.one_of(st.none(), st.integers(1, 6)),
        "target": NAMES,
        "state": st.sampled_from(["waiting", "dead", "delivered"]),
        "due": MAYBE,
        "cause": NAMES,
        "member": st.sampled_from(["", "", "per_a"]),
    }
)
WORDS = st.sampled_from(["", "fire in the hall", "no power", "power, fire!", "hal"])

OPS: st.SearchStrategy[Op] = st.one_of(
    st.builds(Put, st.just("timers"), TIMER, st.just(False)),
    st.builds(Put, st.just("refs"), REF, st.booleans()),
    st.builds(Put, st.just("outbox"), MESSAGE, st.just(False)),
    st.builds(Patch, st.just("timers"), TIMER, st.fixed_dictionaries({"due": MAYBE})),
    st.builds(
        Patch,
        st.just("outbox"),
        st.fixed_dictionaries({"id": st.integers(1, 6)}),
        st.fixed_dictionaries({"state": st.sampled_from(["waiting", "dead"]), "due": MAYBE}),
    ),
    st.builds(Drop, st.just("timers"), st.fixed_dictionaries({"due": MAYBE})),
    st.builds(Drop, st.just("timers"), st.fixed_dictionaries({"stream": STREAMS, "name": NAMES})),
    st.builds(Drop, st.just("refs"), st.fixed_dictionaries({"reference": NAMES})),
    st.builds(Drop, st.just("outbox"), st.fixed_dictionaries({"id": st.integers(1, 6)})),
    st.builds(Index, STREAMS, NAMES, NAMES, WORDS),
)
BLANKS: st.SearchStrategy[Op] = st.builds(Blank, st.integers(0, 8), st.one_of(st.none(), NAMES))
PLANS = st.lists(
    st.tuples(
        STREAMS,
        st.integers(0, 2),
        st.one_of(st.none(), st.integers(0, 4)),
        st.booleans(),
        st.lists(OPS, max_size=4),
    ),
    max_size=4,
    unique_by=lambda plan: plan[0],
)


def units(hand: Hand, plans: Sequence[Any]) -> list[Unit]:
    """The units of a batch: distinct streams and keys, one of them perhaps on an old version."""
    batch, used = [], set()
    for stream, events, key, late, ops in plans:
        unit = hand.unit(stream, *ops, events=events)
        if key not in used and key is not None:
            unit = replace(unit, dedupe=answer(key))
            used.add(key)
        batch.append(_late(unit) if late else unit)
    return batch


def _late(unit: Unit) -> Unit:
    """The same unit by somebody who believes that the stream is further on."""
    rows = tuple(replace(row, version=row.version + 1) for row in unit.events)
    return replace(unit, expected=unit.expected + 1, events=rows)


async def honest(store: Store, ops: Sequence[Op]) -> list[Op]:
    """Without what nobody could mean: a number that the same batch is only about to give."""
    if not any(isinstance(op, Put) and op.table == "outbox" and not op.row["id"] for op in ops):
        return list(ops)
    (newest,) = await store.select("outbox", order="id", descending=True, limit=1) or [{"id": 0}]
    return [op for op in ops if _number(op) <= int(str(newest["id"]))]


def _number(op: Op) -> int:
    """The number of the message that is named, 0 where none is."""
    match op:
        case Put(table="outbox", row=named) | Patch(table="outbox", key=named):
            return int(str(named["id"] or 0))
        case Drop(table="outbox", where=named):
            return int(str(named["id"]))
        case _:
            return 0


async def looks(store: Store) -> list[object]:
    """Everything that can be asked."""
    tables = {"timers": "", "refs": "reference", "outbox": "", "search": ""}
    rows = [await store.select(table, order=order) for table, order in tables.items()]
    orders: list[dict[str, Any]] = [
        {"order": "due", "descending": True, "limit": 3},
        {"within": Range("due", above=0), "where": {"stream": ["rep_a", "rep_b"]}},
    ]
    return [
        *rows[:3],
        [{**row, "id": 0} for row in rows[3]],
        await store.select("timers", **orders[0]),
        await store.select("timers", **orders[1]),
        await store.select("outbox", {"state": "waiting"}, order="due"),
        await store.log(0, 100),
        await store.events("rep_b", 1, 100),
        await store.snapshots("", 10),
        await store.head(),
        sorted(map(str, (await store.load(range(5), [], [])).answered)),
        sorted(str(row["stream"]) for row in await store.search("fire", 10)),
    ]


@settings(max_examples=60, deadline=None)
@given(st.lists(PLANS, max_size=6), st.lists(OPS | BLANKS, max_size=6))
def test_stores_give_the_same_outcomes_and_answers(batches: list[Any], last: list[Op]) -> None:
    async def play(store: Store) -> list[object]:
        await store.open()
        hand, seen = Hand(store), list[object]()
        for plans in batches:
            ops = await honest(store, [op for plan in plans for op in plan[4]])
            batch = [(*plan[:4], [op for op in plan[4] if op in ops]) for plan in plans]
            outcomes: list[Outcome] = await hand.commit(*units(hand, batch))
            seen.append(outcomes)
        try:
            await store.write(await honest(store, last))
        except ValueError:
            seen.append("refused")
        seen.extend(await looks(store))
        await store.close()
        return seen

    async def both(folder: Path) -> tuple[list[object], list[object]]:
        return await play(MemoryStore()), await play(SqliteStore(folder / "muster.db"))

    with tempfile.TemporaryDirectory() as folder:
        in_memory, in_file = asyncio.run(both(Path(folder)))
    assert in_memory == in_file
