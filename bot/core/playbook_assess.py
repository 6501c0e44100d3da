"""From answers to impact, urgency and danger, and from a priority to the moments it promises.

Of all rules that apply the highest impact and the highest urgency count, so their order means
nothing; what no rule speaks about is the category's own, and what nobody set is unsure, which
is the higher (None). Only answers to questions that are asked count.
"""

from collections.abc import Iterator, Mapping, Sequence

from bot.core import priority as matrix
from bot.core.calendar import add, between
from bot.core.forms import Answers, Question, Value, fulfils, relevant
from bot.core.frozen import Frozen
from bot.core.ids import Millis
from bot.core.incident_words import Band, IncidentKind, Targets
from bot.core.playbook import IncidentPlan, Playbook, ReportPlan
from bot.core.playbook_forms import KIND, full_key, intake_form
from bot.core.playbook_parts import Approval, Cadence, Category, Rule, Step, TaskPart, When
from bot.core.priority import IMPACT_NAMES, URGENCY_NAMES, Level, Priority
from bot.core.texts import Text, Words, t


class Reason(Frozen):
    """What an answer led to, and why in the organisation's words."""

    text: Text
    because: Words | None = None


class Assessment(Frozen):
    """How far it reaches, how soon it must be seen to (None: unsure), whether life is in danger."""

    impact: Level | None
    urgency: Level | None
    danger: bool
    reasons: tuple[Reason, ...] = ()


def assess(plan: ReportPlan, category: str | None, answers: Answers) -> Assessment:
    """What `answers` (full keys, checked values) say under the rules of `plan`."""
    own = plan.categories.get(category or "")
    form = intake_form(plan, category, kind=str(answers.get(KIND) or ""))
    counted = relevant(form, answers)
    asked = {question.key: question for question in form.questions}
    rules = [
        (rule, reason)
        for rule, name in _rules(plan, category or "", own)
        if holds(rule.when, name, own, counted)
        for reason in [_reason(rule, full_key(rule.when[0].question, name, own), asked, counted)]
    ]
    base = plan.intake if own is None else own
    impacts = [rule.set.impact for rule, _ in rules if rule.set.impact]
    urgencies = [rule.set.urgency for rule, _ in rules if rule.set.urgency]
    return Assessment(
        impact=matrix.higher(*impacts) if impacts else base.impact,
        urgency=matrix.higher(*urgencies) if urgencies else base.urgency,
        danger=(own is not None and own.danger) or any(rule.set.danger for rule, _ in rules),
        reasons=tuple(reason for _, reason in rules),
    )


def dangers(plan: ReportPlan, category: str | None, answers: Answers) -> dict[str, bool]:
    """The questions that can say that life is in danger, and whether their answers do."""
    own = plan.categories.get(category or "")
    counted = relevant(intake_form(plan, category), answers)
    found: dict[str, bool] = {}
    for rule, name in _rules(plan, category or "", own):
        for when in rule.when if rule.set.danger else ():
            key = full_key(when.question, name, own)
            found[key] = found.get(key, False) or holds(rule.when, name, own, counted)
    return found


def priority(plan: IncidentPlan, found: Assessment) -> Priority:
    """The priority by the matrix of `plan`; danger is always P1."""
    return matrix.priority(plan.matrix, found.impact, found.urgency, found.danger)


def _rules(plan: ReportPlan, name: str, own: Category | None) -> Iterator[tuple[Rule, str]]:
    yield from ((rule, "") for rule in plan.intake.rules)
    yield from ((rule, name) for rule in (own.rules if own else ()))


def holds(whens: Sequence[When], name: str, own: Category | None, answers: Answers) -> bool:
    """Whether all conditions of a rule, step or task of category `name` hold."""
    return all(
        fulfils(answers.get(full_key(one.question, name, own)), one.any_of, one.at_least)
        for one in whens
    )


def steps(plan: ReportPlan, category: str | None, answers: Answers) -> tuple[Step, ...]:
    """The steps of the agent's script that apply."""
    own = plan.categories.get(category or "")
    script = own.script if own else ()
    return tuple(one for one in script if holds(one.when, category or "", own, answers))


def task_parts(plan: ReportPlan, category: str | None, answers: Answers) -> tuple[TaskPart, ...]:
    """The task templates that apply."""
    own = plan.categories.get(category or "")
    parts = own.tasks if own else ()
    return tuple(one for one in parts if holds(one.when, category or "", own, answers))


def task_place(current: Playbook, category: str | None, task: TaskPart) -> str:
    """Where to ask for `task`: its own place, else the first with its skill, else the team's."""
    skilled = [key for key, place in current.places.items() if task.skill in place.skills]
    return task.place or next(iter(skilled), team_place(current, category))


