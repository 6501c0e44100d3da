"""What a commit promises: all of a unit or nothing, its order, and who stands in whose way."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bot.store.base import (
    GENESIS,
    Blank,
    Committed,
    Drop,
    Index,
    Patch,
    Put,
    Store,
    Unit,
    Violated,
)
from bot.store.chain import link
from tests.contract.kit import Hand, answer, event, message, ref, stood, timer


async def test_events_are_appended_with_positions_and_a_chain(store: Store, hand: Hand) -> None:
    first = await hand.write("rep_a", events=2)
    second = await hand.write("rep_b")
    third = await hand.write("rep_a")
    log = await store.log(0, 10)
    assert [one.position for one in log] == [1, 2, 3, 4]
    assert [(one.row.stream, one.row.version) for one in log] == [
        ("rep_a", 1),
        ("rep_a", 2),
        ("rep_b", 1),
        ("rep_a", 3),
    ]
    assert (first.position, second.position, third.position) == (2, 3, 4)
    head = GENESIS
    for one in await store.events("rep_a", 0, 10):
        head = link(head, one.position, one.row)
        assert one.hash == head
    assert third.head == head


async def test_an_event_comes_back_as_it_was_written(store: Store) -> None:
    row = event(
        "rep_a", 1, source_at=5, actor=None, body='{"ä":"😀"}', sealed='["tökn"]', cause="c", at=-3
    )
    await store.commit([Unit("rep_a", 0, GENESIS, (row,), 1, "{}")])
    (stored,) = await store.events("rep_a", 0, 10)
    assert stored.row == row


async def test_a_snapshot_is_the_newest_state_with_its_head(store: Store, hand: Hand) -> None:
    await hand.write("rep_a")
    newest = await hand.write("rep_a", events=2)
    snapshot = (await store.load([], [], ["rep_a", "rep_x"])).snapshots["rep_a"]
    assert (snapshot.version, snapshot.fold, snapshot.state) == (3, 1, '{"version":3}')
    assert snapshot.head == newest.head


@pytest.mark.parametrize("expected", [0, 1, 3])
async def test_a_stream_that_moved_refuses_the_unit(
    store: Store, hand: Hand, expected: int
) -> None:
    await hand.write("rep_a", events=2)
    head = GENESIS if expected == 0 else hand.stands["rep_a"][1]
    late = Unit("rep_a", expected, head, (event("rep_a", expected + 1),), 1, "late")
    assert await store.commit([late]) == [Violated("version")]
    assert len(await store.log(0, 10)) == 2
    assert (await store.load([], [], ["rep_a"])).snapshots["rep_a"].state == '{"version":2}'


async def test_a_unit_on_the_wrong_head_is_refused(store: Store, hand: Hand) -> None:
    await hand.write("rep_a")
    wrong = replace(hand.unit("rep_a"), head=b"\1" * 32)
    assert await store.commit([wrong]) == [Violated("version")]


async def test_a_unit_whose_versions_have_a_gap_is_refused(store: Store) -> None:
    gap = Unit("rep_a", 0, GENESIS, (event("rep_a", 1), event("rep_a", 3)), 1, "{}")
    alien = Unit("rep_b", 0, GENESIS, (event("rep_a", 1),), 1, "{}")
    assert await store.commit([gap, alien]) == [Violated("value")] * 2
    assert await store.head() == 0


async def test_one_bad_unit_hurts_nobody_else(store: Store, hand: Hand) -> None:
    await hand.write("rep_b", Put("refs", ref("R-1")))
    bad = [
        replace(hand.unit("rep_b"), expected=7, events=(event("rep_b", 8),)),
        hand.unit("rep_c", Put("refs", ref("R-1"), new=True)),
        hand.unit("rep_d", Put("refs", {"reference": "R-9", "stream": "half a \ud800"})),
    ]
    good = [hand.unit("rep_a", events=2), hand.unit("rep_e"), hand.unit("rep_f")]
    units = [good[0], bad[0], bad[1], good[1], bad[2], good[2]]
    outcomes = await store.commit(units)
    assert stood(outcomes) == ["committed", "version", "row", "committed", "value", "committed"]
    log = await store.log(0, 20)
    assert [one.row.stream for one in log] == ["rep_b", "rep_a", "rep_a", "rep_e", "rep_f"]
    assert [one.position for one in log] == [1, 2, 3, 4, 5]
    assert await store.head() == 5


@pytest.mark.parametrize("bad", [None, 0, 63, 100])
async def test_a_full_batch_is_kept_whole_but_for_who_is_refused(
    store: Store, hand: Hand, bad: int | None
) -> None:
    await hand.commit(hand.unit("rep_x", key=999))
    batch = []
    for n in range(101):
        stream = f"rep_{n:03}"
        row = Put("timers", timer(stream, "t", n))
        batch.append(hand.unit(stream, row, events=2, key=999 if n == bad else n))
    outcomes = await store.commit(batch)
    good = [n for n in range(101) if n != bad]
    assert [n for n, one in enumerate(outcomes) if isinstance(one, Committed)] == good
    log = await store.log(1, 300)
    assert [one.row.stream for one in log] == [f"rep_{n:03}" for n in good for _ in range(2)]
    assert [row["due"] for row in await store.select("timers", limit=200)] == good
    assert len((await store.load(range(101), [], [])).answered) == len(good)


async def test_a_refused_unit_leaves_nothing_behind(store: Store, hand: Hand) -> None:
    await hand.write("rep_b", Put("refs", ref("R-1", "rep_b")), Put("timers", timer("t", "x", 1)))
    before = await everything(store)
    ops = (
        Put("timers", timer("rep_a", "quiet", 5)),
        Patch("timers", {"stream": "t", "name": "x"}, {"due": 99}),
        Drop("refs", {"stream": "rep_b"}),
        Index("rep_a", "what", "sub_1", "water in the cellar"),
        Blank(1, "gone"),
        Put("outbox", message("t")),
        Put("refs", ref("R-2")),
        Put("refs", ref("R-2"), new=True),
    )
    refused = replace(hand.unit("rep_a", *ops), dedupe=answer(7))
    assert await store.commit([refused]) == [Violated("row")]
    assert await store.commit([refused, hand.unit("rep_c")]) != [Violated("row")] * 2
    assert (await store.load([7], [], ["rep_a"])).snapshots == {}
    after = await everything(store)
    assert {**after, "log": after["log"][:-1], "head": after["head"] - 1} == before


async def everything(store: Store) -> dict[str, Any]:
    return {
        "log": await store.log(0, 100),
        "head": await store.head(),
        "timers": await store.select("timers"),
        "refs": await store.select("refs"),
        "outbox": await store.select("outbox"),
        "found": await store.search("water", 10),
        "answered": (await store.load([7], [], [])).answered,
    }


async def test_an_answered_key_is_refused_and_its_answer_is_known(store: Store, hand: Hand) -> None:
    await hand.commit(hand.unit("rep_a", key=2**62))
    again = hand.unit("rep_b", key=2**62)
    assert await store.commit([again, hand.unit("rep_c", key=1)]) == [
        Violated("key"),
        Committed(hand.stands.get("rep_c", (0, (await store.log(0, 9))[-1].hash))[1], 2),
    ]
    known = (await store.load([2**62, 1, 5], [], [])).answered
    assert set(known) == {2**62, 1}
    assert known[2**62] == answer(2**62)


async def test_an_answered_key_is_named_before_anything_else(store: Store, hand: Hand) -> None:
    await hand.commit(hand.unit("rep_a", Put("refs", ref("R-1"), new=True), key=1))
    everything_wrong = Unit(
        "rep_a",
        0,
        GENESIS,
        (event("rep_a", 1),),
        1,
        "{}",
        answer(1),
        (Put("refs", ref("R-1"), new=True),),
    )
    assert await store.commit([everything_wrong]) == [Violated("key")]
    fresh_key = replace(everything_wrong, dedupe=answer(2))
    assert await store.commit([fresh_key]) == [Violated("version")]


async def test_a_unit_without_events_writes_its_rows_and_answer(store: Store, hand: Hand) -> None:
    written = await hand.write("rep_a")
    only_rows = Unit("rep_a", 0, b"any", dedupe=answer(3), ops=(Put("refs", ref("R-1")),))
    assert await store.commit([only_rows]) == [Committed(b"any", written.position)]
    assert await store.select("refs") == [ref("R-1")]
    assert set((await store.load([3], [], [])).answered) == {3}
    assert await store.head() == 1


async def test_a_number_that_no_column_holds_refuses_its_unit_only(
    store: Store, hand: Hand
) -> None:
    too_large = hand.unit("rep_a", Put("timers", timer("rep_a", "x", 2**63)))
    assert stood(await store.commit([too_large, hand.unit("rep_b")])) == ["value", "committed"]


async def test_a_column_that_does_not_exist_refuses_its_unit_only(store: Store, hand: Hand) -> None:
    units = [
        hand.unit("rep_a", Put("refs", {"reference": "x", "stream; DROP TABLE events": 1})),
        hand.unit("rep_b", Put("no_such_table", {"a": 1})),
        hand.unit("rep_c", Drop("refs", {})),
        hand.unit("rep_d", Patch("refs", {"reference": "x"}, {"streams": 1})),
        hand.unit("rep_e", Put("search", {"id": 1, "stream": "", "field": "", "subject": ""})),
        hand.unit("rep_f"),
    ]
    assert stood(await store.commit(units)) == ["value"] * 5 + ["committed"]


async def test_blanking_changes_the_sealed_column_and_nothing_else(
    store: Store, hand: Hand
) -> None:
    await hand.write("rep_a", events=2)
    before = await store.log(0, 10)
    await hand.write("rep_b", Blank(1, "[null]"), Blank(99, "nowhere"))
    first, second, _ = await store.log(0, 10)
    assert first.row == replace(before[0].row, sealed="[null]")
    assert (first.hash, second) == (before[0].hash, before[1])


async def test_two_who_press_at_once_make_one_winner(store: Store, hand: Hand) -> None:
    await hand.write("inc_a")
    presses = [replace(hand.unit("inc_a"), dedupe=answer(number)) for number in range(50)]
    outcomes = await asyncio.gather(*(store.commit([press]) for press in presses))
    assert sorted(stood([one for [one] in outcomes])) == ["committed"] + ["version"] * 49
    assert len(await store.events("inc_a", 0, 100)) == 2
    assert len((await store.load(list(range(50)), [], [])).answered) == 1


async def test_positions_follow_the_order_of_commits_without_a_gap(store: Store) -> None:
    finished: list[int] = []

    async def writer(name: str) -> None:
        hand = Hand(store)
        for _ in range(20):
            finished.append((await hand.write(name)).position)
            await store.commit([replace(hand.unit(name), expected=99)])

    await asyncio.gather(*(writer(f"rep_{number}") for number in range(10)))
    assert finished == list(range(1, 201))
    assert [one.position for one in await store.log(0, 1000)] == list(range(1, 201))
    assert await store.head() == 200


async def test_readers_beside_writers_see_whole_units_only(store: Store) -> None:
    hand, looks = Hand(store), list[int]()

    async def writer() -> None:
        for number in range(20):
            ops = [Put("timers", timer("rep_a", f"{number}.{one}", 1)) for one in range(3)]
            await hand.write("rep_a", *ops, events=3)

    async def reader() -> None:
        while not writing.done():
            looks.append(len(await store.log(0, 1000)))
            looks.append(await store.count("timers"))

    writing = asyncio.create_task(writer())
    await asyncio.gather(writing, reader(), reader())
    assert {look % 3 for look in looks} == {0}
    assert len(set(looks)) > 5, "the readers were beside the writer"


async def test_a_caller_who_goes_away_leaves_a_whole_commit(store: Store, hand: Hand) -> None:
    task = asyncio.create_task(hand.commit(hand.unit("rep_a", Put("refs", ref("R-1")), events=3)))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    other = await store.commit([Unit("rep_b", 0, GENESIS, (event("rep_b", 1),), 1, "{}")])
    assert stood(other) == ["committed"]
    assert [one.row.stream for one in await store.log(0, 9)] == ["rep_a"] * 3 + ["rep_b"]
    assert await store.count("refs") == 1


async def test_nothing_to_commit_is_nothing(store: Store) -> None:
    assert await store.commit([]) == []
    await store.write([])
    assert await store.head() == 0
