"""Going on with a report on another channel, or in another language."""

from collections.abc import Iterator

from bot.core import going_on_words as g
from bot.core import joining_words as j
from bot.core.commands import Command, Refused
from bot.core.context import Context
from bot.core.events import Recorded
from bot.core.going_on import cannot_bring, moved
from bot.core.intents import Do, Intent, Say
from bot.core.joining import CLOSED, CONFIRM
from bot.core.person import Person
from bot.core.personal import Personal
from bot.core.report import Report
from bot.core.reporting import tell
from bot.core.rules import Decision, Rule, Workflow, refuse
from bot.core.texts import Ref, t

NOTHING_HERE = refuse("no_report", t("There is no report of yours to go on with. Begin a new one."))


def go_on(state: Report | None, command: g.GoOnHere, ctx: Context) -> Decision:
    """From now on here; where it goes on already nothing changes but the language."""
    if state is None or ctx.seat is None or state.subject in state.erased:
        return NOTHING_HERE
    known = command.language in ctx.playbook.organisation.languages
    language = command.language if known and command.language != state.language else ""
    if ctx.seat.channel != state.seat.channel:
        moved = g.ConversationMoved(seat=ctx.seat, before=state.seat, language=language)
        return [moved]
    return [g.ConversationMoved(seat=state.seat, language=language)] if language else []


def move(state: Report | None, command: g.MoveConversation, ctx: Context) -> Decision:
    """By a link that its person opened elsewhere; nobody else's report goes along."""
    if state is None or state.person not in command.people or state.subject in state.erased:
        return []
    if command.seat == state.seat:
        return []
    return [g.ConversationMoved(seat=command.seat, before=state.seat)]


def bring_in(state: Person | None, command: j.BringIn, ctx: Context) -> Decision:
    """Take in whoever made the link that one of this person's accounts opened."""
    refused = CLOSED if state is None else cannot_bring(state)
    if state is None or refused is not None:
        return refused or CLOSED
    asked = j.JoinAsked(
        number=state.joins + 1,
        person=command.person,
        subject=command.subject,
        seat=command.seat,
        identity=command.identity,
        name=command.name,
        check="",
        until=ctx.at + CONFIRM,
        report=command.report,
        onto=command.onto,
    )
    return [asked, j.JoinConfirmed(number=asked.number)]


def send_back(command: j.BringIn, refused: Refused) -> Command:
    """Whoever waits for the report hears that it does not come."""
    return j.DropJoin(number=0, why=refused.code, onto=command.onto)


def on_followed(rec: Recorded, state: Person, ctx: Context) -> Iterator[Intent]:
    """The report goes on there, once whoever has other accounts has taken this person in."""
    event = rec.event
    if not isinstance(event, j.LinkFollowed):
        return
    if not event.into or event.own is None:
        yield moved(state, event.report, event.seat)
        return
    brought = j.BringIn(
        into=event.into,
        person=state.stream,
        subject=state.subject,
        seat=event.own,
        identity=state.identities[0],
        name=Personal(state.subject, ""),
        report=event.report,
        onto=event.seat,
    )
    yield Do(stream=event.into, command=brought)


def on_moved(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """Said where it goes on, and where it was."""
    event = rec.event
    if not isinstance(event, g.ConversationMoved) or event.before is None:
        return
    yield tell(
        state,
        t(
            "We go on here with your report {reference}. What we write to you comes here from "
            "now on.",
            reference=Ref(ref=state.reference),
        ),
    )
    yield Say(
        to=event.before,
        lane="reply",
        text=t(
            "Your report {reference} goes on in the other app. What we write to you comes there "
            "from now on.",
            reference=Ref(ref=state.reference),
        ),
        subject=state.subject,
    )


WORKFLOW = Workflow(
    rules=(
        Rule(g.GoOnHere, go_on, "own_report", by_reporter=True),
        Rule(g.MoveConversation, move, "named", by_system=True),
        Rule(j.BringIn, bring_in, "named", by_system=True, sends_back=send_back),
    ),
    reactors=((g.ConversationMoved, on_moved), (j.LinkFollowed, on_followed)),
)
