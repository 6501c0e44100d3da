"""Words as they are searched for: split, folded and without accents, the same in every store."""

import re
import unicodedata
from itertools import groupby

# Scripts without spaces between words: each sign is a word of its own.
_SPACELESS = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]").search
_PLAIN = re.compile("[a-z0-9]+").findall
_LONGEST = 64


def split(text: str) -> list[str]:
    """The words of `text`, each once, in order; no signs, quotes or emoji are among them."""
    if text.isascii():  # The same, thirty times as fast.
        return list(dict.fromkeys([word[:_LONGEST] for word in _PLAIN(text.lower())]))
    found: dict[str, None] = {}
    for is_word, signs in groupby(_folded(text), _belongs):
        if is_word:
            found.update(dict.fromkeys(_parts("".join(signs))))
    return list(found)


def query(text: str) -> str:
    """The full-text query for all words of `text`, the last one as a beginning; may be empty."""
    words = split(text)
    return " AND ".join(f'"{word}"' for word in words) + "*" if words else ""


def joined(text: str, by: str) -> str:
    """The full-text query for the whole words of `text`, joined `by`; may be empty."""
    return by.join(f'"{word}"' for word in split(text))


def _folded(text: str) -> str:
    # Accents over Latin, Greek and Cyrillic letters fall away, vowel signs of other scripts stay.
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(sign for sign in parts if not "\u0300" <= sign <= "\u036f")


def _belongs(sign: str) -> bool:
    return sign.isalnum() or unicodedata.category(sign)[0] == "M"


def _parts(word: str) -> list[str]:
    if not _SPACELESS(word):
        return [word[:_LONGEST]]
    return list(word)
