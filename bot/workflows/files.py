"""Files: what a customer sends beside words, for a question or at any time in the conversation.

The channel has looked at the bytes and put them into the store before it asks; here it is decided
whether the report takes them.
"""

from collections.abc import Iterator

from bot.core.answers import clean
from bot.core.commands import Refused
from bot.core.context import Context
from bot.core.events import Recorded
from bot.core.file_words import AttachFile, FileAdded, FileRefused, RefuseFile
from bot.core.files import (
    FILES_MOST,
    NAME_MOST,
    NOTHING_YET,
    REPORT_MOST,
    TOO_MANY,
    safe_name,
)
from bot.core.forms import QuestionType, visible
from bot.core.intents import Find, Intent, KeepFile, Say
from bot.core.personal import Personal
from bot.core.report import Report
from bot.core.reporting import closed_to_words, erased, form_of, ring, tell, thanked, wait
from bot.core.rules import Decision, Rule, Workflow, refuse
from bot.core.texts import t

NOT_ASKED = refuse(
    "no_longer_asked", t("This question is not asked any more. Please answer the one shown now.")
)


def attach(state: Report | None, command: AttachFile, ctx: Context) -> Decision:
    """Take a file, once; outside the questions it is a message like any other."""
    if state is None:
        return NOTHING_YET
    if any(one.file == command.file for one in state.files):
        return []
    refused = (
        closed_to_words(state, ctx) or _too_much(state, command) or _unasked(state, command, ctx)
    )
    if refused is not None:
        return refused
    number = None if command.field else state.conversation.count + 1
    added = FileAdded(
        file=command.file,
        name=Personal(state.subject, safe_name(command.name, command.type)),
        type=command.type,
        size=command.size,
        digest=command.digest,
        width=command.width,
        height=command.height,
        number=number,
        field=command.field,
    )
    return [added] if number is None else [added, *wait(state, "wrote")]


def _too_much(state: Report, command: AttachFile) -> Refused | None:
    kept = sum(one.size for one in state.files)
    full = len(state.files) >= FILES_MOST or kept + command.size > REPORT_MOST
    return TOO_MANY if full else None


def _unasked(state: Report, command: AttachFile, ctx: Context) -> Refused | None:
    if not command.field:
        return None
    known = state.known()
    asked = visible(form_of(state, known, ctx), known) if state.stage == "answering" else ()
    fits = any(one.key == command.field and one.type is QuestionType.FILE for one in asked)
    return None if fits else NOT_ASKED


def on_added(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """Its bytes stay; it is found by its name; whoever has the report is called."""
    event = rec.event
    if not isinstance(event, FileAdded):
        return
    yield KeepFile(file=event.file)
    yield Find(field=f"file:{event.file}", words=event.name)
    if event.number is not None:
        yield Say(
            to=state.seat,
            lane="reply",
            text=t("You sent a file:"),
            words=event.name,
            subject=state.subject,
            own=True,
            message=event.number,
        )
        yield ring(state, "message")
        yield from thanked(state, rec.at)


def refuse_file(state: Report | None, command: RefuseFile, ctx: Context) -> Decision:
    """They sent it and went on; so they are told, unless there is nobody any more."""
    if state is None or erased(state):
        return []
    name = " ".join(clean(command.name).split())[:NAME_MOST] or "file"
    return [FileRefused(name=Personal(state.subject, name), why=command.why)]


def on_refused(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """Which file, and what to do instead."""
    if isinstance(rec.event, FileRefused):
        said = t("{file}: {why}", file=rec.event.name, why=rec.event.why)
        yield tell(state, said)


WORKFLOW = Workflow(
    rules=(
        Rule(AttachFile, attach, "own_report", by_reporter=True),
        Rule(RefuseFile, refuse_file, "named", by_system=True),
    ),
    reactors=((FileAdded, on_added), (FileRefused, on_refused)),
)
