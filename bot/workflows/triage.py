"""Triage: an incident is seen, taken, assessed, handed over, restricted."""

from collections.abc import Iterable, Iterator

from bot.core import incident_commands as ic
from bot.core import incident_events as ie
from bot.core.access import calls_anybody
from bot.core.clocks import priority_changed, resumed
from bot.core.commands import Refused
from bot.core.context import Context
from bot.core.events import Recorded
from bot.core.frozen import Frozen
from bot.core.handling import STAFF, about, busy, by_staff, me, over, overtaken
from bot.core.ids import StreamId
from bot.core.incident import Incident
from bot.core.incident_words import AT_WORK
from bot.core.intents import Find, Intent, Ring
from bot.core.major import keeps_p1
from bot.core.notices import NEWS_LASTS, ring_owner, to_reporters, to_reports
from bot.core.person import Person
from bot.core.priority import Priority
from bot.core.rules import Decision, Rule, Workflow, refuse
from bot.core.texts import When, Who, t

# --- hands -----------------------------------------------------------------------------------


def acknowledge(state: Incident | None, command: ic.AcknowledgeIncident, ctx: Context) -> Decision:
    """Somebody has seen it; needs no owner."""
    if state is None or not state.working:
        return over(state)
    if state.acknowledged_at is None:
        return [ie.IncidentAcknowledged(by=me(ctx))]
    if state.acknowledged_by == me(ctx):
        return []
    who, time = Who(person=state.acknowledged_by or ""), When(at=state.acknowledged_at)
    text = t("{who} acknowledged it at {time}. You can still take it.", who=who, time=time)
    return refuse("acknowledged", text)


def take(state: Incident | None, command: ic.TakeIncident, ctx: Context) -> Decision:
    """Own it and begin work, acknowledging it if nobody has; of somebody in distress whoever
    comes first has it, for as long as people are called.
    """
    if state is None or not state.working:
        return over(state)
    if state.owner is not None and state.owner != me(ctx) and not calls_anybody(state):
        return _has_it(state)
    if state.owner == me(ctx) and state.status in AT_WORK:
        return []
    seen = [] if state.acknowledged_at else [ie.IncidentAcknowledged(by=me(ctx))]
    return [*seen, *_goes_on(state, ctx), ie.IncidentTaken(owner=me(ctx))]


def _goes_on(state: Incident, ctx: Context) -> list[ie.IncidentResumed]:
    """Whoever comes for somebody in distress works on it, though it waited for something."""
    since = state.held_since
    if since is None:
        return []
    return [ie.IncidentResumed(since=since, targets=resumed(state, since, ctx))]


def _has_it(state: Incident) -> Refused:
    who, time = Who(person=state.owner or ""), When(at=state.owner_since or state.touched_at)
    text = t("{who} took it at {time}. To change hands, hand it over.", who=who, time=time)
    return refuse("taken", text)


def hand_over(state: Incident | None, command: ic.HandOverIncident, ctx: Context) -> Decision:
    """Make somebody the owner, who must be one of the staff; they begin by taking it."""
    if state is None or not state.working:
        return over(state)
    if state.owner == command.to:
        return []
    refused = overtaken(command.before, state.owner)
    if refused is not None:
        return refused
    if not _is_staff(ctx.reads.get(command.to)):
        text = t("This person cannot have incidents. Choose an agent or a supervisor.")
        return refuse("not_staff", text)
    return [ie.IncidentHandedOver(before=state.owner, owner=command.to)]


def _is_staff(person: Frozen | None) -> bool:
    if not isinstance(person, Person) or person.disabled:
        return False
    return any(role in STAFF for role in person.roles)


def _receiver(command: ic.HandOverIncident) -> tuple[StreamId, ...]:
    return (command.to,)


# --- priority --------------------------------------------------------------------------------


def assess_incident(state: Incident | None, command: ic.AssessIncident, ctx: Context) -> Decision:
    """Impact and urgency by a person's judgement; danger to life stays P1."""
    if state is None or not state.working:
        return over(state)
    same = (state.impact, state.urgency) == (command.impact, command.urgency)
    if same and (state.major.declared or not state.overridden):
        return []
    refused = overtaken(command.before, state.priority)
    if refused is not None:
        return refused
    fixed = Priority.P1 if state.major.declared else None
    changed = priority_changed(state, command.impact, command.urgency, ctx, fixed)
    return [changed.model_copy(update={"overridden": fixed is not None})]


