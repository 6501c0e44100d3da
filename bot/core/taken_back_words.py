"""The words of taking back: a customer deletes, on their channel, what they wrote to us."""

from bot.core.report_words import ReportCommand, ReportEvent


class TakeBackMessage(ReportCommand):
    """Say that one deleted a message of one's own; what it said stays with the report."""

    tag = "take_back_message"


class MessageTakenBack(ReportEvent):
    """The person deleted a message of theirs where they had written it."""

    tag = "message_taken_back"
