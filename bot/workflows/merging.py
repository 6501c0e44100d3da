"""Merging: an incident goes on as part of another, with its reports, tasks and promises.

The press is decided by the incident that stays, which then does not end before the other one
has come. The other one decides whether it still can: that is the merge, and final. Of two that
are merged into each other at once, the older one stays.
"""

from collections.abc import Iterator

from bot.core import incident_events as ie
from bot.core import moving_words as mw
from bot.core.access import NOT_FOUND, may_see
from bot.core.alarm_words import Alarm, AlarmRaised, AlarmSounded
from bot.core.alarms import found
from bot.core.climbing import open_to, own_ladder
from bot.core.clocks import priority_changed
from bot.core.commands import Refused
from bot.core.context import Context
from bot.core.events import Event, Recorded
from bot.core.handling import STAFF, busy, me, over
from bot.core.ids import Millis, StreamId
from bot.core.incident import Incident
from bot.core.incident_words import Mode, Visibility
from bot.core.intents import Do, Intent, Members, Ring
from bot.core.major import holder
from bot.core.major_rules import resolves
from bot.core.major_words import COMMANDER
from bot.core.problem_rules import unfit
from bot.core.report_words import JoinIncident
from bot.core.rules import Decision, Rule, Workflow, refuse
from bot.core.task import MOST_TASKS, Task, as_brought
from bot.core.texts import Ref, Text, t

# --- the press -------------------------------------------------------------------------------


def merge(state: Incident | None, command: mw.MergeIncident, ctx: Context) -> Decision:
    """Expect the other incident, if both are as they must be as far as can be seen."""
    source = ctx.reads.get(command.incident)
    if state is None or not isinstance(source, Incident) or not may_see(ctx.actor, source):
        return NOT_FOUND
    if source.stream == state.stream:
        return refuse("same", t("This is the same incident. Choose the other one."))
    if source.stream == state.kin.expects or source.kin.merged_into == state.stream:
        return []
    refused = (
        _over(source)
        or _over(state)
        or unfit(source)
        or unfit(state)
        or _major(source)
        or _repairs(source, state)
        or _unlike(source, state.visibility, state.mode)
        or _too_much(source, state)
    )
    if refused is None and (state.kin.expects or source.kin.expects):
        refused = busy(state if state.kin.expects else source)
    if refused is not None:
        return refused
    began = mw.MergeBegan(
        source=source.stream,
        reference=source.reference,
        by=me(ctx),
        call_off=command.call_off,
    )
    return [began]


def _over(state: Incident) -> Refused | None:
    """Why nothing can be merged with an incident on which nobody works any more."""
    if state.working:
        return None
    ref = Ref(ref=state.reference)
    texts: dict[str, Text] = {
        "resolved": t("{ref} is resolved. Reopen it first if they belong together.", ref=ref),
        "closed": t("{ref} is closed. Reopen it first if they belong together.", ref=ref),
        "cancelled": t("{ref} was cancelled, so nothing can be merged with it.", ref=ref),
        "merged": t("{ref} was merged into another one already. Reload the page.", ref=ref),
    }
    return Refused(code=state.status, text=texts[state.status])


def _unlike(source: Incident, visibility: Visibility, mode: Mode) -> Refused | None:
    """Why they cannot be one: few would become many, or what is real would become none."""
    if source.mode != mode:
        text = t("One of them is an exercise or a test and the other is not. Keep them apart.")
        return refuse("mode", text)
    if source.visibility == "restricted" and visibility == "normal":
        text = t(
            "{ref} is restricted, and by this everybody would see it. Restrict the other one "
            "first, or merge the other one into {ref}.",
            ref=Ref(ref=source.reference),
        )
        return refuse("restricted", text)
    return None


def _major(source: Incident) -> Refused | None:
    """Why a declared major incident goes into no other one."""
    if not source.major.declared:
        return None
    text = t(
        "{ref} is a declared major incident. Merge the other one into it, or stand it down first.",
        ref=Ref(ref=source.reference),
    )
    return refuse("major", text)


def _repairs(source: Incident, state: Incident) -> Refused | None:
    """Why the one that stays would be commanded by somebody who repairs."""
    if not resolves(source, holder(state, COMMANDER)):
        return None
    text = t(
        "Who commands has a task of {ref}. Hand over command first, or give the task back.",
        ref=Ref(ref=source.reference),
    )
    return refuse("resolver", text)


