"""Which category somebody's own words point to, and whether they sound like distress.

Keyword rules only: a suggestion that a person confirms, never a decision.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from bot.core.folded import folded
from bot.core.frozen import Frozen
from bot.core.playbook import Playbook, ReportPlan
from bot.core.sounding import sounds
from bot.core.texts import Text, t

_WORD = re.compile(r"\w+\*?")


class Suggestion(Frozen):
    """A category, how strongly the words point to it (1 and up), and by which words."""

    category: str
    score: int
    reason: Text


def suggest(plan: ReportPlan, text: str, language: str) -> list[Suggestion]:
    """The categories that `text` points to, the likeliest first.

    Each keyword found counts as many points as it has words. The keywords of `language` are
    looked for first; without any, those of every language, since people mix them.
    """
    said = _tokens(text)
    found = []
    for key, category in plan.categories.items():
        hits = _hits(category.keywords, said, language)
        score = sum(len(hit.split()) for hit in hits)
        if hits:
            reason = t("Because of: {words}", words=", ".join(hits).replace("*", ""))
            found.append(Suggestion(category=key, score=score, reason=reason))
    return sorted(found, key=lambda one: -one.score)


def distress(current: Playbook, text: str) -> str | None:
    """The phrase of the playbook's distress words in `text`, in any language; None if none."""
    said = _plain_tokens(text)
    every = (term for listed in current.safety.distress_words.values() for term in listed)
    return next((term for term in every if sounds(said, _wanted(term))), None)


@lru_cache(maxsize=8192)
def _wanted(term: str) -> tuple[str, ...]:
    return tuple(_tokens(term))


def _plain_tokens(text: str) -> tuple[str, ...]:
    """As `_tokens`, but that a `*` means nothing to who writes."""
    return tuple(one.rstrip("*") for one in _tokens(text))


def avoided(current: Playbook, text: str) -> str | None:
    """The first phrase in `text` that updates are better without, in any language; None if none."""
    hits = _hits(current.publishing.avoid, _tokens(text), "")
    return next((one.replace("*", "") for one in hits), None)


def _hits(terms: Mapping[str, Sequence[str]], said: Sequence[str], language: str) -> list[str]:
    own = [term for term in terms.get(language, ()) if _says(said, term)]
    every = (term for listed in terms.values() for term in listed if _says(said, term))
    return own or list(dict.fromkeys(every))


def _says(said: Sequence[str], term: str) -> bool:
    wanted = _wanted(term)
    starts = range(len(said) - len(wanted) + 1)
    return any(_all_fit(wanted, said[start : start + len(wanted)]) for start in starts)


def _all_fit(wanted: Sequence[str], said: Sequence[str]) -> bool:
    pairs = zip(wanted, said, strict=True)
    return all(
        word.startswith(want[:-1]) if want.endswith("*") else word == want for want, word in pairs
    )


def _tokens(text: str) -> list[str]:
    """Words made comparable; a `*` at the end of one stays."""
    return _WORD.findall(folded(text).text)