def override(state: Incident | None, command: ic.OverridePriority, ctx: Context) -> Decision:
    """The priority that a person says it is, whatever the matrix says, with the reason."""
    if state is None or not state.working:
        return over(state)
    if state.overridden and state.priority == command.priority:
        return []
    reason = (
        overtaken(command.before, state.priority) or keeps_p1(state) or about(state, command.reason)
    )
    if isinstance(reason, Refused):
        return reason
    changed = priority_changed(state, state.impact, state.urgency, ctx, command.priority)
    return [changed.model_copy(update={"overridden": True, "reason": reason})]


# --- restricting, noting ----------------------------------------------------------------------


def restrict(state: Incident | None, command: ic.RestrictIncident, ctx: Context) -> Decision:
    """Show it to its owner and supervisors only, or to all staff again."""
    if state is None:
        return over(state)
    if state.visibility == command.visibility:
        return []
    if state.kin.expects:
        return busy(state)
    reason = about(state, command.reason)
    if isinstance(reason, Refused):
        return reason
    return [ie.VisibilityChanged(visibility=command.visibility, reason=reason)]


def write_note(state: Incident | None, command: ic.WriteIncidentNote, ctx: Context) -> Decision:
    """Something for colleagues; also when all is over."""
    if state is None:
        return over(state)
    words = about(state, command.words, least=1)
    if isinstance(words, Refused):
        return words
    return [ie.IncidentNoteWritten(words=words, author=me(ctx), beneath=command.beneath)]


# --- what follows ----------------------------------------------------------------------------


def on_taken(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Nobody waits any more for somebody to look at it."""
    yield from to_reports(state, "taken", person=state.owner)
    yield from to_reporters(state, t("An agent has taken it."), rec.at + NEWS_LASTS)


def on_handed_over(rec: Recorded, state: Incident, ctx: Context) -> Iterable[Intent]:
    """The new owner should know, the reports whom to call, and customers that nothing is lost."""
    assert isinstance(rec.event, ie.IncidentHandedOver)
    if state.status not in AT_WORK:
        return [ring_owner(state, "handed_over")]
    told = to_reports(state, "taken", person=state.owner)
    # Of several that follow on one another, customers hear once.
    family = f"handed_over:{state.stream}"
    until = rec.at + NEWS_LASTS
    said = to_reporters(state, COLLEAGUE, until, family) if rec.event.before else ()
    return [ring_owner(state, "handed_over"), *told, *said]


COLLEAGUE = t(
    "A colleague goes on with this from now on. They can read everything that you told us, so "
    "you need not say it again."
)


def on_priority(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """When it becomes the most pressing kind, whoever has it should look; else whoever can."""
    if state.priority is Priority.P1:
        yield ring_owner(state, "priority")
        if state.owner is None:
            yield Ring(role="agent", why="priority")


def on_note(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Notes can be found by their words."""
    if isinstance(rec.event, ie.IncidentNoteWritten):
        yield Find(field=f"note:{rec.version}", words=rec.event.words)


WORKFLOW = Workflow(
    rules=(
        by_staff(ic.AcknowledgeIncident, acknowledge),
        Rule(
            ic.TakeIncident,
            take,
            "named",
            roles=STAFF,
            named_by="incident",
            by_called=True,
        ),
        Rule(
            ic.HandOverIncident,
            hand_over,
            "named",
            roles=STAFF,
            named_by="incident",
            reads=_receiver,
        ),
        by_staff(ic.AssessIncident, assess_incident),
        by_staff(ic.OverridePriority, override),
        by_staff(ic.RestrictIncident, restrict),
        by_staff(ic.WriteIncidentNote, write_note),
    ),
    reactors=(
        (ie.IncidentTaken, on_taken),
        (ie.IncidentHandedOver, on_handed_over),
        (ie.PriorityChanged, on_priority),
        (ie.IncidentNoteWritten, on_note),
    ),
)
