"""Distress: the second net beside the button, cast over everything that a customer writes.

The playbook's words find it, in any of its languages. What was found is an event that says no
more than that; a person is called, the questions stop, and the customer reads the playbook's own
kind words once. Whether it was so is for a person to say.
"""

from collections.abc import Iterator

from bot.core import distress_words as dw
from bot.core import report_words as w
from bot.core.context import Context
from bot.core.events import Recorded
from bot.core.handling import STAFF, me
from bot.core.intents import Intent, Ring, Then
from bot.core.personal import Personal, personals
from bot.core.playbook_suggest import distress
from bot.core.report import Report
from bot.core.reporting import call_for_person, erased, tell
from bot.core.rules import Decision, Rule, Workflow, refuse
from bot.core.texts import t

NO_REPORT = refuse("not_found", t("There is no such report. Check the reference."))


def notice(state: Report | None, command: dw.NoticeDistress, ctx: Context) -> Decision:
    """Call a person, as if the customer had asked for one; known distress is known."""
    if state is None or state.distress_since is not None or erased(state):
        return []
    return [dw.DistressNoticed(), *call_for_person(state, ctx)]


def clear(state: Report | None, command: dw.ClearDistress, ctx: Context) -> Decision:
    """Somebody looked: it was none, or the person is being helped."""
    if state is None:
        return NO_REPORT
    if state.distress_since is None:
        return []
    return [dw.DistressCleared(why=command.why, by=me(ctx))]


def on_words(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """Look at what was just written, before it is sealed."""
    if state.distress_since is None and any(_sounds(one, ctx) for one in personals(rec.event)):
        yield Then(command=dw.NoticeDistress())


def _sounds(value: Personal, ctx: Context) -> bool:
    said = value.plain() if value.is_plain else None
    return isinstance(said, str) and distress(ctx.playbook, said) is not None


def on_noticed(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """Kind words the first time, never twice; everybody who can help is called each time."""
    if state.distress_noticed == 1:
        yield tell(state, t("{advice}", advice=ctx.playbook.safety.distress), lane="safety")
    yield Ring(role="agent", why="distress")
    if state.taken_by is not None:
        yield Ring(person=state.taken_by, why="distress")


WORKFLOW = Workflow(
    rules=(
        Rule(dw.NoticeDistress, notice, "named", by_system=True),
        Rule(dw.ClearDistress, clear, "named", roles=STAFF, named_by="report"),
    ),
    reactors=(
        (w.QuestionAnswered, on_words),
        (w.MessageReceived, on_words),
        (w.FixDisputed, on_words),
        (w.ServiceRated, on_words),
        (dw.DistressNoticed, on_noticed),
    ),
)
