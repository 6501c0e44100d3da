"""Every key of a TOML text is found on its line, however it is written."""

import random
import tomllib
from collections.abc import Iterator

from bot.core.playbook_lines import Path, line_index, line_of

TEXT = '''# head
title = "x" # [not.a.table]
a.b . "c d" = 1
multi = """
[not.a.table]
k = 1 \\""" still inside """" # tail
lit = \'\'\'
x = 2
'y' \'\'\'
arr = [ # c ] = {
  1, [2,
  3],
  { q = "}" , r.s = [ "]" ] }, # z
]
"q\\u0041\\"" = 1979-05-27T07:32:00Z
[t]
  k = {}
[[l]]
n = 1
[[l]]
n = 2
[l.sub]
v = 1
[[l.deep]]
w = 1
[[ l . 'deep' ]]
w = 2
'''
LINES: dict[Path, int] = {
    ("title",): 2,
    ("a",): 3,
    ("a", "b"): 3,
    ("a", "b", "c d"): 3,
    ("multi",): 4,
    ("lit",): 7,
    ("arr",): 10,
    ("arr", 0): 11,
    ("arr", 1): 11,
    ("arr", 1, 0): 11,
    ("arr", 1, 1): 12,
    ("arr", 2): 13,
    ("arr", 2, "q"): 13,
    ("arr", 2, "r"): 13,
    ("arr", 2, "r", "s"): 13,
    ("arr", 2, "r", "s", 0): 13,
    ('qA"',): 15,
    ("t",): 16,
    ("t", "k"): 17,
    ("l",): 18,
    ("l", 0): 18,
    ("l", 0, "n"): 19,
    ("l", 1): 20,
    ("l", 1, "n"): 21,
    ("l", 1, "sub"): 22,
    ("l", 1, "sub", "v"): 23,
    ("l", 1, "deep"): 24,
    ("l", 1, "deep", 0): 24,
    ("l", 1, "deep", 0, "w"): 25,
    ("l", 1, "deep", 1): 26,
    ("l", 1, "deep", 1, "w"): 27,
}


def test_every_way_of_writing_a_key_is_found_on_its_line() -> None:
    assert dict(line_index(TEXT)) == LINES


def test_what_is_not_there_is_placed_where_it_would_have_to_be() -> None:
    index = line_index(TEXT)
    assert line_of(index, ("l", 1, "sub", "missing")) == 22
    assert line_of(index, ("nowhere",)) == 1
    assert line_of(index, ()) == 1


def paths(value: object, path: Path = ()) -> Iterator[Path]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from paths(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from paths(inner, (*path, index))


class Writer:
    """Writes random TOML; every key has a name of its own, so its line can be looked up."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.named = 0

    def key(self) -> str:
        self.named += 1
        return self.chance.choice(("k{}", '"k{}"', "'k{}'")).format(self.named)

    def dotted(self) -> str:
        return self.chance.choice((".", " . ")).join(
            self.key() for _ in range(self.chance.randint(1, 3))
        )

    def value(self, depth: int = 2) -> str:
        kind = self.chance.randrange(8 if depth else 5)
        if kind < 5:
            return self.chance.choice(
                (
                    "1",
                    '"]}#\\""',
                    "'=['",
                    "true",
                    '"""\n# [x]\n\\"""\na = 1"""',
                    "'''\n]\n'''",
                    "1.5e3",
                )
            )
        if kind == 5:
            inner = ", ".join(f"{self.dotted()} = {self.flat()}" for _ in range(2))
            return f"{{ {inner} }}"
        gap = self.chance.choice(("", "\n", " # ] comment\n  "))
        return f"[{gap}{f',{gap}'.join(self.value(depth - 1) for _ in range(3))}{gap}]"

    def flat(self) -> str:
        return self.chance.choice(("1", '"}"', "[1, [2]]", "{ }"))

    def text(self) -> str:
        lines = [f"{self.dotted()} = {self.value()}" for _ in range(3)]
        for _ in range(5):
            lines.append(self.chance.choice(("", "# [[c]]", "  ")))
            lines += self.table()
        return "\n".join(lines) + "\n"

    def table(self) -> list[str]:
        pairs = [f"  {self.dotted()} = {self.value()}" for _ in range(self.chance.randrange(3))]
        if self.chance.random() < 0.4:
            name = self.key()
            return [f"[[{name}]]", *pairs, f"[[ {name} ]] # again", f"[{name}.{self.key()}]"]
        return [f"[ {self.dotted()} ]", *pairs]


def test_random_texts_have_every_path_indexed_and_every_key_on_the_line_that_names_it() -> None:
    for seed in range(300):
        text = Writer(seed).text()
        index = line_index(text)
        assert set(index) == set(paths(tomllib.loads(text))), seed
        lines = text.splitlines()
        for path, line in index.items():
            if isinstance(path[-1], str):
                assert path[-1] in lines[line - 1], (seed, path)
