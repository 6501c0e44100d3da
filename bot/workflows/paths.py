"""Paths: a complaint is answered step by step, a request fulfilled, an enquiry answered; incidents
of a category may have steps of their own.

What is said to the customer goes through the conversation of their report, whose words it is from
the beginning; where several wait it is the incident's, and each of them hears it once. Each promise
has a time: when it goes by, somebody is alarmed once, and the clocks of the incident itself go on
beside it. A step that is late is a step still to be done.
"""

from collections.abc import Iterator

from bot.core import alarm_words as aw
from bot.core import incident_events as ie
from bot.core import moving_words as mw
from bot.core import path_words as pw
from bot.core import report_words as w
from bot.core.commands import Refused
from bot.core.context import Context
from bot.core.events import Event, Recorded
from bot.core.handling import STAFF, about, by_staff, me, over, overtaken
from bot.core.ids import StreamId
from bot.core.incident import Incident
from bot.core.incident_words import IncidentKind
from bot.core.intents import ONCE, Do, DropTimer, Intent, Members, SetTimer, Then
from bot.core.notices import page, to_reporters
from bot.core.parties import Party
from bot.core.path_rules import NOT_STAFF, decided, past, said_to, unowned
from bot.core.path_steps import ahead
from bot.core.paths import ANSWER, FULFIL
from bot.core.person import Person
from bot.core.personal import Personal
from bot.core.playbook_paths import PathStep
from bot.core.report import Report
from bot.core.reporting import end_wait, erased
from bot.core.resolving import not_yet, resolved, tasks_left
from bot.core.rules import Decision, Rule, Workflow, refuse
from bot.core.texts import Ref, Text, When, Who, t

TIMER = "path"

WRONG_KIND: dict[IncidentKind, Text] = {
    "incident": t("This is an incident, so this is not asked here."),
    "complaint": t("This is no complaint. Change its kind first, if it is one after all."),
    "service_request": t("This is no service request. Change its kind first, if it is one."),
    "enquiry": t("This is no enquiry. Change its kind first, if it is one after all."),
}


# --- a complaint -----------------------------------------------------------------------------


def do_step(state: Incident | None, command: pw.DoPathStep, ctx: Context) -> Decision:
    """One step after the other; the last one ends it, or follows when it is resolved."""
    if state is None or state.ended:
        return over(state)
    step = _step(state, command, ctx)
    if isinstance(step, Refused):
        return step
    was = state.path.done_step(step.key)
    if was is not None and was.by == me(ctx):
        return []
    unready = _unready(state) if step.ends else None
    refused = _out_of_turn(state, step, ctx) or unready or unowned(step, command, ctx)
    return refused or _done(state, step, command, ctx)


def _step(state: Incident, command: pw.DoPathStep, ctx: Context) -> PathStep | Refused:
    """The step that is meant, if its time is still to come."""
    plan = ctx.edition(state.playbook)
    step = plan.path(state.incident_kind, state.category).step(command.step)
    if not state.working and not (step and step.follow_up):
        return over(state)
    return step or refuse("other_kind", WRONG_KIND["complaint"])


def _done(state: Incident, step: PathStep, command: pw.DoPathStep, ctx: Context) -> Decision:
    said = said_to(state, command.words, command.report if step.says else None, ctx)
    if isinstance(said, Refused):
        return said
    with_it = decided(state, step, command, ctx)
    if isinstance(with_it, Refused):
        return with_it
    done = pw.PathStepDone(
        step=step.key,
        words=said.words,
        by=me(ctx),
        report=said.report,
        to_all=said.to_all,
        owner=command.owner if step.follow_up else None,
        until=command.until if step.follow_up else None,
    )
    rest = resolved(state, said.words, ctx) if step.ends else []
    return [*_seen(state, ctx), *with_it, done, *rest]


def _unready(state: Incident) -> Refused | None:
    return not_yet(state) or tasks_left(state)


def _out_of_turn(state: Incident, step: PathStep, ctx: Context) -> Refused | None:
    was = state.path.done_step(step.key)
    if was is not None:
        who, time = Who(person=was.by), When(at=was.at)
        return refuse("done", t("{who} did this at {time}.", who=who, time=time))
    following = ahead(state, ctx.edition(state.playbook), ctx.playbook)
    if following is None or following.step == step.key:
        return None
    return refuse("too_early", t("First comes: {step}.", step=following.name))


def _seen(state: Incident, ctx: Context) -> list[Event]:
    """Who does something about it has seen it."""
    return [] if state.acknowledged_at else [ie.IncidentAcknowledged(by=me(ctx))]


# --- a service request -----------------------------------------------------------------------


