"""What the steps of a path bring with them: words and who hears them, a decision, a follow-up."""

from typing import NamedTuple

from bot.core import path_words as pw
from bot.core.commands import Refused
from bot.core.context import Context
from bot.core.events import Event
from bot.core.free_text import MESSAGE_MOST, words
from bot.core.handling import about
from bot.core.ids import Millis, StreamId
from bot.core.incident import Incident
from bot.core.major_rules import keep_decision
from bot.core.person import Person
from bot.core.personal import Personal
from bot.core.playbook_paths import PathStep
from bot.core.report import Report
from bot.core.reporting import erased
from bot.core.rules import refuse
from bot.core.texts import t

NOT_STAFF = t("This person does not work here. Choose somebody else.")


class Said(NamedTuple):
    """Words, under whose subject they are, the report whose customer hears them, and whether the
    customers of all others do.
    """

    words: Personal
    report: StreamId | None
    to_all: bool = False


def said_to(state: Incident, raw: str, report: StreamId | None, ctx: Context) -> Said | Refused:
    """What is said, as words of the report whose customer is to hear it."""
    if report is None:
        own = about(state, raw, least=1, most=MESSAGE_MOST)
        return own if isinstance(own, Refused) else Said(own, None)
    to = ctx.reads.get(report)
    if not isinstance(to, Report) or to.incident != state.stream:
        gone = t("This report is not here any more. Reload the page and try again.")
        return refuse("moved", gone)
    if state.reports > 1:
        own = about(state, raw, least=1, most=MESSAGE_MOST)
        return own if isinstance(own, Refused) else Said(own, report, to_all=True)
    said = words(raw, MESSAGE_MOST)
    if isinstance(said, Refused):
        return said
    return erased(to) or Said(Personal(to.subject, said), report)


def decided(
    state: Incident, step: PathStep, command: pw.DoPathStep, ctx: Context
) -> list[Event] | Refused:
    """What was decided, kept as every decision is."""
    if not step.decides:
        return []
    kept = keep_decision(
        state, (command.decision, command.words, command.alternatives), (ctx.at, False), ctx
    )
    return kept if isinstance(kept, Refused) else [kept]


def unowned(step: PathStep, command: pw.DoPathStep, ctx: Context) -> Refused | None:
    """Why nobody can be held to it: half is said, or it is nobody who works here."""
    if not step.follow_up or (command.owner is None and command.until is None):
        return None
    if command.owner is None or command.until is None:
        text = t("Say both who follows up on it and by when, or neither and why nobody does.")
        return refuse("half", text)
    if refused := past(command.until, ctx):
        return refused
    found = ctx.reads.get(command.owner)
    if isinstance(found, Person) and not found.disabled and found.roles:
        return None
    return refuse("not_staff", NOT_STAFF)


def past(at: Millis, ctx: Context) -> Refused | None:
    """Why nothing is promised for `at`: that time is over."""
    if at > ctx.at:
        return None
    return refuse("past", t("This time has passed. Give a later one."))
