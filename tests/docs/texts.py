"""What the documents of the project say that can be looked up: links, commands, names, examples."""

import re
import shlex
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import PurePosixPath
from typing import Any

from bot.engine.metrics import Metrics
from bot.settings import FILE_VARIABLE, NAMES, variable
from bot.wiring import BUILT_IN
from tests.docs.cli_page import commands, dev_words, options
from tests.docs.markdown import anchor
from tests.docs.playbook_page import written
from tests.tidy import ROOT, Source, files

FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"(?<!!)!?\[[^\]]*\]\(([^)\s]+)\)")
SOURCE = re.compile(r"\b(?:src|srcset|href)=\"([^\"]+)\"")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
VARIABLE = re.compile(r"\bMUSTER_[A-Z_]+\b")
METRIC = re.compile(r"\bmuster_[a-z_]+\b")
END = re.compile(r"\s#|\|\||&&|\||>|;")
"""Where the words of a command end on a line of an example."""


@dataclass(frozen=True)
class Told:
    """Something that a document says: where, and what."""

    page: str
    what: str

    def __str__(self) -> str:
        return f"{self.page}: {self.what}"


@cache
def pages() -> tuple[Source, ...]:
    """Every document of the project."""
    return tuple(one for one in files() if one.path.endswith(".md"))


def prose(source: Source) -> str:
    """The text of a page without its examples, in which a bracket is no link."""
    return FENCE.sub("", source.text)


# --- links ---------------------------------------------------------------------------------------


def links() -> Iterator[Told]:
    """Every link that leads to a file or heading of the project, from the page it stands on."""
    for source in pages():
        text = CODE.sub("", prose(source))
        for target in LINK.findall(text) + SOURCE.findall(text):
            if "://" not in target and not target.startswith("mailto:"):
                yield Told(source.path, target)


def leads_nowhere(link: Told) -> bool:
    """Whether there is no such file or heading."""
    path, _, name = link.what.partition("#")
    here = PurePosixPath(link.page)
    target = (ROOT / here.parent / path).resolve() if path else ROOT / here
    if not target.is_relative_to(ROOT) or not target.exists():
        return True
    return bool(name) and name not in _anchors(target.read_text(encoding="utf-8"))


def _anchors(text: str) -> set[str]:
    found: list[str] = []
    for heading in HEADING.findall(FENCE.sub("", text)):
        name = anchor(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading))
        found.append(f"{name}-{found.count(name)}" if name in found else name)
    return set(found)


# --- commands ------------------------------------------------------------------------------------


def snippets() -> Iterator[Told]:
    """Every line of an example, and every piece of code in a sentence."""
    for source in pages():
        for language, example in FENCE.findall(source.text):
            if language in ("", "sh", "ini", "bash"):
                yield from (Told(source.path, line.strip()) for line in example.splitlines())
        yield from (Told(source.path, one) for one in CODE.findall(prose(source)))


def dev_calls() -> Iterator[tuple[Told, list[str]]]:
    """Every `./dev WORD ...`, as words."""
    for one in snippets():
        yield from ((one, words) for words in _calls(one.what, "./dev"))


def muster_calls() -> Iterator[tuple[Told, list[str]]]:
    """Every `muster ...`, as words, however it is started."""
    for one in snippets():
        yield from ((one, words) for words in _calls(one.what, "muster"))
    for told, words in dev_calls():
        if words[:1] == ["run"]:
            yield told, words


def _calls(text: str, program: str) -> Iterator[list[str]]:
    """The words after `program`, where it is called: first, or after variables, sudo or a path."""
    before = r"(?:^|^(?:\S+=(?:\"[^\"]*\"|\S+) )+|^sudo |\./dev sh |=\S*/|, )"
    for found in re.finditer(rf"{before}{re.escape(program)} ([^\n]+)", text):
        line = END.split(found[1])[0].strip().rstrip(".,")
        try:
            words = shlex.split(line)
        except ValueError:
            words = line.split()
        if words:
            yield words


def unknown_dev_word(words: list[str]) -> bool:
    """Whether `./dev` knows no such word; capitals and dots stand for whatever one likes."""
    known = {one for one, _ in dev_words()}
    return not _free(words[0]) and words[0] not in known


def unknown_muster(words: list[str]) -> str:
    """The word or option that `muster` does not know; empty when it knows them all."""
    known = {tuple(name.split()[1:]): one for name, one in commands()}
    for size in (2, 1):
        command = known.get(tuple(words[:size]))
        if command is not None:
            rest = (one.partition("=")[0] for one in words[size:] if re.match(r"--?[a-z]", one))
            return next((one for one in rest if one not in (*options(command), "--help")), "")
    groups = {name[0] for name in known}
    alone = len(words) == 1 and words[0] in groups
    return "" if _free(words[0]) or alone or words[0] in ("--help", "--version") else words[0]


def _free(word: str) -> bool:
    return word.isupper() or set(word) == {"."} or word == "…"


# --- names ---------------------------------------------------------------------------------------


def unknown_variables() -> Iterator[Told]:
    """Variables and numbers that Muster does not have."""
    known = {FILE_VARIABLE, *map(variable, NAMES), "MUSTER_"}
    numbers = tuple(one.name for one in Metrics().registry.collect())
    for source in pages():
        for name in VARIABLE.findall(source.text):
            if name not in known:
                yield Told(source.path, name)
        for name in METRIC.findall(source.text):
            if not name.startswith(numbers):
                yield Told(source.path, name)


# --- examples in TOML ----------------------------------------------------------------------------


def toml_examples() -> Iterator[tuple[Told, dict[str, Any]]]:
    """Every example in TOML, read."""
    for source in pages():
        for language, example in FENCE.findall(source.text):
            if language == "toml":
                lines = example.splitlines()
                text = "\n".join(line.strip() for line in lines)
                yield Told(source.path, lines[0].strip()), tomllib.loads(text)


def merged(example: dict[str, Any]) -> str:
    """The built-in playbook with what the example says put in, as a file."""
    raw = _into(tomllib.loads(BUILT_IN.read_text(encoding="utf-8")), example)
    return "\n".join(f"{name} = {written(one)}" for name, one in raw.items())


def _into(raw: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    for name, one in more.items():
        inside = isinstance(one, dict) and isinstance(raw.get(name), dict)
        raw[name] = _into(raw[name], one) if inside else one
    return raw
