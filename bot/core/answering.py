"""How an answer reaches a report: which question it is for, whether it does, what it means."""

from bot.core import report_words as w
from bot.core.answers import FormError, validate
from bot.core.commands import Refused
from bot.core.context import Context
from bot.core.events import Event
from bot.core.facts import as_json
from bot.core.forms import Answers, Question, QuestionType, Value, visible
from bot.core.personal import Personal
from bot.core.playbook_assess import assess
from bot.core.playbook_forms import CATEGORY, KIND, of_kind
from bot.core.report import Report
from bot.core.reporting import (
    chosen,
    form_of,
    in_distress,
    link,
    sounds_like_distress,
    wait,
)
from bot.core.rules import refuse
from bot.core.texts import t

SENT = refuse(
    "sent",
    t("Your report is already with us. To add or change something, write it to us here."),
)
NOT_ARRIVED = refuse("not_arrived", t("That file did not arrive. Please send it again."))


def asked(state: Report, known: Answers, field: str, ctx: Context) -> Question | None:
    """The question `field`, if it is one of those that are asked when so much is known."""
    shown = visible(form_of(state, known, ctx), known)
    return next((one for one in shown if one.key == field), None)


def checked(state: Report, question: Question, raw: object) -> Value | Refused:
    """The value of what was given, None for a skip, or why it does not do."""
    value = validate(question, raw)
    if isinstance(value, FormError):
        return refuse("invalid", value.text)
    files = value if isinstance(value, tuple) and question.type is QuestionType.FILE else ()
    return value if {one.file for one in state.files}.issuperset(files) else NOT_ARRIVED


def answered(state: Report, question: Question, value: Value) -> list[Event]:
    """What a checked answer changes; nothing when it says the same again."""
    if value is None:
        return left_out(state, question)
    stored = Personal(state.subject, as_json(value)) if question.personal else value
    old = state.answer(question.key)
    if old is not None and not old.reopened and not old.skipped and old.value == stored:
        return []
    return [w.QuestionAnswered(field=question.key, value=stored)]


def rechosen(known: Answers, field: str, value: Value, state: Report, ctx: Context) -> list[Event]:
    """What it is about is asked again when it belongs to another kind than is answered now.

    It then counts no more among what is `known` either.
    """
    own = ctx.edition(state.playbook).categories.get(chosen(known))
    if field != KIND or own is None or of_kind(own, str(value)):
        return []
    if isinstance(known, dict):
        known.pop(CATEGORY)
    return [w.QuestionReopened(field=CATEGORY)]


def says_what_it_is_about(state: Report, ctx: Context) -> bool:
    """A category was chosen, be it "something else", or there is none to choose for what kind of
    thing it is; a plain greeting opens no incident.
    """
    known = state.known()
    offered = any(one.key == CATEGORY for one in visible(form_of(state, known, ctx), known))
    return known.get(CATEGORY) is not None or (known.get(KIND) is not None and not offered)


def left_out(state: Report, question: Question) -> list[Event]:
    """The question was skipped on purpose."""
    old = state.answer(question.key)
    if old is not None and old.skipped and not old.reopened:
        return []
    return [w.QuestionSkipped(field=question.key)]


def means_danger(state: Report, known: Answers, ctx: Context) -> bool:
    """Whether answers say that somebody is in danger, of which nothing was known."""
    plan = ctx.edition(state.playbook)
    return not state.danger and assess(plan, chosen(known), known).danger


def endangered(state: Report, ctx: Context) -> list[Event]:
    """An incident opens in the same breath, whatever is known so far."""
    return [w.DangerReported(), *link(state, ctx), *wait(state, "reported")]


def newly_endangered(state: Report, ctx: Context) -> list[Event]:
    """... unless it is known; after the work ended it is a new danger, before that the same."""
    known = state.danger and state.stage in ("answering", "sent")
    return [] if known else endangered(state, ctx)


def heard(state: Report, events: list[Event], rest: list[Event], ctx: Context) -> list[Event]:
    """`events` and what comes of them; distress in them comes before `rest`, so that what is
    opened by it is seen by few from its first moment.
    """
    known = state.care.since is not None
    if not rest or known or not any(sounds_like_distress(one, ctx) for one in events):
        return [*events, *rest]
    left = [one for one in rest if not isinstance(one, w.ReportLinked | w.WaitBegan)]
    asking = state.asking and not any(isinstance(one, w.SummaryConfirmed) for one in rest)
    now = state.model_copy(update={"asking": asking})
    return [*events, *in_distress(now, ctx, "words"), *left]


def unanswered(state: Report, known: Answers, ctx: Context) -> Question | None:
    """The first question that must be answered before a report with these answers is sent."""
    shown = visible(form_of(state, known, ctx), known)
    return next((one for one in shown if one.required and known.get(one.key) is None), None)


def missing(question: Question) -> Refused:
    """Why a report cannot be sent without an answer to `question`."""
    return refuse(
        "incomplete",
        t("Before you send it, please answer this one: {question}", question=question.label),
    )
