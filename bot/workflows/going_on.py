"""Going on with a report on another channel, once the accounts there are joined."""

from collections.abc import Iterator

from bot.core import going_on_words as g
from bot.core.context import Context
from bot.core.events import Recorded
from bot.core.intents import Intent
from bot.core.report import Report
from bot.core.reporting import tell
from bot.core.rules import Decision, Rule, Workflow, refuse
from bot.core.texts import Ref, t

NOTHING_HERE = refuse("no_report", t("There is no report of yours to go on with. Begin a new one."))


def go_on(state: Report | None, command: g.GoOnHere, ctx: Context) -> Decision:
    """From now on here; where it goes on already nothing changes."""
    if state is None or ctx.seat is None or state.subject in state.erased:
        return NOTHING_HERE
    if ctx.seat.channel == state.seat.channel:
        return []
    return [g.ConversationMoved(seat=ctx.seat)]


def on_moved(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """Said where it goes on."""
    yield tell(
        state,
        t(
            "We go on here with your report {reference}. What we write to you comes here from "
            "now on.",
            reference=Ref(ref=state.reference),
        ),
    )


WORKFLOW = Workflow(
    rules=(Rule(g.GoOnHere, go_on, "own_report", by_reporter=True),),
    reactors=((g.ConversationMoved, on_moved),),
)
