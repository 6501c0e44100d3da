"""Dead letters: who may have them tried again or let go, and that it is done in order."""

from collections.abc import Iterator

from bot.core import delivery_words as w
from bot.core.context import Context
from bot.core.desk import Desk
from bot.core.events import Recorded
from bot.core.handling import STAFF, me
from bot.core.intents import Intent, Order
from bot.core.rules import Decision, Rule, Workflow, refuse
from bot.core.texts import t

NOTHING = refuse("nothing_chosen", t("Choose which messages, then press again."))
NO_REASON = refuse("reason", t("Say why they are given up."))


def replay(state: Desk | None, command: w.ReplayDeliveries, ctx: Context) -> Decision:
    """Have them tried again."""
    return _ordered(state, command, "replay", ctx)


def discard(state: Desk | None, command: w.DiscardDeliveries, ctx: Context) -> Decision:
    """Have them given up, for a reason that stays beside them."""
    return _ordered(state, command, "discard", ctx) if command.because else NO_REASON


def _ordered(state: Desk | None, command: w.Selection, what: w.What, ctx: Context) -> Decision:
    if not (command.letter or command.update or command.fault):
        return NOTHING
    return [
        w.DeliveriesOrdered(
            number=(0 if state is None else state.orders) + 1,
            what=what,
            letter=command.letter,
            update=command.update,
            fault=command.fault,
            because=command.because,
            by=me(ctx),
        )
    ]


def on_ordered(rec: Recorded, state: Desk, ctx: Context) -> Iterator[Intent]:
    """The house carries it out, some at a time."""
    assert isinstance(rec.event, w.DeliveriesOrdered)
    yield Order(event=rec.event)


WORKFLOW = Workflow(
    rules=(
        Rule(w.ReplayDeliveries, replay, "desk", roles=STAFF),
        Rule(w.DiscardDeliveries, discard, "desk", roles=STAFF),
    ),
    reactors=((w.DeliveriesOrdered, on_ordered),),
)
