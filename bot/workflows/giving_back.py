"""Giving back: whoever cannot go on with an incident leaves it to everybody, and says why.

It then waits as if nobody had seen it, from that moment on: agents' pages ring, its ladder is
climbed and the time to acknowledge runs. All else that was promised goes on.
"""

from collections.abc import Iterator

from bot.core import incident_commands as ic
from bot.core import incident_events as ie
from bot.core.clocks import begun
from bot.core.commands import Refused
from bot.core.context import Context
from bot.core.events import Recorded
from bot.core.handling import STAFF, about, me, over
from bot.core.incident import Incident
from bot.core.intents import Intent, Ring
from bot.core.notices import to_reports
from bot.core.rules import Decision, Rule, Workflow, refuse
from bot.core.texts import Who, t


def release(state: Incident | None, command: ic.ReleaseIncident, ctx: Context) -> Decision:
    """By whoever has it, or a supervisor."""
    if state is None or not state.working:
        return over(state)
    if state.owner is None:
        return _is_nobodys(state, ctx)
    reason = _not_now(state, state.owner, ctx) or about(state, command.reason)
    if isinstance(reason, Refused):
        return reason
    targets = state.targets
    if state.incident_kind != "problem":
        seen_by = begun(state, state.priority, ctx).acknowledge
        targets = targets.model_copy(update={"acknowledge": seen_by})
    return [ie.IncidentReleased(before=state.owner, by=me(ctx), reason=reason, targets=targets)]


def _is_nobodys(state: Incident, ctx: Context) -> Decision:
    if state.released_at and state.moved_by == me(ctx):
        return []
    return refuse("not_taken", t("Nobody has it, so there is nothing to give back."))


def _not_now(state: Incident, owner: str, ctx: Context) -> Refused | None:
    if owner != me(ctx) and "supervisor" not in ctx.actor.roles:
        text = t("{who} has it. Only they or a supervisor give it back.", who=Who(person=owner))
        return refuse("not_yours", text)
    if state.shelter.reports:
        text = t(
            "Somebody in distress is not left alone. Hand it over to a colleague by name instead."
        )
        return refuse("distress", text)
    if state.status == "on_hold":
        text = t("It is on hold. Resume it first, or hand it over to a colleague by name.")
        return refuse("held", text)
    return None


def on_released(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Whoever can should look, and what its customers write is everybody's."""
    yield Ring(role="agent", why="released")
    yield from to_reports(state, "released")


WORKFLOW = Workflow(
    rules=(Rule(ic.ReleaseIncident, release, "named", roles=STAFF, named_by="incident"),),
    reactors=((ie.IncidentReleased, on_released),),
)
