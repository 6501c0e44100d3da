"""The questions of a report as one form, or one of them; and an incident made of a message."""

from bot.core import caller
from bot.core import incident_commands as ic
from bot.core.asking import open_question, questions
from bot.core.commands import Command
from bot.core.fold import State
from bot.core.forms import Answers, Form, Question, QuestionType, Value
from bot.core.incident_words import Fact
from bot.core.personal import Personal
from bot.core.playbook_forms import CATEGORY, KIND, UNSURE, form_for, intake_form
from bot.core.report import Report
from bot.core.report_words import AnswerQuestion, FillReport
from bot.core.texts import t
from bot.views.look import Look

NOT_TYPED = (QuestionType.FILE, QuestionType.PERSON)
"""What cannot be given in a form: it is sent beside it."""
DANGER = "danger_now"
KEPT = t("You have answered this. Leave it empty to keep your answer.")


# --- a report, all at once ---------------------------------------------------------------------


def report_form(state: State | None, look: Look) -> Form:
    """All questions of a report, begun or not."""
    return report_again(state, look, report_known(state))


def report_again(state: State | None, look: Look, given: Answers) -> Form:
    """The same, with the questions of the category that was chosen in it."""
    begun = _begun(state)
    plan = look.playbook if begun is None else look.edition(begun.playbook)
    danger = begun is not None and begun.danger
    form = form_for(plan, {**report_known(state), **given}, danger=danger)
    asked = tuple(_once(one, begun) for one in form.questions if one.type not in NOT_TYPED)
    return form.model_copy(update={"key": "report", "questions": asked})


def _once(question: Question, begun: Report | None) -> Question:
    """What was answered already and is not shown need not be answered again."""
    given = None if begun is None else begun.answer(question.key)
    if given is None or not isinstance(given.value, Personal):
        return question
    return question.model_copy(update={"required": False, "help": KEPT})


def _begun(state: State | None) -> Report | None:
    going_on = isinstance(state, Report) and state.stage == "answering"
    return state if going_on and isinstance(state, Report) else None


def report_known(state: State | None) -> Answers:
    """What was answered so far, but for what is personal."""
    begun = _begun(state)
    if begun is None:
        return {}
    return {
        one.field: one.value
        for one in begun.answers
        if not isinstance(one.value, Personal) and one.value is not None
    }


def report_sent(answers: Answers) -> Command:
    """The report with these answers; what was left empty stays as it was."""
    return FillReport(answers={key: one for key, one in answers.items() if one is not None})


def _category(answers: Answers) -> str:
    picked = answers.get(CATEGORY)
    return picked if isinstance(picked, str) and picked != UNSURE else ""


# --- one question ------------------------------------------------------------------------------


def question_form(state: State | None, look: Look) -> Form:
    """The question that is open now; without one there is nothing to fill in."""
    begun = _begun(state)
    form = None
    if begun is not None:
        form = questions(begun, look.edition(begun.playbook), look.playbook)
    question = None if begun is None or form is None else open_question(begun, form)
    asked = () if question is None else (question.model_copy(update={"when": None}),)
    return Form(key="question", title=t("Your answer"), questions=asked)


def question_answered(field: str, answers: Answers) -> Command:
    """The answer to what was asked."""
    key, value = next(iter(answers.items()), (field, None))
    return AnswerQuestion(field=key, value=value)


# --- an incident of a message ------------------------------------------------------------------


def message_form(state: State | None, look: Look) -> Form:
    """What is asked about a message of which an incident is made."""
    return message_again(state, look, {})


def message_again(state: State | None, look: Look, given: Answers) -> Form:
    """The same, with the questions of the category that was chosen in it."""
    kind = str(given.get(KIND) or "")
    every = caller.desk_questions(look.playbook, _category(given), kind)
    own = {one.key: one for one in every}
    about = (own[caller.NAME], own[caller.LINK])
    asked = [one for one in every if one.type not in NOT_TYPED and one.key not in caller.KEYS]
    danger = Question(
        key=DANGER,
        type=QuestionType.YES_NO,
        label=t("Is anybody in danger?"),
        required=False,
    )
    return Form(
        key="from_message",
        title=t("Make an incident of this"),
        questions=(*(_optional(one) for one in asked), danger, *about),
        submit=t("Open the incident"),
    )


def _optional(question: Question) -> Question:
    """As on the desk: what nobody knows yet is left empty."""
    needed = question.type is QuestionType.LONG_TEXT and question.required
    return question.model_copy(update={"required": needed or question.key == CATEGORY})


def said_first(look: Look) -> str:
    """The key of the question to which somebody's own words are an answer; "" without one."""
    form = intake_form(look.playbook, "")
    long = (one.key for one in form.questions if one.type is QuestionType.LONG_TEXT)
    return next(long, "")


def message_opened(answers: Answers) -> Command:
    """The incident, with where it was written and the words as those of who wrote them."""
    facts = [Fact(field=caller.MEANS, value="message")]
    facts += [
        Fact(field=key, value=value)
        for key, value in answers.items()
        if key not in (CATEGORY, DANGER) and _is_said(value)
    ]
    return ic.OpenIncident(
        report=None,
        category=_category(answers),
        facts=tuple(facts),
        danger=answers.get(DANGER) is True,
    )


def _is_said(value: Value) -> bool:
    return value is not None and value != ""
