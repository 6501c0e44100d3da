"""Holding: work waits for something outside, until somebody goes on, or until a time that was said.

Then it goes on by itself and whoever has it is called, since nobody else remembers it. A server
that slept lets it go on when it wakes, and calls once.
"""

from collections.abc import Iterator

from bot.core import incident_commands as ic
from bot.core import incident_events as ie
from bot.core import moving_words as mw
from bot.core.alarm_words import RaiseAlarm
from bot.core.calendar import DAY
from bot.core.clocks import resumed
from bot.core.commands import Refused
from bot.core.context import Context
from bot.core.events import Event, Recorded
from bot.core.handling import about, by_staff, first, me, over
from bot.core.ids import Millis
from bot.core.incident import Incident
from bot.core.intents import DropTimer, Intent, SetTimer, Then
from bot.core.rules import Decision, Rule, Workflow, refuse
from bot.core.texts import t

MOST_DAYS = 90
BACK = "hold"


def hold(state: Incident | None, command: ic.HoldIncident, ctx: Context) -> Decision:
    """Pause work that is in progress; the promises to acknowledge and resolve stand still."""
    if state is None or not state.working:
        return over(state)
    if state.held_since is not None:
        return _is_held(state, command, ctx)
    if state.status != "in_progress":
        text = t("Only work in progress can be put on hold. Take the incident first.")
        return refuse("not_in_progress", text)
    reason = _no_time(command.until, ctx.at) or about(state, command.reason)
    if isinstance(reason, Refused):
        return reason
    return [ie.IncidentHeld(reason=reason, until=command.until)]


def _is_held(state: Incident, command: ic.HoldIncident, ctx: Context) -> Decision:
    was = first(state, ctx)
    if was is not None:
        return refuse("held", t("{who} put it on hold at {time}.", who=was.who, time=was.time))
    if command.until == state.held_until or state.moved_by != me(ctx):
        return []
    return refuse("held", t("It is on hold already. Resume it first, then hold it anew."))


def _no_time(until: Millis | None, now: Millis) -> Refused | None:
    """Why a hold cannot end by itself at that time."""
    if until is None:
        return None
    if until <= now:
        return refuse("past", t("That time is over already. Choose a later one."))
    if until > now + MOST_DAYS * DAY:
        text = t("A hold lasts {days} days at most. Choose an earlier time.", days=MOST_DAYS)
        return refuse("too_long", text)
    return None


def resume(state: Incident | None, command: ic.ResumeIncident, ctx: Context) -> Decision:
    """Go on; what was left of the time is left again."""
    if state is None or not state.working:
        return over(state)
    if state.held_since is None:
        return _goes_on(state, ctx)
    reason = about(state, command.reason) if command.reason.strip() else None
    if isinstance(reason, Refused):
        return reason
    targets = resumed(state, state.held_since, ctx)
    return [ie.IncidentResumed(since=state.held_since, targets=targets, reason=reason)]


def _goes_on(state: Incident, ctx: Context) -> Decision:
    if state.status != "in_progress":
        return refuse("not_held", t("It is not on hold."))
    was = first(state, ctx)
    if was is None:
        return []
    return refuse(
        "not_held",
        t("It is not on hold: {who} set to work at {time}.", who=was.who, time=was.time),
    )


def end_hold(state: Incident | None, command: ic.EndHold, ctx: Context) -> Decision:
    """Its time has come, however late the house finds that; any other hold has one of its own."""
    if state is None:
        return over(state)
    if state.held_since is None or state.held_until != command.until:
        return []
    targets = resumed(state, state.held_since, ctx)
    return [ie.IncidentResumed(since=state.held_since, targets=targets, until=command.until)]


# --- what follows ----------------------------------------------------------------------------


def on_held(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """It comes back by itself, where a time was said."""
    if state.held_until is not None:
        command = ic.EndHold(incident=state.stream, until=state.held_until)
        yield SetTimer(name=BACK, due=state.held_until, command=command)


def on_over(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Nobody need bring it back any more; what came back by itself calls whoever has it."""
    yield DropTimer(name=BACK)
    if isinstance(rec.event, ie.IncidentResumed) and rec.event.until is not None:
        yield Then(command=RaiseAlarm(incident=state.stream, cause="hold_over"))


OVER: tuple[type[Event], ...] = (
    ie.IncidentResumed,
    ie.IncidentResolved,
    ie.IncidentCancelled,
    mw.IncidentMerged,
)


WORKFLOW = Workflow(
    rules=(
        by_staff(ic.HoldIncident, hold),
        by_staff(ic.ResumeIncident, resume),
        Rule(ic.EndHold, end_hold, "named", by_system=True, named_by="incident"),
    ),
    reactors=(
        (ie.IncidentHeld, on_held),
        *((event, on_over) for event in OVER),
    ),
)
