"""An answer that did not reach its customer: whoever wrote it hears so, and so do colleagues.

The clock of an unanswered customer is not begun anew: where nothing gets through, no further
answer could end it. Who was told calls them, or reaches them another way.
"""

from collections.abc import Iterator

from bot.core.calendar import DAY
from bot.core.context import Context
from bot.core.events import Recorded
from bot.core.intents import Intent, Members, Say
from bot.core.notices import page
from bot.core.parties import Party
from bot.core.reply_words import NoteUndelivered, ReplyUndelivered
from bot.core.report import Report
from bot.core.reporting import labelled
from bot.core.rules import Decision, Rule, Workflow
from bot.core.texts import Text, t

WHY = {
    "blocked": t(
        "The answer to the customer ({ref}) did not arrive: in {channel} they take no messages "
        "from us any more. Call them, or reach them another way."
    ),
    "expired": t(
        "The answer to the customer ({ref}) did not arrive in time by {channel}. Try it again on "
        "the desk, or call them."
    ),
    "failed": t(
        "The answer to the customer ({ref}) did not arrive: {channel} did not take it. Try it "
        "again on the desk, or call them."
    ),
}


def note(state: Report | None, command: NoteUndelivered, ctx: Context) -> Decision:
    """Keep that it did not arrive, and of whose words that is true."""
    if state is None or state.subject in state.erased:
        return []
    author = state.conversation.author_of(command.number) or state.taken_by
    return [
        ReplyUndelivered(
            number=command.number,
            channel=command.channel,
            title=command.title,
            why=command.why,
            author=author,
        )
    ]


def on_undelivered(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """Its author is called, and it is said beneath the card where the words stand."""
    event = rec.event
    assert isinstance(event, ReplyUndelivered)
    text = _said(event, state)
    who = Party(of="person", key=event.author) if event.author else Party(of="role", key="agent")
    alone = state.care.since is not None
    until, about = rec.at + DAY, state.subject
    yield from page(
        state.stream, (who,), text, "undelivered", until=until, subject=about, alone=alone
    )
    if not alone:
        beneath = Members(of="beneath", stream=state.incident or state.stream)
        yield Say(to=beneath, lane="card", text=text, subject=about)


def _said(event: ReplyUndelivered, state: Report) -> Text:
    args = {"ref": labelled(state), "channel": event.title}
    return WHY[event.why].model_copy(update={"args": args})


WORKFLOW = Workflow(
    rules=(Rule(NoteUndelivered, note, "named", by_system=True),),
    reactors=((ReplyUndelivered, on_undelivered),),
)
