"""On which line of a TOML text each key and list item stands; tomllib does not tell.

The text has already been parsed by tomllib, so this reads valid TOML only and needs to know
no more of the values than where they end.
"""

import re
from collections.abc import Mapping

Path = tuple[str | int, ...]

_SPACE = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_KEY = re.compile(r"""[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*'""")
_BLANKS = re.compile(r"[ \t]*")
_DOT = re.compile(r"[ \t]*\.[ \t]*")
_STRING = re.compile(
    r'''"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:[^"\\]|\\.)*"|'[^']*\'''',
    re.DOTALL,
)
_BARE = re.compile(r"[^,\]}#\n]+")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|(.))")
_SIMPLE = {"b": "\b", "t": "\t", "n": "\n", "f": "\f", "r": "\r"}


def line_index(text: str) -> Mapping[Path, int]:
    """The line, from 1, of every table, key and list item of a valid TOML text.

    Raises ValueError where it stops making sense, which a text that tomllib took does not.
    """
    return _Scanner(text).scan()


def line_of(index: Mapping[Path, int], path: Path) -> int:
    """The line of `path`, or of the closest thing around it that is there."""
    while path and path not in index:
        path = path[:-1]
    return index.get(path, 1)


class _Scanner:
    """One pass over the text; `place` is where it reads, `table` whose keys it meets."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.table: Path = ()
        self.lines: dict[Path, int] = {}
        self.counts: dict[Path, int] = {}
        self.counted = 0
        self.line = 1

    def scan(self) -> Mapping[Path, int]:
        while self.skip() < len(self.text):
            if self.text.startswith("[", self.place):
                self.header()
            else:
                self.pair(self.table)
        return self.lines

    def skip(self) -> int:
        """Step over blanks, line ends and comments; the place reached."""
        self.take(_SPACE)
        return self.place

    def take(self, pattern: re.Pattern[str]) -> str:
        """What `pattern` matches here, stepping over it; empty when it does not."""
        found = pattern.match(self.text, self.place)
        if found is None:
            return ""
        self.place = found.end()
        return found[0]

    def need(self, pattern: re.Pattern[str]) -> str:
        """The same for what must be there, so that no loop can stand still."""
        if found := self.take(pattern):
            return found
        raise ValueError(f"unexpected sign at character {self.place}")

    def mark(self, path: Path, place: int) -> None:
        """Note the line of `place` for `path` and for what lies around it, first come first."""
        self.line += self.text.count("\n", self.counted, place)
        self.counted = place
        while path and path not in self.lines:  # What is there has all that lies around it, too.
            self.lines[path] = self.line
            path = path[:-1]

    def header(self) -> None:
        """`[table]` or `[[list of tables]]`."""
        start = self.place
        many = self.text.startswith("[[", start)
        self.place += 1 + many
        self.take(_BLANKS)
        keys = self.keys()
        path = self.resolve(keys[:-1])
        whole = (*path, keys[-1])
        if many:
            number = self.counts[whole] = self.counts.get(whole, -1) + 1
            self.mark((*whole, number), start)
            whole = (*whole, number)
        else:
            self.mark(whole, start)
        self.table = whole
        self.place = self.text.index("]", self.place) + 1 + many

    def resolve(self, keys: Path) -> Path:
        """`keys` with the number of the newest item after each list of tables."""
        path: Path = ()
        for key in keys:
            path = (*path, key)
            if path in self.counts:
                path = (*path, self.counts[path])
        return path

    def keys(self) -> tuple[str, ...]:
        """A dotted key."""
        found = [_plain(self.need(_KEY))]
        while self.take(_DOT):
            found.append(_plain(self.need(_KEY)))
        return tuple(found)

    def pair(self, base: Path) -> None:
        """`key = value`."""
        start = self.place
        path = (*base, *self.keys())
        self.mark(path, start)
        self.place = self.text.index("=", self.place) + 1
        self.value(path)

    def value(self, path: Path) -> None:
        self.skip()
        sign = self.text[self.place]
        if sign == "[":
            self.items(path)
        elif sign == "{":
            self.inline(path)
        elif sign in "\"'":
            self.need(_STRING)
        else:
            self.need(_BARE)

    def items(self, path: Path) -> None:
        """`[one, two]`, over several lines if need be."""
        self.place += 1
        number = 0
        while self.skip() < len(self.text) and self.text[self.place] != "]":
            self.mark((*path, number), self.place)
            self.value((*path, number))
            number += 1
            self.comma()
        self.place += 1

    def inline(self, path: Path) -> None:
        """`{ key = value }`."""
        self.place += 1
        while self.skip() < len(self.text) and self.text[self.place] != "}":
            self.pair(path)
            self.comma()
        self.place += 1

    def comma(self) -> None:
        self.skip()
        self.place += self.text.startswith(",", self.place)


def _plain(key: str) -> str:
    """A key without its quotation marks and escapes."""
    if key.startswith("'"):
        return key[1:-1]
    return _ESCAPE.sub(_unescaped, key[1:-1]) if key.startswith('"') else key


def _unescaped(found: re.Match[str]) -> str:
    code = found[1] or found[2]
    return chr(int(code, 16)) if code else _SIMPLE.get(found[3], found[3])
