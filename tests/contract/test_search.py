"""What was said is found by its words, whatever somebody types to find it."""

import pytest

from bot.store.base import Drop, Index, Put, Store
from tests.contract.kit import Hand

SAID = {
    "rep_1": "The power is out in the whole Müller building since 9:30",
    "rep_2": "Water in the cellar, power still on. Ask for Mrs. O'Neill",
    "rep_3": "القسم الخامس بدون كهرباء",
    "rep_4": "בית החולים ללא חשמל 😀🔥",
    "rep_5": "бе́лый дом — нет света",
    "rep_6": "东京都的电力中断了",
    "rep_7": "बिजली नहीं है",
}


@pytest.fixture
async def said(store: Store, hand: Hand) -> Store:
    for stream, words in SAID.items():
        await hand.write(stream, Index(stream, "what", f"sub_{stream}", words))
    return store


FOUND = [
    ("power", ["rep_2", "rep_1"]),
    ("POWER buil", ["rep_1"]),
    ("building power", ["rep_1"]),
    ("pow", ["rep_2", "rep_1"]),
    ("muller", ["rep_1"]),
    ("MÜLL", ["rep_1"]),
    ("power out cellar", []),
    ("pow out", []),
    ("9:30", ["rep_1"]),
    ("o'neill", ["rep_2"]),
    ("كهرباء", ["rep_3"]),
    ("חשמל", ["rep_4"]),
    ("белый свет", ["rep_5"]),
    ("电力", ["rep_6"]),
    ("बिज", ["rep_7"]),
    ("बिजली है", ["rep_7"]),
    ("", []),
    ("   ", []),
    ("😀", []),
    ("😀 חשמל 🔥", ["rep_4"]),
    ('power"', ["rep_2", "rep_1"]),
    ('"; DROP TABLE words; --', []),
    ("power AND NOT building", []),
    ("power OR xyzzy", []),
    ("NEAR(power out, 5)", []),
    ("what: power", []),
    ("said : power*", []),
    ("^power", ["rep_2", "rep_1"]),
    ("power*", ["rep_2", "rep_1"]),
    ("-power +out", ["rep_1"]),
    ("(power", ["rep_2", "rep_1"]),
    ("power\x00out", ["rep_1"]),
    ("\u202epower", ["rep_2", "rep_1"]),
    ("\ud800", []),
    ("x" * 100_000, []),
    ("power " * 10_000, ["rep_2", "rep_1"]),
]


@pytest.mark.parametrize(("typed", "expected"), FOUND, ids=range(len(FOUND)))
async def test_words_are_found_newest_first(said: Store, typed: str, expected: list[str]) -> None:
    rows = await said.search(typed, 10)
    assert [row["stream"] for row in rows] == expected


async def test_a_found_row_says_where_and_about_whom(said: Store) -> None:
    (row,) = await said.search("cellar", 10)
    assert (row["stream"], row["field"], row["subject"]) == ("rep_2", "what", "sub_rep_2")
    assert len(await said.search("power", 1)) == 1


async def test_words_said_anew_take_the_place_of_the_old(said: Store, hand: Hand) -> None:
    await said.write(
        [Index("rep_1", "what", "sub_x", "all is well"), Index("rep_2", "what", "", "")]
    )
    assert await said.search("power", 10) == []
    assert [row["subject"] for row in await said.search("well", 10)] == ["sub_x"]
    assert await said.count("search", {"stream": "rep_2"}) == 0


async def test_words_of_one_unit_end_as_the_last_says(said: Store, hand: Hand) -> None:
    await hand.write(
        "rep_9",
        Index("rep_9", "a", "s", "first"),
        Index("rep_9", "b", "s", "other"),
        Index("rep_9", "a", "s", ""),
        Index("rep_9", "a", "s", "last"),
        Index("rep_9", "b", "s", ""),
    )
    assert await said.search("first", 10) == await said.search("other", 10) == []
    assert [row["field"] for row in await said.search("last", 10)] == ["a"]


async def test_rows_that_are_dropped_are_not_found_any_more(said: Store) -> None:
    await said.write([Drop("search", {"subject": "sub_rep_1"})])
    assert [row["stream"] for row in await said.search("power", 10)] == ["rep_2"]


async def test_open_incidents_are_found_by_all_or_any_of_the_words(
    store: Store, hand: Hand
) -> None:
    """Likely duplicates: what has ended and what is no incident is not among them."""
    said = {
        "inc_1": "no light on the stairs",
        "inc_2": "the light in the staircase of the mill flickers",
        "inc_3": "staircase flickers at the mill",
        "rep_1": "the light in the staircase of the mill flickers",
    }
    for stream, words in said.items():
        await hand.write(stream, Index(stream, "fact:what", f"sub_{stream}", words))
        if stream.startswith("inc"):
            await store.write([Put("incidents", _line(stream, int(stream == "inc_3")))])
    assert await store.open_with("LIGHT", 10) == ["inc_2", "inc_1"]
    assert await store.open_with("light", 1) == ["inc_2"]
    assert await store.open_with("The light, flickers!", 10) == ["inc_2"]
    assert await store.open_with("light roof", 10) == []
    assert await store.open_with("stairs or flickers", 10, every=False) == ["inc_2", "inc_1"]
    assert await store.open_with("roof", 10, every=False) == []
    assert await store.open_with("", 10) == await store.open_with("!", 10, every=False) == []
    assert await store.open_with('light" OR "x', 10) == []


def _line(incident: str, ended: int) -> dict[str, str | int | None]:
    return {
        "incident": incident,
        "reference": incident,
        "status": "open",
        "ended": ended,
        "priority": "P3",
        "category": "power",
        "owner": None,
        "visibility": "normal",
        "mode": "live",
        "opened_at": 0,
        "touched_at": 0,
        "body": "",
    }
