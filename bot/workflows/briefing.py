"""Briefing: who takes a task in a place of many people is told alone what they need there.

What customers said, and how they are reached, opens with the claim and stands in no place that
others read.
"""

from collections.abc import Iterator

from bot.core import incident_events as ie
from bot.core.calendar import HOUR
from bot.core.caller import desk_questions
from bot.core.context import Context
from bot.core.events import Recorded
from bot.core.forms import Question, QuestionType
from bot.core.handling import task_of
from bot.core.ids import SubjectId
from bot.core.incident import Incident
from bot.core.incident_words import Fact
from bot.core.intents import Intent, Say
from bot.core.notices import lane
from bot.core.personal import Personal
from bot.core.playbook_assess import answer_text, dangers
from bot.core.rules import Workflow
from bot.core.task import Task
from bot.core.texts import Ref, Text, When, t

MOST = 20
_NOT_WORDS = (QuestionType.FILE, QuestionType.PERSON)


def on_claimed(rec: Recorded, state: Incident, ctx: Context) -> Iterator[Intent]:
    """On the channel by which they took it; a page that they took it on shows it anyway."""
    assert isinstance(rec.event, ie.TaskClaimed)
    if ctx.alone is None or not ctx.alone.reached:
        return
    task = task_of(rec, state)
    yield Say(
        to=ctx.alone,
        lane=lane(state),
        text=_briefing(state, task, rec.event, ctx),
        # It is about whoever needs help, and is erased with them.
        subject=_whose(state, task),
        until=rec.event.eta + HOUR,
        task=task.number,
    )


def _briefing(state: Incident, task: Task, event: ie.TaskClaimed, ctx: Context) -> Text:
    said = t(
        "You took task {n} of {ref}. You said that you will be there at {eta}.\n{what}",
        n=task.number,
        ref=Ref(ref=state.reference),
        eta=When(at=event.eta),
        what=task.what,
    )
    for question, fact in _facts(state, ctx):
        said = t(
            "{before}\n{label} – {said}",
            before=said,
            label=question.title,
            said=_said(question, fact),
        )
    return said


def _facts(state: Incident, ctx: Context) -> list[tuple[Question, Fact]]:
    """What is known; beside danger not the answer that there was none."""
    plan = ctx.edition(state.playbook)
    asked = desk_questions(plan, state.category)
    known = {one.field: one for one in state.facts if one.value is not None}
    plain = {x.field: x.value for x in state.facts if not isinstance(x.value, Personal)}
    for key, grave in dangers(plan, state.category, plain).items():
        if state.danger and not grave:
            known.pop(key, None)
    fit = [one for one in asked if one.key in known and one.type not in _NOT_WORDS]
    return [(one, known[one.key]) for one in fit if not _is_erased(known[one.key])][:MOST]


def _is_erased(fact: Fact) -> bool:
    return isinstance(fact.value, Personal) and fact.value.erased


def _said(question: Question, fact: Fact) -> Text:
    if isinstance(fact.value, Personal):
        return t("{words}", words=fact.value)
    return answer_text(question, fact.value)


def _whose(state: Incident, task: Task) -> SubjectId:
    about = [one.value for one in state.facts if isinstance(one.value, Personal)]
    return next((one.subject for one in about if not one.erased), task.what.subject)


WORKFLOW = Workflow(reactors=((ie.TaskClaimed, on_claimed),))
