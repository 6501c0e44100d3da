"""The words of distress in a report: what sounds like it, and what somebody found who looked."""

from typing import Literal

from bot.core.ids import PersonId, StreamId
from bot.core.report_words import ReportCommand, ReportEvent

Why = Literal["false_alarm", "helped"]


class ClearDistress(ReportCommand):
    """Say that there was no distress, or that the person is being helped."""

    tag = "clear_distress"
    report: StreamId
    why: Why


class NoticeDistress(ReportCommand):
    """What the customer just wrote sounds like distress."""

    tag = "notice_distress"


class DistressNoticed(ReportEvent):
    """Something that the customer wrote sounds like distress; what it was stays with its words."""

    tag = "distress_noticed"


class DistressCleared(ReportEvent):
    """`by` looked at it: it was no distress, or the person is being helped."""

    tag = "distress_cleared"
    why: Why
    by: PersonId
