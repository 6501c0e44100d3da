"""The words of going on elsewhere: a report's conversation moves to another place of its person."""

from bot.core.places import Seat
from bot.core.report_words import ReportCommand, ReportEvent


class GoOnHere(ReportCommand):
    """Go on with one's report from here: answers come to this place from now on."""

    tag = "go_on_here"


class ConversationMoved(ReportEvent):
    """Whatever is said to the person goes to `seat` from now on."""

    tag = "conversation_moved"
    seat: Seat
