"""The house rules that no ready-made tool knows, as functions from a source text to findings."""

from __future__ import annotations

import ast
import gc
import io
import re
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from pathspec import GitIgnoreSpec

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("bot", "tests", "bench", "docs", ".ci")
FILE_LINES_MAX = 400
FUNCTION_LINES_MAX = 50

PURE = ("bot/core/", "bot/workflows/", "bot/views/")
ENGINE = ("bot/engine/",)
STORE = ("bot/store/",)
# Places that may build SQL from strings, each with its reason beside it.
SQL_BUILDERS: tuple[str, ...] = (
    "bot/store/statements.py",  # every name in them comes from `store/tables`, every value is bound
)

Finding = tuple[int, str]
Rule = Callable[["Source"], Iterator[Finding]]
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One file: its path from the top of the checkout, with forward slashes, and its text."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        # All of it lives on: looking through it for garbage would take four times as long.
        gc.disable()
        try:
            return ast.parse(self.text)
        finally:
            gc.enable()

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Everything in the tree, walked once for all rules."""
        return tuple(ast.walk(self.tree))

    @cached_property
    def imports(self) -> dict[str, str]:
        """What each imported name stands for: `dt` for `datetime.datetime`."""
        found: dict[str, str] = {}
        for node in self.nodes:
            if isinstance(node, ast.Import):
                for one in node.names:
                    top = one.name.partition(".")[0]
                    found[one.asname or top] = one.name if one.asname else top
            elif isinstance(node, ast.ImportFrom):
                found |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
        return found

    def dotted(self, node: ast.AST) -> str:
        """The full name of what `node` reads, such as `time.monotonic`; empty if not imported."""
        if isinstance(node, ast.Name):
            return self.imports.get(node.id, "")
        if isinstance(node, ast.Attribute):
            owner = self.dotted(node.value)
            return f"{owner}.{node.attr}" if owner else ""
        return ""


@cache
def files() -> tuple[Source, ...]:
    """Every text file of the project, without what .gitignore names."""
    ignored = GitIgnoreSpec.from_lines((ROOT / ".gitignore").read_text().splitlines())
    paths = [path for path in ROOT.iterdir() if path.is_file()]
    paths += [path for folder in FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()]
    named = {path.relative_to(ROOT).as_posix(): path for path in sorted(paths)}
    return tuple(
        Source(name, text)
        for name, path in named.items()
        if not ignored.match_file(name) and (text := _text(path)) is not None
    )


def _text(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def functions(source: Source) -> Iterator[Function]:
    """Every function and method, nested ones too."""
    for node in source.nodes:
        if isinstance(node, Function):
            yield node


def length(function: Function) -> int:
    """Its lines from `def` to the end, without the docstring."""
    lines = (function.end_lineno or function.lineno) - function.lineno + 1
    first = function.body[0]
    if ast.get_docstring(function, clean=False) is not None and len(function.body) > 1:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


# Time, chance and the outside world


def _uses(source: Source, banned: str, instead: str) -> Iterator[Finding]:
    # Whatever is banned is imported first, and most files import nothing of the kind.
    modules = set(re.findall("[a-z]+", banned))
    if not any(one.partition(".")[0] in modules for one in source.imports.values()):
        return
    for node in source.nodes:
        name = source.dotted(node)
        if name and re.fullmatch(banned, name):
            yield getattr(node, "lineno", 0), f"{name}: {instead}"


NOW = r"datetime\.datetime\.(now|utcnow|today)|datetime\.date\.today"
CHANCE = r"random\.\w+|secrets\.\w+|uuid\.uuid\d|os\.urandom"


def no_clock_or_chance_in_the_pure_part(source: Source) -> Iterator[Finding]:
    banned = rf"{NOW}|{CHANCE}|time\.\w+|os\..+|asyncio\..+"
    yield from _uses(source, banned, "time, chance and ids come in as arguments")


def no_clock_or_chance_in_the_engine(source: Source) -> Iterator[Finding]:
    banned = rf"{NOW}|{CHANCE}|time\.(time|monotonic)(_ns)?"
    yield from _uses(source, banned, "the clock and chance come through engine/ports.py")


def nothing_blocks_the_loop(source: Source) -> Iterator[Finding]:
    yield from _uses(source, r"time\.sleep", "it stops every conversation at once")


def no_sleep_in_tests(source: Source) -> Iterator[Finding]:
    """Yielding once with `asyncio.sleep(0)` is not sleeping."""
    for node in source.nodes:
        if isinstance(node, ast.Call):
            waits = isinstance(node.func, ast.Attribute) and node.func.attr == "wait_for_timeout"
            sleeps = re.fullmatch(r"(time|asyncio|anyio)\.sleep", source.dotted(node.func))
            if waits or (sleeps and [ast.unparse(one) for one in node.args] != ["0"]):
                yield (
                    node.lineno,
                    "wait for what should happen, on a virtual clock if it takes long",
                )


LINK = r"""get_by_role\(['"]link|locator\(['"]([^'"]* )?a(\.[\w-]+)?['"]"""


def whoever_follows_a_link_waits_for_the_page(source: Source) -> Iterator[Finding]:
    """A press on a page whose scripts are not there yet is another press than was meant."""
    for node in source.nodes:
        clicks = isinstance(node, ast.Attribute) and node.attr == "click"
        if clicks and re.search(LINK, ast.unparse(node)):
            yield getattr(node, "lineno", 0), "`follow` of tests/e2e/kit.py presses it and waits"


OUTSIDE = {"open", "print", "input", "eval", "exec", "__import__", "breakpoint", "globals", "id"}


def no_outside_world_in_the_pure_part(source: Source) -> Iterator[Finding]:
    """`hash()` of a text differs from process to process, so only `__hash__` may use it."""
    hashers = [one for one in functions(source) if one.name == "__hash__"]
    allowed = {id(node) for one in hashers for node in ast.walk(one)}
    for node in source.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            name = node.func.id
            if name in OUTSIDE or (name == "hash" and id(node) not in allowed):
                yield node.lineno, f"{name}(): the pure part depends on its arguments only"


# Order

SET_MAKERS = {"set", "frozenset"}
SET_METHODS = {"union", "intersection", "difference", "symmetric_difference"}
WALKERS = {"list", "tuple", "iter", "enumerate", "map", "filter", "zip"}
WALKERS |= {"join", "extend", "fromkeys"}
ORDER_FREE = {"set", "frozenset", "sorted", "any", "all", "sum", "len", "min", "max"}


def _is_set_type(annotation: ast.AST | None) -> bool:
    text = ast.unparse(annotation) if annotation else ""
    return re.match(r"(set|frozenset|AbstractSet|Set)\b", text) is not None


def _set_names(source: Source) -> set[str]:
    """Names and fields that hold sets, by annotation or by what is put in; scopes are ignored."""
    found: set[str] = set()
    for node in source.nodes:
        if isinstance(node, ast.arg) and _is_set_type(node.annotation):
            found.add(node.arg)
        elif isinstance(node, ast.AnnAssign) and _is_set_type(node.annotation):
            found.add(ast.unparse(node.target).removeprefix("self."))
        elif isinstance(node, ast.Assign) and _is_set(node.value, found):
            found |= {ast.unparse(target).removeprefix("self.") for target in node.targets}
    return found


def _is_set(node: ast.AST, names: set[str]) -> bool:
    match node:
        case ast.Set() | ast.SetComp():
            return True
        case ast.Call(func=ast.Name(id=name)):
            return name in SET_MAKERS
        case ast.Call(func=ast.Attribute(attr=name, value=value)):
            return name in SET_METHODS or (name == "copy" and _is_set(value, names))
        case ast.BinOp(left=left, op=ast.BitOr() | ast.BitAnd() | ast.Sub() | ast.BitXor()):
            return _is_set(left, names) or _is_set(node.right, names)
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in names
        case _:
            return False


def _order_free(source: Source) -> set[int]:
    """The comprehensions whose order nobody sees."""
    found = {id(node) for node in source.nodes if isinstance(node, ast.SetComp)}
    for node in source.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found |= {id(one) for one in node.args if node.func.id in ORDER_FREE}
    return found


def _walked_through(node: ast.AST) -> list[ast.expr]:
    """What `node` goes through in order."""
    match node:
        case ast.For():
            return [node.iter]
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return [one.iter for one in node.generators]
        case ast.Starred() | ast.YieldFrom():
            return [node.value]
        case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in WALKERS:
            return node.args
        case ast.Call(func=ast.Attribute(attr="pop", value=value), args=[]):
            return [value]
        case _:
            return []


def no_walk_over_a_set(source: Source) -> Iterator[Finding]:
    """Best effort: a set may differ in order from process to process, and a decision must not."""
    names, free = _set_names(source), _order_free(source)
    for node in source.nodes:
        if id(node) not in free and any(_is_set(one, names) for one in _walked_through(node)):
            yield getattr(node, "lineno", 0), "a set has no order: sort it, or keep a tuple or dict"


# Size and leftovers


def short_files(source: Source) -> Iterator[Finding]:
    lines = source.text.count("\n")
    if lines >= FILE_LINES_MAX:
        yield lines, f"{lines} lines: split it before {FILE_LINES_MAX}"


def short_functions(source: Source) -> Iterator[Finding]:
    for function in functions(source):
        if (lines := length(function)) > FUNCTION_LINES_MAX:
            yield function.lineno, f"{function.name} has {lines} lines of {FUNCTION_LINES_MAX}"


LEFTOVER = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
SILENCER = re.compile(r"#\s*(type:\s*ignore|noqa|pragma|ruff:|mypy:|pyright:|fmt:|nosec|pylint:)")


def _comments(source: Source) -> Iterator[tuple[int, str]]:
    for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def nothing_left_for_later(source: Source) -> Iterator[Finding]:
    """Comments of Python files; every line of templates, styles, scripts, SQL and settings."""
    if not LEFTOVER.search(source.text):
        return
    python = source.path.endswith(".py")
    lines = _comments(source) if python else enumerate(source.text.splitlines(), 1)
    for number, line in lines:
        if LEFTOVER.search(line):
            yield number, "do it now or write an issue"


def no_check_is_silenced(source: Source) -> Iterator[Finding]:
    if not SILENCER.search(source.text):
        return
    for number, comment in _comments(source):
        if SILENCER.search(comment):
            yield number, "mend the cause, or change the rule in pyproject.toml with its reason"


# Layers


def a_part_begins_empty(source: Source) -> Iterator[Finding]:
    """The import contracts look below `bot/PART/__init__.py`, so nothing may happen in it."""
    if re.fullmatch(r"bot/\w+/__init__\.py", source.path):
        for node in source.tree.body:
            if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
                yield node.lineno, "a docstring is all that belongs here"


CHANNEL = re.compile(r"slack|telegram|whatsapp|mrkdwn|block_?kit|thread_ts", re.IGNORECASE)


def no_channel_is_named(source: Source) -> Iterator[Finding]:
    """Identifiers, attributes, imports and texts of Python; every line of SQL."""
    if not CHANNEL.search(source.text):
        return
    if not source.path.endswith(".py"):
        words = list(enumerate(source.text.splitlines(), 1))
    else:
        tokens = tokenize.generate_tokens(io.StringIO(source.text).readline)
        words = [(one.start[0], one.string) for one in tokens if one.type != tokenize.COMMENT]
    for number, word in words:
        if found := CHANNEL.search(word):
            yield number, f"{found.group()}: a channel is known in its adapter only"


def the_web_is_a_channel_too(source: Source) -> Iterator[Finding]:
    """As a value, that is; engine and store may need it, since the web pulls and is not sent to."""
    for node in source.nodes:
        if isinstance(node, ast.Constant) and node.value == "web":
            yield node.lineno, "web: a channel is known in its adapter only"


STATEMENT = re.compile(
    r"\s*(SELECT|INSERT|UPDATE|DELETE|REPLACE)\b"
    r"|\s*(?i:select\b.*\bfrom|insert\s.*\binto|update\b.*\bset|delete\s+from|replace\s+into)\b",
    re.DOTALL,
)


def _built_text(node: ast.AST) -> str:
    """The text that `node` starts with, if it puts a text together from parts."""
    match node:
        case ast.JoinedStr():
            parts = [one.value if isinstance(one, ast.Constant) else " ? " for one in node.values]
            return "".join(map(str, parts)) if len(parts) > 1 else ""
        case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod() | ast.Add()):
            return text
        case ast.BinOp(left=ast.BinOp() as left, op=ast.Add()):
            return _built_text(left)
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")):
            return text
        case _:
            return ""


