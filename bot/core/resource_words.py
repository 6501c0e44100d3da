"""The words of resources: who is asked, bids, a place handed over, those on site, what they say."""

from typing import Literal

from bot.core.ids import Millis, PersonId
from bot.core.incident_commands import TaskCommand
from bot.core.incident_events import TaskEvent
from bot.core.personal import Personal
from bot.core.places import Seat

Because = Literal["named", "there", "coming", "skill", "place", "free", "rested"]
"""Why somebody was asked before others: chosen by name; on site or coming already; can do it;
covers where it is; carries nothing; has not worked for long.
"""

# --- commands --------------------------------------------------------------------------------


class BidForTask(TaskCommand):
    """Say when you could be there, without taking it; again: another time."""

    tag = "bid_for_task"
    eta: Millis
    note: str = ""


class TakeBackBid(TaskCommand):
    """Say that you cannot come after all."""

    tag = "take_back_bid"


class AwardTask(TaskCommand):
    """Let `person` have a place, who said to be there at `eta` as far as whoever asks knows."""

    tag = "award_task"
    person: PersonId
    eta: Millis


class OfferPlace(TaskCommand):
    """Ask the colleague `to` to take over your place."""

    tag = "offer_place"
    to: PersonId


class AcceptPlace(TaskCommand):
    """Take over the place of `holder`, and say when you will be there."""

    tag = "accept_place"
    holder: PersonId
    eta: Millis


class RefusePlace(TaskCommand):
    """Say that you cannot take over the place of `holder`."""

    tag = "refuse_place"
    holder: PersonId


class AskWell(TaskCommand):
    """Nothing was heard of `person`, who is on site, since `since`: ask for the `time`-th time."""

    tag = "ask_well"
    person: PersonId
    since: Millis
    time: int


class SayWell(TaskCommand):
    """Say that all is well where you are."""

    tag = "say_well"


class CallForHelp(TaskCommand):
    """Say that you are in danger, or need somebody beside you now."""

    tag = "call_for_help"
    note: str = ""


class ReadBriefing(TaskCommand):
    """Say that you have read the briefing."""

    tag = "read_briefing"


class ReportCan(TaskCommand):
    """Say how it stands where you are: condition, actions, needs."""

    tag = "report_can"
    condition: str
    actions: str
    needs: str = ""


# --- events ----------------------------------------------------------------------------------


class ResourceAsked(TaskEvent):
    """`person` was asked, by somebody or (None) as the next of those who fit, and why.

    `place` is the playbook's place by which alone they work here, "" for who has a role.
    """

    tag = "resource_asked"
    person: PersonId
    by: PersonId | None
    because: tuple[Because, ...] = ()
    place: str = ""


class ResourcePassed(TaskEvent):
    """`person` did not answer in time, so somebody else is asked."""

    tag = "resource_passed"
    person: PersonId


class BidMade(TaskEvent):
    """`person` could be there at `eta`; `alone` as in `TaskPlace`."""

    tag = "bid_made"
    person: PersonId
    eta: Millis
    note: Personal | None
    alone: Seat | None = None


class BidTakenBack(TaskEvent):
    """`person` cannot after all."""

    tag = "bid_taken_back"
    person: PersonId


class TaskAwarded(TaskEvent):
    """The bid of `person` was chosen, by somebody or (None) as the nearest when time was up."""

    tag = "task_awarded"
    person: PersonId
    by: PersonId | None


class ResourcesFreed(TaskEvent):
    """`people` were asked or bid, and are not needed: enough others come, or nobody must.

    `alone` is where those of them read us alone who have no account of their own.
    """

    tag = "resources_freed"
    people: tuple[PersonId, ...]
    alone: tuple[tuple[PersonId, Seat], ...] = ()


class PlaceOffered(TaskEvent):
    """`person` would like `to` to take over, who works here by `place` alone where one is named."""

    tag = "place_offered"
    person: PersonId
    to: PersonId
    place: str = ""


class PlaceRefused(TaskEvent):
    """`to` cannot; `person` keeps the place."""

    tag = "place_refused"
    person: PersonId
    to: PersonId


class PlaceHandedOver(TaskEvent):
    """`person` has the place of `before` from now on, and comes at `eta`."""

    tag = "place_handed_over"
    before: PersonId
    person: PersonId
    eta: Millis
    alone: Seat | None = None


class CheckInAsked(TaskEvent):
    """`person` was asked, for the `time`-th time, whether all is well."""

    tag = "check_in_asked"
    person: PersonId
    time: int


class CheckedIn(TaskEvent):
    """`person` says that all is well."""

    tag = "checked_in"
    person: PersonId


class CheckInMissed(TaskEvent):
    """`person` was asked twice whether all is well, and said nothing."""

    tag = "check_in_missed"
    person: PersonId


class HelpCalled(TaskEvent):
    """`person` is in danger on site, or needs somebody beside them."""

    tag = "help_called"
    person: PersonId
    note: Personal | None


class BriefingRead(TaskEvent):
    """`person` has read the briefing."""

    tag = "briefing_read"
    person: PersonId


class CanReported(TaskEvent):
    """How it stands on site: condition, actions, needs."""

    tag = "can_reported"
    person: PersonId
    condition: Personal
    actions: Personal
    needs: Personal | None
