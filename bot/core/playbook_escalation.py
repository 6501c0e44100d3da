"""The table [escalation] of a playbook: what counts as nobody acting, besides the ladders."""

from typing import Annotated

from pydantic import Field, StrictInt

from bot.core.calendar import HOUR, MINUTE
from bot.core.playbook_parts import Part
from bot.core.playbook_words import Duration, Key


class Escalation(Part):
    """When somebody is called, and how often before the ladder is climbed."""

    acknowledged_within: Duration = Field(
        default=30 * MINUTE,
        description="Work must begin this long after somebody acknowledged, by the clock of the "
        "priority; else it counts as not acknowledged.",
    )
    answer_within: Duration = Field(
        default=15 * MINUTE, description="How long a customer may wait for an answer."
    )
    calendar: Key | None = Field(
        default=None,
        description="The clock of answer_within. Unset: always; who is in danger waits by none.",
    )
    progress_within: Duration = Field(
        default=4 * HOUR,
        description="Who took a task and is not there yet says something this often, by the clock "
        "of the priority.",
    )
    again_after: Duration = Field(
        default=10 * MINUTE,
        description="The right person is called, and this much later called again.",
    )
    first_times: Annotated[StrictInt, Field(ge=1, le=10)] = Field(
        default=2, description="How often they are called before the ladder begins."
    )
    answered_for: Duration = Field(
        default=30 * MINUTE,
        description="Who was called and says that they see to it is left alone for this long.",
    )
