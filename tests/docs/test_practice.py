"""Every statement of the practice names the tests that show it, and those tests exist."""

import ast
import re
from collections.abc import Mapping
from functools import cache

import pytest

from tests.tidy import ROOT

PAGE = (ROOT / "docs" / "practice.md").read_text(encoding="utf-8")
STATEMENTS: Mapping[int, int] = {1: 6, 2: 5, 3: 4, 4: 4, 5: 3, 7: 4}
"""How many statements each section has; of section 9 only the second."""
NUMBERS = [f"{part}.{n}" for part, many in STATEMENTS.items() for n in range(1, many + 1)]
NUMBERS.append("9.2")
NAMED = re.compile(r"^  - `(tests/[\w/]+\.py)::(test_\w+)`$", re.MULTILINE)
OPEN = "- Not built: "
BLOCKS = dict(re.findall(r"^### (\d\.\d) ([^#]+)", PAGE, re.MULTILINE))


@cache
def functions(path: str) -> frozenset[str]:
    """The tests of a file."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(one.name for one in ast.walk(tree) if isinstance(one, kinds))


@pytest.mark.parametrize("number", NUMBERS)
def test_a_statement_names_its_tests_or_says_that_it_is_not_built(number: str) -> None:
    """And a claim that is made has a test beneath it."""
    assert number in BLOCKS
    claims = re.split(r"^- ", BLOCKS[number], flags=re.MULTILINE)[1:]
    assert claims
    for claim in claims:
        assert NAMED.search(claim) or f"- {claim}".startswith(OPEN), claim


ODD = ("loop", "empty rung", "left", "unavailable", "daylight saving", "year ends", "leap days")
LATE = ("slept for three days", "puts warnings in the past")


def test_all_that_may_come_in_wrong_has_its_tests() -> None:
    """Each word of the issue stands in a claim, and no claim is without a test."""
    claims = re.split(r"^- ", PAGE.partition("\n## Bad input\n")[2], flags=re.MULTILINE)[1:]
    assert [one for one in claims if not NAMED.search(one)] == []
    said = [one.partition("\n")[0] for one in claims]
    assert [word for word in (*ODD, *LATE) if not any(word in one for one in said)] == []


def test_every_test_that_is_named_exists() -> None:
    named = NAMED.findall(PAGE)
    assert len(named) > 60
    missing = [
        f"{path}::{name}"
        for path, name in named
        if not (ROOT / path).exists() or name not in functions(path)
    ]
    assert missing == []


def test_the_page_has_every_statement_once_and_no_other() -> None:
    found = re.findall(r"^### (\d\.\d) ", PAGE, re.MULTILINE)
    assert found == NUMBERS


@pytest.mark.parametrize(
    ("page", "holds"),
    [
        (
            "- So it is.\n  - `tests/docs/test_practice.py::test_every_test_that_is_named_exists`",
            True,
        ),
        ("- So it is.\n", False),
        ("- So it is. `tests/docs/test_practice.py::test_x`\n", False),
    ],
)
def test_a_claim_without_a_test_is_found(page: str, holds: bool) -> None:
    assert bool(NAMED.search(page)) is holds
