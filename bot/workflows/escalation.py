"""Escalation: what is promised is watched, and whoever must act is called before it is too late.

Each running promise has one timer, for the next band that it will reach. A warning that comes
late warns once, of the highest band reached; one whose promise was kept or moved since it was
set warns of nothing. Who is called further up is the ladder
of the pinned edition (`playbook_ladder`).
"""

from collections.abc import Iterator, Mapping
from itertools import takewhile

from bot.core import incident_commands as ic
from bot.core import incident_events as ie
from bot.core import moving_words as mw
from bot.core.clocks import marks, runs, until
from bot.core.context import Context
from bot.core.events import Event, Recorded
from bot.core.handling import over
from bot.core.incident import Incident
from bot.core.incident_words import Band, Target
from bot.core.intents import DropTimer, Intent, Ring, SetTimer
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
    """The owner is called; what has no owner calls agents, what is broken supervisors as well."""
    assert isinstance(rec.event, ie.TargetWarned)
    why = f"{rec.event.target}:{rec.event.band}"
    yield Ring(person=state.owner, why=why) if state.owner else Ring(role="agent", why=why)
    if rec.event.band == "breached":
        yield Ring(role="supervisor", why=why)


_MOVED: Mapping[type[Event], tuple[Target, ...]] = {
    ie.IncidentOpened: TARGETS,
    ie.IncidentAcknowledged: ("acknowledge",),
    ie.PriorityChanged: TARGETS,
    ie.IncidentHeld: TARGETS,
    ie.IncidentResumed: TARGETS,
    ie.IncidentResolved: TARGETS,
    ie.IncidentReopened: TARGETS,
    ie.IncidentClosed: TARGETS,
    ie.IncidentCancelled: TARGETS,
    mw.IncidentMerged: TARGETS,
    mw.IncidentAbsorbed: ("update",),
    ie.UpdatePublished: ("update",),
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
