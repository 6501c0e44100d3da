"""The story of an incident, one sentence per event of its log, for the staff.

Words that somebody wrote stand beside the sentence, so that they can be shown as theirs.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.core import incident_events as ie
from bot.core import moving_words as mw
from bot.core import path_words as pw
from bot.core import shelter_words as sw
from bot.core.commands import granted_in
from bot.core.events import Erased, Event, Recorded
from bot.core.ids import Millis, PersonId
from bot.core.looking_words import RestrictedRead
from bot.core.path_steps import NAMES
from bot.core.personal import Personal
from bot.core.reveal_words import CustomerRevealed
from bot.core.texts import Ref, Text, When, Who, Words, named_in, t, tn
from bot.engine import timeline_major, timeline_tasks
from bot.engine.read import Reads, Said, Staff
from bot.engine.timeline_alarms import ALARMS
from bot.engine.timeline_drafts import DRAFTS
from bot.engine.timeline_likely import LIKELY
from bot.engine.timeline_milestones import MILESTONES
from bot.views.labels import KIND


@dataclass(frozen=True, slots=True)
class Entry:
    """When, who ("" for the house), what, and the words that came with it ("": none); `place` is
    by being where they may, if it was by that.
    """

    version: int
    at: Millis
    by: str
    text: Text
    words: Said
    kind: str
    place: Words | None = None

    @property
    def people(self) -> tuple[PersonId, ...]:
        """Whom the sentence names."""
        return named_in(self.text)


def _who(person: str) -> Who:
    return Who(person=person)


_REPORTER = {
    "confirmed": t("The customer confirmed that it is fixed"),
    "window_ended": t("The customer's time to answer has ended; taken as fixed"),
    "disputed": t("The customer says that it is not fixed"),
    "withdrawn": t("The customer took the report back"),
}
_CLOSED = {
    "confirmed": t("Closed: the customer confirmed"),
    "window_ended": t("Closed: nobody said otherwise in time"),
    "agent": t("Closed"),
}
_REOPENED = {"customer": t("Opened again by the customer"), "agent": t("Opened again")}
_PROMISES = {
    "acknowledge": t("to acknowledge"),
    "update": t("for the next update"),
    "resolve": t("to resolve"),
}
_AUDIENCES = {
    "reporters": t("Update to the customers"),
    "public": t("Update to everyone"),
    "staff": t("Update to the staff"),
}


def _opened(event: ie.IncidentOpened) -> Text:
    if event.incident_kind == "problem":
        return t("Opened as a problem, {priority}", priority=event.priority.value)
    if event.split_from is not None:
        return t("Opened as {priority}, split from another one", priority=event.priority.value)
    if event.from_report:
        return t("Opened from a report as {priority}", priority=event.priority.value)
    return t("Opened as {priority}", priority=event.priority.value)


def _priority(event: ie.PriorityChanged) -> Text:
    if event.overridden:
        return t("Priority set to {priority} by hand", priority=event.priority.value)
    return t("Priority is now {priority}", priority=event.priority.value)


def _warned(event: ie.TargetWarned) -> Text:
    promise = _PROMISES[event.target]
    if event.band == "breached":
        return t("The time {promise} has run out", promise=promise)
    return t("{share}% of the time {promise} has gone", share=event.band, promise=promise)


def _asked(event: ie.TaskOpened) -> Text:
    return t("Resources asked: task {n}, {needed} wanted", n=event.task, needed=event.needed)


def _claimed(event: ie.TaskClaimed) -> Text:
    who, eta = _who(event.person), When(at=event.eta)
    return t("{who} claimed task {n}, expected {eta}", who=who, n=event.task, eta=eta)


def _revised(event: ie.EtaRevised) -> Text:
    who, eta = _who(event.person), When(at=event.eta)
    return t("{who} is now expected {eta}", who=who, eta=eta)


def _published(event: ie.UpdatePublished) -> Text:
    said = _AUDIENCES[event.audience]
    if event.unapproved:
        return t("{update}, sent without approval", update=said)
    if event.approved_by is None:
        return said
    return t("{update}, approved by {who}", update=said, who=_who(event.approved_by))


_NOT_MERGED = {
    "resolved": t("it was resolved first"),
    "closed": t("it was closed first"),
    "cancelled": t("it was cancelled first"),
    "merged": t("it was merged into another one first"),
    "crossed": t("both were being merged into each other, and the older one stays"),
    "busy": t("another one was just being merged into it"),
    "restricted": t("it was restricted first"),
}


def _not_merged(event: mw.MergeEnded) -> Text:
    why = _NOT_MERGED.get(event.code, t("it had changed"))
    return t("{ref} was not merged into this one: {why}", ref=Ref(ref=event.reference), why=why)


def _split(event: mw.IncidentSplit) -> Text:
    count = len(event.reports)
    return tn("Split: a report left", "Split: {n} reports left", n=count)


def _held(event: ie.IncidentHeld) -> Text:
    if event.until is None:
        return t("Put on hold")
    return t("Put on hold until {time}", time=When(at=event.until))


_RESUMED = {
    False: t("Resumed"),
    True: t("Returned by itself: the time until which it was on hold has come"),
}
_SHELTERED = {
    "helped": t("They are being helped"),
    "false_alarm": t("It was a false alarm; the clocks run again"),
}

_READ = {
    "desk": t("{who} read it on the desk", who=""),
    "chat": t("{who} read it in a chat", who=""),
    "api": t("{who} read it as a program", who=""),
}


def _read(event: RestrictedRead) -> Text:
    return _READ[event.where].model_copy(update={"args": {"who": _who(event.by)}})


_SAYS: Mapping[type[Event], Callable[[Any], Text]] = {
    ie.IncidentOpened: _opened,
    ie.ReportAttached: lambda event: t("A report was added"),
    ie.FactsAdded: lambda event: t("More was learned from the customer"),
    ie.IncidentAcknowledged: lambda event: t("Acknowledged"),
    ie.IncidentTaken: lambda event: t("Taken"),
    ie.IncidentHandedOver: lambda event: t("Handed over to {who}", who=_who(event.owner)),
    ie.IncidentReleased: lambda event: t("Given back by {who}", who=_who(event.by)),
    ie.PriorityChanged: _priority,
    ie.IncidentHeld: _held,
    ie.IncidentResumed: lambda event: _RESUMED[event.until is not None],
    ie.IncidentResolved: lambda event: t("Resolved"),
    ie.IncidentReopened: lambda event: _REOPENED[event.why],
    ie.IncidentClosed: lambda event: _CLOSED[event.why],
    ie.IncidentCancelled: lambda event: t("Cancelled"),
    ie.VisibilityChanged: lambda event: (
        t("Restricted to its owner and supervisors")
        if event.visibility == "restricted"
        else t("Shown to all staff again")
    ),
    ie.IncidentNoteWritten: lambda event: t("Note"),
    CustomerRevealed: lambda event: t("Looked up who the customer is"),
    ie.ReporterAnswered: lambda event: _REPORTER[event.what],
    ie.TargetWarned: _warned,
    ie.StepTicked: lambda event: t("Step {n} of the script done", n=event.step),
    ie.StepUnticked: lambda event: t("Step {n} of the script not done after all", n=event.step),
    ie.WrapUpBegan: lambda event: t("Wrapping up"),
    ie.TaskOpened: _asked,
    ie.TaskClaimed: _claimed,
    ie.EtaRevised: _revised,
    ie.Departed: lambda event: t("{who} is on the way", who=_who(event.person)),
    ie.Arrived: lambda event: t("{who} is on site", who=_who(event.person)),
    ie.TaskCompleted: lambda event: t("{who} is done", who=_who(event.person)),
    ie.TaskReleased: lambda event: t(
        "{who} gave task {n} back", who=_who(event.person), n=event.task
    ),
    ie.TaskDeclined: lambda event: t(
        "{who} cannot take task {n}", who=_who(event.person), n=event.task
    ),
    ie.TaskCancelled: lambda event: t("Task {n} was called off", n=event.task),
    ie.TaskReopened: lambda event: t("Task {n} is wanted again", n=event.task),
    ie.TaskExpired: lambda event: t("Nobody came forward for task {n}; asked again", n=event.task),
    ie.EtaPassed: lambda event: t(
        "{who} was expected {eta} and is late", who=_who(event.person), eta=When(at=event.eta)
    ),
    **ALARMS,
    **timeline_tasks.SAYS,
    ie.UpdatePublished: _published,
    ie.UpdateCorrected: lambda event: t("Update {n} corrected", n=event.number),
    **DRAFTS,
    **LIKELY,
    **MILESTONES,
    **timeline_major.SAYS,
    ie.UpdateWithdrawn: lambda event: t("Update {n} withdrawn", n=event.number),
    pw.PathStepDone: lambda event: t("Done: {step}", step=event.step),
    pw.FulfilmentSet: lambda event: t("To be fulfilled by {time}", time=When(at=event.promised)),
    pw.EnquiryAnswered: lambda event: t("Answered"),
    pw.EnquiryHandedOn: lambda event: t(
        "Handed on; an answer is promised by {time}", time=When(at=event.until)
    ),
    pw.PathOverdue: lambda event: t("Overdue: {step}", step=event.step),
    mw.KindChanged: lambda event: t(
        "Kind changed from {before} to {now}",
        before=KIND[event.before],
        now=KIND[event.incident_kind],
    ),
    mw.CategoryChanged: lambda event: t(
        "Category changed from {before} to {now}", before=event.before, now=event.category
    ),
    mw.MergeBegan: lambda event: t(
        "{ref} is being merged into this one", ref=Ref(ref=event.reference)
    ),
    mw.MergeEnded: _not_merged,
    mw.IncidentMerged: lambda event: t(
        "Merged into {ref} by {who}", ref=Ref(ref=event.reference), who=_who(event.by)
    ),
    mw.IncidentAbsorbed: lambda event: t(
        "{ref} was merged into this one", ref=Ref(ref=event.reference)
    ),
    mw.TaskMoved: lambda event: t("Task {n} goes on there", n=event.task),
    mw.TaskBrought: lambda event: t("Task {n} came along with it", n=event.task),
    mw.IncidentSplit: _split,
    mw.ReportDetached: lambda event: t("A report has left"),
    RestrictedRead: _read,
    sw.ReportSheltered: lambda event: t("Somebody is in distress: no time is measured any more"),
    sw.ReportParted: lambda event: t("A report has left"),
    sw.ShelterEnded: lambda event: _SHELTERED[event.why],
    mw.ReportForwarded: lambda event: t("A report that came later was sent on"),
    Erased: lambda event: t("Personal data was deleted"),
}
_WORDS = ("words", "decision", "recovered", "by_whom", "who", "reason", "note", "what")


def told_to(staff: Staff, timeline: Sequence[Entry]) -> tuple[Entry, ...]:
    """Who looked is for supervisors and administrators, and not for those who looked."""
    may = staff.has("supervisor", "administrator")
    return tuple(one for one in timeline if may or one.kind != RestrictedRead.tag)


async def entries(reads: Reads, log: Sequence[Recorded]) -> list[Entry]:
    """The log as sentences, in its order."""
    names = await reads.names([one.actor for one in log])
    return [
        Entry(
            version=one.version,
            at=one.at,
            by=names.get(one.actor or "", ""),
            text=_sentence(reads, one.event),
            words=_words(reads, one.event),
            kind=one.event.tag,
            place=_place(reads, one.cause),
        )
        for one in log
    ]


def _place(reads: Reads, cause: str) -> Words | None:
    granted = granted_in(cause)
    place = None if granted is None else reads.playbook.places.get(granted.place)
    return None if place is None else place.name


def _sentence(reads: Reads, event: Event) -> Text:
    says = _SAYS.get(type(event))
    if says is None:
        return Text(key=event.tag.replace("_", " ").capitalize())
    said = says(event)
    if isinstance(event, pw.PathStepDone | pw.PathOverdue):
        return said.model_copy(update={"args": {"step": _step(reads, event.step)}})
    return _named(reads, said) if isinstance(event, mw.CategoryChanged) else reads.told(said)


def _step(reads: Reads, key: str) -> Text | Words | str:
    """A step by its name of today."""
    paths = reads.playbook.paths
    every = (one.step(key) for one in (paths.complaint, *paths.own.values()))
    found = next((one for one in every if one is not None), None)
    return NAMES.get(key) or (key if found is None else found.name)


def _named(reads: Reads, said: Text) -> Text:
    """Categories by their names of today, not by their keys."""
    names = {
        arg: reads.playbook.category_name(str(key)) or (str(key) or t("none"))
        for arg, key in said.args.items()
    }
    return said.model_copy(update={"args": names})


def _words(reads: Reads, event: Event) -> Said:
    if isinstance(event, ie.TaskOpened) and event.template:
        return ""  # The playbook's own words stand with the task.
    for name in _WORDS:
        value = getattr(event, name, None)
        if isinstance(value, Personal):
            return reads.said(value)
    return ""
