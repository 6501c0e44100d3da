"""Calls on somebody's desk, said again in the language in which they read it at that moment.

What was sent to a chat stays there as it was said, as everything in a conversation does. The desk
is a page of today: what still calls somebody there speaks as the rest of it does.
"""

from collections.abc import Callable

from pydantic import JsonValue, ValidationError

from bot.core.personal import personals
from bot.core.texts import Arg, Text, replace

PHRASE = "phrase"
"""Under which a sealed note keeps it, beside the words of that time."""


def kept(text: Text, opened: Callable[[Arg], Arg]) -> dict[str, JsonValue]:
    """What a note keeps to say it again; nothing once a part of it was erased."""
    whole = replace(text, opened)
    if any(True for _ in personals(whole)):
        return {}
    return {PHRASE: whole.model_dump(mode="json")}


def phrase_in(note: JsonValue) -> Text | None:
    """What to say again; None where only the words are known."""
    found = note.get(PHRASE) if isinstance(note, dict) else None
    try:
        return None if found is None else Text.model_validate(found)
    except ValidationError:
        return None
