"""What customers and colleagues say, beneath the card that stands for it in the team's places.

A customer is called that, with the reference of their report and never with a name. What a
colleague wrote beneath the card itself stands there already.
"""

from collections.abc import Iterator

from bot.core import incident_events as ie
from bot.core import report_words as w
from bot.core.context import Context
from bot.core.events import Recorded
from bot.core.file_words import FileAdded
from bot.core.ids import PersonId
from bot.core.incident import Incident
from bot.core.intents import Intent, Members, Say
from bot.core.personal import Personal
from bot.core.report import Report
from bot.core.reporting import labelled, sounds_like_distress
from bot.core.rules import Workflow
from bot.core.taken_back_words import MessageTakenBack
from bot.core.texts import Text, Who, t


def from_customer(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """The customer's words and files."""
    event, ref = rec.event, labelled(state)
    if state.care.since is not None or sounds_like_distress(event, ctx):
        return  # It stands where few may see it.
    if isinstance(event, w.MessageReceived):
        yield _beneath(state, t("Customer ({ref}) wrote:", ref=ref), event.words)
    elif isinstance(event, w.FixDisputed) and event.words is not None:
        said = t("Customer ({ref}) says that it is not fixed:", ref=ref)
        yield _beneath(state, said, event.words)
    elif isinstance(event, FileAdded):
        said = t("Customer ({ref}) sent a file:", ref=ref)
        yield _beneath(state, said, event.name, file=event.file)


def taken_back(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """What they deleted; whoever reads it here again knows that they would rather not have said
    it.
    """
    if state.care.since is not None:
        return
    said = t(
        "The customer ({ref}) took a message back. It stays here and in the record until their "
        "data is deleted.",
        ref=labelled(state),
    )
    yield _beneath(state, said, None)


def to_customer(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """What a colleague answered, so that all who follow it know; what all customers of the
    incident are written is the incident's own, and would stand there once for each of them.
    """
    event = rec.event
    own = isinstance(event, w.MessageSent) and event.words.subject == state.subject
    if isinstance(event, w.MessageSent) and own and state.care.since is None:
        who = Who(person=event.author)
        said = t("{who} wrote to the customer ({ref}):", who=who, ref=labelled(state))
        yield _beneath(state, said, event.words)


def report_note(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """A note beside a report."""
    event = rec.event
    if isinstance(event, w.NoteWritten) and state.care.since is None:
        scope = _here(ctx) if event.beneath else ""
        yield _beneath(state, _noted(event.author), event.words, scope)


def incident_note(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """A note about an incident."""
    event = rec.event
    if isinstance(event, ie.IncidentNoteWritten):
        scope = _here(ctx) if event.beneath else ""
        yield _beneath(state, _noted(event.author), event.words, scope)


def _noted(author: PersonId) -> Text:
    return t("{who} noted:", who=Who(person=author))


def _here(ctx: Context) -> str:
    """The key of the place where it was written."""
    return "" if ctx.seat is None else str(ctx.seat.key.plain())


def _beneath(
    state: Report | Incident, text: Text, words: Personal | None, scope: str = "", file: str = ""
) -> Say:
    stream = state.incident if isinstance(state, Report) else None
    to = Members(of="beneath", stream=stream or state.stream, scope=scope)
    subject = state.subject if words is None else words.subject
    return Say(to=to, lane="card", text=text, words=words, subject=subject, file=file)


WORKFLOW = Workflow(
    reactors=(
        (w.MessageReceived, from_customer),
        (w.FixDisputed, from_customer),
        (FileAdded, from_customer),
        (MessageTakenBack, taken_back),
        (w.MessageSent, to_customer),
        (w.NoteWritten, report_note),
        (ie.IncidentNoteWritten, incident_note),
    ),
)
