"""One thing said in several languages: which wording a reader gets, and whether it is theirs."""

from collections.abc import Sequence

from bot.core.incident_words import Wording
from bot.core.personal import Personal
from bot.core.texts import t

FALLBACK = t("We do not have this in your language yet:")
"""Stands before words that are not in the reader's language."""


def suits(language: str, wanted: str) -> bool:
    """Whether somebody who wants `wanted` ("ru-RU") reads `language` ("ru") as their own."""
    return wanted == language or wanted.partition("-")[0] == language.partition("-")[0]


def chosen(
    words: Personal | None, language: str, also: Sequence[Wording], wanted: str
) -> tuple[Personal | None, str, bool]:
    """The wording for a reader, its language, and whether that is the reader's own.

    Words of which nobody said the language ("") count as everybody's.
    """
    if not language or words is None or suits(language, wanted):
        return words, language, True
    own = next((one for one in also if suits(one.language, wanted)), None)
    return (words, language, False) if own is None else (own.words, own.language, True)


def told(*parts: str) -> str:
    """One text of the parts of an update: how it stands, what is done, what people should do."""
    return "\n\n".join(one.strip() for one in parts if one.strip())
