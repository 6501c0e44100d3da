"""What the story of an incident says of others, of the problem behind it, and of its sheet."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.core import likely_words as lw
from bot.core import problem_words as pw
from bot.core.events import Event
from bot.core.sheet_words import SheetPrinted
from bot.core.texts import Ref, Text, t, tn

_STANDING = {
    "": t("Its problem is for few to see now"),
    "open": t("The cause of its problem is being sought"),
    "known_error": t("Its problem is a known error: there is a workaround"),
    "resolved": t("The cause was put right"),
    "ended": t("Its problem is over"),
}


def _workaround(event: pw.WorkaroundSet) -> Text:
    if event.words is None:
        return t("The workaround does not help any more")
    return t("Known error: there is a workaround")


def _noted(event: lw.LikelyNoted) -> Text:
    count = len(event.found)
    if not count:
        return t("Nothing looks like it any more")
    return tn("{n} other may be the same", "{n} others may be the same", n=count)


LIKELY: Mapping[type[Event], Callable[[Any], Text]] = {
    lw.LikelyNoted: _noted,
    lw.LikenessDenied: lambda event: t("Not the same as {ref}", ref=Ref(ref=event.reference)),
    pw.IncidentGathered: lambda event: t("An incident was linked to this problem"),
    pw.IncidentLetGo: lambda event: t("An incident is not of this problem any more"),
    pw.CauseDescribed: lambda event: t("What is known of the cause"),
    pw.WorkaroundSet: _workaround,
    pw.ProblemLinked: lambda event: t("Linked with the problem behind it"),
    pw.ProblemUnlinked: lambda event: t("Not of that problem any more"),
    pw.ProblemHeard: lambda event: _STANDING[event.standing],
    SheetPrinted: lambda event: t("The sheet was printed on the computer of the desk"),
    lw.IncidentsLinked: lambda event: t("Linked with {ref}", ref=Ref(ref=event.reference)),
}
