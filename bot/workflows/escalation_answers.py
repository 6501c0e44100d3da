"""A customer who waits for an answer is a clock.

It runs from their first word that nobody answered, or from when they asked for a person, by the
playbook's calendar; for who is in danger or distress it always runs. Then whoever has the incident
is called, and it is said again, ever less often, until somebody answers.
"""

from collections.abc import Iterator

from bot.core import report_words as w
from bot.core.alarm_words import RaiseAlarm, StopAlarm
from bot.core.calendar import ALWAYS, HOUR, add
from bot.core.climbing import SUPERVISORS
from bot.core.context import Context
from bot.core.events import Recorded
from bot.core.file_words import FileAdded
from bot.core.ids import Millis
from bot.core.intents import Do, DropTimer, Intent, SetTimer
from bot.core.notices import page
from bot.core.parties import Party
from bot.core.report import Report
from bot.core.reporting import labelled
from bot.core.rules import Decision, Rule, Workflow
from bot.core.texts import When, t
from bot.core.unanswered_words import AnswerOverdue, NoteUnanswered

UNANSWERED = "unanswered"
AGENTS = Party(of="role", key="agent")
MOST_DOUBLED = 4


def waits_since(state: Report) -> Millis | None:
    """Since when the customer waits for somebody to write to them; None when nobody has to."""
    if state.stage not in ("answering", "sent"):
        return None
    asked = state.waiting_since if state.waiting_for == "asked" else None
    waits = (asked, state.conversation.unanswered_since)
    return min((one for one in waits if one is not None), default=None)


def note(state: Report | None, command: NoteUnanswered, ctx: Context) -> Decision:
    """They still wait; whoever waits since another moment has a clock of their own."""
    since = None if state is None else waits_since(state)
    if state is None or since is None or since != command.since:
        return []
    time = state.conversation.overdue + 1 if state.conversation.overdue_since == since else 1
    return [AnswerOverdue(since=since, due=_due(state, since, ctx), time=time)]


def _due(state: Report, since: Millis, ctx: Context) -> Millis:
    rules = ctx.playbook.escalation
    presses = state.danger or state.care.since is not None
    calendar = ALWAYS if presses else ctx.playbook.calendar(rules.calendar)
    return add(calendar, since, rules.answer_within)


def _timer(state: Report, since: Millis, due: Millis) -> SetTimer:
    return SetTimer(name=UNANSWERED, due=due, command=NoteUnanswered(since=since))


# --- what follows ----------------------------------------------------------------------------


def watch(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """The clock runs while somebody waits, and whoever was called is left alone when it ends."""
    since, talk = waits_since(state), state.conversation
    if (since is not None and since == talk.overdue_since) or _is_said(rec, state):
        return
    if talk.overdue_since is not None and state.incident is not None:
        yield _stop(state, rec)
    if since is not None:
        yield _timer(state, since, _due(state, since, ctx))
    elif isinstance(rec.event, ANSWERED):
        yield DropTimer(name=UNANSWERED)


def watch_again(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """What nobody answered before it was thought to be fixed waits again, from now on."""
    since = waits_since(state)
    if since is not None:
        yield _timer(state, since, _due(state, rec.at, ctx))


def _is_said(rec: Recorded, state: Report) -> bool:
    """Whether the message beside it in the log has said all of it already."""
    talk, event = state.conversation, rec.event
    if isinstance(event, w.WaitBegan):
        return event.why != "asked"
    return isinstance(event, w.WaitEnded) and (talk.last_from, talk.last_at) == ("desk", rec.at)


ANSWERED = (w.MessageSent, w.WaitEnded, w.ReportWithdrawn)


def _stop(state: Report, rec: Recorded) -> Do:
    assert state.incident is not None
    by = rec.actor if isinstance(rec.event, w.MessageSent) else None
    command = StopAlarm(incident=state.incident, cause="unanswered", about=state.stream, by=by)
    return Do(stream=state.incident, command=command)


def _raise(state: Report, due: Millis) -> Do:
    assert state.incident is not None
    command = RaiseAlarm(incident=state.incident, cause="unanswered", about=state.stream, since=due)
    return Do(stream=state.incident, command=command)


def on_overdue(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """Whoever has the incident is called; where there is none yet, the agents."""
    assert isinstance(rec.event, AnswerOverdue)
    if state.incident is not None:
        yield _raise(state, rec.event.due)
    else:
        yield from _call_agents(rec, rec.event, state)
    doubled = 2 ** min(rec.event.time, MOST_DOUBLED)
    again = rec.at + doubled * ctx.playbook.escalation.answer_within
    yield _timer(state, rec.event.since, again)


def _call_agents(rec: Recorded, event: AnswerOverdue, state: Report) -> Iterator[Intent]:
    who = (AGENTS, SUPERVISORS) if event.time > 1 else (AGENTS,)
    text = t(
        "{ref}: a customer was to be answered by {time}. Write to them.",
        ref=labelled(state),
        time=When(at=event.due),
    )
    family = f"{UNANSWERED}:{state.stream}"
    distress = state.care.since is not None
    if distress:
        text = t("{ref}: you are needed now. Open it on the desk.", ref=labelled(state))
    yield from page(
        state.stream,
        who,
        text,
        "alarm",
        until=rec.at + HOUR,
        supersedes=family,
        subject=state.subject,
        alone=distress,
    )


def on_linked(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """Who waits too long is known of where the report goes, and not where it was."""
    assert isinstance(rec.event, w.ReportLinked)
    since, before = waits_since(state), rec.event.before
    if since is None or since != state.conversation.overdue_since:
        return
    if before is not None:
        command = StopAlarm(incident=before, cause="unanswered", about=state.stream)
        yield Do(stream=before, command=command)
    yield _raise(state, _due(state, since, ctx))


WORKFLOW = Workflow(
    rules=(Rule(NoteUnanswered, note, "named", by_system=True),),
    reactors=(
        (w.MessageReceived, watch),
        (FileAdded, watch),
        (w.WaitBegan, watch),
        (w.WaitEnded, watch),
        (w.MessageSent, watch),
        (w.ReportWithdrawn, watch),
        (w.FixDisputed, watch_again),
        (w.ReportReopened, watch_again),
        (AnswerOverdue, on_overdue),
        (w.ReportLinked, on_linked),
    ),
)
