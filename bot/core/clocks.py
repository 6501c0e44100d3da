"""The clocks of an incident: what its priority promises, and when that is due after its holds.

Matrix, targets and cadence are those of the edition that the incident pinned; the calendar is
today's. Promises to acknowledge and to resolve run from `clock_from` and stand still on hold (to
acknowledge what somebody gave back: from then on, and what is on hold is nobody's to give back);
the next update is a time that people were told, so it is kept through holds.
"""

from collections.abc import Iterator, Mapping

from bot.core import incident_events as ie
from bot.core import moving_words as mw
from bot.core.calendar import add
from bot.core.context import Context
from bot.core.ids import Millis
from bot.core.incident import Incident
from bot.core.incident_words import Band, IncidentKind, Target, Targets
from bot.core.measured import was_told
from bot.core.playbook_assess import Assessment, after_hold, due, next_update, priority
from bot.core.priority import Level, Priority


def begun(state: Incident, level: Priority, ctx: Context) -> Targets:
    """The targets of clocks that begin to run now."""
    return due(ctx.edition(state.playbook), ctx.playbook, level, ctx.at, state.incident_kind)


def replanned(state: Incident, level: Priority, ctx: Context) -> Targets:
    """The targets of `level` as if it had been the priority since the clocks began to run; a
    problem has none.
    """
    plan, kind = ctx.edition(state.playbook), state.incident_kind
    if kind == "problem":
        return Targets()
    targets = due(plan, ctx.playbook, level, state.clock_from, kind)
    moved = through_holds(state, level, targets, ctx)
    seen_by = moved.acknowledge
    if state.waits_from > state.clock_from:
        seen_by = due(plan, ctx.playbook, level, state.waits_from, kind).acknowledge
    return moved.model_copy(
        update={
            "acknowledge": seen_by,
            "update": _update(state, level, targets.update, ctx),
        }
    )


def priority_changed(
    state: Incident, impact: Level, urgency: Level, ctx: Context, level: Priority | None = None
) -> ie.PriorityChanged:
    """The priority of these, or the given one, with its promises counted from the beginning."""
    plan = ctx.edition(state.playbook)
    found = Assessment(impact=impact, urgency=urgency, danger=state.danger)
    level = level or priority(plan, found)
    return ie.PriorityChanged(
        impact=impact,
        urgency=urgency,
        priority=level,
        overridden=False,
        reason=None,
        targets=replanned(state, level, ctx),
    )


def kind_changed(state: Incident, kind: IncidentKind, ctx: Context) -> mw.KindChanged:
    """It is of another kind, with the promises of that counted from the beginning."""
    now = state.model_copy(update={"incident_kind": kind})
    targets = _of_kind(state, now, ctx) if state.working else None
    same = targets in (None, state.targets)
    return mw.KindChanged(
        before=state.incident_kind, incident_kind=kind, targets=None if same else targets
    )


def _of_kind(state: Incident, now: Incident, ctx: Context) -> Targets:
    """People hear of what was a problem from now on."""
    targets = replanned(now, state.priority, ctx)
    if state.incident_kind != "problem":
        return targets
    return targets.model_copy(update={"update": begun(now, state.priority, ctx).update})


def resumed(state: Incident, since: Millis, ctx: Context) -> Targets:
    """What is promised, moved by the hold that began at `since` and ends now."""
    plan = ctx.edition(state.playbook)
    targets = due(plan, ctx.playbook, state.priority, state.clock_from, state.incident_kind)
    held = state.model_copy(update={"holds": (*state.holds, (since, ctx.at))})
    moved = through_holds(held, state.priority, targets, ctx)
    return moved.model_copy(update={"update": state.targets.update})


def through_holds(state: Incident, level: Priority, targets: Targets, ctx: Context) -> Targets:
    """`targets` moved by each hold that came before they were due."""
    plan = ctx.edition(state.playbook)
    for hold in state.holds:
        targets = after_hold(plan, ctx.playbook, level, targets, hold, state.incident_kind)
    return targets


def _update(state: Incident, level: Priority, first: Millis | None, ctx: Context) -> Millis | None:
    """When people must hear next under `level`; never later than they were told."""
    if level == state.priority:
        return state.targets.update
    heard = state.heard("reporters")
    if heard is None:
        return first
    cadence = ctx.edition(state.playbook).updates.of(level)
    possible = (next_update(cadence, state.clock_from, heard.at), state.targets.update)
    return min((one for one in possible if one is not None), default=None)


_BANDS: Mapping[int, Band] = {50: "50", 75: "75", 90: "90"}
_UPDATE_WARNED_AT: tuple[tuple[int, Band], ...] = ((90, "90"), (100, "breached"))


def until(state: Incident, target: Target) -> Millis | None:
    """When the promise is due; None where there is none."""
    found: Millis | None = getattr(state.targets, target)
    return found


def runs(state: Incident, target: Target) -> bool:
    """Whether the promise is open and its clock is running; none does with somebody in distress."""
    if until(state, target) is None or state.unclocked:
        return False
    match target:
        case "acknowledge":
            return state.working and state.acknowledged_at is None
        case "resolve":
            return state.working and state.status != "on_hold"
        case "update":
            # Who was promised another update hears one, also after it was resolved.
            return state.working or (state.status == "resolved" and was_told(state))


def marks(state: Incident, target: Target, ctx: Context) -> Iterator[tuple[Millis, Band]]:
    """The moments at which the bands of a promise are reached, worked out as they are asked for.

    In order, ending with the breach, which is when the card says that the promise is due, also
    where the calendar was changed since.
    """
    if target == "update":
        yield from _update_marks(state)
        return
    promise = ctx.edition(state.playbook).promise(state.priority, state.incident_kind)
    calendar = ctx.playbook.calendar(promise.calendar)
    whole: Millis = getattr(promise, target)
    due_at = until(state, target)
    if due_at is None:
        return
    anew = target == "acknowledge" and state.waits_from > state.clock_from
    for share in sorted(promise.warn_at):
        at = add(calendar, state.waits_from if anew else state.clock_from, whole * share // 100)
        yield min(due_at, at if anew else _through_holds(state, at, ctx)), _BANDS[share]
    yield due_at, "breached"


def _through_holds(state: Incident, at: Millis, ctx: Context) -> Millis:
    moved = through_holds(state, state.priority, Targets(resolve=at), ctx).resolve
    assert moved is not None
    return moved


def _update_marks(state: Incident) -> tuple[tuple[Millis, Band], ...]:
    due_at = state.targets.update
    if due_at is None:
        return ()
    heard = state.heard("reporters")
    since = state.clock_from if heard is None else heard.at
    whole = due_at - since
    return tuple((since + whole * share // 100, band) for share, band in _UPDATE_WARNED_AT)
