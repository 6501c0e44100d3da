"""Likely duplicates: offered to whoever is still answering, shown to agents, told apart again.

Which they are is found outside (`engine/likely`) by commands of the house, so that nobody waits
for it and the log has what was shown. A person who joins keeps their reference and their place.
"""

from collections.abc import Iterable, Iterator

from bot.core import incident_events as ie
from bot.core import likely_words as lw
from bot.core import moving_words as mw
from bot.core import report_words as w
from bot.core.access import NOT_FOUND, may_see
from bot.core.answering import SENT
from bot.core.asking import questions
from bot.core.commands import Refused
from bot.core.context import Context
from bot.core.events import Event, Recorded
from bot.core.forms import QuestionType
from bot.core.going_on_words import ConversationMoved
from bot.core.handling import STAFF, me, over
from bot.core.ids import StreamId
from bot.core.incident import Incident
from bot.core.incident_commands import AddFacts, AttachReport
from bot.core.intents import Do, DropTimer, Intent, Say, Show, WhenIdle
from bot.core.playbook_forms import CATEGORY
from bot.core.report import Report
from bot.core.reporting import QUIET, chosen, closed_to_words, facts_of, labelled, tell, wait
from bot.core.rules import Decision, Rule, Workflow, refuse
from bot.core.texts import When, t

ASKED_MOST = 2
"""How often somebody is asked while they answer."""
_TELLING = (QuestionType.LOCATION, QuestionType.LONG_TEXT)

# --- while the customer is still answering ---------------------------------------------------


