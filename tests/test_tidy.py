"""Every house rule holds for the whole project, and every rule is shown to bite."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests import tidy
from tests.tidy import ENGINE, PURE, STORE, Rule, Source

ASSETS = (".py", ".sql", ".toml", ".html", ".js", ".css", ".sh")
PARTS = ("core", "workflows", "views", "store", "engine", "pages", "adapters")
THIS = ("tests/test_tidy.py", "tests/tidy.py")


@dataclass(frozen=True)
class Kept:
    """Where a rule holds (path beginnings, endings), what it must find and what it must not."""

    rule: Rule
    where: tuple[str, ...]
    bad: tuple[str, ...]
    good: tuple[str, ...] = ()
    ends: tuple[str, ...] = (".py",)
    without: tuple[str, ...] = ()

    def covers(self, path: str) -> bool:
        return path.startswith(self.where) and path.endswith(self.ends) and path not in self.without


RULES = (
    Kept(
        tidy.no_clock_or_chance_in_the_pure_part,
        PURE,
        bad=(
            "import time\nat = time.time()",
            "from time import monotonic as now\nat = now()",
            "from datetime import datetime\nat = datetime.now()",
            "import datetime as dt\nat = dt.datetime.utcnow()",
            "from datetime import date\nat = date.today()",
            "import random\nrandom.choice([1])",
            "from uuid import uuid4\nField(default_factory=uuid4)",
            "import os\nkey = os.urandom(16)",
            "import os.path\nos.path.exists('x')",
            "import secrets\nsecrets.token_hex()",
            "import asyncio\nasyncio.to_thread(print)",
            "from asyncio import sleep\nasync def f(): await sleep(1)",
        ),
        good=(
            "from datetime import datetime, timedelta\nat = datetime.fromtimestamp(0, zone)",
            "def f(time, random): return time.time() + random.random()",
        ),
    ),
    Kept(
        tidy.no_clock_or_chance_in_the_engine,
        ENGINE,
        bad=(
            "import time\nat = time.time()",
            "import time\nat = time.monotonic_ns()",
            "from datetime import datetime, UTC\nat = datetime.now(UTC)",
            "import random\nrandom.random()",
            "import uuid\nuuid.uuid4()",
            "import secrets\nsecrets.token_bytes(8)",
        ),
        good=("import time\nbegun = time.perf_counter()",),
    ),
    Kept(tidy.nothing_blocks_the_loop, ("bot/",), bad=("import time\ntime.sleep(1)",)),
    Kept(
        tidy.whoever_follows_a_link_waits_for_the_page,
        ("tests/e2e/", "tests/proof/browser/"),
        bad=(
            "page.get_by_role('link', name='People', exact=True).click()",
            "page.locator('article.line a').first.click()",
            "page.locator('a.door', has_text='x').click()",
        ),
        good=(
            "follow(page, page.locator('a.door').first)",
            "page.get_by_role('button', name='a').click()",
            "page.get_by_role('button', name='Copy a link to come back').click()",
        ),
    ),
    Kept(
        tidy.no_outside_world_in_the_pure_part,
        PURE,
        bad=("open('x')", "print(1)", "a = hash('x')", "b = id(a)", "eval('1')"),
        good=("class A:\n  def __hash__(self): return hash(self.a)", "def f(id): return id"),
    ),
    Kept(
        tidy.no_walk_over_a_set,
        PURE,
        bad=(
            "for x in {1, 2}: pass",
            "for x in set(y): pass",
            "a = [x for x in frozenset(y)]",
            "a = {x: 1 for x in {z for z in y}}",
            "a = tuple({1, 2})",
            "a = ', '.join({'a'})",
            "a = [*set(y)]",
            "a = set(y)\nfor x in a: pass",
            "def f(a: frozenset[str]) -> None:\n  for x in a: pass",
            "class S:\n  a: frozenset[str]\n  def f(self): return [x for x in self.a]",
            "a = {1}\nfor x in a | b: pass",
            "for x in a.union(b): pass",
            "a = {1}\nb = a.pop()",
        ),
        good=(
            "for x in sorted({1, 2}): pass",
            "a = any(x for x in {1, 2})",
            "a = {x for x in set(y)}",
            "a = len(set(y))",
            "a = 1 in {1, 2}",
            "a = {1: 2}\nfor x in a: pass",
        ),
    ),
    Kept(tidy.short_files, ("bot/", "tests/", "bench/"), bad=("a = 1\n" * 400,), good=("a = 1\n",)),
    Kept(
        tidy.short_functions,
        ("bot/", "tests/", "bench/"),
        bad=("def f():\n" + "  a = 1\n" * 50, "async def f():\n" + "  a = 1\n" * 50),
        good=("def f():\n  '''\n" + "  a\n" * 60 + "  '''\n" + "  a = 1\n" * 45,),
    ),
    Kept(
        tidy.nothing_left_for_later,
        ("bot/", "tests/", "bench/"),
        bad=("a = 1  # TODO: more", "# FIXME", "b = 2 # XXX"),
        good=("a = 'TODO'", "# a todo list is a thing that people write"),
        ends=ASSETS,
    ),
    Kept(
        tidy.no_check_is_silenced,
        ("bot/", "tests/", "bench/"),
        bad=(
            "a = 1  # type: ignore[assignment]",
            "import b  # noqa: F401",
            "if x:  # pragma: no cover\n  pass",
            "# ruff: noqa",
            "# fmt: off",
        ),
        good=("a = '# noqa'", "# what is typed is never ignored"),
    ),
    Kept(
        tidy.no_sleep_in_tests,
        ("tests/",),
        bad=(
            "import time\ntime.sleep(1)",
            "import asyncio\nasync def f(): await asyncio.sleep(0.1)",
            "from asyncio import sleep\nasync def f(): await sleep(delay)",
            "async def f(page): await page.wait_for_timeout(100)",
        ),
        good=("import asyncio\nasync def f(): await asyncio.sleep(0)",),
    ),
    Kept(
        tidy.a_part_begins_empty,
        tuple(f"bot/{part}/" for part in PARTS),
        bad=("from bot.core.ids import EventId", "a = 1"),
        good=("'''The words.'''", ""),
        ends=("__init__.py",),
    ),
    Kept(
        tidy.no_channel_is_named,
        (*PURE, *ENGINE, *STORE),
        bad=("slack_ts = 1", "if a == 'telegram': pass", "a.slackUser", "from slack_sdk import b"),
        good=("# Slack needs an answer within 3 s", "channel = place.channel"),
        ends=(".py", ".sql"),
    ),
    Kept(
        tidy.the_web_is_a_channel_too,
        PURE,
        bad=("if place.channel == 'web': pass",),
        good=("a = 'A web of words, on the web.'", "web = 1"),
    ),
    Kept(
        tidy.no_sql_from_strings,
        ("bot/",),
        bad=(
            "a = f'SELECT * FROM {table}'",
            "a = 'DELETE FROM t WHERE id = %s' % b",
            "a = 'INSERT INTO {} VALUES (1)'.format(b)",
            "a = 'UPDATE t SET a = ' + b + ' WHERE c'",
            "a = f'select {columns} from t'",
        ),
        good=(
            "a = 'SELECT * FROM t WHERE id = :id'",
            "a = f'Update {name} when you can'",
            "a = f'Delete the file {name}'",
        ),
    ),
    Kept(
        tidy.no_address_in_a_lock,
        ("requirements",),
        bad=(
            "--index-url https://x.example/simple",
            "-i x",
            "--find-links ./wheels",
            "a @ https://x.example/a.whl",
            "# from https://x.example/a",
        ),
        good=("# made by ./dev lock\na==1 \\\n    --hash=sha256:00\n    # via b",),
        ends=(".lock",),
    ),
    Kept(
        tidy.no_address_of_a_registry,
        ("",),
        bad=("https://pypi.org/x", "files.pythonhosted.org", "registry.npmjs.org", "index-url = 1"),
        good=("--no-emit-index-url", "package_index = 3"),
        ends=("",),
        without=THIS,
    ),
    Kept(
        tidy.no_path_of_one_computer,
        ("",),
        bad=("see /root/x", "'/home/ana/muster'", "cd /work/main", "/Users/ana/x"),
        good=("/homepage/", "https://x.example/work/1", "bot/root/x"),
        ends=("",),
        without=THIS,
    ),
)


@pytest.fixture(autouse=True, scope="module")
def _let_go() -> Iterator[None]:
    """Whatever this process does afterwards need not carry the trees of all files."""
    yield
    tidy.files.cache_clear()


def by_name(kept: Kept) -> str:
    return kept.rule.__name__


@pytest.mark.parametrize("kept", RULES, ids=by_name)
def test_the_project_keeps_the_rule(kept: Kept) -> None:
    findings = [
        f"{source.path}:{line}: {what}"
        for source in tidy.files()
        if kept.covers(source.path)
        for line, what in kept.rule(source)
    ]
    assert not findings, "\n".join(["", *findings])


@pytest.mark.parametrize("kept", RULES, ids=by_name)
def test_the_rule_bites_what_is_bad_and_spares_what_is_good(kept: Kept) -> None:
    ending = kept.ends[0]
    path = kept.where[0] + (ending if ending.startswith("__") else f"sample{ending}")
    assert kept.covers(path)
    spared = [text for text in kept.bad if not list(kept.rule(Source(path, text)))]
    bitten = [text for text in kept.good if list(kept.rule(Source(path, text)))]
    assert (spared, bitten) == ([], [])


def test_the_walk_over_the_project_misses_nothing() -> None:
    seen = {source.path for source in tidy.files()}
    expected = {"bot/__init__.py", "requirements.lock", "pyproject.toml", "dev", ".ci/run"}
    assert expected | set(THIS) <= seen
    assert not [path for path in seen if ".venv" in path or "__pycache__" in path]


def test_half_of_all_functions_fit_in_eight_lines_and_nine_in_ten_in_thirty() -> None:
    """The measure by which good programs of this kind differ from those that rot."""
    code = [one for one in tidy.files() if one.path.startswith("bot/") and one.path.endswith(".py")]
    lengths = [tidy.length(one) for source in code for one in tidy.functions(source)]
    if len(lengths) > 1:
        assert statistics.median(lengths) <= 8
        assert statistics.quantiles(lengths, n=10)[-1] <= 30
