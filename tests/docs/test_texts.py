"""What the documents say is so: links lead somewhere, commands and names exist, examples work."""

from pathlib import Path
from typing import Any

import pytest

from bot.commands.playbook import check_file
from bot.settings import NAMES, Settings
from tests.docs import texts
from tests.docs.texts import Told
from tests.tidy import ROOT

KINDS = ("tutorial.md", "explanation.md", "how-to/", "reference/")


def test_every_link_of_every_page_leads_somewhere() -> None:
    found = list(texts.links())
    assert len(found) > 40
    assert [str(one) for one in found if texts.leads_nowhere(one)] == []


@pytest.mark.parametrize(
    ("target", "nowhere"),
    [
        ("../README.md", False),
        ("design.md#10-as-it-is-built", False),
        ("design.md#no-such-heading", True),
        ("nothing.md", True),
        ("../../outside.md", True),
    ],
)
def test_a_link_is_looked_up(target: str, nowhere: bool) -> None:
    assert texts.leads_nowhere(Told("docs/README.md", target)) is nowhere


def test_every_page_can_be_found_from_the_index() -> None:
    """The index names every page, and there are all four kinds."""
    named = {one.what for one in texts.links() if one.page == "docs/README.md"}
    there = {path.relative_to(ROOT / "docs").as_posix() for path in (ROOT / "docs").rglob("*.md")}
    assert there - {"README.md"} - named == set()
    assert [kind for kind in KINDS if not any(one.startswith(kind) for one in named)] == []


def test_every_word_of_dev_that_is_named_exists() -> None:
    found = list(texts.dev_calls())
    assert len(found) > 15
    assert [str(told) for told, words in found if texts.unknown_dev_word(words)] == []


def test_every_command_and_option_that_is_named_exists() -> None:
    found = list(texts.muster_calls())
    assert len(found) > 25
    wrong = {f"{told}: {texts.unknown_muster(words)}" for told, words in found}
    assert {one for one in wrong if not one.endswith(": ")} == set()


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("run --port 9", ""),
        ("run --prot 9", "--prot"),
        ("run --smtp x", "--smtp"),
        ("person invite --role agent", ""),
        ("person forget R", "person"),
        ("playbook explain f -a a=b", ""),
        ("--version", ""),
        ("dance", "dance"),
        ("...", ""),
    ],
)
def test_a_command_is_looked_up(line: str, wrong: str) -> None:
    assert texts.unknown_muster(line.split()) == wrong


def test_every_variable_and_number_that_is_named_exists() -> None:
    assert [str(one) for one in texts.unknown_variables()] == []


def _is_settings(example: dict[str, Any]) -> bool:
    """Both have `places`: settings give each its address, a playbook a table of its own."""
    places = example.get("places")
    tables = isinstance(places, dict) and any(isinstance(x, dict) for x in places.values())
    return set(example) <= set(NAMES) and not tables


def test_every_example_of_settings_or_of_a_playbook_works(tmp_path: Path) -> None:
    """A part of a playbook is put into the built-in one, which then must be good to use."""
    found = list(texts.toml_examples())
    assert len(found) > 3
    for told, example in found:
        if _is_settings(example):
            Settings(**example)
            continue
        file = tmp_path / "playbook.toml"
        file.write_text(texts.merged(example), encoding="utf-8")
        report = check_file(file)
        assert report.well, (str(told), report.lines)


def test_the_pictures_are_shown_and_small_enough_for_a_first_look() -> None:
    """`./dev pictures` takes them anew."""
    shown = {one.what.rpartition("/")[2] for one in texts.links() if "pictures/" in one.what}
    there = {one.name: one.stat().st_size for one in (ROOT / "docs" / "pictures").glob("*.png")}
    assert shown == set(there)
    assert [name for name, size in there.items() if size > 150_000] == []
