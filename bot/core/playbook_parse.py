"""From the text of a playbook to a `Playbook`, or to every error in it at once.

Reading the file is the caller's. Diagnostics name file, line and key; like those of the
libraries behind them they are in English, since they are about names in the file.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from typing import Any, NamedTuple

from pydantic import ValidationError

from bot.core.frozen import Frozen
from bot.core.playbook import Organisation, Playbook
from bot.core.playbook_check import problems, warnings
from bot.core.playbook_lines import Path
from bot.core.playbook_words import Reading
from bot.core.toml_text import Fault, TomlText, read_toml, sentence


class PlaybookErrors(Frozen):
    """Why a text is no playbook; every error, by line."""

    faults: tuple[Fault, ...]

    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


class Checked(Frozen):
    """The playbook, or the errors; and what works but is not as it should be."""

    result: Playbook | PlaybookErrors
    warnings: tuple[Fault, ...] = ()


def parse(text: str | bytes, name: str) -> Playbook | PlaybookErrors:
    """The playbook in `text`; `name` is what its errors call the file."""
    return _read(_bytes(text), name).result


def check(text: str | bytes, name: str) -> Checked:
    """The same, with warnings."""
    found = _read(_bytes(text), name)
    if found.read is None or not isinstance(found.result, Playbook):
        return Checked(result=found.result)
    told = found.read.faults(warnings(found.result, found.read.raw))
    return Checked(result=found.result, warnings=told)


def _bytes(text: str | bytes) -> bytes:
    return text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text


class _Found(NamedTuple):
    """What was made of a text, and the text as it was read."""

    result: Playbook | PlaybookErrors
    read: TomlText | None = None


# A playbook is never changed, so whoever reads the same text again gets the same one.
@lru_cache(maxsize=4)
def _read(data: bytes, name: str) -> _Found:
    read = read_toml(data, name)
    if isinstance(read, Fault):
        return _Found(PlaybookErrors(faults=(read,)))
    return _Found(_made(read, hashlib.sha256(data).hexdigest()), read)


def _made(read: TomlText, version: str) -> Playbook | PlaybookErrors:
    raw, reading = read.raw, _reading(read.raw)
    found, playbook = _shape({**raw, "version": version}, reading)
    if "version" in raw:
        found = [(("version",), "unknown key; the version is the hash of the file"), *found]
    found += [one for one in problems(raw, reading, playbook) if one not in found]
    if found or playbook is None:
        return PlaybookErrors(faults=read.faults(found))
    return playbook


def _reading(raw: dict[str, Any]) -> Reading:
    """What can be told of the head even when other parts of it are wrong."""
    head, safety = (_table(raw, key) for key in ("organisation", "safety"))
    listed = head.get("languages")
    texts = [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []
    default = head.get("default_language")
    first = default if isinstance(default, str) else [*texts, "en"][0]
    languages = tuple(dict.fromkeys((first, *texts)))
    names = head.get("name")
    numbers = {k: str(safety.get(k, "")) for k in ("emergency_number", "distress_number")}
    values = {
        language: {**numbers, "organisation": _in(names, language, first)} for language in languages
    }
    reading = Reading(default=first, languages=languages, values=values, known=False)
    return replace(reading, known=_tells_languages(head, reading))


def _tells_languages(head: dict[str, Any], reading: Reading) -> bool:
    """Whether the head says which languages there are; if not, that is its own error."""
    try:
        Organisation.model_validate(head, context=reading)
    except ValidationError as error:
        wrong = [one["loc"][:1] for one in error.errors()]
        return not any(one in ((), ("languages",), ("default_language",)) for one in wrong)
    return True


def _table(raw: dict[str, Any], key: str) -> dict[str, Any]:
    found = raw.get(key)
    return found if isinstance(found, dict) else {}


def _in(names: object, language: str, default: str) -> str:
    if isinstance(names, dict):
        return str(names.get(language, names.get(default, "")))
    return str(names)


def _shape(raw: dict[str, Any], reading: Reading) -> tuple[list[tuple[Path, str]], Playbook | None]:
    """Errors of types, missing and unknown keys."""
    try:
        return [], Playbook.model_validate(raw, context=reading)
    except ValidationError as error:
        return list(dict.fromkeys(_sentences(error, raw))), None


def _sentences(error: ValidationError, raw: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    for one in error.errors(include_url=False):
        yield _path(one["loc"], raw, one["type"] == "missing"), sentence(one)


def _path(loc: tuple[str | int, ...], raw: Any, missing: bool) -> Path:
    """The key path of a location, without what pydantic adds for its own steps."""
    path: Path = ()
    here = raw
    for step in loc:
        inside = isinstance(here, dict) and step in here
        listed = isinstance(here, list) and isinstance(step, int) and step < len(here)
        if inside or listed:
            here = here[step]
            path = (*path, step)
    return (*path, loc[-1]) if missing else path
