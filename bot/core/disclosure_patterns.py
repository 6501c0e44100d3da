"""Pieces of a text that look personal, whoever they belong to: numbers, addresses, dates of birth.

They look at a folded text. What only looks alike (a time, a date of this year, a sum) is let by:
where there is a check digit it decides.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.core.ids import Millis
from bot.core.texts import Text, t

OLDEST = 1900
YOUNGEST = 5
"""A date at least this many years ago is a date of birth rather than a part of the news."""

Found = tuple[int, int]
Test = Callable[[re.Match[str], int], bool]


@dataclass(frozen=True, slots=True)
class Pattern:
    """What to look for, which of it counts (given the year it is), and what it is."""

    look: re.Pattern[str]
    counts: Test
    what: Text


def digits(text: str) -> str:
    """The digits of a folded text."""
    return "".join(one for one in text if one.isdigit())


def _always(found: re.Match[str], year: int) -> bool:
    return True


def luhn(number: str) -> bool:
    """Whether the last digit of a card's number is the one that the others ask for."""
    twice = [int(one) * (1 + place % 2) for place, one in enumerate(reversed(number))]
    return sum(one - 9 * (one > 9) for one in twice) % 10 == 0


def _card(found: re.Match[str], year: int) -> bool:
    number = digits(found[0])
    return 13 <= len(number) <= 19 and len(frozenset(number)) > 1 and luhn(number)


def _iban(found: re.Match[str], year: int) -> bool:
    text = found[0].replace(" ", "")
    if not 15 <= len(text) <= 34:
        return False
    turned = text[4:] + text[:4]
    return int("".join(str(int(one, 36)) for one in turned)) % 97 == 1


def _snils(found: re.Match[str], year: int) -> bool:
    number = digits(found[0])
    total = sum(int(one) * (9 - place) for place, one in enumerate(number[:9])) % 101
    return int(number[9:]) == total % 100


def _inn(found: re.Match[str], year: int) -> bool:
    number = [int(one) for one in found[0]]

    def check(weights: tuple[int, ...]) -> int:
        return sum(w * n for w, n in zip(weights, number, strict=False)) % 11 % 10

    tenth = check((7, 2, 4, 10, 3, 5, 9, 4, 6, 8))
    return number[10] == tenth and number[11] == check((3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8))


def _long_ago(found: re.Match[str], year: int) -> bool:
    then = int(found["year"])
    return OLDEST <= then <= year - YOUNGEST


def _phone(found: re.Match[str], year: int) -> bool:
    text = _DATED.sub(" ", found[0]).strip(" ./-")
    number = digits(text)
    if len(number) < 7:
        return False
    if text[0] in "+(" or number[0] == "0":
        return True
    if len(number) > 15:
        return False
    groups = re.findall(r"\d+", text)
    sums = len(groups) > 1 and all(len(one) == 3 for one in groups[1:]) and len(groups[0]) <= 3
    return (len(number) >= 9 and not sums) or bool(_SHORT.fullmatch(text))


_DATED = re.compile(r"\b(?:19|20)\d\d[-./]\d\d?[-./]\d\d?\b|\b\d\d?[-./]\d\d?[-./](?:19|20)?\d\d\b")
_SHORT = re.compile(r"\d{3}[-. ]\d{4}|\d{3}-\d{2}-\d{2}")
_MONTHS = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|янв|фев|мар|апр|мая|маи|июн|июл|авг|сен"
    r"|окт|ноя|дек)[^\W\d]*"
)
_BORN = r"\b(?:born|birth|birthday|dob|родил[^\W\d]*|рожден[^\W\d]*|г\.? ?р)\b"
_DATE = r"\d{1,2}[-./ ]{1,2}\d{1,2}[-./ ]{1,2}(?:\d{4}|\d{2})|\d{4}[-./]\d{1,2}[-./]\d{1,2}"
_HOUSE = r"\b\d{1,4}[a-zа-я]?\b(?! ?[:.]\d)"

PATTERNS: tuple[Pattern, ...] = (
    Pattern(
        re.compile(r"[^\s@<>\"(),;:]+ ?@ ?[^\s@<>\"(),;:]+\.[^\W\d_]{2,}"),
        _always,
        t("an e-mail address"),
    ),
    Pattern(
        re.compile(r"\b[a-z]{2}\d{2}(?: ?[a-z0-9]){11,30}\b"), _iban, t("a bank account number")
    ),
    Pattern(re.compile(r"(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)"), _card, t("a card number")),
    Pattern(
        re.compile(
            r"\b(?!bg|gb|kn|nk|nt|tn|zz)[a-ceghj-prstw-z][a-ceghj-nprstw-z] ?(?:\d ?){6}[a-d]\b"
        ),
        _always,
        t("a national identity number"),
    ),
    Pattern(
        re.compile(r"(?<![\d-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\d-])"),
        _always,
        t("a national identity number"),
    ),
    Pattern(
        re.compile(r"(?<!\d)\d{3}-\d{3}-\d{3}[ -]\d{2}(?!\d)"),
        _snils,
        t("a national identity number"),
    ),
    Pattern(re.compile(r"(?<!\d)\d{12}(?!\d)"), _inn, t("a national identity number")),
    Pattern(re.compile(rf"{_BORN}[^\n]{{0,20}}?(?:{_DATE})"), _always, t("a date of birth")),
    Pattern(
        re.compile(r"(?<!\d)\d{1,2}[-./]\d{1,2}[-./](?P<year>\d{4})(?!\d)"),
        _long_ago,
        t("a date of birth"),
    ),
    Pattern(
        re.compile(r"(?<!\d)(?P<year>\d{4})[-./]\d{1,2}[-./]\d{1,2}(?!\d)"),
        _long_ago,
        t("a date of birth"),
    ),
    Pattern(
        re.compile(
            rf"(?<!\d)\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTHS},? (?P<year>\d{{4}})(?!\d)"
        ),
        _long_ago,
        t("a date of birth"),
    ),
    Pattern(
        re.compile(rf"\b{_MONTHS} \d{{1,2}}(?:st|nd|rd|th)?,? (?P<year>\d{{4}})(?!\d)"),
        _long_ago,
        t("a date of birth"),
    ),
    Pattern(
        re.compile(rf"{_HOUSE}[^\n]{{0,60}}?\b[a-z]{{1,2}}\d[a-z\d]? ?\d[a-z]{{2}}\b"),
        _always,
        t("a house number with its postcode"),
    ),
    Pattern(
        re.compile(rf"[^\W\d]{{3,}} {_HOUSE}, ?(?:\d{{4}} ?[a-z]{{2}}|\d{{5,6}})\b"),
        _always,
        t("a house number with its postcode"),
    ),
    Pattern(
        re.compile(r"(?<![\d.])-?\d{1,2}\.\d{4,}[,; ]+-?\d{1,3}\.\d{4,}(?!\d)"),
        _always,
        t("a point on the map"),
    ),
    Pattern(
        re.compile(r"(?<![\w.])[+(]?\d(?:[ ().\-/]{0,3}\d){6,40}(?![\d:])"),
        _phone,
        t("a phone number"),
    ),
)


def looking_personal(text: str, at: Millis) -> Iterator[tuple[Found, Text]]:
    """Pieces of the folded `text` with what they look like."""
    year = datetime.fromtimestamp(at / 1000, UTC).year
    for pattern in PATTERNS:
        for found in pattern.look.finditer(text):
            if pattern.counts(found, year):
                yield found.span(), pattern.what
