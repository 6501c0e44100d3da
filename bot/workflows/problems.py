"""Problems: the cause of incidents, opened by the desk, put right on its own time.

A problem is an incident of another kind, without customers and without promises. It knows its
incidents and each of them knows it; neither waits for the other. What an incident shows of its
problem is looked up anew whenever the problem moves, and of one that few may see it shows nothing.
"""

from collections.abc import Iterator, Sequence

from bot.core import incident_events as ie
from bot.core import moving_words as mw
from bot.core import problem_words as w
from bot.core.access import NOT_FOUND, may_see
from bot.core.commands import Command, Refused
from bot.core.context import Context
from bot.core.events import Event, Recorded
from bot.core.forms import QuestionType
from bot.core.free_text import NOTE_MOST, words
from bot.core.handling import REASON_LEAST, STAFF, about, by_staff, me, over
from bot.core.ids import StreamId, SubjectId
from bot.core.incident import Incident
from bot.core.incident_words import Fact, Targets
from bot.core.intents import Do, Intent
from bot.core.personal import Personal
from bot.core.playbook import Playbook
from bot.core.playbook_assess import Assessment, priority
from bot.core.playbook_forms import intake_form
from bot.core.priority import Level
from bot.core.problem import INCIDENTS_MOST, Problem
from bot.core.rules import Decision, Rule, Workflow, refuse
from bot.core.texts import t

OTHERS_MOST = 50

NO_PROBLEM = refuse("no_problem", t("This is no problem. Choose one of the list."))
MODE = refuse(
    "mode", t("One of them is an exercise or a test and the other is not. Keep them apart.")
)
FULL = refuse("too_many", t("So many incidents hang on this problem that no more fit."))

# --- opening ---------------------------------------------------------------------------------


def open_problem(state: Incident | None, command: w.OpenProblem, ctx: Context) -> Decision:
    """Begin a problem for these incidents; a repeat changes nothing."""
    if state is not None:
        return []
    found: list[Incident] = []
    for one in _named(command):
        other = ctx.reads.get(one)
        if not isinstance(other, Incident) or not may_see(ctx.actor, other):
            return NOT_FOUND
        if refused := _unlinkable(other):
            return refused
        found.append(other)
    if any(one.mode != found[0].mode for one in found):
        return MODE
    said = words(command.what, NOTE_MOST, REASON_LEAST)
    if isinstance(said, Refused):
        return said
    opened = _opened(found, said, ctx)
    gathered = (w.IncidentGathered(other=one.stream, by=me(ctx)) for one in found)
    return [opened, *gathered]


def _named(command: w.OpenProblem) -> tuple[StreamId, ...]:
    return tuple(dict.fromkeys((command.incident, *command.others[:OTHERS_MOST])))


def _unlinkable(other: Incident) -> Refused | None:
    """Why no problem can be behind it, or why another one is already."""
    if other.status == "merged":
        return over(other)
    if other.incident_kind == "problem":
        return refuse("problem", t("This is a problem itself. Choose its incidents."))
    if other.problem.of is not None:
        text = t("It belongs to another problem already. Take it out of that one first.")
        return refuse("linked", text)
    return None


def _opened(found: Sequence[Incident], said: str, ctx: Context) -> ie.IncidentOpened:
    """As far-reaching as the worst of them, seen by as many as the most hidden one, not urgent:
    what is urgent is done at the incidents.
    """
    first, subject = found[0], ctx.mint_subject()
    impact = min((one.impact for one in found), key=tuple(Level).index)
    hidden = any(one.visibility == "restricted" for one in found)
    urgency = Level.LOW
    return ie.IncidentOpened(
        reference=ctx.reference("incident"),
        incident_kind="problem",
        category=first.category if first.category in ctx.playbook.categories else "",
        facts=_described(ctx.playbook, first.category, said, subject),
        danger=False,
        impact=impact,
        urgency=urgency,
        priority=priority(ctx.playbook, Assessment(impact=impact, urgency=urgency, danger=False)),
        targets=Targets(),
        subject=subject,
        playbook=ctx.playbook.version,
        mode=first.mode,
        visibility="restricted" if hidden else "normal",
        from_report=False,
    )


