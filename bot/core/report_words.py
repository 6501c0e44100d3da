"""The words of a report: what its people may ask for, and what may have happened to it. Commands of
customers carry no stream (`engine/resolve`); `value` is the raw answer as it came.
"""

from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from bot.core.commands import Command
from bot.core.events import Event
from bot.core.forms import Value
from bot.core.ids import Kind, Millis, PersonId, StreamId, SubjectId
from bot.core.incident_words import IncidentKind, Mode, Visibility
from bot.core.personal import Personal
from bot.core.places import Seat

Stored = Personal | Value
"""An answer as the log keeps it: sealed when its question is marked personal."""


class ReportCommand(Command):
    """A command for a report."""

    kind = "report"


class ReportEvent(Event):
    """An event of a report."""

    kinds: ClassVar[tuple[Kind, ...]] = ("report",)


# --- what a customer may ask for -------------------------------------------------------------


class BeginReport(ReportCommand):
    """Open the conversation and show the first question; `beside`: another than what is open."""

    tag = "begin_report"
    again: bool = False
    beside: bool = False


class AnswerQuestion(ReportCommand):
    """Answer one question of the guided intake; answering it again changes the answer."""

    tag = "answer_question"
    field: str
    value: Any


class FillReport(ReportCommand):
    """Answer several questions at once, by their keys, and `send` the report with them.

    An answer that is left out stays as it is; one that is None skips its question.
    """

    tag = "fill_report"
    answers: Mapping[str, Any]
    send: bool = True


class SkipQuestion(ReportCommand):
    """Leave out a question that is not required."""

    tag = "skip_question"
    field: str


class GoBack(ReportCommand):
    """Ask the last answered question again, or `field`."""

    tag = "go_back"
    field: str = ""


class ConfirmSummary(ReportCommand):
    """Say that the summary is right and send the report."""

    tag = "confirm_summary"


class WithdrawReport(ReportCommand):
    """Stop: it solved itself, or it was not meant."""

    tag = "withdraw_report"
    why: Literal["cancelled", "solved_itself"]


class AskForPerson(ReportCommand):
    """Leave the questions and talk to a human."""

    tag = "ask_for_person"


class ReportDanger(ReportCommand):
    """Say that help is needed now, whatever the questions are doing or whether they are over."""

    tag = "report_danger"


class WriteMessage(ReportCommand):
    """Say something to the desk, at any time."""

    tag = "write_message"
    words: str


class AnswerFixed(ReportCommand):
    """Answer "is it fixed?"; only this press reopens, never a passing remark."""

    tag = "answer_fixed"
    fixed: bool
    words: str = ""


class RateService(ReportCommand):
    """Rate how it went, 1 (bad) to 5 (very good), with an optional comment."""

    tag = "rate_service"
    score: int
    words: str = ""


class MarkSeen(ReportCommand):
    """The customer, or the desk, has the conversation up to message `through` on the screen."""

    tag = "mark_seen"
    through: int
    report: StreamId | None = None


class KeepWayBack(ReportCommand):
    """Let whoever has a link come back here; `token` is its hash. It replaces the last one."""

    tag = "keep_way_back"
    token: str


class EndWayBack(ReportCommand):
    """Let nobody come back by the link any more."""

    tag = "end_way_back"


# --- what staff may ask for ------------------------------------------------------------------


class ReplyToCustomer(ReportCommand):
    """Send words to the customer of `report`: one's own, or those of the ready answer `canned`."""

    tag = "reply_to_customer"
    report: StreamId
    words: str
    canned: str = ""


class WriteNote(ReportCommand):
    """Write something for colleagues beside `report`; `beneath`: it stands there already."""

    tag = "write_note"
    report: StreamId
    words: str
    beneath: bool = False


# --- what the house tells a report -----------------------------------------------------------


class NoteStage(ReportCommand):
    """The incident moved: taken, given back, resolved, reopened or ended, by `person`."""

    tag = "note_stage"
    incident: StreamId
    stage: Literal["taken", "released", "resolved", "reopened", "closed", "cancelled"]
    person: PersonId | None = None
    until: Millis | None = None
    incident_kind: IncidentKind = "incident"


class JoinIncident(ReportCommand):
    """Belong to `incident` from now on, unless the report has left `before` already."""

    tag = "join_incident"
    incident: StreamId
    before: StreamId
    how: Literal["joined", "split", "sheltered"]
    visibility: Visibility = "normal"
    mode: Mode = "live"


class GiveUpWaiting(ReportCommand):
    """Nothing was heard for the playbook's quiet time, or the time to confirm has run out."""

    tag = "give_up_waiting"
    what: Literal["intake", "confirmation"]


