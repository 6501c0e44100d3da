"""A file that people write, read so that what is wrong with it can be told: file, line, key.

Reading the file itself is the caller's. Diagnostics name file, line and key; like those of the
libraries behind them they are in English, since they are about names in the file.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from pydantic_core import ErrorDetails

from bot.core.frozen import Frozen
from bot.core.playbook_lines import Path, line_index, line_of

MOST_CHARACTERS = 1_000_000
"""What people write is a few hundred lines; more than this is another file."""


class Fault(Frozen):
    """One thing that is wrong: file, line from 1, path of the key (empty for syntax), sentence."""

    file: str
    line: int
    path: str
    message: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: "
        return f"{where}{self.path}: {self.message}" if self.path else where + self.message


class TomlText(Frozen):
    """What a TOML text says; where its keys stand is looked up once something is wrong."""

    file: str
    raw: dict[str, Any]
    text: str

    def faults(self, found: Iterable[tuple[Path, str]]) -> tuple[Fault, ...]:
        """Each path and sentence with its place in the file, by line."""
        wrong = tuple(found)
        lines = self._lines() if wrong else {}
        faults = [
            Fault(file=self.file, line=line_of(lines, path), path=_dotted(path), message=message)
            for path, message in wrong
        ]
        return tuple(sorted(faults, key=lambda fault: (fault.line, fault.path, fault.message)))

    def _lines(self) -> Mapping[Path, int]:
        try:
            return line_index(self.text)
        except RecursionError:
            return {}


def read_toml(data: bytes, file: str) -> TomlText | Fault:
    """The TOML in `data`, or why it is none; `file` is what errors call it."""
    try:
        decoded = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Fault(file=file, line=line, path="", message="this is not UTF-8 text")
    line, message = 1, f"longer than {MOST_CHARACTERS:,} characters"
    if len(decoded) <= MOST_CHARACTERS:
        try:
            return TomlText(file=file, raw=tomllib.loads(decoded), text=decoded)
        except RecursionError:
            message = "nested too deeply"
        except ValueError as error:
            line, message = _syntax(str(error), decoded)
    return Fault(file=file, line=line, path="", message=message)


def _syntax(message: str, text: str) -> tuple[int, str]:
    """Line and sentence of a syntax error."""
    at = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message)
    if at is None:
        return 1, message
    return int(at[1] or text.count("\n") + 1), message[: at.start()]


def _dotted(path: Path) -> str:
    text = "".join(f"[{one}]" if isinstance(one, int) else f".{one}" for one in path)
    return text.removeprefix(".")


def did_you_mean(name: str, known: Sequence[str], prefix: str = "") -> str:
    """`; did you mean 'port'?` when something known is close to `name`, else nothing.

    `prefix` is put before what is known, since what all names share would make them all close.
    """
    close = get_close_matches(name, known, n=1)
    return f"; did you mean {prefix + close[0]!r}?" if close else ""


def sentence(one: ErrorDetails) -> str:
    """What to do about one error of a schema."""
    known = _SENTENCES.get(one["type"])
    if known is None:
        return one["msg"].removeprefix("Value error, ")
    return known.format_map(one.get("ctx", {}))


_SENTENCES = {
    "missing": "this key is missing",
    "extra_forbidden": "unknown key",
    "string_type": "write a text in quotation marks",
    "path_type": "write a path in quotation marks",
    "bool_type": "write true or false",
    "int_type": "write a whole number without quotation marks",
    "int_parsing": "write a whole number, digits only",
    "int_from_float": "write a whole number",
    "less_than_equal": "this must be at most {le}",
    "greater_than_equal": "this must be at least {ge}",
    "literal_error": "write {expected}",
    "tuple_type": "write a list in [brackets]",
    "dict_type": "this must be a table",
    "mapping_type": "this must be a table",
    "model_type": "this must be a table",
    "string_pattern_mismatch": "write it in small letters a-z, digits and _ (languages: en, pt-BR)",
    "too_short": "this must not be empty",
}
