"""What the ledger reads goes along an index, however many messages there are."""

from pathlib import Path

import pytest

from bot.store import statements as sql
from bot.store.base import Range
from bot.store.sqlite.store import SqliteStore

LETTERS = {"kind": "say", "state": "delivered", "channel": "web"}


@pytest.mark.parametrize(
    ("where", "index"),
    [
        ({**LETTERS, "about": "inc_a/1"}, "outbox_about (about=? AND state=? AND channel=?"),
        ({**LETTERS, "state": "dead"}, "outbox_dead_by (kind=? AND channel=?"),
        ({"kind": "do", "state": "refused"}, "outbox_refused (kind=?"),
    ],
)
async def test_a_page_of_letters_is_read_along_an_index(
    tmp_path: Path, where: dict[str, str], index: str
) -> None:
    store = SqliteStore(tmp_path / "muster.db")
    await store.open()
    statement, values = sql.select("outbox", where, Range("id", above=5), "id", False)
    plan = await store._open.all(f"EXPLAIN QUERY PLAN {statement}", (*values, 100))
    told = " ".join(str(row[3]) for row in plan)
    assert index in told, told
    assert "TEMP B-TREE" not in told, told
    await store.close()
