"""What the timeline says of updates that wait for a second person."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.core import approval_words as aw
from bot.core.events import Event
from bot.core.texts import Text, Who, t


def _drafted(event: aw.UpdateDrafted) -> Text:
    if event.version > 1:
        return t("Draft {n} changed; it waits for approval again", n=event.draft)
    if event.corrects:
        return t("Draft {n}: a correction waits for approval", n=event.draft)
    return t("Draft {n}: an update waits for approval", n=event.draft)


DRAFTS: Mapping[type[Event], Callable[[Any], Text]] = {
    aw.UpdateDrafted: _drafted,
    aw.DraftSentBack: lambda event: t(
        "{who} sent draft {n} back", who=Who(person=event.by), n=event.draft
    ),
    aw.DraftApproved: lambda event: t(
        "{who} approved draft {n}", who=Who(person=event.by), n=event.draft
    ),
    aw.GlassBroken: lambda event: t(
        "{who} sent draft {n} without approval", who=Who(person=event.by), n=event.draft
    ),
    aw.DraftWithdrawn: lambda event: t("Draft {n} was taken back", n=event.draft),
}
