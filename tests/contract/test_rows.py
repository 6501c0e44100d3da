"""What is put comes back, is found, counted, ordered, changed and deleted as asked."""

from typing import Any

import pytest

from bot.store.base import Drop, Patch, Put, Range, Row, Store
from tests.contract.kit import Hand, message, ref, timer


async def test_a_row_is_written_whole_and_replaced_whole(store: Store) -> None:
    await store.write([Put("timers", {**timer("rep_a", "x", 5), "cause": "first"})])
    await store.write([Put("timers", {"stream": "rep_a", "name": "x", "due": 7})])
    assert await store.select("timers") == [
        {"stream": "rep_a", "name": "x", "due": 7, "command": None, "cause": None}
    ]


async def test_a_new_row_is_refused_where_its_key_exists(store: Store) -> None:
    await store.write([Put("refs", ref("R-1"), new=True)])
    with pytest.raises(ValueError, match="refused"):
        await store.write([Put("refs", ref("R-2"), new=True), Put("refs", ref("R-1"), new=True)])
    assert await store.select("refs") == [ref("R-1")]


async def test_numbers_are_given_in_order_and_never_twice(store: Store) -> None:
    await store.write([Put("outbox", message("a")), Put("outbox", message("b"))])
    await store.write([Drop("outbox", {"target": "b"})])
    await store.write([Put("outbox", message("c"))])
    rows = await store.select("outbox", order="id")
    assert [(row["id"], row["target"]) for row in rows] == [(1, "a"), (3, "c")]


async def test_changes_of_one_row_happen_in_their_order(store: Store) -> None:
    first, second = timer("rep_a", "x", 1), timer("rep_b", "x", 1)
    key = {"stream": "rep_a", "name": "x"}
    await store.write(
        [
            Put("timers", first),
            Put("timers", second),
            Drop("timers", key),
            Put("timers", {**first, "due": 2}),
            Patch("timers", key, {"due": 3}),
            Put("timers", {**second, "due": 9}),
            Drop("timers", {"due": 9}),
            Put("timers", {**second, "due": 10}),
        ]
    )
    rows = await store.select("timers", order="stream")
    assert [(row["stream"], row["due"]) for row in rows] == [("rep_a", 3), ("rep_b", 10)]


async def test_changes_of_many_rows_come_after_what_was_before_and_before_the_rest(
    store: Store,
) -> None:
    await store.write(
        [
            Put("timers", timer("rep_a", "x", 9)),
            Drop("timers", {"due": 9}),
            Put("timers", timer("rep_b", "x", 9)),
            Patch("timers", {"due": 9}, {"due": 10}),
            Put("timers", timer("rep_c", "x", 9)),
        ]
    )
    rows = await store.select("timers", order="stream")
    assert [(row["stream"], row["due"]) for row in rows] == [("rep_b", 10), ("rep_c", 9)]


async def test_a_patch_changes_the_named_columns_of_matching_rows_only(store: Store) -> None:
    rows = [timer("rep_a", "x", 1), timer("rep_a", "y", None), timer("rep_b", "x", 1)]
    await store.write([Put("timers", row) for row in rows])
    await store.write(
        [
            Patch("timers", {"stream": "rep_a"}, {"command": "c", "cause": None}),
            Patch("timers", {"due": None}, {"due": 8}),
            Patch("timers", {"stream": "rep_x", "name": "x"}, {"due": 0}),
        ]
    )
    assert await store.select("timers") == [
        {**rows[0], "command": "c", "cause": None},
        {**rows[1], "command": "c", "cause": None, "due": 8},
        rows[2],
    ]


async def test_a_drop_deletes_all_rows_that_match(store: Store) -> None:
    await store.write([Put("timers", timer(f"rep_{n}", "x", n % 2)) for n in range(6)])
    await store.write([Drop("timers", {"due": 1})])
    await store.write([Drop("timers", {"stream": "rep_0", "name": "x", "due": 77})])
    assert [row["stream"] for row in await store.select("timers")] == ["rep_0", "rep_2", "rep_4"]
    await store.write([Drop("timers", {"stream": "rep_0", "name": "x", "due": 0})])
    assert await store.count("timers") == 2


SELECTS: list[tuple[dict[str, Any], list[str]]] = [
    ({}, ["a", "b", "c", "d", "e"]),
    ({"order": "due"}, ["c", "b", "d", "a", "e"]),
    ({"order": "due", "descending": True}, ["e", "a", "d", "b", "c"]),
    ({"order": "due", "limit": 2}, ["c", "b"]),
    ({"limit": 0}, []),
    ({"descending": True, "limit": 3}, ["e", "d", "c"]),
    ({"where": {"due": 5}}, ["b", "d"]),
    ({"where": {"due": None}}, ["c"]),
    ({"where": {"due": [5, 9]}, "order": "name"}, ["a", "b", "d"]),
    ({"where": {"name": ["a", "x", "e"]}}, ["a", "e"]),
    ({"where": {"name": []}}, []),
    ({"where": {"name": "d", "due": 5}}, ["d"]),
    ({"where": {"name": "d' OR 1=1 --"}}, []),
    ({"within": Range("due", above=5)}, ["a", "e"]),
    ({"within": Range("due", above=5), "descending": True}, ["e", "a"]),
    ({"within": Range("due", below=10)}, ["b", "d", "a"]),
    ({"within": Range("due", above=4, below=9), "order": "name", "descending": True}, ["d", "b"]),
    ({"within": Range("name", above="b"), "where": {"due": 5}}, ["d"]),
    ({"within": Range("name"), "order": "due", "limit": 1}, ["c"]),
]


