"""The words about a customer whom urgent words do not reach."""

from bot.core.report_words import ReportCommand, ReportEvent


class NoteUnreached(ReportCommand):
    """The house: something urgent could not be told by `channel`, and there is no other way.

    `waits`: it is still tried there, once that channel is back.
    """

    tag = "note_unreached"
    channel: str
    waits: bool = False


class CustomerUnreached(ReportEvent):
    """Something urgent did not reach the customer by `channel`; `waits`: it is still tried."""

    tag = "customer_unreached"
    channel: str
    waits: bool = False
