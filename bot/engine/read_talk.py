"""The messages of a report as the desk reads them, from its log."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.events import Recorded
from bot.core.file_words import FileAdded
from bot.core.ids import Millis
from bot.core.major_rules import LATE_FROM
from bot.core.report import Report
from bot.core.report_words import MessageReceived, MessageSent, NoteWritten
from bot.core.taken_back_words import MessageTakenBack
from bot.engine.file_views import FileView, view_of
from bot.engine.read import Reads, Said
from bot.engine.read_marks import Mark, marks

TALK = 1_000
"""So many of its events are read: several hundred messages, with what was seen of them."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation; `who` is customer, desk or note, `by` the agent's name;
    `back` stands for words of the customer's that they took back.

    `seen`: what the desk wrote was on the customer's screen; `mark` says what became of it on its
    way there. `written_at` is when they wrote it, where it came late.
    """

    number: int
    at: Millis
    who: str
    by: str
    words: Said
    seen: bool = False
    file: FileView | None = None
    mark: Mark | None = None
    written_at: Millis | None = None


async def messages(reads: Reads, report: Report, version: int) -> tuple[Message, ...]:
    """The newest of a report, the oldest first."""
    log = await reads.log(report.stream, version, TALK)
    names = await reads.names([one.actor for one in log])
    sent = [one.event.number for one in log if isinstance(one.event, MessageSent)]
    went = await marks(reads, report.stream, sent)
    found: list[Message] = []
    for one in log:
        event, by = one.event, names.get(one.actor or "", "")
        if isinstance(event, FileAdded):
            found += _file(reads, report, event)
        elif isinstance(event, MessageReceived):
            words, came_late = reads.said(event.words), _late(one)
            found.append(Message(event.number, one.at, "customer", "", words, written_at=came_late))
        elif isinstance(event, MessageSent):
            seen = event.number <= report.conversation.seen_by_customer
            words, mark = reads.said(event.words), went.get(event.number)
            found.append(Message(event.number, one.at, "desk", by, words, seen, mark=mark))
        elif isinstance(event, NoteWritten):
            found.append(Message(0, one.at, "note", by, reads.said(event.words)))
        elif isinstance(event, MessageTakenBack):
            found.append(Message(0, one.at, "back", "", ""))
    return tuple(found)


def _late(one: Recorded) -> Millis | None:
    """When it was written, if the platform kept it for a while."""
    late = one.source_at is not None and one.at - one.source_at > LATE_FROM
    return one.source_at if late else None


def _file(reads: Reads, report: Report, event: FileAdded) -> Iterator[Message]:
    """A file stands where it was sent; an answer to a question has no number there."""
    for one in report.files:
        if one.file == event.file:
            shown = view_of(report.stream, one, reads.said)
            number = event.number or 0
            yield Message(number, one.at, "customer", "", shown.name, file=shown)
