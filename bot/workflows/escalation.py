"""Escalation: what is promised is watched, and whoever must act is called before it is too late.

Each running promise has one timer, for the next band that it will reach. A warning looks at
the clocks as they are now: one that comes late warns once, of the highest band reached, and
one whose promise was moved or kept warns of nothing. Who is called further up is the ladder
of the pinned edition (`playbook_ladder`).
"""

from collections.abc import Iterator

from bot.core import incident_commands as ic
from bot.core import incident_events as ie
from bot.core.clocks import marks, runs
from bot.core.context import Context
from bot.core.events import Recorded
from bot.core.handling import over
from bot.core.ids import Millis
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
    if not runs(state, command.target):
        return []
    reached: list[Band] = ["ok"]
    reached += [band for at, band in marks(state, command.target, ctx) if at <= ctx.at]
    highest = max(reached, key=BANDS.index)
    if BANDS.index(highest) <= BANDS.index(state.band(command.target)):
        return []
    return [ie.TargetWarned(target=command.target, band=highest)]


# --- what follows ----------------------------------------------------------------------------


def keep_time(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """A timer for the next band of each promise that runs, and none for those that do not."""
    for target in TARGETS:
        ahead = _next(state, target, ctx)
        if ahead is None:
            yield DropTimer(name=f"target:{target}")
        else:
            due, band = ahead
            command = ic.WarnTarget(incident=state.stream, target=target, band=band)
            yield SetTimer(name=f"target:{target}", due=due, command=command)


def _next(state: Incident, target: Target, ctx: Context) -> tuple[Millis, Band] | None:
    """The band to be reached next. With several behind already, their warning is due at once."""
    if not runs(state, target):
        return None
    told = BANDS.index(state.band(target))
    ahead = [one for one in marks(state, target, ctx) if BANDS.index(one[1]) > told]
    return next(iter(ahead), None)


def on_warned(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """The owner is called; what has no owner calls agents, what is broken supervisors as well."""
    assert isinstance(rec.event, ie.TargetWarned)
    why = f"{rec.event.target}:{rec.event.band}"
    yield Ring(person=state.owner, why=why) if state.owner else Ring(role="agent", why=why)
    if rec.event.band == "breached":
        yield Ring(role="supervisor", why=why)


_MOVED = (
    ie.IncidentOpened,
    ie.IncidentAcknowledged,
    ie.PriorityChanged,
    ie.IncidentHeld,
    ie.IncidentResumed,
    ie.IncidentResolved,
    ie.IncidentReopened,
    ie.IncidentClosed,
    ie.IncidentCancelled,
    ie.UpdatePublished,
    ie.TargetWarned,
)

WORKFLOW = Workflow(
    rules=(Rule(ic.WarnTarget, warn, "named", by_system=True, named_by="incident"),),
    reactors=(
        *((event, keep_time) for event in _MOVED),
        (ie.TargetWarned, on_warned),
    ),
)
