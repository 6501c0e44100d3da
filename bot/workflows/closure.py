"""Closure: resolved, confirmed by those who reported, closed; or opened again, or cancelled.

Only a person's "not fixed", or an agent's reason, opens anything again; whoever comes late in a
race is told what happened and changes nothing.
"""

from collections.abc import Iterator

from bot.core import incident_commands as ic
from bot.core import incident_events as ie
from bot.core.calendar import MINUTE
from bot.core.clocks import begun
from bot.core.commands import Refused
from bot.core.context import Context
from bot.core.events import Event, Recorded
from bot.core.handling import (
    REOPEN_LEAST,
    about,
    busy,
    by_staff,
    first,
    me,
    over,
    overtaken,
    wanted_again,
)
from bot.core.incident import Incident
from bot.core.intents import DropTimer, Intent, Ring, SetTimer, Then
from bot.core.major import in_the_way
from bot.core.moving_words import CategoryChanged, KindChanged
from bot.core.notices import ring_owner, to_reports
from bot.core.path_steps import before_end, to_follow_up
from bot.core.path_words import PathStepDone
from bot.core.resolving import called_off, not_yet, resolved, sheltering, tasks_left
from bot.core.rules import Decision, Rule, Workflow, refuse
from bot.core.texts import When, Who, t

CLOSE_GRACE = MINUTE
"""The last answers may be under way when the window ends; they are heard first."""

# --- resolving -------------------------------------------------------------------------------


def resolve(state: Incident | None, command: ic.ResolveIncident, ctx: Context) -> Decision:
    """Service is restored; those who reported are asked. Whoever is on site may finish."""
    if state is None or state.ended:
        return over(state)
    if state.status == "resolved":
        return [] if state.resolved_by == me(ctx) else _was_resolved(state)
    note = _not_yet(state, ctx) or about(state, command.note)
    if isinstance(note, Refused):
        return note
    return tasks_left(state, command.call_off) or resolved(state, note, ctx)


def _not_yet(state: Incident, ctx: Context) -> Refused | None:
    """Why it cannot be resolved at this moment, if it cannot."""
    if state.status == "open" and not state.kin.expects:
        text = t("Nobody has seen to it yet. Acknowledge or take it first, then resolve it.")
        return refuse("not_acknowledged", text)
    return not_yet(state) or _unfinished(state, ctx)


def _unfinished(state: Incident, ctx: Context) -> Refused | None:
    """What is answered step by step is not resolved in one."""
    left = before_end(state, ctx.edition(state.playbook), ctx.playbook)
    if left is None:
        return None
    text = t("Not everything is done yet. Next comes: {step}.", step=left.name)
    return refuse("steps_left", text)


def _was_resolved(state: Incident) -> Refused:
    who, time = Who(person=state.resolved_by or ""), When(at=state.resolved_at or state.touched_at)
    return refuse("resolved", t("{who} resolved it at {time}.", who=who, time=time))


# --- closing ---------------------------------------------------------------------------------


def note_reporter(state: Incident | None, command: ic.NoteReporter, ctx: Context) -> Decision:
    """What a report said of the fix: the last yes closes, any no opens again."""
    if state is None:
        return over(state)
    if state.status == "merged":  # The report brings it along to where it goes.
        return []
    answered = ie.ReporterAnswered(report=command.report, what=command.what)
    if command.what == "disputed" and state.status in ("resolved", "closed"):
        targets = begun(state, state.priority, ctx)
        again = ie.IncidentReopened(why="customer", reason=None, targets=targets)
        return [answered, again, *wanted_again(state)]
    counted = {
        "reports_settled": state.reports_settled + (command.what in ("confirmed", "window_ended")),
        "reports_withdrawn": state.reports_withdrawn + (command.what == "withdrawn"),
    }
    may_close = state.status == "resolved" and _follow_up(state, ctx) is None
    if may_close and state.model_copy(update=counted).settled:
        by_customer = command.what == "confirmed"
        return [answered, *_closed(state, "confirmed" if by_customer else "window_ended", ctx)]
    return [answered]


def _closed(state: Incident, why: ie.WhyClosed, ctx: Context) -> list[Event]:
    until = ctx.at + ctx.playbook.closing.confirm_within
    return [
        ie.IncidentClosed(why=why, until=until),
        *called_off(state, with_those_on_site=True),
    ]


def close(state: Incident | None, command: ic.CloseIncident, ctx: Context) -> Decision:
    """An agent's press, or the end of the time in which somebody could say: not fixed."""
    if state is None:
        return over(state)
    if ctx.actor.is_system:
        ended = state.confirm_until is not None and ctx.at >= state.confirm_until
        # What somebody is still to learn from it is watched by its own clock.
        waits = state.status == "resolved" and _follow_up(state, ctx) is None
        why: ie.WhyClosed = "confirmed" if state.settled else "window_ended"
        return _closed(state, why, ctx) if waits and (ended or state.settled) else []
    if state.status == "closed":
        return _was_closed(state, ctx)
    if state.ended:
        return over(state)
    if state.status != "resolved":
        text = t("Resolve it first, so that those who reported it are asked whether it is fixed.")
        return refuse("not_resolved", text)
    return _follow_up(state, ctx) or _closed(state, "agent", ctx)


