"""What the lists of reports and people show of each: the bodies of their rows."""

from typing import Literal

from bot.core.frozen import Frozen
from bot.core.ids import Millis, PersonId
from bot.core.personal import Personal
from bot.core.report import Stage
from bot.core.retained import Class

Lane = Literal["", "answering", "quiet", "waiting", "distress"]
"""Unfinished reports that have no incident yet: their person still answers, or went quiet. Those
with one: their person wrote, or asked for a human, and waits for an answer; or they sound like
distress and nobody has looked at it yet, whatever else has become of the report."""


class ReportRow(Frozen):
    """A report as the desk's lists show it; `category` is empty while none was chosen."""

    reference: str
    stage: Stage
    language: str
    category: str
    started_at: Millis
    complete: bool
    danger: bool
    taken_by: PersonId | None
    waiting_since: Millis | None
    waiting_for: str
    unanswered_since: Millis | None
    messages: int
    unseen: int
    open_until: Millis | None
    held_as: Class = "transcript"


class PersonRow(Frozen):
    """Somebody on staff, or invited to it."""

    name: Personal | None
    language: str
    roles: tuple[str, ...]
    available: bool
    off: bool = False
    away_until: Millis | None = None
    invited_until: Millis | None
    reset_until: Millis | None = None
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    teams: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
