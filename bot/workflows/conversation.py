"""The conversation: customer and desk write to each other; notes stay among colleagues.

The words are in the log and in the mailbox; the state only counts them and knows who waits.
"""

from collections.abc import Iterator

from bot.core import report_words as w
from bot.core.canned import ready
from bot.core.commands import Refused
from bot.core.context import Context
from bot.core.events import Event, Recorded
from bot.core.free_text import MESSAGE_MOST, NOTE_MOST, words
from bot.core.going_on_words import ConversationMoved
from bot.core.handling import STAFF
from bot.core.intents import Find, Intent, Say
from bot.core.personal import Personal
from bot.core.report import Report
from bot.core.reporting import end_wait, erased, from_first_word, ring, thanked, wait
from bot.core.rules import Decision, Rule, Workflow, refuse
from bot.core.taken_back_words import MessageTakenBack, TakeBackMessage
from bot.core.texts import When, t

NO_REPORT = refuse("not_found", t("There is no such report. Check the reference."))
NOT_HERE = refuse(
    "not_here",
    t(
        "Nothing from here reaches this customer: another system reported for them. Call them, "
        "or write to them, by what is known of them."
    ),
)


@from_first_word
def write(state: Report, command: w.WriteMessage, ctx: Context) -> Decision:
    """Take what the customer says, whatever the questions are doing. What we write goes to where
    they wrote last.
    """
    said = words(command.words, MESSAGE_MOST)
    if isinstance(said, Refused):
        return said
    number = state.conversation.count + 1
    received = w.MessageReceived(number=number, words=Personal(state.subject, said))
    return [*_from_here(state, ctx), received, *wait(state, "wrote")]


def _from_here(state: Report, ctx: Context) -> list[ConversationMoved]:
    """They write from another of their accounts now."""
    here = ctx.seat
    if here is None or not state.seat.reached or here.channel == state.seat.channel:
        return []
    return [ConversationMoved(seat=here, before=state.seat)]


def take_back(state: Report | None, command: TakeBackMessage, ctx: Context) -> Decision:
    """Colleagues may have read it, and may be acting on it: they hear of it, the words stay."""
    if state is None:
        return NO_REPORT
    return erased(state) or [MessageTakenBack()]


def reply(state: Report | None, command: w.ReplyToCustomer, ctx: Context) -> Decision:
    """Answer the customer; the first answer ends their wait."""
    if state is None or ctx.actor.person is None:
        return NO_REPORT
    refused = erased(state) or _unreachable(state, ctx)
    if refused is not None:
        return refused
    prepared = ready(ctx.playbook, command.canned, state.language)
    said = words(command.words.strip() or prepared, MESSAGE_MOST)
    if isinstance(said, Refused):
        return said
    sent = w.MessageSent(
        number=state.conversation.count + 1,
        words=Personal(state.subject, said),
        author=ctx.actor.person,
        canned=command.canned if prepared else "",
    )
    return [sent, *end_wait(state, ctx.actor.person)]


def _unreachable(state: Report, ctx: Context) -> Refused | None:
    if not state.seat.reached:
        return NOT_HERE
    if state.serves(ctx.at):
        return None
    if state.open_until is not None:
        return refuse(
            "ended",
            t(
                "This report closed for good at {time}, so nothing was sent. "
                "Open the incident again if there is more to do.",
                time=When(at=state.open_until),
            ),
        )
    return refuse("ended", t("The customer took this report back, so nothing was sent."))


def write_note(state: Report | None, command: w.WriteNote, ctx: Context) -> Decision:
    """Keep something for colleagues, under the customer's subject."""
    if state is None or ctx.actor.person is None:
        return NO_REPORT
    refused = erased(state)
    if refused is not None:
        return refused
    said = words(command.words, NOTE_MOST)
    if isinstance(said, Refused):
        return said
    noted = Personal(state.subject, said)
    return [w.NoteWritten(words=noted, author=ctx.actor.person, beneath=command.beneath)]


def mark_seen(state: Report | None, command: w.MarkSeen, ctx: Context) -> Decision:
    """One side has read so far; it never goes back, nor past the last message."""
    if state is None:
        return []
    by_customer = command.report is None and ctx.actor.stands_for(state.person)
    talk = state.conversation
    through = min(command.through, talk.count)
    if through <= (talk.seen_by_customer if by_customer else talk.seen_by_desk):
        return []
    return [w.MessagesSeen(by="customer" if by_customer else "desk", through=through)]


# --- what follows ----------------------------------------------------------------------------


def on_received(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """Keep it in the customer's own mailbox, make it findable, ring whoever has the report."""
    event = rec.event
    if not isinstance(event, w.MessageReceived):
        return
    yield Say(
        to=state.seat,
        lane="reply",
        text=t("You wrote:"),
        words=event.words,
        subject=state.subject,
        own=True,
        message=event.number,
    )
    yield Find(field=f"message:{event.number}", words=event.words)
    yield ring(state, "message")
    yield from thanked(state, rec.at)


def on_sent(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """The customer gets it; customers hear roles, not names."""
    event = rec.event
    if not isinstance(event, w.MessageSent):
        return
    desk = t("{desk} wrote:", desk=ctx.playbook.organisation.name)
    yield Say(
        to=state.seat,
        lane="reply",
        text=desk if event.as_desk else t("An agent wrote:"),
        words=event.words,
        subject=state.subject,
        message=event.number,
        as_desk=event.as_desk,
    )
    yield Find(field=f"message:{event.number}", words=event.words)


def on_note(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """Colleagues find it again."""
    event: Event = rec.event
    if isinstance(event, w.NoteWritten):
        yield Find(field=f"note:{rec.version}", words=event.words)


WORKFLOW = Workflow(
    rules=(
        Rule(w.WriteMessage, write, "own_report", by_reporter=True),
        Rule(TakeBackMessage, take_back, "own_report", by_reporter=True),
        Rule(w.ReplyToCustomer, reply, "named", roles=STAFF, named_by="report"),
        Rule(w.WriteNote, write_note, "named", roles=STAFF, named_by="report"),
        Rule(
            w.MarkSeen,
            mark_seen,
            "own_report",
            roles=STAFF,
            by_reporter=True,
            named_by="report",
        ),
    ),
    reactors=(
        (w.MessageReceived, on_received),
        (w.MessageSent, on_sent),
        (w.NoteWritten, on_note),
    ),
)