def set_fulfilment(state: Incident | None, command: pw.SetFulfilment, ctx: Context) -> Decision:
    """Who sees to it, and by when; a later word replaces it."""
    refused = _unfit(state, "service_request") or past(command.promised, ctx)
    if refused is not None or state is None:
        return refused or over(state)
    knew = None if command.before is None else str(command.before)
    refused = overtaken(knew, str(state.path.fulfil_by or 0))
    by_whom = refused or about(state, command.by_whom, least=1)
    if isinstance(by_whom, Refused):
        return by_whom
    before = state.path.fulfil_by
    if before == command.promised and by_whom == state.path.by_whom:
        return []
    planned = pw.FulfilmentSet(
        by_whom=by_whom, promised=command.promised, before=before, by=me(ctx)
    )
    return [*_seen(state, ctx), planned]


def _unfit(state: Incident | None, kind: IncidentKind) -> Refused | None:
    if state is None or not state.working:
        return over(state)
    return None if state.incident_kind == kind else refuse("other_kind", WRONG_KIND[kind])


# --- an enquiry ------------------------------------------------------------------------------


def answer(state: Incident | None, command: pw.AnswerEnquiry, ctx: Context) -> Decision:
    """The answer itself; whoever asked says whether it is one."""
    refused = _unfit(state, "enquiry") or (None if state is None else _unready(state))
    if refused is not None or state is None:
        return refused or over(state)
    said = said_to(state, command.words, command.report, ctx)
    if isinstance(said, Refused):
        return said
    given = pw.EnquiryAnswered(words=said.words, by=me(ctx), report=said.report, to_all=said.to_all)
    return [*_seen(state, ctx), given, *resolved(state, said.words, ctx)]


def hand_on(state: Incident | None, command: pw.HandEnquiryOn, ctx: Context) -> Decision:
    """Somebody else knows; who asked hears by when."""
    refused = _unfit(state, "enquiry") or past(command.until, ctx)
    if refused is not None or state is None:
        return refused or over(state)
    to = _receiver(state, command.to, ctx)
    if isinstance(to, Refused):
        return to
    reason = about(state, command.reason)
    if isinstance(reason, Refused):
        return reason
    party = to if isinstance(to, Party) else None
    handed = pw.EnquiryHandedOn(
        party=party,
        to=to if isinstance(to, Personal) else None,
        reason=reason,
        until=command.until,
        by=me(ctx),
    )
    return [*_seen(state, ctx), handed]


def _receiver(state: Incident, to: str, ctx: Context) -> Party | Personal | Refused:
    of, _, key = to.partition(":")
    if of == "team" and key in ctx.playbook.teams:
        return Party(of="team", key=key)
    if of == "person" and key:
        found = ctx.reads.get(key)
        if isinstance(found, Person) and not found.disabled and found.roles:
            return Party(of="person", key=key)
        return refuse("not_staff", NOT_STAFF)
    return about(state, to, least=1)


# --- late ------------------------------------------------------------------------------------


def note_due(state: Incident | None, command: pw.NotePathDue, ctx: Context) -> Decision:
    """The time has come and it is not done; one that was done or moved meanwhile is no matter."""
    if state is None:
        return []
    now = ahead(state, ctx.edition(state.playbook), ctx.playbook)
    if now is None or now.overdue or now.step != command.step:
        return []
    if now.due is None or ctx.at < now.due:
        return []
    return [pw.PathOverdue(step=now.step, due=now.due)]


# --- the report ------------------------------------------------------------------------------


def write(state: Report | None, command: pw.WriteFromIncident, ctx: Context) -> Decision:
    """It stands in the conversation, and reaches the customer where anything does."""
    if state is None or state.incident != command.incident or erased(state):
        return []
    if not state.seat.reached or not state.serves(ctx.at):
        return []
    number = state.conversation.count + 1
    sent = w.MessageSent(number=number, words=command.words, author=command.author, as_desk=True)
    return [sent, *end_wait(state, command.author)]


# --- what follows ----------------------------------------------------------------------------


