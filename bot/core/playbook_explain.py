"""What the playbook would do with a report, and why: the dry run behind `playbook explain`."""

from collections.abc import Callable, Iterator, Mapping

from bot.core import playbook_assess as rules
from bot.core.answers import FormError, validate
from bot.core.forms import Answers, Form, Value, visible
from bot.core.frozen import Frozen
from bot.core.ids import Millis
from bot.core.incident_words import Targets
from bot.core.playbook import Playbook
from bot.core.playbook_forms import CATEGORY, KIND, intake_form
from bot.core.playbook_ladder import Alarm, flatten, next_alarm
from bot.core.playbook_parts import Cadence, TaskPart
from bot.core.playbook_suggest import suggest
from bot.core.priority import IMPACT_NAMES, URGENCY_NAMES, Priority
from bot.core.texts import Phrase, Span, Style, Text, When, t

ALARMS_SHOWN = 6


class Line(Frozen):
    """One thing that would happen, and the reasons for it."""

    what: Phrase
    because: tuple[Phrase, ...] = ()


class Section(Frozen):
    """Lines under a heading."""

    title: Text
    lines: tuple[Line, ...]


class Explanation(Frozen):
    """The outcome for machines in the first fields, for people in `sections`."""

    category: str | None
    priority: Priority
    targets: Targets
    answers: Mapping[str, Value]
    sections: tuple[Section, ...]


def explain(playbook: Playbook, raw: Mapping[str, object], at: Millis) -> Explanation:
    """What follows from `raw` answers given at `at`.

    Keys are full (`power.extent`) or short (`extent`); `category` chooses the category, else
    the words of the other answers suggest one. Wrong answers are listed and left out.
    """
    name, why = _category(playbook, raw)
    form = intake_form(playbook, name, kind=str(raw.get(KIND) or ""))
    answers, errors = _answers(form, raw, name)
    found = rules.assess(playbook, name, answers)
    level = rules.priority(playbook, found)
    due = rules.due(playbook, playbook, level, at)
    sections = (
        Section(title=t("Category"), lines=(why,)),
        Section(title=t("Priority"), lines=_priority(found, level)),
        Section(title=t("Promises"), lines=_promises(playbook, level, due)),
        Section(title=t("Places and tasks"), lines=tuple(_work(playbook, name, answers))),
        Section(title=t("Escalation if nobody acts"), lines=_escalation(playbook, name, level, at)),
        Section(title=t("Not used"), lines=errors),
    )
    return Explanation(
        category=name,
        priority=level,
        targets=due,
        answers=answers,
        sections=tuple(one for one in sections if one.lines),
    )


def render(explanation: Explanation, say: Callable[[Phrase], str]) -> str:
    """The explanation as plain text; `say` puts a phrase into a language and time zone."""
    return "\n".join(line for section in explanation.sections for line in _rendered(section, say))


def _rendered(section: Section, say: Callable[[Phrase], str]) -> Iterator[str]:
    yield say(section.title)
    for line in section.lines:
        yield f"  {say(line.what)}"
        yield from (f"      {say(reason)}" for reason in line.because)


def _category(playbook: Playbook, raw: Mapping[str, object]) -> tuple[str | None, Line]:
    chosen = raw.get(CATEGORY)
    if isinstance(chosen, str) and (own := playbook.category(chosen)):
        return chosen, Line(what=own.name, because=(t("chosen by the person"),))
    words = " ".join(one for key, one in raw.items() if isinstance(one, str) and key != CATEGORY)
    best = suggest(playbook, words, playbook.organisation.default_language)
    if best:
        name = playbook.categories[best[0].category].name
        because = (t("suggested by their words; they are asked to confirm it"), best[0].reason)
        return best[0].category, Line(what=name, because=because)
    return None, Line(what=t("not known yet"), because=(t("the desk chooses one"),))


def _answers(
    form: Form, raw: Mapping[str, object], name: str | None
) -> tuple[Answers, tuple[Line, ...]]:
    """The valid answers by full key, and a line for each one that cannot be used."""
    known = {question.key: question for question in form.questions}
    answers: dict[str, Value] = {}
    errors: list[Line] = []
    for key, one in raw.items():
        question = known.get(f"{name}.{key}") or known.get(key)
        value = None if question is None else validate(question, one)
        if question is None:
            errors.append(
                Line(what=t("{answer}", answer=key), because=(t("no such question here"),))
            )
        elif isinstance(value, FormError):
            errors.append(Line(what=question.label, because=(value.text,)))
        else:
            answers[question.key] = value
    shown = [one.key for one in visible(form, answers)]
    hidden = [known[key] for key in answers if key not in shown]
    errors += [
        Line(what=one.label, because=(t("not asked after these answers"),)) for one in hidden
    ]
    return answers, tuple(errors)


