"""Who looked at what few may see: kept in its own log, once per person and day, by every way."""

from bot.core import looking_words as w
from bot.core.calendar import DAY
from bot.core.context import Context
from bot.core.incident import Incident
from bot.core.rules import Decision, Rule, Workflow
from bot.core.shelter import watched


def note(state: Incident | None, command: w.NoteLook, ctx: Context) -> Decision:
    """The first look of a day; what anybody may see is looked at by everybody."""
    if state is None or not watched(state) or (command.by, ctx.at // DAY) in state.shelter.looked:
        return []
    return [w.RestrictedRead(by=command.by, where=command.where)]


WORKFLOW = Workflow(
    rules=(Rule(w.NoteLook, note, "named", by_system=True, named_by="incident"),),
)
