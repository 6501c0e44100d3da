"""Triage: an incident is opened, seen, taken, assessed, held, handed over, restricted."""

from collections.abc import Iterable, Iterator

from bot.core import incident_commands as ic
from bot.core import incident_events as ie
from bot.core.clocks import begun, replanned, through_holds
from bot.core.commands import Command, Refused
from bot.core.context import Context
from bot.core.events import Event, Recorded
from bot.core.facts import assessed, merged, observed, plain
from bot.core.frozen import Frozen
from bot.core.handling import STAFF, about, me, over, wanted_again
from bot.core.ids import StreamId, SubjectId
from bot.core.incident import Incident
from bot.core.incident_words import Fact
from bot.core.intents import Do, Find, Intent, Ring, Then
from bot.core.notices import NEWS_LASTS, Stage, lane, ring_owner, to_reporters, to_reports
from bot.core.person import Person
from bot.core.playbook import IncidentPlan
from bot.core.playbook_assess import Assessment, due, priority, task_parts
from bot.core.priority import Level, Priority
from bot.core.report_words import NoteStage
from bot.core.rules import Decider, Decision, Rule, Workflow, refuse
from bot.core.task import MOST_TASKS
from bot.core.texts import When, Who, t

AT_WORK = ("in_progress", "on_hold")

# --- opening ---------------------------------------------------------------------------------


def open_incident(state: Incident | None, command: ic.OpenIncident, ctx: Context) -> Decision:
    """Begin an incident for a report, or from what an agent saw; a repeat changes nothing."""
    if state is not None:
        return []
    plan = ctx.edition(command.playbook) if command.playbook else ctx.playbook
    subject = ctx.mint_subject()
    facts: tuple[Fact, ...] | Refused = command.facts
    if not ctx.actor.is_system:
        if command.report is not None:
            return refuse("from_report", t("Open it from the report, so that the two are linked."))
        facts = observed(plan, command.category, command.facts, subject)
    if isinstance(facts, Refused):
        return facts
    opened = _opened(plan, command, facts, subject, ctx)
    return [opened, ie.ReportAttached(report=command.report)] if command.report else [opened]


def _opened(
    plan: IncidentPlan,
    command: ic.OpenIncident,
    facts: tuple[Fact, ...],
    subject: SubjectId,
    ctx: Context,
) -> ie.IncidentOpened:
    category = plan.categories.get(command.category)
    found = assessed(plan, command.category, facts, command.danger)
    level = priority(plan, found)
    return ie.IncidentOpened(
        reference=ctx.reference("incident"),
        incident_kind="incident" if category is None else category.kind,
        category="" if category is None else command.category,
        facts=facts,
        danger=found.danger,
        impact=found.impact or Level.HIGH,
        urgency=found.urgency or Level.HIGH,
        priority=level,
        targets=due(plan, ctx.playbook, level, ctx.at),
        subject=subject,
        playbook=plan.version,
        mode="live",
        visibility="normal",
        from_report=command.report is not None,
    )


def attach(state: Incident | None, command: ic.AttachReport, ctx: Context) -> Decision:
    """One more report of the same; to one that has ended it cannot be attached any more."""
    if state is None or state.ended:
        return over(state)
    if command.report == state.first_report:
        return []
    return [ie.ReportAttached(report=command.report)]


def add_facts(state: Incident | None, command: ic.AddFacts, ctx: Context) -> Decision:
    """More is known. It may raise the priority; only a person lowers it.

    Danger opens again what was resolved or closed; nothing else does.
    """
    added = None if state is None else _added(state, command, ctx)
    if state is None or (added and state.status in ("merged", "cancelled")):
        return over(state)
    if added is None:
        return []
    if added.danger and not state.working:
        return [*_endangered(state, ctx), added]
    return [added, *_raised(state, added, ctx)]


