"""Forms of the paths: a step of a complaint, who fulfils a request, an answer, another kind."""

from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from bot.core import moving_words as mw
from bot.core import path_words as pw
from bot.core.calendar import DAY, HOUR
from bot.core.commands import Command
from bot.core.fold import State
from bot.core.forms import Answers, Condition, Form, Question, QuestionType
from bot.core.ids import Millis
from bot.core.incident import Incident
from bot.core.incident_words import IncidentKind
from bot.core.texts import Phrase, Span, t
from bot.views import labels
from bot.views.form_kinds import Filled, FormKind
from bot.views.look import Look
from bot.views.questions import WORDS_MOST, choice, simple, words

STEP, FULFILMENT, ANSWER, HAND_ON, KIND = (
    "path_step",
    "fulfilment",
    "answer_enquiry",
    "hand_on",
    "kind",
)
SOON = (4 * HOUR, DAY, 3 * DAY, 7 * DAY)
OTHER = "other"
AT = time(17)
"""The end of the day that was named, where no time was."""


# --- by when -------------------------------------------------------------------------------------


def _by_when(label: Phrase) -> tuple[Question, ...]:
    soon = [(str(ms), t("in {span}", span=Span(ms=ms))) for ms in SOON]
    other = Condition(question="when", any_of=(OTHER,))
    day = Question(key="day", type=QuestionType.DATE, label=t("On which day?"), when=other)
    return (
        choice(
            "when",
            label,
            (
                *soon,
                (OTHER, t("Another day")),
            ),
        ),
        day,
    )


def _moment(filled: Filled) -> Millis:
    when = filled.words("when")
    if when != OTHER:
        return filled.at + int(when)
    day = datetime.fromisoformat(filled.words("day")).date()
    local = datetime.combine(day, AT, ZoneInfo(filled.zone))
    return round(local.astimezone(UTC).timestamp() * 1000)


# --- a complaint ---------------------------------------------------------------------------------


def _step(state: State | None, look: Look) -> Form:
    """The step that is next; what its words are for depends on it."""
    step = None
    if isinstance(state, Incident):
        own = look.edition(state.playbook).paths.of(state.incident_kind)
        left = (one for one in own.steps if state.path.done_step(one.key) is None)
        step = next(left, None)
    label = t("What do you write to the customer?")
    if step is not None and not step.says:
        label = t("What was done?")
    title: Phrase = t("Next step") if step is None else step.name
    hint = None if step is None else step.hint
    return Form(key=STEP, title=title, questions=(words("words", label, WORDS_MOST, hint=hint),))


def _report(filled: Filled) -> str | None:
    return str(filled.args.get("report") or "") or None


def _done(filled: Filled) -> Command:
    return pw.DoPathStep(
        incident=filled.incident,
        step=str(filled.args["step"]),
        words=filled.words("words"),
        report=_report(filled),
    )


# --- a request, an enquiry -----------------------------------------------------------------------


def _handing_on(state: State | None, look: Look) -> Form:
    teams = [(f"team:{key}", one.name) for key, one in look.playbook.teams.items()]
    who = Question(
        key="who",
        type=QuestionType.TEXT,
        label=t("Who is it?"),
        personal=True,
        when=Condition(question="to", any_of=(OTHER,)),
    )
    return Form(
        key=HAND_ON,
        title=t("Hand it on"),
        questions=(
            choice(
                "to",
                t("Who can answer it?"),
                (
                    *teams,
                    (OTHER, t("Somebody else")),
                ),
            ),
            who,
            words("reason", t("Why? The reason is kept.")),
            *_by_when(t("By when do they answer? The customer hears it.")),
        ),
    )


def _handed_on(filled: Filled) -> Command:
    to = filled.words("to")
    return pw.HandEnquiryOn(
        incident=filled.incident,
        to=filled.words("who") if to == OTHER else to,
        reason=filled.words("reason"),
        until=_moment(filled),
    )


# --- the kind ------------------------------------------------------------------------------------


def _kind_known(state: State | None) -> Answers:
    return {"kind": state.incident_kind} if isinstance(state, Incident) else {}


def _kind_set(filled: Filled) -> Command:
    kinds: tuple[IncidentKind, ...] = tuple(labels.KIND)
    chosen = next(one for one in kinds if one == filled.words("kind"))
    return mw.SetKind(incident=filled.incident, incident_kind=chosen)


FORMS = {
    STEP: FormKind(_step, _done, moved_by=(pw.PathStepDone,), brings=pw.DoPathStep),
    FULFILMENT: FormKind(
        simple(
            FULFILMENT,
            t("Who does it, and by when"),
            words("by_whom", t("Who does it?")),
            *_by_when(t("By when? The customer hears it.")),
        ),
        lambda one: pw.SetFulfilment(
            incident=one.incident, by_whom=one.words("by_whom"), promised=_moment(one)
        ),
        moved_by=(pw.FulfilmentSet,),
        brings=pw.SetFulfilment,
    ),
    ANSWER: FormKind(
        simple(
            ANSWER,
            t("Answer it"),
            words(
                "words",
                t("What is the answer?"),
                WORDS_MOST,
                hint=t("The customer gets it and is asked whether it answers the question."),
            ),
        ),
        lambda one: pw.AnswerEnquiry(
            incident=one.incident, words=one.words("words"), report=_report(one)
        ),
        brings=pw.AnswerEnquiry,
    ),
    HAND_ON: FormKind(_handing_on, _handed_on, brings=pw.HandEnquiryOn),
    KIND: FormKind(
        simple(KIND, t("Change the kind"), choice("kind", t("What is it?"), labels.KIND.items())),
        _kind_set,
        known=_kind_known,
        moved_by=(mw.KindChanged,),
        brings=mw.SetKind,
    ),
}
