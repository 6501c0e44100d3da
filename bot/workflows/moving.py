"""Moving: reports leave one incident for another, and nobody is lost on the way.

The link is the report's: it goes where it is told while it still hangs where it was told to
leave, and brings along what it has said. An incident that was merged sends on whatever comes.
"""

from collections.abc import Iterator

from bot.core import incident_commands as ic
from bot.core import incident_events as ie
from bot.core import moving_words as mw
from bot.core import report_words as w
from bot.core.access import RESTRICTED_ROLES
from bot.core.clocks import kind_changed, priority_changed
from bot.core.commands import Refused
from bot.core.context import Context
from bot.core.events import Event, Recorded
from bot.core.handling import STAFF, about, busy, over
from bot.core.ids import Millis, StreamId
from bot.core.incident import Incident
from bot.core.incident_words import AT_WORK
from bot.core.intents import Do, Intent
from bot.core.notices import Stage
from bot.core.priority import Priority
from bot.core.report import Report
from bot.core.reporting import chosen, facts_of, labelled, tell
from bot.core.rules import Decision, Rule, Workflow, refuse
from bot.core.texts import t

MOST_AT_ONCE = 50
MADE = ("split", "sheltered")
"""How a report comes to an incident that is made for it."""

# --- splitting -------------------------------------------------------------------------------


def split(state: Incident | None, command: mw.SplitIncident, ctx: Context) -> Decision:
    """Reports that belong to something else get an incident of their own."""
    if state is None or not state.working:
        return over(state)
    if state.kin.expects:
        return busy(state)
    reports = tuple(dict.fromkeys(command.reports))
    refused = _unsplittable(state, reports, ctx)
    if refused is not None:
        return refused
    reason = about(state, command.reason)
    if isinstance(reason, Refused):
        return reason
    into = ctx.new_stream("incident")
    return [mw.IncidentSplit(into=into, reports=reports, reason=reason)]


def _unsplittable(state: Incident, reports: tuple[StreamId, ...], ctx: Context) -> Refused | None:
    if state.visibility == "restricted" and not _may_see_restricted(ctx):
        text = t("This incident is restricted, so only a supervisor can split it.")
        return refuse("restricted", text)
    if not 1 <= len(reports) <= MOST_AT_ONCE:
        text = t("Choose the reports that are to leave, {most} at most.", most=MOST_AT_ONCE)
        return refuse("none_chosen", text)
    if any(one in state.kin.leaving or not _hangs(state, ctx.reads.get(one)) for one in reports):
        text = t("One of these reports is not here any more. Reload the page and choose again.")
        return refuse("moved", text)
    if len(reports) + len(state.kin.leaving) >= state.reports and state.origin is not None:
        text = t("At least one report has to stay. If all belong elsewhere, merge the incident.")
        return refuse("all_chosen", text)
    return None


def _may_see_restricted(ctx: Context) -> bool:
    return any(role in RESTRICTED_ROLES for role in ctx.actor.roles)


def _hangs(state: Incident, report: object) -> bool:
    return isinstance(report, Report) and report.incident == state.stream


