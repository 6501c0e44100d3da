"""What became of messages is counted as it happens, alike in every store."""

from random import Random

from bot.store.base import Drop, Op, Patch, Put, Row, Store
from bot.store.tallied import tallies
from tests.contract.kit import message

STATES = ("waiting", "dead", "delivered", "refused", "held")
REASONS = ("", "expired", "failed: no such style", "failed: other", "blocked")


async def counted(store: Store) -> set[tuple[object, ...]]:
    rows = await store.select("tallies", limit=1000)
    return {tuple(row.values()) for row in rows if row["many"]}


async def told(store: Store) -> set[tuple[object, ...]]:
    """The same, by looking at every row."""
    rows = await store.select("outbox", limit=1000)
    return {tuple(row.values()) for row in tallies(rows)}


async def test_each_message_counts_for_its_update_and_for_the_house(store: Store) -> None:
    more: Row = {"kind": "say", "channel": "web", "about": "inc_a/1", "reason": ""}
    await store.write([Put("outbox", {**message("a"), **more})])
    await store.write([Put("outbox", {**message("b"), **more, "about": None})])
    await store.write([Put("outbox", {**message("subscribers::inc_a"), **more})])
    await store.write([Put("outbox", {**message("rep_a"), **more, "kind": "do"})])
    assert await counted(store) == {
        ("", "waiting", "", "web", 2),
        ("inc_a/1", "waiting", "", "web", 1),
    }
    (row, *_) = await store.select("outbox", {"about": "inc_a/1"}, order="id")
    dead: Row = {"state": "dead", "reason": "failed: nobody there"}
    await store.write([Patch("outbox", {"id": row["id"]}, dead)])
    assert ("inc_a/1", "dead", "failed", "web", 1) in await counted(store)
    await store.forget("nobody")
    await store.write([Drop("outbox", {"id": row["id"]})])
    assert await counted(store) == {("", "waiting", "", "web", 1)}


async def test_an_audience_counts_when_it_died(store: Store) -> None:
    more: Row = {"kind": "say", "channel": "", "about": "inc_a/1", "reason": "expired"}
    await store.write([Put("outbox", {**message("reporters::inc_a", "dead"), **more})])
    assert await counted(store) == {
        ("", "dead", "expired", "", 1),
        ("inc_a/1", "dead", "expired", "", 1),
    }


async def test_whatever_happens_to_messages_the_numbers_are_those_of_the_rows(
    store: Store,
) -> None:
    chance = Random(7)
    for number in range(1, 60):
        row: Row = {
            **message(chance.choice(("a", "b", "subscribers::inc_a"))),
            "id": number,
            "kind": chance.choice(("say", "say", "do")),
            "channel": chance.choice(("web", "email")),
            "about": chance.choice((None, "inc_a/1", "inc_a/2")),
            "reason": "",
            "subject": chance.choice(("sub_a", "sub_b")),
        }
        changes: Row = {"state": chance.choice(STATES), "reason": chance.choice(REASONS)}
        ops: list[Op] = [Put("outbox", row)]
        ops.append(Patch("outbox", {"id": chance.randrange(1, number + 1)}, changes))
        if number % 7 == 0:
            ops.append(Drop("outbox", {"id": chance.randrange(1, number + 1)}))
        await store.write(ops)
    assert await counted(store) == await told(store)
    await store.forget("sub_a")
    assert await counted(store) == await told(store)