def no_sql_from_strings(source: Source) -> Iterator[Finding]:
    for node in source.nodes:
        if source.path not in SQL_BUILDERS and STATEMENT.match(_built_text(node)):
            yield getattr(node, "lineno", 0), "bind values by name; the text of SQL is constant"


# Addresses

REGISTRY = re.compile(
    r"pypi\.org|pythonhosted|npmjs|deb\.debian|tool\.uv\.index|(index-url|find-links)\s*="
)
HOME = re.compile(r"(?<![\w.-])/(root|work/main|work/shared|home/\w+|Users/\w+)\b")


def no_address_in_a_lock(source: Source) -> Iterator[Finding]:
    """A lock says what, never from where: neither an address nor an option that leads to one."""
    for number, line in enumerate(source.text.splitlines(), 1):
        if "://" in line or re.match(r"\s*(-i|-f|--(?!hash=)[a-z-]+)\b", line):
            yield number, "a lock holds names, versions and hashes only"


def no_address_of_a_registry(source: Source) -> Iterator[Finding]:
    for number, line in enumerate(source.text.splitlines(), 1):
        if REGISTRY.search(line):
            yield number, "where packages come from is the business of each computer"


def no_path_of_one_computer(source: Source) -> Iterator[Finding]:
    for number, line in enumerate(source.text.splitlines(), 1):
        if HOME.search(line):
            yield number, "a path of one computer"
