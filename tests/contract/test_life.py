"""What lasts, what is forgotten, and what a closed store says."""

import pytest

from bot.core.errors import StoreDown
from bot.store.base import Index, Put, Store
from bot.store.tables import TABLES
from tests.contract.kit import Hand, Place, answer, message, ref, timer


async def test_everything_survives_closing_and_opening(place: Place) -> None:
    store = await place.store()
    hand = Hand(store)
    await hand.write("rep_a", Put("refs", ref("R-1")), Index("rep_a", "f", "s", "water"), events=3)
    await store.write([Put("outbox", message("t"))])
    log = await store.log(0, 10)
    await store.close()
    await store.close()
    again = await place.store()
    assert await again.log(0, 10) == log
    assert await again.head() == 3
    assert await again.select("refs") == [ref("R-1")]
    assert len(await again.search("water", 5)) == await again.count("outbox") == 1
    hand.store = again
    assert (await hand.write("rep_a")).position == 4
    await again.close()


async def test_a_store_goes_on_after_it_was_reopened(store: Store, hand: Hand) -> None:
    await hand.write("rep_a")
    await store.reopen()
    assert (await hand.write("rep_a")).position == 2
    assert len(await store.log(0, 10)) == 2


async def test_a_closed_store_says_so(store: Store, hand: Hand) -> None:
    await store.close()
    with pytest.raises(StoreDown):
        await hand.write("rep_a")
    with pytest.raises(StoreDown):
        await store.select("refs")
    with pytest.raises(StoreDown):
        await store.load([1], [], [])
    with pytest.raises(StoreDown):
        await store.write([Put("refs", ref("R-1"))])


async def test_snapshots_are_paged_by_stream(store: Store, hand: Hand) -> None:
    for number in range(450):
        await hand.write(f"rep_{number:03}")
    first = await store.snapshots("", 400)
    assert [one.stream for one in first] == [f"rep_{number:03}" for number in range(400)]
    rest = await store.snapshots(first[-1].stream, 400)
    assert [one.stream for one in rest] == [f"rep_{number:03}" for number in range(400, 450)]


async def test_the_log_is_paged_by_position_and_by_version(store: Store, hand: Hand) -> None:
    await hand.commit(*(hand.unit(f"rep_{number}", events=300) for number in range(2)))
    assert [one.position for one in await store.log(250, 300)] == list(range(251, 551))
    assert [one.row.version for one in await store.events("rep_1", 10, 500)] == list(range(11, 301))
    assert await store.events("rep_9", 0, 10) == await store.log(600, 10) == []
    assert len(await store.log(-(2**62), 1000)) == 600


async def test_forgetting_a_subject_deletes_every_row_that_carries_it(store: Store) -> None:
    for subject in ("sub_a", "sub_b"):
        for table in TABLES.values():
            if table.subject and table.name != "search":
                await store.write([Put(table.name, _row(table.name, subject))])
        await store.write([Index(subject, "what", subject, f"water {subject}")])
    await store.write([Put("timers", timer("rep_a", "x", 1)), Put("outbox", message("nobody"))])
    await store.forget("sub_a")
    for table in TABLES.values():
        if table.subject:
            assert await store.count(table.name, {"subject": "sub_a"}) == 0, table.name
            assert await store.count(table.name, {"subject": "sub_b"}) == 1, table.name
    assert [row["stream"] for row in await store.search("water", 10)] == ["sub_b"]
    assert await store.count("timers") == 1
    assert await store.count("outbox") == 2
    await store.forget("sub_a")


def _row(table: str, subject: str) -> dict[str, str | int | None]:
    """The least that the table takes."""
    spec = TABLES[table]
    needed = [name for name in spec.columns if name in (*spec.key, "seat", "intent", "person")]
    row: dict[str, str | int | None] = {name: f"{name} {subject}" for name in needed}
    row |= {name: 1 for name in spec.key if name in ("number", "task", "part")}
    row |= {name: None for name in spec.key if name == "id"}
    return {**row, "subject": subject}


async def test_a_subject_is_in_use_as_long_as_a_row_carries_it(store: Store) -> None:
    await store.write(
        [
            Put("subjects", {"subject": "sub_a", "stream": "rep_a"}),
            Put("identities", {"identity": "k", "person": "p", "subject": "sub_b"}),
            Put("outbox", message("t", subject="sub_c")),
            Index("rep_a", "f", "sub_d", "words"),
        ]
    )
    asked = [f"sub_{letter}" for letter in "abcdefg"]
    assert await store.in_use(asked) == {"sub_a", "sub_b", "sub_c", "sub_d"}
    await store.forget("sub_c")
    assert await store.in_use(asked) == {"sub_a", "sub_b", "sub_d"}
    assert await store.in_use([]) == frozenset()


async def test_answers_are_kept_with_their_payload(store: Store, hand: Hand) -> None:
    await hand.commit(hand.unit("rep_a", key=0), hand.unit("rep_b", key=2**63 - 1))
    known = (await store.load([0, 2**63 - 1], [], [])).answered
    assert known == {0: answer(0), 2**63 - 1: answer(2**63 - 1)}