class EraseFromReport(ReportCommand):
    """Delete what this report holds about `subject`."""

    tag = "erase_from_report"
    subject: SubjectId


# --- what happened ---------------------------------------------------------------------------


class ReportStarted(ReportEvent):
    """A person's first word. The questions are those of playbook edition `playbook`, for ever."""

    tag = "report_started"
    reference: str
    person: PersonId
    subject: SubjectId
    seat: Seat
    language: str
    playbook: str


class QuestionAnswered(ReportEvent):
    """`field` has this value from now on."""

    tag = "question_answered"
    field: str
    value: Stored


class QuestionSkipped(ReportEvent):
    """`field` was left out on purpose."""

    tag = "question_skipped"
    field: str


class QuestionReopened(ReportEvent):
    """The person went back to `field`; its answer no longer counts."""

    tag = "question_reopened"
    field: str


class DangerReported(ReportEvent):
    """Somebody is in danger; the emergency advice was given in the same breath."""

    tag = "danger_reported"


class SummaryConfirmed(ReportEvent):
    """The person read the summary and sent it; the report is complete."""

    tag = "summary_confirmed"


class IntakeLeft(ReportEvent):
    """The questions stopped short: quiet for too long (they may go on), or a human is wanted."""

    tag = "intake_left"
    why: Literal["quiet", "person_wanted"]


class ReportWithdrawn(ReportEvent):
    """The person took the report back."""

    tag = "report_withdrawn"
    why: Literal["cancelled", "solved_itself"]


class ReportLinked(ReportEvent):
    """The report belongs to `incident` from now on: its own, or one it moved to.

    One made by a split is `visibility` and `mode`, as the one that the report comes from; one that
    was made for somebody in distress (`sheltered`) is one that few may see.
    """

    tag = "report_linked"
    incident: StreamId
    how: Literal["opened", "joined", "split", "sheltered"]
    before: StreamId | None = None
    visibility: Visibility = "normal"
    mode: Mode = "live"


class WaitBegan(ReportEvent):
    """The person began to wait for a human."""

    tag = "wait_began"
    why: Literal["reported", "asked", "wrote", "disputed"]


class WaitEnded(ReportEvent):
    """A human answered or took it; waited since `began`."""

    tag = "wait_ended"
    began: Millis
    by: PersonId | None


class ReportTaken(ReportEvent):
    """`by` works on the incident behind it from now on; None: nobody does."""

    tag = "report_taken"
    by: PersonId | None


class MessageReceived(ReportEvent):
    """Message `number` of the conversation, from the customer."""

    tag = "message_received"
    number: int
    words: Personal


class MessageSent(ReportEvent):
    """Message `number` of the conversation, from the desk; `as_desk`: in the name of all of it."""

    tag = "message_sent"
    number: int
    words: Personal
    author: PersonId
    canned: str = ""
    as_desk: bool = False


class MessagesSeen(ReportEvent):
    """One side has seen everything up to message `through`."""

    tag = "messages_seen"
    by: Literal["customer", "desk"]
    through: int


class NoteWritten(ReportEvent):
    """An internal note. `beneath`: it stands beneath the report's card where it was written."""

    tag = "note_written"
    words: Personal
    author: PersonId
    beneath: bool = False


class FixAsked(ReportEvent):
    """The person is asked whether it is fixed, until `until`."""

    tag = "fix_asked"
    incident: StreamId
    until: Millis
    incident_kind: IncidentKind = "incident"


class FixConfirmed(ReportEvent):
    """Fixed, says the customer; or nothing was heard until the window ended."""

    tag = "fix_confirmed"
    incident: StreamId
    by: Literal["customer", "window"]


class FixDisputed(ReportEvent):
    """Not fixed, says the customer."""

    tag = "fix_disputed"
    incident: StreamId
    words: Personal | None


class ServiceRated(ReportEvent):
    """How it went: 1 to 5, and why."""

    tag = "service_rated"
    score: int
    words: Personal | None


class WayBackKept(ReportEvent):
    """From now on this link, and no other, leads here until `until`; `token` is its hash."""

    tag = "way_back_kept"
    token: str
    until: Millis


class WayBackEnded(ReportEvent):
    """No link leads here any more."""

    tag = "way_back_ended"


class ReportClosed(ReportEvent):
    """The incident behind it was closed or cancelled; the conversation may still be rated."""

    tag = "report_closed"
    why: Literal["closed", "cancelled"]
    until: Millis


class ReportReopened(ReportEvent):
    """The incident behind it was opened again."""

    tag = "report_reopened"
