"""Free text of people: cleaned and bounded, or refused with a sentence that says what to do."""

from bot.core.answers import clean
from bot.core.commands import Refused
from bot.core.texts import t

MESSAGE_MOST = 8_000
NOTE_MOST = 2_000


def words(raw: str, most: int = NOTE_MOST, least: int = 1) -> str | Refused:
    """`raw` without what nobody can see, when it has `least` to `most` characters then."""
    text = clean(raw)
    if not text:
        return Refused(code="empty", text=t("Please write something first."))
    if len(text) < least:
        short = t("Please write a little more: at least {least} characters.", least=least)
        return Refused(code="too_short", text=short)
    if len(text) > most:
        long = t(
            "Please shorten this: it has {length} characters and there is room for {most}. "
            "Nothing you wrote is lost.",
            length=len(text),
            most=most,
        )
        return Refused(code="too_long", text=long)
    return text
