"""The words of the paths that complaints, service requests and enquiries take."""

from bot.core.ids import Millis, PersonId, StreamId
from bot.core.incident_commands import IncidentCommand
from bot.core.incident_events import IncidentEvent
from bot.core.parties import Party
from bot.core.personal import Personal
from bot.core.report_words import ReportCommand

# --- commands --------------------------------------------------------------------------------


class DoPathStep(IncidentCommand):
    """Say that the next step of the path is done. `words` say what was done or, where the step
    speaks to the customer, go to that of `report` and all others through their conversations. Of a
    decision they are the reason; of a follow-up what `owner` does by `until`, or why nobody does.
    """

    tag = "do_path_step"
    step: str
    words: str
    report: StreamId | None = None
    decision: str = ""
    alternatives: str = ""
    owner: PersonId | None = None
    until: Millis | None = None


class SetFulfilment(IncidentCommand):
    """Say who fulfils the request and by when; the customer hears the time.

    `before` is the time that whoever asks knew of, 0 for none.
    """

    tag = "set_fulfilment"
    by_whom: str
    promised: Millis
    before: Millis | None = None


class AnswerEnquiry(IncidentCommand):
    """Answer the question of the customer of `report`; with that it is resolved."""

    tag = "answer_enquiry"
    words: str
    report: StreamId | None = None


class HandEnquiryOn(IncidentCommand):
    """Let somebody else answer: `to` is `team:KEY`, `person:ID`, or who it is in words.

    The customer hears by when (`until`), not who.
    """

    tag = "hand_enquiry_on"
    to: str
    reason: str
    until: Millis


class NotePathDue(IncidentCommand):
    """The time for `step`, which was due at `due`, has come (by the house)."""

    tag = "note_path_due"
    step: str
    due: Millis


class WriteFromIncident(ReportCommand):
    """Send `words`, the report's own or those of the incident to all of its customers (by the
    house, for `author`).
    """

    tag = "write_from_incident"
    incident: StreamId
    words: Personal
    author: PersonId


# --- events ----------------------------------------------------------------------------------


class PathStepDone(IncidentEvent):
    """A step of the path is done; `report` is whose customer was sent the words, if anybody, and
    `to_all` whether all others were, too.
    """

    tag = "path_step_done"
    step: str
    words: Personal
    by: PersonId
    report: StreamId | None = None
    to_all: bool = False
    owner: PersonId | None = None
    until: Millis | None = None


class FulfilmentSet(IncidentEvent):
    """`by_whom` fulfils it by `promised`; `before` is what was promised until now."""

    tag = "fulfilment_set"
    by_whom: Personal
    promised: Millis
    before: Millis | None
    by: PersonId


class EnquiryAnswered(IncidentEvent):
    """The question has its answer; `report` is whose customer was sent it, if anybody, and
    `to_all` whether all others were, too.
    """

    tag = "enquiry_answered"
    words: Personal
    by: PersonId
    report: StreamId | None = None
    to_all: bool = False


class EnquiryHandedOn(IncidentEvent):
    """Others answer by `until`: `party` of the staff, or those that `to` says in words."""

    tag = "enquiry_handed_on"
    party: Party | None
    to: Personal | None
    reason: Personal
    until: Millis
    by: PersonId


class PathOverdue(IncidentEvent):
    """`step` was to be done by `due`, and is not."""

    tag = "path_overdue"
    step: str
    due: Millis
