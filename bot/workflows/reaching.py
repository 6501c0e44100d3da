"""A customer whom urgent words do not reach: whoever has the incident is called, and phones them.

Nothing ends silently: what was lost stands in the list of what did not arrive, and somebody is
called about it until they say that they see to it.
"""

from collections.abc import Iterator

from bot.core.alarm_words import RaiseAlarm
from bot.core.calendar import HOUR
from bot.core.context import Context
from bot.core.events import Recorded
from bot.core.intents import Do, Intent
from bot.core.notices import page
from bot.core.parties import Party
from bot.core.reaching_words import CustomerUnreached, NoteUnreached
from bot.core.report import Report
from bot.core.reporting import labelled
from bot.core.rules import Decision, Rule, Workflow
from bot.core.texts import t

AGENTS = Party(of="role", key="agent")


def note(state: Report | None, command: NoteUnreached, ctx: Context) -> Decision:
    """Who took their report back, or was forgotten, need not be told."""
    if state is None or state.stage == "withdrawn" or state.subject in state.erased:
        return []
    return [CustomerUnreached(channel=command.channel, waits=command.waits)]


def on_unreached(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """The owner hears at once, and then the ladder; where there is no incident yet, the agents."""
    if state.incident is not None:
        alarm = RaiseAlarm(incident=state.incident, cause="undelivered")
        yield Do(stream=state.incident, command=alarm)
        return
    distress = state.care.since is not None
    text = t(
        "{ref}: urgent words to this customer could not be delivered. Call them.",
        ref=labelled(state),
    )
    if distress:
        text = t("{ref}: you are needed now. Open it on the desk.", ref=labelled(state))
    yield from page(
        state.stream,
        (AGENTS,),
        text,
        "alarm",
        until=rec.at + HOUR,
        supersedes=f"undelivered:{state.stream}",
        subject=state.subject,
        alone=distress,
    )


WORKFLOW = Workflow(
    rules=(Rule(NoteUnreached, note, "named", by_system=True),),
    reactors=((CustomerUnreached, on_unreached),),
)