def _too_much(source: Incident, state: Incident) -> Refused | None:
    moving = sum(one.status not in ("done", "cancelled") for one in source.tasks)
    absorbed = dict.fromkeys((*state.kin.absorbed, *source.kin.absorbed, source.stream))
    if len(state.tasks) + moving <= MOST_TASKS and len(absorbed) <= mw.MOST_ABSORBED:
        return None
    text = t("Together they would be too large for one incident. Keep them apart.")
    return refuse("too_large", text)


def on_began(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """The other one decides."""
    assert isinstance(rec.event, mw.MergeBegan)
    source = rec.event.source
    command = mw.GoInto(
        incident=source,
        into=state.stream,
        reference=state.reference,
        own=rec.event.reference,
        by=rec.event.by,
        visibility=state.visibility,
        mode=state.mode,
        call_off=rec.event.call_off,
    )
    yield Do(stream=source, command=command)


# --- the one that goes -----------------------------------------------------------------------


def go_into(state: Incident | None, command: mw.GoInto, ctx: Context) -> Decision:
    """End as merged, unless something came in between. No task ends that was not named."""
    if state is None or not state.working:
        return over(state)
    crossed = state.kin.expects == command.into
    if state.kin.expects and not (crossed and command.into < state.stream):
        return refuse("busy", t("Both were being merged at the same moment."))
    refused = _major(state) or _unlike(state, command.visibility, command.mode)
    if refused is not None:
        return refused
    merged = mw.IncidentMerged(into=command.into, reference=command.reference, by=command.by)
    withdrawn = _crossed(state, command.reference) if crossed else []
    return [*withdrawn, *_tasks(state, command.call_off), merged]


def _crossed(state: Incident, reference: str) -> list[Event]:
    """The own wish is withdrawn for the older one's."""
    source, by = state.kin.expects or "", state.kin.expects_by or ""
    return [mw.MergeEnded(source=source, reference=reference, by=by, code="crossed")]


def _tasks(state: Incident, call_off: tuple[int, ...]) -> list[Event]:
    """Called off what was named while this one still works, so that people hear it; move the
    rest with whoever has a place there.
    """
    left = [one for one in state.tasks if one.status not in ("done", "cancelled")]
    off = [one for one in left if one.number in call_off and one.unseen_to]
    cancelled = [ie.TaskCancelled(task=one.number, reason=None) for one in off]
    moved = [mw.TaskMoved(task=one.number) for one in left if one not in off]
    return [*cancelled, *moved]


def back(command: mw.GoInto, refused: Refused) -> mw.EndMerge:
    """Who expects it must not wait for ever."""
    return mw.EndMerge(
        incident=command.into,
        source=command.incident,
        reference=command.own,
        code=refused.code,
    )


def on_merged(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """The other one takes it in; its reports follow; who had it should know."""
    assert isinstance(rec.event, mw.IncidentMerged)
    into, by = rec.event.into, rec.event.by
    yield Do(stream=into, command=_brought(state, into, rec.event.by))
    join = JoinIncident(incident=into, before=state.stream, how="joined")
    yield Do(stream=Members(of="streams", stream=state.stream), command=join)
    if state.owner not in (None, by):
        yield Ring(person=state.owner or "", why="merged")


def _brought(state: Incident, into: StreamId, by: str) -> mw.AbsorbIncident:
    moving: list[Task] = [one for one in state.tasks if one.moved]
    missed = found(state.alarms, "undelivered", "")
    return mw.AbsorbIncident(
        incident=into,
        source=state.stream,
        reference=state.reference,
        by=by,
        tasks=tuple(as_brought(one) for one in moving),
        absorbed=state.kin.absorbed,
        impact=state.impact,
        urgency=state.urgency,
        priority=state.priority,
        danger=state.danger,
        next_by=_promised(state),
        told=state.told,
        told_from=state.told_from,
        escalated=found(state.alarms, "manual", ""),
        unreached=missed.raised_at if missed is not None else None,
    )


def _promised(state: Incident) -> Millis | None:
    """When its customers were told that they hear next."""
    heard = (state.heard("reporters"), state.heard("public"))
    return min((one.next_by for one in heard if one and one.next_by is not None), default=None)


# --- the one that stays ----------------------------------------------------------------------


def absorb(state: Incident | None, command: mw.AbsorbIncident, ctx: Context) -> Decision:
    """What was promised and begun goes on here; the higher priority of both counts."""
    if state is not None and command.source in state.kin.parts:
        return []
    if state is None or not state.working:
        return over(state)
    targets = state.targets.model_copy(
        update={"update": _earlier(state.targets.update, command.next_by)}
    )
    absorbed = mw.IncidentAbsorbed(
        source=command.source,
        reference=command.reference,
        by=command.by,
        absorbed=command.absorbed,
        danger=command.danger,
        targets=targets,
        told=command.told,
        told_from=command.told_from,
    )
    first = len(state.tasks) + 1
    tasks = [
        mw.TaskBrought(task=number, brought=one) for number, one in enumerate(command.tasks, first)
    ]
    raised = _raised(state, command, absorbed, ctx)
    called = (*_escalated(state, command.escalated, ctx), *_unreached(state, command, ctx))
    return [absorbed, *tasks, *raised, *called]


def _unreached(state: Incident, command: mw.AbsorbIncident, ctx: Context) -> list[Event]:
    """A customer of the other one must still be phoned."""
    if command.unreached is None or found(state.alarms, "undelivered", ""):
        return []
    ladder = own_ladder(state, ctx.edition(state.playbook))
    since = command.unreached
    return [AlarmRaised(cause="undelivered", about="", ladder=ladder, since=since)]


def _escalated(state: Incident, alarm: Alarm | None, ctx: Context) -> list[Event]:
    """Whoever was called for the other one is called for this one, and it climbs on from there."""
    if alarm is None or found(state.alarms, "manual", ""):
        return []
    raised = AlarmRaised(
        cause="manual",
        about="",
        ladder=own_ladder(state, ctx.edition(state.playbook)),
        since=alarm.raised_at,
        by=alarm.by,
    )
    who = open_to(state, alarm.who)
    sounded = AlarmSounded(cause="manual", about="", rung=alarm.rung, time=alarm.time, who=who)
    return [raised, sounded]


def _earlier(one: Millis | None, other: Millis | None) -> Millis | None:
    return min((at for at in (one, other) if at is not None), default=None)


def _raised(
    state: Incident, command: mw.AbsorbIncident, absorbed: mw.IncidentAbsorbed, ctx: Context
) -> list[Event]:
    """The priority of the other one where that presses more."""
    danger = command.danger and not state.danger
    if command.priority >= state.priority or (state.overridden and not danger):
        return []
    now = state.model_copy(update={"danger": state.danger or danger, "targets": absorbed.targets})
    changed = priority_changed(now, command.impact, command.urgency, ctx, command.priority)
    update = _earlier(changed.targets.update, command.next_by)
    kept = changed.targets.model_copy(update={"update": update})
    return [changed.model_copy(update={"targets": kept})]


def end_merge(state: Incident | None, command: mw.EndMerge, ctx: Context) -> Decision:
    """It does not come; whoever asked for it is told."""
    if state is None or state.kin.expects != command.source:
        return []
    by = state.kin.expects_by or ""
    ended = mw.MergeEnded(
        source=command.source, reference=command.reference, by=by, code=command.code
    )
    return [ended]


def on_ended(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Who pressed was told that it is done, so they are told that it is not."""
    assert isinstance(rec.event, mw.MergeEnded)
    yield Ring(person=rec.event.by, why="not_merged")


def _source(command: mw.MergeIncident) -> tuple[StreamId, ...]:
    return (command.incident,)


WORKFLOW = Workflow(
    rules=(
        Rule(mw.MergeIncident, merge, "named", roles=STAFF, named_by="into", reads=_source),
        Rule(mw.GoInto, go_into, "named", by_system=True, named_by="incident", sends_back=back),
        Rule(mw.AbsorbIncident, absorb, "named", by_system=True, named_by="incident"),
        Rule(mw.EndMerge, end_merge, "named", by_system=True, named_by="incident"),
    ),
    reactors=(
        (mw.MergeBegan, on_began),
        (mw.MergeEnded, on_ended),
        (mw.IncidentMerged, on_merged),
    ),
)
