"""The words of going on elsewhere: a report's conversation moves to another place of its person."""

from bot.core.ids import PersonId, StreamId
from bot.core.places import Seat
from bot.core.report_words import ReportCommand, ReportEvent


class GoOnHere(ReportCommand):
    """Go on with one's report from here: answers come to this place from now on, in `language`
    ("": as before).
    """

    tag = "go_on_here"
    language: str = ""


class MoveConversation(ReportCommand):
    """The house: go on at `seat` with `report`, if it is of one of `people`."""

    tag = "move_conversation"
    report: StreamId
    seat: Seat
    people: tuple[PersonId, ...]


class ConversationMoved(ReportEvent):
    """Whatever is said to the person goes to `seat` from now on, in `language` ("": as before).

    `before` is where it went until now, None where that is the same place.
    """

    tag = "conversation_moved"
    seat: Seat
    before: Seat | None = None
    language: str = ""
