"""A few worlds as examples; `./dev sim` lives as many as are wanted."""

import sqlite3

import pytest

from bot.core.ids import DESK
from tests.sim.chance import Chance, Faults
from tests.sim.laws import Broken, Laws
from tests.sim.marks import STAFF, Marks
from tests.sim.story import told

TROUBLE = Faults(
    disk_slow=20,
    lost=0.2,
    doubled=0.2,
    late=20_000,
    platform=0.2,
    storms=0.3,
    crashes=3,
    clock=True,
)
MINUTES = 25


def test_one_seed_is_one_history_to_the_last_byte_and_another_seed_another() -> None:
    one, again, other = (told(seed, MINUTES, TROUBLE) for seed in (1, 1, 2))
    assert (one.broken, again.broken, other.broken) == ("", "", "")
    assert (one.trace, one.events, one.steps) == (again.trace, again.events, again.steps)
    assert one.trace != other.trace
    assert one.crashes
    assert one.met["doubled"]
    assert one.met["unreachable"]


def test_each_seed_has_troubles_of_its_own() -> None:
    worlds = [Faults.of(Chance(f"world {seed}").part("faults")) for seed in range(200)]
    for name in ("disk_slow", "disk_down", "lost", "doubled", "late", "platform", "storms"):
        shares = {bool(getattr(one, name)) for one in worlds}
        assert shares == {True, False}, name
    assert {one.crashes for one in worlds} == {0, 1, 2, 4}


# --- the laws have teeth ---------------------------------------------------------------------


def log() -> sqlite3.Connection:
    raw = sqlite3.connect(":memory:")
    raw.executescript(
        "CREATE TABLE events (position INTEGER PRIMARY KEY, stream, version, tag, revision, at,"
        " source_at, actor, cause, body, sealed, hash);"
        "CREATE TABLE snapshots (stream, version, fold, head, state);"
        "CREATE TABLE head (one, position); INSERT INTO head VALUES (1, 0);"
    )
    return raw


def put(raw: sqlite3.Connection, position: int, version: int, hash_: bytes) -> None:
    raw.execute(
        "INSERT INTO events VALUES (?, ?, ?, 'playbook_adopted', 1, 0, NULL, NULL, '', '{}',"
        " NULL, ?)",
        (position, DESK, version, hash_),
    )
    raw.execute("UPDATE head SET position = ?", (position,))


@pytest.mark.parametrize(
    ("position", "version", "what"),
    [(2, 1, "I4 entry 2"), (1, 2, "I4 desk version 2"), (1, 1, "does not fit its chain")],
)
def test_a_log_with_a_gap_or_a_broken_chain_is_noticed(
    position: int, version: int, what: str
) -> None:
    raw = log()
    put(raw, position, version, b"\1" * 32)
    with pytest.raises(Broken, match=what):
        Laws().look(raw)


def test_a_task_with_more_people_than_places_is_noticed() -> None:
    laws = Laws()
    laws._task("inc", "task_opened", '{"task": 1, "needed": 1}')
    laws._task("inc", "task_claimed", '{"task": 1, "person": "ana"}')
    laws._task("inc", "task_released", '{"task": 1, "person": "ana"}')
    laws._task("inc", "task_claimed", '{"task": 1, "person": "bob"}')
    with pytest.raises(Broken, match="I3"):
        laws._task("inc", "task_claimed", '{"task": 1, "person": "ana"}')


def test_words_that_are_lost_doubled_or_astray_are_noticed() -> None:
    marks = Marks(meant={"m1m": "carol", "m2m": STAFF}, kept={"m1m": "carol", "m3m": "carol"})
    assert marks.astray("as m1m said, m2m", "carol") == ["m2m"]
    assert marks.astray("as m1m said", "dave") == ["m1m"]
    assert marks.astray("m1m", "carol") == []
    said = [("rep", "message_received", "m1m"), ("rep", "message_received", "again m1m")]
    assert marks.faults(said) == [
        "I2 m1m is 2 times message_received of rep",
        "I1 m3m of carol is lost",
    ]
