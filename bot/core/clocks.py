"""The clocks of an incident: what its priority promises, and when that is due after its holds.

Matrix, targets and cadence are those of the edition that the incident pinned; the calendar is
today's. Promises to acknowledge and to resolve run from `clock_from` and stand still on hold;
the next update is a time that people were told, so it is kept through holds.
"""

from bot.core.context import Context
from bot.core.ids import Millis
from bot.core.incident import Incident
from bot.core.incident_words import Band, Target, Targets
from bot.core.playbook_assess import after_hold, bands, due, next_update
from bot.core.priority import Priority


def begun(state: Incident, level: Priority, ctx: Context) -> Targets:
    """The targets of clocks that begin to run now."""
    return due(ctx.edition(state.playbook), ctx.playbook, level, ctx.at)


def replanned(state: Incident, level: Priority, ctx: Context) -> Targets:
    """The targets of `level` as if it had been the priority since the clocks began to run."""
    targets = due(ctx.edition(state.playbook), ctx.playbook, level, state.clock_from)
    return through_holds(state, level, targets, ctx).model_copy(
        update={"update": _update(state, level, targets.update, ctx)}
    )


def through_holds(state: Incident, level: Priority, targets: Targets, ctx: Context) -> Targets:
    """`targets` moved by each hold that came before they were due."""
    plan = ctx.edition(state.playbook)
    for hold in state.holds:
        targets = after_hold(plan, ctx.playbook, level, targets, hold)
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


_UPDATE_WARNED_AT: tuple[tuple[int, Band], ...] = ((90, "90"), (100, "breached"))


def runs(state: Incident, target: Target) -> bool:
    """Whether the promise is open and its clock is running."""
    if getattr(state.targets, target) is None:
        return False
    match target:
        case "acknowledge":
            return state.working and state.acknowledged_at is None
        case "resolve":
            return state.working and state.status != "on_hold"
        case "update":
            # Who was promised another update hears one, also after it was resolved.
            return state.working or (state.status == "resolved" and state.updates > 0)


def marks(state: Incident, target: Target, ctx: Context) -> tuple[tuple[Millis, Band], ...]:
    """The moments at which the bands of a promise are reached, the breach last."""
    if target == "update":
        return _update_marks(state)
    plan, level = ctx.edition(state.playbook), state.priority
    whole: Millis = getattr(due(plan, ctx.playbook, level, state.clock_from), target)
    found = bands(plan, ctx.playbook, level, state.clock_from, whole)
    before = [(_through_holds(state, at, ctx), band) for at, band in found[:-1]]
    return (*before, (getattr(state.targets, target), "breached"))


def _through_holds(state: Incident, at: Millis, ctx: Context) -> Millis:
    moved = through_holds(state, state.priority, Targets(resolve=at), ctx).resolve
    assert moved is not None
    return moved


def _update_marks(state: Incident) -> tuple[tuple[Millis, Band], ...]:
    until = state.targets.update
    if until is None:
        return ()
    heard = state.heard("reporters")
    since = state.clock_from if heard is None else heard.at
    return tuple(
        (since + (until - since) * share // 100, band) for share, band in _UPDATE_WARNED_AT
    )