def keep_time(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """One timer, for the next step that somebody was promised."""
    following = ahead(state, ctx.edition(state.playbook), ctx.playbook)
    if following is None or following.due is None or following.overdue:
        yield DropTimer(name=TIMER)
        return
    command = pw.NotePathDue(incident=state.stream, step=following.step, due=following.due)
    yield SetTimer(name=TIMER, due=following.due, command=command)


def on_overdue(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """A promise is broken: somebody must act."""
    assert isinstance(rec.event, pw.PathOverdue)
    alarm = aw.RaiseAlarm(incident=state.stream, cause="promise", about=_about(rec.event.step))
    yield Then(command=alarm)


def _about(step: str) -> str:
    return f"path:{step}"


def _calm(state: Incident, *steps: str) -> Iterator[Then]:
    for step in steps:
        alarm = aw.StopAlarm(incident=state.stream, cause="promise", about=_about(step))
        yield Then(command=alarm)


def _to_customer(state: Incident, event: pw.PathStepDone | pw.EnquiryAnswered) -> Iterator[Intent]:
    if event.report is None:
        return
    command = pw.WriteFromIncident(incident=state.stream, words=event.words, author=event.by)
    everybody = Members(of="streams", stream=state.stream, scope=ONCE)
    yield Do(stream=everybody if event.to_all else event.report, command=command)


def on_step(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Its words go to the customers; who follows up on it is called."""
    event = rec.event
    assert isinstance(event, pw.PathStepDone)
    yield from _to_customer(state, event)
    yield from _calm(state, event.step)
    if event.owner is not None and event.until is not None:
        ref, time = Ref(ref=state.reference), When(at=event.until)
        text = t("You follow up on {ref}: what is learned from it, by {time}.", ref=ref, time=time)
        few = state.visibility == "restricted"
        who = [Party(of="person", key=event.owner)]
        yield from page(state.stream, who, text, "follow_up", until=event.until, alone=few)


def on_answered(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """The customer gets the answer."""
    assert isinstance(rec.event, pw.EnquiryAnswered)
    yield from _to_customer(state, rec.event)
    yield from _calm(state, ANSWER)


def on_fulfilment(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """The customer hears by when, and each change of it."""
    event = rec.event
    assert isinstance(event, pw.FulfilmentSet)
    yield from _calm(state, FULFIL)
    if event.before == event.promised:
        return
    time = When(at=event.promised)
    text = t("We are seeing to your request. It will be done by {time}.", time=time)
    if event.before is not None and event.promised > event.before:
        text = t(
            "Your request takes longer than we said. It will be done by {time}. We are sorry.",
            time=time,
        )
    elif event.before is not None:
        text = t("Your request will be done sooner: by {time}.", time=time)
    yield from to_reporters(state, text, event.promised, supersedes=f"fulfil:{state.stream}")


def on_handed_on(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """The customer hears by when; whoever of the staff is to answer is called."""
    event = rec.event
    assert isinstance(event, pw.EnquiryHandedOn)
    yield from _calm(state, ANSWER)
    time = When(at=event.until)
    text = t(
        "Your question is with those who can answer it best. You will have an answer by {time}.",
        time=time,
    )
    yield from to_reporters(state, text, event.until, supersedes=f"enquiry:{state.stream}")
    if event.party is not None:
        ref = Ref(ref=state.reference)
        called = t("Enquiry {ref} is handed on to you; answer it by {time}.", ref=ref, time=time)
        few = state.visibility == "restricted"
        yield from page(
            state.stream, [event.party], called, "enquiry", until=event.until, alone=few
        )


def on_kind(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """What was late on the path that it has left alarms nobody any more."""
    assert isinstance(rec.event, mw.KindChanged)
    plan, before = ctx.edition(state.playbook), rec.event.before
    own: dict[IncidentKind, str] = {"service_request": FULFIL, "enquiry": ANSWER}
    left = plan.path(before, state.category).steps
    yield from _calm(state, *([own[before]] if before in own else [one.key for one in left]))


def on_category(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """As with another kind; what is late of the same steps is noted again."""
    assert isinstance(rec.event, mw.CategoryChanged)
    before = ctx.edition(state.playbook).path(state.incident_kind, rec.event.before)
    yield from _calm(state, *(one.key for one in before.steps))


def _report(command: pw.AnswerEnquiry) -> tuple[StreamId, ...]:
    return () if command.report is None else (command.report,)


def _of_step(command: pw.DoPathStep) -> tuple[StreamId, ...]:
    return tuple(one for one in (command.report, command.owner) if one)


def _person(command: pw.HandEnquiryOn) -> tuple[StreamId, ...]:
    of, _, key = command.to.partition(":")
    return (key,) if of == "person" and key else ()


_MOVED: tuple[type[Event], ...] = (
    ie.IncidentOpened,
    ie.IncidentResolved,
    ie.IncidentReopened,
    ie.IncidentClosed,
    ie.IncidentCancelled,
    mw.IncidentMerged,
    mw.KindChanged,
    mw.CategoryChanged,
    ie.FactsAdded,
    pw.PathStepDone,
    pw.FulfilmentSet,
    pw.EnquiryAnswered,
    pw.EnquiryHandedOn,
    pw.PathOverdue,
)
"""What may have moved the time of the next step."""

WORKFLOW = Workflow(
    rules=(
        Rule(pw.DoPathStep, do_step, "named", roles=STAFF, named_by="incident", reads=_of_step),
        by_staff(pw.SetFulfilment, set_fulfilment),
        Rule(pw.AnswerEnquiry, answer, "named", roles=STAFF, named_by="incident", reads=_report),
        Rule(pw.HandEnquiryOn, hand_on, "named", roles=STAFF, named_by="incident", reads=_person),
        Rule(pw.NotePathDue, note_due, "named", by_system=True, named_by="incident"),
        Rule(pw.WriteFromIncident, write, "named", by_system=True),
    ),
    reactors=(
        *((event, keep_time) for event in _MOVED),
        (pw.PathOverdue, on_overdue),
        (pw.PathStepDone, on_step),
        (pw.EnquiryAnswered, on_answered),
        (pw.FulfilmentSet, on_fulfilment),
        (pw.EnquiryHandedOn, on_handed_on),
        (mw.KindChanged, on_kind),
        (mw.CategoryChanged, on_category),
    ),
)
