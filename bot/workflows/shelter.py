"""The lane that few may see: the incident of somebody in distress, for as long as they are.

It is their own: one that others are a part of, or that is over already, they leave for a new one.
Nobody's time is measured there; the ladder of the playbook calls people until somebody has come.
"""

from collections.abc import Iterator

from bot.core import incident_events as ie
from bot.core import shelter_words as sw
from bot.core.clocks import priority_changed, replanned
from bot.core.context import Context
from bot.core.distress_words import NoteSheltered
from bot.core.events import Event, Recorded
from bot.core.handling import over
from bot.core.incident import Incident
from bot.core.incident_words import Targets
from bot.core.intents import Do, Intent
from bot.core.priority import Priority
from bot.core.report_words import JoinIncident
from bot.core.rules import Decision, Rule, Workflow
from bot.core.shelter import stood


def shelter(state: Incident | None, command: sw.ShelterReport, ctx: Context) -> Decision:
    """Few may see it from now on, or the report leaves for an incident of its own."""
    if state is None:
        return over(state)
    known = (*state.shelter.reports, *state.kin.leaving)
    if state.kin.merged_into is not None or command.report in known:
        return []  # From where a merged one sends it, it comes again.
    alone = state.reports <= 1 and not state.kin.expects
    if not state.working or not (alone or state.visibility == "restricted"):
        return [sw.ReportParted(report=command.report, into=ctx.new_stream("incident"))]
    return [*_hidden(state, command), *_pressing(state, ctx)]


def _hidden(state: Incident, command: sw.ShelterReport) -> Iterator[Event]:
    normal = state.visibility == "normal"
    yield sw.ReportSheltered(report=command.report, restricted=normal or command.own)
    if normal:
        yield ie.VisibilityChanged(visibility="restricted", reason=None)


def _pressing(state: Incident, ctx: Context) -> list[Event]:
    """A threat to life, whatever the matrix says."""
    if state.priority is Priority.P1:
        return []
    return [priority_changed(state, state.impact, state.urgency, ctx, Priority.P1)]


def end(state: Incident | None, command: sw.EndShelter, ctx: Context) -> Decision:
    """What was a false alarm goes back to where it was; who was helped is still seen by few."""
    if state is None or command.report not in state.shelter.reports:
        return []
    last = state.shelter.reports == (command.report,)
    lifts = last and command.why == "false_alarm" and not state.shelter.helped
    targets = _moved(state, ctx) if lifts else None
    ended = sw.ShelterEnded(report=command.report, why=command.why, targets=targets)
    return [ended, *(_lifted(state, targets) if targets is not None else ())]


def _level(state: Incident) -> Priority:
    """What it was before, unless it is a danger to life by now."""
    return state.shelter.before or state.priority if not state.danger else state.priority


def _moved(state: Incident, ctx: Context) -> Targets:
    """The targets, having stood while nobody's time was measured."""
    since = state.shelter.since or ctx.at
    past = state.model_copy(update={"holds": stood(state.holds, since, ctx.at)})
    return replanned(past, _level(state), ctx)


def _lifted(state: Incident, targets: Targets) -> Iterator[Event]:
    if state.shelter.lifts and state.visibility == "restricted":
        yield ie.VisibilityChanged(visibility="normal", reason=None)
    if _level(state) != state.priority:
        yield ie.PriorityChanged(
            impact=state.impact,
            urgency=state.urgency,
            priority=_level(state),
            overridden=state.overridden,
            reason=None,
            targets=targets,
        )


# --- what follows ----------------------------------------------------------------------------


def on_sheltered(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """What was held back may come."""
    assert isinstance(rec.event, sw.ReportSheltered)
    yield Do(stream=rec.event.report, command=NoteSheltered(incident=state.stream))


def on_parted(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """The report goes; others hear nothing of it, nor does its person."""
    assert isinstance(rec.event, sw.ReportParted)
    join = JoinIncident(
        incident=rec.event.into,
        before=state.stream,
        how="sheltered",
        visibility="restricted",
        mode=state.mode,
    )
    yield Do(stream=rec.event.report, command=join)


WORKFLOW = Workflow(
    rules=(
        Rule(sw.ShelterReport, shelter, "named", by_system=True, named_by="incident"),
        Rule(sw.EndShelter, end, "named", by_system=True, named_by="incident"),
    ),
    reactors=((sw.ReportSheltered, on_sheltered), (sw.ReportParted, on_parted)),
)
