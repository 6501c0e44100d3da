"""Opening: an incident begins, more is learned of it, it is given another kind or category."""

from collections.abc import Iterator

from bot.core import incident_commands as ic
from bot.core import incident_events as ie
from bot.core import moving_words as mw
from bot.core.clocks import begun, kind_changed, priority_changed
from bot.core.commands import Refused
from bot.core.context import Context
from bot.core.events import Event, Recorded
from bot.core.facts import assessed, merged, observed, plain
from bot.core.handling import STAFF, by_staff, over, overtaken, wanted_again
from bot.core.ids import SubjectId
from bot.core.incident import Incident
from bot.core.incident_words import Fact
from bot.core.intents import Intent, Ring, Then
from bot.core.notices import lane
from bot.core.playbook import IncidentPlan
from bot.core.playbook_assess import due, priority, task_parts
from bot.core.playbook_forms import KIND, kind_of
from bot.core.priority import Level, Priority
from bot.core.problem_rules import retyping
from bot.core.program_words import OPEN
from bot.core.rules import Decision, Rule, Workflow, refuse
from bot.core.task import MOST_TASKS
from bot.core.texts import t

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
    house = ctx.actor.is_system
    found = assessed(plan, command.category, facts, command.danger)
    level = priority(plan, found)
    kind = kind_of(plan, command.category, plain(facts))
    return ie.IncidentOpened(
        reference=ctx.reference("incident"),
        incident_kind=kind,
        category="" if category is None else command.category,
        facts=facts,
        danger=found.danger,
        impact=found.impact or Level.HIGH,
        urgency=found.urgency or Level.HIGH,
        priority=level,
        targets=due(plan, ctx.playbook, level, ctx.at, kind),
        subject=subject,
        playbook=plan.version,
        mode=command.mode if house else "live",
        visibility=command.visibility if house else "normal",
        from_report=command.report is not None,
        split_from=command.split_from if house else None,
    )


def add_facts(state: Incident | None, command: ic.AddFacts, ctx: Context) -> Decision:
    """More is known. It may raise the priority; only a person lowers it.

    Danger opens again what was resolved or closed; nothing else does.
    """
    if state is None or state.status == "merged":
        # What a report says reaches the other incident with the report itself.
        return over(None) if state is None else []
    added = _added(state, command, ctx)
    if added is None:
        return []
    if state.status == "cancelled":
        return over(state)
    if added.danger and not state.working:
        return [*_endangered(state, ctx), added]
    raised = _raised(state, added.category, added.facts, added.danger, ctx)
    return [added, *_retyped(state, added, ctx), *raised]


def _retyped(state: Incident, added: ie.FactsAdded, ctx: Context) -> list[Event]:
    """What kind of thing it is was answered later; who is in danger has an incident, and what a
    person of the staff said of it stands.
    """
    plan, known = ctx.edition(state.playbook), plain(merged(state.facts, added.facts))
    said = added.category != state.category or any(one.field == KIND for one in added.facts)
    kind = kind_of(plan, added.category, known)
    grave = state.danger or added.danger or not state.working or state.incident_kind == "problem"
    if not said or grave or state.path.kind_set or kind == state.incident_kind:
        return []
    return [kind_changed(state, kind, ctx)]


def _added(state: Incident, command: ic.AddFacts, ctx: Context) -> ie.FactsAdded | None:
    """What is new; None when nothing is. After the end only danger is news.

    The report that it was opened for may put right what it said; others fill what is not known.
    """
    own = state.origin in (None, command.report) and state.first_report in (None, command.report)
    category = state.category
    if command.category and (own or not category) and not state.category_set:
        category = command.category
    known = {one.field for one in state.facts}
    fresh = tuple(
        one for one in command.facts if one not in state.facts and (own or one.field not in known)
    )
    danger = command.danger
    if state.working:
        plan, every = ctx.edition(state.playbook), merged(state.facts, fresh)
        danger = not state.danger and assessed(plan, category, every, danger).danger
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


def _raised(
    state: Incident, category: str, facts: tuple[Fact, ...], danger: bool, ctx: Context
) -> list[Event]:
    """The higher priority that the new facts speak for, if they speak for more than before."""
    if not state.working or (state.overridden and not danger):
        return []
    plan = ctx.edition(state.playbook)
    before = assessed(plan, state.category, state.facts, state.danger)
    after = assessed(plan, category, merged(state.facts, facts), state.danger or danger)
    level = priority(plan, after)
    news = danger or level < priority(plan, before)
    if not news or level >= state.priority:
        return []
    impact, urgency = after.impact or Level.HIGH, after.urgency or Level.HIGH
    return [priority_changed(state, impact, urgency, ctx, level)]


# --- kind and category -----------------------------------------------------------------------


def set_kind(state: Incident | None, command: mw.SetKind, ctx: Context) -> Decision:
    """It is something else than was thought; what it was stays in its history."""
    if state is None or state.ended:
        return over(state)
    if state.incident_kind == command.incident_kind:
        return []
    refused = overtaken(command.before, state.incident_kind) or retyping(
        state, command.incident_kind
    )
    if refused is not None:
        return refused
    return [kind_changed(state, command.incident_kind, ctx)]


def set_category(state: Incident | None, command: mw.SetCategory, ctx: Context) -> Decision:
    """It is about something else. That may raise the priority; only a person lowers it."""
    if state is None or state.ended:
        return over(state)
    if command.category not in ctx.edition(state.playbook).categories:
        text = t("There is no such category. Choose one of the list.")
        return refuse("unknown_category", text)
    if state.category == command.category and state.category_set:
        return []
    refused = overtaken(command.before, state.category)
    if refused is not None:
        return refused
    changed = mw.CategoryChanged(before=state.category, category=command.category)
    return [
        changed,
        *_of_its_kind(state, command.category, ctx),
        *_raised(state, command.category, (), False, ctx),
    ]


def _of_its_kind(state: Incident, category: str, ctx: Context) -> list[Event]:
    """It becomes what its category is for, unless somebody said what kind it is."""
    kind = kind_of(ctx.edition(state.playbook), category, {})
    fixed = state.path.kind_set or state.danger or state.incident_kind == "problem"
    if fixed or kind == state.incident_kind:
        return []
    return [kind_changed(state, kind, ctx)]


# --- what follows ----------------------------------------------------------------------------


def on_opened(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """A pressing one calls for the agents; resources that the playbook names are asked."""
    if lane(state) == "safety":
        yield Ring(role="agent", why="opened")
    yield from ask_at_once(rec, state, ctx)


def ask_at_once(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """Ask for what the playbook wants at once and nobody was asked for yet."""
    if not state.working or state.subject in state.erased or state.incident_kind == "problem":
        return
    asked = [one.template for one in state.tasks]
    parts = task_parts(ctx.edition(state.playbook), state.category, plain(state.facts))
    wanted = [one.key for one in parts if one.at_once and one.key not in asked]
    for key in wanted[: MOST_TASKS - len(asked)]:
        yield Then(command=ic.AskForResource(incident=state.stream, template=key))


WORKFLOW = Workflow(
    rules=(
        Rule(ic.OpenIncident, open_incident, "new", roles=(*STAFF, OPEN), by_system=True),
        Rule(ic.AddFacts, add_facts, "named", by_system=True, named_by="incident"),
        by_staff(mw.SetKind, set_kind),
        by_staff(mw.SetCategory, set_category),
    ),
    reactors=(
        (ie.IncidentOpened, on_opened),
        (ie.FactsAdded, ask_at_once),
        (mw.CategoryChanged, ask_at_once),
    ),
)
