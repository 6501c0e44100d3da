"""The words of milestones: which there are, and that one was at another time than was recorded."""

from typing import Literal

from bot.core.ids import Millis, PersonId
from bot.core.incident_commands import IncidentCommand
from bot.core.incident_events import IncidentEvent
from bot.core.personal import Personal

Milestone = Literal["opened", "acknowledged", "first_word", "restored", "closed"]


class CorrectMilestone(IncidentCommand):
    """Say that a milestone was at another time than was recorded, and why.

    What was recorded is kept; promises and clocks stay as they were.
    """

    tag = "correct_milestone"
    milestone: Milestone
    happened_at: Millis
    reason: str


class MilestoneCorrected(IncidentEvent):
    """It was at `happened_at`, not at `before` (None: nothing was recorded)."""

    tag = "milestone_corrected"
    milestone: Milestone
    happened_at: Millis
    before: Millis | None
    reason: Personal
    by: PersonId