def _priority(found: rules.Assessment, level: Priority) -> tuple[Line, ...]:
    because: list[Phrase] = []
    for reason in found.reasons:
        because.append(reason.text)
        because += [reason.because] if reason.because else []
    if found.danger:
        because.append(t("danger to life overrides the matrix"))
    else:
        because.append(
            t(
                "by the matrix: {impact}, {urgency}",
                impact=Text(key=IMPACT_NAMES[found.impact]),
                urgency=Text(key=URGENCY_NAMES[found.urgency]),
            )
        )
    if not found.danger and None in (found.impact, found.urgency):
        because.append(t("unsure counts as the higher"))
    return (Line(what=t("{priority}", priority=level), because=tuple(because)),)


def _promises(playbook: Playbook, level: Priority, due: Targets) -> tuple[Line, ...]:
    target = playbook.targets.of(level)
    clock = t("by the calendar {name}", name=target.calendar)
    return (
        Line(
            what=t("Acknowledge by {time}", time=_time(due.acknowledge)),
            because=(t("within {span}", span=Span(ms=target.acknowledge)), clock),
        ),
        _updates(playbook.updates.of(level), due.update),
        Line(
            what=t("Resolve by {time}", time=_time(due.resolve)),
            because=(t("within {span}", span=Span(ms=target.resolve)), clock),
        ),
    )


def _updates(cadence: Cadence, first: Millis | None) -> Line:
    if first is not None and cadence.every is not None:
        because = (t("then every {span}", span=Span(ms=cadence.every)),)
        return Line(what=t("First update by {time}", time=_time(first)), because=because)
    if cadence.when == "change":
        return Line(what=t("An update on every change"))
    return Line(what=t("One update at the end"))


def _time(at: Millis | None) -> When | Text:
    return t("not set") if at is None else When(at=at, style=Style.FULL)


def _work(playbook: Playbook, name: str | None, answers: Answers) -> Iterator[Line]:
    own = playbook.category(name)
    place = playbook.places[rules.team_place(playbook, name)]
    team = playbook.teams.get(own.team if own else "")
    why = t("place of the first team, while no category is known")
    if team is not None:
        why = t("place of the team {team}", team=team.name)
    yield Line(what=t("Card in {place}", place=place.name), because=(why,))
    for task in rules.task_parts(playbook, name, answers):
        yield _task(playbook, name, task)


def _task(playbook: Playbook, name: str | None, task: TaskPart) -> Line:
    where = playbook.places[rules.task_place(playbook, name, task)].name
    what = t("{task}: {n} wanted, asked in {place}", task=task.title, n=task.needed, place=where)
    skill = playbook.skills.get(task.skill or "")
    because = [t("needs the skill {skill}", skill=skill)] if skill else []
    because += [t("because of the answers")] if task.when else []
    begin = t("asked when the incident opens") if task.at_once else t("asked by an agent's press")
    return Line(what=what, because=(*because, begin))


def _escalation(
    playbook: Playbook, name: str | None, level: Priority, at: Millis
) -> tuple[Line, ...]:
    own = playbook.category(name)
    ladder = rules.ladder_key(playbook, name, level)
    rungs = flatten(playbook.ladders, ladder)
    calendars = {key: playbook.calendar(key) for key in playbook.calendars}
    why = t("ladder {name} of the priority {priority}", name=ladder, priority=level)
    if own is not None and own.ladder:
        why = t("ladder {name} of the category", name=ladder)
    first = at + playbook.ladders[ladder].after
    lines = []
    alarm: Alarm | None = None
    for _ in range(ALARMS_SHOWN):
        alarm = next_alarm(rungs, calendars, alarm, first)
        lines.append(Line(what=t("{time}: {who}", time=_time(alarm.at), who=_who(alarm))))
    lines[0] = lines[0].model_copy(update={"because": (why,)})
    return (*lines, Line(what=t("... and so on until somebody acts")), *_waits(playbook))


def _waits(playbook: Playbook) -> Iterator[Line]:
    """What else counts as nobody acting."""
    rules = playbook.escalation
    work, word = Span(ms=rules.acknowledged_within), Span(ms=rules.answer_within)
    yield Line(what=t("Who acknowledges it begins within {span}, or it is open again", span=work))
    yield Line(what=t("A customer who writes is answered within {span}", span=word))


def _who(alarm: Alarm) -> str:
    return ", ".join(f"{party.of}:{party.key}" for party in alarm.who)