def _added(state: Incident, command: ic.AddFacts, ctx: Context) -> ie.FactsAdded | None:
    """What is new; None when nothing is. After the end only danger is news."""
    category = command.category or state.category
    fresh = tuple(one for one in command.facts if one not in state.facts)
    danger = command.danger
    if state.working:
        plan, known = ctx.edition(state.playbook), merged(state.facts, fresh)
        danger = not state.danger and assessed(plan, category, known, danger).danger
    changed = bool(fresh) or category != state.category
    if not danger and (state.ended or not changed):
        return None
    return ie.FactsAdded(
        report=command.report,
        category=category,
        facts=fresh,
        complete=command.complete,
        danger=danger,
    )


def _endangered(state: Incident, ctx: Context) -> list[Event]:
    """Open again, as pressing as can be."""
    targets = begun(state, Priority.P1, ctx)
    again = ie.IncidentReopened(why="customer", reason=None, targets=targets)
    pressing = ie.PriorityChanged(
        impact=state.impact,
        urgency=state.urgency,
        priority=Priority.P1,
        overridden=False,
        reason=None,
        targets=targets,
    )
    first = [again] if state.priority is Priority.P1 else [again, pressing]
    return [*first, *wanted_again(state)]


def _raised(state: Incident, added: ie.FactsAdded, ctx: Context) -> list[Event]:
    """The higher priority that the new facts speak for, if they speak for more than before."""
    if not state.working or (state.overridden and not added.danger):
        return []
    plan = ctx.edition(state.playbook)
    known = merged(state.facts, added.facts)
    before = assessed(plan, state.category, state.facts, state.danger)
    after = assessed(plan, added.category, known, state.danger or added.danger)
    level = priority(plan, after)
    news = added.danger or level < priority(plan, before)
    if not news or level >= state.priority:
        return []
    impact, urgency = after.impact or Level.HIGH, after.urgency or Level.HIGH
    return [_changed(state, impact, urgency, ctx, level)]


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
    """Own it and begin work, acknowledging it if nobody has."""
    if state is None or not state.working:
        return over(state)
    if state.owner is not None and state.owner != me(ctx):
        return _has_it(state)
    if state.owner is not None and state.status in AT_WORK:
        return []
    seen = [] if state.acknowledged_at else [ie.IncidentAcknowledged(by=me(ctx))]
    return [*seen, ie.IncidentTaken(owner=me(ctx))]


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
    if same and not state.overridden:
        return []
    return [_changed(state, command.impact, command.urgency, ctx)]


def _changed(
    state: Incident, impact: Level, urgency: Level, ctx: Context, level: Priority | None = None
) -> ie.PriorityChanged:
    plan = ctx.edition(state.playbook)
    found = Assessment(impact=impact, urgency=urgency, danger=state.danger)
    level = level or priority(plan, found)
    return ie.PriorityChanged(
        impact=impact,
        urgency=urgency,
        priority=level,
        overridden=False,
        reason=None,
        targets=replanned(state, level, ctx),
    )


def override(state: Incident | None, command: ic.OverridePriority, ctx: Context) -> Decision:
    """The priority that a person says it is, whatever the matrix says, with the reason."""
    if state is None or not state.working:
        return over(state)
    if state.overridden and state.priority == command.priority:
        return []
    reason = about(state, command.reason)
    if isinstance(reason, Refused):
        return reason
    changed = _changed(state, state.impact, state.urgency, ctx, command.priority)
    return [changed.model_copy(update={"overridden": True, "reason": reason})]


# --- holding, restricting, noting ------------------------------------------------------------


def hold(state: Incident | None, command: ic.HoldIncident, ctx: Context) -> Decision:
    """Pause work that is in progress; the promises to acknowledge and resolve stand still."""
    if state is None or not state.working:
        return over(state)
    if state.status == "on_hold":
        return []
    if state.status != "in_progress":
        text = t("Only work in progress can be put on hold. Take the incident first.")
        return refuse("not_in_progress", text)
    reason = about(state, command.reason)
    return reason if isinstance(reason, Refused) else [ie.IncidentHeld(reason=reason)]