def _described(
    playbook: Playbook, category: str, said: str, subject: SubjectId
) -> tuple[Fact, ...]:
    """What is wrong, where every incident says so, so that lists and search show it."""
    asked = intake_form(playbook, category).questions
    key = next((one.key for one in asked if one.type is QuestionType.LONG_TEXT), None)
    return () if key is None else (Fact(field=key, value=Personal(subject, said)),)


# --- the incident ----------------------------------------------------------------------------


def link(state: Incident | None, command: w.LinkProblem, ctx: Context) -> Decision:
    """The cause of this one is that problem, and it shows at once how that stands."""
    problem = ctx.reads.get(command.problem)
    if state is None or not isinstance(problem, Incident):
        return NOT_FOUND
    if not ctx.actor.is_system and not may_see(ctx.actor, problem):
        return NOT_FOUND
    if state.problem.of == problem.stream:
        return _news(state, problem)
    refused = _unlinkable(state) or _no_problem(state, problem)
    if refused is not None:
        return refused
    by = command.by if ctx.actor.is_system else me(ctx)
    linked = w.ProblemLinked(problem=problem.stream, by=by)
    fresh = state.model_copy(update={"problem": Problem(of=problem.stream)})
    return [linked, *_news(fresh, problem)]


def _no_problem(state: Incident, problem: Incident) -> Refused | None:
    if problem.incident_kind != "problem":
        return NO_PROBLEM
    if problem.ended:
        return over(problem)
    if problem.mode != state.mode:
        return MODE
    full = len(problem.problem.incidents) >= INCIDENTS_MOST
    return FULL if full and state.stream not in problem.problem.incidents else None


def _news(state: Incident, problem: Incident) -> list[Event]:
    """How the problem stands, where the incident shows something else; nothing of what few see."""
    heard = w.ProblemHeard(reference="", standing="", workaround=None)
    if problem.visibility == "normal" and problem.incident_kind == "problem":
        heard = w.ProblemHeard(
            reference=problem.reference,
            standing=standing(problem),
            workaround=problem.problem.workaround,
        )
    known = state.problem
    same = (known.reference, known.standing, known.workaround)
    return [] if same == (heard.reference, heard.standing, heard.workaround) else [heard]


def standing(problem: Incident) -> w.Standing:
    """How far it is."""
    if problem.ended:
        return "ended"
    if problem.status == "resolved":
        return "resolved"
    return "open" if problem.problem.workaround is None else "known_error"


def unlink(state: Incident | None, command: w.UnlinkProblem, ctx: Context) -> Decision:
    """Its cause is another one, or is not known."""
    if state is None:
        return over(state)
    if state.problem.of != command.problem:
        return []
    return [w.ProblemUnlinked(problem=command.problem)]


def learn(state: Incident | None, command: w.LearnOfProblem, ctx: Context) -> Decision:
    """The problem has moved; what was learned late is what is so now."""
    problem = ctx.reads.get(command.problem)
    if state is None or state.problem.of != command.problem or not isinstance(problem, Incident):
        return []
    return _news(state, problem)


# --- the problem -----------------------------------------------------------------------------


def gather(state: Incident | None, command: w.GatherIncident, ctx: Context) -> Decision:
    """One incident more."""
    if state is None or state.incident_kind != "problem":
        return NO_PROBLEM
    if command.other in state.problem.incidents:
        return []
    if len(state.problem.incidents) >= INCIDENTS_MOST:
        return FULL
    return [w.IncidentGathered(other=command.other, by=command.by)]


def let_go(state: Incident | None, command: w.LetIncidentGo, ctx: Context) -> Decision:
    """One incident fewer."""
    if state is None or command.other not in state.problem.incidents:
        return []
    return [w.IncidentLetGo(other=command.other)]


def describe(state: Incident | None, command: w.DescribeCause, ctx: Context) -> Decision:
    """What is known of the cause, also when it is over."""
    refused = _not_here(state)
    said = refused or about(state, command.words)
    if isinstance(said, Refused) or state is None:
        return said if isinstance(said, Refused) else NO_PROBLEM
    return [] if said == state.problem.cause else [w.CauseDescribed(words=said, by=me(ctx))]


