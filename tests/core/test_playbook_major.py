"""The playbook's table of major incidents: what older ones mean, and what is refused."""

import pytest

from bot.core.playbook import Playbook
from bot.core.playbook_major import KNOWN, MajorPart, next_by
from bot.core.playbook_parse import PlaybookErrors, parse
from bot.core.texts import t
from tests.tidy import ROOT

HOUR, MINUTE = 3_600_000, 60_000
TEXT = (ROOT / "bot" / "playbooks" / "default.toml").read_text()
BEFORE, _, REST = TEXT.partition("[major.criteria]")
AFTER = REST.partition("# --- who is alarmed")[2]


def read(table: str) -> Playbook | PlaybookErrors:
    """The default playbook with this table in the place of its own."""
    return parse(f"{BEFORE}{table}\n#{AFTER}", "own.toml")


def test_an_older_playbook_without_the_table_has_all_posts_and_the_usual_times() -> None:
    """Practice 3.4 and 4.1: six posts, 5 minutes, 5 more, every 20 for two hours (defaults)."""
    found = read("")
    assert isinstance(found, Playbook), found
    part = found.major
    assert (tuple(part.posts), dict(part.criteria)) == (KNOWN, {})
    assert all(one.needed for one in part.posts.values())
    updates = part.updates
    spans = (updates.first, updates.scope, updates.every, updates.relax_after, part.vacancy)
    assert spans == (5 * MINUTE, 5 * MINUTE, 20 * MINUTE, 2 * HOUR, 5 * MINUTE)
    assert part == MajorPart()


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ("[major.posts]\ncommander = {}\nscribe = {}", "'deputy' is missing"),
        ("[major.posts]\ncommander = {}\ndeputy = {}\npilot = {}", "needs a title and a duty"),
        ('[major.updates]\nrelax_to = "5m"', "relax_to is less than every"),
        ("[major]\nfoo = 1", "foo"),
        ('[major]\nvacancy = "soon"', "duration"),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_sentence(table: str, says: str) -> None:
    found = read(table)
    assert isinstance(found, PlaybookErrors)
    assert says in str(found)


def test_an_own_post_has_its_own_words_and_may_be_left_empty() -> None:
    own = "[major.posts]\ncommander = {}\ndeputy = {}\n[major.posts.driver]\nneeded = false\n"
    found = read(f'{own}title = "Driver"\nduty = "You drive."')
    assert isinstance(found, Playbook), found
    assert found.major.title("driver") == found.major.posts["driver"].title
    assert not found.major.posts["driver"].needed
    assert found.major.title("gone") == t("{post}", post="gone")


@pytest.mark.parametrize(
    ("heard", "at", "span"),
    [
        ((), 3 * MINUTE, 5 * MINUTE),
        ((3 * MINUTE,), 8 * MINUTE, 20 * MINUTE),
        ((3 * MINUTE,), 2 * HOUR - 1, 20 * MINUTE),
        ((3 * MINUTE,), 2 * HOUR, HOUR),
    ],
)
def test_each_update_says_by_when_the_next_one_comes(
    heard: tuple[int, ...], at: int, span: int
) -> None:
    """Practice 4.1: scope within 5 more, every 20 min for 2 h, slower after that."""
    assert next_by(MajorPart().updates, 0, heard, at) == at + span
