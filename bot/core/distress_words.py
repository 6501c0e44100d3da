"""The words of distress in a report: what sounds like it or says so, who helps, how it ended.

Whatever of them holds somebody's words is of a special category: it is about somebody's health.
"""

from typing import Literal

from bot.core.ids import Millis, PersonId, StreamId
from bot.core.personal import Personal
from bot.core.report_words import ReportCommand, ReportEvent

Help = Literal["danger", "distress"]
"""Somebody's life is in danger; or somebody cannot go on and wants to talk."""
Why = Literal["false_alarm", "helped"]
Held = Literal["special"]
"""The class by which it is kept, and goes (`retained`)."""
How = Literal["words", "asked"]
"""Something that they wrote sounds like it; or they pressed and said so."""


# --- what a customer may ask for -------------------------------------------------------------


class AskForHelp(ReportCommand):
    """Help is needed now: somebody is in danger, or cannot go on and wants to talk to a person."""

    tag = "ask_for_help"
    need: Help


# --- what staff may ask for ------------------------------------------------------------------


class ClearDistress(ReportCommand):
    """Say that there was no distress, or that the person is being helped; perhaps with a word."""

    tag = "clear_distress"
    report: StreamId
    why: Why
    words: str = ""


class SumUpDistress(ReportCommand):
    """End the talk with a summary: what was said, what happens next, who will be in touch.

    It is kept, and sent to the person unless they would rather not have it.
    """

    tag = "sum_up_distress"
    report: StreamId
    said: str
    next_step: str
    contact: str
    send: bool = True


class AddVulnerabilityNote(ReportCommand):
    """Keep what whoever works for this person needs to know, for `days`, if they `agreed` to it."""

    tag = "add_vulnerability_note"
    report: StreamId
    words: str
    agreed: bool
    days: int


class ReviewVulnerabilityNote(ReportCommand):
    """Say that note `number` is still needed, for `days` more; 0 takes it away."""

    tag = "review_vulnerability_note"
    report: StreamId
    number: int
    days: int


# --- what the house tells a report -----------------------------------------------------------


class NoticeDistress(ReportCommand):
    """What the customer just wrote sounds like distress."""

    tag = "notice_distress"


class NoteSheltered(ReportCommand):
    """`incident`, to which the report belongs, is one that few may see."""

    tag = "note_sheltered"
    incident: StreamId


class CheckOnHelper(ReportCommand):
    """Whoever has helped since `since` is asked how they are."""

    tag = "check_on_helper"
    since: Millis


class RemindOfNote(ReportCommand):
    """Note `number`, which was to be looked at again by `review_by`, was not."""

    tag = "remind_of_note"
    number: int
    review_by: Millis


# --- what happened ---------------------------------------------------------------------------


class DistressNoticed(ReportEvent):
    """Somebody may be in great distress, or says so; what they wrote stays with their words."""

    tag = "distress_noticed"
    by: How = "words"
    held_as: Held = "special"


class DistressSheltered(ReportEvent):
    """It stands with `incident`, which few may see, so what was said may go there."""

    tag = "distress_sheltered"
    incident: StreamId


class DistressCleared(ReportEvent):
    """`by` looked at it: it was no distress, or the person is being helped."""

    tag = "distress_cleared"
    why: Why
    by: PersonId
    reason: Personal | None = None
    held_as: Held = "special"


class DistressSummedUp(ReportEvent):
    """How the talk ended: what was said, what happens next, who will be in touch."""

    tag = "distress_summed_up"
    said: Personal
    next_step: Personal
    contact: Personal
    sent: bool
    by: PersonId
    held_as: Held = "special"


class HelperAsked(ReportEvent):
    """`person` has helped for a while, or is done, and is asked how they are."""

    tag = "helper_asked"
    person: PersonId


class VulnerabilityNoted(ReportEvent):
    """Something that whoever works for them needs to know, with their knowledge."""

    tag = "vulnerability_noted"
    number: int
    words: Personal
    by: PersonId
    review_by: Millis
    held_as: Held = "special"


class VulnerabilityReviewed(ReportEvent):
    """Note `number` was looked at: it is kept until `review_by`, or (None) taken away."""

    tag = "vulnerability_reviewed"
    number: int
    by: PersonId
    review_by: Millis | None


class VulnerabilityDue(ReportEvent):
    """Note `number` was to be looked at again by now."""

    tag = "vulnerability_due"
    number: int
