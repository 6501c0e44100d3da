"""Intake: a person is heard at once, asked what the playbook asks, and handed to an incident.

Every command of a customer may be their first word. Danger opens an incident before the next
question; otherwise the summary, the quiet time or the wish for a human does.
"""

from collections.abc import Iterator

from bot.core import report_words as w
from bot.core.answering import (
    SENT,
    answered,
    asked,
    checked,
    endangered,
    heard,
    left_out,
    means_danger,
    missing,
    newly_endangered,
    rechosen,
    says_what_it_is_about,
    unanswered,
)
from bot.core.commands import Command, Refused
from bot.core.context import Context
from bot.core.events import Event, Recorded
from bot.core.file_words import FileAdded
from bot.core.forms import (
    Answers,
    Question,
    QuestionType,
    advice,
    next_question,
    previous_question,
    visible,
)
from bot.core.incident_commands import NoteReporter, OpenIncident
from bot.core.intents import Do, DropTimer, Intent, SetTimer
from bot.core.person_words import MeetPerson
from bot.core.personal import Personal
from bot.core.report import Report
from bot.core.reporting import (
    CONFIRMATION,
    ONE_CALL,
    QUIET,
    STAYS,
    call_for_person,
    chosen,
    end_wait,
    erased,
    facts_of,
    form_of,
    from_first_word,
    labelled,
    link,
    more_facts,
    sounds_like_distress,
    tell,
    wait,
)
from bot.core.rules import Decider, Decision, Rule, Workflow, refuse
from bot.core.texts import Text, t

AT_WORK = refuse(
    "at_work",
    t("We are still working on your report. If there is something else, write it to us here."),
)
NO_LONGER_ASKED = refuse(
    "no_longer_asked", t("This question is not asked any more. Please answer the one shown now.")
)


# --- the questions ---------------------------------------------------------------------------


@from_first_word
def begin(state: Report, command: w.BeginReport, ctx: Context) -> Decision:
    """The first word itself; a report that is there stays as it is, and goes on being worked on."""
    if command.beside and state.care.since is not None:
        return ONE_CALL
    return AT_WORK if command.again and state.stage == "sent" else []


@from_first_word
def answer(state: Report, command: w.AnswerQuestion, ctx: Context) -> Decision:
    """Keep a checked answer; one that means danger opens an incident in the same breath."""
    if state.stage != "answering":
        return SENT
    known = state.known()
    question = asked(state, known, command.field, ctx)
    if question is None:
        return NO_LONGER_ASKED
    value = checked(state, question, command.value)
    if isinstance(value, Refused):
        return value
    events = answered(state, question, value)
    if value is None or not events:
        return events
    events += rechosen(known, question.key, value, state, ctx)
    danger = means_danger(state, {**known, question.key: value}, ctx)
    return heard(state, events, endangered(state, ctx) if danger else [], ctx)


@from_first_word
def fill(state: Report, command: w.FillReport, ctx: Context) -> Decision:
    """Many answers at once, each of them checked; with the last word it is sent, too."""
    if state.stage != "answering":
        return SENT
    known, events = dict(state.known()), list[Event]()
    seen: set[str] = set()
    while (question := _unseen(state, known, seen, ctx)) is not None:
        seen.add(question.key)
        if question.key not in command.answers:
            continue
        value = checked(state, question, command.answers[question.key])
        if isinstance(value, Refused):
            return value
        events += answered(state, question, value)
        events += rechosen(known, question.key, value, state, ctx)
        known[question.key] = value
    danger = means_danger(state, known, ctx)
    left = unanswered(state, known, ctx)
    if left is not None and command.send and left.type is not QuestionType.FILE:
        return missing(left)
    if left is not None or not command.send:
        # A file is sent beside the form, so the questions go on with it.
        return heard(state, events, endangered(state, ctx) if danger else [], ctx)
    rest = [*link(state, ctx), *wait(state, "reported")]
    sent = [w.SummaryConfirmed(), *(endangered(state, ctx) if danger else rest)]
    return heard(state, events, sent, ctx)


def _unseen(state: Report, known: Answers, seen: set[str], ctx: Context) -> Question | None:
    """The next question in order; which ones there are changes with the answers."""
    shown = visible(form_of(state, known, ctx), known)
    return next((one for one in shown if one.key not in seen), None)