def _follow_up(state: Incident, ctx: Context) -> Refused | None:
    """Why it cannot be closed: nobody has said yet who learns from it, or why nobody does."""
    left = to_follow_up(state, ctx.edition(state.playbook), ctx.playbook)
    if left is None:
        return None
    text = t("Say first who follows up on it by when, or why nobody does: {step}.", step=left.name)
    return refuse("steps_left", text)


def follow_up(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """What waited for that alone is closed now."""
    if state.status == "resolved":
        yield Then(command=ic.CloseIncident(incident=state.stream))


def _was_closed(state: Incident, ctx: Context) -> Decision:
    was = first(state, ctx)
    if was is None:
        return []
    return refuse("closed", t("{who} closed it at {time}.", who=was.who, time=was.time))


def cancel(state: Incident | None, command: ic.CancelIncident, ctx: Context) -> Decision:
    """It was none, or not ours."""
    if state is None or state.status in ("closed", "merged"):
        return over(state)
    if state.status == "cancelled":
        was = first(state, ctx)
        if was is None:
            return []
        return refuse("cancelled", t("{who} cancelled it at {time}.", who=was.who, time=was.time))
    if state.kin.expects:
        return busy(state)
    reason = (
        overtaken(command.before, state.status)
        or in_the_way(state)
        or sheltering(state)
        or about(state, command.reason)
    )
    if isinstance(reason, Refused):
        return reason
    return [
        ie.IncidentCancelled(reason=reason),
        *called_off(state, with_those_on_site=True),
    ]


# --- opening again ---------------------------------------------------------------------------


def reopen(state: Incident | None, command: ic.ReopenIncident, ctx: Context) -> Decision:
    """An agent opens it again and says why, while its time has not run out."""
    if state is None or state.status in ("merged", "cancelled"):
        return over(state)
    if state.working:
        again = state.status == "open" and state.reopened > 0
        open_already = refuse("working", t("This incident is open already."))
        return _was_reopened(state, ctx) if again else open_already
    if state.reopen_until is not None and ctx.at > state.reopen_until:
        text = t(
            "It could be opened again until {time}. Open a new incident.",
            time=When(at=state.reopen_until),
        )
        return refuse("too_late", text)
    reason = about(state, command.reason, least=REOPEN_LEAST)
    if isinstance(reason, Refused):
        return reason
    targets = begun(state, state.priority, ctx)
    fresh = ie.IncidentReopened(why="agent", reason=reason, targets=targets)
    return [fresh, *wanted_again(state)]


def _was_reopened(state: Incident, ctx: Context) -> Decision:
    was = first(state, ctx)
    if was is None:
        return []
    return refuse("working", t("{who} opened it again at {time}.", who=was.who, time=was.time))


# --- what follows ----------------------------------------------------------------------------


def on_resolved(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Each report asks its person; when the time for that has run out, it is closed."""
    if state.confirm_until is None:
        return
    yield from to_reports(state, "resolved", person=state.resolved_by, until=state.confirm_until)
    due = state.confirm_until + (CLOSE_GRACE if state.reports else 0)
    yield SetTimer(name=CLOSING, due=due, command=ic.CloseIncident(incident=state.stream))


CLOSING = "close"


def on_reopened(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """It is everybody's again: reports go on, agents are called."""
    yield DropTimer(name=CLOSING)
    yield from to_reports(state, "reopened")
    yield Ring(role="agent", why="reopened")


def on_closed(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Reports are closed with it."""
    yield DropTimer(name=CLOSING)
    yield from to_reports(state, "closed", until=state.reopen_until)


def on_cancelled(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Reports end with it."""
    yield DropTimer(name=CLOSING)
    yield from to_reports(state, "cancelled")


def on_answered(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Somebody who takes it back, or says no, is never overlooked."""
    assert isinstance(rec.event, ie.ReporterAnswered)
    if rec.event.what in ("withdrawn", "disputed"):
        yield ring_owner(state, rec.event.what)


WORKFLOW = Workflow(
    rules=(
        by_staff(ic.ResolveIncident, resolve),
        by_staff(ic.CloseIncident, close, by_system=True),
        by_staff(ic.CancelIncident, cancel),
        by_staff(ic.ReopenIncident, reopen),
        Rule(ic.NoteReporter, note_reporter, "named", by_system=True, named_by="incident"),
    ),
    reactors=(
        (ie.IncidentResolved, on_resolved),
        (ie.IncidentReopened, on_reopened),
        (ie.IncidentClosed, on_closed),
        (ie.IncidentCancelled, on_cancelled),
        (ie.ReporterAnswered, on_answered),
        (PathStepDone, follow_up),
        (CategoryChanged, follow_up),
        (KindChanged, follow_up),
    ),
)
