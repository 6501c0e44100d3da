"""What becomes of a report: its person learns how it stands, is asked whether it is fixed, rates.

The incident tells each report which stage it has come to; the report tells its person, and
tells the incident what they answered. Only the press "No, not fixed" opens anything again.
"""

from collections.abc import Iterator, Mapping

from bot.core import report_words as w
from bot.core.answers import clean
from bot.core.commands import Refused
from bot.core.context import Context
from bot.core.events import Event, Recorded
from bot.core.free_text import MESSAGE_MOST, words
from bot.core.ids import Millis
from bot.core.incident_commands import NoteReporter
from bot.core.incident_words import IncidentKind
from bot.core.intents import Do, DropTimer, Intent, SetTimer
from bot.core.personal import Personal
from bot.core.report import SETTLED, Report
from bot.core.reporting import (
    CONFIRMATION,
    QUIET,
    closed_to_words,
    end_wait,
    labelled,
    ring,
    tell,
)
from bot.core.rules import Decision, Rule, Workflow, refuse
from bot.core.texts import Text, When, t

STILL_AT_WORK = refuse(
    "not_asked",
    t("We are still working on your report. If something has changed, write it to us here."),
)
CANCELLED = refuse(
    "not_asked",
    t("This report was closed without work on it. Write to us here, and a person will answer."),
)
NOT_YET = refuse("not_yet", t("You can rate us once your report is finished."))
BEST = 5
"""How long a link to come back leads to its report."""


# --- how the incident stands -----------------------------------------------------------------


def note_stage(state: Report | None, command: w.NoteStage, ctx: Context) -> Decision:
    """The incident moved. What comes late, twice, or from an incident left behind is nothing."""
    if state is None or state.incident != command.incident or state.stage == "withdrawn":
        return []
    match command.stage:
        case "taken":
            return _taken(state, command)
        case "released":
            return [] if state.taken_by is None else [w.ReportTaken(by=None)]
        case "resolved":
            return _resolved(state, command, ctx)
        case "reopened":
            settled = state.stage in SETTLED
            return [w.ReportReopened()] if settled else []
        case "closed" | "cancelled" as why:
            until = _window(command, ctx)
            closed = w.ReportClosed(why=why, until=until)
            return [] if state.stage == "closed" else [*end_wait(state, command.person), closed]


def _taken(state: Report, command: w.NoteStage) -> list[Event]:
    if command.person is None or not state.is_open:
        return []
    taken = [] if state.taken_by == command.person else [w.ReportTaken(by=command.person)]
    return [*end_wait(state, command.person), *taken]


def _resolved(state: Report, command: w.NoteStage, ctx: Context) -> list[Event]:
    until = _window(command, ctx)
    if state.care.unclocked:  # Nobody is asked for anything after such a talk.
        return end_wait(state, command.person) if state.is_open else []
    if not state.is_open or (state.stage == "confirming" and state.confirm_until == until):
        return []
    kind = command.incident_kind
    asked = w.FixAsked(incident=command.incident, until=until, incident_kind=kind)
    return [*end_wait(state, command.person), asked]


def _window(command: w.NoteStage, ctx: Context) -> Millis:
    """Until when the person may still answer."""
    if command.until is not None:
        return command.until
    return ctx.at + ctx.playbook.closing.confirm_within


# --- what the person answers -----------------------------------------------------------------


def answer_fixed(state: Report | None, command: w.AnswerFixed, ctx: Context) -> Decision:
    """Fixed, or not: asked after the incident was resolved, and until the window has ended."""
    if state is None:
        return STILL_AT_WORK
    refused = closed_to_words(state, ctx)
    if refused is not None:
        return refused
    said = _comment(command.words)
    if isinstance(said, Refused):
        return said
    return _fixed(state, said, ctx) if command.fixed else _not_fixed(state, said)


def _fixed(state: Report, said: str, ctx: Context) -> Decision:
    if state.stage in ("done", "closed"):
        return []
    if state.stage != "confirming" or state.incident is None:
        return STILL_AT_WORK
    confirmed = w.FixConfirmed(incident=state.incident, by="customer")
    if not said:
        return [confirmed]
    number = state.conversation.count + 1
    return [w.MessageReceived(number=number, words=Personal(state.subject, said)), confirmed]


def _not_fixed(state: Report, said: str) -> Decision:
    if state.stage == "sent" and state.answered_fix == "disputed":
        return []
    if state.closed_as == "cancelled":
        return CANCELLED
    if state.stage not in SETTLED or state.incident is None:
        return STILL_AT_WORK
    about = Personal(state.subject, said) if said else None
    disputed = w.FixDisputed(incident=state.incident, words=about)
    waiting = [] if state.waiting_since is not None else [w.WaitBegan(why="disputed")]
    return [disputed, *waiting]


def rate(state: Report | None, command: w.RateService, ctx: Context) -> Decision:
    """Once, and changeable for as long as the report serves."""
    if state is None:
        return NOT_YET
    refused = closed_to_words(state, ctx) or _unratable(state, command.score)
    if refused is not None:
        return refused
    said = _comment(command.words)
    if isinstance(said, Refused):
        return said
    if not said and state.rating == command.score:
        return []
    comment = Personal(state.subject, said) if said else None
    return [w.ServiceRated(score=command.score, words=comment)]


