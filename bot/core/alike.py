"""Words that a reader takes for one: other endings, look-alike letters, the other alphabet.

Everything here is of folded words (`bot.core.folded`): small letters, without accents. A form is
a text that two such words share; what stands before its sign tells how they came by it.
"""

import re
from functools import lru_cache

STEM = "="
LATIN, CYRILLIC = "l~", "c~"
LEAST = 3
"""A stem of fewer letters is no word's own."""
SURE = 4
"""Fewer letters say nothing across alphabets, unless another part of the name stands beside."""

_CYRILLIC = re.compile("[а-яіјѕ]")
_LATIN = re.compile("[a-z]")
_ENDING = re.compile(
    "(?:иями|ями|ами|ого|его|ому|ему|ыми|ими|ии|ыи|ои|еи|ая|яя|ую|юю|ою|ею|ым|им|ом|ем|ых|их|ах|ях|ам|ям"
    "|ия|ию|ие|а|я|о|е|и|ы|у|ю|ь)$"
)
_SEEN_AS_LATIN = str.maketrans("авекмнорстухіјѕαορνικτβεχ", "abekmhopctyxijsaopviktbex")
_SEEN_AS_CYRILLIC = str.maketrans("abekmhopctyxijs", "авекмнорстухіјѕ")
_HEARD = str.maketrans(
    dict(zip("абвгдезиклмнопрстуфыэ", "abvgdeziklmnoprstufie", strict=True))
    | {"ж": "zh", "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "sh", "ю": "iu", "я": "ia"}
    | {"ъ": "", "ь": "", "і": "i"}
)
_SPELT = (
    ("shch", "sh"),
    ("sch", "sh"),
    ("kh", "h"),
    ("ph", "f"),
    ("ck", "k"),
    ("x", "ks"),
    ("w", "v"),
    ("y", "i"),
    ("j", "i"),
    ("ie", "e"),
)


@lru_cache(maxsize=16_384)
def forms(word: str) -> frozenset[str]:
    """All that a word of a text may be read as."""
    found = {word}
    if _CYRILLIC.search(word) or not word.isascii():
        found |= _only(word.translate(_SEEN_AS_LATIN), _CYRILLIC)
    if _LATIN.search(word):
        found |= _only(word.translate(_SEEN_AS_CYRILLIC), _LATIN)
    return frozenset(found | {form for one in found for form in (*_stems(one), *_heard(one, True))})


def forget() -> None:
    """Remember no word that was looked at: it may have been the name of somebody erased."""
    forms.cache_clear()
    sought.cache_clear()


@lru_cache(maxsize=16_384)
def sought(word: str) -> frozenset[str]:
    """The forms by which a text would give away `word`."""
    return frozenset((word, *_stems(word), *_heard(word, False)))


def sure(form: str) -> bool:
    """Whether it tells something without another part of the name beside it."""
    return not form.startswith((LATIN, CYRILLIC)) or len(form) >= len(LATIN) + SURE


def _only(word: str, other: re.Pattern[str]) -> set[str]:
    return set() if other.search(word) else {word}


def _stems(word: str) -> tuple[str, ...]:
    """What stays of a Russian word in all of its cases."""
    if len(word) <= LEAST or not _CYRILLIC.search(word):
        return ()
    stem = _ENDING.sub("", word)
    return (STEM + stem,) if len(stem) >= LEAST else ()


def stem(word: str) -> str:
    """What stays of it in all of its cases; the word itself where that is not known."""
    return next(iter(_stems(word)), word)


def _heard(word: str, own: bool) -> tuple[str, ...]:
    """The consonants by which it is known in the other alphabet, and the vowels between them."""
    is_cyrillic = bool(_CYRILLIC.search(word))
    if not (is_cyrillic or _LATIN.search(word)):
        return ()
    heard = _ENDING.sub("", word).translate(_HEARD) if is_cyrillic else word
    for spelt, said in _SPELT:
        heard = heard.replace(spelt, said)
    heard = re.sub(r"c(?!h)", "k", heard)
    heard = re.sub(r"(.)\1+", r"\1", heard).rstrip("aeiou")
    return ((CYRILLIC if is_cyrillic == own else LATIN) + heard,) if len(heard) > 1 else ()