def on_split(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Each report goes by itself; the first to arrive opens the new incident."""
    assert isinstance(rec.event, mw.IncidentSplit)
    for report in rec.event.reports:
        join = w.JoinIncident(
            incident=rec.event.into,
            before=state.stream,
            how="split",
            visibility=state.visibility,
            mode=state.mode,
        )
        yield Do(stream=report, command=join)


# --- the report ------------------------------------------------------------------------------


def join(state: Report | None, command: w.JoinIncident, ctx: Context) -> Decision:
    """Hang under another incident from now on; one that has left already stays where it is."""
    if state is None or state.incident != command.before:
        return []
    linked = w.ReportLinked(
        incident=command.incident,
        how=command.how,
        before=command.before,
        visibility=command.visibility,
        mode=command.mode,
    )
    return [linked]


def on_linked(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """Tell the new incident, and the old one of a split; the person hears of a merge once."""
    event = rec.event
    if not isinstance(event, w.ReportLinked) or event.before is None:
        return
    if event.how in MADE:
        yield Do(stream=event.incident, command=_opening(state, event, ctx))
    attach = ic.AttachReport(
        incident=event.incident,
        report=state.stream,
        danger=state.danger,
        settled=settled(state),
    )
    yield Do(stream=event.incident, command=attach)
    if event.how in MADE:
        detach = mw.DetachReport(incident=event.before, report=state.stream, settled=settled(state))
        yield Do(stream=event.before, command=detach)
    elif state.is_open and state.joined == 1:
        text = t(
            "We now handle your report {ref} together with what we already know about this "
            "problem. Nothing is lost, and you will hear from us here as before.",
            ref=labelled(state),
        )
        yield tell(state, text)


def _opening(state: Report, event: w.ReportLinked, ctx: Context) -> ic.OpenIncident:
    """What is known of the report goes along; a second one finds the incident open."""
    return ic.OpenIncident(
        report=state.stream,
        category=chosen(state.known()),
        facts=facts_of(state, ctx),
        danger=state.danger,
        complete=state.complete,
        playbook=state.playbook,
        visibility=event.visibility,
        mode=event.mode,
        split_from=event.before,
    )


def settled(state: Report) -> mw.Settled:
    """What the report has said of the fix, as its incident counts it."""
    if state.stage == "withdrawn":
        return "withdrawn"
    if state.stage != "done" or state.answered_fix == "disputed":
        return ""
    return state.answered_fix or ""


# --- the incidents ---------------------------------------------------------------------------


def attach(state: Incident | None, command: ic.AttachReport, ctx: Context) -> Decision:
    """One more report. One that was merged sends it on; one that has ended tells it so."""
    if state is None:
        return over(state)
    if state.kin.merged_into is not None:
        return [mw.ReportForwarded(report=command.report, into=state.kin.merged_into)]
    if command.report == state.first_report:
        return []
    attached = ie.ReportAttached(report=command.report, moved=True, settled=command.settled)
    events: list[Event] = [attached]
    if state.incident_kind == "problem":  # Somebody waits, so it is an incident.
        events.append(kind_changed(state, "incident", ctx))
        state = state.model_copy(update={"incident_kind": "incident"})
    if command.danger and not state.danger and state.working:
        events += _endangered(state, command.report, ctx)
    return events


def _endangered(state: Incident, report: StreamId, ctx: Context) -> list[Event]:
    """Somebody in danger has come."""
    added = ie.FactsAdded(
        report=report, category=state.category, facts=(), complete=False, danger=True
    )
    if state.priority is Priority.P1:
        return [added]
    now = state.model_copy(update={"danger": True})
    return [added, priority_changed(now, state.impact, state.urgency, ctx, Priority.P1)]


def detach(state: Incident | None, command: mw.DetachReport, ctx: Context) -> Decision:
    """One report fewer. What has been merged keeps its count: it is history."""
    if state is None or state.kin.merged_into is not None:
        return []
    return [mw.ReportDetached(report=command.report, settled=command.settled)]


def on_attached(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """A report that comes later learns how far things are."""
    assert isinstance(rec.event, ie.ReportAttached)
    stage = _stage(state)
    if stage is not None:
        note = w.NoteStage(
            incident=state.stream,
            stage=stage,
            person=state.owner,
            until=_until(state),
            incident_kind=state.incident_kind,
        )
        yield Do(stream=rec.event.report, command=note)


def _stage(state: Incident) -> Stage | None:
    if state.status in AT_WORK:
        return "taken"
    stages: dict[str, Stage] = {
        "resolved": "resolved",
        "closed": "closed",
        "cancelled": "cancelled",
    }
    return stages.get(state.status)


def _until(state: Incident) -> Millis | None:
    return state.reopen_until if state.status == "closed" else state.confirm_until


def on_forwarded(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Where this one went, the report goes."""
    assert isinstance(rec.event, mw.ReportForwarded)
    join = w.JoinIncident(incident=rec.event.into, before=state.stream, how="joined")
    yield Do(stream=rec.event.report, command=join)


def _chosen(command: mw.SplitIncident) -> tuple[StreamId, ...]:
    return command.reports[:MOST_AT_ONCE]


WORKFLOW = Workflow(
    rules=(
        Rule(mw.SplitIncident, split, "named", roles=STAFF, named_by="incident", reads=_chosen),
        Rule(w.JoinIncident, join, "named", by_system=True),
        Rule(ic.AttachReport, attach, "named", by_system=True, named_by="incident"),
        Rule(mw.DetachReport, detach, "named", by_system=True, named_by="incident"),
    ),
    reactors=(
        (mw.IncidentSplit, on_split),
        (w.ReportLinked, on_linked),
        (ie.ReportAttached, on_attached),
        (mw.ReportForwarded, on_forwarded),
    ),
)
