"""Where somebody with several accounts hears what they follow, and leaving all of it at once.

What accounts followed before they were joined stays theirs, so that parting needs nothing: whoever
sends knows who is one person (`engine/circles`), and here each can end what any of them follows.
"""

from collections.abc import Iterator

from bot.core import hearing_words as h
from bot.core import person_words as w
from bot.core.context import Context
from bot.core.events import Recorded
from bot.core.intents import Do, Intent
from bot.core.person import Person
from bot.core.rules import Decision, Rule, Workflow, refuse
from bot.core.texts import t

NOBODY = refuse("nobody", t("You follow nothing from here yet, so there is nothing to choose."))
NOT_YOURS = refuse("not_found", t("This is not among what you follow. Open the list again."))


def choose(state: Person | None, command: h.ChooseWhere, ctx: Context) -> Decision:
    """On each channel, or once; "" is where they say so."""
    if state is None or state.disabled:
        return NOBODY
    here = "" if ctx.seat is None else ctx.seat.channel
    channel = "" if command.each else command.channel or here
    if state.hears == h.Hears(each=command.each, channel=channel):
        return []
    return [h.WhereChosen(each=command.each, channel=channel)]


def end_own(state: Person | None, command: h.EndOwn, ctx: Context) -> Decision:
    """What one follows oneself, or an account that is one's own now."""
    if state is None or not ctx.actor.stands_for(state.stream):
        return NOT_YOURS
    known = any(one.number == command.number for one in state.subscriptions)
    return [w.Unsubscribed(number=command.number)] if known else []


def stop(state: Person | None, command: h.StopFollowing, ctx: Context) -> Decision:
    """All of it, wherever it was asked for."""
    if state is None:
        return []
    over = [w.Unsubscribed(number=one.number) for one in state.subscriptions]
    return [*over, h.FollowingStopped()] if over or state.own else []


def end_all(state: Person | None, command: h.EndAll, ctx: Context) -> Decision:
    """Unless they stand for themselves again."""
    if state is None or state.joined_into != command.into:
        return []
    return [w.Unsubscribed(number=one.number) for one in state.subscriptions]


def on_stopped(rec: Recorded, state: Person, ctx: Context) -> Iterator[Intent]:
    """Accounts that were joined go along; it is done before anything more is sent."""
    for one in state.own:
        yield Do(stream=one.person, command=h.EndAll(into=state.stream))


WORKFLOW = Workflow(
    rules=(
        Rule(h.ChooseWhere, choose, "self", by_anyone=True),
        Rule(h.EndOwn, end_own, "named", by_anyone=True, named_by="person"),
        Rule(h.StopFollowing, stop, "self", by_anyone=True),
        Rule(h.EndAll, end_all, "named", by_system=True),
    ),
    reactors=((h.FollowingStopped, on_stopped),),
)
