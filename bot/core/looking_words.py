"""The words of looking: who opened what few may see, which is itself kept."""

from typing import Literal

from bot.core.ids import PersonId
from bot.core.incident_commands import IncidentCommand
from bot.core.incident_events import IncidentEvent

Where = Literal["desk", "chat", "api"]


class NoteLook(IncidentCommand):
    """`by` reads an incident that few may see, or its conversation (by the house)."""

    tag = "note_look"
    by: PersonId
    where: Where


class RestrictedRead(IncidentEvent):
    """`by` read what few may see, or what was said in distress, for the first time on that day."""

    tag = "restricted_read"
    by: PersonId
    where: Where
