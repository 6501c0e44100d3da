"""Relaying: a program brings a report for somebody whom Muster itself cannot tell anything.

What it says is checked like a customer's answers. The report opens an incident by the same rules
as every other, or hangs under the one that it was brought for; who it is about is known by what
the program wrote of them, under a subject of their own.
"""

from collections.abc import Iterator

from bot.core import incident_commands as ic
from bot.core import report_words as w
from bot.core.access import NOT_FOUND, may_see
from bot.core.caller import KEYS
from bot.core.commands import Refused
from bot.core.context import Context
from bot.core.distress_words import DistressNoticed
from bot.core.events import Event, Recorded
from bot.core.facts import assessed, merged, observed
from bot.core.forms import complete
from bot.core.free_text import MESSAGE_MOST, words
from bot.core.handling import over
from bot.core.ids import StreamId, SubjectId
from bot.core.incident import Incident
from bot.core.incident_words import Fact
from bot.core.intents import Do, DropTimer, Intent
from bot.core.personal import Personal
from bot.core.places import NOWHERE, Seat
from bot.core.playbook_forms import CATEGORY, form_for
from bot.core.program_words import REPORT
from bot.core.relay_words import AddReport, ReportRelayed
from bot.core.report import Report
from bot.core.reporting import QUIET, chosen, facts_of, sounds_like_distress
from bot.core.rules import Decision, Rule, Workflow, refuse
from bot.core.texts import t

FACTS_MOST = 50

NOTHING_SAID = refuse("nothing_said", t("Say what happened: a category, an answer or words."))
TOO_MANY = refuse("too_many", t("{most} answers at most fit into a report.", most=FACTS_MOST))
NO_LANGUAGE = refuse("language", t("The organisation does not speak this language."))
MERGED = refuse(
    "merged", t("This incident goes on as another one. Read where, and add the report there.")
)


def add(state: Report | None, command: AddReport, ctx: Context) -> Decision:
    """Write it down whole, in one go."""
    if state is not None:
        return []
    under = None if command.incident is None else ctx.state_of(command.incident)
    refused = _unfit(command, ctx) or (None if command.incident is None else _closed(under, ctx))
    if refused is not None:
        return refused
    subject = ctx.mint_subject()
    facts = observed(ctx.playbook, command.category, command.facts, subject)
    if isinstance(facts, Refused):
        return facts
    said = words(command.words, MESSAGE_MOST) if command.words.strip() else ""
    if isinstance(said, Refused):
        return said
    return _written(command, _known(command, facts), said, subject, ctx, under)


def _unfit(command: AddReport, ctx: Context) -> Refused | None:
    if not (command.category or command.facts or command.words.strip() or command.danger):
        return NOTHING_SAID
    if len(command.facts) > FACTS_MOST:
        return TOO_MANY
    spoken = command.language in ("", *ctx.playbook.organisation.languages)
    return None if spoken else NO_LANGUAGE


def _closed(under: object, ctx: Context) -> Refused | None:
    """Why nothing can be added to that incident."""
    if not isinstance(under, Incident) or not may_see(ctx.actor, under):
        return NOT_FOUND
    if under.kin.merged_into is not None:
        return MERGED
    return None if under.working else over(under)


def _known(command: AddReport, facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    category = (Fact(field=CATEGORY, value=command.category),) if command.category else ()
    return tuple(one for one in merged(category, facts) if one.value is not None)


def _written(
    command: AddReport,
    facts: tuple[Fact, ...],
    said: str,
    subject: SubjectId,
    ctx: Context,
    under: object,
) -> list[Event]:
    known = {one.field: "sealed" if isinstance(one.value, Personal) else one.value for one in facts}
    category = chosen(known)
    events: list[Event] = [
        _started(command, subject, ctx),
        ReportRelayed(complete=complete(form_for(ctx.playbook, known), known)),
        *(w.QuestionAnswered(field=one.field, value=one.value) for one in facts),
    ]
    if said:
        events.append(w.MessageReceived(number=1, words=Personal(subject, said)))
    if assessed(ctx.playbook, category, facts, command.danger).danger:
        events.append(w.DangerReported())
    if any(sounds_like_distress(one, ctx) for one in events):
        # Few may see it from its first moment, wherever it was to be added.
        into = ctx.new_stream("incident")
        own = w.ReportLinked(incident=into, how="opened", visibility="restricted")
        return [*events, DistressNoticed(), own]
    return [*events, _linked(under, ctx), w.WaitBegan(why="reported")]


def _started(command: AddReport, subject: SubjectId, ctx: Context) -> w.ReportStarted:
    # Nobody is found by this place, and no two share one.
    here = Personal(subject, ctx.stream)
    return w.ReportStarted(
        reference=ctx.reference("report"),
        person=ctx.new_stream("person"),
        subject=subject,
        seat=Seat(channel=NOWHERE, key=here, address=here),
        language=command.language or ctx.playbook.organisation.default_language,
        playbook=ctx.playbook.version,
    )


def _linked(under: object, ctx: Context) -> w.ReportLinked:
    if not isinstance(under, Incident):
        return w.ReportLinked(incident=ctx.new_stream("incident"), how="opened")
    return w.ReportLinked(
        incident=under.stream, how="joined", visibility=under.visibility, mode=under.mode
    )


# --- what follows ----------------------------------------------------------------------------


def on_relayed(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """Nobody goes on answering."""
    yield DropTimer(name=QUIET)


def on_linked(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """The incident counts one more, and learns what it does not know yet; how this one is reached
    stays with the report.
    """
    event = rec.event
    if not isinstance(event, w.ReportLinked) or event.how != "joined" or event.before is not None:
        return
    into = event.incident
    attach = ic.AttachReport(incident=into, report=state.stream, danger=state.danger)
    yield Do(stream=into, command=attach)
    more = ic.AddFacts(
        incident=into,
        report=state.stream,
        category=chosen(state.known()),
        facts=tuple(one for one in facts_of(state, ctx) if one.field not in KEYS),
        complete=state.complete,
    )
    yield Do(stream=into, command=more)


def _under(command: AddReport) -> tuple[StreamId, ...]:
    return () if command.incident is None else (command.incident,)


WORKFLOW = Workflow(
    rules=(Rule(AddReport, add, "new", roles=(REPORT,), reads=_under),),
    reactors=((ReportRelayed, on_relayed), (w.ReportLinked, on_linked)),
)
