"""What the timeline says of times that were put right."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.core.events import Event
from bot.core.milestone_words import MilestoneCorrected
from bot.core.texts import Text, When, t
from bot.views.milestones import MILESTONES as NAMES


def _corrected(event: MilestoneCorrected) -> Text:
    what, time = NAMES[event.milestone], When(at=event.happened_at)
    if event.before is None:
        return t("A time was added. {what}: {time}", what=what, time=time)
    was = When(at=event.before)
    return t(
        "A time was corrected. {what}: {time}, recorded as {was}", what=what, time=time, was=was
    )


MILESTONES: Mapping[type[Event], Callable[[Any], Text]] = {MilestoneCorrected: _corrected}