def set_workaround(state: Incident | None, command: w.SetWorkaround, ctx: Context) -> Decision:
    """With it the problem is a known error, and each of its incidents has it at hand."""
    refused = _not_here(state) or (None if state and state.working else over(state))
    if state is None or refused is not None:
        return refused or NO_PROBLEM
    if not command.words.strip():
        gone = w.WorkaroundSet(words=None, by=me(ctx))
        return [gone] if state.problem.workaround is not None else []
    said = about(state, command.words)
    if isinstance(said, Refused):
        return said
    return [w.WorkaroundSet(words=said, by=me(ctx))]


def _not_here(state: Incident | None) -> Refused | None:
    if state is None or state.status in ("merged", "cancelled"):
        return over(state)
    return None if state.incident_kind == "problem" else NO_PROBLEM


# --- what follows ----------------------------------------------------------------------------


def on_linked(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """The problem knows its incidents."""
    assert isinstance(rec.event, w.ProblemLinked)
    problem = rec.event.problem
    command = w.GatherIncident(incident=problem, other=state.stream, by=rec.event.by)
    yield Do(stream=problem, command=command)


def on_unlinked(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """As it knows them when they are linked."""
    assert isinstance(rec.event, w.ProblemUnlinked)
    problem = rec.event.problem
    yield Do(stream=problem, command=w.LetIncidentGo(incident=problem, other=state.stream))


def on_gathered(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Whoever opened it named its incidents, which learn of it now; one that named its problem
    itself looks again, since that may have moved meanwhile.
    """
    assert isinstance(rec.event, w.IncidentGathered)
    other, me = rec.event.other, state.stream
    if ctx.actor.is_system:
        yield Do(stream=other, command=w.LearnOfProblem(incident=other, problem=me))
    else:
        yield Do(stream=other, command=w.LinkProblem(incident=other, problem=me, by=rec.event.by))


def tell_all(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Its incidents learn how it stands now."""
    for one in state.problem.incidents:
        yield Do(stream=one, command=w.LearnOfProblem(incident=one, problem=state.stream))


def _unlinks(command: w.GatherIncident, refused: Refused) -> Command:
    """What does not fit there does not belong there."""
    return w.UnlinkProblem(incident=command.other, problem=command.incident)


def _lets_go(command: w.LinkProblem, refused: Refused) -> Command:
    return w.LetIncidentGo(incident=command.problem, other=command.incident)


def _problem(command: w.LinkProblem | w.LearnOfProblem) -> tuple[StreamId, ...]:
    return (command.problem,)


MOVES: tuple[type[Event], ...] = (
    w.WorkaroundSet,
    ie.IncidentResolved,
    ie.IncidentReopened,
    ie.IncidentClosed,
    ie.IncidentCancelled,
    ie.VisibilityChanged,
    mw.KindChanged,
)
"""What changes how a problem stands, or who may know."""

WORKFLOW = Workflow(
    rules=(
        Rule(w.OpenProblem, open_problem, "new", roles=STAFF, reads=_named),
        Rule(
            w.LinkProblem,
            link,
            "named",
            roles=STAFF,
            by_system=True,
            named_by="incident",
            reads=_problem,
            sends_back=_lets_go,
        ),
        by_staff(w.UnlinkProblem, unlink, by_system=True),
        Rule(w.LearnOfProblem, learn, "named", by_system=True, named_by="incident", reads=_problem),
        Rule(
            w.GatherIncident,
            gather,
            "named",
            by_system=True,
            named_by="incident",
            sends_back=_unlinks,
        ),
        Rule(w.LetIncidentGo, let_go, "named", by_system=True, named_by="incident"),
        by_staff(w.DescribeCause, describe),
        by_staff(w.SetWorkaround, set_workaround),
    ),
    reactors=(
        (w.ProblemLinked, on_linked),
        (w.ProblemUnlinked, on_unlinked),
        (w.IncidentGathered, on_gathered),
        *((event, tell_all) for event in MOVES),
    ),
)
