"""What staff, resources and the house may ask of an incident, its tasks and its updates."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from bot.core.commands import Command
from bot.core.ids import Millis, PersonId, StreamId, SubjectId
from bot.core.incident_words import Audience, Band, Fact, How, Mode, Target, Visibility
from bot.core.priority import Level, Priority


class IncidentCommand(Command):
    """A command for the incident `incident`."""

    kind = "incident"
    incident: StreamId


class TaskCommand(IncidentCommand):
    """A command for one task of an incident; tasks count from 1 within it."""

    task: int


# --- commands: the incident ------------------------------------------------------------------


class OpenIncident(Command):
    """Open an incident for a report (by the house) or from an agent's own observation."""

    tag = "open_incident"
    kind = "incident"
    report: StreamId | None
    category: str
    facts: tuple[Fact, ...] = ()
    danger: bool = False
    complete: bool = True
    playbook: str = ""
    visibility: Visibility = "normal"
    mode: Mode = "live"
    split_from: StreamId | None = None


class AttachReport(IncidentCommand):
    """Hang `report` under this incident: it comes from another one, `settled` as it is now."""

    tag = "attach_report"
    report: StreamId
    danger: bool = False
    settled: Literal["", "confirmed", "window_ended", "withdrawn"] = ""


class AddFacts(IncidentCommand):
    """The report went on after the incident was opened (danger first, answers later).

    `category` empty: not known yet. `danger`: somebody is in danger now.
    """

    tag = "add_facts"
    report: StreamId
    category: str
    facts: tuple[Fact, ...]
    complete: bool
    danger: bool = False


class AcknowledgeIncident(IncidentCommand):
    """Say that somebody has seen it; needs no owner."""

    tag = "acknowledge_incident"


class TickStep(IncidentCommand):
    """Say that step `step` (from 1) of the script of `category` is done, or not done after all."""

    tag = "tick_step"
    category: str
    step: int
    done: bool


class TakeIncident(IncidentCommand):
    """Become its owner and begin work."""

    tag = "take_incident"


class HandOverIncident(IncidentCommand):
    """Make `to` the owner, if `before` (when it is named) still has it; "" for nobody."""

    tag = "hand_over_incident"
    to: PersonId
    before: PersonId | None = None


class ReleaseIncident(IncidentCommand):
    """Give it back, so that it is nobody's and waits for somebody; the reason is kept."""

    tag = "release_incident"
    reason: str


class AssessIncident(IncidentCommand):
    """Set impact and urgency; the playbook's matrix gives the priority.

    `before` is the priority that whoever asks knew of.
    """

    tag = "assess_incident"
    impact: Level
    urgency: Level
    before: Priority | None = None


class OverridePriority(IncidentCommand):
    """Set the priority by hand; the reason is kept. `before` is what whoever asks knew of."""

    tag = "override_priority"
    priority: Priority
    reason: str
    before: Priority | None = None


class HoldIncident(IncidentCommand):
    """Pause its clocks; the reason is kept. At `until` it goes on by itself (None: it does not)."""

    tag = "hold_incident"
    reason: str
    until: Millis | None = None


class ResumeIncident(IncidentCommand):
    """Go on after a hold; a reason is kept when there is one."""

    tag = "resume_incident"
    reason: str = ""


class EndHold(IncidentCommand):
    """The time has come until which it was put on hold (by the house)."""

    tag = "end_hold"
    until: Millis


class ResolveIncident(IncidentCommand):
    """Say that service is restored; `note` says how.

    `call_off` names the tasks that nobody has seen to and that are needed no longer; one that
    is not named there stands in the way.
    """

    tag = "resolve_incident"
    note: str
    call_off: tuple[int, ...] = ()


class ReopenIncident(IncidentCommand):
    """Open it again; the reason is kept."""

    tag = "reopen_incident"
    reason: str


class CloseIncident(IncidentCommand):
    """End it: nothing is left to do."""

    tag = "close_incident"


class CancelIncident(IncidentCommand):
    """End it: it was none, or not ours; the reason is kept. `before` is the status known of."""

    tag = "cancel_incident"
    reason: str
    before: str | None = None


