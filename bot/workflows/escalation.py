"""Escalation: what is promised is watched, and whoever must act is called before it is too late.

Each running promise has one timer, for the next band that it will reach. A warning that comes
late warns once, of the highest band reached; one whose promise was kept or moved since it was
set warns of nothing. Whoever has it is warned of every band, and from the last one on the next
rung of the ladder is called, too; a broken promise is an alarm (`escalation_alarms`).
"""

from collections.abc import Iterator, Mapping
from itertools import takewhile

from bot.core import incident_commands as ic
from bot.core import incident_events as ie
from bot.core import major_words as jw
from bot.core import moving_words as mw
from bot.core import shelter_words as sw
from bot.core.alarm_texts import hidden, warning
from bot.core.alarm_words import AcknowledgementExpired, RaiseAlarm
from bot.core.calendar import HOUR
from bot.core.climbing import Editions, next_rung
from bot.core.clocks import marks, runs, until
from bot.core.context import Context
from bot.core.events import Event, Recorded
from bot.core.handling import over
from bot.core.incident import Incident
from bot.core.incident_words import Band, Target
from bot.core.intents import DropTimer, Intent, Ring, SetTimer, Then
from bot.core.notices import page
from bot.core.parties import Party
from bot.core.rules import Decision, Rule, Workflow

TARGETS: tuple[Target, ...] = ("acknowledge", "update", "resolve")
BANDS: tuple[Band, ...] = ("ok", "50", "75", "90", "breached")


def warn(state: Incident | None, command: ic.WarnTarget, ctx: Context) -> Decision:
    """A share of the time has gone by: the highest that is reached and was not told yet."""
    if state is None:
        return over(state)
    if not runs(state, command.target) or command.until != until(state, command.target):
        return []
    past = takewhile(lambda mark: mark[0] <= ctx.at, marks(state, command.target, ctx))
    highest = max((command.band, *(band for _, band in past)), key=BANDS.index)
    if BANDS.index(highest) <= BANDS.index(state.band(command.target)):
        return []
    return [ie.TargetWarned(target=command.target, band=highest)]


# --- what follows ----------------------------------------------------------------------------


def keep_time(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """A timer for the next band of each promise that runs, and none for those that do not."""
    event = rec.event
    moved = (event.target,) if isinstance(event, ie.TargetWarned) else _MOVED[type(event)]
    for target in moved:
        yield _next(state, target, ctx) or DropTimer(name=_timer(target))


def _next(state: Incident, target: Target, ctx: Context) -> SetTimer | None:
    """For the band to be reached next. With several behind already, it is due at once."""
    due_at = until(state, target)
    if due_at is None or not runs(state, target):
        return None
    told = BANDS.index(state.band(target))
    ahead = (one for one in marks(state, target, ctx) if BANDS.index(one[1]) > told)
    for at, band in ahead:
        command = ic.WarnTarget(incident=state.stream, target=target, band=band, until=due_at)
        return SetTimer(name=_timer(target), due=at, command=command)
    return None


def _timer(target: Target) -> str:
    return f"target:{target}"


def on_warned(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """The owner is called; what has no owner rings for agents. Shortly before the end, and when it
    is broken, the next rung is called as well, and supervisors' pages ring.
    """
    assert isinstance(rec.event, ie.TargetWarned)
    target, band = rec.event.target, rec.event.band
    why = f"{target}:{band}"
    alarm = _alarm(state, target) if band == "breached" else None
    owner = [] if state.owner is None else [Party(of="person", key=state.owner)]
    if not owner:
        yield Ring(role="agent", why=why)
    # An alarm calls whom it concerns by itself; without an owner that is the ladder's first rung.
    who = [] if alarm else owner
    if band in GRAVE and (owner or not alarm):
        both = Editions.model_construct(plan=ctx.edition(state.playbook), today=ctx.playbook)
        who = [*who, *next_rung(state, both, rec.at).who]
    if who:
        text = warning(state, target, band, ctx.playbook)
        family = f"{_timer(target)}:{state.stream}"
        until, alone = rec.at + HOUR, hidden(state, "promise")
        yield from page(state.stream, who, text, why, until=until, supersedes=family, alone=alone)
    if band == "breached":
        yield Ring(role="supervisor", why=why)
    if alarm is not None:
        yield Then(command=alarm)


def _alarm(state: Incident, target: Target) -> RaiseAlarm | None:
    """What a broken promise is to be called about; that nobody has acknowledged is so already."""
    match target:
        case "update":
            return RaiseAlarm(incident=state.stream, cause="update_overdue")
        case "resolve":
            return RaiseAlarm(incident=state.stream, cause="promise", about=target)
        case "acknowledge":
            return None


GRAVE: tuple[Band, ...] = ("90", "breached")


_MOVED: Mapping[type[Event], tuple[Target, ...]] = {
    ie.IncidentOpened: TARGETS,
    ie.IncidentAcknowledged: ("acknowledge",),
    AcknowledgementExpired: ("acknowledge",),
    ie.IncidentReleased: ("acknowledge",),
    ie.PriorityChanged: TARGETS,
    mw.KindChanged: TARGETS,
    ie.IncidentHeld: TARGETS,
    ie.IncidentResumed: TARGETS,
    ie.IncidentResolved: TARGETS,
    ie.IncidentReopened: TARGETS,
    ie.IncidentClosed: TARGETS,
    ie.IncidentCancelled: TARGETS,
    mw.IncidentMerged: TARGETS,
    mw.IncidentAbsorbed: ("update",),
    ie.UpdatePublished: ("update",),
    jw.UpdateWanted: ("update",),
    sw.ReportSheltered: TARGETS,
    sw.ShelterEnded: TARGETS,
    ie.TargetWarned: (),
}
"""Whose clocks an event may have moved; a warning moves on its own."""

WORKFLOW = Workflow(
    rules=(Rule(ic.WarnTarget, warn, "named", by_system=True, named_by="incident"),),
    reactors=(
        *((event, keep_time) for event in _MOVED),
        (ie.TargetWarned, on_warned),
    ),
)
