"""The words about an answer that did not reach its customer."""

from typing import Literal

from bot.core.ids import PersonId
from bot.core.report_words import ReportCommand, ReportEvent

Why = Literal["blocked", "expired", "failed"]


class NoteUndelivered(ReportCommand):
    """Message `number` did not go out on `channel`, which people call `title`, and will not."""

    tag = "note_undelivered"
    number: int
    channel: str
    title: str
    why: Why


class ReplyUndelivered(ReportEvent):
    """Message `number` of the conversation did not reach the customer; `author` wrote it.

    `blocked`: they take nothing from us there; `expired`: its time was over; else it `failed`.
    """

    tag = "reply_undelivered"
    number: int
    channel: str
    title: str
    why: Why
    author: PersonId | None