class RestrictIncident(IncidentCommand):
    """Show it only to supervisors and its owner, or to all staff again."""

    tag = "restrict_incident"
    visibility: Visibility
    reason: str


class WriteIncidentNote(IncidentCommand):
    """Write something for colleagues; under the incident's own subject.

    `beneath`: it stands already where it was written, beneath the incident's card there.
    """

    tag = "write_incident_note"
    words: str
    beneath: bool = False


class NoteReporter(IncidentCommand):
    """A linked report confirmed, disputed, was withdrawn, or its window ended."""

    tag = "note_reporter"
    report: StreamId
    what: Literal["confirmed", "window_ended", "disputed", "withdrawn"]


class WarnTarget(IncidentCommand):
    """A share of the time to a target, which was due at `until`, has gone by."""

    tag = "warn_target"
    target: Target
    band: Band
    until: Millis


class EraseFromIncident(IncidentCommand):
    """Delete what this incident holds about `subject`."""

    tag = "erase_from_incident"
    subject: SubjectId


# --- commands: tasks -------------------------------------------------------------------------


class AskForResource(IncidentCommand):
    """Ask resources for help: by the playbook's `template`, or free text with a skill.

    `needed` 0 means as many as the template says, else one. `how` unset is as the template says,
    else as the playbook does; `whom` is asked first, and alone.
    """

    tag = "ask_for_resource"
    template: str = ""
    what: str = ""
    skill: str = ""
    needed: int = 0
    how: How | None = None
    whom: PersonId = ""


class ClaimTask(TaskCommand):
    """Take a place on the task and say when you will be there."""

    tag = "claim_task"
    eta: Millis


class ReviseEta(TaskCommand):
    """Say a new time of arrival."""

    tag = "revise_eta"
    eta: Millis


class Depart(TaskCommand):
    """Say that you are on the way."""

    tag = "depart"


class Arrive(TaskCommand):
    """Say that you are on site."""

    tag = "arrive"


class CompleteTask(TaskCommand):
    """Say that it is done; `note` says what was done."""

    tag = "complete_task"
    note: str = ""


class ReleaseTask(TaskCommand):
    """Give the place back; the reason is kept."""

    tag = "release_task"
    reason: str


class DeclineTask(TaskCommand):
    """Say that you cannot take it; the reason is kept."""

    tag = "decline_task"
    reason: str


class CancelTask(TaskCommand):
    """Call the task off: it is needed no longer."""

    tag = "cancel_task"
    reason: str


class ExpireTask(TaskCommand):
    """Nobody filled the task in the time that its priority allows since `asked_at`."""

    tag = "expire_task"
    asked_at: Millis


class NoteEtaPassed(TaskCommand):
    """The stated time of arrival has passed and `person` has not arrived."""

    tag = "note_eta_passed"
    person: PersonId
    eta: Millis


# --- commands: updates -----------------------------------------------------------------------


class PublishUpdate(IncidentCommand):
    """Tell an audience how it stands; `next_by` is when they hear again (None: the last one).

    `words` are in `language` ("": the organisation's own), `also` says the same in others.
    `position` is the place in the log as of which its recipients were counted for whoever
    publishes (0: nobody looked): who subscribed later is not told. `sure`: its author was asked
    about words that may blame or guess, and means them.
    """

    tag = "publish_update"
    words: str
    audience: Audience
    next_by: Millis | None = None
    language: str = ""
    also: Mapping[str, str] = Field(default_factory=dict)
    position: int = 0
    sure: bool = False


class CorrectUpdate(IncidentCommand):
    """Replace the words of a published update, in every language that it is to have.

    `before` is the version as of which whoever asks knew its words.
    """

    tag = "correct_update"
    number: int
    words: str
    language: str = ""
    also: Mapping[str, str] = Field(default_factory=dict)
    before: int | None = None
    sure: bool = False


class WithdrawUpdate(IncidentCommand):
    """Take a published update back; the reason is kept."""

    tag = "withdraw_update"
    number: int
    reason: str
