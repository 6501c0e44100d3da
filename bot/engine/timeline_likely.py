"""What the story of an incident says of others that may be the same, and of its sheet."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.core import likely_words as lw
from bot.core.events import Event
from bot.core.sheet_words import SheetPrinted
from bot.core.texts import Ref, Text, t, tn


def _noted(event: lw.LikelyNoted) -> Text:
    count = len(event.found)
    if not count:
        return t("Nothing looks like it any more")
    return tn("{n} other may be the same", "{n} others may be the same", n=count)


LIKELY: Mapping[type[Event], Callable[[Any], Text]] = {
    lw.LikelyNoted: _noted,
    lw.LikenessDenied: lambda event: t("Not the same as {ref}", ref=Ref(ref=event.reference)),
    SheetPrinted: lambda event: t("The sheet was printed on the computer of the desk"),
    lw.IncidentsLinked: lambda event: t("Linked with {ref}", ref=Ref(ref=event.reference)),
}