def resume(state: Incident | None, command: ic.ResumeIncident, ctx: Context) -> Decision:
    """Go on; what was left of the time is left again."""
    if state is None or not state.working:
        return over(state)
    if state.held_since is None:
        return [] if state.status == "in_progress" else refuse("not_held", t("It is not on hold."))
    plan = ctx.edition(state.playbook)
    targets = due(plan, ctx.playbook, state.priority, state.clock_from)
    held = state.model_copy(update={"holds": (*state.holds, (state.held_since, ctx.at))})
    moved = through_holds(held, state.priority, targets, ctx)
    kept = moved.model_copy(update={"update": state.targets.update})
    return [ie.IncidentResumed(since=state.held_since, targets=kept)]


def restrict(state: Incident | None, command: ic.RestrictIncident, ctx: Context) -> Decision:
    """Show it to its owner and supervisors only, or to all staff again."""
    if state is None:
        return over(state)
    if state.visibility == command.visibility:
        return []
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
    return [ie.IncidentNoteWritten(words=words, author=me(ctx))]


# --- what follows ----------------------------------------------------------------------------


def on_opened(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """A pressing one calls for the agents; resources that the playbook names are asked."""
    if lane(state) == "safety":
        yield Ring(role="agent", why="opened")
    yield from ask_at_once(rec, state, ctx)


def ask_at_once(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Ask for what the playbook wants at once and nobody was asked for yet."""
    if not state.working or state.subject in state.erased:
        return
    asked = [one.template for one in state.tasks]
    parts = task_parts(ctx.edition(state.playbook), state.category, plain(state.facts))
    wanted = [one.key for one in parts if one.at_once and one.key not in asked]
    for key in wanted[: MOST_TASKS - len(asked)]:
        yield Then(command=ic.AskForResource(incident=state.stream, template=key))


def on_attached(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """A report that comes later learns how far things are."""
    stage: Stage | None = "resolved" if state.status == "resolved" else None
    if state.status in AT_WORK:
        stage = "taken"
    if stage is not None and isinstance(rec.event, ie.ReportAttached):
        note = NoteStage(
            incident=state.stream, stage=stage, person=state.owner, until=state.confirm_until
        )
        yield Do(stream=rec.event.report, command=note)


def on_taken(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Nobody waits any more for somebody to look at it."""
    yield from to_reports(state, "taken", person=state.owner)
    yield from to_reporters(state, t("An agent has taken it."), rec.at + NEWS_LASTS)


def on_handed_over(rec: Recorded, state: Incident, ctx: Context) -> Iterable[Intent]:
    """The new owner should know, and the reports whom to call."""
    told = to_reports(state, "taken", person=state.owner) if state.status in AT_WORK else ()
    return [ring_owner(state, "handed_over"), *told]


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


def _by_staff(command: type[Command], decide: Decider) -> Rule:
    return Rule(command, decide, "named", roles=STAFF, named_by="incident")


WORKFLOW = Workflow(
    rules=(
        Rule(ic.OpenIncident, open_incident, "new", roles=STAFF, by_system=True),
        Rule(ic.AttachReport, attach, "named", by_system=True, named_by="incident"),
        Rule(ic.AddFacts, add_facts, "named", by_system=True, named_by="incident"),
        _by_staff(ic.AcknowledgeIncident, acknowledge),
        _by_staff(ic.TakeIncident, take),
        Rule(
            ic.HandOverIncident,
            hand_over,
            "named",
            roles=STAFF,
            named_by="incident",
            reads=_receiver,
        ),
        _by_staff(ic.AssessIncident, assess_incident),
        _by_staff(ic.OverridePriority, override),
        _by_staff(ic.HoldIncident, hold),
        _by_staff(ic.ResumeIncident, resume),
        _by_staff(ic.RestrictIncident, restrict),
        _by_staff(ic.WriteIncidentNote, write_note),
    ),
    reactors=(
        (ie.IncidentOpened, on_opened),
        (ie.ReportAttached, on_attached),
        (ie.FactsAdded, ask_at_once),
        (ie.IncidentTaken, on_taken),
        (ie.IncidentHandedOver, on_handed_over),
        (ie.PriorityChanged, on_priority),
        (ie.IncidentNoteWritten, on_note),
    ),
)
