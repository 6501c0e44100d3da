"""Text made comparable: case, accents, width, odd digits and invisible marks make no difference.

Every sign of the folded text knows where it stood in the original, so that what is found in one
can be shown in the other.
"""

import re
import unicodedata
from dataclasses import dataclass

KEPT_MOST = 4_096
_WORD = re.compile(r"[^\W_]+")
_APOSTROPHES = frozenset("'’‘`´ʼ")
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i"})
_DASHES = frozenset("‐‑‒–—−")


@dataclass(frozen=True, slots=True, repr=False)
class Word:
    """A word of a folded text, and from where to where it stands in the original."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, repr=False)
class Folded:
    """`text` is the folded text; `places[i]` is where its sign `i` stood in the original."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a piece of the folded text stands in the original."""
        return self.places[start], self.places[end - 1] + 1

    def words(self) -> tuple[Word, ...]:
        """Its words in order."""
        return tuple(
            Word(found[0], *self.span(found.start(), found.end()))
            for found in _WORD.finditer(self.text)
        )


def folded(text: str) -> Folded:
    """`text` made comparable."""
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        plain = _SIGNS[ord(sign)]
        signs.append(plain)
        places.extend([place] * len(plain))
    return Folded("".join(signs), tuple(places))


def words(text: str) -> tuple[str, ...]:
    """The folded words of `text`."""
    return tuple(_WORD.findall(text.translate(_SIGNS)))


class _Signs(dict[int, str]):
    """Each sign made comparable, by its number; the first thousands that are met are kept."""

    def __missing__(self, number: int) -> str:
        sign = chr(number)
        plain = "" if sign in _APOSTROPHES else _plain(sign).casefold()
        if len(self) < KEPT_MOST:
            self[number] = plain
        return plain


_SIGNS = _Signs()


def _plain(sign: str) -> str:
    """One sign without accents and in its usual form; "" for what nobody sees."""
    if sign.isascii():
        return sign
    if sign in _DASHES:
        return "-"
    if sign.isspace():
        return " "
    apart = unicodedata.normalize("NFKD", sign.casefold())
    seen = (one for one in apart if unicodedata.category(one) not in ("Mn", "Cf"))
    return "".join(map(_digit, seen)).translate(_LETTERS)


def _digit(sign: str) -> str:
    value = unicodedata.decimal(sign, None)
    return sign if value is None else str(value)