@pytest.mark.parametrize(("asked", "expected"), SELECTS, ids=str)
async def test_rows_are_found_in_range_and_order(
    store: Store, asked: dict[str, Any], expected: list[str]
) -> None:
    dues = {"a": 9, "b": 5, "c": None, "d": 5, "e": 2**62}
    await store.write([Put("timers", timer("rep_a", name, due)) for name, due in dues.items()])
    assert [row["name"] for row in await store.select("timers", **asked)] == expected


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("order", ["", "due", "name"])
async def test_long_answers_are_whole_and_in_order(
    store: Store, order: str, descending: bool
) -> None:
    """With many equal values, and many that are missing, so that each slice ends among them."""
    rows = [timer("rep_a", f"{n:04}", [None, 1, 1, 2][n * 7 % 1000 // 250]) for n in range(1000)]
    await store.write([Put("timers", row) for row in rows])
    found = await store.select("timers", order=order, descending=descending, limit=950)
    ranked = sorted(rows, key=lambda row: str(row[order])) if order == "name" else rows
    if order == "due":
        ranked = sorted(rows, key=lambda row: -1 if row["due"] is None else row["due"])
    assert found == (ranked[::-1] if descending else ranked)[:950]


async def test_a_list_of_any_length_is_asked_at_once(store: Store) -> None:
    await store.write([Put("refs", ref(f"R-{n}")) for n in range(0, 3000, 3)])
    wanted = [f"R-{n}" for n in range(3000)]
    assert len(await store.select("refs", {"reference": wanted}, limit=5000)) == 1000


async def test_rows_are_counted(store: Store) -> None:
    await store.write([Put("outbox", message("t", "waiting" if n else "dead")) for n in range(5)])
    assert await store.count("outbox") == 5
    assert await store.count("outbox", {"state": "waiting"}) == 4
    assert await store.count("outbox", {"state": "dead", "target": "t"}) == 1
    assert await store.count("outbox", {"target": "'"}) == 0


@pytest.mark.parametrize(
    "asked",
    [
        {"table": "no_such_table"},
        {"table": "sqlite_schema"},
        {"table": "refs", "where": {"1=1 OR reference": "x"}},
        {"table": "refs", "order": "reference; DROP TABLE refs"},
        {"table": "refs", "within": Range("rowid", above=1)},
    ],
)
async def test_names_that_are_not_in_the_spec_are_refused(
    store: Store, asked: dict[str, Any]
) -> None:
    with pytest.raises(ValueError, match=r"no (such columns|table)"):
        await store.select(**asked)


TEXTS = [
    "Robert'); DROP TABLE events;--",
    "a\x00b\x01\x7f",
    "مرحبا \u202e reversed",
    "👩‍👩‍👧‍👦 😀",
    "\\ \" ' ` %s {0} ?1 :name",
    "",
    "x" * 100_000,
]


@pytest.mark.parametrize("words", TEXTS, ids=range(len(TEXTS)))
async def test_any_text_comes_back_as_it_was(store: Store, words: str) -> None:
    await store.write([Put("refs", ref(words, words))])
    assert await store.select("refs", {"reference": words}) == [ref(words, words)]
    assert await store.select("refs", {"reference": [words]}) == [ref(words, words)]


async def test_a_stamp_is_the_position_of_the_unit_that_wrote_the_row_first(
    store: Store, hand: Hand
) -> None:
    def subscription(number: int, **more: Any) -> Row:
        return {"person": "per_a", "number": number, "scope": "all", **more}

    await hand.write("per_a", Put("subscriptions", subscription(1)), events=2)
    await hand.write(
        "per_a",
        Put("subscriptions", subscription(1, channel="web")),
        Put("subscriptions", subscription(2, since=77)),
    )
    rows = await store.select("subscriptions", order="number")
    assert [(row["since"], row["channel"]) for row in rows] == [(2, "web"), (77, None)]
    await store.write([Put("subscriptions", subscription(3))])
    assert (await store.select("subscriptions", {"number": 3}))[0]["since"] is None


async def test_what_a_table_allows_only_once_is_refused_the_second_time(store: Store) -> None:
    copy = message("t", member="per_a", cause="c1")
    await store.write([Put("outbox", message("t", cause="c1"))])
    await store.write([Put("outbox", message("t", cause="c1")), Put("outbox", copy)])
    with pytest.raises(ValueError, match="refused"):
        await store.write([Put("outbox", copy)])
    (taken,) = await store.select("outbox", {"member": "per_a"})
    await store.write(
        [
            Put("outbox", message("t", cause="c1")),
            Drop("outbox", {"id": taken["id"]}),
            Put("outbox", copy),
        ]
    )
    assert await store.count("outbox", {"cause": "c1"}) == 4


async def test_identities_are_found_by_their_keys(store: Store) -> None:
    row = {"identity": "k1", "person": "per_a", "subject": "sub_a"}
    await store.write([Put("identities", row, new=True)])
    assert (await store.load([], ["k1", "k2"], [])).identities == {"k1": row}
    loaded = await store.load([], [], [])
    assert (loaded.answered, loaded.identities, loaded.snapshots) == ({}, {}, {})


async def test_old_answers_expire_and_young_ones_stay(store: Store, hand: Hand) -> None:
    units = [hand.unit(f"rep_{n}", key=n) for n in range(4)]
    for n, unit in enumerate(units):
        assert unit.dedupe is not None
        old = type(unit.dedupe)(n, b"p", b"a", at=n * 10)
        await store.commit([type(unit)(**{**_fields(unit), "dedupe": old})])
    assert await store.expire(before=20) == 2
    assert await store.expire(before=20) == 0
    assert set((await store.load([0, 1, 2, 3], [], [])).answered) == {2, 3}


def _fields(unit: Any) -> dict[str, Any]:
    return {name: getattr(unit, name) for name in unit.__dataclass_fields__}
