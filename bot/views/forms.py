"""Forms behind the buttons of cards: what is asked, and the command that the answers make.

One definition serves every channel: as a window, inline, or question by question. `args` are
those of the button; answers are checked by `bot.core.answers` before they come here.
"""

from collections.abc import Mapping

from bot.core import incident_commands as ic
from bot.core.commands import Command
from bot.core.fold import State
from bot.core.forms import Answers, Form, QuestionType
from bot.core.handling import REOPEN_LEAST
from bot.core.ids import Millis
from bot.core.incident import Incident
from bot.core.incident_events import PriorityChanged
from bot.core.playbook_forms import CATEGORY, KIND
from bot.core.priority import Level
from bot.core.report_words import WriteNote
from bot.core.texts import t
from bot.views import (
    alike_forms,
    asking_forms,
    distress_forms,
    escalation_forms,
    following,
    hand_forms,
    hold_forms,
    labels,
    major_forms,
    milestone_forms,
    path_forms,
    problem_forms,
    reply_forms,
    resource_forms,
    update_forms,
)
from bot.views.form_kinds import Filled, FormKind
from bot.views.incident import named
from bot.views.look import Look
from bot.views.questions import choice, simple, words

MINUTE: Millis = 60_000


# --- the incident --------------------------------------------------------------------------------


_LEVELS = (Level.HIGH, Level.MEDIUM, Level.LOW)
_NAMED = tuple((one.value, labels.LEVEL[one.value]) for one in _LEVELS)
_REASON = words("reason", t("Why? The reason is kept."))
_REOPENED = words(
    "reason",
    t("Why is it opened again? The reason is kept."),
    hint=t("At least {least} characters, so that whoever takes it knows.", least=REOPEN_LEAST),
).model_copy(update={"minimum": REOPEN_LEAST})


def _resolve(state: State | None, look: Look) -> Form:
    """How it was fixed; what nobody has seen to must be called off in so many words."""
    left = [one for one in state.tasks if one.unseen_to] if isinstance(state, Incident) else []
    note = words("note", t("How was it fixed?"))
    told = t("The customers are asked whether it is fixed.")
    questions = [note.model_copy(update={"help": told})]
    if left:
        choices = (
            (str(one.number), t("{n}: {task}", n=one.number, task=named(one, look))) for one in left
        )
        question = choice("call_off", t("Not done yet. Tick what is needed no longer"), choices)
        fresh = {"type": QuestionType.MULTI_CHOICE, "minimum": 1}
        questions.append(question.model_copy(update=fresh))
    return Form(key="resolve", title=t("Resolve"), questions=tuple(questions))


def _resolved(filled: Filled) -> Command:
    ticked = filled.answers.get("call_off")
    numbers = tuple(int(one) for one in ticked) if isinstance(ticked, tuple) else ()
    return ic.ResolveIncident.model_validate(
        {"incident": filled.incident, "note": filled.words("note"), "call_off": numbers}
    )


def _assessed(state: State | None) -> Answers:
    if not isinstance(state, Incident):
        return {}
    return {"impact": state.impact.value, "urgency": state.urgency.value}


def _assess(filled: Filled) -> Command:
    return ic.AssessIncident(
        incident=filled.incident,
        impact=Level(filled.words("impact")),
        urgency=Level(filled.words("urgency")),
    )


FORMS: Mapping[str, FormKind] = {
    **distress_forms.FORMS,
    **escalation_forms.FORMS,
    **hand_forms.FORMS,
    **resource_forms.FORMS,
    **update_forms.FORMS,
    **major_forms.FORMS,
    **milestone_forms.FORMS,
    "assess": FormKind(
        simple(
            "assess",
            t("Assess"),
            choice("impact", t("How far does it reach?"), _NAMED),
            choice("urgency", t("How soon must it be seen to?"), _NAMED),
        ),
        _assess,
        known=_assessed,
        moved_by=(PriorityChanged,),
        brings=ic.AssessIncident,
    ),
    "resolve": FormKind(_resolve, _resolved, brings=ic.ResolveIncident),
    **hold_forms.FORMS,
    "reopen": FormKind(
        simple("reopen", t("Reopen"), _REOPENED),
        lambda one: ic.ReopenIncident(incident=one.incident, reason=one.words("reason")),
        brings=ic.ReopenIncident,
    ),
    "cancel": FormKind(
        simple("cancel", t("Cancel the incident"), _REASON),
        lambda one: ic.CancelIncident(incident=one.incident, reason=one.words("reason")),
        brings=ic.CancelIncident,
    ),
    "note": FormKind(
        simple("note", t("Note"), words("words", t("What should colleagues know?"))),
        lambda one: ic.WriteIncidentNote(incident=one.incident, words=one.words("words")),
        brings=ic.WriteIncidentNote,
    ),
    **reply_forms.FORMS,
    "report_note": FormKind(
        simple("report_note", t("Note"), words("words", t("What should colleagues know?"))),
        lambda one: WriteNote(report=str(one.args["report"]), words=one.words("words")),
        brings=WriteNote,
    ),
    "report": FormKind(
        asking_forms.report_form,
        lambda one: asking_forms.report_sent(one.answers),
        again=asking_forms.report_again,
        decides=(KIND, CATEGORY),
        known=asking_forms.report_known,
        alone=True,
    ),
    "question": FormKind(
        asking_forms.question_form,
        lambda one: asking_forms.question_answered(str(one.args["field"]), one.answers),
        alone=True,
        talked=True,
    ),
    following.FORM: FormKind(
        following.subscribe_form(here=False),
        lambda one: following.subscribed(one.args, one.answers, one.zone),
        known=following.usual,
        alone=True,
    ),
    following.FORM_HERE: FormKind(
        following.subscribe_form(here=True),
        lambda one: following.subscribed(one.args, one.answers, one.zone),
        known=following.usual_here,
    ),
    "from_message": FormKind(
        asking_forms.message_form,
        lambda one: asking_forms.message_opened(one.answers),
        again=asking_forms.message_again,
        decides=(KIND, CATEGORY),
    ),
    **alike_forms.FORMS,
    **path_forms.FORMS,
    **problem_forms.FORMS,
}
