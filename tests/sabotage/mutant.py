"""What a mutant is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mutant:
    """`before` stands exactly once in `file` and is replaced by `after`."""

    name: str
    breaks: str
    file: str
    before: str
    after: str
    test: str