def _unratable(state: Report, score: int) -> Refused | None:
    if state.stage not in ("done", "closed") or state.care.unclocked:
        return NOT_YET
    if 1 <= score <= BEST:
        return None
    return refuse("invalid", t("Please choose a number from 1 (bad) to 5 (very good)."))


def _comment(raw: str) -> str | Refused:
    """Words that may be left out."""
    return words(raw, MESSAGE_MOST) if clean(raw) else ""


# --- what follows ----------------------------------------------------------------------------


def on_fix_asked(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """Ask, until the window ends; silence then counts as yes."""
    if state.confirm_until is None:
        return
    yield DropTimer(name=QUIET)
    command = w.GiveUpWaiting(what="confirmation")
    yield SetTimer(name=CONFIRMATION, due=state.confirm_until, command=command)
    assert isinstance(rec.event, w.FixAsked)
    args = {"ref": labelled(state), "time": When(at=state.confirm_until)}
    text = _ASKED[rec.event.incident_kind].model_copy(update={"args": args})
    asked = tell(state, text, until=state.confirm_until, asks=True)
    yield asked.model_copy(update={"asked_of": rec.event.incident_kind})


_ASKED: Mapping[IncidentKind, Text] = {
    "incident": t(
        "We believe that your report {ref} is fixed. Is it? Please tell us by {time}; "
        "if we hear nothing, we take it as fixed."
    ),
    "service_request": t(
        "What you asked for in {ref} is done, as far as we know. Is it right? Please tell us by "
        "{time}; if we hear nothing, we take it as done."
    ),
    "complaint": t(
        "We have told you what we did about your complaint {ref}. Is it settled for you? Please "
        "tell us by {time}; if we hear nothing, we take it as settled."
    ),
    "enquiry": t(
        "We have answered your question {ref}. Is it answered for you? Please tell us by {time}; "
        "if we hear nothing, we take it as answered."
    ),
}


def on_fix_confirmed(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """The incident counts the answer; somebody who gave one is thanked and asked to rate."""
    yield DropTimer(name=CONFIRMATION)
    if not isinstance(rec.event, w.FixConfirmed):
        return
    by_customer = rec.event.by == "customer"
    yield Do(
        stream=rec.event.incident,
        command=NoteReporter(
            incident=rec.event.incident,
            report=state.stream,
            what="confirmed" if by_customer else "window_ended",
        ),
    )
    if by_customer and ctx.playbook.closing.survey:
        asked = tell(state, t("Thank you for telling us. How did we do, from 1 to 5?"))
        yield asked.model_copy(update={"rates": True})
    elif by_customer:
        yield tell(state, t("Thank you for telling us."))


def on_fix_disputed(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """The incident opens again, and the person knows that it does."""
    yield DropTimer(name=CONFIRMATION)
    if isinstance(rec.event, w.FixDisputed):
        yield Do(
            stream=rec.event.incident,
            command=NoteReporter(incident=rec.event.incident, report=state.stream, what="disputed"),
        )
    text = t(
        "Thank you for telling us. Your report {ref} is open again, and a person will look at it.",
        ref=labelled(state),
    )
    yield tell(state, text)


def on_reopened(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """Nothing is asked any more; the person hears that work goes on."""
    yield DropTimer(name=CONFIRMATION)
    yield tell(state, t("Your report {ref} is open again. We go on working.", ref=labelled(state)))


def on_closed(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """The end, and until when there is a way back."""
    yield DropTimer(name=QUIET)
    yield DropTimer(name=CONFIRMATION)
    if state.open_until is None:
        return
    ref, time = labelled(state), When(at=state.open_until)
    if state.care.helped:
        text = t(
            "We end our talk {ref} here. If things get hard again, write to us here until {time}, "
            "or call {number} at any time.",
            ref=ref,
            time=time,
            number=ctx.playbook.safety.distress_number,
        )
    elif state.closed_as == "cancelled":
        text = t(
            "Your report {ref} was closed without further work. "
            "If that is not right, write to us here until {time}.",
            ref=ref,
            time=time,
        )
    else:
        text = t(
            "Your report {ref} is closed. If something is still wrong, tell us here until {time}.",
            ref=ref,
            time=time,
        )
    yield tell(state, text, until=state.open_until)


def on_wait(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """Somebody who asks for a human, or says that it is not fixed, is announced at once."""
    if state.waiting_for in ("asked", "disputed"):
        yield ring(state, state.waiting_for)


WORKFLOW = Workflow(
    rules=(
        Rule(w.NoteStage, note_stage, "named", by_system=True),
        Rule(w.AnswerFixed, answer_fixed, "own_report", by_reporter=True),
        Rule(w.RateService, rate, "own_report", by_reporter=True),
    ),
    reactors=(
        (w.FixAsked, on_fix_asked),
        (w.FixConfirmed, on_fix_confirmed),
        (w.FixDisputed, on_fix_disputed),
        (w.ReportReopened, on_reopened),
        (w.ReportClosed, on_closed),
        (w.WaitBegan, on_wait),
    ),
)