@from_first_word
def report_danger(state: Report, command: w.ReportDanger, ctx: Context) -> Decision:
    """Danger counts at any time; after the work ended it is a new one, before that the same."""
    return newly_endangered(state, ctx)


@from_first_word
def skip(state: Report, command: w.SkipQuestion, ctx: Context) -> Decision:
    """Leave out what need not be answered."""
    if state.stage != "answering":
        return SENT
    question = asked(state, state.known(), command.field, ctx)
    if question is None:
        return NO_LONGER_ASKED
    if question.required:
        return refuse("required", t("We need an answer to this one before we can go on."))
    return left_out(state, question)


@from_first_word
def go_back(state: Report, command: w.GoBack, ctx: Context) -> Decision:
    """Ask the question before the present one again, or the one that is named; before the first
    there is none.
    """
    if state.stage != "answering":
        return SENT
    known = state.known()
    if command.field:
        again = command.field in known and asked(state, known, command.field, ctx) is not None
        return [w.QuestionReopened(field=command.field)] if again else NO_LONGER_ASKED
    form = form_of(state, known, ctx)
    now = next_question(form, known)
    before = previous_question(form, known, now.key if now else None)
    return [] if before is None else [w.QuestionReopened(field=before.key)]


def confirm(state: Report | None, command: w.ConfirmSummary, ctx: Context) -> Decision:
    """Send the report, if everything that must be answered is."""
    if state is None:
        return refuse("nothing_yet", t("There is nothing to send yet. Tell us what happened."))
    if state.complete:
        return []
    if state.stage != "answering":
        return SENT
    left = unanswered(state, state.known(), ctx)
    if left is not None:
        return missing(left)
    return [w.SummaryConfirmed(), *link(state, ctx), *wait(state, "reported")]


# --- leaving ---------------------------------------------------------------------------------


def withdraw(state: Report | None, command: w.WithdrawReport, ctx: Context) -> Decision:
    """Take it back; what is over already stays as it is."""
    if state is None or state.stage == "withdrawn":
        return []
    if not state.is_open:
        return refuse("ended", t("This report is finished already, so there is nothing to stop."))
    if state.care.since is not None:
        return STAYS
    return [*end_wait(state, None), w.ReportWithdrawn(why=command.why)]


@from_first_word
def ask_for_person(state: Report, command: w.AskForPerson, ctx: Context) -> Decision:
    """They are not asked why."""
    return call_for_person(state, ctx)


def give_up(state: Report | None, command: w.GiveUpWaiting, ctx: Context) -> Decision:
    """A time has run out, unless the report has moved on since the timer was set."""
    if state is None:
        return []
    return _quiet(state, ctx) if command.what == "intake" else _unconfirmed(state, ctx)


def _quiet(state: Report, ctx: Context) -> list[Event]:
    due = state.touched_at + ctx.edition(state.playbook).intake.quiet
    if not state.asking or state.left == "quiet" or ctx.at < due or erased(state):
        return []
    if state.care.since is not None:
        return []
    left = w.IntakeLeft(why="quiet")
    if not says_what_it_is_about(state, ctx):
        return [left]
    return [left, *link(state, ctx), *wait(state, "reported")]


def _unconfirmed(state: Report, ctx: Context) -> list[Event]:
    over = state.confirm_until is not None and ctx.at >= state.confirm_until
    if state.stage != "confirming" or not over or state.incident is None or state.care.since:
        return []
    return [w.FixConfirmed(incident=state.incident, by="window")]


# --- what follows ----------------------------------------------------------------------------


