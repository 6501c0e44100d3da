"""Looking up who a customer is. The log says who looked; the answer is read beside it."""

from bot.core import reveal_words as w
from bot.core.access import NOT_FOUND
from bot.core.context import Context
from bot.core.handling import STAFF, me
from bot.core.incident import Incident
from bot.core.report import Report
from bot.core.reporting import erased
from bot.core.rules import Decision, Rule, Workflow


def customer(state: Incident | None, command: w.RevealCustomer, ctx: Context) -> Decision:
    """Whatever has become of the incident: somebody may have to be called afterwards."""
    return NOT_FOUND if state is None else [w.CustomerRevealed(by=me(ctx))]


def reporter(state: Report | None, command: w.RevealReporter, ctx: Context) -> Decision:
    """Of somebody whose data was deleted nothing is known any more."""
    if state is None:
        return NOT_FOUND
    return erased(state) or [w.ReporterRevealed(by=me(ctx))]


WORKFLOW = Workflow(
    rules=(
        Rule(w.RevealCustomer, customer, "named", roles=STAFF, named_by="incident"),
        Rule(w.RevealReporter, reporter, "named", roles=STAFF, named_by="report"),
    ),
)
