"""How a playbook writes texts, durations, moments and lists: the smallest parts of its schema.

A playbook is read with a `Reading` as pydantic's context. Without one (a part that was stored
as JSON comes back) values are taken in the form in which they were stored.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, StringConstraints, ValidationInfo

from bot.core.answers import clean
from bot.core.calendar import DAY, DAY_MINUTES, HOUR, MINUTE, Shift
from bot.core.texts import Words, fill, placeholders

SHORT = 75
LONG = 2000

Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]


@dataclass(frozen=True, slots=True)
class Reading:
    """What the parts of a playbook need to know of its head: languages, and values to fill in.

    `known` False means that the head itself does not tell its languages: no text is at fault
    then for the languages that it is in.
    """

    default: str
    languages: tuple[str, ...]
    values: Mapping[str, Mapping[str, str]]
    known: bool = True

    def filled(self, language: str, text: str) -> str:
        """`text` with `{emergency_number}` and the like put in. Raises ValueError for others."""
        if "{" not in text:
            return text
        values = self.values.get(language, {} if self.known else self.values[self.default])
        if odd := sorted(placeholders(text) - values.keys()):
            known = ", ".join(f"{{{name}}}" for name in sorted(values))
            raise ValueError(f"unknown placeholder {{{odd[0]}}} (known: {known})")
        return fill(text, values)


def worded(raw: Any, info: ValidationInfo) -> Any:
    """A text per language, out of how a playbook writes it."""
    if not isinstance(info.context, Reading):
        return raw
    given = _by_language(raw, info.context, str)
    by = {language: clean(text) for language, text in given.items()}
    if empty := [language for language, text in by.items() if not text]:
        raise ValueError(f"the text for {empty[0]!r} is empty")
    return Words(by={lang: info.context.filled(lang, text) for lang, text in by.items()})


def _terms(raw: Any, info: ValidationInfo) -> Any:
    if not isinstance(info.context, Reading):
        return raw
    by = _by_language(raw, info.context, list)
    if any(
        not isinstance(term, str) or not term.strip() for terms in by.values() for term in terms
    ):
        raise ValueError("write a list of words or phrases")
    return {language: tuple(terms) for language, terms in by.items()}


def _by_language(raw: Any, reading: Reading, kind: type) -> dict[str, Any]:
    by = {reading.default: raw} if isinstance(raw, kind) else raw
    if not isinstance(by, dict) or not all(isinstance(one, kind) for one in by.values()):
        what = "a text" if kind is str else "a list of words"
        raise ValueError(f"write {what}, or one per language such as {{ {reading.default} = ... }}")
    if not reading.known:
        return by
    if odd := [language for language in by if language not in reading.languages]:
        raise ValueError(
            f"unknown language {odd[0]!r} (organisation.languages lists what there is)"
        )
    if reading.default not in by:
        raise ValueError(f"the wording in the default language {reading.default!r} is missing")
    return by


def at_most(limit: int) -> Callable[[Words], Words]:
    """Refuses what is longer than `limit` characters in any language."""

    def checked(words: Words) -> Words:
        if long := [lang for lang, text in words.by.items() if len(text) > limit]:
            raise ValueError(f"the text for {long[0]!r} is longer than {limit} characters")
        return words

    return checked


Short = Annotated[Words, BeforeValidator(worded), AfterValidator(at_most(SHORT))]
"""A name or label: what fits on a button on every channel."""

Long = Annotated[Words, BeforeValidator(worded), AfterValidator(at_most(LONG))]
"""A sentence or a short paragraph."""

Terms = Annotated[Mapping[str, tuple[str, ...]], BeforeValidator(_terms)]
"""Words and phrases to look for, per language; `electr*` stands for every word it begins."""

_DURATION = re.compile(r"(?:(\d{1,4})d)?(?:(\d{1,4})h)?(?:(\d{1,4})m)?(?:(\d{1,4})s)?")
_UNITS = (DAY, HOUR, MINUTE, 1000)


def _duration(raw: Any, info: ValidationInfo) -> Any:
    if not isinstance(info.context, Reading):
        return raw
    found = _DURATION.fullmatch(raw) if isinstance(raw, str) else None
    parts = zip(found.groups(), _UNITS, strict=True) if found else ()
    total = sum(int(number or 0) * unit for number, unit in parts)
    if total == 0:
        raise ValueError('write a duration such as "15m", "4h", "1h30m" or "2d"')
    return total


Duration = Annotated[int, BeforeValidator(_duration)]
"""Milliseconds; written as "15m", "4h", "1h30m", "2d"."""

_SHIFT = re.compile(r"([01]\d|2[0-4]):([0-5]\d)\s*-\s*([01]\d|2[0-4]):([0-5]\d)")


def _shift(raw: Any) -> Any:
    if not isinstance(raw, str):
        return raw
    found = _SHIFT.fullmatch(raw.strip())
    if found is None:
        raise ValueError('write opening hours such as "08:30-12:00"')
    start, end = (int(found[i]) * 60 + int(found[i + 1]) for i in (1, 3))
    if start >= DAY_MINUTES or end > DAY_MINUTES or start == end:
        raise ValueError("these hours have no length or no place in a day")
    return start, end if end > start else end + DAY_MINUTES


Hours = Annotated[Shift, BeforeValidator(_shift)]
"""One shift, "08:30-12:00"; an end at or before the start lies on the next day."""


def _date(raw: Any) -> Any:
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    try:
        return date.fromisoformat(raw)
    except (TypeError, ValueError):
        raise ValueError("write a date such as 2026-12-25") from None


Day = Annotated[date, BeforeValidator(_date)]
"""A date, `2026-12-25`, with or without quotation marks."""


def as_list(raw: Any) -> Any:
    """One thing where a list is expected is a list of one."""
    return raw if isinstance(raw, list | tuple) else (raw,)