def on_answered(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """Look for it once what and about what are known, and again with the place."""
    if not isinstance(rec.event, w.QuestionAnswered) or not _may_be_asked(state):
        return
    category = chosen(state.known())
    form = questions(state, ctx.edition(state.playbook), ctx.playbook)
    telling = [one.key for one in form.questions if one.type in _TELLING]
    places = [*telling, *ctx.playbook.duplicates.same_place, CATEGORY]
    if category and rec.event.field in places and any(one in state.known() for one in telling):
        yield WhenIdle(stream=state.stream, command=lw.OfferKnown(report=state.stream))


def _may_be_asked(state: Report) -> bool:
    """Never in danger or distress, which ends the questions, and not once it is on its way."""
    return state.incident is None and not state.danger and state.asking


def offer(state: Report | None, command: lw.OfferKnown, ctx: Context) -> Decision:
    """Ask whether it is one of those, unless it was asked before; take back what no longer fits."""
    if state is None or not _may_be_asked(state) or ctx.likely is None:
        return []
    found = tuple(one for one in ctx.likely if one.shown)
    before = [one.incident for one in state.alike.offered]
    fresh = any(one.incident not in before for one in found)
    if not fresh:
        # Fewer than before is no reason to ask again.
        return [] if found or not before else [lw.KnownOffered(found=())]
    return [lw.KnownOffered(found=found)] if state.alike.asked < ASKED_MOST else []


def join(state: Report | None, command: lw.JoinKnown, ctx: Context) -> Decision:
    """Belong to it, if it is still there."""
    if state is not None and state.alike.joined == command.incident:
        return []
    refused = _cannot_join(state, command, ctx)
    if state is None or refused is not None:
        return refused or NOT_FOUND
    known = ctx.reads.get(command.incident)
    if not isinstance(known, Incident) or not _takes(known):
        return [lw.KnownDeclined(incidents=(command.incident,), why="over")]
    linked = w.ReportLinked(incident=command.incident, how="joined")
    return [lw.KnownJoined(incident=command.incident), linked, *wait(state, "reported")]


def _cannot_join(state: Report | None, command: lw.JoinKnown, ctx: Context) -> Refused | None:
    if state is None:
        return NOT_FOUND
    if refused := closed_to_words(state, ctx):
        return refused
    if state.incident is not None or state.stage != "answering":
        return SENT
    if command.incident not in [one.incident for one in state.alike.offered]:
        return refuse("not_offered", t("This is not asked any more. Please go on below."))
    return None


def _takes(known: Incident) -> bool:
    """One that was merged would send on who comes to one that nobody has looked at for them, which
    few may see perhaps. Of such a one, or one customer's own affair, nothing may be said.
    """
    shared = known.visibility == "normal" and known.incident_kind == "incident"
    return known.working and shared and known.mode == "live"


def decline(state: Report | None, command: lw.DeclineKnown, ctx: Context) -> Decision:
    """It is something else; the same are not offered again."""
    if state is None or not state.alike.offered:
        return []
    return [lw.KnownDeclined(incidents=tuple(one.incident for one in state.alike.offered))]


def on_joined(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """The incident hears of it, and they hear at once how it stands."""
    assert isinstance(rec.event, lw.KnownJoined)
    incident = rec.event.incident
    yield DropTimer(name=QUIET)
    attach = AttachReport(incident=incident, report=state.stream, danger=state.danger)
    yield Do(stream=incident, command=attach)
    facts = AddFacts(
        incident=incident,
        report=state.stream,
        category=chosen(state.known()),
        facts=facts_of(state, ctx),
        complete=False,
    )
    yield Do(stream=incident, command=facts)
    yield tell(
        state,
        t(
            "Thank you. We know about this already and have added you to it. Your reference is "
            "{ref}. You will hear from us here. If anything is different where you are, write it "
            "to us.",
            ref=labelled(state),
        ),
    )
    known = ctx.reads.get(incident)
    if isinstance(known, Incident):
        yield from _latest(state, known)


def _latest(state: Report, known: Incident) -> Iterator[Say]:
    update = known.heard("reporters")
    if update is None or update.withdrawn or update.words.erased:
        return
    said = {
        "words": update.words,
        "language": update.language,
        "also": update.also,
        "update": 0,
    }
    text = t("This is what we said at {time}:", time=When(at=update.at))
    yield tell(state, text).model_copy(update=said)


def on_declined(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """Whoever said yes too late is told; nothing is lost by it."""
    assert isinstance(rec.event, lw.KnownDeclined)
    if rec.event.why == "over":
        text = t("That one is over in the meantime. Please go on below, we take it up anew.")
        yield tell(state, text)


def show(rec: Recorded, state: Report, ctx: Context) -> Iterator[Intent]:
    """The question as it is now, where it was asked the last time and the time before."""
    for number in (state.alike.asked, state.alike.asked - 1):
        if number > 0:
            place = state.seat
            yield Show(card="known", stream=state.stream, number=number, place=place, lane="reply")


ASKED_IN: tuple[type[Event], ...] = (lw.KnownOffered, lw.KnownJoined, lw.KnownDeclined)
OVER_WITH: tuple[type[Event], ...] = (
    w.DangerReported,
    w.SummaryConfirmed,
    w.IntakeLeft,
    w.ReportWithdrawn,
    ConversationMoved,
)

# --- what agents see -------------------------------------------------------------------------


def look(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Whenever more is known, look again."""
    if state.working and state.incident_kind == "incident":
        yield WhenIdle(stream=state.stream, command=lw.NoteLikely(incident=state.stream))


def note(state: Incident | None, command: lw.NoteLikely, ctx: Context) -> Decision:
    """Note what was found, where it is other than before."""
    if state is None or not state.working or ctx.likely is None:
        return []
    found = tuple(one for one in ctx.likely if one.incident not in state.alike.denied)
    if _same(found, state.alike.found):
        return []
    return [lw.LikelyNoted(found=found, answering=command.answering)]


def _same(some: Iterable[lw.Likely], others: Iterable[lw.Likely]) -> bool:
    """The same ones for the same reasons, whatever their points."""
    one, other = ([(x.incident, x.reasons, x.shown) for x in found] for found in (some, others))
    return one == other


def on_noted(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Those that were found look themselves, once."""
    assert isinstance(rec.event, lw.LikelyNoted)
    if rec.event.answering:
        return
    for one in rec.event.found:
        command = lw.NoteLikely(incident=one.incident, answering=True)
        yield WhenIdle(stream=one.incident, command=command)


def tell_apart(state: Incident | None, command: lw.NotTheSame, ctx: Context) -> Decision:
    """These are two; both of them know it."""
    refused = _not_two(state, command.other, ctx)
    if state is None or refused is not None:
        return refused or NOT_FOUND
    other = ctx.reads.get(command.other)
    if command.other in state.alike.denied or not isinstance(other, Incident):
        return []
    denied = lw.LikenessDenied(other=command.other, reference=other.reference, by=me(ctx))
    return [denied]


def connect(state: Incident | None, command: lw.LinkIncidents, ctx: Context) -> Decision:
    """These are two that belong together; both of them know it."""
    refused = _not_two(state, command.other, ctx)
    if state is None or refused is not None:
        return refused or NOT_FOUND
    other = ctx.reads.get(command.other)
    if command.other in state.alike.linked or not isinstance(other, Incident):
        return []
    if other.mode != state.mode:
        text = t("One of them is an exercise or a test and the other is not. Keep them apart.")
        return refuse("mode", text)
    linked = lw.IncidentsLinked(other=command.other, reference=other.reference, by=me(ctx))
    return [linked]


def _not_two(state: Incident | None, other: StreamId, ctx: Context) -> Refused | None:
    known = ctx.reads.get(other)
    if state is None or not isinstance(known, Incident):
        return NOT_FOUND
    if not ctx.actor.is_system and not may_see(ctx.actor, known):
        return NOT_FOUND
    if known.stream == state.stream:
        return refuse("same", t("This is the same incident. Choose the other one."))
    return over(state) if state.status == "merged" else None


def on_denied(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """The other one is told, who knows it already where it came from there."""
    assert isinstance(rec.event, lw.LikenessDenied)
    if rec.event.by != "system":
        command = lw.NotTheSame(incident=rec.event.other, other=state.stream)
        yield Do(stream=rec.event.other, command=command)


def on_connected(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """As with those that are not the same."""
    assert isinstance(rec.event, lw.IncidentsLinked)
    if rec.event.by != "system":
        command = lw.LinkIncidents(incident=rec.event.other, other=state.stream)
        yield Do(stream=rec.event.other, command=command)


def _report(command: lw.OfferKnown) -> StreamId:
    return command.report


def _incident(command: lw.NoteLikely) -> StreamId:
    return command.incident


def _joined(command: lw.JoinKnown) -> tuple[StreamId, ...]:
    return (command.incident,)


def _other(command: lw.NotTheSame | lw.LinkIncidents) -> tuple[StreamId, ...]:
    return (command.other,)


WORKFLOW = Workflow(
    rules=(
        Rule(lw.OfferKnown, offer, "named", by_system=True, named_by="report", likely=_report),
        Rule(lw.JoinKnown, join, "own_report", by_reporter=True, reads=_joined),
        Rule(lw.DeclineKnown, decline, "own_report", by_reporter=True),
        Rule(lw.NoteLikely, note, "named", by_system=True, named_by="incident", likely=_incident),
        Rule(
            lw.NotTheSame,
            tell_apart,
            "named",
            roles=STAFF,
            by_system=True,
            named_by="incident",
            reads=_other,
        ),
        Rule(
            lw.LinkIncidents,
            connect,
            "named",
            roles=STAFF,
            by_system=True,
            named_by="incident",
            reads=_other,
        ),
    ),
    reactors=(
        (w.QuestionAnswered, on_answered),
        *((event, show) for event in (*ASKED_IN, *OVER_WITH)),
        (lw.KnownJoined, on_joined),
        (lw.KnownDeclined, on_declined),
        (ie.IncidentOpened, look),
        (ie.FactsAdded, look),
        (mw.CategoryChanged, look),
        (lw.LikelyNoted, on_noted),
        (lw.LikenessDenied, on_denied),
        (lw.IncidentsLinked, on_connected),
    ),
)