def on_started(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """Somebody new becomes a person with a stream of their own."""
    identity = ctx.identity if state.seat.reached else state.seat.key
    if ctx.reads.get(state.person) is None and identity is not None:
        yield Do(
            stream=state.person,
            command=MeetPerson(
                subject=state.subject,
                channel=state.seat.channel,
                identity=identity,
                language=state.language,
            ),
        )


def on_sign_of_life(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """The quiet time counts from the last thing that the person did."""
    if state.asking:
        due = state.touched_at + ctx.edition(state.playbook).intake.quiet
        yield SetTimer(name=QUIET, due=due, command=w.GiveUpWaiting(what="intake"))


def on_answered(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """Advice that goes with the answer is given at once; a late answer reaches the incident."""
    event = rec.event
    if not isinstance(event, w.QuestionAnswered):
        return
    known = state.known()
    question = asked(state, known, event.field, ctx)
    if question is not None and not isinstance(event.value, Personal):
        for phrase in advice(question, event.value):
            yield tell(state, t("{advice}", advice=phrase), lane="safety")
    if not state.asking and not sounds_like_distress(event, ctx):
        yield from more_facts(state, ctx)


def on_danger(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """What to do first, before anything else; an incident that is open hears it at once."""
    yield tell(state, t("{advice}", advice=ctx.playbook.safety.emergency), lane="safety")
    yield from more_facts(state, ctx, danger=True)


def on_left(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """The questions are over for now; an incident that is open learns what was said so far."""
    yield DropTimer(name=QUIET)
    yield from more_facts(state, ctx)


def on_confirmed(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """The rest of the answers goes to the incident that danger or silence opened before."""
    yield from on_left(rec, state, ctx)
    if state.incident is not None:
        yield tell(
            state,
            t("Thank you. We have added this to your report {ref}.", ref=labelled(state)),
        )


def on_linked(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """Open the incident whose id the report carries, and give the person the reference."""
    event = rec.event
    if state.incident is None or not isinstance(event, w.ReportLinked) or event.how != "opened":
        return
    command = OpenIncident(
        report=state.stream,
        category=chosen(state.known()),
        facts=facts_of(state, ctx),
        danger=state.danger,
        complete=state.complete,
        playbook=state.playbook,
        visibility=event.visibility,
    )
    yield Do(stream=state.incident, command=command)
    if state.care.since is None:
        yield tell(state, _received(state), lane="safety" if state.danger else "reply")


def _received(state: Report) -> Text:
    ref = labelled(state)
    if state.danger and not state.asking:
        return t(
            "We are alerting a person now. Your reference is {ref}. "
            "You can write to us here at any time.",
            ref=ref,
        )
    if state.danger:
        return t(
            "We are alerting a person now. Your reference is {ref}. "
            "If it is safe, please go on answering here.",
            ref=ref,
        )
    if state.left == "person_wanted":
        return t("We are calling a person for you. Your reference is {ref}.", ref=ref)
    if state.left == "quiet":
        return t(
            "We have passed on what you told us so far. Your reference is {ref}. "
            "You can go on here whenever you like.",
            ref=ref,
        )
    return t(
        "Thank you, we have your report. Your reference is {ref}. "
        "You will hear from us here, and you can write to us at any time.",
        ref=ref,
    )


def on_withdrawn(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """Nobody goes on working for somebody who no longer needs it."""
    yield DropTimer(name=QUIET)
    yield DropTimer(name=CONFIRMATION)
    if state.incident is not None:
        command = NoteReporter(incident=state.incident, report=state.stream, what="withdrawn")
        yield Do(stream=state.incident, command=command)
    yield tell(
        state,
        t(
            "We have stopped work on your report {ref}. "
            "If you need us again, you can begin a new report here at any time.",
            ref=labelled(state),
        ),
    )


def _own(command: type[Command], decide: Decider) -> Rule:
    return Rule(command, decide, "own_report", by_reporter=True)


WORKFLOW = Workflow(
    rules=(
        _own(w.BeginReport, begin),
        _own(w.AnswerQuestion, answer),
        _own(w.FillReport, fill),
        _own(w.SkipQuestion, skip),
        _own(w.GoBack, go_back),
        _own(w.ConfirmSummary, confirm),
        _own(w.WithdrawReport, withdraw),
        _own(w.AskForPerson, ask_for_person),
        _own(w.ReportDanger, report_danger),
        Rule(w.GiveUpWaiting, give_up, "named", by_system=True),
    ),
    reactors=(
        (w.ReportStarted, on_started),
        (w.ReportStarted, on_sign_of_life),
        (w.QuestionAnswered, on_sign_of_life),
        (w.QuestionAnswered, on_answered),
        (w.QuestionSkipped, on_sign_of_life),
        (w.QuestionReopened, on_sign_of_life),
        (w.MessageReceived, on_sign_of_life),
        (FileAdded, on_sign_of_life),
        (w.DangerReported, on_danger),
        (w.IntakeLeft, on_left),
        (w.SummaryConfirmed, on_confirmed),
        (w.ReportLinked, on_linked),
        (w.ReportWithdrawn, on_withdrawn),
    ),
)