def team_place(current: Playbook, category: str | None) -> str:
    """The place of the category's team; without a category that of the first team."""
    own = current.category(category)
    team = current.teams.get(own.team if own else "") or next(iter(current.teams.values()))
    return team.place


def ladder_key(plan: IncidentPlan, category: str | None, level: Priority) -> str:
    """The ladder that an incident escalates by: its category's own, else its priority's."""
    own = plan.categories.get(category or "")
    return (own and own.ladder) or plan.targets.of(level).ladder


def _reason(rule: Rule, key: str, asked: Mapping[str, Question], answers: Answers) -> Reason:
    question = asked[key]
    parts = [Text(key=IMPACT_NAMES[rule.set.impact])] if rule.set.impact else []
    parts += [Text(key=URGENCY_NAMES[rule.set.urgency])] if rule.set.urgency else []
    parts += [t("danger to life")] if rule.set.danger else []
    said = answer_text(question, answers.get(question.key))
    text = t(
        "{question} {answer}: {outcome}", question=question.label, answer=said, outcome=parts[0]
    )
    for more in parts[1:]:
        text = t("{first}, {second}", first=text, second=more)
    return Reason(text=text, because=rule.because)


def answer_text(question: Question, value: Value) -> Text:
    """An answer that is not personal, as people read it."""
    labels = {choice.value: choice.label for choice in question.choices}
    if isinstance(value, bool):
        return t("yes") if value else t("no")
    if isinstance(value, tuple):
        return _listed([labels[one] for one in value if one in labels])
    if isinstance(value, str) and value in labels:
        return t("{answer}", answer=labels[value])
    return t("{answer}", answer=str(value))


def _listed(labels: Sequence[Text | Words]) -> Text:
    text = t("{answer}", answer=labels[0]) if labels else t("nothing")
    for label in labels[1:]:
        text = t("{first}, {second}", first=text, second=label)
    return text


# --- moments ---------------------------------------------------------------------------------


def due(
    plan: IncidentPlan,
    current: Playbook,
    level: Priority,
    opened_at: Millis,
    kind: IncidentKind = "incident",
) -> Targets:
    """When the promises of a priority are due, counted from the opening by today's calendar;
    nobody is promised anything of a problem.
    """
    if kind == "problem":
        return Targets()
    target = plan.promise(level, kind)
    calendar = current.calendar(target.calendar)
    return Targets(
        acknowledge=add(calendar, opened_at, target.acknowledge),
        update=next_update(plan.updates.of(level), opened_at, None),
        resolve=add(calendar, opened_at, target.resolve),
    )


def after_hold(
    plan: IncidentPlan,
    current: Playbook,
    level: Priority,
    targets: Targets,
    hold: tuple[Millis, Millis],
    kind: IncidentKind = "incident",
) -> Targets:
    """The targets after a hold (from, to): what was left of the time is left again."""
    calendar = current.calendar(plan.promise(level, kind).calendar)
    began, ended = hold

    def moved(at: Millis | None) -> Millis | None:
        if at is None or at <= began:
            return at
        return add(calendar, ended, between(calendar, began, at))

    return targets.model_copy(
        update={"acknowledge": moved(targets.acknowledge), "resolve": moved(targets.resolve)}
    )


_BANDS: Mapping[int, Band] = {50: "50", 75: "75", 90: "90"}


def bands(
    plan: IncidentPlan, current: Playbook, level: Priority, since: Millis, until: Millis
) -> tuple[tuple[Millis, Band], ...]:
    """The moments between `since` and `until` (due) at which to warn, ending with the breach."""
    target = plan.targets.of(level)
    calendar = current.calendar(target.calendar)
    whole = between(calendar, since, until)
    marks = [
        (add(calendar, since, whole * one // 100), _BANDS[one]) for one in sorted(target.warn_at)
    ]
    return (*marks, (until, "breached"))


def next_update(cadence: Cadence, opened_at: Millis, last_at: Millis | None) -> Millis | None:
    """When people must hear something next; None where the clock does not say."""
    if cadence.every is None:
        return None
    if last_at is None:
        return opened_at + (cadence.first or cadence.every)
    relaxed = cadence.relax_after is not None and last_at - opened_at >= cadence.relax_after
    return last_at + (cadence.relax_to if relaxed and cadence.relax_to else cadence.every)


def approval(current: Playbook, level: Priority, audience: str, size: int) -> Approval | None:
    """The rule by which a second person must approve an update, if one applies."""
    return next(
        (
            rule
            for rule in current.approvals
            if (not rule.audiences or audience in rule.audiences)
            and (not rule.priorities or level in rule.priorities)
            and size > rule.more_than
        ),
        None,
    )
