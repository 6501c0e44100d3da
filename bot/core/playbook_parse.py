"""From the text of a playbook to a `Playbook`, or to every error in it at once.

Reading the file is the caller's. Diagnostics name file, line and key; like those of the
libraries behind them they are in English, since they are about names in the file.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import ValidationError

from bot.core.frozen import Frozen
from bot.core.playbook import Playbook
from bot.core.playbook_check import problems, warnings
from bot.core.playbook_lines import Path, line_index, line_of
from bot.core.playbook_words import Reading

MOST_CHARACTERS = 1_000_000
"""A playbook is a few hundred lines; more than this is another file."""


class Fault(Frozen):
    """One thing that is wrong: file, line from 1, path of the key (empty for syntax), sentence."""

    file: str
    line: int
    path: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: "
        return f"{where}{self.path}: {self.message}" if self.path else where + self.message


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
    return check(text, name).result


def check(text: str | bytes, name: str) -> Checked:
    """The same, with warnings."""
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    try:
        decoded = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return _refused(name, line, "this is not UTF-8 text")
    try:
        if len(decoded) > MOST_CHARACTERS:
            return _refused(name, 1, f"longer than {MOST_CHARACTERS:,} characters")
        raw = tomllib.loads(decoded)
        lines = line_index(decoded)
    except RecursionError:
        return _refused(name, 1, "nested too deeply")
    except ValueError as error:
        return _refused(name, *_syntax(str(error), decoded))
    return _checked(raw, name, lines, hashlib.sha256(data).hexdigest())


def _refused(name: str, line: int, message: str) -> Checked:
    fault = Fault(file=name, line=line, path="", message=message)
    return Checked(result=PlaybookErrors(faults=(fault,)))


def _syntax(message: str, text: str) -> tuple[int, str]:
    """Line and sentence of a syntax error."""
    at = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message)
    if at is None:
        return 1, message
    return int(at[1] or text.count("\n") + 1), message[: at.start()]


def _checked(raw: dict[str, Any], name: str, lines: Mapping[Path, int], version: str) -> Checked:
    reading = _reading(raw)
    found, playbook = _shape({**raw, "version": version}, reading)
    if "version" in raw:
        found = [(("version",), "unknown key; the version is the hash of the file"), *found]
    found += [one for one in problems(raw, reading) if one not in found]
    if found or playbook is None:
        return Checked(result=PlaybookErrors(faults=_faults(found, name, lines)))
    return Checked(result=playbook, warnings=_faults(warnings(playbook), name, lines))


def _faults(
    found: list[tuple[Path, str]], name: str, lines: Mapping[Path, int]
) -> tuple[Fault, ...]:
    faults = [
        Fault(file=name, line=line_of(lines, path), path=_dotted(path), message=message)
        for path, message in found
    ]
    return tuple(sorted(faults, key=lambda fault: (fault.line, fault.path, fault.message)))


def _dotted(path: Path) -> str:
    text = "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in path)
    return text.removeprefix(".")


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
    return Reading(default=first, languages=languages, values=values)


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
        message = _SENTENCES.get(one["type"], one["msg"].removeprefix("Value error, "))
        yield _path(one["loc"], raw, one["type"] == "missing"), message


_SENTENCES = {
    "missing": "this key is missing",
    "extra_forbidden": "unknown key",
    "string_type": "write a text in quotation marks",
    "bool_type": "write true or false",
    "int_type": "write a whole number without quotation marks",
    "tuple_type": "write a list in [brackets]",
    "dict_type": "this must be a table",
    "mapping_type": "this must be a table",
    "model_type": "this must be a table",
    "string_pattern_mismatch": "write it in small letters a-z, digits and _ (languages: en, pt-BR)",
    "too_short": "this must not be empty",
}


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
